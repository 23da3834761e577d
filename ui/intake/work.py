"""What an import does beside the window: reading, checking, packing and exporting, none of it in Qt's thread."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from dispatcher_app.intake import sentence
from dispatcher_app.intake.columns import ColumnMapping, guess
from dispatcher_app.intake.normal import BadRow
from dispatcher_app.intake.nyc311 import BUILT_IN
from dispatcher_app.intake.order import Plan, Readings, Setting, plan, read_rows
from dispatcher_app.intake.profile import Profile, choose, from_guess, load_all
from dispatcher_app.intake.row import Row
from dispatcher_app.intake.table import Table, read_table
from dispatcher_app.text import t

SHOWN: Final = 50
"""Rows of the preview."""


class Stopped(Exception):
    """The person does not want it any more."""


class Stop:
    """Ends work in another thread at its next word of progress; `rows` is how far it has come."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self.rows = 0

    def now(self) -> None:
        """Stop as soon as can be."""
        self._wanted.set()

    def progress(self, count: int) -> None:
        """Remember how far it is; raises Stopped."""
        if self._wanted.is_set():
            raise Stopped
        self.rows = count


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that can be read: its table, first rows, what its columns may mean, and the profiles there are."""

    path: Path
    table: Table
    first: tuple[Row, ...]
    mapping: ColumnMapping
    guessed: Profile
    chosen: Profile | None
    profiles: tuple[Profile, ...]


def open_file(path: Path, folder: Path, timezone: str) -> Opened:
    """Look into a file; raises TableError."""
    table = read_table(path)
    sample = table.sample()
    mapping = guess(table.columns, sample)
    profiles = (*load_all(folder), *BUILT_IN)
    guessed = from_guess("import", table.columns, mapping, tz=timezone)
    chosen = choose(profiles, table.columns)
    if chosen is not None:
        # However a known source's table is read, its orders are the same.
        guessed = replace(guessed, source=chosen.source or chosen.name)
    return Opened(path, table, sample[:SHOWN], mapping, guessed, chosen, profiles)


def read(table: Table, profile: Profile, stop: Stop) -> Readings:
    """Read every row; raises Stopped or TableError."""
    return read_rows(table.rows, profile, stop.progress)


def check(readings: Readings, setting: Setting, profile: Profile, there: set[str], stop: Stop) -> Plan:
    """Decide every order beforehand; raises Stopped."""
    return plan(readings, setting, profile, there, stop.progress)


def export(file: Path, table: Table, refused: Sequence[BadRow]) -> None:
    """Write refused rows as they are, each with its line and reasons, to be put right and imported again."""
    reasons = {row.line: " ".join(sentence.of_reason(each) for each in row.reasons) for row in refused}
    rows = (
        [str(row.line), reasons[row.line], *((row.cells.get(name) or "") for name in table.columns)]
        for row in table.rows
        if row.line in reasons
    )
    head = [t("Line"), t("Why refused"), *table.columns]
    write = _workbook if file.suffix.lower() == ".xlsx" else _delimited
    write(file, head, rows)


def _delimited(file: Path, head: list[str], rows: Iterable[list[str]]) -> None:
    # With a mark, for Excel takes a plain UTF-8 file for something else.
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows((head, *rows))


def _workbook(file: Path, head: list[str], rows: Iterable[list[str]]) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(t("Refused"))
    for row in (head, *rows):
        cells = [WriteOnlyCell(sheet, value=text) for text in row]
        for cell in cells:
            cell.data_type = "s"  # a text that begins with = is no formula
        sheet.append(cells)
    book.save(file)
