"""What boards and calendars read of the replica in one go: plans of some dates and a few words about their orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.domain.calendar import midnight, next_date
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import CLOSED, Order, Visit, Window
from dispatcher_app.rows import OrderRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a schedule shows of an order: a tenth of the order itself, so that thousands may be kept.

    `name`, `compound` and `phone_tail` are what the queue shows of the customer; `offered_to` is None where it is
    offered to nobody and "" in the grab pool.
    """

    id: str
    region: str
    number: str
    status: str
    urgency: str
    window: Window | None
    provisional: bool
    item: str
    fault: str | None
    lines: int
    minutes: int
    name: str
    compound: str
    district: str
    phone_tail: str
    technician: str | None
    offered_to: str | None
    tentative: str
    unkept: str | None
    flags: tuple[str, ...]
    urged: int
    visits: tuple[Visit, ...]

    @property
    def closed(self) -> bool:
        """Whether its life is over."""
        return self.status in CLOSED

    @property
    def waits(self) -> bool:
        """Whether somebody has still to be found for a promise."""
        return self.status in ("pending", "offered") and self.window is not None

    def visit(self, number: int) -> Visit | None:
        """One coming of a technician."""
        return next((each for each in self.visits if each.number == number), None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Plans and the orders in them, with those that nobody goes to, by id."""

    days: tuple[Day, ...]
    briefs: Mapping[str, Brief]


def brief(order: Order, row: OrderRow | None) -> Brief:
    """The few words about an order; without a row nothing is said about its customer."""
    first = order.lines[0]
    return Brief(
        id=order.id,
        region=order.region,
        number=order.number,
        status=order.status,
        urgency=order.urgency,
        window=order.window,
        provisional=order.provisional,
        item=first.item,
        fault=first.fault,
        lines=len(order.lines),
        minutes=order.minutes_left,
        name=row.name if row else "",
        compound=row.compound if row else "",
        district=order.district,
        phone_tail=row.phone_tail if row else "",
        technician=order.technician,
        offered_to=order.offer.technician if order.offer else "" if order.pool else None,
        tentative=order.tentative,
        unkept=order.unkept.reason if order.unkept else None,
        flags=order.flags,
        urged=order.urged,
        visits=order.visits,
    )


def sheet(reader: Reader, dates: Sequence[str], timezone: str) -> Sheet:
    """The plans of these local dates, their orders, and those promised then that have nobody."""
    days = reader.children(Day, dates)
    begin, end = midnight(min(dates), timezone), midnight(next_date(max(dates)), timezone)
    wanted = {stop.order for day in days for stop in day.stops} | set(reader.waiting(begin, end))
    return Sheet(tuple(days), briefs(reader, wanted))


def anew(reader: Reader, days: Iterable[str], orders: Iterable[str]) -> Sheet:
    """These plans and orders as they stand now, with the orders of these plans."""
    found = reader.entities(Day, days)
    wanted = {stop.order for day in found for stop in day.stops}.union(orders)
    return Sheet(tuple(found), briefs(reader, wanted))


def briefs(reader: Reader, ids: Iterable[str]) -> dict[str, Brief]:
    """The few words about these orders, by id."""
    wanted = sorted(ids)
    rows = reader.order_rows(wanted)
    return {each.id: brief(each, rows.get(each.id)) for each in reader.entities(Order, wanted)}
