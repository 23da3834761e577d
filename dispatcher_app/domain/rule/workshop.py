"""Devices handed in at the counter: custody, the bench, the shelf, and back to whoever names the code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dispatcher_app.domain import life, role
from dispatcher_app.domain.act import Act, Change, FreshCode, Rejected, Secret, World
from dispatcher_app.domain.calendar import is_date, local_date
from dispatcher_app.domain.command import (
    CancelOrder,
    FinishDevice,
    HandBack,
    MoveDevice,
    ReceiveDevice,
    RemindPickUp,
    ReturnVisit,
    StartDiagnosis,
)  # fmt: skip
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.matching import unfit
from dispatcher_app.domain.order import Cancellation, Device, Order, Visit
from dispatcher_app.domain.pricing import Wanted, owed, quote
from dispatcher_app.domain.region import Staff, Store
from dispatcher_app.domain.rule import cancelling, visiting
from dispatcher_app.domain.rule.caller import customer_made
from dispatcher_app.domain.rule.dispatching import own
from dispatcher_app.domain.rule.facts import (
    changed_meanwhile,
    coded,
    in_region,
    may,
    priced,
    region_of,
    required_text,
    stepped,
    tariff,
    text,
)  # fmt: skip
from dispatcher_app.domain.rule.standard import standards_of
from dispatcher_app.domain.rule.standing import needs_of
from dispatcher_app.domain.rule.talking import note_made, noted
from dispatcher_app.domain.rule.word import checked_code
from dispatcher_app.domain.rule.work import by_maker, warranties, wound_up
from dispatcher_app.domain.technician import Technician

WORDS_LIMIT = 20
"""How many accessories or traces a custody receipt lists."""


def receive(command: ReceiveDevice, act: Act, world: World, now: int) -> Change:
    """A device in our custody: what came with it and how it looks is written down before anybody touches it."""
    role.require(act.actor, role.BOOKS, act.region)
    if world.get(Order, command.order) is not None:
        raise Rejected("exists", "order")
    store = store_of(world, command.store, act)
    if (command.customer is None) == (command.new_customer is None):
        raise Rejected("required", "customer")
    secrets: tuple[Secret, ...] = ()
    made: tuple[Customer, ...] = ()
    if command.new_customer is not None:
        required_text(command.new_customer.phone, "new_customer.phone", 40)
        customer, secrets = customer_made(world, command.new_customer, act.region)
        made = (customer,)
    else:
        assert command.customer is not None
        customer = in_region(world, Customer, command.customer, "customer", act.region)
    timezone = region_of(world, act.region).timezone
    prices = tariff(world, act.region, act.at, None)
    lines = priced(world, (command.line,), prices.book)
    device = taken_in(command, store, text(command.serial, "serial", 80), local_date(act.at, timezone))
    order = Order(
        id=command.order, region=act.region,
        number=world.number(act.region, local_date(act.at, timezone), command.temporary_number),
        temporary_number=command.temporary_number, status="received", service="workshop", since=act.at,
        created_at=act.at, source="counter", customer=customer.id, address="", district=store.district,
        point=store.point.coarse(), lines=lines, visits=(Visit(),), device=device,
        quote=quote(Wanted(lines=lines, point=store.point, at=act.at, service="workshop"), prices),
    )  # fmt: skip
    order = stepped(
        order, act, "receive", None, store=store.id, **({"shelf": device.shelf} if device.shelf else {})
    )
    code = FreshCode(Order.kind, order.id, "pickup_code")
    order, notes = noted(order, command.note, act)
    return Change(after=(order, *made, *notes), secrets=secrets, codes=(code,))


def taken_in(command: ReceiveDevice | ReturnVisit, store: Store, serial: str, today: str) -> Device:
    """The device as it came; raises Rejected for a date that is over or no date."""
    if (promised := command.promised_on) is not None:
        if not is_date(promised):
            raise Rejected("date_invalid", "promised_on")
        if promised < today:
            raise Rejected("contact_unfit", "promised_on", date=promised)
    return Device(
        store=store.id, serial=serial, accessories=words(command.accessories, "accessories"),
        condition=words(command.condition, "condition"), data_consent=command.data_consent,
        shelf=shelf_of(store, command.shelf), promised_on=promised,
    )  # fmt: skip


def return_visit(command: ReturnVisit, act: Act, world: World, now: int) -> Change:
    """A repair that did not last: somebody comes to the home again; a device is brought in again, to the same store."""
    first = in_region(world, Order, command.of, "of", act.region)
    if first.service == "home":
        return visiting.return_visit(command, act, world, now)
    first, was, store = in_custody(world, command.of, act, "return_device")
    if command.window is not None:
        raise Rejected("window_invalid", "window")
    today = local_date(act.at, region_of(world, act.region).timezone)
    order, first = visiting.again(command, first, act, world)
    order = replace(
        order, status="received", service="workshop", device=taken_in(command, store, was.serial, today)
    )
    order, notes = noted(order, command.note, act)
    code = FreshCode(Order.kind, order.id, "pickup_code")
    return Change(after=(order, first, *notes), codes=(code,), warnings=by_maker(order.lines, today))


def store_of(world: World, id: str, act: Act) -> Store:
    """The store; raises Rejected for one that the region has not, and for a counter that belongs to another."""
    store = next((each for each in region_of(world, act.region).stores if each.id == id), None)
    if store is None:
        raise Rejected("not_found", "store", kind="store", id=id)
    if act.actor.kind == "staff" and not role.holds(act.actor, role.DISPATCHES):
        person = world.get(Staff, act.actor.id)
        if person is not None and person.store not in (None, store.id):
            raise Rejected("other_store", "store", store=store.name)
    return store


def shelf_of(store: Store, shelf: str) -> str:
    """A shelf of the store, by its label; any label where the store has none listed."""
    shelf = text(shelf, "shelf", 20)
    if shelf and store.shelves and shelf not in store.shelves:
        raise Rejected("shelf_unknown", "shelf", shelf=shelf)
    return shelf


def words(given: Iterable[str], field: str) -> tuple[str, ...]:
    """Codes or short words, each once."""
    kept = tuple(dict.fromkeys(required_text(each, field, 30) for each in given))
    if len(kept) > WORDS_LIMIT:
        raise Rejected("too_long", field, limit=WORDS_LIMIT)
    return kept


def in_custody(world: World, id: str, act: Act, action: str) -> tuple[Order, Device, Store]:
    """The order with its device and store; raises Rejected where the life of the order or the store says no."""
    order = in_region(world, Order, id, "order", act.region)
    may(order, action, act)
    assert order.device is not None
    return order, order.device, store_of(world, order.device.store, act)


def start_diagnosis(command: StartDiagnosis, act: Act, world: World, now: int) -> Change:
    """Somebody looks at it, who can; the standards of this moment hold for the work."""
    order = in_region(world, Order, command.order, "order", act.region)
    life.require(order.status, "diagnose", act.actor, act.region)
    if command.technician is None and act.actor.kind == "technician":
        raise Rejected("required", "technician")
    after = order
    if command.technician is not None:
        own(act, command.technician)
        technician = in_region(world, Technician, command.technician, "technician", act.region)
        broken = [each for each in unfit(technician, needs_of(world, order), now) if each.code != "area"]
        if broken:
            raise Rejected(
                "technician_unfit", "technician", technician=technician.id, overridable=False,
                broken=[{"code": each.code, "params": each.params} for each in broken],
            )  # fmt: skip
        after = replace(order.with_visit(technician=technician.id), technician=technician.id)
    after = replace(after, standards=standards_of(world, (line.item for line in order.lines), act.at))
    said = {"technician": command.technician} if command.technician else {}
    return Change(after=(stepped(after, act, "diagnose", "diagnosing", **said),))


def move(command: MoveDevice, act: Act, world: World, now: int) -> Change:
    """It stands somewhere else."""
    order, device, store = in_custody(world, command.order, act, "move_device")
    if device.shelf != command.from_shelf:
        raise changed_meanwhile(
            order, "shelf", frozenset({"receive", "move_device", "finish_device"}), shelf=device.shelf
        )
    shelf = shelf_of(store, command.shelf)
    if shelf == device.shelf:
        raise changed_meanwhile(
            order, "shelf", frozenset({"receive", "move_device", "finish_device"}), shelf=shelf
        )
    after = replace(order, device=replace(device, shelf=shelf))
    after = stepped(after, act, "move_device", None, shelf=shelf, **{"from": device.shelf})
    undo = MoveDevice(order=order.id, from_shelf=shelf, shelf=device.shelf)
    return Change(after=(after,), undo=undo)


def readied(order: Order, act: Act, action: str, shelf: str | None = None, **params: Any) -> Order:
    """The order with its device waiting for the owner, repaired or as it came."""
    assert order.device is not None
    device = replace(
        order.device, ready_at=act.at, shelf=order.device.shelf if shelf is None else shelf, reminded=0,
        reminded_at=None,
    )  # fmt: skip
    after = order.with_visit(outcome=order.result or "ended", ended_at=act.at)
    return stepped(replace(after, device=device), act, action, "ready", **params)


def finish(command: FinishDevice, act: Act, world: World, now: int) -> Change:
    """Repaired, and checked as the standard asks; it waits for its owner."""
    order, device, store = in_custody(world, command.order, act, "finish_device")
    done, warnings = wound_up(world, order)
    shelf = shelf_of(store, command.shelf) or device.shelf
    after = readied(done, act, "finish_device", shelf, result=done.result, shelf_label=shelf)
    return Change(after=(after,), warnings=warnings)


def cancel(command: CancelOrder, act: Act, world: World, now: int) -> Change:
    """The end of an order before the work: a home one is called off, a device waits to be taken back."""
    order = in_region(world, Order, command.order, "order", act.region)
    if order.service == "home":
        return cancelling.cancel(command, act, world, now)
    order, _, _ = in_custody(world, command.order, act, "cancel_device")
    reason = coded(command.reason, "reason")
    looked_at = order.status != "received" and command.side == "customer"
    fee = order.quote.if_declined if looked_at else 0
    if (open_quote := order.proposed) is not None:
        gone = replace(open_quote, state="withdrawn", decided_at=act.at)
        order = replace(order, revisions=(*order.revisions[:-1], gone))
    ending = Cancellation(reason=reason, side=command.side, fee=fee, from_status=order.status)
    after = replace(order, cancellation=ending, result="declined")
    return Change(after=(readied(after, act, "cancel_device", reason=reason, side=command.side, fee=fee),))


def remind(command: RemindPickUp, act: Act, world: World, now: int) -> Change:
    """The owner is told once more that it is ready."""
    order, device, _ = in_custody(world, command.order, act, "remind")
    told = replace(device, reminded=device.reminded + 1, reminded_at=act.at)
    return Change(after=(stepped(replace(order, device=told), act, "remind", count=told.reminded),))


def hand_back(command: HandBack, act: Act, world: World, now: int) -> Change:
    """Paid, and to whoever names the code; a supervisor may do without the code, with a reason. Warranty begins."""
    order, _, _ = in_custody(world, command.order, act, "hand_back")
    reason = text(command.reason, "reason", 200)
    if command.code or not reason:
        checked_code(world, order, command.code, "pickup_code")
    else:
        role.require(act.actor, role.OVERRIDES, act.region)
    if (left := owed(order) - order.paid) > 0:
        raise Rejected("unpaid", None, amount=left)
    after = stepped(order, act, "hand_back", "handed_back", code=bool(command.code))
    warranty = warranties(world, order, act.at) if order.result == "repaired" else ()
    after = replace(after, closed_at=act.at, warranty=warranty)
    if command.code:
        return Change(after=(after,))
    note = note_made(order, reason, act)
    return Change(after=(replace(after, notes=order.notes + 1), note))
