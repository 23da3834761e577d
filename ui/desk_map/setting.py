"""Where the map's ground comes from, as this computer's settings say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from ui.map.marks import Datum, MapSettings, TileSource

KEY: Final = "map"
"""Its place in the settings: `{"url": "https://…/{z}/{x}/{y}.png", "attribution": "…", "datum": "gcj02"}`."""

_DATUMS: Final[Mapping[str, Datum]] = {"wgs84": "wgs84", "gcj02": "gcj02"}
_DEEPEST: Final = 22


def map_settings(kept: Mapping[str, Any]) -> MapSettings:
    """The map as it was set up; without tiles where no address is kept or it can't be one of tiles."""
    said = kept.get(KEY)
    if not isinstance(said, Mapping):
        return MapSettings()
    url = str(said.get("url", ""))
    if urlsplit(url).scheme not in ("http", "https") or not all(
        part in url for part in ("{z}", "{x}", "{y}")
    ):
        return MapSettings()
    zoom = said.get("max_zoom")
    tiles = TileSource(
        url=url,
        attribution=str(said.get("attribution", "")),
        datum=_DATUMS.get(str(said.get("datum", "")), "wgs84"),
        subdomains=str(said.get("subdomains", "abc")) or "abc",
        max_zoom=min(zoom, _DEEPEST) if isinstance(zoom, int) and zoom > 0 else 18,
    )
    return MapSettings(tiles=tiles)
