"""What of a visit bears witness in a complaint: who was on his way or there, from when to when."""

from __future__ import annotations

from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS
from dispatcher_app.domain.order import Order

AROUND_MS = 10 * MINUTE_MS
"""So long before he set out and after he left somebody's way still tells something."""
LONGEST_MS = 12 * HOUR_MS
"""A visit that nobody has ended is taken for no longer than this."""

Stay = tuple[str, int, int]
"""A technician, and from when to when (UTC ms)."""


def stays(order: Order) -> tuple[Stay, ...]:
    """When each technician of each visit was on his way or there, the lead first; nothing where nobody set out."""
    found: list[Stay] = []
    for visit in order.visits:
        last = visit is order.visits[-1]
        lead = visit.technician or (order.technician if last else None)
        begun = visit.departed_at or (visit.arrival.at if visit.arrival else None)
        if begun is None:
            continue
        ended = visit.ended_at or begun + LONGEST_MS
        people = dict.fromkeys(
            each for each in (lead, *(visit.helpers or (order.helpers if last else ()))) if each
        )
        found += [(each, begun - AROUND_MS, ended + AROUND_MS) for each in people]
    return tuple(found)
