"""The lanes above the rows: orders that nobody goes to, packed by their windows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ui.board.bar import Bar

Lanes = tuple[tuple[Bar, ...], ...]


def packed(bars: Iterable[Bar]) -> Lanes:
    """As few lanes as will do; those whose promise can't be kept come first, then by the end of their window."""
    lanes: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda bar: ("unkept" not in bar.alerts, bar.end, bar.start, bar.order)):
        at = next(
            (
                at
                for at, lane in enumerate(lanes)
                if all(other.end <= bar.start or bar.end <= other.start for other in lane)
            ),
            len(lanes),
        )
        if at == len(lanes):
            lanes.append([])
        lanes[at].append(replace(bar, lane=at))
    return tuple(tuple(sorted(lane, key=lambda bar: bar.start)) for lane in lanes)
