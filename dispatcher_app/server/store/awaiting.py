"""Orders that wait for somebody who goes: promised and nobody's, offered, or just taken."""

from __future__ import annotations

from dispatcher_app.domain.order import Order
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.query import bodies


def pending(cursor: Cursor, now: int, until: int, limit: int = 2000) -> list[Order]:
    """Orders that nobody goes to yet, with a sure promise that still runs and begins before `until`, the next first."""
    found = cursor.all(
        "SELECT id FROM order_row WHERE closed = 0 AND status = 'pending' AND service = 'home' AND provisional = 0 "
        "AND window_end > ? AND window_start <= ? ORDER BY window_start LIMIT ?",
        (now, until, limit),
    )
    orders = bodies(cursor, "order", [row[0] for row in found])
    return [order for order in orders if isinstance(order, Order)]


def plans_changed(cursor: Cursor, region: str, since: int) -> bool:
    """Whether a technician or a plan of a region has changed after a number of its log."""
    row = cursor.one(
        "SELECT 1 FROM entity WHERE region = ? AND seq > ? AND kind IN ('day', 'technician') LIMIT 1",
        (region, since),
    )
    return row is not None


def offered_now(cursor: Cursor, region: str) -> list[Order]:
    """The orders of a region that are offered to somebody or in the grab pool."""
    found = cursor.all(
        "SELECT id FROM order_row WHERE closed = 0 AND status = 'offered' AND region = ?", (region,)
    )
    orders = bodies(cursor, "order", [row[0] for row in found])
    return [order for order in orders if isinstance(order, Order)]


def moved_since(cursor: Cursor, region: str, since: int, limit: int = 500) -> list[Order]:
    """The open orders of a region whose status has changed since a moment (UTC ms), the newest first."""
    found = cursor.all(
        "SELECT id FROM order_row WHERE closed = 0 AND status IN ('pending', 'accepted') AND region = ? AND since >= ? "
        "ORDER BY since DESC LIMIT ?",
        (region, since, limit),
    )
    orders = bodies(cursor, "order", [row[0] for row in found])
    return [order for order in orders if isinstance(order, Order)]
