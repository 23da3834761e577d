"""Stand-ins for an OSRM server and for AMap's web service, by their published protocols; they misbehave when told."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from dispatcher_app.domain.datum import gcj02_to_wgs84, wgs84_to_gcj02
from dispatcher_app.domain.place import Point, distance_m

METRES_A_SECOND = 8.0
"""Both drive at 29 km/h as the crow flies."""
KEY, SECRET = "a-web-service-key", "a-secret-of-the-key"
MOST_IN_TABLE = 100 * 100


@dataclass
class Roadside:
    """What was asked, and how the next questions are to be answered: one fault each, the last one for good."""

    url: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def fault(self) -> str:
        """How to answer this one."""
        if len(self.faults) > 1:
            return self.faults.pop(0)
        return self.faults[0] if self.faults else ""


Answer = tuple[int, Any]
Service = Callable[[str, dict[str, str], str], Answer]


@contextmanager
def standing(service: Service) -> Iterator[Roadside]:
    """A service that listens."""
    made = Roadside()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            params = dict(parse_qsl(parts.query))
            path = unquote(parts.path)
            made.asked.append((path, params))
            fault = made.fault()
            if fault == "hang":
                made.released.wait(30)
                return
            if fault == "drip":
                self.drip()
                return
            if fault == "cut":
                self.head(200, "application/json", 5000)
                self.wfile.write(b'{"code":')
                self.close_connection = True
                return
            if fault in PLAIN:
                status, kind, body = PLAIN[fault]
                self.head(status, kind, len(body))
                self.wfile.write(body)
                return
            status, answer = service(path, params, fault)
            body = json.dumps(answer, ensure_ascii=False).encode()
            self.head(status, "application/json", len(body))
            self.wfile.write(body)

        def head(self, status: int, kind: str, length: int) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(length))
            self.end_headers()

        def drip(self) -> None:
            """Byte by byte, so that no single wait is long, until the other side has gone."""
            self.head(200, "application/json", 1_000_000)
            try:
                while not made.released.wait(0.05):
                    self.wfile.write(b" ")
                    self.wfile.flush()
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: what was asked is kept."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


PLAIN: dict[str, tuple[int, str, bytes]] = {
    "html": (200, "text/html", b"<html><body>Please log in to the hotel's network</body></html>"),
    "empty": (200, "application/json", b""),
    "list": (200, "application/json", b"[1, 2, 3]"),
    "down": (500, "text/plain", b"internal error"),
    "gateway": (502, "text/html", b"<html>Bad Gateway</html>"),
    "too_many": (429, "application/json", b'{"message":"Too Many Requests"}'),
    "redirect": (302, "text/html", b"elsewhere"),
    "null": (200, "application/json", b"null"),
    "nan": (200, "application/json", b'{"code":"Ok","durations":[[NaN]]}'),
}  # fmt: skip


def seconds(a: Point, b: Point) -> float:
    """How long they say it takes."""
    return distance_m(a, b) / METRES_A_SECOND


def honest(true: float) -> Any:
    """As it is."""
    return true


LIES: dict[str, Callable[[float], Any]] = {
    "zero": lambda true: 0,
    "negative": lambda true: -5,
    "ages": lambda true: 36_000,
    "text": lambda true: "soon",
    "huge": lambda true: 1e300,
}


def osrm(path: str, params: dict[str, str], fault: str) -> Answer:
    """`table` and `route`, version 1."""
    _, service, version, profile, places = path.split("/", 4)
    if (version, profile) != ("v1", "driving"):
        return 400, {"code": "InvalidUrl", "message": "URL string malformed"}
    points = [Point(*map(float, pair.split(","))) for pair in places.split(";")]
    lie = LIES.get(fault, honest)
    if service == "table":
        rows = [points[int(each)] for each in params["sources"].split(";")]
        columns = [points[int(each)] for each in params["destinations"].split(";")]
        if len(rows) * len(columns) > MOST_IN_TABLE:
            return 400, {"code": "TooBig", "message": "Too many table coordinates"}
        table = [[lie(seconds(a, b)) for b in columns] for a in rows]
        if fault == "shape":
            table = [row[:-1] for row in table]
        if fault == "no_way":
            table = [[None] * len(columns) for _ in rows]
        return 200, {
            "code": "Ok", "durations": table,
            "sources": [waypoint(each, fault) for each in rows],
            "destinations": [waypoint(each, "") for each in columns],
        }  # fmt: skip
    if fault == "no_way":
        return 400, {"code": "NoRoute", "message": "Impossible route between points"}
    a, b = points
    count = 2 if params["alternatives"] != "false" else 1
    middle = [(a.lon + b.lon) / 2, (a.lat + b.lat) / 2]
    line = {"type": "LineString", "coordinates": [[a.lon, a.lat], middle, [b.lon, b.lat]]}
    routes = [
        {
            "duration": lie(seconds(a, b) * (1 + each / 4)),
            "distance": distance_m(a, b) * 1.3,
            "geometry": line,
        }
        for each in range(count)
    ]
    return 200, {"code": "Ok", "routes": [] if fault == "shape" else routes, "waypoints": []}


def waypoint(point: Point, fault: str) -> dict[str, Any]:
    """Where OSRM has put a place; in the sea that is far away."""
    return {"name": "", "location": [point.lon, point.lat], "distance": 9_000.0 if fault == "sea" else 12.5}


REFUSALS: dict[str, tuple[str, str]] = {
    "bad_key": ("INVALID_USER_KEY", "10001"),
    "bad_signature": ("INVALID_USER_SIGNATURE", "10007"),
    "day_over": ("DAILY_QUERY_OVER_LIMIT", "10003"),
    "too_fast": ("ACCESS_TOO_FREQUENT", "10004"),
    "engine": ("ENGINE_RESPONSE_DATA_ERROR", "30001"),
}


def amap(path: str, params: dict[str, str], fault: str) -> Answer:
    """`/v3/distance` by car, and `/v3/direction/driving`."""
    said = dict(params)
    signed = said.pop("sig", None)
    whole = "&".join(f"{name}={said[name]}" for name in sorted(said)) + SECRET
    if fault not in REFUSALS and params.get("key") != KEY:
        fault = "bad_key"
    if signed is not None and signed != hashlib.md5(whole.encode(), usedforsecurity=False).hexdigest():
        fault = "bad_signature"
    if fault in REFUSALS:
        info, code = REFUSALS[fault]
        return 200, {"status": "0", "info": info, "infocode": code}
    lie = LIES.get(fault, round)
    if path == "/v3/distance":
        target = place(params["destination"])
        results = [
            {"origin_id": str(index), "dest_id": "1", "distance": "1", "duration": str(lie(seconds(place(each), target)))}
            for index, each in enumerate(params["origins"].split("|"), 1)
        ]  # fmt: skip
        if fault == "shape":
            results.pop()
        if fault == "no_way":
            results = [{"origin_id": each["origin_id"], "dest_id": "1", "info": "NO_ROADS_NEARBY", "code": "1"}
                       for each in results]  # fmt: skip
        return 200, {"status": "1", "info": "OK", "infocode": "10000", "results": results}
    a, b = place(params["origin"]), place(params["destination"])
    count = 3 if params["strategy"] == "10" else 1
    paths = [driving(a, b, lie(seconds(a, b) * (1 + each / 4))) for each in range(count)]
    if fault == "shape":
        paths = [{"distance": "12"}]
    route = {"origin": params["origin"], "destination": params["destination"], "paths": paths}
    return 200, {"status": "1", "info": "OK", "infocode": "10000", "count": str(count), "route": route}


def place(said: str) -> Point:
    """A place as AMap is told it, where it really is; six decimals at most."""
    lon, _, lat = said.partition(",")
    assert all(len(each.partition(".")[2]) <= 6 for each in (lon, lat))
    return Point(*gcj02_to_wgs84(float(lon), float(lat)))


def driving(a: Point, b: Point, duration: Any) -> dict[str, Any]:
    """One path in two steps, the first with traffic in two pieces."""
    shares = (0.0, 0.25, 0.5, 1.0)
    points = [
        wgs84_to_gcj02(a.lon + share * (b.lon - a.lon), a.lat + share * (b.lat - a.lat)) for share in shares
    ]
    texts = [f"{lon:.6f},{lat:.6f}" for lon, lat in points]
    tmcs = [
        {"lcode": [], "distance": "10", "status": "畅通", "polyline": ";".join(texts[:2])},
        {"lcode": [], "distance": "10", "status": "拥堵", "polyline": ";".join(texts[1:3])},
    ]
    steps = [
        {"instruction": "", "distance": "20", "duration": "9", "polyline": ";".join(texts[:3]), "tmcs": tmcs},
        {"instruction": "", "distance": "20", "duration": "9", "polyline": ";".join(texts[2:]), "tmcs": []},
    ]
    distance = str(round(distance_m(a, b) * 1.3))
    return {"distance": distance, "duration": str(duration), "strategy": "速度最快", "tolls": "0",
            "traffic_lights": "7", "steps": steps}  # fmt: skip
