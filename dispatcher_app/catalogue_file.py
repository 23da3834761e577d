"""The catalogue that a new installation starts with, read from `resources/catalogue/first.json`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from dispatcher_app import codec, resource
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Category, Item, Part
from dispatcher_app.domain.command import (
    PublishPriceBook,
    PublishStandard,
    SaveCategory,
    SaveHolidayYear,
    SaveItem,
    SavePart,
    SavePriceBook,
    SaveStandard,
    SaveTemplate,
)
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.standard import Standard
from dispatcher_app.domain.talk import Template

BEFORE_ALL = 0
"""The first prices hold from the beginning of time: whatever is taken over from before has some then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What a company begins with: what it repairs, with which parts, for how much, to which standards."""

    categories: tuple[Category, ...] = ()
    items: tuple[Item, ...] = ()
    parts: tuple[Part, ...] = ()
    book: PriceBook | None = None
    standards: tuple[Standard, ...] = ()
    templates: tuple[Template, ...] = ()
    holidays: tuple[HolidayYear, ...] = ()


@cache
def first_catalogue() -> Catalogue:
    """The categories, items and prices of the trade; raises msgspec.ValidationError where the file is wrong."""
    return codec.decode(resource.path("catalogue", "first.json").read_bytes(), Catalogue)


def commands(catalogue: Catalogue, currency: str, now: int) -> list[Any]:
    """What puts a whole catalogue into a company that has none, its prices in its own currency."""
    made: list[Any] = [SaveCategory(category=each) for each in catalogue.categories]
    made += [SaveItem(item=each) for each in catalogue.items]
    made += [SavePart(part=each) for each in catalogue.parts]
    if catalogue.book is not None:
        made += first_prices(replace(catalogue.book, currency=currency))
    for standard in catalogue.standards:
        made += standard_commands(standard, now)
    made += [SaveTemplate(template=each) for each in catalogue.templates]
    made += [SaveHolidayYear(year=each) for each in catalogue.holidays]
    return made


def first_prices(book: PriceBook) -> list[Any]:
    """A book as the first one of its series, in force from the beginning."""
    draft = replace(book, version=0, state="draft", number=1, id=f"{book.series}-1")
    return [SavePriceBook(book=draft), PublishPriceBook(book=draft.id, from_version=1, starts_at=BEFORE_ALL)]


def standard_commands(standard: Standard, now: int) -> list[Any]:
    """A standard, in force from now (UTC ms) on."""
    draft = replace(standard, version=0, state="draft")
    return [
        SaveStandard(standard=draft),
        PublishStandard(standard=draft.id, from_version=1, starts_at=now),
    ]
