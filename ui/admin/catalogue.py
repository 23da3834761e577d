"""What is repaired, and with which parts: the pages of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.clock import new_id
from dispatcher_app.domain import role
from dispatcher_app.domain.catalogue import Category, Item, Part
from dispatcher_app.domain.command import SaveCategory, SavePart
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui.admin import ask
from ui.admin.draft import Draft
from ui.admin.form import Form
from ui.admin.item import add_retire, item_form
from ui.admin.listing import Row
from ui.admin.page import Page

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def catalogue_page(session: Session) -> Page:
    """Categories with their items."""
    opened = role.holds(session.actor, role.ADMINISTERS)

    def make(id: str) -> Form:
        kind, _, bare = id.partition(":")
        return (
            category_form(session, bare, opened) if kind == "category" else item_form(session, bare, opened)
        )

    return Page(
        session, name=t("Items##admin"), hint=t("Item or fault: words, initials"), make=make,
        kinds=frozenset({Item.kind, Category.kind}), rows=lambda: item_rows(session),
        new={"item:": t("New item"), "category:": t("New category")} if opened else {},
        empty=(t("No item chosen"), t("Choose one in the list.")),
    )  # fmt: skip


def item_rows(session: Session) -> list[Row]:
    """The catalogue as a list: each category, then its items by name, those in use first."""
    rows = []
    items = sorted(session.all(Item), key=lambda each: (each.retired, each.name))
    for category in sorted(session.all(Category), key=lambda each: (each.rank, each.id)):
        inside = [each for each in items if each.category == category.id]
        rows.append(
            Row(
                id=f"category:{category.id}", title=ask.spoken(category.name, category.name_en), head=True,
                note=str(sum(not each.retired for each in inside)), words=category.name,
            )
        )  # fmt: skip
        rows += [
            Row(
                id=f"item:{each.id}", title=ask.spoken(each.name, each.name_en), grey=each.retired,
                note=t("Faults: {n}", n=len(each.faults)), words=_item_words(each),
            )
            for each in inside
        ]  # fmt: skip
    return rows


def _item_words(item: Item) -> str:
    faults = " ".join(f"{fault.name} {fault.name_en}" for fault in item.faults)
    return f"{item.name} {item.name_en} {faults}"


def category_form(session: Session, id: str, opened: bool) -> Form:
    """The form of a category."""
    rank = max((each.rank for each in session.all(Category)), default=-1) + 1
    read = session.get(Category, id) or Category(id=new_id(), name="", name_en="", rank=rank)
    asked = (ask.line("name", t("Name (Chinese)")), ask.beside(ask.line("name_en", t("Name (English)"))))
    draft = Draft(read, asked, lambda: session.get(Category, read.id), new=not id)
    return Form(
        session, draft, asked, lambda made: SaveCategory(category=made), open=opened,
        title=lambda now: t("New category") if draft.new else ask.spoken(now.name, now.name_en),
    )  # fmt: skip


def part_page(session: Session) -> Page:
    """Spare parts."""
    opened = role.holds(session.actor, role.ADMINISTERS)
    return Page(
        session, name=t("Parts##admin"), hint=t("Part: words, initials"), kinds=frozenset({Part.kind}),
        rows=lambda: part_rows(session), make=lambda id: part_form(session, id.partition(":")[2], opened),
        new={"part:": t("New part")} if opened else {},
        empty=(t("No part chosen"), t("Choose one in the list.")),
    )  # fmt: skip


def part_rows(session: Session) -> list[Row]:
    """Parts by name, those in use first."""
    return [
        Row(
            id=f"part:{each.id}", title=ask.spoken(each.name, each.name_en), grey=each.retired,
            note=t("Items: {n}", n=len(each.items)), words=f"{each.name} {each.name_en} {' '.join(each.brands)}",
        )
        for each in sorted(session.all(Part), key=lambda each: (each.retired, each.name))
    ]  # fmt: skip


def part_form(session: Session, id: str, opened: bool) -> Form:
    """The form of a part."""
    read = session.get(Part, id) or Part(id=new_id(), name="")
    policy = session.get(Policy, "policy") or Policy()
    items = {
        each.id: ask.spoken(each.name, each.name_en)
        for each in sorted(session.all(Item), key=lambda each: (each.category, each.name))
        if not each.retired or each.id in read.items
    }
    asked = (
        ask.line("name", t("Name (Chinese)")),
        ask.beside(ask.line("name_en", t("Name (English)"))),
        ask.line("unit", t("Unit##part"), 20),
        ask.beside(ask.several("brands", t("Brands (none: all)"))),
        ask.beside(
            ask.days(
                "warranty_days",
                t("Warranty on a new one"),
                t("as usual: {n} days", n=policy.warranty_parts_days),
            )
        ),
        ask.ticks("items", t("Items it fits (none ticked: all)"), items),
    )
    draft = Draft(read, asked, lambda: session.get(Part, read.id), new=not id)
    form = Form(
        session, draft, asked, lambda made: SavePart(part=made), open=opened,
        title=lambda now: t("New part") if draft.new else ask.spoken(now.name, now.name_en),
        hints=lambda _made: t("Its price stands in the price book."),
    )  # fmt: skip
    if id and opened:
        add_retire(form)
    return form
