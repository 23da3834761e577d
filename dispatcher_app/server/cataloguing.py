"""`dispatcher admin load-catalogue`: items, parts, prices from a file, through commands, as often as one likes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from dispatcher_app import clock, codec
from dispatcher_app.catalogue_file import Catalogue, first_catalogue, first_prices, standard_commands
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Category, Item, Part
from dispatcher_app.domain.command import (
    PublishPriceBook,
    SaveCategory,
    SaveHolidayYear,
    SaveItem,
    SavePart,
    SavePriceBook,
    SaveTemplate,
)
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.entity import PLATFORM, Entity
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.talk import Template
from dispatcher_app.server.adoption import adopt, books
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Database
from dispatcher_app.server.vault import Vault

KINDS = ("category", "item", "part", "region", "series", "price_book", "template", "holiday_year")
Stored = dict[tuple[str, str], Entity]


class DamagedCatalogue(Exception):
    """The file is no catalogue; the text says where."""


def read_catalogue(file: Path | None) -> Catalogue:
    """The catalogue of a file, the shipped one without; raises OSError or DamagedCatalogue."""
    if file is None:
        return first_catalogue()
    try:
        return codec.decode(file.read_bytes(), Catalogue)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedCatalogue(str(error)) from error


def load(database: Database, vault: Vault, wanted: Catalogue, *, overwrite: bool) -> tuple[int, int]:
    """Save what is missing, and with `overwrite` what reads differently here; returns (saved, kept as edited).

    What is published is never touched: other prices become the next edition. Raises Rejected where a rule says no.
    """
    executor = Executor(database, vault, lambda messages: None)
    try:
        adopt(database, executor)
        with database.reading() as cursor:
            here = {
                (each.kind, each.id): each
                for kind in KINDS
                for each in record.load_all(cursor, kind, PLATFORM)
            }
        commands, kept = changes(wanted, here, overwrite=overwrite)
        prices, more = price_changes(wanted, here, overwrite=overwrite)
        for standard in wanted.standards:
            if ("series", standard.series) not in here:
                prices += standard_commands(standard, clock.now_ms())
        acts = [
            Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=each, region=PLATFORM)
            for each in (*commands, *prices)
        ]
        results = executor.submit_all(acts).result()
    finally:
        executor.close()
    for result in results:
        if isinstance(result, Rejected):
            raise result
    return len(acts), kept + more


def changes(wanted: Catalogue, here: Stored, *, overwrite: bool) -> tuple[list[Any], int]:
    """Commands for what the catalogue has otherwise than this company, and how many stay as they were edited."""
    commands: list[Any] = []
    kept = 0
    known: Iterable[Category | Item | Part | Template | HolidayYear] = (
        *wanted.categories, *wanted.items, *wanted.parts, *wanted.templates, *wanted.holidays,
    )  # fmt: skip
    for each in known:
        former = here.get((each.kind, each.id))
        made = replace(each, version=former.version if former else 0)
        if isinstance(made, Item) and isinstance(former, Item):
            made = replace(made, standard=former.standard)
        if made == former:
            continue
        if former is not None and not overwrite:
            kept += 1
        else:
            commands.append(saving(made))
    return commands, kept


def saving(made: Category | Item | Part | Template | HolidayYear) -> Any:
    """The command that saves one of them."""
    match made:
        case Category():
            return SaveCategory(category=made)
        case Item():
            return SaveItem(item=made)
        case Part():
            return SavePart(part=made)
        case Template():
            return SaveTemplate(template=made)
        case HolidayYear():
            return SaveHolidayYear(year=made)


def price_changes(wanted: Catalogue, here: Stored, *, overwrite: bool) -> tuple[list[Any], int]:
    """The first books where there are none, else the next edition of each where prices are missing or other ones."""
    if wanted.book is None:
        return [], 0
    regions = [each for each in here.values() if isinstance(each, Region)]
    items = {each.id: each for each in wanted.items}
    # An item that stays as it was edited here may have other faults than the file's.
    items.update({
        each.id: each
        for each in here.values()
        if isinstance(each, Item) and not (overwrite and each.id in items)
    })  # fmt: skip
    there = {(item.id, fault.id) for item in items.values() for fault in item.faults}
    common = newest_of(here, "prices")
    commands: list[Any] = []
    kept = 0
    for book in books(wanted.book, regions, common.currency if common else None):
        book = replace(book, labour=tuple(each for each in book.labour if (each.item, each.fault) in there))
        newest = newest_of(here, book.series)
        if newest is None:
            commands += first_prices(book)
            continue
        merged, left = with_prices(newest, book, overwrite=overwrite)
        kept += left
        merged = replace(
            merged, labour=tuple(each for each in merged.labour if (each.item, each.fault) in there)
        )
        if merged != newest:
            draft = replace(merged, id=clock.new_id(), version=0, state="draft", starts_at=None)
            starts_at = max(clock.now_ms(), (newest.starts_at or 0) + 1)
            publish = PublishPriceBook(book=draft.id, from_version=1, starts_at=starts_at)
            commands += [SavePriceBook(book=draft), publish]
    return commands, kept


def newest_of(here: Stored, series: str) -> PriceBook | None:
    """The edition of a series that starts last, None where there is none."""
    found = here.get(("series", series))
    if not isinstance(found, Series) or not found.editions:
        return None
    book = here["price_book", max(found.editions, key=lambda each: each.starts_at).id]
    assert isinstance(book, PriceBook)
    return book


def with_prices(book: PriceBook, other: PriceBook, *, overwrite: bool) -> tuple[PriceBook, int]:
    """A book with the prices that it lacks, and with `overwrite` those that differ; how many differ and stay."""
    kept = 0
    labour, parts = dict(book.labour_by_fault), dict(book.part_by_id)
    for key, price in other.labour_by_fault.items():
        if key not in labour or overwrite:
            labour[key] = price
        elif labour[key].price != price.price:
            kept += 1
    for id, part in other.part_by_id.items():
        if id not in parts or overwrite:
            parts[id] = part
        elif parts[id].price != part.price:
            kept += 1
    return replace(book, labour=tuple(labour.values()), parts=tuple(parts.values())), kept
