"""What a node learns about driving by itself: how long trips took, every night; which sources fail, every minute."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act, Broken, Rejected
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, MINUTE_MS, local_date
from dispatcher_app.domain.command import SaveTraffic
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Order, Visit
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.traffic import Traffic, hour_of_week
from dispatcher_app.planning.travel import Ground, Places
from dispatcher_app.planning.travel.calibrate import SHORTEST_M, Trip, pace
from dispatcher_app.server.node import Node
from dispatcher_app.server.position import technicians
from dispatcher_app.server.store import query, record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.travels import Travels

log = logging.getLogger(__name__)

WATCH_S = 60.0
LOOK_BACK_MS = 60 * DAY_MS
TRIPS = 20_000
ON_ROADS = 2_000
"""So many of the newest trips are reckoned on the roads again."""
IDLE_MS = 90 * MINUTE_MS
"""Who has finished longer ago than this may have left from anywhere."""
NIGHT = range(2, 6)
SETTLED_MS = 10 * MINUTE_MS
"""So long after saying something about its sources a node says nothing else: services come and go."""


@dataclass(slots=True)
class Watch:
    """What this node saw the last time it looked, and when it last said so, by region."""

    seen: dict[str, tuple[Broken, ...]] = field(default_factory=dict)
    said_at: dict[str, int] = field(default_factory=dict)


async def watch(node: Node, memory: Watch) -> None:
    """Take up imported cities; say what is wrong with the sources once it has been so twice in a row.

    Every node takes up what is in its folder; one of them speaks for all.
    """
    await asyncio.to_thread(node.travels.refresh)
    if not await node.leases.held("travel_sources"):
        return
    for region, known, places in await asyncio.to_thread(surveyed, node):
        troubles = await node.travels.apart(partial(node.travels.troubles, places))
        now = clock.now_ms()
        steady = memory.seen.get(region.id) == troubles
        memory.seen[region.id] = troubles
        if not steady or troubles == known.troubles:
            continue
        if now - memory.said_at.get(region.id, 0) < SETTLED_MS:
            continue
        memory.said_at[region.id] = now
        await save(node, replace(known, troubles=troubles), clock.new_id())


def surveyed(node: Node) -> list[tuple[Region, Traffic, Places]]:
    """Every region with what is known of its traffic and the places that drives begin at."""
    with node.database.reading() as cursor:
        return [
            (region, traffic_of(cursor, region.id), Places(begin_at(region, technicians(cursor, region.id))))
            for region in regions(cursor)
        ]


def begin_at(region: Region, people: Sequence[Technician]) -> list[Point]:
    """Homes that are known, and the middles of districts."""
    homes = [each.home for each in people if not each.suspended and (each.home.lon, each.home.lat) != (0, 0)]
    return [*homes, *(district.centre for district in region.districts)]


def regions(cursor: Cursor) -> list[Region]:
    """All regions."""
    return [each for each in record.load_all(cursor, "region", "platform") if isinstance(each, Region)]


def traffic_of(cursor: Cursor, region: str) -> Traffic:
    """What is known of a region's traffic."""
    found = record.load(cursor, Traffic.kind, region)
    return found if isinstance(found, Traffic) else Traffic(id=region, region=region)


async def learn(node: Node) -> int:
    """Once a night in each region: from its trips, how long drives take there. Returns for how many it did."""

    def due() -> list[tuple[Region, Traffic]]:
        with node.database.reading() as cursor:
            return [
                (each, known)
                for each in regions(cursor)
                if tonight(each, known := traffic_of(cursor, each.id))
            ]

    done = 0
    for region, known in await asyncio.to_thread(due):
        now = clock.now_ms()
        made = await node.travels.apart(partial(observed, node, region, known))
        if (made.estimate.longer, made.road.longer) == (known.estimate.longer, known.road.longer):
            continue
        id = clock.derived_id("save-traffic", region.id, local_date(now, region.timezone))
        done += await save(node, made, id)
    return done


def tonight(region: Region, known: Traffic) -> bool:
    """Whether it is time: in the small hours, or where nothing was ever observed."""
    now = clock.now_ms()
    quiet = hour_of_week(now, region.timezone) % 24 in NIGHT
    return now - known.observed_at > 20 * HOUR_MS and (quiet or known.observed_at == 0)


def observed(node: Node, region: Region, known: Traffic) -> Traffic:
    """What the trips of the last weeks have shown."""
    now = clock.now_ms()
    with node.database.reading() as cursor:
        found = record.load(cursor, "policy", "policy")
        policy = found if isinstance(found, Policy) else Policy()
        trips = sorted(trips_of(cursor, region.id, now), key=lambda trip: -trip.departed_at)[:TRIPS]
    ground = Ground(policy=policy, timezone=region.timezone)
    estimated = [
        (ground.hour(trip.departed_at), float(trip.seconds), reckoned(trip, ground)) for trip in trips
    ]
    on_roads = list(by_road(node.travels, trips[:ON_ROADS], ground))
    return replace(
        known,
        observed_at=now,
        estimate=pace(estimated, policy.parking_s),
        road=pace(on_roads, policy.parking_s),
    )


def reckoned(trip: Trip, ground: Ground) -> float:
    """The trip as it is estimated without having observed anything."""
    return float(ground.travel((trip.origin,), (trip.target,), trip.departed_at).seconds[0, 0])


def by_road(travels: Travels, trips: Sequence[Trip], ground: Ground) -> Iterator[tuple[int, float, float]]:
    """The trips that a road map knows, reckoned on it."""
    for trip in trips:
        found = travels.matrix((trip.origin,), (trip.target,), trip.departed_at, ground)
        if found.source in ("road", "osrm"):
            yield ground.hour(trip.departed_at), float(trip.seconds), float(found.seconds[0, 0])


def trips_of(cursor: Cursor, region: str, now: int) -> Iterator[Trip]:
    """The drives of all technicians between where they were and where they arrived."""
    homes = {each.id: each.home for each in technicians(cursor, region)}
    days = query.days_between(cursor, region, now - LOOK_BACK_MS, now + DAY_MS)
    ids = {stop.order for day in days for stop in day.stops if stop.state == "done"}
    orders = {
        each.id: each for each in query.bodies(cursor, Order.kind, sorted(ids)) if isinstance(each, Order)
    }
    for day in days:
        yield from driven(day, orders, homes.get(day.technician))


def driven(day: Day, orders: dict[str, Order], home: Point | None) -> Iterator[Trip]:
    """The drives of one technician's day, in their order."""
    visits = sorted(visited(day, orders), key=lambda found: found[1].departed_at or 0)
    place, left_at = home, None
    for order, visit in visits:
        arrival, departed_at = visit.arrival, visit.departed_at
        assert arrival is not None
        assert departed_at is not None
        usable = not arrival.exception and (left_at is None or 0 <= departed_at - left_at <= IDLE_MS)
        if place is not None and usable and distance_m(place, order.point) >= SHORTEST_M:
            yield Trip(place, order.point, departed_at, (arrival.at - departed_at) // 1000)
        place, left_at = order.point, visit.ended_at if visit.ended_at is not None else arrival.at


def visited(day: Day, orders: dict[str, Order]) -> Iterator[tuple[Order, Visit]]:
    """The visits of a day that he really drove to."""
    for stop in day.stops:
        order = orders.get(stop.order)
        if stop.state != "done" or order is None:
            continue
        for visit in order.visits:
            if (
                visit.number == stop.visit
                and visit.technician == day.technician
                and visit.departed_at is not None
                and visit.arrival is not None
            ):
                yield order, visit


async def save(node: Node, made: Traffic, id: str) -> int:
    """Keep what was observed, unless another node has just done so."""
    act = Act(id=id, actor=SYSTEM, at=clock.now_ms(), command=SaveTraffic(traffic=made), region=made.region)
    try:
        await asyncio.wrap_future(node.executor.submit(act))
    except Rejected as rejected:
        log.info("traffic not saved", extra={"region": made.region, "code": rejected.code})
        return 0
    return 1
