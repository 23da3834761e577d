"""A technician at a customer's door: parts with prices, a standard in force, an order in his hands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatcher_app.domain.act import SYSTEM, Actor, Change, Rejected
from dispatcher_app.domain.book import PartPrice
from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.command import (
    AddAttachment,
    Arrive,
    BookedLine,
    ConfirmQuote,
    Depart,
    PublishPriceBook,
    PublishStandard,
    QuotedLine,
    QuotedPart,
    ReceiveDevice,
    ReviseQuote,
    SavePart,
    SavePriceBook,
    SaveRegion,
    SaveStandard,
    StartDiagnosis,
)  # fmt: skip
from dispatcher_app.domain.order import Order, Revision
from dispatcher_app.domain.region import Region, Store
from dispatcher_app.domain.standard import Check, Standard
from dispatcher_app.domain.talk import Purpose
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import CENTRE, COUNTER, DISPATCHER, NOW, hour, order_of

LI = Actor(kind="technician", id="li")
WANG = Actor(kind="technician", id="wang")
CUSTOMER = Actor(kind="customer", id="c-o1")
LINK = Actor(kind="link", id="o1")
COMPLAINTS = trade.staff("complaints")
AT = hour(14)
"""When he is at the door."""

BOARD = Part(id="board", name="主板", name_en="Board", items=("fridge",))
VALVE = Part(id="valve", name="阀门", name_en="Valve", brands=("海尔",))
GASKET = Part(id="gasket", name="密封条", name_en="Gasket")
CHECKS = (
    Check(id="power", text="断电", stage="before", safety=True),
    Check(id="inside", text="拍内部", stage="before", photo=True),
    Check(id="old", text="旧件交客户", stage="parts"),
    Check(id="clean", text="清理现场", stage="after", left_out="mark"),
)
STANDARD = Standard(
    id="cold-1", series="standard:cold", name="制冷维修标准", items=("fridge", "air"), checks=CHECKS
)


def shop(standard: Standard | None = STANDARD) -> Rehearsal:
    """The company with parts (the gasket has no price), a store, and a standard for what cools."""
    world = trade.company()
    for part in (BOARD, VALVE, GASKET):
        world.do(SYSTEM, SavePart(part=part), NOW)
    prices = (PartPrice(part="board", price=30000), PartPrice(part="valve", price=8000))
    book = replace(trade.BOOK, id="prices-2", parts=prices)
    world.do(SYSTEM, SavePriceBook(book=book), NOW)
    world.do(SYSTEM, PublishPriceBook(book=book.id, from_version=1, starts_at=NOW), NOW)
    region = world.get(Region, "sh")
    assert region is not None
    store = Store(id="store", name="徐汇店", district="north", point=CENTRE, shelves=("A1",))
    world.do(SYSTEM, SaveRegion(saved=replace(region, stores=(store,))), NOW)
    if standard is not None:
        published(world, standard)
    return world


def published(world: Rehearsal, standard: Standard, starts_at: int = NOW) -> Change:
    world.do(SYSTEM, SaveStandard(standard=standard), NOW)
    return world.do(SYSTEM, PublishStandard(standard=standard.id, from_version=1, starts_at=starts_at), NOW)


def on_site(world: Rehearsal, order: str = "o1", **changes: Any) -> Order:
    """The order booked, given to Li, driven to and begun."""
    trade.booked(world, order, **changes)
    world.do(DISPATCHER, trade.assign(order), NOW)
    world.do(LI, Depart(order=order, technician="li"), hour(13.7))
    world.do(LI, Arrive(order=order, technician="li", point=CENTRE, accuracy_m=10), AT)
    return trade.order_of(world, order)


def at_bench(world: Rehearsal, order: str = "o1") -> Order:
    """A device handed in and being looked at by Li."""
    received = ReceiveDevice(
        order=order, store="store", new_customer=trade.booking(order).new_customer, shelf="A1",
        line=BookedLine(item="fridge", fault="warm", brand="海尔"),
    )  # fmt: skip
    world.do(COUNTER, received, NOW)
    world.do(COUNTER, StartDiagnosis(order=order, technician="li"), NOW)
    return trade.order_of(world, order)


def photo(
    world: Rehearsal,
    id: str,
    purpose: Purpose = "before",
    order: str = "o1",
    actor: Actor = LI,
    **changes: Any,
) -> str:
    """A photo that the server has taken in."""
    made = AddAttachment(
        order=order, attachment=id, purpose=purpose, media="image/jpeg", size=100, sha256="0" * 64,
        original_sha256="1" * 64, original_size=900,
    )  # fmt: skip
    world.do(actor, replace(made, **changes), AT)
    return id


WARM = QuotedLine(item="fridge", fault="warm", brand="海尔")
ICE = QuotedLine(item="fridge", fault="ice", brand="海尔")
NEW_BOARD = QuotedPart(part="board")


def revised(number: int = 1, order: str = "o1", **changes: Any) -> ReviseQuote:
    """A quote with a new board (¥120 and ¥300 by the book)."""
    made = ReviseQuote(order=order, number=number, lines=(WARM,), parts=(NEW_BOARD,), reason="part_needed")
    return replace(made, **changes)


def code(world: Rehearsal, field: str = "quote_code", order: str = "o1") -> str:
    """What the customer was sent."""
    return world.code("order", order, field) or ""


def quoted(world: Rehearsal, actor: Actor = LI, at: int = AT, **changes: Any) -> Revision:
    """Another quote, as it waits."""
    world.do(actor, revised(len(order_of(world).revisions) + 1, **changes), at)
    return order_of(world).revisions[-1]


def agreed(world: Rehearsal) -> Order:
    """The last quote confirmed by the code that the customer was sent."""
    world.do(LI, ConfirmQuote(order="o1", number=len(order_of(world).revisions), confirmation="code", code=code(world)),
             AT)  # fmt: skip
    return order_of(world)


def refused(world: Rehearsal, actor: Actor, command: Any, at: int = AT) -> str:
    """The code of the refusal, "ok" where there is none."""
    then = dict(world.entities)
    try:
        world.do(actor, command, at)
    except Rejected as rejected:
        assert world.entities == then
        return rejected.code
    return "ok"
