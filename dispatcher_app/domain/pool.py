"""The grab pool (抢单): who is told in which ring, whose wish weighs how much, and why the others did not get it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dispatcher_app.domain.order import Grab, Order, Told
from dispatcher_app.domain.rating import rating
from dispatcher_app.domain.technician import Technician

Why = Literal["nearer", "better_rated", "more_credit", "earlier", "not_free"]
"""In what the winner was ahead of whoever lost; `not_free`: he could not come any more when it was decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The most that nearness, stars and credit give to a wish; together 100."""

    near: float = 45.0
    rating: float = 45.0
    credit: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The points of a wish by part."""

    near: float
    rating: float
    credit: float

    @property
    def total(self) -> float:
        """All points, one decimal, as they are shown and compared."""
        return round(self.near + self.rating + self.credit, 1)


def score(
    technician: Technician, distance_m: int, rings_m: Sequence[int], weights: Weights | None = None
) -> Score:
    """What counts for a technician: nothing for nearness at the edge of the last ring, everything at the door."""
    weights, edge = weights or Weights(), max(1, rings_m[-1] if rings_m else 1)
    return Score(
        near=round(max(0.0, 1 - distance_m / edge) * weights.near, 1),
        rating=round(min(1.0, rating(technician.figures) / 5) * weights.rating, 1),
        credit=round(min(1.0, max(0, technician.credit) / 100) * weights.credit, 1),
    )


def by_ring(
    reached: Iterable[Told], rings_m: Sequence[int], ahead: Collection[str] = frozenset()
) -> tuple[Told, ...]:
    """Those within the last ring, each in the first ring that reaches him, nearest first.

    Those who are `ahead` (in honour) are told with the ring before theirs.
    """
    found = []
    for each in reached:
        ring = next((at for at, radius in enumerate(rings_m) if each.distance_m <= radius), None)
        if ring is not None:
            found.append(replace(each, ring=max(0, ring - 1) if each.technician in ahead else ring))
    return tuple(sorted(found, key=lambda each: (each.distance_m, each.technician)))


def first_told(ringed: Sequence[Told]) -> tuple[Told, ...]:
    """Those of the first ring that has anybody: nobody waits for rings in which no one is."""
    ring = min((each.ring for each in ringed), default=0)
    return tuple(each for each in ringed if each.ring == ring)


def next_told(order: Order, ringed: Sequence[Told]) -> tuple[Told, ...]:
    """Those whom the next ring reaches and nobody has told yet."""
    pool = order.pool
    if pool is None:
        return ()
    known = {each.technician for each in pool.told}
    return tuple(each for each in ringed if each.ring <= pool.ring + 1 and each.technician not in known)


def told_of(order: Order, technician: str) -> Told | None:
    """How a technician was told of an order that is in the pool, None where he was not."""
    found = order.pool.told if order.pool is not None else ()
    return next((each for each in found if each.technician == technician), None)


def ranked(grabs: Iterable[Grab]) -> tuple[Grab, ...]:
    """Who wants it, the best first; of equal ones whoever said so first."""
    return tuple(sorted(grabs, key=lambda each: (-each.score, each.at, each.technician)))


def why_lost(winner: Score, loser: Score) -> Why:
    """In what the winner was ahead most; nothing of either's figures is told."""
    ahead: dict[Why, float] = {
        "nearer": winner.near - loser.near,
        "better_rated": winner.rating - loser.rating,
        "more_credit": winner.credit - loser.credit,
    }
    most = max(ahead, key=lambda each: ahead[each])
    return most if ahead[most] > 0 and winner.total > loser.total else "earlier"


def refusers(order: Order) -> frozenset[str]:
    """Who has passed the order on, let its offer run out, or has given it back: nobody is asked twice."""
    declined = order.offer.declined if order.offer is not None else ()
    dropped = (step.params.get("technician") for step in order.steps if step.action == "drop")
    return frozenset((*declined, *(each for each in dropped if isinstance(each, str))))
