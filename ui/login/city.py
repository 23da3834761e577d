"""The cities that a company is likely to be founded in, with their centres (WGS-84)."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import msgspec

from dispatcher_app import resource
from dispatcher_app.domain.place import Point
from dispatcher_app.text import language

_POINT: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d+(?:\.\d+)?)\s*")


class City(msgspec.Struct, frozen=True):
    """A city and where its middle is."""

    name: str
    name_en: str
    lon: float
    lat: float

    @property
    def said(self) -> str:
        """Its name in the spoken language."""
        return self.name_en if language() == "en" else self.name


@cache
def cities() -> tuple[City, ...]:
    """The largest first."""
    found = resource.path("catalogue", "cities.json").read_bytes()
    return msgspec.json.decode(found, type=tuple[City, ...])


def known(typed: str) -> City | None:
    """The city of that name in either language; "上海市" is 上海."""
    wanted = typed.strip().casefold().removesuffix("市")
    return next((each for each in cities() if wanted in (each.name, each.name_en.casefold())), None)


def point(typed: str) -> Point | None:
    """Longitude and latitude as typed, "121.47, 31.23"; None where it is no place on earth."""
    if (found := _POINT.fullmatch(typed)) is None:
        return None
    lon, lat = float(found[1]), float(found[2])
    return Point(lon, lat) if -180 <= lon <= 180 and -85 <= lat <= 85 else None
