"""The tills of the counters: opened and closed with a count, filled by whoever brings cash, emptied into the bank."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, World
from dispatcher_app.domain.command import BankCash, CloseTill, HandInCash, OpenTill
from dispatcher_app.domain.money import entries, ledger
from dispatcher_app.domain.money.till import Till, TillCount, till_of
from dispatcher_app.domain.rule.cash import own_till
from dispatcher_app.domain.rule.facts import in_region, region_of, text
from dispatcher_app.domain.technician import Technician

CASH_MOST = 100_000_000
"""Minor units: a million yuan lies in no till."""


def open_till(command: OpenTill, act: Act, world: World, now: int) -> Change:
    """Counted before the first customer; what is too much or missing is not the new cashier's."""
    till = tended(world, command.store, act)
    counted(command.counted)
    if till.opened_at is not None:
        raise Rejected("till_open", None, who=till.by, when=till.opened_at)
    currency = region_of(world, act.region).currency
    off = command.counted - till.cash
    after = replace(
        till, by=act.actor.id, opened_at=act.at, begun_with=command.counted, taken=0, given=0, card=0, payments=0,
        closed_at=None, used=True,
    )  # fmt: skip
    if not off:
        return Change(after=(after,))
    made = entries.counted if till.used else entries.till_filled
    warnings = (Broken("till_differs", {"amount": off}),) if till.used else ()
    return Change(after=(after,), postings=(made(act.id, till.store, off, currency),), warnings=warnings)


def close_till(command: CloseTill, act: Act, world: World, now: int) -> Change:
    """Counted at the end of a shift; the difference is posted, and stands in the count for ever."""
    till = tended(world, command.store, act)
    counted(command.counted)
    if till.opened_at is None:
        raise Rejected("till_closed", None)
    if till.by != act.actor.id:
        role.require(act.actor, role.OVERRIDES | {"finance"}, act.region)
    if command.expected != till.cash:
        raise Rejected("till_moved", "expected", amount=till.cash)
    off = command.counted - till.cash
    count = TillCount(
        id=act.id, region=act.region, store=till.store, by=act.actor.id, opened_at=till.opened_at, closed_at=act.at,
        begun_with=till.begun_with, taken=till.taken, given=till.given, card=till.card, payments=till.payments,
        expected=till.cash, counted=command.counted, difference=off,
    )  # fmt: skip
    after = replace(till, opened_at=None, by="", closed_at=act.at)
    currency = region_of(world, act.region).currency
    postings = (entries.counted(act.id, till.store, off, currency),) if off else ()
    return Change(after=(after, count), postings=postings)


def bank(command: BankCash, act: Act, world: World, now: int) -> Change:
    """Cash leaves the till for the bank; never more than lies there."""
    till = tended(world, command.store, act)
    if not 0 < command.amount <= till.cash:
        raise Rejected("cash_not_there", "amount", amount=till.cash)
    text(command.receipt, "receipt", 40)
    currency = region_of(world, act.region).currency
    made = entries.till_filled(act.id, till.store, -command.amount, currency)
    return Change(after=(till,), postings=(made,))


def hand_in(command: HandInCash, act: Act, world: World, now: int) -> Change:
    """A technician's debt becomes the till's cash."""
    till = tended(world, command.store, act)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    text(command.receipt, "receipt", 40)
    counted(command.amount)
    currency = region_of(world, act.region).currency
    held = world.balance(act.region, ledger.technician(technician.id, "cash"), currency)
    if command.amount == 0 or (held is not None and command.amount > held):
        raise Rejected("cash_not_owed", "amount", amount=held or 0)
    made = entries.cash_handed_in(act.id, technician.id, command.amount, currency, till.store)
    return Change(after=(till,), postings=(made,))


def tended(world: World, store: str, act: Act) -> Till:
    """The till that the actor may touch: his own store's, or any where he has no store."""
    role.require(act.actor, role.TENDS_TILL, act.region)
    return till_of(world, act.region, own_till(world, act, store))


def counted(amount: int) -> None:
    """Raises Rejected for an amount that nobody has counted."""
    if not 0 <= amount <= CASH_MOST:
        raise Rejected("amount_invalid", "amount")
