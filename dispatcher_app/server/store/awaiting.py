"""Orders that wait for somebody who goes: promised and nobody's, offered, or just taken."""

from __future__ import annotations

from collections.abc import Sequence

from dispatcher_app.domain.order import Order
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.query import bodies


def pending(cursor: Cursor, now: int, until: int, limit: int = 2000) -> dict[str, int]:
    """Orders that nobody goes to yet, with a sure promise that still runs and begins before `until`, the next first.

    Their versions by id: whoever asks every second knows most of them.
    """
    found = cursor.all(
        "SELECT r.id, e.version FROM order_row r JOIN entity e ON e.kind = 'order' AND e.id = r.id "
        "WHERE r.closed = 0 AND r.status = 'pending' AND r.service = 'home' AND r.provisional = 0 "
        "AND r.window_end > ? AND r.window_start <= ? ORDER BY r.window_start LIMIT ?",
        (now, until, limit),
    )
    return dict(found)


def orders(cursor: Cursor, ids: Sequence[str]) -> list[Order]:
    """These orders, in no order."""
    return [order for order in bodies(cursor, "order", ids) if isinstance(order, Order)]


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
    return orders(cursor, [row[0] for row in found])


def moved_since(cursor: Cursor, region: str, since: int, limit: int = 500) -> list[Order]:
    """The open orders of a region whose status has changed since a moment (UTC ms), the newest first."""
    found = cursor.all(
        "SELECT id FROM order_row WHERE closed = 0 AND status IN ('pending', 'accepted') AND region = ? AND since >= ? "
        "ORDER BY since DESC LIMIT ?",
        (region, since, limit),
    )
    return orders(cursor, [row[0] for row in found])
