"""Forbidden turns: a crossing is copied for those who come to it by a road, or roads, that some turn is forbidden from.

The copy has every way out but the forbidden ones, so that shortest paths over the graph keep the rule by themselves;
the rest of the graph stays as small as it is. So that nobody gets round the rule by turning back in the road, roads that
leave such a crossing must not be turned back in at their end, unless it is a dead end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.planning.road.read import Turn

LONGEST = 30
"""A turn over ways of more arcs than that is a mistake of the map."""


@dataclass(frozen=True, slots=True)
class Arcs:
    """Edges driven in one direction: from node, to node, along which edge, whether against it."""

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    edge: NDArray[np.int64]
    back: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Heeded:
    """Arcs that keep the forbidden turns; `place` says for every node number which place it is at."""

    arcs: Arcs
    place: NDArray[np.int64]
    heeded: int
    unheeded: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Arcs that make some ways out forbidden at their end if they are driven one after another."""

    path: tuple[int, ...]
    closed: frozenset[int]


def with_turns(
    arcs: Arcs, turns: Iterable[Turn], refs: NDArray[np.int64], way_of_edge: NDArray[np.int64]
) -> Heeded:
    """The arcs with every crossing copied where a turn is forbidden; `refs` are the nodes' numbers in the file."""
    places = np.arange(len(refs))
    wanted = tuple(turns)
    if not wanted:
        return Heeded(arcs, places, 0, 0)
    number = {int(ref): index for index, ref in enumerate(refs)}
    ways = arcs_of_ways(arcs, way_of_edge, {way for turn in wanted for way in (turn.before, *turn.over)})
    ends = {int(arcs.head[arc]) for found in ways.values() for arc in found}
    ways_out = around(arcs, ends)
    chains: list[Chain] = []
    heeded = 0
    for turn in wanted:
        found = list(chains_of(arcs, turn, number.get(turn.via, -1), ways, ways_out, way_of_edge))
        # What nobody could drive anyway, as into a one-way street from its end, is kept as it is.
        heeded += bool(found) or not ways.get(turn.before) or not (turn.over or turn.only)
        chains += found
    banned: dict[int, set[int]] = defaultdict(set)
    for chain in chains:
        if len(chain.path) == 1:
            banned[chain.path[0]] |= chain.closed
    longer = [chain for chain in chains if len(chain.path) > 1]
    no_turning_back(arcs, banned, {int(arcs.head[arc]) for chain in chains for arc in chain.path})
    return Heeded(*copied(arcs, banned, longer, places), heeded, len(wanted) - heeded)


def arcs_of_ways(arcs: Arcs, way_of_edge: NDArray[np.int64], wanted: set[int]) -> dict[int, list[int]]:
    """The arcs that belong to each of these ways."""
    way = way_of_edge[arcs.edge]
    found: dict[int, list[int]] = defaultdict(list)
    for arc in np.flatnonzero(np.isin(way, np.fromiter(wanted, np.int64, len(wanted)))).tolist():
        found[int(way[arc])].append(arc)
    return found


def chains_of(
    arcs: Arcs,
    turn: Turn,
    via: int,
    ways: dict[int, list[int]],
    ways_out: dict[int, list[int]],
    way_of_edge: NDArray[np.int64],
) -> Iterator[Chain]:
    """The chains of arcs that a turn makes something forbidden after."""
    for first in ways[turn.before]:
        node = int(arcs.head[first])
        path: tuple[int, ...] = (first,) if node == via else ()
        if turn.over:
            path = over_ways(arcs, first, turn, ways, ways_out, way_of_edge)
        if not path:
            continue
        onward = ways_out[int(arcs.head[path[-1]])]
        after = {out for out in onward if way_of_edge[arcs.edge[out]] == turn.after}
        if turn.only:
            closed = set(onward) - after if after else set()
        else:
            # A turn back into the same way is only forbidden as such, not going straight on along it.
            closed = {
                out for out in after
                if turn.over or turn.before != turn.after or arcs.edge[out] == arcs.edge[first]
            }  # fmt: skip
        if closed:
            yield Chain(path, frozenset(closed))


def over_ways(
    arcs: Arcs,
    first: int,
    turn: Turn,
    ways: dict[int, list[int]],
    ways_out: dict[int, list[int]],
    way_of_edge: NDArray[np.int64],
) -> tuple[int, ...]:
    """The arcs from `first` along the ways that a turn spans, to where the last way begins; empty where none do."""
    allowed = {arc for way in turn.over for arc in ways[way]}
    path = [first]
    while len(path) < LONGEST:
        before = path[-1]
        onward = [
            out for out in ways_out[int(arcs.head[before])]
            if out in allowed and arcs.edge[out] != arcs.edge[before]
        ]  # fmt: skip
        if len(onward) != 1:
            return ()
        path.append(onward[0])
        ends = ways_out[int(arcs.head[onward[0]])]
        if any(way_of_edge[arcs.edge[out]] == turn.after for out in ends):
            return tuple(path)
    return ()


def around(arcs: Arcs, nodes: set[int]) -> dict[int, list[int]]:
    """The arcs out of these nodes."""
    out: dict[int, list[int]] = defaultdict(list)
    for arc in np.flatnonzero(np.isin(arcs.tail, np.fromiter(nodes, np.int64, len(nodes)))).tolist():
        out[int(arcs.tail[arc])].append(arc)
    return out


def no_turning_back(arcs: Arcs, banned: dict[int, set[int]], crossings: set[int]) -> None:
    """Forbid to turn back at once on the roads that lead to and from crossings with forbidden turns."""
    leaving = [arc for found in around(arcs, crossings).values() for arc in found]
    ways_out = around(arcs, crossings | {int(arcs.head[arc]) for arc in leaving})
    for arc in [*banned, *leaving]:
        onward = ways_out[int(arcs.head[arc])]
        back = {out for out in onward if arcs.edge[out] == arcs.edge[arc]}
        if back and len(onward) > len(banned.get(arc, set()) | back):
            banned[arc] |= back


State = tuple[int, frozenset[tuple[int, int]]]
"""An arc by which somebody arrives, and which chains he has driven how far."""


def copied(
    arcs: Arcs, banned: Mapping[int, set[int]], chains: Sequence[Chain], places: NDArray[np.int64]
) -> tuple[Arcs, NDArray[np.int64]]:
    """One copy of a crossing for each way of arriving there that may not go on everywhere."""
    begun: dict[int, frozenset[tuple[int, int]]] = defaultdict(frozenset)
    for index, chain in enumerate(chains):
        begun[chain.path[0]] |= {(index, 1)}
    special = set(banned) | set(begun)
    ways_out = around(arcs, {int(arcs.head[arc]) for chain in chains for arc in chain.path}
                      | {int(arcs.head[arc]) for arc in special})  # fmt: skip
    states: dict[State, int] = {}
    todo: list[State] = []

    def number_of(state: State) -> int:
        if state not in states:
            states[state] = len(places) + len(states)
            todo.append(state)
        return states[state]

    head = arcs.head.copy()
    for arc in sorted(special):
        head[arc] = number_of((arc, begun.get(arc, frozenset())))
    made: list[tuple[int, int, int]] = []
    while todo:
        state = todo.pop()
        arc, active = state
        closed = set(banned.get(arc, ()))
        for index, done in active:
            if done == len(chains[index].path):
                closed |= chains[index].closed
        for out in ways_out[int(arcs.head[arc])]:
            if out in closed:
                continue
            further = frozenset(
                (index, done + 1) for index, done in active
                if done < len(chains[index].path) and chains[index].path[done] == out
            )  # fmt: skip
            further |= begun.get(out, frozenset())
            onto = number_of((out, further)) if further or out in special else int(arcs.head[out])
            made.append((states[state], onto, out))
    tails, heads, outs = np.array(made, np.int64).reshape(-1, 3).T
    return Arcs(
        tail=np.concatenate((arcs.tail, tails)),
        head=np.concatenate((head, heads)),
        edge=np.concatenate((arcs.edge, arcs.edge[outs])),
        back=np.concatenate((arcs.back, arcs.back[outs])),
    ), np.concatenate((places, np.array([int(arcs.head[arc]) for arc, _ in states], np.int64)))
