"""A city ready to be asked: places are put on its roads, drives between them found, ways drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.place import Point
from dispatcher_app.planning.road.graph import Graph, steps_m
from dispatcher_app.planning.road.shortest import (
    Contraction,
    Dijkstra,
    Ends,
    Shortest,
    by_rows,
    contracted,
    ends_at,
)
from dispatcher_app.planning.road.snap import Index, Snapped, index_of, snapped
from dispatcher_app.planning.road.speed import LONGER, LONGER_DELAY, SLICES, Slice

PIECE = 50
"""So many sweeps in one go."""
FAR_M = 1e9
"""Beyond the end of any edge."""
YARD_MS = 240.0
"""Milliseconds for each metre between a road and the door: 15 km/h through a yard."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Milliseconds along and against every edge, at its nodes, and for every arc, at one slice of the day."""

    along: NDArray[np.float64]
    against: NDArray[np.float64]
    delay: NDArray[np.float64]
    arc: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Roads:
    """A graph with everything that questions need: where roads are, which arcs an edge has, what they cost."""

    graph: Graph
    index: Index
    arcs: NDArray[np.int64]
    arcs_of: NDArray[np.int64]
    costs: dict[Slice, Costs]


Found: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""Of which place, by which node, in how many milliseconds."""


@dataclass(frozen=True)
class Stand:
    """Places on the roads at a slice of the day; `usable` are those near a road.

    How they are left and how they are reached is each worked out when it is asked for: most questions have many
    places on one side only.
    """

    roads: Roads
    slice: Slice
    at: Snapped
    usable: NDArray[np.int64]

    @cached_property
    def exits(self) -> Ends:
        """How they are left: by the node at the end of their road, either way."""
        return ends([self._leaving(back) for back in (0, 1)], len(self.usable))

    @cached_property
    def entries(self) -> Ends:
        """How they are reached: from every node with a way into their road, either way."""
        return ends([self._reaching(back) for back in (0, 1)], len(self.usable))

    @cached_property
    def _edge(self) -> NDArray[np.int64]:
        edge: NDArray[np.int64] = self.at.edge[self.usable]
        return edge

    @cached_property
    def _share(self) -> NDArray[np.float64]:
        share: NDArray[np.float64] = np.clip(
            self.at.along[self.usable] / self.roads.graph.metres[self._edge], 0.0, 1.0
        )
        return share

    def _run(self, back: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What the whole road takes that way (ms), and the share of it that lies behind."""
        costs = self.roads.costs[self.slice]
        return (
            (costs.against[self._edge], 1.0 - self._share) if back else (costs.along[self._edge], self._share)
        )

    def _leaving(self, back: int) -> Found:
        roads, edge = self.roads, self._edge
        run, done = self._run(back)
        begin = roads.arcs_of[edge * 2 + back]
        open_ = np.flatnonzero(begin < roads.arcs_of[edge * 2 + back + 1])
        head = roads.graph.arc_head[roads.arcs[begin[open_]]]
        left = run[open_] * (1.0 - done[open_]) + roads.costs[self.slice].delay[roads.graph.place[head]]
        return open_, head.astype(np.int64), left

    def _reaching(self, back: int) -> Found:
        roads, edge = self.roads, self._edge
        run, done = self._run(back)
        begin = roads.arcs_of[edge * 2 + back]
        count = roads.arcs_of[edge * 2 + back + 1] - begin
        of = np.repeat(np.arange(len(edge)), count)
        nth = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
        tails = roads.graph.arc_tail[roads.arcs[begin[of] + nth]].astype(np.int64)
        return of, tails, run[of] * done[of]


def roads_of(graph: Graph) -> Roads:
    """The graph with its indexes."""
    key = graph.arc_edge.astype(np.int64) * 2 + graph.arc_back
    arcs = np.argsort(key, kind="stable")
    arcs_of = np.searchsorted(key[arcs], np.arange(2 * len(graph.tail) + 1))
    return Roads(graph, index_of(graph), arcs, arcs_of, {each: costs_of(graph, each) for each in SLICES})


def costs_of(graph: Graph, slice: Slice) -> Costs:
    """What driving costs at a slice of the day; a closed direction costs for ever."""
    longer = np.array(LONGER[slice])[graph.group]
    with np.errstate(divide="ignore"):
        along, against = (
            np.where(kmh > 0, graph.metres * 3600.0 / kmh, np.inf) * longer
            for kmh in (graph.forward.astype(np.float64), graph.backward.astype(np.float64))
        )
    delay: NDArray[np.float64] = graph.delay.astype(np.float64) * LONGER_DELAY[slice]
    run = np.where(graph.arc_back, against[graph.arc_edge], along[graph.arc_edge])
    arc = np.rint(run + delay[graph.place[graph.arc_head]]).astype(np.int64)
    return Costs(along, against, delay, np.maximum(arc, 1))


def shortest_of(
    graph: Graph, order: NDArray[np.int32], costs: dict[Slice, Costs], *, quick: bool
) -> dict[Slice, Shortest]:
    """The engines for every slice of the day; to be made in the thread that will use them."""
    if not quick:
        return {slice: Dijkstra(graph, each.arc) for slice, each in costs.items()}
    hierarchy = contracted(graph, order)
    return {slice: Contraction(hierarchy, each.arc) for slice, each in costs.items()}


def stand(roads: Roads, at: Snapped, slice: Slice) -> Stand:
    """Where snapped places stand."""
    return Stand(roads, slice, at, np.flatnonzero(at.edge >= 0))


def ends(found: list[Found], count: int) -> Ends:
    """Ends of both directions, sorted by place."""
    point, node, ms = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.argsort(point, kind="stable")
    starts = np.searchsorted(point[order], np.arange(count + 1))
    return ends_at(node[order], np.rint(ms[order]).astype(np.int64), starts)


def put(roads: Roads, degrees: NDArray[np.float64]) -> Snapped:
    """The places on their roads."""
    return snapped(roads.index, degrees)


Run: TypeAlias = Callable[[Callable[[], NDArray[np.float64]]], NDArray[np.float64]]
"""Does a piece of work in the thread that the engine belongs to."""


def here(work: Callable[[], NDArray[np.float64]]) -> NDArray[np.float64]:
    """In this one."""
    return work()


def table(shortest: Shortest, exits: Ends, entries: Ends, run: Run) -> NDArray[np.float64]:
    """Milliseconds from each to each, piece by piece: others who ask meanwhile wait for one piece only."""
    count = min(len(exits), len(entries))
    pieces = [
        run(partial(shortest.part, exits, entries, begin, min(begin + PIECE, count)))
        for begin in range(0, count, PIECE)
    ]
    return np.concatenate(pieces, axis=0 if by_rows(exits, entries) else 1)


def drives(
    roads: Roads, shortest: Shortest, slice: Slice, a: Stand, b: Stand, run: Run = here
) -> NDArray[np.float64]:
    """Milliseconds from every place of `a` to every place of `b`, inf where there is no way or no road."""
    times = np.full((len(a.at.edge), len(b.at.edge)), np.inf)
    if len(a.usable) and len(b.usable):
        found = table(shortest, a.exits, b.entries, run)
        found = along_one(roads, slice, a, b, found)
        found += a.at.away_m[a.usable][:, None] * YARD_MS + b.at.away_m[b.usable] * YARD_MS
        times[np.ix_(a.usable, b.usable)] = found
    return times


def along_one(
    roads: Roads, slice: Slice, a: Stand, b: Stand, found: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Drives that never leave their road are not longer than along it."""
    costs, metres = roads.costs[slice], roads.graph.metres
    here, there = a.at.edge[a.usable], b.at.edge[b.usable]
    row, column = np.nonzero(here[:, None] == there[None, :])
    if not len(row):
        return found
    edge = here[row]
    ahead = (b.at.along[b.usable][column] - a.at.along[a.usable][row]) / metres[edge]
    run = np.where(ahead >= 0, costs.along[edge], costs.against[edge])
    straight = np.where(ahead == 0, 0.0, np.abs(ahead) * np.where(ahead == 0, 0.0, run))
    straight[np.isnan(straight)] = np.inf
    found[row, column] = np.minimum(found[row, column], straight)
    return found


@dataclass(frozen=True, slots=True)
class Way:
    """One drive: milliseconds, metres driven, the line."""

    ms: float
    metres: float
    line: tuple[Point, ...]


def way(roads: Roads, shortest: Shortest, slice: Slice, a: Stand, b: Stand) -> Way | None:
    """The quickest way between two places and its line; None where there is none."""
    if not (len(a.usable) and len(b.usable)):
        return None
    ms = float(drives(roads, shortest, slice, a, b)[0, 0])
    if not np.isfinite(ms):
        return None
    yards_m = float(a.at.away_m[0] + b.at.away_m[0])
    edge, start = int(a.at.edge[0]), float(a.at.along[0])
    last, stop = int(b.at.edge[0]), float(b.at.along[0])
    if along_one(roads, slice, a, b, np.full((1, 1), np.inf))[0, 0] + yards_m * YARD_MS <= ms:
        return drawn(roads, ms, yards_m, [part(roads, edge, start, stop)])
    path = shortest.path(a.exits.of(0), b.entries.of(0))
    if path is None:
        return None
    graph = roads.graph
    arcs = [(int(graph.arc_edge[arc]), bool(graph.arc_back[arc])) for arc in path.arcs]
    begin = int(graph.place[path.node])
    end = int(graph.place[graph.arc_head[path.arcs[-1]]]) if path.arcs else begin
    pieces = [part(roads, each, *((FAR_M, 0.0) if back else (0.0, FAR_M))) for each, back in arcs]
    leave = part(roads, edge, start, end_of(graph, edge, begin))
    enter = part(roads, last, end_of(graph, last, end), stop)
    return drawn(roads, ms, yards_m, [leave, *pieces, enter])


def end_of(graph: Graph, edge: int, node: int) -> float:
    """Where along an edge (metres) that node is: at its beginning, or at its end."""
    return 0.0 if graph.tail[edge] == node else FAR_M


def part(roads: Roads, edge: int, start_m: float, stop_m: float) -> NDArray[np.float64]:
    """An edge's line between two lengths along it, backwards where the second is less."""
    graph = roads.graph
    line = graph.line[graph.lines[edge] : graph.lines[edge + 1]]
    sums = np.concatenate(([0.0], np.cumsum(steps_m(line))))
    low, high = sorted((min(start_m, float(sums[-1])), min(stop_m, float(sums[-1]))))
    cuts = np.concatenate(([low], sums[(sums > low) & (sums < high)], [high]))
    piece = np.column_stack((np.interp(cuts, sums, line[:, 0]), np.interp(cuts, sums, line[:, 1])))
    return piece if start_m <= stop_m else piece[::-1]


def drawn(roads: Roads, ms: float, yards_m: float, pieces: list[NDArray[np.float64]]) -> Way:
    """The whole line, its length with the yards at both ends."""
    line = np.concatenate(pieces)
    kept = np.concatenate(([True], np.any(np.diff(line, axis=0) != 0, axis=1)))
    line = line[kept]
    points = tuple(Point(round(lon, 6), round(lat, 6)) for lon, lat in line.tolist())
    return Way(ms, float(steps_m(line).sum()) + yards_m, points)
