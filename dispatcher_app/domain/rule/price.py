"""Parts, price books and holidays: drafts are edited, a published book never changes."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import SYSTEM, Act, Change, Rejected, World, need
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.calendar import MINUTE_MS, is_date
from dispatcher_app.domain.catalogue import Item, Part
from dispatcher_app.domain.command import (
    DiscardPriceBook,
    PublishPriceBook,
    SaveHolidayYear,
    SavePart,
    SavePriceBook,
)  # fmt: skip
from dispatcher_app.domain.edition import Edition, Series
from dispatcher_app.domain.flaw import Flaw, flaws
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.rule.facts import on_top, required_text, text
from dispatcher_app.domain.standard import Standard

PATIENCE = 10
"""So many minutes may pass between choosing "from now on" and saying so."""
NAMED_AT_ONCE = 6
"""So many flaws are named in the sentence; all of them are in its rows."""


def save_part(command: SavePart, act: Act, world: World, now: int) -> Change:
    """A spare part; what it fits must be in the catalogue."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    part = command.part
    required_text(part.name, "name", 80)
    text(part.unit, "unit", 20)
    for item in part.items:
        need(world, Item, item, "items")
    if part.warranty_days is not None and not 0 <= part.warranty_days <= 3660:
        raise Rejected("warranty_invalid", "warranty_days")
    return Change(after=(on_top(world, part, act),))


def save_price_book(command: SavePriceBook, act: Act, world: World, now: int) -> Change:
    """A draft, however unfinished, also one that was thrown away; what is published is copied, never edited."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    book = command.book
    former = world.get(PriceBook, book.id)
    if book.state != "draft" or (former is not None and former.state == "published"):
        raise Rejected("edition_published", "book")
    text(book.name, "name", 80)
    checked_series(world, book)
    return Change(after=(replace(on_top(world, book, act), starts_at=None, published_by=""),))


def publish_price_book(command: PublishPriceBook, act: Act, world: World, now: int) -> Change:
    """A draft becomes what everybody pays from a moment on; whoever has booked before keeps the old prices."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    book = need(world, PriceBook, command.book, "book")
    drafted(book, command.from_version, "book")
    series = world.get(Series, book.series) or Series(id=book.series)
    # What a new installation begins with also holds for whatever it takes over from before.
    first = act.actor == SYSTEM and not series.editions
    if not first and command.starts_at < now - PATIENCE * MINUTE_MS:
        raise Rejected("starts_in_the_past", "starts_at")
    newest = max((each.starts_at for each in series.editions), default=None)
    if newest is not None and command.starts_at <= newest:
        raise Rejected("starts_too_early", "starts_at", since=newest)
    wrong = flaws(book, world.all(Item), world.all(Part), currencies(world, book))
    if wrong:
        raise Rejected(
            "book_invalid", "book", count=len(wrong), broken=said(wrong[:NAMED_AT_ONCE]), rows=rows(wrong)
        )
    published = replace(
        book,
        state="published",
        number=len(series.editions) + 1,
        starts_at=command.starts_at,
        published_by=act.actor.name,
    )
    edition = Edition(book.id, command.starts_at)
    return Change(after=(published, replace(series, editions=(*series.editions, edition))))


def discard_price_book(command: DiscardPriceBook, act: Act, world: World, now: int) -> Change:
    """A draft is thrown away; saving it again brings it back."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    book = need(world, PriceBook, command.book, "book")
    drafted(book, command.from_version, "book")
    undo = SavePriceBook(book=replace(book, version=book.version + 1))
    return Change(after=(replace(book, state="discarded"),), undo=undo)


def drafted(edition: PriceBook | Standard, from_version: int, field: str) -> None:
    """Raises Rejected unless it is a draft, and as it was read."""
    if edition.state == "published":
        raise Rejected("edition_published", field)
    if edition.state == "discarded":
        raise Rejected("edition_discarded", field)
    if edition.version != from_version:
        raise Rejected("edited_meanwhile", "from_version", version=edition.version)


def save_holiday_year(command: SaveHolidayYear, act: Act, world: World, now: int) -> Change:
    """The special days of a year, each once and each in it."""
    role.require(act.actor, role.ADMINISTERS, act.region)
    year = command.year
    if not is_date(f"{year.id}-01-01"):
        raise Rejected("year_invalid", "id")
    wrong = [day.date for day in year.days if not is_date(day.date) or day.date[:4] != year.id]
    if wrong:
        raise Rejected("holidays_wrong", "days", dates=wrong)
    dates = [day.date for day in year.days]
    if twice := sorted({date for date in dates if dates.count(date) > 1}):
        raise Rejected("holidays_twice", "days", dates=twice)
    for day in year.days:
        required_text(day.name, "name", 60)
    return Change(after=(on_top(world, year, act),))


def checked_series(world: World, book: PriceBook) -> None:
    """Raises Rejected for a book that is neither for everybody nor for one of the regions."""
    head, colon, region = book.series.partition(":")
    if head != "prices" or (colon and world.get(Region, region) is None):
        raise Rejected("series_invalid", "series", series=book.series)


def currencies(world: World, book: PriceBook) -> dict[str, str]:
    """The currencies of the regions that a book is for: its own region's, or those without a book of their own."""
    _, colon, own = book.series.partition(":")
    if colon:
        return {own: need(world, Region, own, "series").currency}
    return {
        region.id: region.currency
        for region in world.all(Region)
        if world.get(Series, f"prices:{region.id}") is None
    }


def said(wrong: tuple[Flaw, ...]) -> list[dict[str, object]]:
    """Flaws as the sentence about them takes them."""
    return [{"code": each.rule.code, "params": each.rule.params} for each in wrong]


def rows(wrong: tuple[Flaw, ...]) -> list[dict[str, object]]:
    """All flaws for the screen: sheet, row, code and what the sentence needs."""
    return [
        {"sheet": each.sheet, "row": each.row, "code": each.rule.code, "params": each.rule.params}
        for each in wrong
    ]
