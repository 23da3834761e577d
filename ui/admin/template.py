"""Ready texts for messages: what they say, with their placeholders explained and filled for a look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatcher_app.clock import new_id
from dispatcher_app.domain import role
from dispatcher_app.domain.command import SaveTemplate
from dispatcher_app.domain.talk import PARTIES, PLACEHOLDERS, Template
from dispatcher_app.text import Language, catalog, fill, t
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
    told = t("; ").join(f"{{{code}}} = {word}" for code, word in meanings().items())
    asked = (
        ask.line("name", t("Name (Chinese)")),
        ask.beside(ask.line("name_en", t("Name (English)"))),
        ask.ticks("to", t("To##message"), {party: name.party(party) for party in PARTIES}),
        ask.lines("text", t("Text (Chinese)"), t("Filled in before it is sent: {told}", told=told)),
        ask.beside(ask.lines("text_en", t("Text (English)"))),
    )
    draft = Draft(read, asked, lambda: session.get(Template, read.id), new=not id)

    def preview(made: Template) -> str:
        spoken: tuple[tuple[str, Language], ...] = ((made.text, "zh_CN"), (made.text_en, "en"))
        texts = [fill(text, examples(language)) for text, language in spoken if text]
        return t("It reads: {text}", text="\n".join(texts)) if texts else ""

    form = Form(
        session, draft, asked, lambda made: SaveTemplate(template=made), open=opened, hints=preview,
        title=lambda now: t("New template") if draft.new else ask.spoken(now.name, now.name_en),
    )  # fmt: skip
    if id and opened:
        add_retire(form)
    return form


def meanings() -> dict[str, str]:
    """What each placeholder stands for."""
    found = {
        "number": t("the order's number"), "window": t("the promised window"), "technician": t("the technician's name"),
        "item": t("what is repaired"), "total": t("the price"),
    }  # fmt: skip
    return {code: found[code] for code in PLACEHOLDERS}


def examples(language: Language) -> dict[str, str]:
    """What each placeholder may be filled with, in the language of the text, whatever the window speaks."""
    words = catalog(language)
    today, who, item = (words.get(source, source.partition("##")[0]) for source in _EXAMPLES)
    return {
        "number": "1122-031",
        "window": f"{today} 14:00–16:00",
        "technician": who,
        "item": item,
        "total": "¥128.00",
    }


_EXAMPLES: Final = ("Today", "Master Li##sample", "Air conditioner##sample")
