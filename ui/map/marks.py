"""What the map is told: technicians, positions, orders, and where its ground comes from.

All coordinates are WGS-84 degrees, longitude first; times are UTC milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

MarkKind = Literal["technician", "order"]
Datum = Literal["wgs84", "gcj02"]


@dataclass(frozen=True, slots=True)
class Position:
    """Where the technician `id` was at `at_ms`."""

    id: str
    lon: float
    lat: float
    at_ms: int


@dataclass(frozen=True, slots=True)
class TechnicianMark:
    """A technician as the map shows him; without a position he is only counted."""

    id: str
    name: str
    status: str
    skills: tuple[str, ...] = ()
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class OrderMark:
    """An order at its address; `lines` are further lines of its tooltip, masked by whoever gives them."""

    id: str
    number: str
    status: str
    urgency: str
    lon: float
    lat: float
    lines: tuple[str, ...] = ()
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class TileSource:
    """A tile server: `url` with {z}, {x}, {y} and perhaps {s}; plain-text `attribution`; the datum it draws in."""

    url: str
    attribution: str
    datum: Datum = "wgs84"
    subdomains: str = "abc"
    max_zoom: int = 18


@dataclass(frozen=True, slots=True)
class MapSettings:
    """A deployment's map: its tiles if it has any, its districts as GeoJSON, and when a position is too old."""

    tiles: TileSource | None = None
    districts: Mapping[str, Any] | None = None
    stale_after_ms: int = 600_000
    centre: tuple[float, float] = (121.4737, 31.2304)
    zoom: int = 11

    @property
    def datum(self) -> Datum:
        """The datum in which the page draws."""
        return self.tiles.datum if self.tiles else "wgs84"
