"""The questions that desks ask, each answered from one moment of the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dispatcher_app import codec, rows
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.order import CLOSED, Order
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server.store.database import Cursor

PAGE = 2000
WORKING_SET_DAYS = 30
"""How long closed orders and past plans stay on the desks."""


def changes(cursor: Cursor, log: str, after: int, limit: int, oldest: int | None = None) -> dict[str, Any]:
    """One page of the entities of a log changed after a number, on a first start without what was over at `oldest`."""
    row = cursor.one("SELECT seq FROM log_head WHERE log = ?", (log,))
    head = int(row[0]) if row else 0
    found = "SELECT kind, id, version, seq, body, schema FROM entity WHERE region = ? AND "
    alive, since = ("", ()) if oldest is None else ("(closed_at IS NULL OR closed_at >= ?) AND", (oldest,))
    page = cursor.all(f"{found} {alive} seq > ? ORDER BY seq LIMIT ?", (log, *since, after, limit))
    more = len(page) == limit
    if more:
        last = page[-1][3]
        page = [row for row in page if row[3] != last]
        page += cursor.all(f"{found} {alive} seq = ?", (log, *since, last))
    return {
        "log": log,
        "head": head,
        "upto": page[-1][3] if more else head,
        "more": more,
        "changes": [
            {
                "kind": kind,
                "id": id,
                "version": version,
                "seq": seq,
                "body": codec.Raw(codec.present(kind, body, schema)),
            }
            for kind, id, version, seq, body, schema in page
        ],
    }


def bodies(cursor: Cursor, kind: str, ids: Sequence[str]) -> list[Entity]:
    """The entities of a kind with these ids, in no order."""
    made: list[Entity] = []
    for begin in range(0, len(ids), 500):
        part = ids[begin : begin + 500]
        places = ", ".join("?" * len(part))
        found = cursor.all(
            f"SELECT body, schema FROM entity WHERE kind = ? AND id IN ({places})", (kind, *part)
        )
        made += [codec.entity(kind, body, schema) for body, schema in found]
    return made


def portraits(cursor: Cursor) -> dict[str, str]:
    """Which technician has which portrait, by the portrait's name."""
    ids = [row[0] for row in cursor.all("SELECT id FROM entity WHERE kind = 'technician'")]
    people = bodies(cursor, "technician", ids)
    return {each.portrait: each.id for each in people if isinstance(each, Technician) and each.portrait}


def callers(cursor: Cursor, blind: str, regions: Iterable[str]) -> dict[str, list[Entity]]:
    """The customers with a number (by its blind index), their homes and their twenty newest orders."""
    regions = list(regions)
    found = cursor.all("SELECT id, region FROM secret WHERE blind = ? AND kind = 'customer'", (blind,))
    ids = [id for id, region in found if region in regions]
    places = ", ".join("?" * len(ids)) or "NULL"
    recent = cursor.all(
        f"SELECT id FROM order_row WHERE customer IN ({places}) ORDER BY created_at DESC LIMIT 20", ids
    )
    customers = bodies(cursor, "customer", ids)
    homes = [home for each in customers for home in each.addresses]  # type: ignore[attr-defined]
    return {
        "customers": customers,
        "addresses": bodies(cursor, "address", homes),
        "orders": bodies(cursor, "order", [row[0] for row in recent]),
    }


def search_orders(
    cursor: Cursor, text: str, regions: Iterable[str], before: int, limit: int
) -> list[rows.OrderRow]:
    """Orders whose number, phone tail, name, initials or compound hold the text, newest first."""
    regions = list(regions)
    pattern = "%" + text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    places = ", ".join("?" * len(regions)) or "NULL"
    found = cursor.all(
        f"SELECT {', '.join(rows.COLUMNS)} FROM order_row WHERE region IN ({places}) AND created_at < ? "
        "AND search LIKE ? ESCAPE '\\' ORDER BY created_at DESC LIMIT ?",
        (*regions, before, pattern, limit),
    )
    return [rows.OrderRow(*row) for row in found]


def orders_since(cursor: Cursor, regions: Iterable[str], since: int, limit: int) -> list[str]:
    """The ids of the newest orders created since a moment (UTC ms), without cancelled ones and return visits."""
    regions = list(regions)
    places = ", ".join("?" * len(regions)) or "NULL"
    found = cursor.all(
        f"SELECT id FROM order_row WHERE region IN ({places}) AND created_at >= ? AND status <> 'cancelled' "
        "AND return_of IS NULL ORDER BY created_at DESC LIMIT ?",
        (*regions, since, limit),
    )
    return [row[0] for row in found]


def history(cursor: Cursor, kind: str, id: str) -> list[dict[str, Any]]:
    """Everything that has changed an entity, oldest first."""
    found = cursor.all(
        "SELECT a.seq, a.at, a.actor, a.command, a.id, c.version, a.undoes FROM change c "
        "JOIN act a ON a.log = c.log AND a.seq = c.seq WHERE c.kind = ? AND c.id = ? ORDER BY a.seq",
        (kind, id),
    )
    names = ("seq", "at", "actor", "command", "act", "version", "undoes")
    return [dict(zip(names, row, strict=True)) for row in found]


def days_between(cursor: Cursor, region: str, first: int, last: int) -> list[Day]:
    """The plans of a region that end within a span (UTC ms, generous by a day)."""
    found = cursor.all(
        "SELECT body, schema FROM entity WHERE region = ? AND kind = 'day' AND closed_at BETWEEN ? AND ?",
        (region, first, last),
    )
    return [day for body, schema in found if isinstance(day := codec.entity("day", body, schema), Day)]


def open_orders_of(cursor: Cursor, customer: str) -> list[str]:
    """The ids of a customer's orders that are neither completed, cancelled nor handed back, oldest first."""
    marks = ", ".join("?" * len(CLOSED))
    found = cursor.all(
        f"SELECT id FROM order_row WHERE customer = ? AND status NOT IN ({marks}) ORDER BY created_at, id",
        (customer, *sorted(CLOSED)),
    )
    return [row[0] for row in found]


def technicians_of(cursor: Cursor, region: str, customer: str, order: str) -> list[str]:
    """Who was or is with a customer on other orders than this one."""
    found = cursor.all(
        "SELECT DISTINCT technician FROM order_row WHERE customer = ? AND region = ? AND id <> ? "
        "AND technician IS NOT NULL",
        (customer, region, order),
    )
    return [row[0] for row in found]


def positions(cursor: Cursor, regions: Iterable[str]) -> list[tuple[Any, ...]]:
    """The newest position of every technician of these regions."""
    regions = list(regions)
    places = ", ".join("?" * len(regions)) or "NULL"
    return cursor.all(
        f"SELECT technician, lon, lat, accuracy_m, at FROM position WHERE region IN ({places})", regions
    )


def alarmed(cursor: Cursor, now: int, limit: int = 500) -> list[Order]:
    """The orders about which the system has to do something by now, those that wait longest first."""
    found = cursor.all("SELECT id FROM order_row WHERE alarm <= ? ORDER BY alarm LIMIT ?", (now, limit))
    orders = bodies(cursor, "order", [row[0] for row in found])
    return [order for order in orders if isinstance(order, Order)]


def secret(cursor: Cursor, kind: str, id: str, field: str) -> tuple[str, bytes] | None:
    """Region and sealed value of a secret field, None where there is none."""
    row = cursor.one(
        "SELECT region, sealed FROM secret WHERE kind = ? AND id = ? AND field = ?", (kind, id, field)
    )
    return None if row is None else (row[0], bytes(row[1]))
