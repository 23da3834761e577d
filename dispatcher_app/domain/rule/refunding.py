"""Refunds and compensation: who may give how much, who must agree, and how an order's money goes back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from dispatcher_app.domain import life, role
from dispatcher_app.domain.act import Act, Actor, Broken, Change, Rejected, World
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command.refunding import (
    ApproveRefund,
    ProposeRefund,
    RefundPart,
    RejectRefund,
    WithdrawRefund,
)
from dispatcher_app.domain.entity import Entity, changed
from dispatcher_app.domain.money import entries, ledger
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.ledger import Posting
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.redress import Due, beyond, checked, of_lines, redress
from dispatcher_app.domain.money.refund import (
    CLAIMS,
    DRAFT,
    GIVEN_UP,
    UNDER_WAY,
    Allowance,
    Carrier,
    Refund,
    RefundReason,
    What,
    allowance_id,
)
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
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
from dispatcher_app.domain.rule.talking import noted
from dispatcher_app.domain.rule.work import flagged

FLAG = "refund_attention"
REFUNDING = frozenset({
    "refund", "refund_approved", "refund_rejected", "refund_withdrawn", "refund_sending", "refund_done",
    "refund_failed", "refund_attention", "refund_retry",
})  # fmt: skip
"""The steps of an order's refunds."""
ELECTRONIC = frozenset({"wechat", "alipay"})
"""Means of payment that the system itself can ask to give money back."""
PARTS_MOST = 20
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-Za-z]{1,31}")
"""Ids become the keys that providers know refunds by, without their dashes: two may never become one."""


# ---------------------------------------------------------------- proposing
def propose(command: ProposeRefund, act: Act, world: World, now: int) -> Change:
    """The rule is asked again here; within his own limit a supervisor decides, else a second person does."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "refund", act)
    own_store(world, order, act)
    policy = policy_of(world)
    if order.complaint != command.complaint and command.complaint is not None:
        ticket = in_region(world, Complaint, command.complaint, "complaint", act.region)
        if ticket.order != order.id:
            raise Rejected("not_found", "complaint", kind="complaint", id=command.complaint)
    if command.reason in CLAIMS:
        if command.what != "compensation":
            raise Rejected("claim_no_refund", "what")
        role.require(act.actor, role.OVERRIDES, act.region)
    amount = sum(part.amount for part in command.parts)
    if not command.parts or any(part.amount <= 0 for part in command.parts):
        raise Rejected("refund_amount", "amount")
    due = due_of(world, order, command, policy)
    reason: RefundReason = due.reason if due is not None else command.reason
    checked(order, command.what, amount, reason, due, policy)
    payments = taken_from(world, order, command)
    alone = decides_alone(act.actor, command.what, reason)
    person = allowance(world, act.actor, act.region, now)
    passed = beyond(order, amount, used_by(world, act.actor, act.region, now) if alone else 0, policy)
    decided = alone and not passed
    spare = max(0, order.paid - order.refunded - owed(order)) if command.what == "refund" else 0
    if command.what == "refund" and amount > spare and goes_on_again(order):
        # What was paid before pays for it now: given back as well he would have it twice.
        raise Rejected("refund_too_much", "amount", amount=spare)
    made: list[Refund] = []
    for part in command.parts:
        free = min(spare, part.amount)
        spare -= free
        made.append(
            Refund(
                id=part.refund, region=order.region, order=order.id, what=command.what, payment=part.payment,
                amount=part.amount, borne=part.amount - free, currency=order.quote.currency, reason=reason,
                side=command.side, lines=command.lines, rule=due.rule if due else "",
                params=due.params if due else {}, due=due.amount if due else 0, way=part.way,
                carrier=carrier_of(part, payments), claim=reference(command.claim, "claim"),
                complaint=command.complaint, state="approved" if decided else "proposed",
                proposed_by=act.actor.name, proposed_at=act.at, limited=passed, alone=decided,
                decided_at=act.at if decided else None, decided_by=act.actor.name if decided else None,
                counted_on=person.date if decided else None,
            )
        )  # fmt: skip
    after, notes = noted(order, command.note, act)
    said = {"amount": amount, "what": command.what, "reason": reason, **({"alone": True} if decided else {})}
    after = stepped(kept(world, after, made), act, "refund", None, **said)
    days = (changed(person, used=person.used + amount),) if decided else ()
    warnings: tuple[Broken, ...] = ()
    if due is not None and due.amount != amount:
        warnings = (Broken("refund_differs", {"amount": due.amount, "given": amount}),)
    if passed:
        warnings = (*warnings, Broken("refund_waits", {"limits": list(passed)}))
    return Change(
        after=(after, *made, *payments.values(), *days, *notes),
        undo=WithdrawRefund(order=order.id, refunds=tuple(each.id for each in made)),
        warnings=warnings,
        postings=owing(order, made) if decided else (),
    )


def goes_on_again(order: Order) -> bool:
    """Whether an order that was over was taken up again, and nothing is to be paid for it yet."""
    again = any(step.action == "reopen" for step in order.steps)
    return again and life.step_for(order.status, "pay") is None


def due_of(world: World, order: Order, command: ProposeRefund, policy: Policy) -> Due | None:
    """What the rule that a proposal names gives now; None where it names none. Raises Rejected where it gives nothing."""
    if not command.rule:
        return None
    given = refunds_of(world, order)
    found: Due | None
    if command.rule == "lines":
        found = of_lines(order, command.lines, given) if command.lines else None
    else:
        found = next((each for each in redress(order, given, policy) if each.rule == command.rule), None)
    if found is None or found.what != command.what:
        raise Rejected("refund_no_rule", "rule", rule=command.rule)
    return found


def taken_from(world: World, order: Order, command: ProposeRefund) -> dict[str, Payment]:
    """The payments that the parts go back to, with these amounts set aside; raises Rejected where a part does not fit."""
    if len(command.parts) > PARTS_MOST:
        raise Rejected("too_many", "parts", limit=PARTS_MOST)
    found: dict[str, Payment] = {}
    for part in command.parts:
        if ID.fullmatch(part.refund) is None:
            raise Rejected("invalid", "refund", detail="a UUID")
        if (
            world.get(Refund, part.refund) is not None
            or [each.refund for each in command.parts].count(part.refund) > 1
        ):
            raise Rejected("exists", "refund")
        if part.payment is None:
            if part.way == "original":
                raise Rejected("refund_way", "way", way=part.way)
            continue
        if command.what != "refund":
            raise Rejected("refund_way", "payment", way=part.way)
        payment = found.get(part.payment) or in_region(world, Payment, part.payment, "payment", order.region)
        if payment.order != order.id:
            raise Rejected("not_found", "payment", kind="payment", id=payment.id)
        if payment.state != "captured":
            raise Rejected("payment_not_captured", "payment", state=payment.state)
        if payment.currency != order.quote.currency:
            raise Rejected("refund_currency", "payment", currency=payment.currency)
        if payment.refunded + part.amount > payment.amount:
            raise Rejected("refund_too_much", "amount", amount=payment.amount - payment.refunded)
        if part.way == "original" and payment.means not in (*ELECTRONIC, "card"):
            raise Rejected("refund_way", "way", way=part.way)
        found[part.payment] = changed(payment, refunded=payment.refunded + part.amount)
    return found


def carrier_of(part: RefundPart, payments: dict[str, Payment]) -> Carrier:
    """Who hands the money over: a payment company by itself, the card terminal, the till, or the bank."""
    if part.way == "original" and part.payment is not None:
        return payments[part.payment].means  # type: ignore[return-value]  # `taken_from` lets no other one pass
    return "till" if part.way == "cash" else "bank"


# ---------------------------------------------------------------- deciding
def approve(command: ApproveRefund, act: Act, world: World, now: int) -> Change:
    """A second person agrees, within his limit or as finance; from now on the money is the customer's."""
    order, found = named(world, act, command.order, command.refunds)
    policy, amount = policy_of(world), sum(each.amount for each in found)
    decidable(order, found, act)
    if amount != command.amount:
        raise changed_meanwhile(order, "amount", REFUNDING, amount=amount)
    person = allowance(world, act.actor, act.region, now)
    passed = beyond(order, 0, used_by(world, act.actor, act.region, now) + amount, policy)
    counted = not role.holds(act.actor, role.APPROVES_ANY_REFUND)
    if passed and counted:
        raise Rejected("refund_over_limit", None, limits=list(passed), needs=sorted(role.APPROVES_ANY_REFUND))
    made = [
        changed(
            each, state="approved", decided_by=act.actor.name, decided_at=act.at,
            counted_on=person.date if counted else None,
        )
        for each in found
    ]  # fmt: skip
    after = stepped(kept(world, order, made), act, "refund_approved", None, amount=amount, what=found[0].what)
    days = (changed(person, used=person.used + amount),) if counted else ()
    return Change(after=(after, *made, *days), postings=owing(order, made))


def reject(command: RejectRefund, act: Act, world: World, now: int) -> Change:
    """A second person says no; what was set aside is free again."""
    order, found = named(world, act, command.order, command.refunds)
    decidable(order, found, act)
    reason = coded(command.reason, "reason")
    made = [
        changed(each, state="rejected", decided_by=act.actor.name, decided_at=act.at, refused_for=reason,
                closed_at=act.at)
        for each in found
    ]  # fmt: skip
    said = {"amount": sum(each.amount for each in found), "what": found[0].what, "reason": reason}
    after = stepped(kept(world, order, made), act, "refund_rejected", None, **said)
    return Change(after=(after, *made, *released(world, found)))


def withdraw(command: WithdrawRefund, act: Act, world: World, now: int) -> Change:
    """Taken back before anybody was asked to pay it; what has been sent can't be."""
    order, found = named(world, act, command.order, command.refunds)
    if sent := [each for each in found if each.state not in DRAFT]:
        raise Rejected("is_so_already" if sent[0].state in GIVEN_UP else "refund_sent", "refunds")
    own = all(each.proposed_by == act.actor.name for each in found)
    role.require(act.actor, role.PROPOSES_REFUNDS if own else role.APPROVES_REFUNDS, act.region)
    made = [changed(each, state="withdrawn", closed_at=act.at, step="") for each in found]
    agreed = any(each.state != "proposed" for each in found)
    said = {"amount": sum(each.amount for each in found), "what": found[0].what, **({"agreed": True} if agreed else {})}
    after = stepped(kept(world, order, made), act, "refund_withdrawn", None, **said)
    decided = [each for each in found if each.state != "proposed"]
    back = tuple(
        ledger.reversal(each, f"refund_back:{each.id.partition(':')[2]}") for each in owing(order, decided)
    )
    return Change(after=(after, *made, *released(world, found), *returned(world, decided)), postings=back)


def decidable(order: Order, found: Sequence[Refund], act: Act) -> None:
    """Raises Rejected unless these wait for a decision that this person may give."""
    if other := next((each for each in found if each.state != "proposed"), None):
        raise changed_meanwhile(order, "refunds", REFUNDING, state=other.state)
    if any(each.proposed_by == act.actor.name for each in found):
        raise Rejected("own_refund", None)
    wanted = role.APPROVES_REFUNDS
    if all(each.what == "compensation" and each.reason not in CLAIMS for each in found):
        wanted = role.APPROVES_COMPENSATION
    role.require(act.actor, wanted, act.region)


def decides_alone(actor: Actor, what: What, reason: RefundReason) -> bool:
    """Whether somebody's own word is enough within his limit; a claim always takes two."""
    if reason in CLAIMS or actor.kind != "staff":
        return False
    return role.holds(actor, role.REFUNDS_ALONE if what == "refund" else role.COMPENSATES_ALONE)


# ---------------------------------------------------------------- what they share
def named(world: World, act: Act, order_id: str, ids: Sequence[str]) -> tuple[Order, list[Refund]]:
    """The order and the refunds of it that a command names."""
    order = in_region(world, Order, order_id, "order", act.region)
    if not ids or len(set(ids)) < len(ids):
        raise Rejected("required", "refunds")
    found = [in_region(world, Refund, id, "refunds", act.region) for id in ids]
    if other := next((each for each in found if each.order != order.id), None):
        raise Rejected("not_found", "refunds", kind=Refund.kind, id=other.id)
    return order, found


def refunds_of(world: World, order: Order) -> list[Refund]:
    """The refunds and compensations of an order; a desk may not hold those that were over long ago."""
    return [found for id in order.refunds if (found := world.get(Refund, id)) is not None]


def kept(world: World, order: Order, made: Iterable[Refund]) -> Order:
    """The order with these refunds as they are now: what is given back in all, and what is under way."""
    now = {each.id: each for each in made}
    refunded, compensated = order.refunded, order.compensated
    for each in now.values():
        former = world.get(Refund, each.id)
        change = (each.amount if each.counts else 0) - (former.amount if former and former.counts else 0)
        if each.what == "refund":
            refunded += change
        else:
            compensated += change
    ids = (*order.refunds, *(id for id in now if id not in order.refunds))
    states = {
        each.state
        for each in (*(each for each in refunds_of(world, order) if each.id not in now), *now.values())
    }
    pressing = next((state for state in UNDER_WAY if state in states), "")
    after = changed(order, refunds=ids, refunding=pressing, refunded=refunded, compensated=compensated)
    if pressing in ("attention", "failed"):
        return flagged(after, FLAG)
    return changed(after, flags=tuple(each for each in after.flags if each != FLAG))


def released(world: World, found: Iterable[Refund]) -> tuple[Payment, ...]:
    """The payments without what was set aside for these refunds."""
    made: dict[str, Payment] = {}
    for each in found:
        if each.payment is None:
            continue
        payment = made.get(each.payment) or in_region(world, Payment, each.payment, "payment", each.region)
        made[each.payment] = changed(payment, refunded=payment.refunded - each.amount)
    return tuple(made.values())


def owing(order: Order, made: Iterable[Refund]) -> tuple[Posting, ...]:
    """What we owe the customer by a decision: compensation, and of a refund what he had to pay and needs not after all.

    What he paid without owing it is his already.
    """
    found = []
    for each in made:
        if each.what == "compensation":
            found.append(entries.compensation_due(each, order))
        elif each.borne:
            found.append(entries.refund_due(each, order))
    return tuple(found)


def allowance(world: World, actor: Actor, region: str, now: int) -> Allowance:
    """What a person has decided alone today, in a region."""
    date = local_date(now, region_of(world, region).timezone)
    id = allowance_id(actor.id, region, date)
    return world.get(Allowance, id) or Allowance(
        id=id, region=region, person=actor.id, date=date, closed_at=now
    )


def used_by(world: World, actor: Actor, region: str, now: int) -> int:
    """The same in all regions that he works in: his limit is one, however many cities he has."""
    return sum(
        allowance(world, actor, each, now).used
        for each in sorted({region, *actor.regions})
    )  # fmt: skip


def returned(world: World, found: Iterable[Refund]) -> tuple[Entity, ...]:
    """The accounts of those who had decided these refunds alone, with the amounts free again."""
    made: dict[str, Allowance] = {}
    for each in found:
        if each.counted_on is None or each.decided_by is None:
            continue
        id = allowance_id(each.decided_by.partition(":")[2], each.region, each.counted_on)
        if (account := made.get(id) or world.get(Allowance, id)) is not None:
            made[id] = changed(account, used=account.used - each.amount)
    return tuple(made.values())


def reference(value: str, field: str) -> str:
    """A number that somebody else gave to it: letters, digits and hyphens."""
    value = text(value, field, 64)
    if value and re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_-]*", value) is None:
        raise Rejected("reference_invalid", field)
    return value


def said_of(refund: Refund) -> dict[str, Any]:
    """What an order's step says of one of its refunds."""
    return {"amount": refund.amount, "what": refund.what, "way": refund.way}
