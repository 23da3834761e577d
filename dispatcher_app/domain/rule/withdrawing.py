"""Withdrawals: settled money only, asked for, approved by a second person, sent once, reported back."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Broken, Change, Missing, Rejected, Secret, World
from dispatcher_app.domain.calendar import HOUR_MS
from dispatcher_app.domain.command import (
    ApproveWithdrawal,
    RecallWithdrawal,
    RejectWithdrawal,
    ReportWithdrawal,
    RequestWithdrawal,
    SaveWay,
    SendWithdrawals,
)  # fmt: skip
from dispatcher_app.domain.money import entries
from dispatcher_app.domain.money.account import Account, card_fits, card_mask, wallet_mask
from dispatcher_app.domain.money.statement import withdrawable
from dispatcher_app.domain.money.withdrawal import ALONE_MS, Withdrawal, WithdrawalState
from dispatcher_app.domain.rule.dispatching import own
from dispatcher_app.domain.rule.facts import coded, in_region, policy_of, region_of, required_text, text
from dispatcher_app.domain.rule.settling import account_of, earner, held
from dispatcher_app.domain.technician import Technician

BATCH_MOST = 2000
BANK_LONGEST = 60
WALLET_LONGEST = 64
REFERENCE_LONGEST = 64


def for_him(act: Act, technician: str) -> None:
    """Raises Rejected unless the technician himself speaks, or somebody who settles does on his behalf."""
    if act.actor.kind == "technician":
        own(act, technician)
    else:
        role.require(act.actor, role.SETTLES, act.region)


def save_way(command: SaveWay, act: Act, world: World, now: int) -> Change:
    """Another card or wallet; never while money is on its way to the former one."""
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    for_him(act, technician.id)
    earner(world, technician.id, act.region)
    account = account_of(world, technician)
    if account.withdrawal is not None:
        raise Rejected("withdrawal_open", "technician", withdrawal=account.withdrawal)
    number = "".join(command.number.split())
    if command.way == "bank":
        if not card_fits(number):
            raise Rejected("card_invalid", "number")
        bank = required_text(command.bank, "bank", BANK_LONGEST)
        made = replace(account, bank=bank, bank_mask=card_mask(number))
    else:
        if not 6 <= len(number) <= WALLET_LONGEST or not number.isascii():
            raise Rejected("wallet_invalid", "number", least=6, most=WALLET_LONGEST)
        made = replace(account, wallet_mask=wallet_mask(number))
    made = replace(made, way_by=act.actor.name, way_at=act.at)
    return Change(after=(made,), secrets=(Secret(Account.kind, technician.id, command.way, number),))


def request(command: RequestWithdrawal, act: Act, world: World, now: int) -> Change:
    """What is frozen, not settled yet, or owed as customers' cash is out of reach."""
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    for_him(act, technician.id)
    earner(world, technician.id, act.region)
    if world.get(Withdrawal, command.withdrawal) is not None:
        raise Rejected("exists", "withdrawal")
    account, currency = account_of(world, technician), region_of(world, act.region).currency
    if account.withdrawal is not None:
        raise Rejected("withdrawal_open", "technician", withdrawal=account.withdrawal)
    if not account.mask(command.way):
        raise Rejected("way_missing", "way", way=command.way)
    available = held(world, technician, "available", currency)
    cash = held(world, technician, "cash", currency)
    if available is None or cash is None:
        raise Missing("balance", technician.id)
    most, least = withdrawable(account, available, cash), policy_of(world).withdrawal_least
    if command.amount <= 0:
        raise Rejected("amount_invalid", "amount")
    if command.amount > most:
        raise Rejected("withdrawal_too_much", "amount", amount=most, currency=currency)
    if command.amount < least:
        raise Rejected("withdrawal_too_little", "amount", amount=least, currency=currency)
    made = Withdrawal(
        id=command.withdrawal, region=act.region, technician=technician.id, amount=command.amount, currency=currency,
        way=command.way, mask=account.mask(command.way), asked_at=act.at, asked_by=act.actor.name,
    )  # fmt: skip
    after = replace(account, settled=account.settled - command.amount, withdrawal=made.id)
    posted = entries.withdrawal_asked(made.id, technician.id, made.amount, currency)
    return Change(after=(made, after), postings=(posted,))


def approve(command: ApproveWithdrawal, act: Act, world: World, now: int) -> Change:
    """Neither who asked nor who entered the card may agree."""
    role.require(act.actor, role.APPROVES_WITHDRAWALS, act.region)
    found = standing(world, command.withdrawal, act, "asked")
    account = account_with(world, found)
    if act.actor.kind != "system" and act.actor.name in (found.asked_by, account.way_by):
        raise Rejected("own_withdrawal", "withdrawal")
    after = replace(found, state="approved", decided_at=act.at, decided_by=act.actor.name)
    return Change(after=(after,))


def reject(command: RejectWithdrawal, act: Act, world: World, now: int) -> Change:
    """He has the money again, and is told why."""
    role.require(act.actor, role.APPROVES_WITHDRAWALS, act.region)
    found = standing(world, command.withdrawal, act, "asked", "approved")
    reason = coded(command.reason, "reason")
    made = replace(found, state="rejected", decided_at=act.at, decided_by=act.actor.name, reason=reason)
    return ended(world, made, act)


def recall(command: RecallWithdrawal, act: Act, world: World, now: int) -> Change:
    """Whoever may ask may take it back, until it is sent."""
    found = standing(world, command.withdrawal, act, "asked", "approved")
    for_him(act, found.technician)
    return ended(world, replace(found, state="recalled"), act)


def send(command: SendWithdrawals, act: Act, world: World, now: int) -> Change:
    """From now on they may be at the bank: none is sent twice, and none comes back but by a report."""
    role.require(act.actor, role.SETTLES, act.region)
    batch = required_text(command.batch, "batch", 64)
    if not 1 <= len(set(command.withdrawals)) <= BATCH_MOST or len(set(command.withdrawals)) < len(
        command.withdrawals
    ):
        raise Rejected("too_many", "withdrawals", limit=BATCH_MOST)
    made: list[Withdrawal] = []
    refused: list[Broken] = []
    for id in command.withdrawals:
        try:
            found = standing(world, id, act, "approved")
            if account_with(world, found).mask(found.way) != found.mask:
                raise Rejected("way_changed", "withdrawal")
        except Rejected as rejected:
            refused.append(Broken("withdrawal_refused", {"withdrawal": id, "code": rejected.code}))
            continue
        made.append(
            replace(
                found,
                state="sending",
                batch=batch,
                channel=command.channel,
                sent_at=act.at,
                sent_by=act.actor.name,
            )
        )
    if not made:
        raise Rejected("nothing_to_send", "withdrawals")
    return Change(after=tuple(made), warnings=tuple(refused))


def report(command: ReportWithdrawal, act: Act, world: World, now: int) -> Change:
    """The bank's word; what it sends back after days is his again."""
    if act.actor.kind != "provider":
        role.require(act.actor, role.SETTLES, act.region)
    reference = text(command.reference, "reference", REFERENCE_LONGEST)
    found = standing(world, command.withdrawal, act, "paid" if command.outcome == "returned" else "sending")
    if act.actor.kind != "provider" and found.sent_within(ALONE_MS, now):
        raise Rejected("withdrawal_at_provider", "withdrawal", hours=ALONE_MS // HOUR_MS)
    made = replace(found, state=command.outcome, reference=reference or found.reference)
    if command.outcome != "paid":
        return ended(world, replace(made, reason=coded(command.reason, "reason")), act)
    account = replace(account_with(world, found), withdrawal=None)
    posted = entries.withdrawal_paid(made.id, made.technician, made.amount, made.currency)
    return Change(after=(replace(made, ended_at=act.at), account), postings=(posted,))


def ended(world: World, made: Withdrawal, act: Act) -> Change:
    """It came to nothing: the money is settled and available as before."""
    account = account_with(world, made)
    open_ = None if account.withdrawal == made.id else account.withdrawal
    after = replace(account, settled=account.settled + made.amount, withdrawal=open_)
    back = entries.withdrawal_returned if made.state == "returned" else entries.withdrawal_failed
    posted = back(made.id, made.technician, made.amount, made.currency)
    return Change(after=(replace(made, ended_at=act.at), after), postings=(posted,))


def standing(world: World, id: str, act: Act, *states: WithdrawalState) -> Withdrawal:
    """The withdrawal that a command names; raises Rejected where it stands otherwise by now."""
    found = in_region(world, Withdrawal, id, "withdrawal", act.region)
    if found.state not in states:
        raise Rejected("withdrawal_stands", "withdrawal", state=found.state)
    return found


def account_with(world: World, found: Withdrawal) -> Account:
    """The account that a withdrawal is from."""
    return in_region(world, Account, found.technician, "technician", found.region)
