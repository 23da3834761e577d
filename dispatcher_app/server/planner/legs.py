"""Better driving times for plans that stand on estimates, where the node knows the roads."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from dispatcher_app import clock
from dispatcher_app.domain.command import Leg, RouteDay
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.matching import live_stops
from dispatcher_app.planning.travel import TravelOf
from dispatcher_app.server.node import Node
from dispatcher_app.server.planner.book import Book
from dispatcher_app.server.planner.keep import Keeping, submit

EVERY_S = 2.0
PASS = 50
"""So many plans in one go."""


async def refine(node: Node, keeping: Keeping) -> None:
    """Ask the roads about the newest plans; without roads there is nothing to do."""
    for book in list(keeping.books.values()):
        travel = node.travels.on(book.ground)
        found = await asyncio.to_thread(better_legs, book, travel, clock.now_ms())
        for each in found:
            await submit(node, book.region.id, each)


def better_legs(book: Book, travel: TravelOf, now: int) -> list[RouteDay]:
    """What the roads say about plans with estimated drives, a few at a time; nothing where they say nothing.

    `book.routed` remembers the version of each plan that was asked about: a stop beyond all roads is not asked for again.
    """
    made: list[RouteDay] = []
    for day in list(book.days.values()):
        if book.routed.get(day.id) == day.version:
            continue
        if any(stop.source == "estimate" and stop.end > now for stop in live_stops(day, now)):
            found = legs_of(book, day, travel, now)
            if found is None:
                return made
            book.routed[day.id] = day.version + 1
            made.append(found)
        if len(made) == PASS:
            break
    for id in book.routed.keys() - book.days.keys():
        del book.routed[id]
    return made


def legs_of(book: Book, day: Day, travel: TravelOf, now: int) -> RouteDay | None:
    """The drives of a plan by road, None where only an estimate is to be had."""
    technician = book.technicians.get(day.technician)
    stops = live_stops(day, now)
    if technician is None or not stops:
        return None
    points = [technician.home, *(stop.point for stop in stops)]
    drives = travel(points, points, stops[0].start)
    legs = [
        Leg(
            order=stop.order,
            travel_s=int(drives.seconds[before, at]),
            source=drives.source_at(before, at),
        )
        for stop, (before, at) in zip(stops, pairwise(range(len(points))), strict=True)
        if stop.state != "done"
    ]
    if all(leg.source == "estimate" for leg in legs):
        return None
    return RouteDay(day=day.id, from_version=day.version, legs=tuple(legs))
