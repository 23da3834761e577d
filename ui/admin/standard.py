"""Standards: what a repair is checked for, in versions; drafts are edited, a published version only copied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from dispatcher_app.clock import new_id
from dispatcher_app.domain import role
from dispatcher_app.domain.act import World
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import DiscardStandard, PublishStandard, SaveStandard
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.rule.standard import SERIES, homeless, nonsense
from dispatcher_app.domain.standard import Check, Standard
from dispatcher_app.text import t
from ui import format, name, notify
from ui.admin import ask, cell
from ui.admin.compare import Difference, Table, difference_model, differences
from ui.admin.discard import discard_button
from ui.admin.draft import Asked, Draft, Unreadable
from ui.admin.form import Form
from ui.admin.listing import Row
from ui.admin.moment import StartField
from ui.admin.page import Page
from ui.controls.sheet import Sheet
from ui.models.sheet import SheetModel
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def standard_page(session: Session) -> Page:
    """Standards with their versions."""
    opened = role.holds(session.actor, role.ADMINISTERS)

    def make(id: str) -> Form:
        form = standard_form(session, id.partition(":")[2], opened)
        form.wanted.connect(open_)
        return form

    def open_(of: str) -> None:
        if (made := copy(session, of)) is not None:
            page.refresh()
            page.open(made)

    page = Page(
        session, name=t("Standards"), hint=t("Standard: words, initials"), rows=lambda: standard_rows(session),
        kinds=frozenset({Standard.kind, Series.kind, Item.kind}), make=make,
        new={"standard:": t("New standard")} if opened else {}, create=lambda _kind: copy(session, None),
        empty=(t("No standard chosen"), t("Choose one in the list.")),
    )  # fmt: skip
    return page


def standard_rows(session: Session) -> list[Row]:
    """Every standard with its versions, drafts first."""
    now, timezone = session.now(), name.timezone(session)
    in_force = {series.at(now) for series in session.all(Series)}
    there = [each for each in session.all(Standard) if each.state != "discarded"]
    found = sorted(there, key=lambda each: (each.series, each.state, -(each.starts_at or 0)))
    rows = []
    for each in found:
        if each.state == "draft":
            note = t("draft##state")
        elif each.id in in_force:
            note = t("in force##state")
        elif (each.starts_at or 0) > now:
            note = t("from {date}", date=format.moment(each.starts_at or 0, now, timezone))
        else:
            note = t("over##state")
        title = ask.spoken(each.name, each.name_en)
        rows.append(
            Row(
                id=f"standard:{each.id}", title=title, note=note, words=f"{each.name} {each.name_en}",
                grey=False, head=each.id in in_force,
            )
        )  # fmt: skip
    return rows


def standard_form(session: Session, id: str, may: bool) -> Form:
    """The form of one version."""
    read = session.get(Standard, id)
    assert read is not None  # only what is listed is opened
    opened = may and read.state == "draft"
    items = {
        each.id: ask.spoken(each.name, each.name_en)
        for each in sorted(session.all(Item), key=lambda each: (each.category, each.name))
        if not each.retired or each.id in read.items
    }
    sheet = Sheet(check_model(), t("Checks##standard"), rows=14, ordered=True)
    changes = Sheet(difference_model(t("In force"), t("Here##version")), t("Changes"), rows=8)
    changes.model.set_open(False)
    asked: tuple[Asked, ...] = (
        ask.line("name", t("Name (Chinese)")),
        ask.beside(ask.line("name_en", t("Name (English)"))),
        ask.table("checks", t("Checks in their order"), sheet, "text"),
        ask.ticks("items", t("Holds for"), items),
    )
    draft = Draft(read, asked, lambda: session.get(Standard, id))

    def hints(made: Standard) -> str:
        changes.write(altered(session, made, sheet))
        if not opened:
            return ""
        wrong = [*nonsense(made), *homeless(cast(World, session), made, session.now())]
        return name.sentences(session, wrong)

    form = Form(
        session, draft, asked, lambda made: SaveStandard(standard=replace(made, state="draft")), open=opened, hints=hints,
        title=lambda now: _title(session, now),
        shut=t("A published version stays as it is; begin a draft from it.") if may else "",
    )  # fmt: skip
    form.add_below(t("Other than in the version in force"), changes)
    if opened:
        _add_publishing(session, form)
    elif may:
        copy_ = ask.spare(t("New draft from this"), lambda: form.wanted.emit(id), "standard_copy")
        form.buttons.insertWidget(0, copy_)
    return form


def check_model() -> SheetModel:
    """The checks of a standard."""
    stages = {
        "before": t("before##stage"), "during": t("during##stage"), "parts": t("parts##stage"), "after": t("after##stage")
    }  # fmt: skip
    lacks = {"refuse": t("finishing is refused##check"), "mark": t("the order is marked##check")}
    columns = (
        cell.text_column("text", t("What to check (Chinese)"), 240),
        cell.text_column("text_en", t("What to check (English)"), 200),
        cell.choice_column("stage", t("When##stage"), stages, 84),
        cell.yes_column("photo", t("Photo"), tip=t("A photo must be taken of it")),
        cell.yes_column("safety", t("Safety"), tip=t("A safety step may never be left out")),
        cell.choice_column("left_out", t("Left out"), lacks, 130),
    )
    return SheetModel(columns, lambda: Check(id=new_id(), text=""))


def altered(session: Session, made: Standard, sheet: Sheet) -> list[Difference]:
    """What is other than in the version in force; nothing for that version itself."""
    series = session.get(Series, made.series)
    edition = series.at(session.now()) if series is not None else None
    old = session.get(Standard, edition) if edition else None
    if old is None or old.id == made.id:
        return []
    found = [
        Difference(t("Name"), word, was or "–", now or "–")
        for word, was, now in (
            (t("Name (Chinese)"), old.name, made.name),
            (t("Name (English)"), old.name_en, made.name_en),
        )
        if was != now
    ]
    checks = Table(
        t("Checks##standard"), sheet.model.columns, lambda row: row.id, lambda row: name.check(row)
    )
    found += differences(checks, old.checks, made.checks)
    kept = [each.id for each in old.checks if each.id in {check.id for check in made.checks}]
    if kept != [each.id for each in made.checks if each.id in set(kept)]:
        found.append(Difference(t("Checks##standard"), t("Order of the checks"), "–", t("other")))
    for word, ids in (
        (t("Now too"), set(made.items) - set(old.items)),
        (t("No more"), set(old.items) - set(made.items)),
    ):
        if ids:
            said = t(", ").join(sorted(name.item(session, each) for each in ids))
            found.append(Difference(t("Holds for"), word, "–", said))
    return found


def copy(session: Session, of: str | None) -> str | None:
    """A draft like a version, or of a new standard; its row, None where it could not be saved."""
    former = session.get(Standard, of) if of else None
    short = new_id()
    made = former or Standard(id="", series=f"{SERIES}{short}", name=t("New standard"))
    draft = replace(made, id=new_id(), version=0, number=1, state="draft", starts_at=None, published_by="")
    saved = submit(session, SaveStandard(standard=draft), lambda said, _no: notify.warning(said))
    return f"standard:{draft.id}" if saved is not None else None


def _add_publishing(session: Session, form: Form) -> None:
    start = StartField(session)

    def publish() -> None:
        try:
            made = form.draft.made()
        except Unreadable:
            form.save()
            return
        wrong = [*nonsense(made), *homeless(cast(World, session), made, session.now())]
        if wrong:
            form.say(t("Nothing was published: {why}", why=name.sentences(session, wrong)))
            return
        if form.unsaved and not form.save():
            return
        now = session.get(Standard, made.id) or made
        command = PublishStandard(standard=now.id, from_version=now.version, starts_at=start.read())
        submit(session, command, lambda said, _no: form.say(said))

    def discarding() -> DiscardStandard:
        now = session.get(Standard, form.draft.read.id) or form.draft.read
        return DiscardStandard(standard=now.id, from_version=now.version)

    button = ask.spare(t("Publish"), publish, "standard_publish")
    discard = discard_button(session, "standard_discard", discarding, form.draft, form.say)
    row = form.buttons
    row.insertWidget(1, discard)
    row.insertWidget(row.count() - 1, start)
    row.insertWidget(row.count() - 1, button)

    def follow() -> None:
        now = session.get(Standard, form.draft.read.id)
        if now is not None and now.state == "published":
            start.hide()
            button.hide()
            discard.hide()
            form.shut()

    form.shown.connect(follow)


def _title(session: Session, now: Standard) -> str:
    called = ask.spoken(now.name, now.name_en)
    if now.state == "draft" or now.starts_at is None:
        return t("Draft: {name}", name=called)
    if now.starts_at <= 0:
        return t("Version {number}: {name}, from the beginning", number=now.number, name=called)
    since = format.moment(now.starts_at, session.now(), name.timezone(session))
    return t("Version {number}: {name}, from {since}", number=now.number, name=called, since=since)
