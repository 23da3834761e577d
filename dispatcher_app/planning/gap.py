"""The free time of a technician's day: where a visit could stand, and how it is reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dispatcher_app.domain.calendar import MINUTE_MS, working
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.matching import others_of
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.travel import travel_from

Position = Point | tuple[Point, int]
"""Where a technician was last seen, with the moment (UTC ms) where it is known."""

FRESH_MS = 30 * MINUTE_MS
"""A position older than this says nothing about where a drive begins."""


class Gap(NamedTuple):
    """Free time from `begin` to `end` (UTC ms) between two stops; None is the home, or the end of work."""

    begin: int
    end: int
    before: Stop | None
    after: Stop | None


@dataclass(frozen=True, slots=True)
class Free:
    """One technician's date: its gaps, and how many other stops it holds already."""

    technician: Technician
    date: str
    day: Day
    stops: tuple[Stop, ...]
    gaps: tuple[Gap, ...]


Leg = tuple[int, int]
"""A drive: seconds door to door, metres as the crow flies."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The drives between a visit and what is around it: stops by order, homes and positions by technician."""

    stops: Mapping[str, Leg]
    homes: Mapping[str, Leg]
    seen: Mapping[str, Leg]


def free_of(
    technician: Technician, date: str, days: Mapping[str, Day], order: str, now: int, timezone: str
) -> Free:
    """The gaps of a technician's date, as if the order in question were not in it."""
    day = days.get(day_id(technician.id, date)) or Day(
        id=day_id(technician.id, date), region=technician.region, technician=technician.id, date=date
    )
    stops = tuple(others_of(day, order, now))
    gaps: list[Gap] = []
    for begin, end in working(technician, date, timezone):
        at, before = begin, max((s for s in stops if s.end <= begin), key=lambda s: s.end, default=None)
        for stop in stops:
            if stop.end <= begin or stop.start >= end:
                continue
            if stop.start > at:
                gaps.append(Gap(at, stop.start, before, stop))
            if stop.end > at:
                at, before = stop.end, stop
        if at < end:
            gaps.append(Gap(at, end, before, next((s for s in stops if s.start >= end), None)))
    for leave in technician.leaves:
        gaps = [piece for gap in gaps for piece in outside(gap, leave.start, leave.end)]
    return Free(technician, date, day, stops, tuple(gaps))


def outside(gap: Gap, start: int, end: int) -> list[Gap]:
    """What a leave leaves of a gap."""
    if end <= gap.begin or gap.end <= start:
        return [gap]
    pieces = []
    if gap.begin < start:
        pieces.append(gap._replace(end=start))
    if end < gap.end:
        pieces.append(gap._replace(begin=end))
    return pieces


def reach_of(
    point: Point, frees: Iterable[Free], positions: Mapping[str, Position], policy: Policy, now: int
) -> Reach:
    """All drives around a visit, computed at once; a position that is too old is left out."""
    stops: dict[str, Point] = {}
    homes: dict[str, Point] = {}
    for free in frees:
        homes[free.technician.id] = free.technician.home
        for stop in free.stops:
            stops[stop.order] = stop.point
    seen = {
        id: position if isinstance(position, Point) else position[0]
        for id, position in positions.items()
        if isinstance(position, Point) or now - position[1] <= FRESH_MS
    }
    travel = travel_from(point, [*stops.values(), *homes.values(), *seen.values()], policy)
    legs = iter(zip(travel.seconds[0].tolist(), travel.metres[0].tolist(), strict=True))
    return Reach(*({id: next(legs) for id in group} for group in (stops, homes, seen)))


def leg_to(gap: Gap, technician: str, reach: Reach, now: int) -> Leg:
    """The drive to a visit in the gap: from the stop before, from where he stands, or from home."""
    if gap.before is not None and gap.before.end > now:
        return reach.stops[gap.before.order]
    if gap.begin <= now and technician in reach.seen:
        return reach.seen[technician]
    return reach.stops[gap.before.order] if gap.before is not None else reach.homes[technician]
