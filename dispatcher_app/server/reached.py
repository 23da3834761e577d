"""Whom the rings of the grab pool reach: online, fit and free in their plan, by how far they are now."""

from __future__ import annotations

from dispatcher_app import clock
from dispatcher_app.domain.order import Order, Told
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.pool import by_ring, refusers
from dispatcher_app.planning.gap import FRESH_MS
from dispatcher_app.server import ask
from dispatcher_app.server.position import technicians
from dispatcher_app.server.store.database import Cursor


def reached(cursor: Cursor, order: Order) -> tuple[Told, ...]:
    """All whom the rings reach, each with his ring, nearest first."""
    now, rings = clock.now_ms(), ask.policy(cursor).grab_rings_m
    online = {each.id: each for each in technicians(cursor, order.region) if each.status == "online"}
    seen, passed = ask.positions(cursor, order.region), refusers(order)
    ranking = ask.ranking(cursor, order.id, [order.region])
    found = [
        Told(
            technician=each.technician,
            distance_m=away(online[each.technician].home, seen.get(each.technician), order.point, now),
            start=each.start,
        )
        for each in ranking.eligible
        if each.technician in online and each.technician not in passed
    ]
    return by_ring(found, rings)


def away(home: Point, seen: tuple[Point, int] | None, place: Point, now: int) -> int:
    """How far (metres) somebody is from a place: from where he was last seen, from home where that is long ago."""
    from_ = seen[0] if seen is not None and now - seen[1] <= FRESH_MS else home
    return round(distance_m(from_, place))
