"""What a typed place may be: a compound that is known, or the centre of a district where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatcher_app.domain.area import nearest_district
from dispatcher_app.domain.customer import Compound
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Region
from dispatcher_app.pinyin import initials
from dispatcher_app.text import t
from ui import name
from ui.models.choice import Choice

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """A place as an address wants it; approximate where only its district is sure."""

    compound: str
    district: str
    point: Point
    approximate: bool = False


def places(session: Session, typed: str, found: Sequence[Compound]) -> tuple[list[Choice], int | None]:
    """The proposals for what is typed, and which of them Enter takes.

    A district that nobody named is never taken by Enter alone.
    """
    if not typed:
        return [], None
    rows = [
        Choice(
            each.name,
            Place(each.name, each.district, each.point),
            detail=name.district(session, each.district),
        )
        for each in found
    ]
    centres = _centres(session, typed, named_only=bool(found))
    rows += [
        Choice(
            t("{district}: centre", district=_said(session, each)),
            Place(typed, each.id, each.centre, approximate=True),
            detail=t("approximate"),
            hue="amber",
        )
        for each in centres
    ]
    return rows, 0 if found or (centres and _named(centres[0], typed)) else None


def pointed_at(region: Region | None, typed: str, point: Point) -> Place:
    """A point of the map as a place, in the district that it lies in or whose centre is nearest."""
    nearest = nearest_district(region, point)
    return Place(typed.strip() or t("Point on the map"), nearest.id if nearest else "", point)


def _centres(session: Session, typed: str, *, named_only: bool) -> list[District]:
    """The districts named in what is typed, else all of them, for what nobody can resolve."""
    districts = _all_districts(name.region(session))
    named = [each for each in districts if _named(each, typed)]
    if named_only:
        return named[:1]
    return [*named, *(each for each in districts if each not in named)]


def _all_districts(region: Region | None) -> list[District]:
    """A region that has not been divided yet is one district of its own, without an id."""
    if region is None:
        return []
    whole = District(id="", name=region.name, name_en=region.name_en, centre=region.centre)
    return list(region.districts) or [whole]


def _said(session: Session, district: District) -> str:
    return name.district(session, district.id) or district.name


def _named(district: District, typed: str) -> bool:
    low = typed.casefold()
    return (
        district.name.rstrip("区县市") in typed
        or (len(typed) > 1 and district.name.startswith(typed))
        or bool(district.name_en and district.name_en.casefold() in low)
        or low in initials(district.name).split()
    )
