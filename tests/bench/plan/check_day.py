"""Whether a plan of a field day keeps every hard rule, and what it costs; knows nothing of the improver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.bench.plan.day import Day
from tests.bench.plan.routes import repeated


@dataclass(frozen=True)
class DayVerdict:
    """What a plan costs in hours, and the sentences about the rules that it breaks."""

    objective_h: float
    travel_h: float
    unserved: int
    broken: tuple[str, ...]


def check_day(day: Day, routes: Sequence[Sequence[int]]) -> DayVerdict:
    """Judge a plan: travel and the penalties of what is left out, in hours, and every rule broken."""
    broken = [f"order {order} is planned twice" for order in repeated(routes)]
    if len(routes) != day.technicians:
        broken.append(f"{len(routes)} routes for {day.technicians} technicians")
    for technician, route in enumerate(routes[: day.technicians]):
        if strange := [order for order in route if not 0 <= order < day.orders]:
            broken.append(f"technician {technician} visits an order {strange[0]} that does not exist")
        elif wrong := [order for order in route if not day.allowed[technician, order]]:
            broken.append(f"technician {technician} may not do order {wrong[0]}")
        elif route and (reason := late(day, technician, route)):
            broken.append(f"technician {technician} {reason}")
    served = {order for route in routes for order in route if 0 <= order < day.orders}
    left_out = [order for order in range(day.orders) if order not in served]
    travel_s = sum(_travel(day, technician, route) for technician, route in enumerate(routes))
    penalty_s = sum(int(day.penalty[order]) for order in left_out)
    return DayVerdict((travel_s + penalty_s) / 3600, travel_s / 3600, len(left_out), tuple(broken))


def _travel(day: Day, technician: int, route: Sequence[int]) -> int:
    if not route or technician >= day.technicians or any(not 0 <= order < day.orders for order in route):
        return 0
    home = day.orders + technician
    path = [home, *route, home]
    return sum(int(day.travel[one, next_]) for one, next_ in pairwise(path))


def late(day: Day, technician: int, route: Sequence[int]) -> str:
    """Why the route is impossible, empty where it is not.

    Two clocks walk along the route, one of somebody who still has the break before them and one of
    somebody who has had it: whoever is earlier at a place can do everything that the other can, so the
    earliest moment of each kind is all there is to know.
    """
    place = day.orders + technician
    fresh: int | None = int(day.shift_start[technician])
    rested = _rested(day, fresh, None)
    for order in route:
        drive = int(day.travel[place, order])
        fresh, rested = (_served(day, order, clock, drive) for clock in (fresh, rested))
        rested = _rested(day, fresh, rested)
        if fresh is None and rested is None:
            return f"is late at order {order}"
        place = order
    home = int(day.travel[place, day.orders + technician])
    if rested is None:
        return "has no break"
    return "" if rested + home <= int(day.shift_end[technician]) else "is not home at the end of the shift"


def _served(day: Day, order: int, leaves: int | None, drive: int) -> int | None:
    """When the order is done, None where its window is missed."""
    if leaves is None:
        return None
    begins = max(leaves + drive, int(day.earliest[order]))
    return begins + int(day.service[order]) if begins <= int(day.latest[order]) else None


def _rested(day: Day, fresh: int | None, rested: int | None) -> int | None:
    """The earliest moment after the break, taken here or before."""
    if fresh is None or (begins := max(fresh, day.break_earliest)) > day.break_latest:
        return rested
    after = begins + day.break_length
    return after if rested is None else min(after, rested)
