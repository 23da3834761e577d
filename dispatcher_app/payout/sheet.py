"""A table written for others: as a workbook or as text, amounts as amounts, numbers of cards as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

Cell = str | int | Decimal | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 48


def amount(minor: int, digits: int = 2) -> Decimal:
    """An amount of minor units as people write it."""
    return Decimal(minor).scaleb(-digits)


def write(path: Path, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table as the file's name says: .xlsx, else .csv with a mark that spreadsheets know UTF-8 by."""
    if path.suffix.lower() == ".xlsx":
        path.write_bytes(workbook([(title, head, list(rows))]))
        return
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([harmless(each) for each in row])
    path.write_bytes(out.getvalue().encode("utf-8-sig"))


def harmless(cell: Cell) -> Cell:
    """Text that a spreadsheet does not take for something to calculate."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def workbook(sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]) -> bytes:
    """A workbook of these sheets: title, head, rows."""
    # What writes workbooks weighs 8 MB: only who wants one carries it.
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    made = Workbook()
    made.remove(made.worksheets[0])
    for title, head, rows in sheets:
        sheet = made.create_sheet(title[:31])
        for place, word in enumerate(head, start=1):
            sheet.cell(1, place, word).font = Font(bold=True)
        for line, row in enumerate(rows, start=2):
            for place, value in enumerate(row, start=1):
                cell = sheet.cell(line, place)
                cell.value = value
                if isinstance(value, str):
                    # Neither a name that begins with "=" nor the number of a card is ever calculated.
                    cell.data_type, cell.number_format = "s", "@"
                elif isinstance(value, Decimal):
                    cell.number_format = "0.00"
        for place, word in enumerate(head, start=1):
            longest = max([len(word) * 2, *(len(str(row[place - 1] or "")) for row in rows[:200])])
            sheet.column_dimensions[get_column_letter(place)].width = min(longest, WIDEST) + 2
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
