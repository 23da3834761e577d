"""The form of an item: what it takes to repair it, its faults, what is packed for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dispatcher_app.clock import new_id
from dispatcher_app.domain.catalogue import CREW_MOST, Category, Fault, Item, Packing, Part
from dispatcher_app.domain.command import SaveItem
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import name
from ui.admin import ask, cell
from ui.admin.draft import Asked, Draft
from ui.admin.form import Form
from ui.controls.sheet import Sheet
from ui.models.sheet import Column, SheetModel

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def item_form(session: Session, id: str, opened: bool) -> Form:
    """The form of an item, or of a new one where the id is empty."""
    read = session.get(Item, id) or _blank(session)
    policy = session.get(Policy, "policy") or Policy()
    categories = {each.id: ask.spoken(each.name, each.name_en) for each in _by_rank(session)}
    skills = {each.skill: name.skill(each.skill) for each in session.all(Item)}
    materials = {"extra": t("charged extra##materials"), "included": t("in the labour price##materials")}
    asked = (
        ask.line("name", t("Name (Chinese)")),
        ask.beside(ask.line("name_en", t("Name (English)"))),
        ask.one_of("category", t("Category"), categories),
        ask.beside(
            ask.code_word(
                "skill", t("Skill needed"), skills, t("Technicians without this skill are never proposed.")
            )
        ),
        ask.several("certificates", t("Certificates required by law")),
        ask.beside(ask.several("brands", t("Brands"))),
        ask.table("faults", t("Faults"), fault_sheet(session)),
        ask.one_of("materials", t("Small materials"), materials),
        ask.line("materials_note", t("What is included, what not (Chinese)"), 200),
        ask.beside(ask.line("materials_note_en", t("What is included, what not (English)"), 200)),
        ask.several("tools", t("Tools for every fault")),
        ask.table("packing", t("Packed besides, by brand and fault"), packing_sheet(session, read), "what"),
        ask.days("warranty_days", t("Warranty on labour"), _usual(policy)),
        ask.beside(ask.one_of("crew", t("Technicians a visit takes"), _crews())),
    )
    asked = (*asked[:11], _packing(asked[11]), *asked[12:])
    draft = Draft(read, asked, lambda: session.get(Item, read.id), new=not id)

    def hints(made: Item) -> str:
        said = []
        if made.standard is None:
            said.append(t("No standard holds for it; one is chosen under “Standards”."))
        if not made.faults:
            said.append(t("An item needs at least one fault with its minutes."))
        return " ".join(said)

    form = Form(
        session, draft, asked, lambda made: SaveItem(item=made), open=opened, hints=hints,
        title=lambda now: t("New item") if draft.new else ask.spoken(now.name, now.name_en),
    )  # fmt: skip
    if id and opened:
        add_retire(form)
    return form


def add_retire(form: Form) -> None:
    """A button at the foot that takes a thing out of use, or back into it."""
    button = ask.spare("", lambda: form.save(retired=not form.draft.read.retired), "admin_retire")

    def say() -> None:
        button.setText(t("Restore") if form.draft.read.retired else t("Retire##catalogue"))

    say()
    form.shown.connect(say)
    form.buttons.insertWidget(1, button)


def fault_sheet(session: Session) -> Sheet:
    """The faults of an item."""
    parts = {each.id: ask.spoken(each.name, each.name_en) for each in session.all(Part) if not each.retired}
    columns = (
        cell.text_column("name", t("Fault (Chinese)"), 140),
        cell.text_column("name_en", t("Fault (English)"), 140),
        cell.read_column("minutes", t("Minutes"), str, lambda text: cell.whole(text, 1, 24 * 60), right=True, width=74),
        cell.words_column("words", t("Words of callers"), 180, tip=t("What callers say for it; found while booking")),
        cell.text_column("method", t("Repaired by (Chinese)"), 200),
        cell.text_column("method_en", t("Repaired by (English)"), 180),
        cell.read_column(
            "parts", t("Likely parts"), lambda ids: cell.listed(tuple(parts.get(id, id) for id in ids)),
            lambda text: cell.choices(text, parts), choices=lambda: list(parts.values()), width=170,
        ),
        cell.words_column("tools", t("Tools"), 140),
    )  # fmt: skip
    model = SheetModel(columns, lambda: Fault(id=new_id(), name="", name_en="", minutes=60))
    return Sheet(model, t("Faults"), rows=10, ordered=True)


def packing_sheet(session: Session, item: Item) -> Sheet:
    """What is packed besides, for a brand or a fault."""
    parts = {each.id: ask.spoken(each.name, each.name_en) for each in session.all(Part) if not each.retired}
    faults = {each.id: ask.spoken(each.name, each.name_en) for each in item.faults}

    def write_fault(row: Packing, text: str) -> Packing:
        return replace(row, fault=cell.choice(text, faults) if text.strip() else None)

    columns = (
        cell.text_column("brand", t("Brand (empty: all)"), 120),
        Column(
            code="fault", title=t("Fault (empty: all)"), width=150, choices=lambda: list(faults.values()),
            show=lambda row: faults.get(row.fault or "", row.fault or ""), write=write_fault,
        ),
        cell.words_column("tools", t("Tools"), 200),
        cell.read_column(
            "parts", t("Parts##admin"), lambda ids: cell.listed(tuple(parts.get(id, id) for id in ids)),
            lambda text: cell.choices(text, parts), choices=lambda: list(parts.values()), width=200,
        ),
    )  # fmt: skip
    return Sheet(SheetModel(columns, Packing), t("Packed besides"), rows=6)


def _packing(asked: Asked) -> Asked:
    """Rows that pack nothing are none; they have no name that could be missing."""
    sheet: Any = asked.widget
    return replace(asked, read=lambda: tuple(row for row in sheet.read() if row.tools or row.parts))


def _by_rank(session: Session) -> list[Category]:
    return sorted(session.all(Category), key=lambda each: (each.rank, each.id))


def _blank(session: Session) -> Item:
    first = next(iter(_by_rank(session)), None)
    return Item(id=new_id(), category=first.id if first else "", name="", name_en="", skill="")


def _crews() -> dict[int, str]:
    return {n: str(n) for n in range(1, CREW_MOST + 1)}


def _usual(policy: Policy) -> str:
    return t("as usual: {n} days", n=policy.warranty_labour_days)
