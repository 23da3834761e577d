"""What the log knows of a region's day: how things stood when it began, and everything that changed in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dispatcher_app import codec
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.server.store.complaint import kept_stays
from dispatcher_app.server.store.database import Cursor

COMMON = ("region", "category", "item", "policy", "staff", "holiday_year")
"""What board, queue and map read of the whole company."""
LATER_DAYS = 2
"""Plans of so many days after the one that is looked at are shown with it."""
PART = 400

Version = tuple[str, str, int, int, codec.Raw | None]
"""Kind, id, version, since when (UTC ms, 0: since before the day), and the body, None where it is not kept any more."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a log: the numbers of what lies before it and of its last act."""

    log: str
    before: int
    last: int


def span(cursor: Cursor, log: str, begin: int, end: int) -> Span:
    """The acts of a log that were decided from `begin` and before `end` (UTC ms)."""
    return Span(log, number_before(cursor, log, begin), number_before(cursor, log, end))


def number_before(cursor: Cursor, log: str, moment: int) -> int:
    """The number of the last act decided before a moment, 0 where there is none: numbers rise with the time."""
    row = cursor.one("SELECT seq FROM log_head WHERE log = ?", (log,))
    low, high = 0, int(row[0]) if row else 0
    while low < high:
        middle = (low + high + 1) // 2
        found = cursor.one(
            "SELECT seq, decided_at FROM act WHERE log = ? AND seq >= ? ORDER BY seq LIMIT 1", (log, middle)
        )
        if found is None or found[0] > high or found[1] >= moment:
            high = middle - 1
        else:
            low = int(found[0])
    return low


def orders_of(cursor: Cursor, region: str, begin: int, end: int) -> list[str]:
    """The orders of a region that there were before `end` and that were not over when the day began."""
    found = cursor.all(
        "SELECT e.id FROM entity e JOIN order_row r ON r.id = e.id WHERE e.region = ? AND e.kind = 'order' "
        "AND (e.closed_at IS NULL OR e.closed_at >= ?) AND r.created_at < ?",
        (region, begin, end),
    )
    return [row[0] for row in found]


def plans_of(cursor: Cursor, region: str, dates: Sequence[str]) -> list[str]:
    """The plans of a region for these local dates."""
    found = cursor.all("SELECT id FROM entity WHERE region = ? AND kind = 'day'", (region,))
    wanted = set(dates)
    return [row[0] for row in found if row[0].rpartition(":")[2] in wanted]


def ids_of(cursor: Cursor, kind: str, region: str) -> list[str]:
    """Everything of a kind in a region."""
    return [
        row[0] for row in cursor.all("SELECT id FROM entity WHERE region = ? AND kind = ?", (region, kind))
    ]


def standing(cursor: Cursor, log: str, kind: str, ids: Sequence[str], seq: int) -> list[Version]:
    """How these entities stood after an act; a body that is not kept any more is the present one if it is the same."""
    places = ", ".join("?" * len(ids))
    found = cursor.all(
        "SELECT c.id, c.version, c.body, c.schema, e.version, e.body, e.schema FROM "
        f"(SELECT id, max(seq) AS seq FROM change WHERE kind = ? AND id IN ({places}) AND seq <= ? GROUP BY id) n "
        "JOIN change c ON c.log = ? AND c.seq = n.seq AND c.kind = ? AND c.id = n.id "
        "JOIN entity e ON e.kind = c.kind AND e.id = c.id",
        (kind, *ids, seq, log, kind),
    )
    return [(kind, row[0], row[1], 0, told(kind, *row[1:])) for row in found]


def told(
    kind: str, version: int, body: str | None, schema: int, now: int, body_now: str, schema_now: int
) -> codec.Raw | None:
    """A body as a desk is told it, None where the log has let go of it and something else stands there now."""
    if body is not None:
        return codec.Raw(codec.present(kind, body, schema))
    return codec.Raw(codec.present(kind, body_now, schema_now)) if version == now else None


def as_now(cursor: Cursor, kind: str, ids: Sequence[str]) -> list[Version]:
    """People as they are now: the log never held them."""
    places = ", ".join("?" * len(ids))
    found = cursor.all(
        f"SELECT id, version, body, schema FROM entity WHERE kind = ? AND id IN ({places})", (kind, *ids)
    )
    return [
        (kind, id, version, 0, codec.Raw(codec.present(kind, body, schema)))
        for id, version, body, schema in found
    ]


def people_of(cursor: Cursor, orders: Sequence[str]) -> tuple[list[str], list[str]]:
    """The customers and the addresses of these orders."""
    places = ", ".join("?" * len(orders))
    found = cursor.all(f"SELECT customer, address FROM order_row WHERE id IN ({places})", tuple(orders))
    return sorted({row[0] for row in found}), sorted({row[1] for row in found})


def changed(cursor: Cursor, span: Span, after: int, kinds: Sequence[str]) -> tuple[list[Version], int]:
    """Some acts' changes of these kinds after a number, and the number of the last of these acts."""
    upto = min(span.last, after + PART)
    places = ", ".join("?" * len(kinds))
    found = cursor.all(
        "SELECT c.kind, c.id, a.decided_at, c.version, c.body, c.schema, e.version, e.body, e.schema FROM change c "
        "JOIN act a ON a.log = c.log AND a.seq = c.seq JOIN entity e ON e.kind = c.kind AND e.id = c.id "
        f"WHERE c.log = ? AND c.seq > ? AND c.seq <= ? AND c.kind IN ({places}) ORDER BY c.seq",
        (span.log, after, upto, *kinds),
    )
    return [(row[0], row[1], row[3], row[2], told(row[0], *row[3:])) for row in found], upto


def tracks(cursor: Cursor, technicians: Sequence[str], begin: int, end: int) -> list[tuple[Any, ...]]:
    """Where these technicians were seen between two moments: technician, when, longitude, latitude, metres."""
    places = ", ".join("?" * len(technicians))
    return cursor.all(
        "SELECT technician, at, lon, lat, accuracy_m FROM track "
        f"WHERE technician IN ({places}) AND at >= ? AND at < ? ORDER BY technician, at",
        (*technicians, begin, end),
    )


def parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Some of them at a time."""
    for begin in range(0, len(ids), PART):
        yield ids[begin : begin + PART]


def sweep(cursor: Cursor, before: int) -> None:
    """Forget where technicians were before a moment, but for visits that somebody complained about."""
    kept = kept_stays(cursor)
    people = cursor.all("SELECT DISTINCT technician FROM track WHERE at < ?", (before,))
    for (who,) in people:
        at = 0
        for begin, end in (*kept.get(who, ()), (before, before)):
            if at < (until := min(begin, before)):
                cursor.run(
                    "DELETE FROM track WHERE technician = ? AND at >= ? AND at < ?", (who, at, until)
                )
            at = max(at, end)


TRACK_BEFORE_MS = DAY_MS // 12
"""So long before the day begins somebody may have been seen for the last time and still be shown there."""
