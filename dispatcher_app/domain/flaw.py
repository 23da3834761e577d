"""What is wrong in a price book, row by row: nothing of it may be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.book import PriceBook, TimeRule
from dispatcher_app.domain.calendar import is_date
from dispatcher_app.domain.catalogue import Item, Part

Sheet = Literal["labour", "parts", "bands", "times", "packages", "coupons", "fees"]
DAY_MINUTES = 24 * 60
MOST_PERCENT = 300
"""A surcharge above that is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong: the sheet of the book, its row (from 1; 0 where a whole row is missing), and the rule."""

    sheet: Sheet
    row: int
    rule: Broken


def flaws(
    book: PriceBook, items: Iterable[Item], parts: Iterable[Part], currencies: Mapping[str, str]
) -> tuple[Flaw, ...]:
    """Everything that is wrong in a book; `currencies` are those of the regions that it is for, by region."""
    catalogue = {item.id: item for item in items}
    return (
        *_fees(book, currencies),
        *_labour(book, catalogue),
        *_parts(book, {part.id for part in parts}),
        *_bands(book),
        *_times(book),
        *_packages(book, catalogue),
        *_coupons(book, catalogue),
    )


def _at(sheet: Sheet, row: int) -> dict[str, Any]:
    return {"sheet": sheet, "row": row}


def _fees(book: PriceBook, currencies: Mapping[str, str]) -> Iterator[Flaw]:
    for region, currency in sorted(currencies.items()):
        if currency != book.currency:
            params = {"currency": book.currency, "region": region, "wanted": currency}
            yield Flaw("fees", 0, Broken("currency_differs", params))
    if min(book.same_day, book.emergency, book.inspection_max) < 0:
        yield Flaw("fees", 1, Broken("figure_negative", _at("fees", 1)))
    yield from _percent("fees", 1, book.inspection_percent, 0, 100)


def _labour(book: PriceBook, catalogue: Mapping[str, Item]) -> Iterator[Flaw]:
    yield from _twice("labour", [(each.item, each.fault) for each in book.labour])
    for row, each in enumerate(book.labour, start=1):
        item = catalogue.get(each.item)
        if item is None or item.fault(each.fault) is None:
            params = {"sheet": "labour", "row": row, "item": each.item, "fault": each.fault}
            yield Flaw("labour", row, Broken("fault_not_there", params))
        if min(each.price, each.cost or 0, *(other.price for other in each.competitors), 0) < 0:
            yield Flaw("labour", row, Broken("figure_negative", _at("labour", row)))
        if any(not is_date(other.seen_on) for other in each.competitors):
            yield Flaw("labour", row, Broken("dates_wrong", _at("labour", row)))
    for item in catalogue.values():
        for fault in item.faults:
            if not item.retired and (item.id, fault.id) not in book.labour_by_fault:
                yield Flaw("labour", 0, Broken("price_missing", {"item": item.id, "fault": fault.name}))


def _parts(book: PriceBook, known: set[str]) -> Iterator[Flaw]:
    yield from _twice("parts", [each.part for each in book.parts])
    for row, each in enumerate(book.parts, start=1):
        if each.part not in known:
            yield Flaw(
                "parts", row, Broken("part_not_there", {"sheet": "parts", "row": row, "part": each.part})
            )
        if min(each.price, each.cost or 0) < 0:
            yield Flaw("parts", row, Broken("figure_negative", _at("parts", row)))


def _bands(book: PriceBook) -> Iterator[Flaw]:
    if not book.bands:
        yield Flaw("bands", 0, Broken("bands_missing"))
    begin, reached = 0, 0
    for row, band in enumerate(book.bands, start=1):
        last = row == len(book.bands)
        if band.fee < 0 or band.per_km < 0:
            yield Flaw("bands", row, Broken("figure_negative", _at("bands", row)))
        if (band.up_to_m is None) != last:
            yield Flaw("bands", row, Broken("band_end", _at("bands", row)))
        if band.fee < reached:
            yield Flaw("bands", row, Broken("band_cheaper", _at("bands", row)))
        if band.up_to_m is not None:
            if band.up_to_m <= begin:
                yield Flaw("bands", row, Broken("band_order", _at("bands", row)))
            reached = band.fee + -(-(band.up_to_m - begin) // 1000) * band.per_km
            begin = band.up_to_m


def _times(book: PriceBook) -> Iterator[Flaw]:
    yield from _twice("times", [each.id for each in book.times])
    for row, rule in enumerate(book.times, start=1):
        if not rule.name.strip():
            yield Flaw("times", row, Broken("name_missing", _at("times", row)))
        begin, end = rule.from_minute, rule.to_minute
        if not (0 <= begin < DAY_MINUTES and 0 <= end <= DAY_MINUTES) or begin == end:
            yield Flaw("times", row, Broken("time_span", _at("times", row)))
        yield from _dates("times", row, rule.first_date, rule.last_date)
        yield from _percent("times", row, rule.percent, -100, MOST_PERCENT)
    for (row, one), (other, two) in combinations(enumerate(book.times, start=1), 2):
        if one.kind == two.kind and overlap(one, two):
            yield Flaw(
                "times", other, Broken("times_overlap", {"sheet": "times", "row": other, "other": row})
            )


def overlap(one: TimeRule, two: TimeRule) -> bool:
    """Whether some moment falls under both rules."""
    days = not one.days or not two.days or set(one.days) & set(two.days)
    dates = (one.first_date or "") <= (two.last_date or "9999") and (two.first_date or "") <= (
        one.last_date or "9999"
    )
    hours = any(a < d and c < b for a, b in _spans(one) for c, d in _spans(two))
    return bool(days) and dates and hours


def _spans(rule: TimeRule) -> list[tuple[int, int]]:
    """The minutes of a local day under a rule: two spans where it goes over midnight."""
    if rule.from_minute < rule.to_minute:
        return [(rule.from_minute, rule.to_minute)]
    return [(rule.from_minute, DAY_MINUTES), (0, rule.to_minute)]


def _packages(book: PriceBook, catalogue: Mapping[str, Item]) -> Iterator[Flaw]:
    yield from _twice("packages", [each.id for each in book.packages])
    for row, each in enumerate(book.packages, start=1):
        if not each.name.strip():
            yield Flaw("packages", row, Broken("name_missing", _at("packages", row)))
        if each.price < 0:
            yield Flaw("packages", row, Broken("figure_negative", _at("packages", row)))
        if not each.lines or any(line.quantity < 1 for line in each.lines):
            yield Flaw("packages", row, Broken("package_empty", _at("packages", row)))
        for line in each.lines:
            item = catalogue.get(line.item)
            if item is None or item.fault(line.fault) is None:
                params = {"sheet": "packages", "row": row, "item": line.item, "fault": line.fault}
                yield Flaw("packages", row, Broken("fault_not_there", params))
        yield from _dates("packages", row, each.first_date, each.last_date)


def _coupons(book: PriceBook, catalogue: Mapping[str, Item]) -> Iterator[Flaw]:
    yield from _twice("coupons", [each.code.casefold() for each in book.coupons])
    for row, each in enumerate(book.coupons, start=1):
        if not each.code.strip() or not each.name.strip():
            yield Flaw("coupons", row, Broken("name_missing", _at("coupons", row)))
        if min(each.amount, each.minimum) < 0:
            yield Flaw("coupons", row, Broken("figure_negative", _at("coupons", row)))
        elif each.amount == each.percent == 0:
            yield Flaw("coupons", row, Broken("coupon_nothing", _at("coupons", row)))
        for item in each.items:
            if item not in catalogue:
                yield Flaw(
                    "coupons", row, Broken("item_not_there", {"sheet": "coupons", "row": row, "item": item})
                )
        yield from _dates("coupons", row, each.first_date, each.last_date)
        yield from _percent("coupons", row, each.percent, 0, 100)


def _twice(sheet: Sheet, keys: list[Any]) -> Iterator[Flaw]:
    """The rows whose key stands further up already."""
    seen: Counter[Any] = Counter()
    for row, key in enumerate(keys, start=1):
        seen[key] += 1
        if seen[key] > 1:
            yield Flaw(sheet, row, Broken("listed_twice", _at(sheet, row)))


def _dates(sheet: Sheet, row: int, first: str | None, last: str | None) -> Iterator[Flaw]:
    if any(date is not None and not is_date(date) for date in (first, last)):
        yield Flaw(sheet, row, Broken("dates_wrong", _at(sheet, row)))
    elif first is not None and last is not None and last < first:
        yield Flaw(sheet, row, Broken("dates_backwards", _at(sheet, row)))


def _percent(sheet: Sheet, row: int, percent: int, least: int, most: int) -> Iterator[Flaw]:
    if not least <= percent <= most:
        params = {"sheet": sheet, "row": row, "least": least, "most": most}
        yield Flaw(sheet, row, Broken("percent_range", params))
