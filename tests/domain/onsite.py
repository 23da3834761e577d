"""How an order gets where a test wants it: on the way, in repair, finished; photos; a store with shelves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatcher_app.domain.act import SYSTEM, Actor, Change
from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.command import (
    AddAttachment,
    Arrive,
    BookedLine,
    ConfirmOrder,
    Depart,
    FinishOrder,
    MarkLine,
    NewCustomer,
    ReceiveDevice,
    RecordPayment,
    SavePart,
    SaveRegion,
    SaveStaff,
)  # fmt: skip
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Region, Staff, Store
from dispatcher_app.domain.talk import Purpose
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import CENTRE, COUNTER, hour, order_of

LI = Actor(kind="technician", id="li")
WANG = Actor(kind="technician", id="wang")
DEPARTED, ARRIVED, FINISHED = hour(13.5), hour(14), hour(15)


def photo(world: Rehearsal, id: str = "p1", order: str = "o1", purpose: Purpose = "arrival") -> str:
    """A photo that the server has taken in from the technician."""
    command = AddAttachment(
        order=order, attachment=id, purpose=purpose, media="image/jpeg", size=9, sha256="a", original_sha256="b",
        original_size=9,
    )  # fmt: skip
    world.do(Actor(kind="technician", id=order_of(world, order).technician or "li"), command, hour(13))
    return id


def departed(world: Rehearsal, order: str = "o1", actor: Actor = LI) -> Change:
    """On the way to an order that is his."""
    return world.do(actor, Depart(order=order, technician=actor.id), DEPARTED)


def arrived(world: Rehearsal, order: str = "o1", actor: Actor = LI, **changes: Any) -> Change:
    """At the door, with a position right there."""
    command = replace(Arrive(order=order, technician=actor.id, point=CENTRE, accuracy_m=10), **changes)
    return world.do(actor, command, ARRIVED)


def working(world: Rehearsal, order: str = "o1", actor: Actor = LI) -> Order:
    """Booked, assigned, driven to and begun."""
    trade.assigned(world, order, actor.id)
    departed(world, order, actor)
    arrived(world, order, actor)
    return order_of(world, order)


def done(world: Rehearsal, order: str = "o1", actor: Actor = LI, at: int = FINISHED) -> Change:
    """Every line done, and finished."""
    for index, line in enumerate(order_of(world, order).lines):
        if line.state == "open":
            world.do(actor, MarkLine(order=order, line=index, from_state="open", state="done"), at)
    return world.do(actor, FinishOrder(order=order, technician=actor.id), at)


def finished(world: Rehearsal, order: str = "o1", actor: Actor = LI) -> Order:
    """The whole way to finished."""
    working(world, order, actor)
    done(world, order, actor)
    return order_of(world, order)


def completed(world: Rehearsal, order: str = "o1", actor: Actor = LI) -> Order:
    """Finished, confirmed and paid."""
    found = finished(world, order, actor)
    world.do(trade.SUPERVISOR, ConfirmOrder(order=order, confirmation="phone"), FINISHED)
    world.do(COUNTER, RecordPayment(order=order, amount=found.quote.total, means="cash"), FINISHED)
    return order_of(world, order)


STORE = Store(id="s1", name="人民路店", district="north", point=CENTRE, shelves=("A1", "A2"))
OTHER_STORE = Store(id="s2", name="南门店", district="south", point=CENTRE)


def shop(world: Rehearsal) -> None:
    """Two stores, and the counter's person belongs to the first; two spare parts."""
    region = world.get(Region, "sh")
    assert region is not None
    world.do(SYSTEM, SaveRegion(saved=replace(region, stores=(STORE, OTHER_STORE))), trade.NOW)
    person = Staff(id="counter", name="柜台", roles=("counter",), regions=("sh",), store="s1")
    world.do(SYSTEM, SaveStaff(staff=person), trade.NOW)


def parts(world: Rehearsal) -> None:
    """Two spare parts: one warranted for as long as the policy says, one for ten days."""
    world.do(SYSTEM, SavePart(part=Part(id="seal", name="门封", items=("fridge",))), trade.NOW)
    world.do(
        SYSTEM, SavePart(part=Part(id="bulb", name="灯泡", items=("fridge",), warranty_days=10)), trade.NOW
    )


def handed_in(order: str = "w1", **changes: Any) -> ReceiveDevice:
    """A device at the counter of the first store."""
    made = ReceiveDevice(
        order=order, store="s1", new_customer=NewCustomer(id=f"c-{order}", name="张丽华", phone=trade.PHONE),
        line=BookedLine(item="tap", fault="drip"), serial="SN-1", accessories=("charger",), shelf="A1",
    )  # fmt: skip
    return replace(made, **changes)


def code(world: Rehearsal, field: str, order: str = "o1") -> str:
    """The code that the customer was sent."""
    found = world.code(Order.kind, order, field)
    assert found is not None
    return found
