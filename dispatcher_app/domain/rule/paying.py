"""Payments by a code: asked for by a person, carried by a provider, believed only when he says so himself.

What a provider has captured is a fact, whatever we thought of the payment before: it is booked even where it was closed
or refused here meanwhile. Only what is not what we asked for waits for a person.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, Rejected, Secret, World
from dispatcher_app.domain.calendar import MINUTE_MS, local_date
from dispatcher_app.domain.command.paying import (
    CapturePayment,
    ClosePayment,
    FailPayment,
    PaymentOffered,
    StartPayment,
)
from dispatcher_app.domain.entity import changed
from dispatcher_app.domain.money import entries
from dispatcher_app.domain.money.discrepancy import Difference, Discrepancy
from dispatcher_app.domain.money.payment import CODE, Electronic, Payment
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.rule.facts import (
    changed_meanwhile,
    coded,
    in_region,
    may,
    own_store,
    policy_of,
    region_of,
    stepped,
    text,
)
from dispatcher_app.domain.rule.progress import settled
from dispatcher_app.domain.rule.work import flagged

PAYS = frozenset({"pay", "pay_started", "pay_closed", "pay_failed"})
"""The steps of an order's payments."""
FLAG = "payment_attention"
SETTLED = "settled_otherwise"
"""Its money was booked as a difference: it is not booked again, whatever the provider says later."""
CODE_CURRENCY = "CNY"
"""What WeChat Pay's native payments and Alipay's face-to-face ones are made in."""


def start(command: StartPayment, act: Act, world: World, now: int) -> Change:
    """A payment for what is still owed, one at a time: the job asks the provider for its code."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "pay", act)
    own_store(world, order, act)
    if not is_uuid(command.payment):
        raise Rejected("invalid", "payment", detail="UUID")
    if world.get(Payment, command.payment) is not None:
        raise Rejected("exists", "payment")
    if order.paying is not None:
        raise Rejected("payment_open", None)
    currency = order.quote.currency
    if command.currency not in ("", currency):
        raise Rejected("currency_differs", "currency", currency=currency)
    if currency != CODE_CURRENCY:
        raise Rejected("payment_currency", "means", currency=currency)
    left = owed(order) - order.paid
    if command.amount <= 0:
        raise Rejected("amount_invalid", "amount")
    if command.amount > left:
        raise Rejected("paid_too_much", "amount", amount=max(left, 0))
    payment = Payment(
        id=command.payment, region=order.region, order=order.id, amount=command.amount, currency=currency,
        means=command.means, created_at=now, payable_until=now + policy_of(world).payment_minutes * MINUTE_MS,
    )  # fmt: skip
    after = replace(order, paying=payment.id)
    after = stepped(after, act, "pay_started", None, amount=command.amount, means=command.means)
    return Change(after=(after, payment))


def offered(command: PaymentOffered, act: Act, world: World, now: int) -> Change:
    """There is a code to be scanned."""
    carried(act)
    payment = in_region(world, Payment, command.payment, "payment", act.region)
    if payment.state != "starting":
        raise Rejected("is_so_already", "payment")
    if not command.code.strip():
        raise Rejected("required", "code")
    secret = Secret(Payment.kind, payment.id, CODE, command.code)
    return Change(after=(changed(payment, state="pending"),), secrets=(secret,))


def capture(command: CapturePayment, act: Act, world: World, now: int) -> Change:
    """Paid: booked once, for the order that it was meant for, completed where nothing else was missing."""
    carried(act)
    payment = in_region(world, Payment, command.payment, "payment", act.region)
    if payment.state == "captured" or payment.problem == SETTLED:
        raise Rejected("is_so_already", "payment")
    if command.currency != payment.currency:
        raise Rejected("currency_differs", "currency", currency=payment.currency)
    if command.amount != payment.amount:
        raise Rejected("payment_differs", "amount", amount=payment.amount, given=command.amount)
    return taken(world, payment, act, command.amount, command.reference, command.captured_at)


def taken(
    world: World, payment: Payment, act: Act, amount: int, reference: str, at: int | None = None
) -> Change:
    """The payment and its order after so much of it is there."""
    order = in_region(world, Order, payment.order, "order", payment.region)
    made = changed(
        payment, state="captured", amount=amount, provider_ref=text(reference, "reference", 64),
        captured_at=act.at if at is None else min(at, act.at), closing=False, problem="", said="", closed_at=None,
    )  # fmt: skip
    after = without(replace(order, paid=order.paid + amount), payment)
    after = settled(after, act, "pay", amount=amount, means=payment.means, payment=payment.id)
    return Change(after=(after, made), postings=(entries.captured(made, order.customer),))


def close(command: ClosePayment, act: Act, world: World, now: int) -> Change:
    """A person asks that nobody pays it any more; the provider's word alone closes it, for it may be paid just now."""
    payment = in_region(world, Payment, command.payment, "payment", act.region)
    order = in_region(world, Order, payment.order, "order", act.region)
    if payment.state not in ("starting", "pending"):
        raise changed_meanwhile(order, "payment", PAYS, state=payment.state)
    if act.actor.kind not in ("provider", "system"):
        may(order, "pay", act)
        own_store(world, order, act)
        if payment.closing:
            raise Rejected("is_so_already", "payment")
        return Change(after=(changed(payment, closing=True),))
    made = changed(payment, state="closed", closing=False, closed_at=now)
    after = stepped(
        without(order, payment), act, "pay_closed", None, amount=payment.amount, means=payment.means
    )
    return Change(after=(after, made))


def fail(command: FailPayment, act: Act, world: World, now: int) -> Change:
    """It can't be taken; where money came that is not what was asked for, nothing is booked until a person has looked."""
    carried(act)
    payment = in_region(world, Payment, command.payment, "payment", act.region)
    order = in_region(world, Order, payment.order, "order", act.region)
    known = (
        payment.state == "failed"
        if not command.reference
        else world.get(Discrepancy, paid_id(payment)) is not None
    )
    if known or payment.state in ("captured", "attention") or payment.problem == SETTLED:
        raise Rejected("is_so_already", "payment")
    problem, said = coded(command.problem, "problem"), text(command.said, "said", 60)
    params = {"amount": payment.amount, "means": payment.means, "reason": problem, "payment": payment.id}
    after = stepped(without(order, payment), act, "pay_failed", None, **params)
    if not command.reference:
        made = changed(payment, state="failed", closing=False, problem=problem, said=said, closed_at=now)
        return Change(after=(after, made))
    made = changed(
        payment, state="attention", closing=False, problem=problem, said=said,
        provider_ref=text(command.reference, "reference", 64),
    )  # fmt: skip
    return Change(after=(flagged(after, FLAG), made, difference_of(world, made, command, now)))


def difference_of(world: World, payment: Payment, command: FailPayment, now: int) -> Discrepancy:
    """What finance has to look into: the provider has money that we have not asked for like this."""
    what: Difference = "currency_differs" if command.currency != payment.currency else "amount_differs"
    return Discrepancy(
        id=paid_id(payment), region=payment.region, provider=electronic(payment),
        date=local_date(now, region_of(world, payment.region).timezone), what=what, payment=payment.id,
        order=payment.order, reference=payment.provider_ref, theirs=command.amount, currency=command.currency[:8],
        found_at=now,
    )  # fmt: skip


def paid_id(payment: Payment) -> str:
    """The one difference that a payment's own provider has told of."""
    return f"paid:{payment.id}"


def without(order: Order, payment: Payment) -> Order:
    """The order, free for another payment by a code."""
    return changed(order, paying=None) if order.paying == payment.id else order


def carried(act: Act) -> None:
    """Raises Rejected unless the word is a provider's, or the system's who has asked him."""
    if act.actor.kind not in ("provider", "system"):
        raise Rejected("not_allowed", None, needs=["system"])


def electronic(payment: Payment) -> Electronic:
    """The provider who carries it."""
    return "alipay" if payment.means == "alipay" else "wechat"


def is_uuid(id: str) -> bool:
    """Whether an id is one that a provider's key can be made of, and read back from."""
    try:
        return str(uuid.UUID(id)) == id
    except ValueError:
        return False


def reconciles(act: Act) -> None:
    """Raises Rejected for whoever does not keep the books."""
    role.require(act.actor, role.RECONCILES, act.region)
