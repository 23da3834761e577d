"""What most rules look up first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from dispatcher_app.domain import life, role
from dispatcher_app.domain.act import Act, Facts, Rejected, World, need
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.calendar import is_date, local_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.entity import E, changed
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.order import Line, Order, Status, Step, Window
from dispatcher_app.domain.pricing import Tariff, priced_line
from dispatcher_app.domain.region import Policy, Region, Staff
from dispatcher_app.domain.surcharge import by_day

TEXT_LIMIT = 2000


def policy_of(world: World) -> Policy:
    """The figures in force."""
    return world.get(Policy, "policy") or Policy()


def region_of(world: Facts, id: str) -> Region:
    """The region that an act belongs to."""
    return need(world, Region, id, "region")


def day_of(world: Facts, technician: str, region: str, date: str) -> Day:
    """The technician's plan of a local date, an empty one where nothing is planned."""
    id = day_id(technician, date)
    return world.get(Day, id) or Day(id=id, region=region, technician=technician, date=date)


def in_region(world: World, type_: type[E], id: str, field: str, region: str) -> E:
    """The entity of this region that a command names; one of another region is not found."""
    found = need(world, type_, id, field)
    if found.region != region:
        raise Rejected("not_found", field, kind=type_.kind, id=id)
    return found


def items_of(world: Facts, ids: Iterable[str]) -> tuple[Item, ...]:
    """The catalogue items of these ids."""
    return tuple(need(world, Item, id, "lines") for id in ids)


def crew_of(world: World, lines: Iterable[Line]) -> int:
    """How many technicians a visit for these lines takes."""
    return max((item.crew for item in items_of(world, (line.item for line in lines))), default=1)


def price_book(facts: Facts, region: str, at: int) -> PriceBook:
    """The prices in force in a region at a moment (UTC ms); raises Rejected where there are none in its currency."""
    for id in (f"prices:{region}", "prices"):
        series = facts.get(Series, id)
        edition = series.at(at) if series is not None else None
        book = facts.get(PriceBook, edition) if edition is not None else None
        if book is not None:
            break
    else:
        raise Rejected("no_prices", None, region=region)
    here = facts.get(Region, region)
    if here is not None and here.currency != book.currency:
        raise Rejected("no_prices", None, region=region)
    return book


def tariff(
    facts: Facts, region: str, at: int, window: Window | None, book: PriceBook | None = None
) -> Tariff:
    """What a price for that window is worked out from: the book in force at `at`, unless another one is meant."""
    found = facts.get(Region, region)
    if found is None:
        raise Rejected("not_found", "region", kind="region", id=region)
    book = book or price_book(facts, region, at)
    policy = facts.get(Policy, "policy") or Policy()
    years = {}
    if window is not None and by_day(book):
        name = local_date(window.start, found.timezone)[:4]
        if (year := facts.get(HolidayYear, name)) is not None:
            years[name] = year
    return Tariff(book=book, region=found, detour=policy.detour, years=years)


def tariff_of(facts: Facts, order: Order) -> Tariff:
    """What an order was priced from: its own book, whatever has been published since."""
    book = facts.get(PriceBook, order.quote.book) if order.quote.book else None
    return tariff(facts, order.region, order.created_at, order.window, book)


def priced(
    facts: Facts, lines: tuple[BookedLine, ...], book: PriceBook, kept: Collection[str] = ()
) -> tuple[Line, ...]:
    """The booked lines with the catalogue's minutes and warranty and the book's labour; items no longer offered only
    where `kept`.
    """
    if not lines:
        raise Rejected("lines_missing", "lines")
    made = []
    for line in lines:
        item = need(facts, Item, line.item, "lines")
        if item.retired and item.id not in kept:
            raise Rejected("item_retired", "lines", item=item.id)
        if line.fault is not None and item.fault(line.fault) is None:
            raise Rejected("fault_unknown", "lines", item=item.id, fault=line.fault)
        if not 1 <= line.quantity <= 99:
            raise Rejected("quantity_invalid", "lines")
        found = priced_line(item, line.fault, text(line.brand, "lines", 60), text(line.model, "lines", 60),
                            line.quantity, book)  # fmt: skip
        days, maker = labour_days(facts, item), dated(line.maker_until, "lines")
        made.append(changed(found, warranty_days=days, maker_until=maker))
    return tuple(made)


def dated(value: str, field: str) -> str:
    """A local date, or none; raises Rejected for what is no date."""
    if value and not is_date(value):
        raise Rejected("date_invalid", field)
    return value


def labour_days(facts: Facts, item: Item) -> int:
    """How long the work on an item is warranted, as things stand now."""
    if item.warranty_days is not None:
        return item.warranty_days
    return (facts.get(Policy, "policy") or Policy()).warranty_labour_days


def text(value: str, field: str, limit: int = TEXT_LIMIT) -> str:
    """The text without blanks around it; raises Rejected where it is too long or holds control characters."""
    value = value.strip()
    if len(value) > limit:
        raise Rejected("too_long", field, limit=limit)
    if not value.isprintable() and any(ord(char) < 32 and char not in "\n\t" for char in value):
        raise Rejected("text_invalid", field)
    return value


def required_text(value: str, field: str, limit: int = TEXT_LIMIT) -> str:
    """The text, which must not be empty."""
    if not (value := text(value, field, limit)):
        raise Rejected("required", field)
    return value


def coded(value: str, field: str) -> str:
    """A reason code; what somebody typed is no reason, it belongs into a note."""
    value = required_text(value, field, 40)
    if re.fullmatch(r"[a-z][a-z0-9_]*", value) is None:
        raise Rejected("reason_unknown", field, reason=value)
    return value


def may(order: Order, action: str, act: Act) -> None:
    """Raises Rejected unless the life of the order, the role, and for others than staff the owner allow the action."""
    life.require(order.status, action, act.actor, act.region)
    asked = order.offer.technician if order.offer else None
    own = {"technician": (order.technician, asked), "customer": (order.customer,), "link": (order.id,)}
    owners = own.get(act.actor.kind)
    if owners is not None and act.actor.id not in owners:
        raise Rejected("not_allowed", "order", action=action, needs=sorted(role.DISPATCHES))


def own_store(world: World, order: Order, act: Act) -> None:
    """Raises Rejected where a counter's person acts on a device that another store keeps."""
    if (
        order.device is None
        or act.actor.kind != "staff"
        or role.holds(act.actor, role.DISPATCHES | {"finance"})
    ):
        return
    person = world.get(Staff, act.actor.id)
    if person is not None and person.store not in (None, order.device.store):
        stores = {each.id: each.name for each in region_of(world, order.region).stores}
        raise Rejected("other_store", "store", store=stores.get(order.device.store, order.device.store))


def stepped(order: Order, act: Act, action: str, status: Status | None = None, **params: Any) -> Order:
    """The order with one more step in its story, and in another status where one is given."""
    step = Step(at=act.at, actor=act.actor.name, action=action, params=params)
    if status is None or status == order.status:
        return changed(order, steps=(*order.steps, step))
    # Whatever ends the offering ends the pool.
    pool = order.pool if status == "offered" else None
    return changed(order, steps=(*order.steps, step), status=status, since=act.at, pool=pool)


def quietly(order: Order, **changes: Any) -> Order:
    """The order after what the planner did: whoever has read it goes on as if nothing had been."""
    begun, last = order.unheard
    return changed(
        order, unheard=(begun if last == order.version else order.version, order.version + 1), **changes
    )


def changed_meanwhile(order: Order, field: str, actions: frozenset[str], **params: Any) -> Rejected:
    """The conflict of a command with what somebody did since: who, when, and how it stands now."""
    last = next((step for step in reversed(order.steps) if step.action in actions), order.steps[-1])
    return Rejected("changed_meanwhile", field, who=last.actor, when=last.at, action=last.action, **params)


def on_top(world: World, wanted: E, act: Act) -> E:
    """The entity as wanted, if it belongs to the act's log and was made on top of the version that stands."""
    former = world.get(type(wanted), wanted.id)
    if wanted.region != act.region or (former is not None and former.region != act.region):
        raise Rejected("other_region", "region", region=wanted.region)
    if (former.version if former else 0) != wanted.version:
        raise Rejected("edited_meanwhile", "version", version=former.version if former else 0)
    return wanted
