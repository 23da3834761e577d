"""What was read laid over what there is: changed categories, items and parts, and a draft of a price book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.book import (
    Band,
    Competitor,
    Coupon,
    LabourPrice,
    Package,
    PackageLine,
    PartPrice,
    PriceBook,
    TimeRule,
)
from dispatcher_app.domain.catalogue import Category, Fault, Item, Part
from dispatcher_app.domain.command import SaveCategory, SaveItem, SavePart, SavePriceBook
from dispatcher_app.domain.difference import draft_of
from dispatcher_app.pricelist.read import BadRow, Row, Sheets, sheets
from dispatcher_app.pricelist.write import Contents

Named = TypeVar("Named", Category, Item, Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import would do: only what differs, and the draft; `bad` are the rows that it leaves out."""

    categories: tuple[Category, ...]
    items: tuple[Item, ...]
    parts: tuple[Part, ...]
    draft: PriceBook
    bad: tuple[BadRow, ...]

    def commands(self) -> list[Any]:
        """What saves it all, in an order in which everything named is there already."""
        return [
            *(SaveCategory(category=each) for each in self.categories),
            *(SaveItem(item=each) for each in self.items),
            *(SavePart(part=each) for each in self.parts),
            SavePriceBook(book=self.draft),
        ]


def take(path: Path, here: Contents, draft_id: str, name: str = "") -> Taken:
    """Read a workbook over what there is: rows are added and changed, none of the catalogue is taken away.

    A sheet of the book replaces what the book has of it, and the faults of an item replace those it has; where a row
    of them is bad, they stay as they are, so that nothing is lost by a slip. Raises TableError, OSError.
    """
    found = sheets(path)
    categories = _merged(found, "categories", {each.id: each for each in here.categories}, _category)
    items = _merged(found, "items", {each.id: each for each in here.items}, _item)
    items = _known_categories(found, items, categories)
    labour = _faults(found, items, here.book)
    parts = _merged(found, "parts", {each.id: each for each in here.parts}, _part)
    parts = {id: replace(each, items=_ids(each.items, items)) for id, each in parts.items()}
    for item in items.values():
        faults = tuple(replace(each, parts=_ids(each.parts, parts)) for each in item.faults)
        if faults != item.faults:
            items[item.id] = replace(item, faults=faults)
    book = _book(found, draft_of(here.book, draft_id, name), items, labour)
    return Taken(
        categories=_differing(categories, here.categories),
        items=_differing(items, here.items),
        parts=_differing(parts, here.parts),
        draft=book,
        bad=tuple(found.bad),
    )


def _merged(found: Sheets, code: str, there: dict[str, Named], make: Any) -> dict[str, Named]:
    """What there is with the rows of a sheet laid over it; an id that stands twice is refused the second time."""
    made, seen = dict(there), set()
    for row in found.rows.get(code, ()):
        id = row.fields["id"]
        if id in seen:
            found.refuse(row, "编号", Broken("row_twice"), id)
            continue
        seen.add(id)
        made[id] = make(made.get(id), row.fields)
    return made


def _category(former: Category | None, fields: Mapping[str, Any]) -> Category:
    made = former or Category(id=fields["id"], name="", name_en="")
    return _with(made, fields, "name", "name_en", "rank")


def _item(former: Item | None, fields: Mapping[str, Any]) -> Item:
    made = former or Item(id=fields["id"], category="", name="", name_en="", skill="")
    plain = (
        "name",
        "name_en",
        "category",
        "skill",
        "certificates",
        "brands",
        "materials_note",
        "tools",
        "warranty_days",
        "crew",
    )
    return _with(made, fields, *plain, "materials", "retired")


def _part(former: Part | None, fields: Mapping[str, Any]) -> Part:
    made = former or Part(id=fields["id"], name="")
    return _with(made, fields, "name", "name_en", "items", "brands", "unit", "warranty_days", "retired")


def _with(made: Named, fields: Mapping[str, Any], *names: str) -> Named:
    """The entity with what the row's columns hold; an empty cell is the field's usual value."""
    usual = type(made).__dataclass_fields__
    changes: dict[str, Any] = {}
    for name in names:
        if name in fields:
            value = fields[name]
            changes[name] = _usual(usual[name]) if value is None else value
    return replace(made, **changes)


def _usual(found: Any) -> Any:
    """What a field is where nothing is said."""
    return found.default if isinstance(found.default, str | int | tuple | type(None)) else ""


def _known_categories(
    found: Sheets, items: dict[str, Item], categories: Mapping[str, Category]
) -> dict[str, Item]:
    """The items whose category, named by id or name, is there."""
    by_name = {each.name: each.id for each in categories.values()}
    lines = {row.fields["id"]: row for row in found.rows.get("items", ())}
    kept = {}
    for id, item in items.items():
        category = item.category if item.category in categories else by_name.get(item.category)
        if category is None and id in lines:
            found.refuse(lines[id], "类别", Broken("row_unknown"), item.category)
        else:
            kept[id] = replace(item, category=category or item.category)
    return kept


def _faults(found: Sheets, items: dict[str, Item], book: PriceBook) -> dict[tuple[str, str], LabourPrice]:
    """The items' faults replaced item by item, and the labour that stands beside them."""
    labour = dict(book.labour_by_fault)
    rows: dict[str, list[Row]] = {}
    for row in found.rows.get("faults", ()):
        if (id := _id(row.fields["item"], items)) is None:
            found.refuse(row, "项目", Broken("row_unknown"), row.fields["item"])
        else:
            rows.setdefault(id, []).append(row)
    spoiled = {_id(each, items) for each in found.spoiled.get("faults", ())}
    for id, of_item in rows.items():
        if id in spoiled and items[id].faults:
            continue
        faults: dict[str, Fault] = {}
        former = dict(labour)
        labour = {key: price for key, price in labour.items() if key[0] != id}
        for row in of_item:
            fields = row.fields
            fault = items[id].fault(fields["id"]) or Fault(id=fields["id"], name="", name_en="", minutes=0)
            if fields["id"] in faults:
                found.refuse(row, "编号", Broken("row_twice"), fields["id"])
                continue
            plain = ("name", "name_en", "minutes", "words", "method", "method_en", "parts", "tools")
            faults[fault.id] = _with_fault(fault, fields, plain)
            if fields.get("price") is not None:
                old = former.get((id, fault.id))
                labour[id, fault.id] = LabourPrice(
                    item=id, fault=fault.id, price=fields["price"], cost=fields.get("cost"),
                    competitors=old.competitors if old else (),
                )  # fmt: skip
        items[id] = replace(items[id], faults=tuple(faults.values()))
    return labour


def _with_fault(fault: Fault, fields: Mapping[str, Any], names: Iterable[str]) -> Fault:
    usual = Fault.__dataclass_fields__
    changes = {
        name: _usual(usual[name]) if fields[name] is None else fields[name]
        for name in names
        if name in fields
    }
    return replace(fault, **changes)


def _book(
    found: Sheets, draft: PriceBook, items: Mapping[str, Item], labour: dict[tuple[str, str], LabourPrice]
) -> PriceBook:
    """The draft with every sheet of prices that the workbook has."""
    _competitors(found, items, labour)
    changes: dict[str, Any] = {"labour": tuple(labour.values())}
    if "parts" in found.rows:
        parts = dict(draft.part_by_id)
        for row in found.rows["parts"]:
            parts.pop(row.fields["id"], None)
            if row.fields.get("price") is not None:
                parts[row.fields["id"]] = PartPrice(
                    part=row.fields["id"], price=row.fields["price"], cost=row.fields.get("cost")
                )
        changes["parts"] = tuple(parts.values())
    whole = found.rows.keys() - found.spoiled.keys()
    if "bands" in whole:
        changes["bands"] = _bands(found)
    if "times" in whole:
        changes["times"] = tuple(TimeRule(**_said(row)) for row in found.rows["times"])
    if "packages" in whole:
        changes["packages"] = _packages(found, items)
    if "coupons" in whole:
        changes["coupons"] = tuple(
            Coupon(**{**_said(row), "items": _ids(row.fields.get("items") or (), items)})
            for row in found.rows["coupons"]
        )
    for row in found.rows.get("fees", ())[:1]:
        changes.update(_said(row))
    return replace(draft, **changes)


def _competitors(
    found: Sheets, items: Mapping[str, Item], labour: dict[tuple[str, str], LabourPrice]
) -> None:
    """What others ask, beside the labour that it is compared with."""
    if "competitors" not in found.rows or "competitors" in found.spoiled:
        return
    seen: dict[tuple[str, str], list[Competitor]] = {}
    for row in found.rows["competitors"]:
        fields = row.fields
        item = _id(fields["item"], items)
        if item is None or (item, fields["fault"]) not in labour:
            found.refuse(row, "故障", Broken("row_unknown"), f"{fields['item']}/{fields['fault']}")
            continue
        made = Competitor(source=fields["source"], price=fields["price"], seen_on=fields["seen_on"])
        seen.setdefault((item, fields["fault"]), []).append(made)
    for key, price in labour.items():
        labour[key] = replace(price, competitors=tuple(seen.get(key, ())))


def _bands(found: Sheets) -> tuple[Band, ...]:
    """The bands as they follow each other; one that does not begin where the one before ends is named."""
    made, begin = [], 0
    for row in found.rows["bands"]:
        fields = row.fields
        if fields.get("from_km") is not None and fields["from_km"] != begin:
            found.refuse(
                row, "起(公里)", Broken("band_gap", {"km": f"{begin / 1000:g}"}), fields["from_km"] / 1000
            )
        made.append(Band(up_to_m=fields.get("to_km"), fee=fields["fee"], per_km=fields.get("per_km") or 0))
        begin = fields.get("to_km") or begin
    return tuple(made)


def _packages(found: Sheets, items: Mapping[str, Item]) -> tuple[Package, ...]:
    made = []
    for row in found.rows["packages"]:
        lines = []
        for said, fault, quantity in row.fields["lines"]:
            id = _id(said, items)
            known = (
                next((each for each in items[id].faults if fault in (each.id, each.name)), None)
                if id
                else None
            )
            if id is None or known is None:
                found.refuse(row, "内容", Broken("row_unknown"), f"{said}/{fault}")
                break
            lines.append(PackageLine(item=id, fault=known.id, quantity=quantity))
        else:
            made.append(Package(**{**_said(row), "lines": tuple(lines)}))
    return tuple(made)


def _said(row: Row) -> dict[str, Any]:
    """The fields of a row that say anything."""
    return {name: value for name, value in row.fields.items() if value is not None}


def _id(said: str, there: Mapping[str, Any]) -> str | None:
    """The id that is meant by an id or a name."""
    if said in there:
        return said
    return next((each.id for each in there.values() if each.name == said), None)


def _ids(said: Iterable[str], there: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids for what is named by id or by name; what is neither stays, and is refused when it is saved."""
    return tuple(_id(each, there) or each for each in said)


def _differing(made: Mapping[str, Named], there: Iterable[Named]) -> tuple[Named, ...]:
    former = {each.id: each for each in there}
    return tuple(each for id, each in made.items() if each != former.get(id))
