"""What a region's plan is made of: read once, then only what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dispatcher_app import codec
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server.store import query, record
from dispatcher_app.server.store.database import Cursor


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that is promised and has no technician, as its narrow row tells."""

    id: str
    start: int
    end: int


def head(cursor: Cursor, region: str) -> int:
    """The number of the newest act of a region's log."""
    return record.heads(cursor, [region]).get(region, 0)


def changed_since(cursor: Cursor, region: str, seq: int) -> tuple[list[Technician], list[Day]]:
    """The technicians and plans that acts after that number have changed, as they are now."""
    found = cursor.all(
        "SELECT kind, body, schema FROM entity WHERE region = ? AND seq > ? AND kind IN ('technician', 'day')",
        (region, seq),
    )
    entities = [codec.entity(kind, body, schema) for kind, body, schema in found]
    technicians = [each for each in entities if isinstance(each, Technician)]
    return technicians, [each for each in entities if isinstance(each, Day)]


def days_of(cursor: Cursor, region: str, dates: Iterable[str], first: int, last: int) -> list[Day]:
    """The plans of these dates, which begin and end between two moments (UTC ms)."""
    wanted = frozenset(dates)
    return [
        each
        for each in query.days_between(cursor, region, first - DAY_MS, last + 2 * DAY_MS)
        if each.date in wanted
    ]


def waiting(cursor: Cursor, region: str, now: int) -> list[Waiting]:
    """The promises that run or are to come and that nobody was assigned to."""
    found = cursor.all(
        "SELECT id, window_start, window_end FROM order_row WHERE region = ? AND closed = 0 "
        "AND status IN ('pending', 'offered') AND window_end > ?",
        (region, now),
    )
    return [Waiting(*row) for row in found]
