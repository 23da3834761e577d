"""The estimate that always serves: great circle x detour / speed at that hour of the week + parking."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import Policy
from dispatcher_app.planning.travel.answer import ERROR_PERCENT, Route, Routes, Travel
from dispatcher_app.planning.travel.places import Points, places, straight_m


@dataclass(frozen=True, slots=True)
class Ground:
    """What an estimate stands on: the trade's figures, and the clock that people drive by."""

    policy: Policy = field(default_factory=Policy)
    timezone: str = "Asia/Shanghai"

    def travel(self, origins: Points, targets: Points, at: int) -> Travel:
        """Drives that begin about `at` (UTC ms), estimated: a `TravelOf` that needs nobody."""
        return travel_matrix(origins, targets, self.policy)


def travel_matrix(origins: Points, targets: Points, policy: Policy) -> Travel:
    """Drives from every origin to every target, as in the domain."""
    metres = straight_m(places(origins), places(targets))
    seconds = np.rint(metres * policy.detour / (policy.speed_kmh / 3.6)) + policy.parking_s
    return Travel(seconds.astype(np.int64), np.rint(metres).astype(np.int64))


def travel_from(origin: Point, targets: Points, policy: Policy) -> Travel:
    """Drives from one place to many: one row."""
    return travel_matrix((origin,), targets, policy)


def estimated_route(origin: Point, target: Point, ground: Ground, at: int) -> Routes:
    """The straight line, with the time that it is estimated to take."""
    travel = ground.travel((origin,), (target,), at)
    metres = round(distance_m(origin, target) * ground.policy.detour)
    route = Route(
        seconds=int(travel.seconds[0, 0]),
        metres=metres,
        line=(origin, target),
        source="estimate",
        error_percent=ERROR_PERCENT["estimate"],
    )
    return Routes((route,), travel.notes)
