"""POST /travel, /travel/routes: how long drives take, as whoever is set up knows; a desk asks once when a drag begins."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Path

from dispatcher_app import clock, codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Broken, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Region
from dispatcher_app.planning.travel import Ground, Places, Route, Travel
from dispatcher_app.server import ask
from dispatcher_app.server.answer import answer
from dispatcher_app.server.body import body_of
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.travels import ground_of

PLACES = 5_000
DRIVES = 100_000
BODY = 1024 * 1024
PAST_MS, AHEAD_MS = DAY_MS, 60 * DAY_MS
ROUTES_MOST = 3

Pair = tuple[float, float]


class TravelAsked(msgspec.Struct, kw_only=True):
    """Drives from every origin to every target, each (lon, lat); `back` wants those the other way too."""

    region: str
    origins: list[Pair]
    targets: list[Pair]
    at: int | None = None
    back: bool = False
    precise: bool = False


class RouteAsked(msgspec.Struct, kw_only=True):
    """The ways from one place to another, (lon, lat) each."""

    region: str
    origin: Pair
    target: Pair
    at: int | None = None
    wanted: int = 1


class Table(msgspec.Struct):
    """Seconds by origin and target; `sources` by both where several have spoken, else `source` is who has."""

    seconds: list[list[int]]
    source: TravelSource
    sources: list[list[int]] | None
    error_percent: int
    notes: tuple[Broken, ...]


async def travel(request: Request) -> Response:
    """POST /travel."""
    asked, region = await understood(request, TravelAsked)
    origins, targets = placed(asked.origins, "origins"), placed(asked.targets, "targets")
    if len(origins) * len(targets) > DRIVES:
        raise Rejected("travel_limit", "targets", limit=DRIVES)
    at = moment(asked.at)
    ground: Ground = await read(request, lambda cursor: ground_of(cursor, region))
    travels = node_of(request).travels

    def work() -> dict[str, Any]:
        there = travels.matrix(origins, targets, at, ground, precise=asked.precise)
        back = travels.matrix(targets, origins, at, ground, precise=asked.precise) if asked.back else None
        return {"there": table(there), "back": None if back is None else table(back)}

    return answer(await travels.apart(work))


async def routes(request: Request) -> Response:
    """POST /travel/routes: up to three ways with their lines, the quickest first."""
    asked, region = await understood(request, RouteAsked)
    if not 1 <= asked.wanted <= ROUTES_MOST:
        raise Rejected("invalid", "wanted", detail=f"1 to {ROUTES_MOST}")
    origin, target = placed([asked.origin], "origin")[0], placed([asked.target], "target")[0]
    at = moment(asked.at)
    ground: Ground = await read(request, lambda cursor: ground_of(cursor, region))
    travels = node_of(request).travels
    found = await travels.apart(lambda: travels.route(origin, target, at, ground, wanted=asked.wanted))
    return answer({"routes": [drawn(each) for each in found.routes], "notes": found.notes})


async def understood(request: Request, type_: type[Any]) -> tuple[Any, Region]:
    """What is asked, by somebody who may, about a region of his."""
    seat = await seat_of(request)
    role.require(seat.actor, role.SEES_PEOPLE, "platform")
    asked = codec.decode(await body_of(request, BODY), type_)
    region = await read(request, lambda cursor: ask.found(cursor, Region, asked.region))
    if region.id not in seat.staff.regions:
        raise Rejected("other_region", "region", region=region.id)
    return asked, region


def placed(pairs: list[Pair], field: str) -> Places:
    """The places; raises Rejected naming the field for what is none on earth, or for too many."""
    if len(pairs) > PLACES:
        raise Rejected("travel_limit", field, limit=PLACES)
    if any(not (abs(lon) <= 180 and abs(lat) <= 90) for lon, lat in pairs):
        raise Rejected("invalid", field, detail="lon, lat")
    return Places([Point(lon, lat) for lon, lat in pairs])


def moment(at: int | None) -> int:
    """When the drives begin (UTC ms): now, unless another moment not too far away is asked for."""
    now = clock.now_ms()
    if at is None:
        return now
    if not now - PAST_MS <= at <= now + AHEAD_MS:
        raise Rejected("invalid", "at", detail="UTC ms")
    return at


def table(found: Travel) -> Table:
    """A matrix as it is sent."""
    sources = None if found.sources is None else found.sources.tolist()
    return Table(found.seconds.tolist(), found.source, sources, found.error_percent, found.notes)


def drawn(route: Route) -> dict[str, Any]:
    """A route as it is sent: the line as (lon, lat)."""
    return {
        "seconds": route.seconds, "metres": route.metres, "source": route.source,
        "error_percent": route.error_percent, "lights": route.lights,
        "line": [(point.lon, point.lat) for point in route.line],
        "stretches": [(each.first, each.last, each.flow) for each in route.stretches],
    }  # fmt: skip


ROUTES = [
    Path("/travel", travel, methods=["POST"]),
    Path("/travel/routes", routes, methods=["POST"]),
]
