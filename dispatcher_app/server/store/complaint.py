"""Complaints of late, and where technicians were when somebody complained about them."""

from __future__ import annotations

from collections import defaultdict

from dispatcher_app import codec
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.evidence import Stay, stays
from dispatcher_app.domain.order import Order
from dispatcher_app.server.store import query
from dispatcher_app.server.store.database import Cursor


def complaints_since(cursor: Cursor, region: str, since: int) -> list[Complaint]:
    """The complaints of a region that are open, or were closed since a moment (UTC ms)."""
    found = cursor.all(
        "SELECT body, schema FROM entity WHERE region = ? AND kind = 'complaint' "
        "AND (closed_at IS NULL OR closed_at >= ?)",
        (region, since),
    )
    made = (codec.entity("complaint", body, schema) for body, schema in found)
    return [each for each in made if isinstance(each, Complaint)]


def kept_stays(cursor: Cursor) -> dict[str, list[tuple[int, int]]]:
    """When whose way is kept, by technician in the order of time: the visits that somebody complained about."""
    found = cursor.all("SELECT body, schema FROM entity WHERE kind = 'complaint'")
    made = (codec.entity("complaint", body, schema) for body, schema in found)
    orders = sorted({each.order for each in made if isinstance(each, Complaint)})
    kept: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for order in query.bodies(cursor, "order", orders):
        whole: tuple[Stay, ...] = stays(order) if isinstance(order, Order) else ()
        for who, begin, end in whole:
            kept[who].append((begin, end))
    return {who: sorted(spans) for who, spans in kept.items()}
