"""Forbidden turns: a crossing is copied for those who come to it by a road that some turn is forbidden from.

The copy has every way out but the forbidden ones, so that shortest paths over the graph keep the rule by themselves;
the rest of the graph stays as small as it is. So that nobody gets round the rule by turning back in the road, roads that
leave such a crossing must not be turned back in at their end, unless it is a dead end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.planning.road.read import Turn


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


def with_turns(
    arcs: Arcs, turns: Iterable[Turn], refs: NDArray[np.int64], way_of_edge: NDArray[np.int64]
) -> Heeded:
    """The arcs with every crossing copied where a turn is forbidden; `refs` are the nodes' numbers in the file."""
    places = np.arange(len(refs))
    wanted = tuple(turns)
    if not wanted:
        return Heeded(arcs, places, 0, 0)
    number = {int(ref): index for index, ref in enumerate(refs)}
    vias = {number[turn.via] for turn in wanted if turn.via in number}
    ways_out, ways_in = around(arcs, vias)
    banned: dict[int, set[int]] = defaultdict(set)
    heeded = 0
    for turn in wanted:
        node = number.get(turn.via, -1)
        before = [arc for arc in ways_in[node] if way_of_edge[arcs.edge[arc]] == turn.before]
        after = [arc for arc in ways_out[node] if way_of_edge[arcs.edge[arc]] == turn.after]
        if not before or (turn.only and not after):
            continue
        heeded += 1
        for arc in before:
            if turn.only:
                banned[arc].update(out for out in ways_out[node] if out not in after)
            else:
                # A turn back into the same way is only forbidden as such, not going straight on along it.
                banned[arc].update(
                    out for out in after if turn.before != turn.after or arcs.edge[out] == arcs.edge[arc]
                )
    crossings = {int(arcs.head[arc]) for arc in banned}
    no_turning_back(arcs, banned, crossings)
    return Heeded(*copied(arcs, banned, places), heeded, len(wanted) - heeded)


def around(arcs: Arcs, nodes: set[int]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """The arcs out of these nodes, and into them."""
    out: dict[int, list[int]] = defaultdict(list)
    into: dict[int, list[int]] = defaultdict(list)
    wanted = np.fromiter(nodes, np.int64, len(nodes))
    for arc in np.flatnonzero(np.isin(arcs.tail, wanted)).tolist():
        out[int(arcs.tail[arc])].append(arc)
    for arc in np.flatnonzero(np.isin(arcs.head, wanted)).tolist():
        into[int(arcs.head[arc])].append(arc)
    return out, into


def no_turning_back(arcs: Arcs, banned: dict[int, set[int]], crossings: set[int]) -> None:
    """Forbid to turn back at once on the roads that lead to and from crossings with forbidden turns."""
    leaving, _ = around(arcs, crossings)
    ends = {int(arcs.head[arc]) for found in leaving.values() for arc in found}
    ways_out, _ = around(arcs, ends | crossings)
    for arc in [*banned, *(arc for found in leaving.values() for arc in found)]:
        onward = ways_out[int(arcs.head[arc])]
        back = {out for out in onward if arcs.edge[out] == arcs.edge[arc]}
        if back and len(onward) > len(banned.get(arc, set()) | back):
            banned[arc] |= back


def copied(
    arcs: Arcs, banned: dict[int, set[int]], places: NDArray[np.int64]
) -> tuple[Arcs, NDArray[np.int64]]:
    """One copy of the crossing for each arc that may not go on everywhere."""
    head = arcs.head.copy()
    ways_out, _ = around(arcs, {int(arcs.head[arc]) for arc in banned})
    copies = {arc: len(places) + index for index, arc in enumerate(banned)}
    for arc, copy in copies.items():
        head[arc] = copy
    onward = [
        (out, copy)
        for arc, copy in copies.items()
        for out in ways_out[int(arcs.head[arc])]
        if out not in banned[arc]
    ]
    outs = np.array([out for out, _ in onward], np.int64)
    tails = np.array([copy for _, copy in onward], np.int64)
    made = Arcs(
        tail=np.concatenate((arcs.tail, tails)),
        head=np.concatenate((head, head[outs])),
        edge=np.concatenate((arcs.edge, arcs.edge[outs])),
        back=np.concatenate((arcs.back, arcs.back[outs])),
    )
    origin = np.array([int(arcs.head[arc]) for arc in copies], np.int64)
    return made, np.concatenate((places, origin))
