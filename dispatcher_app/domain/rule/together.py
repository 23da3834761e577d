"""Visits that several come to: what an act does to the stop in one plan is done to the same stop in the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dispatcher_app.domain.act import Change, World
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.matching import GIVES_WAY, Need, made_room, swept
from dispatcher_app.domain.rule.dispatching import written
from dispatcher_app.domain.rule.facts import day_of, in_region, policy_of
from dispatcher_app.domain.technician import Technician


def together(world: World, change: Change, now: int) -> Change:
    """The change with the plans of all who come to its visits: set in, moved, ended and taken out with them."""
    days = {each.id: each for each in change.after if isinstance(each, Day)}
    before = dict(days)
    due = list(days)
    while due:
        day = days[due.pop()]
        former = world.get(Day, day.id)
        stood = {plain(stop) for stop in (former.stops if former else ()) if stop.together}
        stands = {plain(stop) for stop in day.stops if stop.together}
        for stop, other in pairs(stood - stands):
            his = days.get(day_id(other, day.date)) or day_of(world, other, day.region, day.date)
            kept = tuple(each for each in swept(his, now).stops if plain(each) != stop)
            if other != day.technician and len(kept) < len(his.stops):
                days[his.id] = replace(his, stops=kept)
                due.append(his.id)
        for stop, other in pairs(stands - stood):
            his = days.get(day_id(other, day.date)) or day_of(world, other, day.region, day.date)
            if other != day.technician and all(plain(each) != stop for each in his.stops):
                days[his.id] = with_room(world, swept(his, now), stop, now)
                due.append(his.id)
    if days == before:
        return change
    made: list[Entity] = [each for each in change.after if not isinstance(each, Day)]
    made += (day if day is before.get(id) else written(world, day, now) for id, day in days.items())
    return replace(change, after=tuple(made))


def pairs(stops: Iterable[Stop]) -> list[tuple[Stop, str]]:
    """Each stop with each of those who come to it, in an order that is the same on every machine."""
    found = sorted(stops, key=lambda stop: (stop.start, stop.order, stop.visit, stop.state))
    return [(stop, id) for stop in found for id in stop.together]


def plain(stop: Stop) -> Stop:
    """The stop without the drive to it, which is each one's own."""
    return replace(stop, travel_s=0, source="estimate")


def with_room(world: World, day: Day, stop: Stop, now: int) -> Day:
    """Somebody's plan with a stop that he shares; what is only planned makes room, a hold that it lies on is lost."""
    technician = in_region(world, Technician, day.technician, "technician", day.region)
    if stop.state in GIVES_WAY or stop.state == "done":
        return day.with_stop(stop)
    need = Need(
        order=stop.order, skills=frozenset(), certificates=frozenset(), brands=frozenset(), district="",
        point=stop.point, minutes=(stop.end - stop.start) // MINUTE_MS,
    )  # fmt: skip
    day = made_room(day, technician, need, stop.start, now, policy_of(world)).without_hold(stop.order)
    for lost in [each for each in day.stops if each.state == "held" and hits(each, stop)]:
        day = day.without_hold(lost.order)
    return day.with_stop(stop)


def hits(one: Stop, other: Stop) -> bool:
    """Whether two stops stand at the same time."""
    return one.start < other.end and other.start < one.end
