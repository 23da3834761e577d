"""The workbook read back: a draft and what changes in the catalogue, and every row that can't be taken over, by name.

Nothing that is published is touched, and nothing is calculated or run: a formula is a bad cell, macros are not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import openpyxl

from dispatcher_app.domain.act import Broken
from dispatcher_app.intake.row import TableError
from dispatcher_app.intake.workbook import DAMAGE, refuse_bomb
from dispatcher_app.pricelist.cell import Unreadable, read
from dispatcher_app.pricelist.layout import LAYOUTS, Column, Layout

ROW_LIMIT: Final = 20_000
SIZE_LIMIT_MB: Final = 30


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not taken over: the sheet and column as the workbook calls them, the row as Excel counts."""

    sheet: str
    row: int
    column: str
    rule: Broken
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by field; `sheet` and `line` say where it stands."""

    sheet: str
    line: int
    fields: Mapping[str, Any]


@dataclass(slots=True)
class Sheets:
    """What a workbook holds: rows by sheet code (a sheet that is not there is not in it), and what was wrong.

    `spoiled` has the sheets with rows that could not be read, and what they say in their column for the item.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    spoiled: dict[str, set[str]] = field(default_factory=dict)

    def refuse(self, row: Row, column: str, rule: Broken, value: object = "") -> None:
        """Remember that a row can't be taken over."""
        self.bad.append(BadRow(row.sheet, row.line, column, rule, str(value)[:80]))


def sheets(path: Path) -> Sheets:
    """All rows of a workbook that can be read; raises TableError for what is no workbook, OSError."""
    refuse_bomb(path)
    if path.stat().st_size > SIZE_LIMIT_MB << 20:
        raise TableError("workbook_too_large", size=path.stat().st_size >> 20, limit=SIZE_LIMIT_MB)
    found = Sheets()
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, data_only=False)
            for sheet in book.worksheets:
                layout = next((each for each in LAYOUTS if each.known_as(sheet.title)), None)
                if layout is None:
                    rule = Broken("sheet_unknown", {"value": sheet.title})
                    found.bad.append(BadRow(sheet.title, 0, "", rule))
                elif layout.code not in found.rows:
                    found.rows[layout.code] = list(_rows(sheet, layout, found))
        except DAMAGE as error:
            raise TableError("damaged_workbook", reason=f"{type(error).__name__}: {error}"[:120]) from error
    if not found.rows:
        raise TableError("empty_workbook")
    return found


def _rows(sheet: Any, layout: Layout, found: Sheets) -> Iterator[Row]:
    columns = _columns(sheet, layout, found)
    if columns is None:
        return
    merged = [(each.min_row, each.max_row, str(each)) for each in sheet.merged_cells.ranges]
    if sheet.max_row > ROW_LIMIT:
        rule = Broken("rows_too_many", {"limit": ROW_LIMIT})
        found.spoiled.setdefault(layout.code, set())
        found.bad.append(BadRow(sheet.title, ROW_LIMIT + 1, "", rule))
    for cells in sheet.iter_rows(min_row=2, max_row=min(sheet.max_row, ROW_LIMIT)):
        if all(cell.value is None for cell in cells):
            continue
        line = cells[0].row
        joined = next((name for first, last, name in merged if first <= line <= last), None)
        if joined is not None:
            rule = Broken("cell_merged", {"value": joined})
            found.bad.append(BadRow(sheet.title, line, "", rule, joined))
            row = None
        else:
            row = _row(sheet.title, line, cells, columns, found)
        if row is not None:
            yield row
        else:
            items = (cells[place].value for place, column in columns.items() if column.field == "item")
            found.spoiled.setdefault(layout.code, set()).update(str(each).strip() for each in items)


def _columns(sheet: Any, layout: Layout, found: Sheets) -> dict[int, Column] | None:
    """The columns by place, None where a needed one is missing."""
    columns: dict[int, Column] = {}
    for place, cell in enumerate(next(sheet.iter_rows(min_row=1, max_row=1), ())):
        title = str(cell.value or "")
        column = next((each for each in layout.columns if each.known_as(title)), None)
        if column is not None and column not in columns.values():
            columns[place] = column
        elif title.strip():
            rule = Broken("column_unknown", {"value": title[:40]})
            found.bad.append(BadRow(sheet.title, 1, title[:40], rule))
    missing = [each for each in layout.columns if each.needed and each not in columns.values()]
    for each in missing:
        found.bad.append(BadRow(sheet.title, 1, each.zh, Broken("column_missing", {"value": each.zh})))
    return None if missing else columns


def _row(
    title: str, line: int, cells: tuple[Any, ...], columns: Mapping[int, Column], found: Sheets
) -> Row | None:
    fields: dict[str, Any] = {}
    wrong = False
    for place, column in columns.items():
        cell = cells[place]
        try:
            if cell.data_type == "f":
                raise Unreadable("cell_formula")
            if cell.data_type == "e":
                raise Unreadable("cell_text")
            fields[column.field] = read(column, cell.value)
            if column.needed and fields[column.field] in (None, ()):
                raise Unreadable("cell_missing")
        except Unreadable as error:
            wrong = True
            rule = CELLS[error.code]
            found.bad.append(BadRow(title, line, column.zh, rule, str(cell.value or "")[:80]))
    return None if wrong else Row(title, line, fields)


CELLS: Final = {
    each.code: each
    for each in (
        Broken("cell_choice"),
        Broken("cell_date"),
        Broken("cell_formula"),
        Broken("cell_missing"),
        Broken("cell_money"),
        Broken("cell_number"),
        Broken("cell_package"),
        Broken("cell_text"),
        Broken("cell_time"),
    )
}
