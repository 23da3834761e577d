"""What a visit put somewhere by hand may cost without being forbidden: said before it is done, kept in its story."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import MINUTE_MS, moment, working
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.matching import GIVES_WAY, OVERRIDABLE, Need, others_of, tight_travel, travel_s
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician

LONG_SHIFT_S = 6 * 3600
"""Whoever works longer than this has a break."""
KEPT = frozenset({"outside_window", "travel_tight", "overtime", "break_lost", "other_requested"})
"""What stays in the order's story as done all the same."""


def remarks(
    day: Day, technician: Technician, order: Order, need: Need, start: int, now: int, policy: Policy, timezone: str
) -> list[Broken]:  # fmt: skip
    """What must be said of a visit at `start` (UTC ms) in a technician's plan; none of it refuses."""
    found = tight_travel(day, need, start, now, policy)
    if order.window is None:
        found.append(Broken("no_promise"))
    elif not order.window.start <= start <= order.window.end:
        found.append(Broken("outside_window", {"start": order.window.start, "end": order.window.end}))
    if order.requested_technician not in (None, technician.id):
        found.append(Broken("other_requested", {"technician": order.requested_technician}))
    others = [stop for stop in others_of(day, need.order, now) if stop.state not in (*GIVES_WAY, "done")]
    if (over := overtime(others, technician, day.date, need, start, policy, timezone)) > 0:
        found.append(Broken("overtime", {"minutes": over}))
    if break_lost(others, technician, day.date, need, start, policy, timezone):
        found.append(Broken("break_lost", {"minutes": policy.break_minutes}))
    return found


def despite(warnings: Iterable[Broken], overridden: bool) -> dict[str, Any]:
    """What a step keeps of the soft rules that were not kept, and of the hard ones that a supervisor let go."""
    codes = [each.code for each in warnings if each.code in KEPT or (overridden and each.code in OVERRIDABLE)]
    return ({"override": True} if overridden else {}) | (
        {"despite": list(dict.fromkeys(codes))} if codes else {}
    )


def overtime(
    others: list[Stop], technician: Technician, date: str, need: Need, start: int, policy: Policy, timezone: str
) -> int:  # fmt: skip
    """Minutes that the day ends later than its last shift, or than it did, once delays are handed on."""
    closes = [end for _begin, end in working(technician, date, timezone)]
    if not closes:
        return 0
    before = max((stop for stop in others if stop.end <= start), key=lambda stop: stop.end, default=None)
    drive = travel_s(before.point if before else technician.home, need.point, policy) * 1000
    done = max(start, before.end + drive if before else start) + need.minutes * MINUTE_MS
    point = need.point
    for stop in sorted((stop for stop in others if stop.end > start), key=lambda stop: stop.start):
        begun = max(stop.start, done + travel_s(point, stop.point, policy) * 1000)
        done, point = begun + stop.end - stop.start, stop.point
    ended = max((stop.end for stop in others), default=0)
    return max(0, -(-(done - max(*closes, ended)) // MINUTE_MS))


def break_lost(
    others: list[Stop], technician: Technician, date: str, need: Need, start: int, policy: Policy, timezone: str
) -> bool:  # fmt: skip
    """Whether he had time for his break before, and has none with this visit."""
    shifts = working(technician, date, timezone)
    early, late = (moment(date, at, timezone) for at in (policy.break_from, policy.break_until))
    length = policy.break_minutes * MINUTE_MS
    bounds = min((begin for begin, _ in shifts), default=0), max((end for _, end in shifts), default=0)
    if bounds[1] - bounds[0] < LONG_SHIFT_S * 1000 or bounds[0] > early or bounds[1] < late + length:
        return False
    spans = [(stop.start, stop.end, stop.point) for stop in others]
    more = [*spans, (start, start + need.minutes * MINUTE_MS, need.point)]
    breaks = [rests(each, bounds, technician.home, early, late, length, policy) for each in (spans, more)]
    return breaks == [True, False]


def rests(
    spans: list[tuple[int, int, Point]], bounds: tuple[int, int], home: Point, early: int, late: int, length: int,
    policy: Policy,
) -> bool:  # fmt: skip
    """Whether a break of that length (ms), begun between `early` and `late`, fits before one of the drives."""
    free, point = bounds[0], home
    for begin, end, place in sorted(spans, key=lambda each: each[:2]):
        if (at := max(free, early)) <= late and at + length + travel_s(point, place, policy) * 1000 <= begin:
            return True
        free, point = max(free, end), place
    at = max(free, early)
    return at <= late and at + length <= bounds[1]
