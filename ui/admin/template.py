"""Ready texts for messages: what they say, with their placeholders explained and filled for a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.clock import new_id
from dispatcher_app.domain import role
from dispatcher_app.domain.command import SaveTemplate
from dispatcher_app.domain.talk import PARTIES, PLACEHOLDERS, Template
from dispatcher_app.text import fill, t
from ui import name
from ui.admin import ask
from ui.admin.draft import Draft
from ui.admin.form import Form
from ui.admin.item import add_retire
from ui.admin.listing import Row
from ui.admin.page import Page

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def template_page(session: Session) -> Page:
    """Ready texts."""
    opened = role.holds(session.actor, role.ADMINISTERS)
    return Page(
        session, name=t("Message templates"), hint=t("Template: words, initials"), kinds=frozenset({Template.kind}),
        rows=lambda: template_rows(session), make=lambda id: template_form(session, id.partition(":")[2], opened),
        new={"template:": t("New template")} if opened else {},
        empty=(t("No template chosen"), t("Choose one in the list.")),
    )  # fmt: skip


def template_rows(session: Session) -> list[Row]:
    """Templates by name, those in use first."""
    return [
        Row(
            id=f"template:{each.id}", title=ask.spoken(each.name, each.name_en), grey=each.retired,
            note=t(", ").join(name.party(party) for party in each.to), words=f"{each.name} {each.name_en} {each.text}",
        )
        for each in sorted(session.all(Template), key=lambda each: (each.retired, each.name))
    ]  # fmt: skip


def template_form(session: Session, id: str, opened: bool) -> Form:
    """The form of a template."""
    read = session.get(Template, id) or Template(id=new_id(), name="", text="")
    samples = sample()
    told = t("; ").join(f"{{{code}}} = {word}" for code, (word, _said) in samples.items())
    asked = (
        ask.line("name", t("Name (Chinese)")),
        ask.beside(ask.line("name_en", t("Name (English)"))),
        ask.ticks("to", t("To##message"), {party: name.party(party) for party in PARTIES}),
        ask.lines("text", t("Text (Chinese)"), t("Filled in before it is sent: {told}", told=told)),
        ask.beside(ask.lines("text_en", t("Text (English)"))),
    )
    draft = Draft(read, asked, lambda: session.get(Template, read.id), new=not id)

    def preview(made: Template) -> str:
        filled = {code: said for code, (_word, said) in samples.items()}
        texts = [fill(text, filled) for text in (made.text, made.text_en) if text]
        return t("It reads: {text}", text="\n".join(texts)) if texts else ""

    form = Form(
        session, draft, asked, lambda made: SaveTemplate(template=made), open=opened, hints=preview,
        title=lambda now: t("New template") if draft.new else ask.spoken(now.name, now.name_en),
    )  # fmt: skip
    if id and opened:
        add_retire(form)
    return form


def sample() -> dict[str, tuple[str, str]]:
    """What each placeholder stands for, and an example of it."""
    found = {
        "number": (t("the order's number"), "1122-031"),
        "window": (t("the promised window"), t("Today") + " 14:00–16:00"),
        "technician": (t("the technician's name"), t("Master Li##sample")),
        "item": (t("what is repaired"), t("Air conditioner##sample")),
        "total": (t("the price"), "¥128.00"),
    }
    return {code: found[code] for code in PLACEHOLDERS}
