"""Points, distances and the estimate of a drive."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS-84 degrees."""

    lon: float
    lat: float

    def coarse(self) -> Point:
        """The place to about 100 m: what an order may hold of a home."""
        return Point(round(self.lon, 3), round(self.lat, 3))


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, half)))


def estimated_travel_s(a: Point, b: Point, *, detour: float, speed_kmh: float, parking_s: int) -> int:
    """Seconds from door to door: great circle x detour / speed + parking. An estimate, to be shown as one."""
    return round(distance_m(a, b) * detour / (speed_kmh / 3.6)) + parking_s
