"""One line of a foreign table, and why a whole table cannot be read."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from dispatcher_app.intake.sentence import SENTENCES

MAX_COLUMNS: Final = 2_000


class TableError(Exception):
    """A table as a whole cannot be read; `code` and `params` fill a sentence of `sentence.SENTENCES`."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(SENTENCES[code].format(**params))
        self.code = code
        self.params: Mapping[str, str | int] = params


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line by column name; an empty cell is None.

    `line` counts from 1 in the source file, `fault` is the code of what is wrong with the line itself,
    `detail` the offending thing.
    """

    line: int
    cells: Mapping[str, str | None]
    fault: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table, read from the file anew each time they are gone through."""

    open: Callable[[], Iterator[Row]]

    def __iter__(self) -> Iterator[Row]:
        return self.open()


def cell_text(value: object) -> str | None:
    """A cell as plain text: whole numbers without a point, dates in ISO form, nothing for an empty cell."""
    if isinstance(value, str):  # nearly all cells
        return value if value and not value.isspace() else None
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            # Beyond fifteen digits a float is no longer exact, and shown as the float it is.
            whole = math.isfinite(value) and abs(value) < 1e15 and value == int(value)
            return str(int(value)) if whole else repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def header(cells: list[str | None]) -> tuple[str, ...]:
    """Column names of a header line; a nameless column becomes `#` and its position.

    Raises TableError `no_header`, `duplicate_header` or `too_many_columns`.
    """
    while cells and cells[-1] is None:
        cells = cells[:-1]
    named = [name.strip() for name in cells if name is not None]
    if not named or all(_is_value(name) for name in named):
        raise TableError("no_header", value=", ".join(named)[:40])
    if len(cells) > MAX_COLUMNS:
        raise TableError("too_many_columns", count=len(cells), limit=MAX_COLUMNS)
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = f"#{position}" if cell is None else cell.strip()
        if name in names:
            raise TableError("duplicate_header", name=name[:40], first=names.index(name) + 1, second=position)
        names.append(name)
    return tuple(names)


def shaped(line: int, columns: tuple[str, ...], values: list[str | None]) -> Row | None:
    """A line as a row of `columns`; None for a blank line, fault `ragged_row` where the widths differ."""
    while len(values) > len(columns) and values[-1] is None:
        values = values[:-1]
    if not any(values):
        return None
    if len(values) == len(columns):
        return Row(line, dict(zip(columns, values, strict=True)))
    cells = dict.fromkeys(columns, None) | dict(zip(columns, values, strict=False))
    return Row(line, cells, "ragged_row", f"{len(values)} / {len(columns)}")


def _is_value(name: str) -> bool:
    """Whether a header cell looks like data: it has no letter of any script."""
    return not any(char.isalpha() for char in name)
