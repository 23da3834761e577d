"""Whom the system takes from a ranking: who is asked next, who is sent, and what spoke for him."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.money.credit import level
from dispatcher_app.domain.order import Order, Told
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.pool import by_ring, refusers
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.rank import Eligible, Ranking

FRESH_MS = 30 * MINUTE_MS
"""A position older than this says nothing about where somebody is."""
WHY_MOST = 3
SPEAKS = 0.6
"""A part speaks for somebody from this share of its most on."""


def in_line(ranking: Ranking, order: Order, online: Collection[str]) -> list[Eligible]:
    """Who is asked after whoever is asked now: the one the customer wishes for, then by rank; nobody twice."""
    passed = {*refusers(order), *([order.offer.technician] if order.offer else [])}
    left = [each for each in ranking.eligible if each.technician in online and each.technician not in passed]
    return sorted(left, key=lambda each: each.technician != order.requested_technician)


def sent(ranking: Ranking, order: Order) -> Eligible | None:
    """Whom the system sends without asking: the best who makes no visit late; None where there is none."""
    passed = refusers(order)
    return next((each for each in ranking.eligible if each.technician not in passed and calm(each)), None)


def calm(found: Eligible) -> bool:
    """Whether nobody is late for it and no drive is tight: what only a person may decide otherwise."""
    return not found.late and not found.warnings


def why(found: Eligible) -> tuple[str, ...]:
    """The parts of his score that speak for him, the weightiest first."""
    strong = [part for part in found.parts if part.most > 0 and part.points >= SPEAKS * part.most]
    return tuple(part.name for part in sorted(strong, key=lambda each: -each.points)[:WHY_MOST])


def reached(
    ranking: Ranking,
    order: Order,
    people: Iterable[Technician],
    seen: Mapping[str, tuple[Point, int]],
    policy: Policy,
    now: int,
) -> tuple[Told, ...]:
    """Whom the rings of the grab pool reach: online, fit, free in their plan, not asked before; nearest first.

    Those in honour are told a ring earlier.
    """
    online = {each.id: each for each in people if each.status == "online"}
    passed = refusers(order)
    found = [
        Told(
            technician=each.technician,
            distance_m=away(online[each.technician].home, seen.get(each.technician), order.point, now),
            start=each.start,
        )
        for each in ranking.eligible
        if each.technician in online and each.technician not in passed
    ]
    ahead = {each.id for each in online.values() if level(each.credit, policy) == "honour"}
    return by_ring(found, policy.grab_rings_m, ahead)


def away(home: Point, seen: tuple[Point, int] | None, place: Point, now: int) -> int:
    """How far (metres) somebody is from a place: from where he was last seen, from home where that is long ago."""
    begins = seen[0] if seen is not None and now - seen[1] <= FRESH_MS else home
    return round(distance_m(begins, place))
