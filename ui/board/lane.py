"""The lanes above the rows: orders that nobody goes to, packed by their windows."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import replace

from ui.board.bar import Bar

Lanes = tuple[tuple[Bar, ...], ...]


def packed(bars: Iterable[Bar]) -> Lanes:
    """As few lanes as will do, those whose promise can't be kept in lanes of their own before all others."""
    broken: list[Bar] = []
    usual: list[Bar] = []
    for bar in sorted(bars, key=lambda bar: (bar.start, bar.end, bar.order)):
        (broken if "unkept" in bar.alerts else usual).append(bar)
    lanes: list[list[Bar]] = []
    for part in (broken, usual):
        free: list[tuple[int, int]] = []  # when a lane ends, and which one
        for bar in part:
            if free and free[0][0] <= bar.start:
                at = heapq.heappop(free)[1]
            else:
                at = len(lanes)
                lanes.append([])
            lanes[at].append(replace(bar, lane=at))
            heapq.heappush(free, (bar.end, at))
    return tuple(tuple(lane) for lane in lanes)
