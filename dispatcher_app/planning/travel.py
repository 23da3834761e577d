"""Driving times between many places at once. Today all of them are estimates, and say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.place import EARTH_RADIUS_M, Point
from dispatcher_app.domain.region import Policy


def estimate_note() -> Broken:
    """How far an estimate can be trusted: straight line, average speed, no traffic."""
    return Broken("travel_estimated")


@dataclass(frozen=True, slots=True)
class Travel:
    """Drives from each origin (row) to each target (column): seconds door to door, metres straight."""

    seconds: NDArray[np.int64]
    metres: NDArray[np.int64]
    source: TravelSource = "estimate"
    note: Broken = field(default_factory=estimate_note)


def radians_of(points: Sequence[Point]) -> NDArray[np.float64]:
    """The points as rows of (lon, lat) in radians."""
    flat = [coordinate for point in points for coordinate in (point.lon, point.lat)]
    return np.radians(np.array(flat, dtype=np.float64).reshape(-1, 2))


def travel_matrix(origins: Sequence[Point], targets: Sequence[Point], policy: Policy) -> Travel:
    """Drives from every origin to every target: great circle x detour / speed + parking, as in the domain."""
    a, b = radians_of(origins)[:, None, :], radians_of(targets)[None, :, :]
    lon, lat = a[..., 0] - b[..., 0], a[..., 1] - b[..., 1]
    half = np.sin(lat / 2) ** 2 + np.cos(a[..., 1]) * np.cos(b[..., 1]) * np.sin(lon / 2) ** 2
    metres = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, half)))
    seconds = np.rint(metres * policy.detour / (policy.speed_kmh / 3.6)) + policy.parking_s
    return Travel(seconds.astype(np.int64), np.rint(metres).astype(np.int64))


def travel_from(origin: Point, targets: Sequence[Point], policy: Policy) -> Travel:
    """Drives from one place to many: one row."""
    return travel_matrix((origin,), targets, policy)
