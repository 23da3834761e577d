"""District outlines for the plain ground, read from GeoJSON."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Shift = Callable[[float, float], tuple[float, float]]


def outlines(districts: Mapping[str, Any], shift: Shift) -> list[dict[str, Any]]:
    """Name and rings of every (multi)polygon in a feature collection, its points in the page's datum.

    Other geometry is passed over: it draws no district.
    """
    return [
        {"name": str((feature.get("properties") or {}).get("name") or ""), "rings": rings}
        for feature in districts.get("features", ())
        if (rings := [_ring(ring, shift) for ring in _rings(feature.get("geometry") or {})])
    ]


def _rings(geometry: Mapping[str, Any]) -> Iterable[Any]:
    match geometry.get("type"):
        case "Polygon":
            yield from geometry["coordinates"]
        case "MultiPolygon":
            for polygon in geometry["coordinates"]:
                yield from polygon


def _ring(points: Iterable[Any], shift: Shift) -> list[list[float]]:
    return [[round(degrees, 6) for degrees in shift(point[0], point[1])] for point in points]
