"""Quickest ways over a weighted graph: contraction hierarchies, or scipy's Dijkstra where those are not installed.

Both take ends: for every place the nodes it can leave by (or be reached by) with the milliseconds to (from) each.
A contraction hierarchy belongs to the thread that made it and panics in any other: `engine` keeps one for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from dispatcher_app.planning.road.graph import Graph

BLOCK = 64
"""So many sources at a time: Dijkstra keeps the times to every node of the city for each."""


End = tuple[int, int]
"""A node, and the milliseconds between it and a place."""


class Path(NamedTuple):
    """A way over the graph: the node it begins at, and its arcs."""

    node: int
    arcs: list[int]


@dataclass(frozen=True, slots=True)
class Ends:
    """The nodes of all places one after another with milliseconds; `starts` says where each place's begin.

    `pins` are the different ones among the nodes, `back` says which of them each node is.
    """

    node: NDArray[np.int64]
    ms: NDArray[np.int64]
    starts: NDArray[np.int64]
    pins: NDArray[np.int64]
    back: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, index: int) -> list[End]:
        """The ends of one place."""
        here = slice(self.starts[index], self.starts[index + 1])
        return list(zip(self.node[here].tolist(), self.ms[here].tolist(), strict=True))

    def some(self, begin: int, end: int) -> Ends:
        """The ends of some places that follow each other."""
        here = slice(self.starts[begin], self.starts[end])
        starts = self.starts[begin : end + 1] - self.starts[begin]
        return ends_at(self.node[here], self.ms[here], starts)


def ends_at(node: NDArray[np.int64], ms: NDArray[np.int64], starts: NDArray[np.int64]) -> Ends:
    """Ends with their different nodes found."""
    pins, back = np.unique(node, return_inverse=True)
    return Ends(node, ms, starts, pins, back)


class Shortest(Protocol):
    """The quickest ways at one slice of the day."""

    def part(self, exits: Ends, entries: Ends, begin: int, end: int) -> NDArray[np.float64]:
        """Milliseconds from every place (row) to every place (column), inf where there is no way.

        Only for the places `begin` to `end` of the smaller side, so that a large table is made piece by piece.
        """

    def path(self, exits: list[End], entries: list[End]) -> Path | None:
        """The quickest way from one of these ends to one of those, None where there is none."""


def contraction_installed() -> bool:
    """Whether the quick engine is there."""
    return find_spec("routingkit_cch") is not None


def order_of(graph: Graph) -> NDArray[np.int32]:
    """The order to contract the nodes in, which is worth keeping; empty where the quick engine is not installed."""
    if not contraction_installed():
        return np.zeros(0, np.int32)
    from routingkit_cch import compute_order_inertial

    lon, lat = graph.nodes[graph.place].T
    order = compute_order_inertial(
        graph.size, graph.arc_tail.tolist(), graph.arc_head.tolist(), lat.tolist(), lon.tolist()
    )
    return np.array(order, np.int32)


def contracted(graph: Graph, order: NDArray[np.int32]) -> Any:
    """The hierarchy of a graph, without weights."""
    from routingkit_cch import CCH

    if len(order) != graph.size:
        order = order_of(graph)
    return CCH(order.tolist(), graph.arc_tail.tolist(), graph.arc_head.tolist(), False)


def best_of(times: NDArray[np.float64], ends: Ends) -> NDArray[np.float64]:
    """Over the columns of a place's ends the quickest; there is a column for each of the pins."""
    made: NDArray[np.float64] = np.minimum.reduceat(times[:, ends.back] + ends.ms, ends.starts[:-1], axis=1)
    return made


def by_rows(exits: Ends, entries: Ends) -> bool:
    """Whether a table is made row by row; otherwise column by column."""
    return len(exits) <= len(entries)


class Contraction:
    """One customised hierarchy."""

    def __init__(self, hierarchy: Any, weights: NDArray[np.int64]) -> None:
        from routingkit_cch import CCHManyToOne, CCHMetric, CCHOneToMany, CCHQuery

        metric = CCHMetric(hierarchy, weights.tolist())
        self._out = CCHOneToMany(metric, [0])
        self._in = CCHManyToOne(metric, [0])
        self._query = CCHQuery(metric)
        self._targets: Ends | None = None
        self._sources: Ends | None = None

    def part(self, exits: Ends, entries: Ends, begin: int, end: int) -> NDArray[np.float64]:
        """One sweep for each place of the smaller side."""
        if by_rows(exits, entries):
            # Who asks about the same places again and again, as a drag does, pins them once.
            if self._targets is not entries:
                self._out.repin_targets(entries.pins.tolist())
                self._targets = entries
            rows = [self._out.distances_from_multi(exits.of(row)) for row in range(begin, end)]
            return best_of(floats(rows), entries)
        if self._sources is not exits:
            self._in.repin_sources(exits.pins.tolist())
            self._sources = exits
        rows = [self._in.distances_to_multi(entries.of(column)) for column in range(begin, end)]
        return best_of(floats(rows), exits).T

    def path(self, exits: list[End], entries: list[End]) -> Path | None:
        """The quickest way."""
        found = self._query.run_multi(exits, entries)
        return None if found.distance is None else Path(found.node_path[0], list(found.arc_path))


def floats(rows: list[list[int | None]]) -> NDArray[np.float64]:
    """Answers as an array, inf for none."""
    made = np.array(rows, np.float64)
    made[np.isnan(made)] = np.inf
    return made


class Dijkstra:
    """The same answers from scipy, source by source."""

    def __init__(self, graph: Graph, weights: NDArray[np.int64]) -> None:
        # Of several arcs between two nodes only the quickest counts; a sparse matrix would add them up.
        order = np.lexsort((weights, graph.arc_head, graph.arc_tail))
        tail, head = graph.arc_tail[order], graph.arc_head[order]
        first = np.ones(len(order), bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        self._arcs = order[first]
        self._matrix = csr_matrix(
            (weights[self._arcs].astype(np.float64), (tail[first], head[first])),
            shape=(graph.size, graph.size),
        )
        self._key = tail[first].astype(np.int64) * graph.size + head[first]
        self._size = graph.size

    def part(self, exits: Ends, entries: Ends, begin: int, end: int) -> NDArray[np.float64]:
        """One search for each node that a place can be left by."""
        if by_rows(exits, entries):
            exits = exits.some(begin, end)
        else:
            entries = entries.some(begin, end)
        times = np.empty((len(exits.pins), len(entries.pins)))
        for first in range(0, len(exits.pins), BLOCK):
            block = slice(first, first + BLOCK)
            times[block] = dijkstra(self._matrix, indices=exits.pins[block])[:, entries.pins]
        return best_of(best_of(times.T, exits).T, entries)

    def path(self, exits: list[End], entries: list[End]) -> Path | None:
        """The quickest way, found backwards from where it ends."""
        best: tuple[float, Path] | None = None
        for source, before in exits:
            times, previous = dijkstra(self._matrix, indices=source, return_predecessors=True)
            node, after = min(entries, key=lambda end: times[end[0]] + end[1])
            total = before + times[node] + after
            if np.isfinite(total) and (best is None or total < best[0]):
                best = (total, Path(source, self._arcs_to(node, source, previous)))
        return None if best is None else best[1]

    def _arcs_to(self, node: int, source: int, previous: NDArray[np.int32]) -> list[int]:
        arcs = []
        while node != source:
            before = int(previous[node])
            arcs.append(int(self._arcs[np.searchsorted(self._key, before * self._size + node)]))
            node = before
        return arcs[::-1]
