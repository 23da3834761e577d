"""The narrow rows that queue, search and counts read: derived from entities, on desk and server alike."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from operator import attrgetter

from dispatcher_app.domain.alert import resting
from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.order import CLOSED, Order
from dispatcher_app.domain.pricing import owing
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import alarm, due
from dispatcher_app.pinyin import initials


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What the queue shows of an order and searches by; times UTC ms, money minor units.

    `flags` are the order's, a broken promise (`unkept`) before them. `helpers` are who comes along, `?` for each who is
    still missing; None where one technician comes. `snoozed` is written by `rests`.
    """

    id: str
    region: str
    number: str
    status: str
    closed: int
    urgency: str
    window_start: int | None
    window_end: int | None
    created_at: int
    since: int
    closed_at: int | None
    due: int | None
    item: str
    fault: str | None
    brand: str
    lines: int
    minutes: int
    total: int
    customer: str
    name: str
    phone_tail: str
    address: str
    district: str
    compound: str
    building: str
    approximate: int
    technician: str | None
    planned_on: str | None
    urged: int
    rebooked: int
    provisional: int
    notes: int
    source: str
    lon: float
    lat: float
    search: str
    service: str
    flags: str
    unread: int
    owing: int
    quote_open: int
    return_of: str | None
    alarm: int | None
    helpers: str | None
    snoozed: str | None
    complaint: str | None
    complaint_due: int | None
    refunding: str


COLUMNS: tuple[str, ...] = tuple(field.name for field in dataclasses.fields(OrderRow))
values = attrgetter(*COLUMNS)
"""The fields of a row as a tuple, without the copying of `dataclasses.astuple`."""
REAL = frozenset({"lon", "lat"})
INTEGER = frozenset({
    "closed", "window_start", "window_end", "created_at", "since", "closed_at", "due", "lines", "minutes", "total",
    "approximate", "urged", "rebooked", "provisional", "notes", "unread", "owing", "quote_open", "alarm",
    "complaint_due",
})  # fmt: skip
SORTABLE = ("created_at", "window_start", "due", "number")
"""Columns with an index to sort by."""


def order_row(
    order: Order, customer: Customer | None, address: Address | None, policy: Policy, timezone: str
) -> OrderRow:
    """The narrow row of an order; customer and address are None where they are not at hand (or erased)."""
    window = order.window
    name = customer.name if customer else ""
    tail = customer.phone_mask[-4:] if customer else ""
    compound = address.compound if address else ""
    building = address.building if address else ""
    first = order.lines[0]
    words = (
        order.number,
        order.number.replace("-", ""),
        order.temporary_number or "",
        tail,
        name,
        initials(name),
        compound,
        initials(compound),
        building,
    )
    return OrderRow(
        id=order.id,
        region=order.region,
        number=order.number,
        status=order.status,
        closed=int(order.status in CLOSED),
        urgency=order.urgency,
        window_start=window.start if window else None,
        window_end=window.end if window else None,
        created_at=order.created_at,
        since=order.since,
        closed_at=order.closed_at,
        due=due(order, policy, timezone),
        item=first.item,
        fault=first.fault,
        brand=first.brand,
        lines=len(order.lines),
        minutes=order.minutes,
        total=order.quote.total,
        customer=order.customer,
        name=name,
        phone_tail=tail,
        address=order.address,
        district=order.district,
        compound=compound,
        building=building,
        approximate=int(order.approximate),
        technician=order.technician or (order.offer.technician or None if order.offer else None),
        planned_on=order.planned_on,
        urged=order.urged,
        rebooked=order.rebooked,
        provisional=int(order.provisional),
        notes=order.notes,
        source=order.source,
        lon=order.point.lon,
        lat=order.point.lat,
        search=" ".join(filter(None, words)).lower(),
        service=order.service,
        flags=" ".join((*(("unkept",) if order.unkept else ()), *order.flags)),
        unread=order.talk.staff if order.talk else 0,
        owing=int(owing(order)),
        quote_open=int(order.proposed is not None),
        return_of=order.return_of,
        alarm=alarm(order, policy),
        helpers=along(order),
        snoozed=rests(order),
        complaint=order.complaint,
        complaint_due=order.complaint_due,
        refunding=order.refunding,
    )


def rests(order: Order) -> str | None:
    """The exceptions that somebody lets rest, as `1767225600000 late:1767225600000 `: the last moment of all comes
    first, so that its number is the text's.
    """
    found = resting(order)
    if not found:
        return None
    each = "".join(f"{snooze.kind}:{snooze.until} " for snooze in found)
    return f"{max(snooze.until for snooze in found)} {each}"


def along(order: Order) -> str | None:
    """Who comes along, and how many are missing of those whom the visit takes."""
    return " ".join((*order.along, *("?" for _ in range(order.missing)))) or None
