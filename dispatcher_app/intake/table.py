"""Any table of a customer's old system, read line by line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from dispatcher_app.intake import delimited, document
from dispatcher_app.intake.row import Row, Rows, TableError

Kind = Literal["csv", "tsv", "xlsx", "json"]

_KINDS: Final[dict[str, Kind]] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".geojson": "json",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A foreign table: its columns in their order, and its rows, streamed from the file each time."""

    columns: tuple[str, ...]
    rows: Rows
    kind: Kind
    encoding: str

    def sample(self, count: int = 500) -> tuple[Row, ...]:
        """The first rows, enough to guess what the columns mean."""
        return tuple(islice(self.rows, count))


def read_table(path: Path) -> Table:
    """Open a .csv, .tsv, .xlsx or .json table; rows are read when gone through, so the file must stay.

    Raises TableError, here or while going through the rows, when the table as a whole is of no use. A single
    line that does not fit the header is a row with a `fault` instead.
    """
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise TableError("unknown_kind", suffix=path.suffix or path.name)
    try:
        if path.stat().st_size == 0:
            raise TableError("empty_file")
        columns, open_rows, encoding = _READERS[kind](path)
    except OSError as error:
        raise _unreadable(error) from error
    rows = Rows(lambda: _guarded(open_rows))
    if next(iter(rows), None) is None:
        raise TableError("no_rows")
    return Table(columns, rows, kind, encoding)


def _workbook(path: Path) -> tuple[tuple[str, ...], Callable[[], Iterator[Row]], str]:
    # Only now: openpyxl is 8 MB that a desk which reads no workbook need not carry.
    from dispatcher_app.intake import workbook

    return workbook.read(path)


_READERS: Final[dict[Kind, Callable[[Path], tuple[tuple[str, ...], Callable[[], Iterator[Row]], str]]]] = {
    "csv": delimited.read,
    "tsv": delimited.read,
    "xlsx": _workbook,
    "json": document.read,
}


def _guarded(open_rows: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """The rows, with a file that vanishes between two readings told as a TableError."""
    try:
        yield from open_rows()
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> TableError:
    return TableError("unreadable", reason=error.strerror or type(error).__name__)
