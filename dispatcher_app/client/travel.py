"""How long drives take, asked of the server once when a drag or a booking begins; without it the desk's own estimate."""

from __future__ import annotations

import msgspec
import numpy as np

from dispatcher_app.client.api import Api
from dispatcher_app.client.question import PATIENCE_S, asked
from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.place import Point
from dispatcher_app.planning.travel import Points, Route, Routes, Stretch, Travel
from dispatcher_app.planning.travel.answer import Flow
from dispatcher_app.planning.travel.places import places, straight_m

ROUTES_PATIENCE_S = 8.0
"""So long somebody waits who wants to see several ways with the traffic on them."""

Pair = tuple[float, float]


class Table(msgspec.Struct, frozen=True):
    """Seconds by origin and target, and who says so."""

    seconds: list[list[int]]
    source: TravelSource
    sources: list[list[int]] | None
    error_percent: int
    notes: tuple[Broken, ...]


class Tables(msgspec.Struct, frozen=True):
    """There, and back where that was asked for."""

    there: Table
    back: Table | None = None


class Drawn(msgspec.Struct, frozen=True):
    """One way as it is sent."""

    seconds: int
    metres: int
    source: TravelSource
    error_percent: int
    line: list[Pair]
    stretches: list[tuple[int, int, Flow]]
    lights: int | None = None


class Ways(msgspec.Struct, frozen=True):
    """The ways between two places."""

    routes: list[Drawn]
    notes: tuple[Broken, ...] = ()


async def travel(
    api: Api | None,
    region: str,
    origins: Points,
    targets: Points,
    at: int | None = None,
    *,
    patience_s: float = PATIENCE_S,
) -> tuple[Travel, Travel]:
    """Drives from every origin to every target and the other way, as the server knows them; raises Offline."""
    body = {"region": region, "origins": pairs(origins), "targets": pairs(targets), "at": at, "back": True}
    found: Tables = await asked(api, "POST", "/travel", Tables, body, patience_s)
    there = filled(found.there, origins, targets)
    return there, filled(found.back, targets, origins) if found.back is not None else there


async def precisely(api: Api | None, region: str, origins: Points, target: Point) -> Travel:
    """Drives from a few places to one as whoever knows the traffic says, who counts every question; raises Offline."""
    body = {"region": region, "origins": pairs(origins), "targets": pairs([target]), "precise": True}
    found: Tables = await asked(api, "POST", "/travel", Tables, body, ROUTES_PATIENCE_S)
    return filled(found.there, origins, [target])


async def routes(
    api: Api | None, region: str, origin: Point, target: Point, at: int | None = None, wanted: int = 3
) -> Routes:
    """Up to three ways with their lines, the quickest first; raises Offline."""
    body = {
        "region": region,
        "origin": pairs([origin])[0],
        "target": pairs([target])[0],
        "at": at,
        "wanted": wanted,
    }
    found: Ways = await asked(api, "POST", "/travel/routes", Ways, body, ROUTES_PATIENCE_S)
    return Routes(tuple(route_of(each) for each in found.routes), found.notes)


def pairs(points: Points) -> list[list[float]]:
    """Places as they are sent: (lon, lat)."""
    made: list[list[float]] = places(points).degrees.tolist()
    return made


def filled(table: Table, origins: Points, targets: Points) -> Travel:
    """The server's answer as planning takes it; straight distances are this desk's own."""
    metres = straight_m(places(origins), places(targets))
    seconds = np.array(table.seconds, np.int64).reshape(metres.shape)
    return Travel(
        seconds, np.rint(metres).astype(np.int64), table.source, table.notes, table.error_percent,
        None if table.sources is None else np.array(table.sources, np.int8).reshape(metres.shape),
    )  # fmt: skip


def route_of(drawn: Drawn) -> Route:
    """A way as planning takes it."""
    return Route(
        seconds=drawn.seconds, metres=drawn.metres, line=tuple(Point(lon, lat) for lon, lat in drawn.line),
        source=drawn.source, error_percent=drawn.error_percent, lights=drawn.lights,
        stretches=tuple(Stretch(*each) for each in drawn.stretches),
    )  # fmt: skip
