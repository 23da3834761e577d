"""An itemised quote from the price book; the same function shows it live and stores it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatcher_app.domain.book import Band, PriceBook
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.catalogue import Fault, Item
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.order import Line, Order, PartLine, Quote, QuoteLine, Service, Urgency, Window
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.reduction import coupon_of, labour_of, reductions
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.surcharge import half_up, moment_of, surcharges

UNKNOWN_FAULT_MINUTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What a price is worked out from: the price book, where we come from and how much roads bend, known holidays."""

    book: PriceBook
    region: Region
    detour: float
    years: Mapping[str, HolidayYear]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a price is asked for; `at` (UTC ms) is when, by which coupons and packages are still good.

    `told` is the quote of the booking: what it says about declining stays, however the work turns out. On a return
    visit (`return_of`) lines whose labour is 0 are under warranty.
    """

    lines: tuple[Line, ...]
    parts: tuple[PartLine, ...] = ()
    point: Point
    urgency: Urgency = "normal"
    window: Window | None = None
    at: int
    coupon: str | None = None
    package: str | None = None
    discount: int = 0
    service: Service = "home"
    return_of: str | None = None
    told: Quote | None = None


def usual_fault(item: Item, fault: str | None) -> Fault | None:
    """The fault of that id; without a known one the longest, so that nobody is promised too little time."""
    return item.fault(fault) or max(item.faults, key=lambda each: each.minutes, default=None)


def minutes_of(item: Item, fault: str | None) -> int:
    """The minutes on site for one piece."""
    found = usual_fault(item, fault)
    return found.minutes if found else UNKNOWN_FAULT_MINUTES


def book_labour(item: Item, fault: str | None, book: PriceBook) -> int | None:
    """The labour price (minor units) of one piece, None where the book has none."""
    found = usual_fault(item, fault)
    price = book.labour_by_fault.get((item.id, found.id)) if found else None
    return price.price if price else None


def priced_line(
    item: Item, fault: str | None, brand: str, model: str, quantity: int, book: PriceBook
) -> Line:
    """A line with the catalogue's minutes and the book's labour; without a known fault those of its longest one."""
    return Line(
        item=item.id,
        fault=fault,
        brand=brand,
        model=model,
        quantity=quantity,
        minutes=minutes_of(item, fault),
        labour=book_labour(item, fault, book) or 0,
    )


def door_fee(bands: Sequence[Band], distance: float) -> int:
    """The door fee (上门费) by road distance (metres) from the service point."""
    begin, found = 0, Band(up_to_m=None, fee=0)
    for found in bands:
        if found.up_to_m is None or distance <= found.up_to_m:
            break
        begin = found.up_to_m
    kilometres = int(-(-(distance - begin) // 1000)) if found.per_km else 0
    return found.fee + kilometres * found.per_km


def road_m(tariff: Tariff, point: Point) -> float:
    """The estimated road distance (metres) from the nearest service point."""
    points = tariff.region.service_points or (tariff.region.centre,)
    return min(distance_m(point, each) for each in points) * tariff.detour


def inspection_fee(book: PriceBook, labour: int) -> int:
    """What looking at it costs when it is not repaired: percent of the booked labour, up to a sum."""
    return min(half_up(labour, book.inspection_percent), book.inspection_max)


def quote(wanted: Wanted, tariff: Tariff) -> Quote:
    """The price of an order, amount by amount; raises Rejected for a coupon or package that is not good for it."""
    book, told = tariff.book, wanted.told
    lines = [_labour_line(line, wanted.return_of) for line in wanted.lines]
    guaranteed = bool(lines) and all(line.what == "warranty" for line in lines)
    lines += [_part_line(part) for part in wanted.parts]
    labour = labour_of(wanted.lines)
    fee = due = 0
    warnings: tuple[str, ...] = ()
    if not guaranteed:
        due = inspection_fee(book, labour)
        if wanted.service == "home":
            distance = road_m(tariff, wanted.point)
            fee = told.door_fee if told else door_fee(book.bands, distance)
            due = max(fee, due)
            params = {"fee": fee, "distance_m": round(distance)}
            lines.append(QuoteLine(what="door_fee", amount=0, reason="door_fee_waived", params=params))
        if wanted.urgency != "normal":
            amount = book.same_day if wanted.urgency == "same_day" else book.emergency
            lines.append(QuoteLine(what="urgency", amount=amount, reason=wanted.urgency))
        moment = moment_of(wanted.window, book, tariff.region.timezone, tariff.years)
        lines += surcharges(book, moment, labour)
        if moment is not None and not moment.sure:
            warnings = ("holidays_unknown",)
        if wanted.return_of is None and any(_without_price(line, book) for line in wanted.lines):
            warnings = (*warnings, "no_price")
    coupon = wanted.coupon
    if coupon is not None or wanted.package is not None or wanted.discount:
        lines += reductions(
            book, wanted.lines, local_date(wanted.at, tariff.region.timezone), sum(line.amount for line in lines),
            package=wanted.package, coupon=coupon, discount=wanted.discount,
        )  # fmt: skip
        coupon = coupon_of(book, coupon).code if coupon is not None else None
    return Quote(
        lines=tuple(lines),
        total=sum(line.amount for line in lines),
        if_declined=told.if_declined if told else due,
        door_fee=fee,
        currency=book.currency,
        book=book.id,
        package=wanted.package,
        coupon=coupon,
        warnings=warnings,
    )


def cancel_fee(
    policy: Policy,
    *,
    departed: bool,
    accepted: bool,
    ours: bool,
    created_at: int,
    window: Window | None,
    at: int,
) -> int:
    """What cancelling costs the customer (minor units) at a moment, by the rules told at booking."""
    if ours or not accepted or at - created_at <= policy.cancel_free_after_booking * 60_000:
        return 0
    if window is not None and at > window.end:
        return 0  # we are late: cancel is called before anybody has arrived
    if departed:
        return policy.cancel_fee_departed
    if window is None or window.start - at > policy.cancel_free_before_window * 60_000:
        return 0
    return policy.cancel_fee


def moved_by_us(order: Order) -> bool:
    """Whether the promise in hand stands where it does because somebody else than the customer moved it."""
    moves: list[str] = []
    for step in order.steps:
        if step.action in ("new_visit", "reopen"):
            moves.clear()
        elif step.action == "change_appointment":
            if step.params.get("reason") == "undo":
                del moves[-1:]
            else:
                moves.append(step.params.get("side", "customer"))
    return bool(moves) and moves[-1] != "customer"


def owing(order: Order) -> bool:
    """Whether the work is done and the money for it is not here."""
    return order.status == "finished" and order.paid < owed(order)


def owed(order: Order) -> int:
    """What the customer has to pay in all (minor units): by what came of it, or as quoted while nothing has."""
    # A device whose repair was called off still waits to be taken back.
    if order.cancellation is not None or order.status == "cancelled":
        return order.cancellation.fee - order.cancellation.waived if order.cancellation else 0
    # A return visit costs nothing, unless the customer agreed to more than what the warranty covers.
    if order.return_of is not None and not any(each.state == "accepted" for each in order.revisions):
        return 0
    match order.result:
        case "declined":
            return order.quote.if_declined
        case "no_fault" | "not_repairable":
            return order.quote.door_fee
        case "repaired":
            return max(0, order.quote.total - left_out(order))
    return order.quote.total


def left_out(order: Order) -> int:
    """Labour and parts (minor units) of the lines that were excused: what was not done is not paid."""
    excused = tuple(line for line in order.lines if line.state == "excused")
    if not excused:
        return 0
    labour = labour_of(excused)
    parts = (each for each in order.parts if order.lines[each.line].state == "excused")
    return labour + sum(each.price * each.quantity for each in parts)


def _labour_line(line: Line, return_of: str | None) -> QuoteLine:
    params: dict[str, Any] = {"item": line.item, "fault": line.fault, "quantity": line.quantity}
    if return_of is not None and line.labour == 0:
        return QuoteLine(what="warranty", amount=0, reason="warranty", params={**params, "order": return_of})
    return QuoteLine(
        what="labour",
        amount=line.labour * line.quantity,
        reason="labour",
        params={**params, "each": line.labour},
    )


def _part_line(part: PartLine) -> QuoteLine:
    params = {"part": part.part, "quantity": part.quantity, "each": part.price, "used": part.used}
    return QuoteLine(what="parts", amount=part.price * part.quantity, reason="parts", params=params)


def _without_price(line: Line, book: PriceBook) -> bool:
    return line.labour == 0 and (line.fault is None or (line.item, line.fault) not in book.labour_by_fault)
