"""Travel times with the traffic of this moment from AMap (高德), for the last few candidates and for several routes.

`/v3/distance` takes up to a hundred origins for one destination; `/v3/direction/driving` with strategy 10 gives several
routes with the traffic along them. Every question counts against the key's quota. Places go out and come back in GCJ-02.
"""

from __future__ import annotations

import hashlib
import math
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from dispatcher_app import clock
from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.datum import gcj02_to_wgs84, wgs84_to_gcj02
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.place import Point
from dispatcher_app.integrations.breaker import MOST_MS, Breaker
from dispatcher_app.integrations.quota import Quota
from dispatcher_app.integrations.transport import Answered, Lookup, Unreachable
from dispatcher_app.planning.travel.answer import ERROR_PERCENT, Flow, Route, Routes, Stretch
from dispatcher_app.planning.travel.chain import Partial, Unanswered, said_of
from dispatcher_app.planning.travel.estimate import Ground
from dispatcher_app.planning.travel.places import Places

ADDRESS = "https://restapi.amap.com"
TIMEOUT_S = 4.0
AT_ONCE = 100
"""Origins in one question."""
MOST_TARGETS = 5
"""A question for each target: for more of them other sources are asked."""
HALF_HOUR_MS = 1_800_000
REMEMBERED = 50_000

DAY_OVER = frozenset({"10003", "10044", "10045", "40000", "40002"})
TOO_FAST = frozenset({"10004", "10014", "10015", "10019", "10020", "10021", "10029"})
KEY_WRONG = frozenset({"10001", "10002", "10005", "10006", "10007", "10008", "10009", "10010", "10012", "10013",
                       "10026", "10041"})  # fmt: skip
"""What AMap's `infocode` means: quota used up; asked too quickly; the key may not, or its signature is wrong."""

FLOWS: Mapping[str, Flow] = {"畅通": "smooth", "缓行": "slow", "拥堵": "jam", "严重拥堵": "blocked"}

Cell = tuple[float, float, float, float, int]


class Amap:
    """AMap by its web service key; `secret` signs the questions where the key asks for it."""

    name: TravelSource = "amap"
    precise = True

    def __init__(
        self, key: str, secret: str = "", *, quota: Quota, url: str = ADDRESS, timeout_s: float = TIMEOUT_S,
        breaker: Breaker | None = None,
    ) -> None:  # fmt: skip
        self._key = key
        self._secret = secret
        self._quota = quota
        self._lookup = Lookup(url, timeout_s)
        self._breaker = breaker or Breaker()
        self._lock = threading.Lock()
        self._known: OrderedDict[Cell, float] = OrderedDict()
        self._refused = ""

    def matrix(self, origins: Places, targets: Places, at: int, ground: Ground) -> Partial:
        """Drives that begin now; what was asked in this half hour between the same places is not asked again."""
        if abs(at - clock.now_ms()) > HALF_HOUR_MS or len(targets) > MOST_TARGETS:
            raise Unanswered(Broken("travel_now_only"))
        seconds = np.full((len(origins), len(targets)), np.nan)
        asked: list[tuple[int, list[int]]] = []
        for column, target in enumerate(targets):
            for row, origin in enumerate(origins):
                known = self._remembered(origin, target, at)
                seconds[row, column] = np.nan if known is None else known
            unknown = np.flatnonzero(np.isnan(seconds[:, column])).tolist()
            asked += [(column, unknown[begin : begin + AT_ONCE]) for begin in range(0, len(unknown), AT_ONCE)]
        questions = [
            self._distance([origins[row] for row in rows], targets[column]) for column, rows in asked
        ]
        for (column, rows), body in zip(asked, self._ask(questions) if questions else [], strict=True):
            found = drives(body, len(rows))
            if found is None:
                raise Unanswered(self.distrust())
            seconds[rows, column] = found
            for row, each in zip(rows, found, strict=True):
                self._remember(origins[row], targets[column], at, each)
        notes = said_of(seconds, Broken("travel_by_amap"))
        return Partial(seconds + ground.policy.parking_s, ERROR_PERCENT["amap"], notes)

    def routes(self, origin: Point, target: Point, at: int, ground: Ground, wanted: int) -> Routes:
        """Up to three ways with the traffic along them."""
        if abs(at - clock.now_ms()) > HALF_HOUR_MS:
            raise Unanswered(Broken("travel_now_only"))
        params = {"origin": said(origin), "destination": said(target), "extensions": "all",
                  "strategy": "10" if wanted > 1 else "0"}  # fmt: skip
        route = self._ask([("/v3/direction/driving", self._signed(params))])[0].get("route")
        paths = route.get("paths") if isinstance(route, dict) else None
        made = [route_of(each, ground.policy.parking_s) for each in paths] if isinstance(paths, list) else []
        kept = tuple(each for each in made if each is not None)
        if not kept:
            raise Unanswered(self.distrust())
        return Routes(kept, (Broken("travel_by_amap"),))

    def distrust(self) -> Broken:
        """It said what can't be."""
        self._breaker.failed()
        with self._lock:
            self._known.clear()
        return Broken("travel_unfit", {"provider": self.name})

    def _distance(self, origins: Sequence[Point], target: Point) -> tuple[str, dict[str, str]]:
        params = {"origins": "|".join(map(said, origins)), "destination": said(target), "type": "1"}
        return "/v3/distance", self._signed(params)

    def _signed(self, params: dict[str, str]) -> dict[str, str]:
        whole = {**params, "key": self._key, "output": "JSON"}
        return {**whole, "sig": signature(whole, self._secret)} if self._secret else whole

    def _ask(self, questions: Sequence[tuple[str, dict[str, str]]]) -> list[dict[str, Any]]:
        if self._quota.exhausted:
            raise Unanswered(Broken("travel_quota", {"provider": self.name}))
        if not self._breaker.allows():
            raise Unanswered(Broken("travel_away", {"provider": self.name}))
        if not self._quota.take(len(questions)):
            raise Unanswered(Broken("travel_quota", {"provider": self.name}))
        try:
            bodies = [self._checked(each) for each in self._lookup.get_all(questions)]
        except Unreachable:
            self._breaker.failed()
            raise Unanswered(Broken("travel_away", {"provider": self.name})) from None
        self._breaker.succeeded()
        self._refused = ""
        return bodies

    def _checked(self, answered: Answered) -> dict[str, Any]:
        body = answered.body or {}
        code = str(body.get("infocode", ""))
        if answered.status == 200 and body.get("status") == "1":
            return body
        if code in DAY_OVER:
            self._quota.exhaust()
            raise Unanswered(Broken("travel_quota", {"provider": self.name}))
        if code in KEY_WRONG:
            self._refused = str(body.get("info", code))[:60]
            self._breaker.failed(MOST_MS)
            raise Unanswered(Broken("travel_refused", {"provider": self.name, "detail": self._refused}))
        self._breaker.failed()
        if code in TOO_FAST or answered.status in (429, 502, 503, 504):
            raise Unanswered(Broken("travel_away", {"provider": self.name}))
        raise Unanswered(Broken("travel_unfit", {"provider": self.name}))

    def _remembered(self, origin: Point, target: Point, at: int) -> float | None:
        with self._lock:
            return self._known.get(cell(origin, target, at))

    def _remember(self, origin: Point, target: Point, at: int, seconds: float) -> None:
        if math.isfinite(seconds):
            with self._lock:
                self._known[cell(origin, target, at)] = seconds
                while len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)

    def troubles(self) -> tuple[Broken, ...]:
        """That the key is refused, the quota used up, or nothing fit comes back."""
        if self._refused:
            return (Broken("health_travel_key", {"provider": self.name, "detail": self._refused}),)
        if self._quota.exhausted:
            return (Broken("health_travel_quota", {"provider": self.name}),)
        return (Broken("health_travel_source", {"provider": self.name}),) if self._breaker.failing else ()

    def close(self) -> None:
        """Let go of the connections."""
        self._lookup.close()


def cell(origin: Point, target: Point, at: int) -> Cell:
    """Places to about a hundred metres, moments to half an hour."""
    a, b = origin.coarse(), target.coarse()
    return a.lon, a.lat, b.lon, b.lat, at // HALF_HOUR_MS


def signature(params: Mapping[str, str], secret: str) -> str:
    """AMap's proof of a question: MD5 over its parameters in order of their names, and the secret."""
    ordered = "&".join(f"{name}={params[name]}" for name in sorted(params))
    return hashlib.md5((ordered + secret).encode(), usedforsecurity=False).hexdigest()


def said(point: Point) -> str:
    """A place as AMap reads it: GCJ-02, six decimals at most."""
    lon, lat = wgs84_to_gcj02(point.lon, point.lat)
    return f"{lon:.6f},{lat:.6f}"


def number(value: Any) -> float:
    """A number that AMap has said as text; nan where it is none."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return math.nan
    return found if math.isfinite(found) else math.nan


def drives(body: dict[str, Any], count: int) -> list[float] | None:
    """Seconds by origin, nan where AMap knows no way; None where the answer is not one for so many origins."""
    results = body.get("results")
    if not isinstance(results, list) or len(results) != count:
        return None
    seconds = [math.nan] * count
    for each in results:
        if not isinstance(each, dict):
            return None
        row = number(each.get("origin_id"))
        if math.isnan(row) or not 1 <= row <= count:
            return None
        if "code" not in each:
            seconds[int(row) - 1] = number(each.get("duration"))
    return seconds


def route_of(path: Any, parking_s: int) -> Route | None:
    """A route of an answer; None where it is none."""
    if not isinstance(path, dict) or not isinstance(path.get("steps"), list):
        return None
    seconds, metres, lights = (number(path.get(name)) for name in ("duration", "distance", "traffic_lights"))
    line: list[Point] = []
    stretches: list[Stretch] = []
    for points, flow in parts(path["steps"]):
        first = max(0, len(line) - 1)
        line += points if not line or line[-1] != points[0] else points[1:]
        if stretches and stretches[-1].flow == flow:
            stretches[-1] = Stretch(stretches[-1].first, len(line) - 1, flow)
        else:
            stretches.append(Stretch(first, len(line) - 1, flow))
    if math.isnan(seconds) or math.isnan(metres) or len(line) < 2:
        return None
    return Route(
        seconds=round(seconds) + parking_s, metres=round(metres), line=tuple(line), source="amap",
        error_percent=ERROR_PERCENT["amap"], lights=None if math.isnan(lights) else round(lights),
        stretches=tuple(stretches),
    )  # fmt: skip


def parts(steps: list[Any]) -> Iterator[tuple[list[Point], Flow]]:
    """The line piece by piece with the traffic on it; a step without traffic is one piece."""
    for step in steps:
        if not isinstance(step, dict):
            continue
        tmcs = step.get("tmcs")
        pieces = tmcs if isinstance(tmcs, list) and tmcs else [step]
        for piece in pieces:
            if not isinstance(piece, dict):
                continue
            points = points_of(piece.get("polyline"))
            if points:
                yield points, FLOWS.get(str(piece.get("status", "")), "unknown")


def points_of(polyline: Any) -> list[Point]:
    """A line in WGS-84 from AMap's own; empty where it is none."""
    if not isinstance(polyline, str):
        return []
    points = []
    for pair in polyline.split(";"):
        lon, _, lat = pair.partition(",")
        x, y = number(lon), number(lat)
        if math.isnan(x) or math.isnan(y):
            return []
        points.append(Point(*(round(each, 6) for each in gcj02_to_wgs84(x, y))))
    return points
