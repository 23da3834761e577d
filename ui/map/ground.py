"""District outlines for the plain ground, read from GeoJSON."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Shift = Callable[[float, float], tuple[float, float]]


def outlines(districts: Mapping[str, Any], shift: Shift) -> list[dict[str, Any]]:
    """Name and rings of every (multi)polygon in a feature collection, its points in the page's datum.

    A point is a district of which only the middle is known: a name without rings. Other geometry is passed over.
    A feature's `tone` says that somebody covers it ("covered") or that it is his own outline ("own").
    """
    told: list[dict[str, Any]] = []
    for feature in districts.get("features", ()):
        name = str((feature.get("properties") or {}).get("name") or "")
        geometry = feature.get("geometry") or {}
        if rings := [_ring(ring, shift) for ring in _rings(geometry)]:
            said = {"name": name, "rings": rings}
            if tone := (feature.get("properties") or {}).get("tone"):
                said["tone"] = tone
            told.append(said)
        elif geometry.get("type") == "Point":
            told.append({"name": name, "rings": [], "at": _ring([geometry["coordinates"]], shift)[0]})
    return told


def _rings(geometry: Mapping[str, Any]) -> Iterable[Any]:
    match geometry.get("type"):
        case "Polygon":
            yield from geometry["coordinates"]
        case "MultiPolygon":
            for polygon in geometry["coordinates"]:
                yield from polygon


def _ring(points: Iterable[Any], shift: Shift) -> list[list[float]]:
    return [[round(degrees, 6) for degrees in shift(point[0], point[1])] for point in points]
