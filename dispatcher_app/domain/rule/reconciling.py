"""A provider's bill beside our books: what differs is kept until finance has looked into it, and posts what it finds."""

from __future__ import annotations

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.calendar import is_date
from dispatcher_app.domain.command.paying import RecordBill, SettleDifference
from dispatcher_app.domain.entity import Entity, changed
from dispatcher_app.domain.money import entries
from dispatcher_app.domain.money.discrepancy import (
    DIFFERENCE_REASONS,
    Bill,
    Discrepancy,
    Found,
    bill_id,
)
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.facts import in_region, text
from dispatcher_app.domain.rule.paying import FLAG, SETTLED, taken, without

MOST = 2000
"""Differences of one bill that are kept: more of them is another company's bill."""


def record_bill(command: RecordBill, act: Act, world: World, now: int) -> Change:
    """A bill was read; a difference that is known already stays as it is."""
    role.require(act.actor, role.RECONCILES, act.region)
    if not is_date(command.date):
        raise Rejected("date_invalid", "date")
    if len(command.found) > MOST:
        raise Rejected("bill_strange", None, count=len(command.found), limit=MOST)
    id = bill_id(command.provider, act.region, command.date)
    former = world.get(Bill, id)
    bill = Bill(
        id=id, region=act.region, version=former.version if former else 0, provider=command.provider,
        date=command.date, digest=command.digest, payments=command.payments, paid=command.paid,
        refunds=command.refunds, refunded=command.refunded, fees=command.fees, currency=command.currency,
        differences=len(command.found), read_at=now, read_by=act.actor.name, closed_at=now,
    )  # fmt: skip
    fresh = [
        discrepancy(each, command, act, now)
        for each in command.found
        if world.get(Discrepancy, each.id) is None
    ]
    return Change(after=(bill, *fresh))


def discrepancy(found: Found, command: RecordBill, act: Act, now: int) -> Discrepancy:
    """A difference as it is kept."""
    return Discrepancy(
        id=found.id, region=act.region, provider=command.provider, date=command.date, what=found.what,
        moved=found.moved, payment=found.payment, refund=found.refund, order=found.order, key=found.key,
        reference=found.reference, ours=found.ours, theirs=found.theirs, currency=found.currency, found_at=now,
    )  # fmt: skip


def settle(command: SettleDifference, act: Act, world: World, now: int) -> Change:
    """A person says why, and what is to be posted."""
    role.require(act.actor, role.RECONCILES, act.region)
    found = in_region(world, Discrepancy, command.discrepancy, "discrepancy", act.region)
    if found.state == "settled":
        raise Rejected("is_so_already", "discrepancy")
    if command.reason not in DIFFERENCE_REASONS:
        raise Rejected("reason_unknown", "reason", reason=command.reason)
    note = text(command.note, "note", 64)
    if note and not note.replace("-", "").replace("_", "").isalnum():
        raise Rejected("reference_invalid", "note")
    over = changed(
        found, state="settled", how=command.how, reason=command.reason, note=note,
        settled_by=act.actor.name, closed_at=now,
    )  # fmt: skip
    if command.how == "none":
        return Change(after=(over, *looked_at(world, found, now)))
    if command.how == "order":
        return for_the_order(world, found, over, act)
    unless_booked(world, found)
    if found.gap == 0 or found.what == "currency_differs":
        raise Rejected("nothing_to_post", "how")
    posted = entries.reconciled(found.id, found.provider, found.gap, found.currency)
    return Change(
        after=(changed(over, booked=found.gap), *looked_at(world, found, now, booked=True)),
        postings=(posted,),
    )


def unless_booked(world: World, found: Discrepancy) -> None:
    """Raises Rejected where our books say otherwise by now than when it was found: it would be booked a second time."""
    about: Payment | Refund | None = None
    if found.moved == "payment" and found.payment is not None:
        about = world.get(Payment, found.payment)
    elif found.moved == "refund" and found.refund is not None:
        about = world.get(Refund, found.refund)
    if about is None:
        return
    booked = about.amount if about.state in ("captured", "done") else 0
    if booked != found.ours:
        raise Rejected("difference_booked", "how", amount=booked)
    if isinstance(about, Payment) and about.problem == SETTLED:
        raise Rejected("difference_booked", "how", amount=found.theirs)


def for_the_order(world: World, found: Discrepancy, over: Discrepancy, act: Act) -> Change:
    """What the customer really paid is taken for his order, however much it is."""
    payment = in_region(world, Payment, found.payment, "payment", act.region) if found.payment else None
    if payment is None or found.moved != "payment" or payment.state == "captured" or found.theirs <= 0:
        raise Rejected("difference_no_order", "how")
    if found.currency != payment.currency:
        raise Rejected("currency_differs", "currency", currency=payment.currency)
    unless_booked(world, found)
    change = taken(world, payment, act, found.theirs, found.reference or payment.provider_ref)
    after = [unflagged(world, each, payment) if isinstance(each, Order) else each for each in change.after]
    return Change(after=(*after, changed(over, booked=found.theirs)), postings=change.postings)


def looked_at(world: World, found: Discrepancy, now: int, *, booked: bool = False) -> tuple[Entity, ...]:
    """The payment and the order that waited for somebody to look; money that is `booked` is never booked again."""
    payment = world.get(Payment, found.payment) if found.payment and found.moved == "payment" else None
    if payment is None or payment.state == "captured" or not (booked or payment.state == "attention"):
        return ()
    problem = SETTLED if booked else payment.problem
    made = changed(payment, state="failed", closing=False, problem=problem, closed_at=now)
    order = world.get(Order, payment.order)
    return (made, unflagged(world, without(order, payment), payment)) if order is not None else (made,)


def unflagged(world: World, order: Order, payment: Payment) -> Order:
    """The order without the flag that asked for somebody, unless another payment of it than this one asks for him too."""
    failed = {step.params.get("payment", "") for step in order.steps if step.action == "pay_failed"}
    others = (world.get(Payment, id) for id in failed - {payment.id, ""})
    if FLAG not in order.flags or any(each is not None and each.state == "attention" for each in others):
        return order
    return changed(order, flags=tuple(each for each in order.flags if each != FLAG))
