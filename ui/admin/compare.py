"""What is other in a draft than in the version in force: row by row, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from dispatcher_app.text import t
from ui.models.sheet import Column, SheetModel


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell: in which table, of what, what it said and says now; an empty side means that the row is not there."""

    where: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Table:
    """How the rows of one table are told apart and named."""

    title: str
    columns: Sequence[Column]
    key: Callable[[Any], Any]
    name: Callable[[Any], str]


def differences(table: Table, old: Sequence[Any], new: Sequence[Any]) -> list[Difference]:
    """Rows added, taken away and changed; in the order of the new table."""
    before, after = {table.key(row): row for row in old}, {table.key(row): row for row in new}
    found = []
    for key, row in after.items():
        former = before.get(key)
        if former is None:
            found.append(Difference(table.title, table.name(row), "", whole(table.columns, row)))
            continue
        for column in table.columns:
            said, says = column.show(former), column.show(row)
            if said != says:
                what = f"{table.name(row)} · {column.title}" if table.name(row) else column.title
                found.append(Difference(table.title, what, said or "–", says or "–"))
    found += [
        Difference(table.title, table.name(row), whole(table.columns, row), "")
        for key, row in before.items()
        if key not in after
    ]
    return found


def difference_model(before: str, after: str) -> SheetModel:
    """The table in which differences are read."""
    return SheetModel(
        (
            Column(code="where", title=t("Table"), show=lambda row: row.where, width=110),
            Column(code="what", title=t("What"), show=lambda row: row.what, width=300),
            Column(code="before", title=before, show=lambda row: row.before or t("not there"), width=200),
            Column(code="after", title=after, show=lambda row: row.after or t("taken away"), width=200),
        )
    )


def flaw_model() -> SheetModel:
    """The table in which is read what is wrong: table, row, why."""
    return _read_only([(t("Table"), 120), (t("Row"), 60), (t("What is wrong"), 500)])


def bad_row_model() -> SheetModel:
    """The table in which is read what an import left out: table, row, column, why, what stands there."""
    titles = [
        (t("Table"), 110),
        (t("Row"), 60),
        (t("Column"), 120),
        (t("What is wrong"), 380),
        (t("It says"), 160),
    ]
    return _read_only(titles)


def _read_only(titles: Sequence[tuple[str, int]]) -> SheetModel:
    """Rows of words."""
    columns = [
        Column(code=str(at), title=title, show=partial(_word, at), width=width)
        for at, (title, width) in enumerate(titles)
    ]
    return SheetModel(columns)


def _word(at: int, row: Sequence[str]) -> str:
    return row[at]


def whole(columns: Sequence[Column], row: Any) -> str:
    """All that a row says, for one that is new or gone."""
    return t(", ").join(
        f"{column.title} {said}" for column in columns if column.write and (said := column.show(row))
    )
