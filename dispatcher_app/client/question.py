"""Questions that the server answers best and the replica answers when it must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from dispatcher_app import rows
from dispatcher_app.client.api import Api, NotLoggedIn, Offline
from dispatcher_app.client.ground import ground
from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.client.state import (
    ComplaintRecord,
    DoneAct,
    Effect,
    HistoryEntry,
    KnownCaller,
    Position,
    Reasons,
    Seen,
    Taken,
    ToldNotice,
)
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.customer import Address, Customer, normal_phone, phone_mask
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import E
from dispatcher_app.domain.matching import NEVER, Need, need_of
from dispatcher_app.domain.money.reasons import Given
from dispatcher_app.domain.order import After, Order, Urgency
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.rule.standing import opens_after, span_left
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning import promise
from dispatcher_app.planning import rank as ranking
from dispatcher_app.planning import windows as offering
from dispatcher_app.planning.rank import Ranking
from dispatcher_app.planning.windows import Offered
from dispatcher_app.rows import OrderRow

PATIENCE_S = 1.5
"""So long a caller can be kept waiting for the server's better answer."""
DONE_S = 5.0
"""So long somebody waits for the list of what was done, each act of it looked at."""
THOROUGH_S = 60.0
"""So long somebody waits who has asked about thousands of orders."""


class History(msgspec.Struct, frozen=True):
    """The log of one entity."""

    entries: list[HistoryEntry]


class Callers(msgspec.Struct, frozen=True):
    """Customers with a number, their homes and their newest orders."""

    customers: list[Customer]
    addresses: list[Address]
    orders: list[Order]


class Found(msgspec.Struct, frozen=True):
    """Orders beyond the working set: as the queue shows them, and whole."""

    rows: list[OrderRow]
    orders: list[Order] = []


class Acts(msgspec.Struct, frozen=True):
    """What was done."""

    acts: list[DoneAct]


class Attachments(msgspec.Struct, frozen=True):
    """What was photographed of an order."""

    attachments: list[Attachment]


class Track(msgspec.Struct, frozen=True):
    """Where technicians were."""

    track: list[tuple[str, int, float, float, float]]


class Notices(msgspec.Struct, frozen=True):
    """What was told about an order."""

    notices: list[ToldNotice]


class Again(msgspec.Struct, frozen=True):
    """A notice that is sent once more."""

    notice: ToldNotice


class Value(msgspec.Struct, frozen=True):
    """A secret."""

    value: str


class PageLink(msgspec.Struct, frozen=True):
    """Where the customer finds his order."""

    link: str


class Wanted(msgspec.Struct, frozen=True):
    """What a caller wants to have repaired, where and how soon."""

    region: str
    lines: tuple[BookedLine, ...]
    district: str
    point: Point
    urgency: Urgency
    order: str = ""
    after: After | None = None


async def asked(
    api: Api | None,
    method: str,
    path: str,
    type_: Any,
    body: Any = None,
    timeout_s: float = PATIENCE_S,
    **params: Any,
) -> Any:
    """The server's answer within a moment; raises Offline, or Rejected where a rule says no."""
    if api is None:
        raise Offline("not connected")
    try:
        return await api.read(method, path, type_, body, timeout_s, **params)
    except NotLoggedIn as error:
        raise Offline("logged out") from error


async def complaint_record(api: Api | None, complaint: str) -> ComplaintRecord:
    """How often there were complaints like this one."""
    found: ComplaintRecord = await asked(api, "GET", f"/complaints/{complaint}/record", ComplaintRecord)
    return found


async def reasons(api: Api | None, first: str, last: str) -> list[Given]:
    """Why money went back between these local dates."""
    found: Reasons = await asked(
        api, "GET", "/refunds/reasons", Reasons, timeout_s=THOROUGH_S, first=first, last=last
    )
    return found.given


async def complaint_track(api: Api | None, complaint: str) -> list[Seen]:
    """Where its technicians were."""
    found: Track = await asked(api, "GET", f"/complaints/{complaint}/track", Track, timeout_s=THOROUGH_S)
    return [Seen(*each) for each in found.track]


async def history(api: Api | None, kind: str, id: str) -> list[HistoryEntry]:
    """Every change of an entity, the oldest first."""
    found: History = await asked(api, "GET", f"/history/{kind}/{id}", History)
    return found.entries


async def done(api: Api | None, *, everybody: bool, order: str, since: int, limit: int) -> list[DoneAct]:
    """What people have done, the newest first."""
    found: Acts = await asked(
        api, "GET", "/undoable", Acts, timeout_s=DONE_S, whose="all" if everybody else "mine", order=order,
        since=since, limit=limit,
    )  # fmt: skip
    return found.acts


async def reveal(api: Api | None, kind: str, id: str, field: str, reason: str) -> str:
    """A secret, for a reason that is recorded."""
    body = {"kind": kind, "id": id, "field": field, "reason": reason}
    found: Value = await asked(api, "POST", "/reveal", Value, body)
    return found.value


async def taken(api: Api | None, attachment: str) -> Taken:
    """What an original says of itself."""
    found: Taken = await asked(api, "GET", f"/attachments/{attachment}/facts", Taken)
    return found


async def link_of(api: Api | None, order: str) -> str:
    """Where a customer follows an order, which answers nothing for him; "" where customers reach none."""
    found: PageLink = await asked(api, "GET", f"/orders/{order}/link", PageLink)
    return found.link


async def notices(api: Api | None, order: str) -> list[ToldNotice]:
    """What was told about an order, the oldest first."""
    found: Notices = await asked(api, "GET", "/notices", Notices, order=order)
    return found.notices


async def effect(api: Api | None, book: str) -> Effect:
    """What recent orders would come to by a price book."""
    found: Effect = await asked(api, "GET", f"/books/{book}/effect", Effect, timeout_s=THOROUGH_S)
    return found


async def notice_again(api: Api | None, notice: str, key: str) -> ToldNotice:
    """A notice once more; `key` makes asking twice harmless."""
    found: Again = await asked(api, "POST", f"/notices/{notice}/again", Again, {"id": key})
    return found.notice


async def search(api: Api | None, text: str, limit: int = 50) -> list[OrderRow]:
    """Orders by text, the old ones too."""
    found: Found = await asked(api, "GET", "/orders", Found, text=text, limit=limit)
    return found.rows


async def old_order(api: Api | None, row: OrderRow) -> Order:
    """An order that a search has found, whole; raises Offline, Rejected where it is there no more."""
    found: Found = await asked(api, "GET", "/orders", Found, text=row.number, limit=50)
    order = next((each for each in found.orders if each.id == row.id), None)
    if order is None:
        raise Rejected("not_found", None, kind="order", id=row.id)
    return order


async def attachments(api: Api | None, order: str) -> list[Attachment]:
    """An order's photos and videos, the oldest first."""
    found: Attachments = await asked(api, "GET", f"/orders/{order}/attachments", Attachments)
    return found.attachments


async def callers(api: Api | None, phone: str) -> Callers:
    """Who has exactly this number."""
    found: Callers = await asked(api, "GET", "/customers", Callers, phone=normal_phone(phone))
    return found


def known(found: Callers, policy: Policy, timezone: str) -> list[KnownCaller]:
    """The server's answer as the booking panel shows it."""
    homes = {each.id: each for each in found.addresses}
    return [
        KnownCaller(
            customer=each,
            addresses=tuple(homes[id] for id in each.addresses if id in homes),
            orders=tuple(
                rows.order_row(order, each, homes.get(order.address), policy, timezone)
                for order in found.orders
                if order.customer == each.id
            ),
            sure=True,
        )
        for each in found.customers
    ]


def likely_callers(reader: Reader, phone: str) -> list[KnownCaller]:
    """Customers whose visible digits agree with the number."""
    mask = phone_mask(normal_phone(phone))
    alike = [each for each in reader.children(Customer, [mask[-4:]]) if each.phone_mask == mask]
    return [
        KnownCaller(
            customer=each,
            addresses=tuple(reader.entities(Address, each.addresses)),
            orders=tuple(reader.orders_of_customer(each.id)),
            sure=False,
        )
        for each in alike
    ]


def seen(positions: Mapping[str, Position]) -> dict[str, tuple[Point, int]]:
    """Positions as planning reads them."""
    return {id: (Point(each.lon, each.lat), each.at) for id, each in positions.items()}


def region_of(reader: Reader, id: str) -> Region:
    """The region; raises Rejected where the replica has none."""
    found = reader.entity("region", id)
    if not isinstance(found, Region):
        raise Rejected("not_found", "region", kind="region", id=id)
    return found


def policy_of(reader: Reader) -> Policy:
    """The figures in force."""
    found = reader.entity("policy", "policy")
    return found if isinstance(found, Policy) else Policy()


def people(reader: Reader, region: str) -> list[Technician]:
    """The region's technicians."""
    return [each for each in reader.entities(Technician) if each.region == region]


def plans(reader: Reader, dates: tuple[str, ...]) -> dict[str, Day]:
    """The plans of these dates by id."""
    return {each.id: each for each in reader.children(Day, dates)}


def rank(
    reader: Reader, order: str, date: str | None, positions: Mapping[str, Position], now: int
) -> Ranking:
    """Ranked technicians by the replica alone."""
    found = reader.entity("order", order)
    if not isinstance(found, Order):
        raise Rejected("not_found", "order", kind="order", id=order)
    region = region_of(reader, found.region)
    customer = reader.entity("customer", found.customer)
    return ranking.rank(
        found,
        reader.entities(Item, {line.item for line in found.lines}),
        customer.blocked_technicians if isinstance(customer, Customer) else (),
        people(reader, region.id),
        plans(reader, ranking.dates_concerned(found, region, now, date)),
        seen(positions),
        policy_of(reader),
        region,
        now,
        date,
        previous=[
            each.technician
            for each in reader.orders_of_customer(found.customer)
            if each.technician and each.id != found.id
        ],
        travel=ground(reader, region).travel,
        span_left=span_left(Replica(reader), found),
    )


@dataclass(frozen=True, slots=True)
class Replica:
    """This desk's copy as rules look things up."""

    reader: Reader

    def get(self, type_: type[E], id: str) -> E | None:
        """The entity, None where this desk has none."""
        return cast("E | None", self.reader.entity(type_.kind, id))


def windows(reader: Reader, wanted: Wanted, positions: Mapping[str, Position], now: int) -> Offered:
    """Offered windows by the replica alone."""
    region, policy = region_of(reader, wanted.region), policy_of(reader)
    items = {each.id: each for each in reader.entities(Item)}
    order = reader.entity("order", wanted.order) if wanted.order else None
    customer = reader.entity("customer", order.customer) if isinstance(order, Order) else None
    blocked = customer.blocked_technicians if isinstance(customer, Customer) else ()
    if unknown := [line.item for line in wanted.lines if line.item not in items]:
        raise Rejected("not_found", "lines", kind="item", id=unknown[0])
    facts = Replica(reader)
    span = opens_after(facts, wanted.after, wanted.region), NEVER
    crew = 1
    if isinstance(order, Order):
        span, crew = span_left(facts, order), order.crew
    need = promise.need_for(
        wanted.lines, items, wanted.district, wanted.point, blocked, wanted.order, crew=crew, span=span
    )
    promised = [each for each in reader.promised() if each.region == region.id]
    needs: dict[str, Need] = {
        each.id: need_of(each, [items[line.item] for line in each.lines if line.item in items])
        for each in promised
    }
    return offering.windows(
        need,
        wanted.urgency,
        people(reader, region.id),
        plans(reader, offering.dates_of(policy, region, now)),
        promise.promises_of(promised, needs),
        policy,
        region,
        now,
        seen(positions),
        travel=ground(reader, region).travel,
    )
