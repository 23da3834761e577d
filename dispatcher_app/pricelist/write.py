"""The workbook written: one sheet an idea, a header that stays, amounts as amounts."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Category, Item, Part
from dispatcher_app.pricelist.layout import LAYOUTS, Column, Language, word

WIDEST = 48
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a workbook holds: the catalogue, and one price book."""

    categories: tuple[Category, ...] = ()
    items: tuple[Item, ...] = ()
    parts: tuple[Part, ...] = ()
    book: PriceBook


def workbook(contents: Contents, language: Language = "zh_CN") -> bytes:
    """The workbook's bytes."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for layout in LAYOUTS:
        sheet = made.create_sheet(layout.title(language))
        widths = [len(column.title(language)) * 2 for column in layout.columns]
        for place, column in enumerate(layout.columns, start=1):
            sheet.cell(1, place, column.title(language)).font = Font(bold=True)
        for line, row in enumerate(rows(layout.code, contents, language), start=2):
            for place, column in enumerate(layout.columns, start=1):
                value = shown(column, row.get(column.field), language)
                cell = sheet.cell(line, place)
                cell.value = value
                if isinstance(value, str):
                    # A name that begins with "=" is a name: nothing here is ever calculated.
                    cell.data_type = "s"
                elif column.form == "money":
                    cell.number_format = "0.00"
                widths[place - 1] = max(widths[place - 1], min(len(str(value or "")) + 2, WIDEST))
        for place, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width + 2
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def shown(column: Column, value: Any, language: Language) -> Any:
    """A value as its cell holds it."""
    if value is None or value == "" or value == ():
        return None
    match column.form:
        case "money":
            return value / 100
        case "km":
            return value / 1000
        case "time":
            return f"{value // 60:02}:{value % 60:02}"
        case "flag":
            return word("retired", "yes", language) if value else None
        case "choice":
            return word(column.field, value, language)
        case "list":
            words = [word("days", each, language) for each in value] if column.field == "days" else value
            return "、".join(words)
    return value


def rows(code: str, contents: Contents, language: Language) -> Iterable[Row]:
    """The rows of a sheet, by field."""
    book = contents.book
    match code:
        case "faults":
            return _faults(contents)
        case "competitors":
            return (
                {"item": price.item, "fault": price.fault, **_fields(each)}
                for price in book.labour
                for each in price.competitors
            )
        case "parts":
            return _parts(contents)
        case "bands":
            return _bands(book)
        case "packages":
            return ({**_fields(each), "lines": packed(each.lines)} for each in book.packages)
        case "fees":
            return (_fields(book),)
        case "categories" | "items":
            return (_fields(each) for each in getattr(contents, code))
    return (_fields(each) for each in getattr(book, code))


def packed(lines: Iterable[Any]) -> str:
    """What a package contains, as one cell says it: `wall-ac/clean×2; tap/drip`."""
    return "; ".join(
        f"{each.item}/{each.fault}" + (f"×{each.quantity}" if each.quantity > 1 else "") for each in lines
    )


def _faults(contents: Contents) -> Iterator[Row]:
    prices = contents.book.labour_by_fault
    for item in contents.items:
        for fault in item.faults:
            price = prices.get((item.id, fault.id))
            yield {
                **_fields(fault),
                "item": item.id,
                "price": price.price if price else None,
                "cost": price.cost if price else None,
            }


def _parts(contents: Contents) -> Iterator[Row]:
    for part in contents.parts:
        price = contents.book.part_by_id.get(part.id)
        yield {
            **_fields(part),
            "price": price.price if price else None,
            "cost": price.cost if price else None,
        }


def _bands(book: PriceBook) -> Iterator[Row]:
    begin = 0
    for band in book.bands:
        yield {"from_km": begin, "to_km": band.up_to_m, "fee": band.fee, "per_km": band.per_km}
        begin = band.up_to_m or begin


def _fields(entity: Any) -> Row:
    return {name: getattr(entity, name) for name in type(entity).__dataclass_fields__}
