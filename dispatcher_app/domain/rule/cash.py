"""Money that somebody takes in his hand: whose pocket or till it is in, and how much of it a technician may carry."""

from __future__ import annotations

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Broken, Rejected, World
from dispatcher_app.domain.command import RecordPayment
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.till import Till, next_receipt, number_of, till_of
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Region, Staff
from dispatcher_app.domain.rule.facts import in_region, policy_of, region_of
from dispatcher_app.domain.technician import Technician


def received(world: World, order: Order, command: RecordPayment, act: Act, receipt: str) -> Payment:
    """The payment that somebody has taken; raises Rejected where the money is of another country or place."""
    currency = order.quote.currency
    if command.currency not in ("", currency):
        raise Rejected("payment_currency", "currency", currency=currency)
    technician, store = taker(world, order, command, act)
    if command.means != "cash":
        technician = None
    if store is not None:
        receipt = in_series(till_of(world, order.region, store), receipt)
    return Payment(
        id=act.id, region=order.region, order=order.id, amount=command.amount, currency=currency,
        means=command.means, state="captured", created_at=act.at, captured_at=act.at, technician=technician,
        store=store, receipt=receipt,
    )  # fmt: skip


def in_series(till: Till, receipt: str) -> str:
    """The receipt's number; one of the till's series that another desk has used meanwhile becomes the next one."""
    number = number_of(till, receipt)
    return next_receipt(till) if number is not None and number <= till.receipt else receipt


def taker(world: World, order: Order, command: RecordPayment, act: Act) -> tuple[str | None, str | None]:
    """Who has the cash: (technician, None) or (None, store); the office has it where neither can be told."""
    if act.actor.kind == "technician":
        return act.actor.id, None
    if command.technician is not None:
        named = in_region(world, Technician, command.technician, "technician", act.region).id
        if named not in came_to(order):
            raise Rejected("cash_stranger", "technician", technician=named)
        return named, None
    if command.store is not None:
        return None, own_till(world, act, command.store)
    person = world.get(Staff, act.actor.id) if act.actor.kind == "staff" else None
    if person is not None and person.store is not None:
        return None, person.store
    if order.device is not None:
        return None, order.device.store
    came = order.visit.technician or order.technician
    return (came, None) if came is not None else (None, "")


def came_to(order: Order) -> set[str | None]:
    """Everybody who has been sent to an order: nobody else can have its money."""
    sent = {id for visit in order.visits for id in (visit.technician, *visit.helpers)}
    return {order.technician, *order.along, *sent}


def own_till(world: World, act: Act, store: str) -> str:
    """The till that somebody puts cash into: his own store's; whoever has no store, or answers for all, names any."""
    id = store_named(region_of(world, act.region), store)
    if act.actor.kind != "staff" or role.holds(act.actor, role.OVERRIDES | {"finance"}):
        return id
    if id:
        role.require(act.actor, role.TENDS_TILL, act.region)
    person = world.get(Staff, act.actor.id)
    if person is not None and person.store not in (None, id):
        raise Rejected("other_store", "store", store=id)
    return id


def store_named(region: Region, id: str) -> str:
    """The store of that id, "" for the office; raises Rejected where the region has none."""
    if id and all(each.id != id for each in region.stores):
        raise Rejected("not_found", "store", kind="store", id=id)
    return id


def cash_warnings(world: World, payment: Payment) -> tuple[Broken, ...]:
    """What must be said where a technician carries more of the customers' cash than he may."""
    if payment.means != "cash" or payment.technician is None:
        return ()
    account = ledger.technician(payment.technician, "cash")
    held = world.balance(payment.region, account, payment.currency)
    limit = policy_of(world).cash_limit
    if held is None or held + payment.amount <= limit:
        return ()
    params = {"technician": payment.technician, "amount": held + payment.amount, "cash_limit": limit}
    return (Broken("cash_limit", params),)
