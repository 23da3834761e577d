"""Learning from observed trips how long drives take here, hour by hour, without believing any single one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from dispatcher_app.domain.place import Point
from dispatcher_app.domain.traffic import HOURS, Pace

FEWEST = 30
"""So many trips must have been seen before anything is concluded from them."""
DOUBT = 8
"""As many trips weigh what is known of similar hours: an hour with few trips follows them."""
LEAST, MOST = 0.3, 4.0
"""Drives don't take less or more than so many times what they are reckoned: what says so is a slip of the thumb."""
SHORTEST_M, SHORTEST_S, LONGEST_S = 400.0, 60, 3 * 3600
"""Trips shorter than that are parking rather than driving; longer ones hold a lunch."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A drive that somebody made: from where, to where, when he left (UTC ms), in how many seconds he was there."""

    origin: Point
    target: Point
    departed_at: int
    seconds: int


def pace(observed: Sequence[tuple[int, float, float]], parking_s: int) -> Pace:
    """The factors that trips speak for: each is (hour of the week, seconds observed, seconds reckoned), door to door.

    Medians of ratios, so that a forgotten tap does no harm; an hour is drawn towards the same hour of other
    (working or free) days, those towards the whole week, the more so the fewer trips it has.
    """
    ratios = [
        (hour, (seen - parking_s) / (reckoned - parking_s))
        for hour, seen, reckoned in observed
        if SHORTEST_S <= seen <= LONGEST_S and seen > parking_s and reckoned > parking_s + 1
    ]
    ratios = [(hour, ratio) for hour, ratio in ratios if LEAST / 2 <= ratio <= MOST * 2]
    if len(ratios) < FEWEST:
        return Pace(trips=len(ratios))
    whole = median(ratio for _, ratio in ratios)
    alike: dict[tuple[bool, int], list[float]] = {}
    exact: dict[int, list[float]] = {}
    for hour, ratio in ratios:
        alike.setdefault(kind_of(hour), []).append(ratio)
        exact.setdefault(hour, []).append(ratio)
    longer = tuple(
        round(
            min(MOST, max(LEAST, drawn(exact.get(hour, ()), drawn(alike.get(kind_of(hour), ()), whole)))), 3
        )
        for hour in range(HOURS)
    )
    return Pace(longer=longer, trips=len(ratios), error_percent=missed_percent(ratios, longer))


def kind_of(hour: int) -> tuple[bool, int]:
    """Hours that are alike: the same hour of all working days, or of both free ones."""
    return hour // 24 >= 5, hour % 24


def drawn(found: Iterable[float], towards: float) -> float:
    """The median of what was found, drawn towards what is known besides."""
    values = tuple(found)
    return (median(values) * len(values) + towards * DOUBT) / (len(values) + DOUBT) if values else towards


def missed_percent(ratios: Iterable[tuple[int, float]], longer: Sequence[float]) -> int:
    """By how much nine in ten of the trips are missed at most, once corrected."""
    missed = sorted(abs(longer[hour] / ratio - 1) for hour, ratio in ratios)
    return max(5, round(100 * missed[min(len(missed) - 1, int(0.9 * len(missed)))]))
