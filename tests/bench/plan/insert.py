"""Where one more order fits into a plan: every gap is tried, by the checker's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from tests.bench.plan.check_day import late
from tests.bench.plan.day import Day
from tests.bench.plan.routes import Routes

WINDOW_S = 2 * 3600
CHOICE = 3


@dataclass(frozen=True)
class Place:
    """A gap in a technician's route, the travel it costs, and the window that is kept by it."""

    technician: int
    position: int
    detour_s: int
    earliest: int
    latest: int


def cheapest(day: Day, routes: Sequence[Sequence[int]], order: int) -> Place | None:
    """The gap that costs least travel and breaks nothing, None where the order fits nowhere."""
    window = int(day.earliest[order]), int(day.latest[order])
    for detour_s, technician, position in sorted(_gaps(day, routes, order)):
        route = routes[technician]
        if not late(day, technician, [*route[:position], order, *route[position:]]):
            return Place(technician, position, detour_s, *window)
    return None


def offered(day: Day, routes: Sequence[Sequence[int]], order: int) -> list[Place]:
    """The three cheapest windows of two hours for an order that has a longer one, each with its place."""
    opens, closes = int(day.earliest[order]), int(day.latest[order])
    if closes - opens <= WINDOW_S:
        return []
    found: list[Place] = []
    for begin in range(opens, closes - WINDOW_S + 1, WINDOW_S):
        earliest, latest = day.earliest.copy(), day.latest.copy()
        earliest[order], latest[order] = begin, begin + WINDOW_S
        if place := cheapest(replace(day, earliest=earliest, latest=latest), routes, order):
            found.append(place)
    return sorted(found, key=lambda place: place.detour_s)[:CHOICE]


def insert(routes: Routes, order: int, place: Place) -> None:
    """Put the order into the gap."""
    routes[place.technician].insert(place.position, order)


def _gaps(day: Day, routes: Sequence[Sequence[int]], order: int) -> Iterator[tuple[int, int, int]]:
    """Every gap as detour, technician and position."""
    to, away = day.travel[:, order].tolist(), day.travel[order].tolist()
    for technician, route in enumerate(routes):
        if not day.allowed[technician, order]:
            continue
        home = day.orders + technician
        path = list(chain([home], route, [home]))
        for position in range(len(path) - 1):
            one, next_ = path[position], path[position + 1]
            direct = int(day.travel[one, next_]) if route else 0
            yield to[one] + away[next_] - direct, technician, position
