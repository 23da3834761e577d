"""Pricing an order anew: for another window, for other lines, always by the prices that its customer was told."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import reduction
from dispatcher_app.domain.act import Broken, Facts, Rejected, need
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.customer import Address
from dispatcher_app.domain.order import Line, Order, Quote
from dispatcher_app.domain.pricing import Tariff, Wanted, quote
from dispatcher_app.domain.rule.facts import priced, tariff, tariff_of


def requoted(facts: Facts, order: Order) -> tuple[Order, tuple[Broken, ...]]:
    """The order priced by its own book for its window as it is now; what the customer has agreed to since stays."""
    if any(each.state == "accepted" for each in order.revisions):
        return order, ()
    price, dropped = requote(facts, order, tariff_of(facts, order))
    return replace(order, quote=price), dropped


def requote(
    facts: Facts, order: Order, prices: Tariff, *, discount: int = 0, told: Quote | None = None
) -> tuple[Quote, tuple[Broken, ...]]:
    """The quote of an order as it stands; coupon and package fall away, and it is said, where they fit no longer."""
    point = order.point
    if order.address:
        point = need(facts, Address, order.address, "address").point
    wanted = Wanted(
        lines=order.lines,
        parts=order.parts,
        point=point,
        urgency=order.urgency,
        window=order.window,
        at=order.created_at,
        coupon=order.quote.coupon,
        package=order.quote.package,
        discount=discount,
        service=order.service,
        return_of=order.return_of,
        told=told,
    )
    try:
        return quote(wanted, prices), ()
    except Rejected as rejected:
        if rejected.code not in reduction.CODES:
            raise
        return quote(replace(wanted, coupon=None, package=None), prices), (Broken("reduction_dropped"),)


def repriced(
    facts: Facts, order: Order, lines: tuple[BookedLine, ...], at: int
) -> tuple[tuple[Line, ...], Tariff]:
    """Other lines by the order's own book, or by today's where that one does not know them.

    On a return visit what was free stays free; what was told of the warranty stays as it was told.
    """
    # What was booked while it was offered is still repaired and quoted.
    kept = {line.item for line in order.lines}
    prices = tariff_of(facts, order)
    made = priced(facts, lines, prices.book, kept)
    if any(line.labour == 0 for line in made) and order.return_of is None:
        prices = tariff(facts, order.region, at, order.window)
        made = priced(facts, lines, prices.book, kept)
    if order.return_of is not None:
        free = {(line.item, line.fault) for line in order.lines if line.labour == 0}
        made = tuple(replace(line, labour=0) if (line.item, line.fault) in free else line for line in made)
    told = {(line.item, line.fault): line for line in order.lines}
    return tuple(as_told(line, told.get((line.item, line.fault))) for line in made), prices


def as_told(line: Line, former: Line | None) -> Line:
    """A line with what was said of warranties when it was first quoted."""
    if former is None:
        return line
    return replace(
        line, warranty_days=former.warranty_days, maker_until=line.maker_until or former.maker_until
    )
