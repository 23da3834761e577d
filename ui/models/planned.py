"""Where the plan has an order: with whom and when, dispatched or only planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.order import Order

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def planned(session: Session, order: Order) -> tuple[Day, Stop] | None:
    """The plan and its stop for an order, None where it has no place."""
    if order.technician is not None and order.planned_on is not None:
        id = day_id(order.technician, order.planned_on)
    else:
        id = order.tentative
    day = session.get(Day, id) if id else None
    stop = day.stop_of(order.id) if day is not None else None
    return (day, stop) if day is not None and stop is not None else None


def tentative(session: Session, order: Order) -> tuple[Day, Stop] | None:
    """The place that the planner has found and of which nobody has been told, None where there is none."""
    found = planned(session, order) if order.technician is None else None
    return found if found is not None and found[1].state == "tentative" else None
