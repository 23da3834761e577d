"""The hard rules between a technician and a visit: one function for assigning, ranking and dragging."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.area import covers
from dispatcher_app.domain.calendar import MINUTE_MS, leave_during, working
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.day import Day, Stop, StopState
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point, estimated_travel_s
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician

OVERRIDABLE = frozenset({"overlap", "daily_limit", "area", "shift", "held_for_caller", "after_other", "before_other"})
"""What a supervisor may override for one visit, with a reason; certificate, leave and suspension never."""

GIVES_WAY: frozenset[StopState] = frozenset({"tentative"})
"""What a person's act pushes aside instead of being refused for it; the planner finds it another place."""


NEVER = 2**53
"""A moment (UTC ms) that does not come: nobody knows yet when something will be over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a visit asks of a technician, and how many of them it takes.

    It begins at `opens` (UTC ms) at the earliest and is over at `closes` at the latest, for other orders' sake.
    """

    order: str
    skills: frozenset[str]
    certificates: frozenset[str]
    brands: frozenset[str]
    district: str
    point: Point
    minutes: int
    blocked: frozenset[str] = frozenset()
    crew: int = 1
    opens: int = 0
    closes: int = NEVER


def need_of(
    order: Order, items: Iterable[Item], blocked: Iterable[str] = (), span: tuple[int, int] = (0, NEVER)
) -> Need:
    """What an order asks, from the catalogue items of its lines; `span` is what the orders around it leave it."""
    items = tuple(items)
    return Need(
        order=order.id,
        skills=frozenset(item.skill for item in items),
        certificates=frozenset(name for item in items for name in item.certificates),
        brands=frozenset(line.brand for line in order.lines if line.brand),
        district=order.district,
        point=order.point,
        minutes=order.minutes_left,
        blocked=frozenset(blocked),
        crew=order.crew,
        opens=span[0],
        closes=span[1],
    )


def unfit(technician: Technician, need: Need, at: int) -> list[Broken]:
    """The rules that the technician can't keep at whatever time: skill, brand, certificate, area, suspension."""
    broken = []
    if technician.suspended:
        broken.append(Broken("suspended"))
    if technician.id in need.blocked:
        broken.append(Broken("blocked"))
    if missing := need.skills.difference(technician.skills):
        broken.append(Broken("skill", {"skills": sorted(missing)}))
    if technician.brands and (missing := need.brands.difference(technician.brands)):
        broken.append(Broken("brand", {"brands": sorted(missing)}))
    valid = {each.name for each in technician.certificates if each.expires_at > at}
    if missing := need.certificates.difference(valid):
        broken.append(Broken("certificate", {"certificates": sorted(missing)}))
    if not covers(technician, need.district, need.point):
        broken.append(Broken("area", {"district": need.district}))
    return broken


def travel_s(a: Point, b: Point, policy: Policy) -> int:
    """The estimated drive between two stops, in seconds."""
    return estimated_travel_s(
        a, b, detour=policy.detour, speed_kmh=policy.speed_kmh, parking_s=policy.parking_s
    )


def unfree(
    technician: Technician, day: Day, need: Need, start: int, now: int, policy: Policy, timezone: str,
    gives_way: frozenset[StopState] = GIVES_WAY,
) -> list[Broken]:  # fmt: skip
    """The rules that a start (UTC ms) breaks: shift, leave, overlap, daily limit, status; the whole visit counts.

    Stops that give way break none; for the planner, whose own stops they are, none does.
    """
    end = start + need.minutes * MINUTE_MS
    broken = out_of_turn(need, start, end)
    if not any(begin <= start and end <= finish for begin, finish in working(technician, day.date, timezone)):
        broken.append(Broken("shift", {"date": day.date}))
    leave = leave_during(technician, start, end)
    if leave is not None:
        broken.append(Broken("leave", {"reason": leave.reason, "until": leave.end}))
    others = [stop for stop in others_of(day, need.order, now) if stop.state not in gives_way]
    standing = [stop for stop in others if stop.state != "done" and stop.start < end and start < stop.end]
    clash = next((stop for stop in standing if stop.state != "held"), None)
    if clash is not None:
        broken.append(Broken("overlap", {"order": clash.order, "start": clash.start, "end": clash.end}))
    held = next((stop for stop in standing if stop.state == "held"), None)
    if held is not None:
        broken.append(
            Broken("held_for_caller", {"until": held.expires_at, "by": held.held_by, "start": held.start})
        )
    limit = limit_of(technician, policy)
    if len(others) >= limit:
        broken.append(Broken("daily_limit", {"limit": limit}))
    if technician.status == "offline" and start - now < policy.status_gate * MINUTE_MS:
        broken.append(Broken("offline"))
    return broken


def out_of_turn(need: Need, start: int, end: int) -> list[Broken]:
    """The orders before and after it that a visit would get in the way of."""
    broken = []
    if start < need.opens:
        broken.append(Broken("after_other", {"start": need.opens}) if need.opens < NEVER else Broken("after_unknown"))
    if end > need.closes:
        broken.append(Broken("before_other", {"until": need.closes}))
    return broken


def limit_of(technician: Technician, policy: Policy) -> int:
    """How many visits a day he takes."""
    return policy.daily_limit if technician.daily_limit is None else technician.daily_limit


def made_room(
    day: Day, technician: Technician, need: Need, start: int, now: int, policy: Policy, *, drives: bool = True
) -> Day:
    """The plan without the tentative stops that a visit pushes aside: in its way, not to be reached, or one too many.

    Without `drives` only the hours count: whoever asks knows better how long it takes.
    """
    end = start + need.minutes * MINUTE_MS

    def stands_aside(stop: Stop) -> bool:
        if stop.state not in GIVES_WAY or stop.order == need.order:
            return False
        if stop.start < end and start < stop.end:
            return True
        gap = start - stop.end if stop.end <= start else stop.start - end
        return drives and travel_s(stop.point, need.point, policy) * 1000 > gap

    stops = [stop for stop in day.stops if not stands_aside(stop)]
    others = others_of(replace(day, stops=tuple(stops)), need.order, now)
    waiting = [stop for stop in others if stop.state in GIVES_WAY]
    more = len(others) + 1 - limit_of(technician, policy)
    gone = waiting[-more:] if more > 0 else []
    return replace(day, stops=tuple(stop for stop in stops if stop not in gone))


def tight_travel(day: Day, need: Need, start: int, now: int, policy: Policy) -> list[Broken]:
    """Drives before and after the visit that an estimate says take longer than the gap; they warn, never refuse."""
    end = start + need.minutes * MINUTE_MS
    others = [stop for stop in others_of(day, need.order, now) if stop.state not in GIVES_WAY]
    before = max((stop for stop in others if stop.end <= start), key=lambda stop: stop.end, default=None)
    after = min((stop for stop in others if stop.start >= end), key=lambda stop: stop.start, default=None)
    tight = []
    for stop, gap in (
        (before, start - before.end if before else 0),
        (after, after.start - end if after else 0),
    ):
        if stop is not None and (drive := travel_s(stop.point, need.point, policy)) * 1000 > gap:
            late = -(-(drive * 1000 - gap) // MINUTE_MS)
            tight.append(Broken("travel_tight", {"order": stop.order, "minutes": late}))
    return tight


def routed(
    day: Day, home: Point, policy: Policy, former: Day | None = None, given: Collection[str] = ()
) -> Day:
    """The plan with every drive counted from the place before it: from home, then from stop to stop.

    A drive that is known better than by estimate stays while it begins where it began in the `former` plan, or where
    it is `given` (ids of orders) for this one.
    """
    began = origins(former, home) if former is not None else {}
    stops, place = [], home
    for stop in day.stops:
        known = stop.source != "estimate" and (
            stop.order in given or began.get(leg_of(stop)) == (place, stop.point)
        )
        if not known:
            stop = replace(stop, travel_s=travel_s(place, stop.point, policy), source="estimate")
        stops.append(stop)
        place = stop.point
    return replace(day, stops=tuple(stops))


def origins(day: Day, home: Point) -> dict[tuple[str, int, bool], tuple[Point, Point]]:
    """From where to where each drive of a plan goes."""
    places = (home, *(stop.point for stop in day.stops))
    return {leg_of(stop): (place, stop.point) for place, stop in zip(places, day.stops, strict=False)}


def leg_of(stop: Stop) -> tuple[str, int, bool]:
    """Which drive is meant: to which visit of which order, or to an hour held for it."""
    return stop.order, stop.visit, stop.state == "held"


def others_of(day: Day, order: str, now: int) -> list[Stop]:
    """The stops of a plan besides the one that serves an order; a visit of it that is over is another one."""
    return [stop for stop in live_stops(day, now) if stop.order != order or stop.state == "done"]


def live_stops(day: Day, now: int) -> tuple[Stop, ...]:
    """The stops that count: expired holds are nobody's."""
    return tuple(stop for stop in day.stops if stop.expires_at is None or stop.expires_at > now)


def swept(day: Day, now: int) -> Day:
    """The plan without the holds that have expired."""
    return replace(day, stops=live_stops(day, now))
