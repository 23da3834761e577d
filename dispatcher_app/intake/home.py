"""Where a foreign order is: its district, its point in WGS-84, and its address in parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from dispatcher_app.domain.area import nearest_district
from dispatcher_app.domain.datum import gcj02_to_wgs84
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import District, Region
from dispatcher_app.intake.normal import ImportRow

FAR_M: Final = 200_000
"""Beyond this from the region's centre an order is probably another city's."""
MANY: Final = 100
"""More new districts than this are a column that holds something else."""

_COMPOUND_CUT: Final = 200
_PART_CUT: Final = 60
_SUFFIX: Final = re.compile(r"(新区|区|县|市|旗)$")
_CHINESE: Final = re.compile(
    r"(?P<compound>.{2,}?)\s*(?P<building>[\dA-Za-z]{1,5}\s*(?:号楼|栋|幢|座|号|#)(?:\s*[\d一二三四五六七八九十]{1,3}\s*单元)?)"
    r"\s*-?\s*(?P<unit>[\dA-Za-z]{2,6}\s*室?)"
)
_ENGLISH: Final = re.compile(
    r"(?P<compound>.{4,}?),?\s+(?:#|(?:apt|apartment|unit|suite)\b\.?)\s*(?P<unit>[\w-]{1,8})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An address as it is kept: `rest` is what has no place of its own and goes into the note."""

    compound: str
    building: str = ""
    unit: str = ""
    rest: str = ""


def point_of(row: ImportRow) -> Point | None:
    """The row's place in WGS-84, None where it has no coordinates."""
    if row.lon is None or row.lat is None:
        return None
    lon, lat = (row.lon, row.lat) if row.datum == "wgs84" else gcj02_to_wgs84(row.lon, row.lat)
    return Point(round(lon, 7), round(lat, 7))


def parts_of(row: ImportRow) -> Parts:
    """Compound, building and unit; a flat's number at the end of an address becomes the unit, which is secret."""
    building, unit = row.building or "", row.unit or ""
    if row.compound is None:
        text = row.address or ""
        if not text:
            return Parts(
                compound=f"{row.lat}, {row.lon}", building=building[:_PART_CUT], unit=unit[:_PART_CUT]
            )
        match = _CHINESE.fullmatch(text) or _ENGLISH.fullmatch(text)
        if match is not None and not unit:
            found = match.groupdict()
            text, unit = found["compound"].rstrip(", "), found["unit"]
            building = building or found.get("building") or ""
        return _cut(text, building, unit, "")
    rest = row.address if row.address and row.address != row.compound else ""
    return _cut(row.compound, building, unit, rest or "")


def _cut(compound: str, building: str, unit: str, rest: str) -> Parts:
    spilled = [rest] if rest else []
    spilled += [text for text, limit in ((compound, _COMPOUND_CUT), (building, _PART_CUT), (unit, _PART_CUT))
                if len(text) > limit]  # fmt: skip
    return Parts(
        compound=compound[:_COMPOUND_CUT],
        building=building[:_PART_CUT],
        unit=unit[:_PART_CUT],
        rest=" · ".join(spilled),
    )


@dataclass(frozen=True, slots=True)
class Districts:
    """The districts that rows may be in: the region's and, by the source's words, new ones."""

    region: Region
    by_word: Mapping[str, District]
    new: tuple[District, ...]

    def of(self, row: ImportRow, point: Point | None) -> tuple[str, Point]:
        """A row's district and that district's centre; without a word for it the one it lies in, else the nearest."""
        if row.district and (found := self.by_word.get(_word(row.district))) is not None:
            return found.id, found.centre
        if row.district:
            return tidy(row.district), self.region.centre
        known = replace(self.region, districts=(*self.region.districts, *self.new))
        if point is not None and (near := nearest_district(known, point)) is not None:
            return near.id, near.centre
        return "", self.region.centre


def districts(region: Region, rows: Iterable[ImportRow]) -> Districts:
    """What the rows' words for districts mean; those the region has not got are new, in the middle of their rows."""
    by_word: dict[str, District] = {}
    for each in region.districts:
        for name in (each.id, each.name, each.name_en):
            if name:
                by_word.setdefault(_word(name), each)
    names: dict[str, str] = {}
    points: dict[str, list[Point]] = {}
    for row in rows:
        word = _word(row.district or "")
        if not word:
            continue
        if word not in by_word:
            names.setdefault(word, tidy(row.district or ""))
        if (point := point_of(row)) is not None:
            points.setdefault(word, []).append(point)
    made = [
        District(
            id=name,
            name=name,
            name_en=name if name.isascii() else "",
            centre=_middle(points.get(word), region),
        )
        for word, name in names.items()
    ]
    if len(made) > MANY:
        made = []
    middles = {word: _middle(found, region) for word, found in points.items()}
    known = {
        word: District(
            id=each.id, name=each.name, name_en=each.name_en, centre=middles.get(word, each.centre)
        )
        for word, each in by_word.items()
    }
    return Districts(region, known | {_word(each.id): each for each in made}, tuple(made))


def is_far(point: Point, region: Region) -> bool:
    """Whether a place is hardly this region's."""
    return distance_m(point, region.centre) > FAR_M


def tidy(name: str) -> str:
    """A district's name as one writes it: `STATEN ISLAND` is Staten Island."""
    return (name.title() if name.isascii() and name.isupper() else name)[:_PART_CUT]


def _middle(points: list[Point] | None, region: Region) -> Point:
    """The median place, which a few wild coordinates cannot move."""
    if not points:
        return region.centre
    return Point(round(median(each.lon for each in points), 6), round(median(each.lat for each in points), 6))


def _word(name: str) -> str:
    """A district's name without case, blanks and its kind: 浦东 and 浦东新区 are one."""
    plain = "".join(tidy(name).casefold().split()).replace("-", "")
    bare = _SUFFIX.sub("", plain)
    return bare if len(bare) >= 2 else plain
