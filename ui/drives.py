"""Where driving times come from, and how far they can be trusted."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain.day import TravelSource
from dispatcher_app.text import t

_BY: Final[dict[TravelSource, str]] = {
    "estimate": "Drives by straight line",
    "road": "Drives by road",
    "osrm": "Drives by road (OSRM)",
    "amap": "Drives by AMap with traffic",
}


def by(source: TravelSource) -> str:
    """Who says how long drives take."""
    return t(_BY[source])


def said(source: TravelSource, error_percent: int) -> str:
    """Who says how long drives take, and by how much nine in ten are missed at most."""
    return t("{by}, nine in ten within ±{n} %", by=by(source), n=error_percent)


def brief(source: TravelSource, error_percent: int) -> str:
    """The same where there is little room."""
    return t("{by}, ±{n} %", by=by(source), n=error_percent)
