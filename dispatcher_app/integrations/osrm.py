"""Travel times from an OSRM server that the operator runs: its `table` and `route` services, version 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.place import Point
from dispatcher_app.integrations.breaker import Breaker
from dispatcher_app.integrations.transport import Answered, Lookup, Unreachable
from dispatcher_app.planning.travel.answer import ERROR_PERCENT, Route, Routes
from dispatcher_app.planning.travel.chain import Partial, Unanswered, said_of
from dispatcher_app.planning.travel.estimate import Ground
from dispatcher_app.planning.travel.places import Places

TIMEOUT_S = 6.0
BLOCK = 100
"""So many origins and so many targets in one question: what a server takes that was set up without thinking of it."""
MOST_BLOCKS = 100
AWAY_M = 1_000.0
"""OSRM puts every place on some road; one that is farther away is not where the place is."""
ALTERNATIVES = 2

Question = tuple[str, dict[str, str]]


class Osrm:
    """A server behind an address; it thinks in WGS-84 and knows no traffic."""

    name: TravelSource = "osrm"
    precise = False

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S, breaker: Breaker | None = None) -> None:
        self._lookup = Lookup(url, timeout_s)
        self._breaker = breaker or Breaker()

    def matrix(self, origins: Places, targets: Places, at: int, ground: Ground) -> Partial:
        """Drives in blocks that the server takes, as much longer as trips here have shown."""
        rows, columns = blocks(len(origins)), blocks(len(targets))
        if len(rows) * len(columns) > MOST_BLOCKS:
            raise Unanswered(Broken("travel_too_many", {"provider": self.name}))
        wanted = [(a, b) for a in rows for b in columns]
        answers = self._ask([table(origins[a], targets[b]) for a, b in wanted])
        seconds = np.full((len(origins), len(targets)), np.nan)
        for (a, b), answer in zip(wanted, answers, strict=True):
            found = durations(answer, len(origins[a]), len(targets[b]))
            if found is None:
                raise Unanswered(self.distrust())
            seconds[a, b] = found
        self._breaker.succeeded()
        longer = ground.road.at(ground.hour(at))
        door_to_door = seconds * longer + ground.policy.parking_s
        return Partial(door_to_door, ERROR_PERCENT["osrm"], said_of(seconds, Broken("travel_by_osrm")))

    def routes(self, origin: Point, target: Point, at: int, ground: Ground, wanted: int) -> Routes:
        """The quickest way and, where they are wanted, others."""
        params = {"overview": "full", "geometries": "geojson", "steps": "false",
                  "alternatives": str(ALTERNATIVES) if wanted > 1 else "false"}  # fmt: skip
        answer = self._ask([(f"/route/v1/driving/{said((origin, target))}", params)])[0]
        longer = ground.road.at(ground.hour(at))
        made = [route_of(each, longer, ground.policy.parking_s) for each in listed(answer, "routes")]
        if answer == {"code": "NoRoute"} or not made:
            raise Unanswered(Broken("travel_no_way"))
        kept = tuple(each for each in made if each is not None)
        if not kept:
            raise Unanswered(self.distrust())
        self._breaker.succeeded()
        return Routes(kept, (Broken("travel_by_osrm"),))

    def distrust(self) -> Broken:
        """It said what can't be."""
        self._breaker.failed()
        return Broken("travel_unfit", {"provider": self.name})

    def _ask(self, questions: Sequence[Question]) -> list[dict[str, Any]]:
        away = Broken("travel_away", {"provider": self.name})
        if not self._breaker.allows():
            raise Unanswered(away)
        try:
            answers = self._lookup.get_all(questions)
        except Unreachable:
            self._breaker.failed()
            raise Unanswered(away) from None
        return [self._checked(each) for each in answers]

    def _checked(self, answered: Answered) -> dict[str, Any]:
        body = answered.body or {}
        if answered.status == 200 and body.get("code") == "Ok":
            return body
        if answered.status == 400 and body.get("code") in ("NoRoute", "NoTable", "NoSegment"):
            # A rule of the roads, not a fault of the server.
            return {"code": "NoRoute"}
        self._breaker.failed()
        if answered.status in (429, 502, 503, 504):
            raise Unanswered(Broken("travel_away", {"provider": self.name}))
        raise Unanswered(Broken("travel_unfit", {"provider": self.name}))

    def troubles(self) -> tuple[Broken, ...]:
        """That it doesn't answer as it should."""
        return (Broken("health_travel_source", {"provider": self.name}),) if self._breaker.failing else ()

    def close(self) -> None:
        """Let go of the connections."""
        self._lookup.close()


def blocks(count: int) -> list[slice]:
    """So many places in pieces that the server takes."""
    return [slice(begin, min(begin + BLOCK, count)) for begin in range(0, count, BLOCK)]


def said(points: Sequence[Point]) -> str:
    """Places as OSRM reads them."""
    return ";".join(f"{point.lon:.6f},{point.lat:.6f}" for point in points)


def table(origins: Sequence[Point], targets: Sequence[Point]) -> Question:
    """The question for all drives from here to there."""
    split = len(origins)
    return f"/table/v1/driving/{said((*origins, *targets))}", {
        "sources": ";".join(map(str, range(split))),
        "destinations": ";".join(map(str, range(split, split + len(targets)))),
        "annotations": "duration",
    }


def listed(answer: dict[str, Any], name: str) -> list[Any]:
    """A list of an answer, empty where there is none."""
    found = answer.get(name)
    return found if isinstance(found, list) else []


def durations(answer: dict[str, Any], rows: int, columns: int) -> NDArray[np.float64] | None:
    """Seconds of a table, nan where there is no way or no road near; None where the answer is not such a table."""
    if answer == {"code": "NoRoute"}:
        return np.full((rows, columns), np.nan)
    found = listed(answer, "durations")
    if len(found) != rows or any(not isinstance(row, list) or len(row) != columns for row in found):
        return None
    try:
        seconds = np.array(found, np.float64)
    except (TypeError, ValueError):
        return None
    seconds[~np.isfinite(seconds)] = np.nan
    seconds[away(answer, "sources", rows), :] = np.nan
    seconds[:, away(answer, "destinations", columns)] = np.nan
    return seconds


def away(answer: dict[str, Any], name: str, count: int) -> NDArray[np.bool_]:
    """Which places the server has put on a road that is not theirs."""
    found = listed(answer, name)
    if len(found) != count:
        return np.zeros(count, bool)
    metres = (each.get("distance") if isinstance(each, dict) else None for each in found)
    return np.array([isinstance(each, int | float) and each > AWAY_M for each in metres])


def route_of(said: Any, longer: float, parking_s: int) -> Route | None:
    """A route of an answer; None where it is none."""
    if not isinstance(said, dict):
        return None
    seconds, metres, line = said.get("duration"), said.get("distance"), said.get("geometry")
    if not (isinstance(seconds, int | float) and isinstance(metres, int | float) and isinstance(line, dict)):
        return None
    points = line_of(line.get("coordinates"))
    if not (math.isfinite(seconds) and math.isfinite(metres)) or len(points) < 2:
        return None
    return Route(
        seconds=round(seconds * longer) + parking_s, metres=round(metres), line=points, source="osrm",
        error_percent=ERROR_PERCENT["osrm"],
    )  # fmt: skip


def line_of(said: Any) -> tuple[Point, ...]:
    """A line of an answer, empty where it is none."""
    if not isinstance(said, list):
        return ()
    try:
        points = tuple(Point(float(each[0]), float(each[1])) for each in said)
    except (TypeError, ValueError, IndexError, KeyError):
        return ()
    return points if all(abs(each.lon) <= 180 and abs(each.lat) <= 90 for each in points) else ()
