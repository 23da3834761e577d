"""What a region's plan is made of: read once, then only what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dispatcher_app import codec
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import PLATFORM, Entity
from dispatcher_app.server.store import query
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.record import heads


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that is promised and has no technician, as its narrow row tells."""

    id: str
    start: int
    end: int


def head(cursor: Cursor, region: str) -> int:
    """The number of the newest act of a region's log."""
    return heads(cursor, [region]).get(region, 0)


def since(
    cursor: Cursor, region: str, seq: int, closed_after: int = 0, *, orders: bool = True
) -> tuple[int, list[Entity]]:
    """The head of a region's log, and its technicians, plans and orders that have changed since a number of it.

    Plans of dates that were over before `closed_after` (UTC ms), and at first (0) closed orders, are left out.
    """
    newest = head(cursor, region)
    if newest <= seq:
        return newest, []
    wanted = (" OR kind = 'order'" + (" AND closed_at IS NULL" if seq == 0 else "")) if orders else ""
    found = cursor.all(
        "SELECT kind, body, schema FROM entity WHERE region = ? AND seq > ? AND (kind = 'technician' "
        f"OR kind = 'day' AND closed_at > ?{wanted})",
        (region, seq, closed_after),
    )
    return newest, entities(found)


def platform_since(cursor: Cursor, region: str, seq: int) -> tuple[int, list[Entity]]:
    """The head of the platform's log, and what planning a region reads of it that has changed since a number."""
    newest = head(cursor, PLATFORM)
    if newest <= seq:
        return newest, []
    found = cursor.all(
        "SELECT kind, body, schema FROM entity WHERE region = ? AND seq > ? "
        "AND (kind IN ('item', 'policy') OR kind = 'region' AND id = ?)",
        (PLATFORM, seq, region),
    )
    return newest, entities(found)


def entities(found: Iterable[tuple[Any, ...]]) -> list[Entity]:
    """Rows of kind, body and schema as entities."""
    return [codec.entity(kind, body, schema) for kind, body, schema in found]


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


def blocked(cursor: Cursor, customers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Whom these customers don't want to see again."""
    return {
        each.id: each.blocked_technicians
        for each in query.bodies(cursor, Customer.kind, sorted(set(customers)))
        if isinstance(each, Customer)
    }
