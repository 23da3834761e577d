"""Prices for an installation that has none yet: those it had before there were books, in each region's currency."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from dispatcher_app import clock
from dispatcher_app.catalogue_file import first_prices
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.command import name_of
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.region import Region
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Database
from dispatcher_app.server.store.old_price import has_prices, old_book

log = logging.getLogger(__name__)


def adopt(database: Database, executor: Executor) -> bool:
    """Publish the old prices as the first book; whether there was anything to do. Two nodes at once do it once."""
    with database.reading() as cursor:
        if has_prices(cursor) or (book := old_book(cursor)) is None:
            return False
        regions = [each for each in record.load_all(cursor, "region", PLATFORM) if isinstance(each, Region)]
    acts = []
    for each in books(book, regions):
        for command in first_prices(each):
            id = clock.derived_id("first prices", each.series, name_of(command))
            acts.append(Act(id=id, actor=SYSTEM, at=clock.now_ms(), command=command, region=PLATFORM))
    for result in executor.submit_all(acts).result():
        if isinstance(result, Rejected):
            # It stays a draft that an administrator mends: an installation that does not start helps nobody.
            log.error("the old prices can't be published", extra={"reason": repr(result)})
    return True


def books(book: PriceBook, regions: Iterable[Region], common: str | None = None) -> list[PriceBook]:
    """The book for everybody, and the same figures for each region that counts in another currency, these first.

    `common` is the currency of the prices for everybody where there are some.
    """
    known = sorted(regions, key=lambda each: each.id)
    if common is None:
        used = [each.currency for each in known]
        common = book.currency if book.currency in used or not used else used[0]
    own = [
        replace(book, series=f"prices:{each.id}", currency=each.currency)
        for each in known
        if each.currency != common
    ]
    return [*own, replace(book, series="prices", currency=common)]
