"""Data health (数据): what would make an item, a price or a technician invisible, endless or free, in one list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.calendar import DAY_MS, local_date
from dispatcher_app.domain.catalogue import Category, Item, Part
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.surcharge import by_day
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.traffic import Traffic

EXPIRES_SOON_DAYS = 30
YEAR_AHEAD_DAYS = 60
"""So long before it begins the holidays of a year should be there."""

Subject = Literal["item", "part", "technician", "region", "store", "holiday_year", "order", "travel"]
MENDS: Mapping[Subject, frozenset[str]] = {
    "item": role.ADMINISTERS,
    "part": role.ADMINISTERS,
    "region": role.ADMINISTERS,
    "store": role.ADMINISTERS,
    "holiday_year": role.ADMINISTERS,
    "technician": role.ENTERS_TECHNICIANS,
    "order": role.BOOKS,
    "travel": role.ADMINISTERS | role.OVERRIDES,
}
"""Whose task each kind of problem is."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, with which entity of which kind; the rule is what a sentence is made of."""

    kind: Subject
    id: str
    rule: Broken

    @property
    def code(self) -> str:
        """What is wrong, as a code."""
        return self.rule.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything that is looked at; `books` are those in force by region, None where a region has none.

    `approximate` and `unconfirmed` are ids of open orders: places of which only the district is sure, and windows
    that were promised without the server and have begun without being confirmed.
    """

    now: int
    regions: Iterable[Region] = ()
    categories: Iterable[Category] = ()
    items: Iterable[Item] = ()
    parts: Iterable[Part] = ()
    books: Mapping[str, PriceBook | None] = field(default_factory=dict)
    technicians: Iterable[Technician] = ()
    years: frozenset[str] = frozenset()
    approximate: Iterable[str] = ()
    unconfirmed: Iterable[str] = ()
    traffic: Iterable[Traffic] = ()


def problems(known: Known) -> tuple[Problem, ...]:
    """All that is wrong, kind by kind; linear in what is known, so that it can be asked after every change."""
    technicians = tuple(known.technicians)
    parts = tuple(known.parts)
    return (
        *_items(known, technicians, {part.id for part in parts}),
        *_parts(known, parts),
        *_technicians(known, technicians),
        *_regions(known),
        *_years(known),
        *(Problem("travel", each.id, rule) for each in known.traffic for rule in each.troubles),
        *(Problem("order", id, Broken("health_approximate")) for id in known.approximate),
        *(Problem("order", id, Broken("health_unconfirmed")) for id in known.unconfirmed),
    )


def mendable(found: Iterable[Problem], roles: Iterable[str]) -> tuple[Problem, ...]:
    """Those problems that are the task of somebody with these roles."""
    held = frozenset(roles)
    return tuple(each for each in found if not held.isdisjoint(MENDS[each.kind]))


def _books(known: Known) -> dict[str, PriceBook]:
    """The different books in force, by id."""
    return {book.id: book for book in known.books.values() if book is not None}


def _items(known: Known, technicians: tuple[Technician, ...], parts: set[str]) -> Iterator[Problem]:
    working = [each for each in technicians if not each.suspended]
    skills = {skill for each in working for skill in each.skills}
    certificates = {one.name for each in working for one in each.certificates if one.expires_at > known.now}
    categories = {each.id for each in known.categories}
    books = _books(known)
    for item in known.items:
        if item.retired:
            continue
        if item.category not in categories:
            yield Problem("item", item.id, Broken("health_category", {"item": item.id}))
        if not item.faults:
            yield Problem("item", item.id, Broken("health_no_faults", {"item": item.id}))
        if item.skill not in skills:
            yield Problem("item", item.id, Broken("health_skill", {"item": item.id, "skill": item.skill}))
        for name in item.certificates:
            if name not in certificates:
                params = {"item": item.id, "certificate": name}
                yield Problem("item", item.id, Broken("health_certificate", params))
        if item.standard is None:
            yield Problem("item", item.id, Broken("health_no_standard", {"item": item.id}))
        for fault in item.faults:
            if fault.minutes <= 0:
                params = {"item": item.id, "fault": fault.name}
                yield Problem("item", item.id, Broken("health_no_minutes", params))
            if any((item.id, fault.id) not in book.labour_by_fault for book in books.values()):
                params = {"item": item.id, "fault": fault.name}
                yield Problem("item", item.id, Broken("health_no_price", params))
            for part in fault.parts:
                if part not in parts:
                    params = {"item": item.id, "fault": fault.name, "part": part}
                    yield Problem("item", item.id, Broken("health_part_unknown", params))


def _parts(known: Known, parts: tuple[Part, ...]) -> Iterator[Problem]:
    books = _books(known)
    for part in parts:
        if not part.retired and any(part.id not in book.part_by_id for book in books.values()):
            yield Problem("part", part.id, Broken("health_part_no_price", {"name": part.name}))


def _technicians(known: Known, technicians: tuple[Technician, ...]) -> Iterator[Problem]:
    needed = {name for item in known.items if not item.retired for name in item.certificates}
    soon = known.now + EXPIRES_SOON_DAYS * DAY_MS
    for each in technicians:
        if each.suspended:
            continue
        if not each.shifts:
            yield Problem("technician", each.id, Broken("health_no_shift", {"technician": each.id}))
        if not each.skills:
            yield Problem("technician", each.id, Broken("health_no_skills", {"technician": each.id}))
        if (each.home.lon, each.home.lat) == (0, 0):
            yield Problem("technician", each.id, Broken("health_no_home", {"technician": each.id}))
        for one in each.certificates:
            if one.name in needed and one.expires_at <= soon:
                params = {"technician": each.id, "certificate": one.name, "until": one.expires_at}
                yield Problem("technician", each.id, Broken("health_expires", params))


def _regions(known: Known) -> Iterator[Problem]:
    for region in known.regions:
        if known.books.get(region.id) is None:
            params = {"region": region.name, "currency": region.currency}
            yield Problem("region", region.id, Broken("health_no_prices", params))
        known_here = {each.id for each in region.districts}
        for store in region.stores:
            if known_here and store.district not in known_here:
                yield Problem("store", store.id, Broken("health_store_district", {"store": store.name}))
            if not store.shelves:
                yield Problem("store", store.id, Broken("health_store_shelves", {"store": store.name}))


def _years(known: Known) -> Iterator[Problem]:
    """The years that begin soon, or have begun, and whose holidays some price depends on."""
    wanted: set[str] = set()
    for region in known.regions:
        book = known.books.get(region.id)
        if book is not None and by_day(book):
            moments = (known.now, known.now + YEAR_AHEAD_DAYS * DAY_MS)
            wanted.update(local_date(each, region.timezone)[:4] for each in moments)
    for year in sorted(wanted - known.years):
        yield Problem("holiday_year", year, Broken("health_holidays", {"year": year}))
