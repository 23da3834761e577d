"""Deductions with evidence and appeal, and deposits (质保金), which contractors alone leave with us."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, Missing, Rejected, World
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import AppealDeduction, DecideAppeal, Deduct, PayDeposit, ReturnDeposit
from dispatcher_app.domain.money import entries, ledger
from dispatcher_app.domain.money.account import Account
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.deduction import Deduction, DeductionState
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.cash import own_till
from dispatcher_app.domain.rule.facts import coded, in_region, policy_of, region_of, required_text
from dispatcher_app.domain.rule.settling import account_of, earner, held
from dispatcher_app.domain.rule.talking import attached
from dispatcher_app.domain.rule.withdrawing import for_him
from dispatcher_app.domain.technician import Technician

TEXT_LONGEST = 1000
EVIDENCE_MOST = 20


def deduct(command: Deduct, act: Act, world: World, now: int) -> Change:
    """Never without evidence, and never more than is there: nobody pays to have worked."""
    role.require(act.actor, role.DEDUCTS, act.region)
    technician = earner(world, command.technician, act.region)
    if world.get(Deduction, command.deduction) is not None:
        raise Rejected("exists", "deduction")
    proven(command, act, world)
    currency = region_of(world, act.region).currency
    within(world, technician, command.source, command.amount, currency)
    made = Deduction(
        id=command.deduction, region=act.region, technician=technician.id, amount=command.amount, currency=currency,
        source=command.source, reason=coded(command.reason, "reason"),
        text=required_text(command.text, "text", TEXT_LONGEST), order=command.order, complaint=command.complaint,
        attachments=command.attachments, at=act.at, by=act.actor.name,
        appeal_until=now + policy_of(world).appeal_days * DAY_MS,
    )  # fmt: skip
    book = entries.deposit_deducted if command.source == "deposit" else entries.deducted
    posted = book(made.id, technician.id, made.amount, currency, made.order)
    return Change(after=(made, *settled(world, technician, made, -made.amount)), postings=(posted,))


def proven(command: Deduct, act: Act, world: World) -> None:
    """Raises Rejected where nothing proves it, or what does is about something else."""
    if len(command.attachments) > EVIDENCE_MOST:
        raise Rejected("too_many", "attachments", limit=EVIDENCE_MOST)
    order = None
    if command.order is not None:
        order = in_region(world, Order, command.order, "order", act.region)
    if command.complaint is not None:
        complaint = in_region(world, Complaint, command.complaint, "complaint", act.region)
        if order is not None and complaint.order != order.id:
            raise Rejected("not_found", "complaint", kind="complaint", id=complaint.id)
    if command.attachments and order is None:
        raise Rejected("required", "order")
    if order is not None and command.attachments:
        attached(world, order, command.attachments, "attachments")
    if not command.attachments and command.complaint is None:
        raise Rejected("evidence_missing", "attachments")


def within(world: World, technician: Technician, bucket: ledger.Bucket, amount: int, currency: str) -> None:
    """Raises Rejected for more than stands there, Missing where that is not known."""
    if amount <= 0:
        raise Rejected("amount_invalid", "amount")
    if (there := held(world, technician, bucket, currency)) is None:
        raise Missing("balance", technician.id)
    if amount > there:
        raise Rejected("more_than_there", "amount", amount=max(0, there), currency=currency)


def settled(world: World, technician: Technician, made: Deduction, amount: int) -> tuple[Account, ...]:
    """His account with so much more or less that can be withdrawn; a deposit is no part of that."""
    if made.source == "deposit":
        return ()
    account = account_of(world, technician)
    return (replace(account, settled=account.settled + amount),)


def appeal(command: AppealDeduction, act: Act, world: World, now: int) -> Change:
    """Once, in time, in his own words."""
    found = in_region(world, Deduction, command.deduction, "deduction", act.region)
    for_him(act, found.technician)
    if found.state != "made":
        raise Rejected("deduction_stands", "deduction", state=found.state)
    if now > found.appeal_until:
        raise Rejected("appeal_late", "deduction", at=found.appeal_until)
    words = required_text(command.text, "text", TEXT_LONGEST)
    after = replace(found, state="appealed", appeal=words, appealed_at=act.at, appealed_by=act.actor.name)
    return Change(after=(after,))


def decide_appeal(command: DecideAppeal, act: Act, world: World, now: int) -> Change:
    """Somebody who did not deduct and did not appeal for him; what was taken comes back by a reversal."""
    role.require(act.actor, role.DECIDES_APPEALS, act.region)
    found = in_region(world, Deduction, command.deduction, "deduction", act.region)
    if found.state != "appealed":
        raise Rejected("deduction_stands", "deduction", state=found.state)
    if act.actor.name in (found.by, found.appealed_by):
        raise Rejected("own_deduction", "deduction")
    words = required_text(command.text, "text", TEXT_LONGEST)
    state: DeductionState = "reversed" if command.granted else "upheld"
    after = replace(found, state=state, decision=words, decided_at=act.at, decided_by=act.actor.name)
    if not command.granted:
        return Change(after=(after,))
    book = entries.deposit_deducted if found.source == "deposit" else entries.deducted
    posted = book(found.id, found.technician, found.amount, found.currency, found.order)
    back = ledger.reversal(posted, f"{posted.cause}_reversed:{found.id}")
    technician = in_region(world, Technician, found.technician, "technician", act.region)
    return Change(after=(after, *settled(world, technician, found, found.amount)), postings=(back,))


def contractor(world: World, id: str, region: str) -> Technician:
    """Who leaves a deposit; raises Rejected for anybody else."""
    technician = in_region(world, Technician, id, "technician", region)
    if technician.employment != "contractor":
        raise Rejected("no_deposit", "technician", technician=id)
    return technician


def pay_deposit(command: PayDeposit, act: Act, world: World, now: int) -> Change:
    """In cash at a counter's till, to our bank, or of what is available to him."""
    role.require(act.actor, role.SETTLES | role.TAKES_DEPOSITS, act.region)
    technician = contractor(world, command.technician, act.region)
    region = region_of(world, act.region)
    if command.amount <= 0:
        raise Rejected("amount_invalid", "amount")
    account, after = account_of(world, technician), tuple[Account, ...]()
    if command.means == "available":
        role.require(act.actor, role.SETTLES, act.region)
        within(world, technician, "available", command.amount, region.currency)
        source = ledger.technician(technician.id, "available")
        after = (replace(account, settled=account.settled - command.amount),)
    elif command.means == "cash":
        source = ledger.till(own_till(world, act, command.store))
    else:
        # Who takes cash at a counter does not see what came to our bank.
        role.require(act.actor, role.SETTLES, act.region)
        source = ledger.provider("bank")
    posted = entries.deposit_in(command.deposit, technician.id, command.amount, region.currency, source)
    return Change(after=after or (account,), postings=(posted,))


def return_deposit(command: ReturnDeposit, act: Act, world: World, now: int) -> Change:
    """It becomes available and settled: nothing was earned, so nothing is withheld."""
    role.require(act.actor, role.SETTLES, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    coded(command.reason, "reason")
    currency = region_of(world, act.region).currency
    within(world, technician, "deposit", command.amount, currency)
    account = account_of(world, technician)
    posted = entries.deposit_out(command.deposit, technician.id, command.amount, currency)
    return Change(after=(replace(account, settled=account.settled + command.amount),), postings=(posted,))
