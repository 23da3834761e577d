"""What an import has to know of the database: which orders are here already, whose number is whose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from dispatcher_app.server.store.database import Cursor

T = TypeVar("T")

_PART = 500


def orders_here(cursor: Cursor, ids: Sequence[str]) -> set[str]:
    """Those of the ids that are orders already."""
    return {
        row[0]
        for part in _parts(ids)
        for row in cursor.all(f"SELECT id FROM entity WHERE kind = 'order' AND id IN ({_marks(part)})", part)
    }


def customers_with(cursor: Cursor, region: str, blinds: Sequence[str]) -> dict[str, str]:
    """Blind index of a number → the customer of that region who has it, the same one each time."""
    found: dict[str, str] = {}
    for part in _parts(blinds):
        rows = cursor.all(
            "SELECT blind, id FROM secret WHERE kind = 'customer' AND field = 'phone' AND region = ? "
            f"AND blind IN ({_marks(part)}) ORDER BY id",
            (region, *part),
        )
        for blind, id in rows:
            found.setdefault(blind, id)
    return found


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for begin in range(0, len(values), _PART):
        yield values[begin : begin + _PART]


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
