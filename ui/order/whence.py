"""Whence a technician would come to an order: from the visit before, from where he stands, or from home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.gap import FRESH_MS
from dispatcher_app.planning.spots import sound
from dispatcher_app.text import t
from ui import name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def whence(session: Session, technician: str, after_order: str | None) -> tuple[Point, str] | None:
    """The place and its name; None where nobody knows it."""
    before = session.get(Order, after_order) if after_order else None
    if before is not None and sound(before.point):
        return before.point, t("from {order}##whence", order=name.short_order(session, before.id))
    seen = session.positions.get(technician)
    if seen is not None and session.now() - seen.at <= FRESH_MS:
        return Point(seen.lon, seen.lat), t("from where he is now##whence")
    known = session.get(Technician, technician)
    if known is not None and sound(known.home):
        return known.home, t("from home##whence")
    return None
