"""What about an order wants a person: the kinds of exceptions, once for strip, queue, board, map and wall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.order import CLOSED, Order, Snooze, Status, Window
from dispatcher_app.domain.pricing import owing
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import due

Alert: TypeAlias = Literal[
    "no_show", "late", "overdue", "urged", "complaint", "overlap", "no_position", "over_price", "owing", "approximate"
]
ALERTS: tuple[Alert, ...] = get_args(Alert)
"""In the order in which they are worked off: promise that can't be kept, late now, not accepted in time, urged, a
complaint that nobody answers, two visits at once, nobody knows where he is, quote far over the price book, done without
payment, data that is not sure."""

NOT_ACCEPTED: frozenset[Status] = frozenset({"pending", "offered"})
TO_COME: frozenset[Status] = NOT_ACCEPTED | {"accepted", "en_route"}
"""Nobody has arrived yet."""
OF_PLANS: frozenset[Alert] = frozenset({"late", "overlap", "no_position"})
"""What the plan of a day and positions tell, besides the order itself."""
UNSEEN_AFTER_MS = 10 * MINUTE_MS
"""A position as old as that says no longer where somebody is."""
SEEN_BEFORE_MS = 30 * MINUTE_MS
"""So long before he sets out it has to be known where he is."""
AFTER_CLOSING: frozenset[Alert] = frozenset({"complaint"})
"""What wants somebody also when the order itself is over."""
SNOOZE_LONGEST_MS = 24 * 60 * MINUTE_MS


def late(window: Window | None, start: int | None, now: int) -> bool:
    """Whether a promise is broken for somebody who is still to come: its end is past, or he is planned after it."""
    return window is not None and (now > window.end or (start is not None and start > window.end))


def alerts_of(order: Order, policy: Policy, timezone: str, now: int) -> tuple[Alert, ...]:
    """The kinds that an order has by itself at that moment (UTC ms), whether somebody lets them rest or not."""
    wanted = order.complaint_due is not None and order.complaint_due <= now
    if order.status in CLOSED:
        return ("complaint",) if wanted else ()
    until = due(order, policy, timezone)
    window = order.window
    has: dict[Alert, bool] = {
        "no_show": order.unkept is not None,
        "late": order.status in TO_COME and late(window, None, now),
        "overdue": order.status in NOT_ACCEPTED and until is not None and until < now,
        "urged": order.urged > 0,
        "complaint": wanted,
        "over_price": any(flag.startswith("quote_") for flag in order.flags),
        "owing": owing(order),
        "approximate": order.approximate or (order.provisional and window is not None and window.start < now),
    }
    return tuple(kind for kind in ALERTS if has.get(kind))


def overlapping(stops: Iterable[Stop]) -> frozenset[str]:
    """Orders that nobody can do one after the other; what the planner only thinks of gives way by itself."""
    told = sorted(
        (stop for stop in stops if stop.state in ("confirmed", "locked")), key=lambda stop: stop.start
    )
    found: set[str] = set()
    reach: Stop | None = None
    for stop in told:
        if reach is not None and stop.start < reach.end and stop.order != reach.order:
            found |= {stop.order, reach.order}
        if reach is None or stop.end > reach.end:
            reach = stop
    return frozenset(found)


def of_plans(
    days: Iterable[Day],
    orders: Mapping[str, tuple[Status, Window | None]],
    seen: Mapping[str, int] | None,
    now: int,
) -> dict[Alert, frozenset[str]]:
    """The kinds that plans tell, with their orders; `orders` are status and promise by id, `seen` is when (UTC ms) a
    technician's last position was measured, None where positions don't come in.
    """
    found: dict[Alert, set[str]] = {kind: set() for kind in OF_PLANS}
    for day in days:
        found["overlap"] |= overlapping(day.stops)
        unseen = seen is not None and now - seen.get(day.technician, 0) > UNSEEN_AFTER_MS
        for stop in day.stops:
            status, window = orders.get(stop.order, (None, None))
            if status not in TO_COME or stop.state in ("held", "done"):
                continue
            if late(window, stop.start, now):
                found["late"].add(stop.order)
            soon = stop.start - stop.travel_s * 1000 - SEEN_BEFORE_MS <= now
            if unseen and (status == "en_route" or (status == "accepted" and soon)):
                found["no_position"].add(stop.order)
    return {kind: frozenset(ids) for kind, ids in found.items()}


def resting(order: Order) -> tuple[Snooze, ...]:
    """What somebody lets rest; it ends as soon as the order goes on, is urged again, or its complaint goes on."""
    wakes = {"urged": order.urged_at or 0, "complaint": order.complaint_due or 0}
    return tuple(
        each
        for each in order.snoozed
        if each.at >= order.since and each.at >= wakes.get(each.kind, 0)
    )
