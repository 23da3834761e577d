"""The estimate that always serves: great circle x detour / speed, as trips have shown for that hour, + parking."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.traffic import Pace, Traffic, hour_of_week
from dispatcher_app.planning.travel.answer import ERROR_PERCENT, Route, Routes, Travel, estimate_note
from dispatcher_app.planning.travel.places import Points, places, straight_m


@dataclass(frozen=True, slots=True)
class Ground:
    """What travel times of a region stand on: the trade's figures, its clock, what its trips have shown."""

    policy: Policy = field(default_factory=Policy)
    timezone: str = "Asia/Shanghai"
    traffic: Traffic | None = None

    def hour(self, at: int) -> int:
        """The hour of the week of a moment (UTC ms), where this is."""
        return hour_of_week(at, self.timezone)

    @property
    def road(self) -> Pace:
        """How much longer drives take here than the roads say."""
        return self.traffic.road if self.traffic is not None else Pace()

    def travel(self, origins: Points, targets: Points, at: int) -> Travel:
        """Drives that begin about `at` (UTC ms), estimated: a `TravelOf` that needs nobody."""
        pace = self.traffic.estimate if self.traffic is not None else Pace()
        if not pace.longer:
            return travel_matrix(origins, targets, self.policy)
        return travel_matrix(
            origins,
            targets,
            self.policy,
            pace.at(self.hour(at)),
            error_percent=pace.error_percent,
            note=Broken("travel_observed", {"trips": pace.trips}),
        )


def travel_matrix(
    origins: Points,
    targets: Points,
    policy: Policy,
    longer: float = 1.0,
    *,
    error_percent: int = ERROR_PERCENT["estimate"],
    note: Broken | None = None,
) -> Travel:
    """Drives from every origin to every target, as in the domain; `longer` is what the hour makes of them."""
    metres = straight_m(places(origins), places(targets))
    seconds = np.rint(metres * (policy.detour * longer / (policy.speed_kmh / 3.6))) + policy.parking_s
    return Travel(
        seconds.astype(np.int64),
        np.rint(metres).astype(np.int64),
        notes=(note or estimate_note(),),
        error_percent=error_percent,
    )


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
        error_percent=travel.error_percent,
    )
    return Routes((route,), travel.notes)
