"""Ways made into a graph: nodes where roads meet, edges between them, arcs that a car may drive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.place import EARTH_RADIUS_M
from dispatcher_app.planning.road.read import Unreadable, Ways
from dispatcher_app.planning.road.speed import CROSSING_MS, LIGHT_MS
from dispatcher_app.planning.road.turn import Arcs, Heeded, with_turns

NOWHERE = np.iinfo(np.int16).max
ISLAND_NODES = 100
"""A part of the graph that the rest can't be reached from counts as a place to be if it has so many nodes."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A city's roads.

    `nodes` are places (lon, lat); an edge runs from `tail` to `head` along `line[lines[e]:lines[e + 1]]`. An arc is an
    edge driven in one direction (`arc_back` against it); arcs beyond the first `heeded` exist because of forbidden
    turns, and so do node numbers beyond the places. `part` is the edge's connected part: 0 the largest, -1 too small
    to be anywhere.
    """

    nodes: NDArray[np.float64]
    delay: NDArray[np.int32]
    line: NDArray[np.float64]
    lines: NDArray[np.int64]
    metres: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    forward: NDArray[np.uint8]
    backward: NDArray[np.uint8]
    group: NDArray[np.uint8]
    part: NDArray[np.int16]
    arc_tail: NDArray[np.int32]
    arc_head: NDArray[np.int32]
    arc_edge: NDArray[np.int32]
    arc_back: NDArray[np.bool_]
    place: NDArray[np.int32]

    @property
    def size(self) -> int:
        """How many node numbers there are, copies for forbidden turns included."""
        return len(self.place)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a file was made into; `islands` are parts cut off from the largest one, `lost_km` roads too small to keep."""

    nodes: int
    arcs: int
    km: int
    islands: int
    lost_km: int
    turns: int
    unheeded: int
    torn: int


def made(ways: Ways) -> tuple[Graph, Figures]:
    """The graph of all ways; raises Unreadable where cars can't get anywhere."""
    refs, at = np.unique(ways.refs, return_inverse=True)
    first, last = ways.starts[:-1], ways.starts[1:] - 1
    meets = np.bincount(at, minlength=len(refs)) > 1
    meets[at[first]] = meets[at[last]] = True
    if ways.turns:
        vias = np.array([turn.via for turn in ways.turns if not turn.over], np.int64)
        meets |= np.isin(refs, vias)
    cuts = np.flatnonzero(meets[at])
    way_of = np.searchsorted(ways.starts, cuts, side="right") - 1
    same = way_of[1:] == way_of[:-1]
    begin, end, way = cuts[:-1][same], cuts[1:][same], way_of[1:][same]
    number = np.full(len(refs), -1, np.int64)
    kept = np.flatnonzero(meets)
    number[kept] = np.arange(len(kept))
    nodes = np.zeros((len(kept), 2))
    nodes[number[at[cuts]]] = ways.degrees[cuts]
    line, lines = spread(begin, end)
    tail, head = number[at[begin]], number[at[end]]
    forward, backward = ways.forward[way], ways.backward[way]
    roads = np.flatnonzero((forward > 0) | (backward > 0))
    arcs = Arcs(
        tail=np.concatenate((tail[forward > 0], head[backward > 0])),
        head=np.concatenate((head[forward > 0], tail[backward > 0])),
        edge=np.concatenate((np.flatnonzero(forward > 0), np.flatnonzero(backward > 0))),
        back=np.concatenate((np.zeros((forward > 0).sum(), bool), np.ones((backward > 0).sum(), bool))),
    )
    if not len(roads):
        raise Unreadable(Broken("city_no_roads"))
    turned = with_turns(arcs, ways.turns, refs[kept], ways.ids[way])
    part, islands = parts_of(turned, len(tail))
    metres = lengths(ways.degrees[line], lines)
    graph = Graph(
        nodes=nodes, delay=delays(refs[kept], ways.lights, tail, head), line=ways.degrees[line], lines=lines,
        metres=metres, tail=tail.astype(np.int32), head=head.astype(np.int32), forward=forward, backward=backward,
        group=ways.group[way], part=part, arc_tail=turned.arcs.tail.astype(np.int32),
        arc_head=turned.arcs.head.astype(np.int32), arc_edge=turned.arcs.edge.astype(np.int32),
        arc_back=turned.arcs.back, place=turned.place.astype(np.int32),
    )  # fmt: skip
    figures = Figures(
        nodes=len(kept), arcs=len(turned.arcs.tail), km=round(metres.sum() / 1000), islands=islands,
        lost_km=round(metres[part < 0].sum() / 1000), turns=turned.heeded,
        unheeded=ways.unheeded + turned.unheeded, torn=ways.torn,
    )  # fmt: skip
    return graph, figures


def spread(begin: NDArray[np.int64], end: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The positions begin..end of every edge one after another, and where each edge's begin."""
    count = end - begin + 1
    lines = np.concatenate(([0], np.cumsum(count)))
    return np.repeat(begin - lines[:-1], count) + np.arange(lines[-1]), lines


def lengths(line: NDArray[np.float64], lines: NDArray[np.int64]) -> NDArray[np.float64]:
    """Metres of every edge along its line, a few centimetres at least."""
    steps = steps_m(line)
    steps[lines[1:-1] - 1] = 0.0
    sums = np.concatenate(([0.0], np.cumsum(steps)))
    metres: NDArray[np.float64] = np.maximum(sums[lines[1:] - 1] - sums[lines[:-1]], 0.05)
    return metres


def steps_m(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres from every point of a line to the next; plane enough for the length of a street."""
    lon, lat = np.radians(line).T
    east = np.diff(lon) * np.cos((lat[1:] + lat[:-1]) / 2)
    metres: NDArray[np.float64] = np.hypot(east, np.diff(lat)) * EARTH_RADIUS_M
    return metres


def delays(
    refs: NDArray[np.int64], lights: NDArray[np.int64], tail: NDArray[np.int64], head: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Milliseconds that each node costs whoever passes it: nothing where only a road goes on."""
    pairs = np.concatenate((tail * len(refs) + head, head * len(refs) + tail))
    crossing = np.bincount(np.unique(pairs) // len(refs), minlength=len(refs)) > 2
    return np.where(np.isin(refs, lights), LIGHT_MS, np.where(crossing, CROSSING_MS, 0)).astype(np.int32)


def parts_of(turned: Heeded, edges: int) -> tuple[NDArray[np.int16], int]:
    """The part of the graph that each edge lies in, and how many smaller parts there are that no road connects.

    An edge is where its arcs go round: a crossing itself may be passed by its copies only.
    """
    size = len(turned.place)
    tail, head = turned.arcs.tail, turned.arcs.head
    ones = np.ones(len(tail), np.int8)
    count, label = connected_components(
        csr_matrix((ones, (tail, head)), shape=(size, size)), connection="strong"
    )
    sizes = np.bincount(label, minlength=count)
    order = np.argsort(-sizes, kind="stable")
    # The largest part is somewhere to be even in the smallest of towns.
    counted = 1 + int((sizes[order[1:]] >= ISLAND_NODES).sum())
    number = np.full(count, NOWHERE, np.int16)
    number[order[:counted]] = np.arange(counted)
    part = np.full(edges, NOWHERE, np.int16)
    round_ = label[tail] == label[head]
    np.minimum.at(part, turned.arcs.edge[round_], number[label[tail[round_]]])
    return np.where(part == NOWHERE, -1, part).astype(np.int16), int((sizes[order[1:]] > 1).sum())
