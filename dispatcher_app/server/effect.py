"""What a price book would do: the orders of the last 90 days by the prices in force, and by that book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from dispatcher_app import clock
from dispatcher_app.domain import reduction, role
from dispatcher_app.domain.act import Rejected, need
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.entity import PLATFORM, E, Entity
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import Wanted, book_labour, quote
from dispatcher_app.domain.rule.facts import price_book, tariff
from dispatcher_app.server import ask
from dispatcher_app.server.answer import answer
from dispatcher_app.server.request import read, seat_of
from dispatcher_app.server.store import query, record
from dispatcher_app.server.store.database import Cursor

LOOKS_AHEAD = role.ADMINISTERS | role.OVERRIDES
DAYS = 90
ORDERS = 20_000
ITEMS = 20
PAGE = 500
"""So many whole orders are in memory at a time."""


class Moment:
    """What one moment of the database says, each thing read once."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._seen: dict[tuple[str, str], Entity | None] = {}

    def get(self, type_: type[E], id: str) -> E | None:
        """The entity, None where it does not exist."""
        key = (type_.kind, id)
        if key not in self._seen:
            self._seen[key] = record.load(self._cursor, *key)
        return cast("E | None", self._seen[key])


@dataclass(slots=True)
class Sum:
    """Orders and what they come to (minor units) by the prices in force and by the other book."""

    orders: int = 0
    before: int = 0
    after: int = 0

    def add(self, before: int, after: int) -> None:
        """One more order."""
        self.orders += 1
        self.before += before
        self.after += after


@dataclass(slots=True)
class Tally:
    """All orders together, and by the item of their first line, by which the queue names them too."""

    whole: Sum = field(default_factory=Sum)
    changed: int = 0
    skipped: int = 0
    by_item: dict[str, Sum] = field(default_factory=dict)

    def add(self, order: Order, before: int, after: int) -> None:
        """One more order."""
        self.whole.add(before, after)
        self.changed += before != after
        self.by_item.setdefault(order.lines[0].item, Sum()).add(before, after)

    def shown(self, currency: str) -> dict[str, Any]:
        """As desks are told, with the items whose sum moves most."""
        moved = [(id, each) for id, each in self.by_item.items() if each.before != each.after]
        moved.sort(key=lambda pair: (-abs(pair[1].after - pair[1].before), pair[0]))
        return {
            "orders": self.whole.orders, "changed": self.changed, "skipped": self.skipped,
            "before": self.whole.before, "after": self.whole.after, "currency": currency,
            "by_item": [
                {"item": id, "orders": each.orders, "before": each.before, "after": each.after}
                for id, each in moved[:ITEMS]
            ],
        }  # fmt: skip


async def effect(request: Request) -> Response:
    """GET /books/{id}/effect: what the orders of the last 90 days would come to by a book, draft or published."""
    seat = await seat_of(request)
    role.require(seat.actor, LOOKS_AHEAD, PLATFORM)
    id, now = request.path_params["id"], clock.now_ms()
    return answer(await read(request, lambda cursor: effect_of(cursor, id, seat.staff.regions, now)))


def effect_of(cursor: Cursor, id: str, regions: Sequence[str], now: int) -> dict[str, Any]:
    """The orders of these regions by the prices in force now and by a book; raises Rejected where there is none."""
    book = ask.found(cursor, PriceBook, id)
    moment = Moment(cursor)
    inside = [region for region in regions if holds_in(moment, book, region, now)]
    recent = iter(query.orders_since(cursor, inside, now - DAYS * DAY_MS, ORDERS))
    tally = Tally()
    for order in orders(cursor, recent):
        try:
            both = [total(moment, order, each, now) for each in (price_book(moment, order.region, now), book)]
        except Rejected:
            tally.skipped += 1
        else:
            tally.add(order, *both)
    return tally.shown(book.currency)


def holds_in(moment: Moment, book: PriceBook, region: str, now: int) -> bool:
    """Whether a region would pay by the book: not by another region's, nor by everybody's where it has its own."""
    if book.series != "prices":
        return book.series == f"prices:{region}"
    try:
        return price_book(moment, region, now).series == "prices"
    except Rejected:
        # Its orders cannot be told by another currency's prices, but they are counted as such.
        return True


def orders(cursor: Cursor, ids: Iterator[str]) -> Iterator[Order]:
    """The orders of these ids, read page by page."""
    while page := list(islice(ids, PAGE)):
        for order in query.bodies(cursor, "order", page):
            if isinstance(order, Order):
                yield order


def total(moment: Moment, order: Order, book: PriceBook, now: int) -> int:
    """What an order as it stands comes to by a book (minor units); raises Rejected where that has no price for it."""
    if order.quote.currency != book.currency:
        raise Rejected("no_prices", None, region=order.region)
    lines = []
    for line in order.lines:
        labour = book_labour(need(moment, Item, line.item, "lines"), line.fault, book)
        if labour is None:
            raise Rejected("no_prices", "lines", region=order.region)
        lines.append(replace(line, labour=labour))
    parts = []
    for part in order.parts:
        price = book.part_by_id.get(part.part)
        if price is None:
            raise Rejected("no_prices", "parts", region=order.region)
        parts.append(replace(part, price=price.price))
    wanted = Wanted(
        lines=tuple(lines), parts=tuple(parts), point=order.point, urgency=order.urgency, window=order.window,
        at=order.created_at, coupon=order.quote.coupon, package=order.quote.package, service=order.service,
    )  # fmt: skip
    prices = tariff(moment, order.region, now, order.window, book)
    try:
        return quote(wanted, prices).total
    except Rejected as rejected:
        if rejected.code not in reduction.CODES:
            raise
        return quote(replace(wanted, coupon=None, package=None), prices).total
