"""How well technicians suit an order: named parts that sum to the score."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.planning.crew import Crew
from dispatcher_app.planning.place import Placements

PartName = Literal["travel", "slack", "load", "rating", "credit", "preference", "overtime", "displaced"]
SHARES: tuple[PartName, ...] = ("travel", "slack", "load", "rating", "credit", "preference")
"""What gives points, each at most its weight."""
COSTS: tuple[PartName, ...] = ("overtime", "displaced")
"""What only takes some."""
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """Points of one named part out of its most; what costs points has none to give."""

    name: PartName
    points: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The most that each part can give; together 100. A late minute, overtime, a lost break and every visit displaced
    cost points."""

    travel: float = 40.0
    slack: float = 15.0
    load: float = 15.0
    rating: float = 10.0
    credit: float = 10.0
    preference: float = 10.0
    travel_zero_s: int = 3600
    slack_full_s: int = 1800
    late_minute: float = 1.0
    overtime_minute: float = 0.5
    break_lost: float = 15.0
    displaced: float = 5.0


def points_of(
    crew: Crew,
    placements: Placements,
    load: NDArray[np.int64],
    displaced: NDArray[np.int64],
    daily_limit: int,
    requested: str | None,
    previous: Collection[str],
    weights: Weights,
    *,
    again: bool = False,
) -> dict[PartName, Points]:
    """The points of every placement: driving added, spare time less every minute late and a lost break, other visits,
    stars, credit, wishes; overtime and visits that must find another place cost some.

    Where a repair has to be done `again`, whoever is no worse than the one who did it suits as well as he.
    One decimal, so that what is shown adds up.
    """
    who = placements.who
    wished = np.zeros(len(crew))
    wished[crew.rows_of(previous)] = 0.5
    wished[crew.rows_of([requested] if requested else [])] = 1.0
    if again and requested:
        wished[crew.no_worse_than(requested)] = 1.0
    limits = np.maximum(1, crew.limits(daily_limit)[who])
    late = placements.late * weights.late_minute + placements.rest * weights.break_lost
    parts: dict[PartName, Points] = {
        "travel": share(1 - placements.added / 1000 / weights.travel_zero_s) * weights.travel,
        "slack": share(placements.slack / 1000 / weights.slack_full_s) * weights.slack - late,
        "load": share(1 - load / limits) * weights.load,
        "rating": share(crew.stars[who] / 5) * weights.rating,
        "credit": share(crew.credit[who] / 100) * weights.credit,
        "preference": wished[who] * weights.preference,
        "overtime": -weights.overtime_minute * placements.over.astype(np.float64),
        "displaced": -weights.displaced * displaced.astype(np.float64),
    }
    return {name: np.round(points, 1) for name, points in parts.items()}


def share(value: Points) -> Points:
    """The values kept between nothing and all."""
    return np.clip(value, 0.0, 1.0)
