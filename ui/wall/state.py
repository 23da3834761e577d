"""Which states a wall tells: those in the workshop together, or there would be too many to read from afar."""

from __future__ import annotations

from collections.abc import Mapping

from dispatcher_app.domain.order import WORKSHOP
from ui.mark import ORDER, Mark


def states(counts: Mapping[str, int]) -> list[tuple[Mark, int]]:
    """Orders by state with how many there are, in the order of their life; states without any are left out."""
    bench = sum(count for code, count in counts.items() if code in WORKSHOP)
    there = [(mark, counts.get(code, 0)) for code, mark in ORDER.items() if code not in WORKSHOP]
    there.append((Mark("workshop", "Workshop##wall", "▣", "state.repairing", "green"), bench))
    return [(mark, count) for mark, count in there if count]
