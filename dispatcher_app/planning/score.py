"""How well a technician suits an order: named parts that sum to the score."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from dispatcher_app.domain.rating import rating
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.place import Placement

PartName = Literal["travel", "slack", "load", "rating", "credit", "preference"]


@dataclass(frozen=True, slots=True)
class Part:
    """Points of one named part out of its most."""

    name: PartName
    points: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The most that each part can give; together 100."""

    travel: float = 40.0
    slack: float = 15.0
    load: float = 15.0
    rating: float = 10.0
    credit: float = 10.0
    preference: float = 10.0
    travel_zero_s: int = 3600
    slack_full_s: int = 1800
    late_minute: float = 1.0


def parts_of(
    technician: Technician,
    place: Placement,
    load: int,
    policy: Policy,
    requested: str | None,
    previous: Collection[str],
    weights: Weights,
) -> tuple[Part, ...]:
    """The parts: driving added, spare time less every minute late, other visits, stars, credit, wishes."""
    limit = policy.daily_limit if technician.daily_limit is None else technician.daily_limit
    wished = 1.0 if requested == technician.id else 0.5 if technician.id in previous else 0.0
    near = share(1 - place.travel_s / weights.travel_zero_s)
    late = place.late_minutes * weights.late_minute
    slack = share(place.slack_s / weights.slack_full_s) * weights.slack - late
    return (
        Part("travel", rounded(near * weights.travel), weights.travel),
        Part("slack", rounded(slack), weights.slack),
        Part("load", rounded(share(1 - load / max(1, limit)) * weights.load), weights.load),
        Part("rating", rounded(share(rating(technician.figures) / 5) * weights.rating), weights.rating),
        Part("credit", rounded(share(technician.credit / 100) * weights.credit), weights.credit),
        Part("preference", rounded(wished * weights.preference), weights.preference),
    )


def share(value: float) -> float:
    """The value kept between nothing and all."""
    return min(1.0, max(0.0, value))


def rounded(points: float) -> float:
    """Points to one decimal, so that the parts shown add up to the sum shown."""
    return round(points, 1)
