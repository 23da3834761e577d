"""Who could come to a place at all, and from how far: for a caller who asks before anything is booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dispatcher_app.domain.matching import Need, unfit
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.rating import average
from dispatcher_app.domain.technician import Technician


@dataclass(frozen=True, slots=True)
class Near:
    """A technician who is fit for it; `distance_m` by road (estimated), None where nobody said whereto."""

    technician: Technician
    distance_m: int | None
    stars: float | None


def near(
    technicians: Iterable[Technician],
    need: Need,
    at: int,
    *,
    detour: float,
    place: Point | None = None,
    within_m: int | None = None,
    stars: float | None = None,
    positions: Mapping[str, Point] | None = None,
) -> list[Near]:
    """The fit ones at a moment (UTC ms), nearest first, else the best judged first.

    Distance is counted from where he is known to be, else from where he sets out. Without a place districts don't
    count, and `within_m` neither; whoever nobody has judged yet has none of the `stars` asked for.
    """
    found = []
    for each in technicians:
        broken = unfit(each, need, at)
        if any(rule.code != "area" or place is not None for rule in broken):
            continue
        judged = average(each.figures)
        if stars is not None and (judged is None or judged < stars):
            continue
        away = None
        if place is not None:
            away = round(distance_m((positions or {}).get(each.id, each.home), place) * detour)
            if within_m is not None and away > within_m:
                continue
        found.append(Near(each, away, judged))
    return sorted(found, key=lambda each: (each.distance_m or 0, -(each.stars or 0), each.technician.id))
