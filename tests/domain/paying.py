"""Money on orders: paid by telephone or in cash, and a refund on its way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatcher_app.domain.act import SYSTEM, Actor, Change
from dispatcher_app.domain.command import (
    ProposeRefund,
    RefundPart,
    ReportRefund,
    SendRefund,
)  # fmt: skip
from dispatcher_app.domain.money import entries
from dispatcher_app.domain.money.ledger import Posting
from dispatcher_app.domain.money.payment import Means, Payment
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.accounting import accounted
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain.trade import hour, order_of, staff

FINANCE, COMPLAINTS = staff("finance"), staff("complaints")
OTHER_SUPERVISOR = staff("supervisor", id="boss")
OTHER_FINANCE = staff("finance", id="treasurer")
LATER = hour(16)


def captured(
    world: Rehearsal,
    id: str = "p1",
    amount: int = 12000,
    means: Means = "wechat",
    order: str = "o1",
    **changes: Any,
) -> Payment:
    """A payment that has come in by telephone; nobody here asks who carried it."""
    found = order_of(world, order)
    payment = Payment(
        id=id, region=found.region, order=order, amount=amount, currency="CNY", means=means, state="captured",
        created_at=LATER, captured_at=LATER + int(id[1:]), version=1, **changes,
    )  # fmt: skip
    paid = replace(found, paid=found.paid + amount)
    posted = (entries.captured(payment, found.customer),)
    change = accounted(world, Change(after=(paid, payment), postings=posted))
    for each in change.after:
        world.entities[each.kind, each.id] = each
    world.postings |= {each.id: each for each in change.postings}
    return payment


def proposal(
    *amounts: int, order: str = "o1", payment: str | None = "p1", id: str = "r1", **changes: Any
) -> ProposeRefund:
    """So much back to a payment, through the supervisor's own word."""
    way = changes.pop("way", "original" if payment is not None else "cash")
    parts = tuple(
        RefundPart(refund=id if not at else f"{id}x{at}", amount=amount, payment=payment, way=way)
        for at, amount in enumerate(amounts)
    )
    made = ProposeRefund(order=order, reason="goodwill", side="platform", parts=parts)
    return replace(made, **changes)


def compensation(amount: int, id: str = "r1", **changes: Any) -> ProposeRefund:
    """So much for the customer's trouble, in cash."""
    return proposal(amount, payment=None, id=id, what="compensation", **changes)


def refund_of(world: Rehearsal, id: str = "r1") -> Refund:
    found = world.get(Refund, id)
    assert found is not None
    return found


def sent(world: Rehearsal, id: str = "r1", order: str = "o1") -> Change:
    """The system is about to ask for it."""
    return world.do(SYSTEM, SendRefund(order=order, refund=id, tries=refund_of(world, id).tries), LATER)


def told(world: Rehearsal, result: Any, id: str = "r1", actor: Actor = SYSTEM, **changes: Any) -> Change:
    """What came of it."""
    report = ReportRefund(order="o1", refund=id, tries=refund_of(world, id).tries, result=result)
    said = {"fault": "" if result == "done" else "refused"} | changes
    return world.do(actor, replace(report, **said), LATER)


def balance(world: Rehearsal, account: str) -> int:
    return world.balance("sh", account, "CNY") or 0


def posted(world: Rehearsal, id: str) -> Posting | None:
    return world.posted(id)


def standing(world: Rehearsal, order: str = "o1") -> tuple[int, int, str]:
    """What an order says of its refunds: given back, given besides, and what is under way."""
    found: Order = order_of(world, order)
    return found.refunded, found.compensated, found.refunding
