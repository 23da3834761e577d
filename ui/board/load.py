"""What a technician's row says beside his name: how full his day is, and when he is free next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.technician import Leave
from ui.board.bar import Bar

LEAST_FREE_MS: Final = 30 * MINUTE_MS
"""A shorter gap is no free time."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Minutes of his shifts, of what he is sent to, and of what is only planned; `free_at` is None where he is full.

    `overruns` says that he is still on a visit whose time is over: when he will be free, nobody knows.
    """

    shift: int = 0
    booked: int = 0
    planned: int = 0
    free_at: int | None = None
    overruns: bool = False

    @property
    def percent(self) -> int:
        """How much of his shift is taken by what he is sent to."""
        return round(100 * self.booked / self.shift) if self.shift else 0


def load_of(bars: Iterable[Bar], shifts: Iterable[Span], leaves: Iterable[Leave], now: int) -> Load:
    """A technician's figures from his bars, his shifts (UTC ms) and his leaves."""
    bars, leaves = tuple(bars), tuple(leaves)
    spans = [piece for span in shifts for piece in without(span, leaves)]
    taken = {"tentative": 0, "told": 0}
    for bar in bars:
        if bar.state != "held":
            taken["tentative" if bar.state == "tentative" else "told"] += bar.end - bar.start
    busy = sorted((bar.begin, bar.end) for bar in bars if bar.state != "done")
    return Load(
        shift=sum(end - start for start, end in spans) // MINUTE_MS,
        booked=taken["told"] // MINUTE_MS,
        planned=taken["tentative"] // MINUTE_MS,
        free_at=free_at(spans, busy, now),
        overruns=any(bar.overruns(now) for bar in bars),
    )


def without(span: Span, leaves: Iterable[Leave]) -> list[Span]:
    """What is left of a shift beside leaves."""
    pieces = [span]
    for leave in leaves:
        pieces = [
            part
            for start, end in pieces
            for part in ((start, min(end, leave.start)), (max(start, leave.end), end))
            if part[0] < part[1]
        ]
    return sorted(set(pieces))


def free_at(spans: Iterable[Span], busy: Iterable[Span], now: int) -> int | None:
    """The first moment from now on with half an hour to spare."""
    busy = tuple(busy)
    for start, end in sorted(spans):
        at = max(start, now)
        for begin, until in busy:
            if until <= at:
                continue
            if begin - at >= LEAST_FREE_MS:
                break
            at = max(at, until)
        if end - at >= LEAST_FREE_MS:
            return at
    return None
