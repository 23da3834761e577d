"""A refund that was decided: asked of whoever carried the payment, or paid by hand; until it is told what came of it."""

from __future__ import annotations

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.command.refunding import PayRefund, ReportRefund, RetryRefund, SendRefund
from dispatcher_app.domain.entity import changed
from dispatcher_app.domain.money import entries, ledger
from dispatcher_app.domain.money.cut import cut_id, cuts
from dispatcher_app.domain.money.ledger import Bucket, Posting
from dispatcher_app.domain.money.refund import OVER, Carrier, Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Staff
from dispatcher_app.domain.rule.cash import store_named
from dispatcher_app.domain.rule.facts import changed_meanwhile, coded, own_store, region_of, stepped
from dispatcher_app.domain.rule.refunding import (
    ELECTRONIC,
    REFUNDING,
    kept,
    named,
    reference,
    refunds_of,
    said_of,
)

LAST = 1 << 53
"""A moment after all others: what is paid now was paid last."""
NEXT_STEPS = {
    "funds_short": "fill_account",
    "too_old": "other_way",
    "payer_gone": "other_way",
    "amount_refused": "look_up",
    "refund_closed": "again_or_other_way",
    "refund_abnormal": "look_up",
    "refused": "look_up",
    "not_set_up": "set_up",
    "unanswered": "look_up",
    "amount_differs": "look_up",
}
"""Why it did not go through, and what has to be done next."""


def send(command: SendRefund, act: Act, world: World, now: int) -> Change:
    """Written down before anybody is asked, so that whoever comes after a crash asks first what came of it."""
    order, refund = one(world, act, command.order, command.refund)
    if act.actor.kind != "system":
        raise Rejected("not_allowed", None, needs=["system"])
    if refund.carrier not in ELECTRONIC:
        raise Rejected("refund_way", "way", way=refund.way)
    if refund.state not in ("approved", "sending", "attention") or refund.tries != command.tries:
        raise changed_meanwhile(order, "refund", REFUNDING, state=refund.state)
    first = now if refund.state == "approved" or refund.sent_at is None else refund.sent_at
    made = changed(refund, state="sending", tries=refund.tries + 1, sent_at=first, fault="", step="")
    after = kept(world, order, (made,))
    if refund.state == "approved":
        after = stepped(after, act, "refund_sending", None, **said_of(made))
    return Change(after=(after, made))


def report(command: ReportRefund, act: Act, world: World, now: int) -> Change:
    """What came of it; finance says so by hand where the provider's own books had to be looked at."""
    order, refund = one(world, act, command.order, command.refund)
    by_hand = act.actor.kind != "system"
    if by_hand:
        role.require(act.actor, role.APPROVES_ANY_REFUND, act.region)
        if command.result == "attention" or refund.state != "attention":
            raise changed_meanwhile(order, "refund", REFUNDING, state=refund.state)
        if act.actor.name in (refund.proposed_by, refund.decided_by):
            raise Rejected("own_refund", None)
    if refund.state not in ("sending", "attention") or refund.tries != command.tries:
        raise changed_meanwhile(order, "refund", REFUNDING, state=refund.state)
    number = reference(command.provider_ref, "provider_ref")
    if by_hand and command.result == "done" and not number:
        raise Rejected("required", "provider_ref")
    if command.result == "done":
        return paid(world, order, refund, act, number, ledger.provider(refund.carrier))  # type: ignore[arg-type]
    fault = coded(command.fault, "fault")
    state = command.result
    made = changed(
        refund, state=state, fault=fault, step=NEXT_STEPS.get(fault, "look_up"), provider_ref=number
    )
    after = kept(world, order, (made,))
    if refund.state != state:
        after = stepped(after, act, f"refund_{state}", None, **said_of(made), fault=fault)
    return Change(after=(after, made))


def retry(command: RetryRefund, act: Act, world: World, now: int) -> Change:
    """Once more; another way only where the first one is known to have failed, else the customer might be paid twice."""
    order, refund = one(world, act, command.order, command.refund)
    role.require(act.actor, role.APPROVES_REFUNDS, act.region)
    if refund.state not in ("failed", "attention") or refund.tries != command.tries:
        raise changed_meanwhile(order, "refund", REFUNDING, state=refund.state)
    if refund.state == "attention":
        if command.way != "original":
            raise Rejected("refund_uncertain", "way")
        made = changed(refund, state="sending", sent_at=now, fault="", step="")
    else:
        # What the provider has ended stays so under its key; what he never took over may be asked for again.
        ended = refund.fault == "refund_closed"
        made = changed(refund, state="approved", attempt=refund.attempt + ended, fault="", step="")
        if command.way != "original":
            carrier: Carrier = "till" if command.way == "cash" else "bank"
            made = changed(made, way=command.way, carrier=carrier, turned_by=act.actor.name)
    after = stepped(kept(world, order, (made,)), act, "refund_retry", None, **said_of(made))
    return Change(after=(after, made))


def pay(command: PayRefund, act: Act, world: World, now: int) -> Change:
    """Handed over, put back on the card at the terminal, or transferred; never by who decided it, or its way, alone."""
    order, refund = one(world, act, command.order, command.refund)
    role.require(
        act.actor, role.TRANSFERS_REFUNDS if refund.carrier == "bank" else role.PAYS_REFUNDS, act.region
    )
    own_store(world, order, act)
    if refund.carrier in ELECTRONIC:
        raise Rejected("refund_way", "way", way=refund.way)
    if refund.state in OVER:
        raise Rejected("is_so_already", "refund")
    if refund.state != "approved" or refund.amount != command.amount:
        raise changed_meanwhile(order, "refund", REFUNDING, state=refund.state, amount=refund.amount)
    if act.actor.name in (refund.turned_by, refund.decided_by if refund.alone else None):
        raise Rejected("own_payout", None)
    receipt = reference(command.receipt, "receipt")
    if refund.carrier != "till" and not receipt:
        raise Rejected("required", "receipt")
    source = ledger.provider("card" if refund.carrier == "card" else "bank")
    if refund.carrier == "till":
        person = world.get(Staff, act.actor.id)
        if person is not None and person.store is not None and person.store != command.store:
            raise Rejected("other_store", "store", store=command.store)
        refund = changed(refund, store=store_named(region_of(world, act.region), command.store))
        source = ledger.till(command.store)
    return paid(world, order, refund, act, receipt, source)


def paid(world: World, order: Order, refund: Refund, act: Act, number: str, source: str) -> Change:
    """The money is with the customer; what was paid back through a technician's fault is no part of what he earned."""
    by_hand = refund.carrier not in ELECTRONIC
    made = changed(
        refund, state="done", closed_at=act.at, step="", fault="",
        **({"receipt": number} if by_hand else {"provider_ref": number}),
    )  # fmt: skip
    after = stepped(kept(world, order, (made,)), act, "refund_done", None, **said_of(made))
    if refund.what == "compensation":
        return Change(after=(after, made), postings=(entries.compensation_paid(refund, order, source),))
    posted = entries.refund_paid(refund, order, source)
    cut = share_cut(world, order, made)
    return Change(after=(after, made), postings=(posted, cut) if cut is not None else (posted,))


def share_cut(world: World, order: Order, refund: Refund) -> Posting | None:
    """What comes off the technicians' share for a refund that is paid now; None where nothing does, or not yet.

    A share that is earned only later is lessened then.
    """
    share = world.posted(entries.share_id(order))
    if share is None:
        return None
    paid_before = [each for each in refunds_of(world, order) if each.id != refund.id]
    bucket: Bucket = "available" if order.share == "available" else "frozen"
    made = cuts(share, order, (*paid_before, changed(refund, closed_at=LAST)), bucket)
    return next((each for each in made if each.id == cut_id(refund.id)), None)


def one(world: World, act: Act, order: str, refund: str) -> tuple[Order, Refund]:
    """The order and the one refund of it that a command names."""
    found, (only,) = named(world, act, order, (refund,))
    return found, only
