"""What boards and calendars read of the replica in one go: plans of some dates and a few words about their orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from dispatcher_app import codec
from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.domain.calendar import midnight, next_date
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import CLOSED, Order, Unkept, Visit, Window
from dispatcher_app.rows import OrderRow

MOST_WAITING: Final = 600
"""Orders that nobody goes to are shown up to so many, the most urgent ones: nobody looks through more on a board."""


class BriefLine(msgspec.Struct, frozen=True):
    """What is to be repaired."""

    item: str
    fault: str | None = None
    minutes: int = 0
    quantity: int = 1
    state: str = "open"


class _To(msgspec.Struct, frozen=True):
    technician: str = ""


class Brief(msgspec.Struct, kw_only=True):
    """What a schedule shows of an order: a tenth of the order itself, read in a third of the time.

    `name`, `compound` and `phone_tail` are what the queue shows of the customer; nothing of it changes once it is told.
    """

    id: str
    region: str
    number: str
    status: str = "pending"
    urgency: str = "normal"
    provisional: bool = False
    district: str
    lines: tuple[BriefLine, ...]
    visits: tuple[Visit, ...]
    technician: str | None = None
    offer: _To | None = None
    pool: _To | None = None
    tentative: str = ""
    unkept: Unkept | None = None
    flags: tuple[str, ...] = ()
    urged: int = 0
    name: str = ""
    compound: str = ""
    phone_tail: str = ""

    @property
    def window(self) -> Window | None:
        """The promised window of the visit in hand."""
        return self.visits[-1].window

    @property
    def item(self) -> str:
        """What is to be repaired, the first of several."""
        return self.lines[0].item

    @property
    def fault(self) -> str | None:
        """What is wrong with it."""
        return self.lines[0].fault

    @property
    def minutes(self) -> int:
        """Minutes on site for what is still to be done, for all of it where it is only to be looked at again."""
        left = sum(line.minutes * line.quantity for line in self.lines if line.state == "open")
        return left or sum(line.minutes * line.quantity for line in self.lines)

    @property
    def offered_to(self) -> str | None:
        """To whom it is offered, "" for the grab pool, None for nobody."""
        return self.offer.technician if self.offer else "" if self.pool else None

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
    return told(codec.encode(order), (row.name, row.compound, row.phone_tail) if row else ("", "", ""))


def told(body: bytes | str, shown: tuple[str, str, str]) -> Brief:
    found = codec.decode(body, Brief)
    found.name, found.compound, found.phone_tail = shown
    return found


def sheet(reader: Reader, dates: Sequence[str], timezone: str) -> Sheet:
    """The plans of these local dates, their orders, and those promised then that have nobody."""
    days = reader.children(Day, dates)
    begin, end = midnight(min(dates), timezone), midnight(next_date(max(dates)), timezone)
    wanted = {stop.order for day in days for stop in day.stops} | set(
        reader.waiting(begin, end, MOST_WAITING)
    )
    return Sheet(tuple(days), briefs(reader, wanted))


def anew(reader: Reader, days: Iterable[str], orders: Iterable[str]) -> Sheet:
    """These plans and orders as they stand now, with the orders of these plans."""
    found = reader.entities(Day, days)
    wanted = {stop.order for day in found for stop in day.stops}.union(orders)
    return Sheet(tuple(found), briefs(reader, wanted))


def briefs(reader: Reader, ids: Iterable[str]) -> dict[str, Brief]:
    """The few words about these orders, by id."""
    wanted = sorted(ids)
    shown = reader.shown(wanted)
    return {id: told(body, shown.get(id, ("", "", ""))) for id, body in reader.bodies(Order, wanted)}
