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
    """Where the technician `id` was at `at_ms`, within `accuracy_m` metres where that is known."""

    id: str
    lon: float
    lat: float
    at_ms: int
    accuracy_m: float = 0.0


@dataclass(frozen=True, slots=True)
class TechnicianMark:
    """A technician as the map shows him, `lines` in his tooltip; without a position he is only counted."""

    id: str
    name: str
    status: str
    skills: tuple[str, ...] = ()
    position: Position | None = None
    lines: tuple[str, ...] = ()


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
class Leg:
    """A drive of a day: along the streets, or a straight line where nobody knows them; `past` has been driven."""

    line: tuple[tuple[float, float], ...]
    road: bool = False
    past: bool = False


@dataclass(frozen=True, slots=True)
class StopMark:
    """A visit of a day with its number, its hours and its state in words; `what` says of which order."""

    order: str
    number: int
    lon: float
    lat: float
    clock: str
    hours: str
    state: str
    word: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One technician's day on the map; `note` says where its lines come from."""

    title: str = ""
    note: str = ""
    legs: tuple[Leg, ...] = ()
    stops: tuple[StopMark, ...] = ()


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
    """A deployment's map: its tiles if it has any, its districts as GeoJSON, and when a position is too old.

    `afar` leaves out what needs a hand or a short way to read: buttons and legend.
    """

    tiles: TileSource | None = None
    districts: Mapping[str, Any] | None = None
    stale_after_ms: int = 600_000
    centre: tuple[float, float] = (121.4737, 31.2304)
    zoom: int = 11
    afar: bool = False

    @property
    def datum(self) -> Datum:
        """The datum in which the page draws."""
        return self.tiles.datum if self.tiles else "wgs84"
