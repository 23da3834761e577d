"""Settling a period with the technicians: begun by a person, made one technician at a time, each once."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.command import FinishSettlement, SettleTechnician, StartSettlement
from dispatcher_app.domain.money import entries, ledger
from dispatcher_app.domain.money.account import Account
from dispatcher_app.domain.money.period import Period, first_day, period_of
from dispatcher_app.domain.money.statement import (
    Settlement,
    Statement,
    added,
    moved,
    reckon,
    settlement_id,
    statement_id,
)
from dispatcher_app.domain.money.terms import bands_of
from dispatcher_app.domain.rule.facts import in_region, policy_of, region_of
from dispatcher_app.domain.technician import Technician


def start(command: StartSettlement, act: Act, world: World, now: int) -> Change:
    """A period that is over, once; what came after its end belongs to the next one."""
    role.require(act.actor, role.SETTLES, act.region)
    region = region_of(world, act.region)
    if not first_day(command.first, command.cadence):
        raise Rejected("period_invalid", "first")
    period = period_of(command.first, command.cadence)
    if period.ends_at(region.timezone) > now:
        raise Rejected("period_not_over", "first", until=period.until)
    id = settlement_id(act.region, period)
    if world.get(Settlement, id) is not None:
        raise Rejected("settled_already", "first", period=period.name)
    made = Settlement(
        id=id, region=act.region, cadence=command.cadence, period=period.name, first=period.first,
        until=period.until, upto=command.upto, currency=region.currency, begun_at=act.at, by=act.actor.name,
    )  # fmt: skip
    return Change(after=(made,))


def account_of(world: World, technician: Technician) -> Account:
    """His account, an empty one where nothing has been settled, asked for or entered."""
    return world.get(Account, technician.id) or Account(id=technician.id, region=technician.region)


def earner(world: World, id: str, region: str) -> Technician:
    """The technician who has shares; raises Rejected for an employee, who has wages."""
    technician = in_region(world, Technician, id, "technician", region)
    if technician.employment == "employee":
        raise Rejected("has_wages", "technician", technician=id)
    return technician


def held(world: World, technician: Technician, bucket: ledger.Bucket, currency: str) -> int | None:
    """What stands in one of his buckets from his side (minor units), None on a desk, which does not know."""
    found = world.balance(technician.region, ledger.technician(technician.id, bucket), currency)
    return None if found is None else (found if bucket == "cash" else -found)


def settle(command: SettleTechnician, act: Act, world: World, now: int) -> Change:
    """His statement on top of the one before: nothing is told twice, nothing left out."""
    run = in_region(world, Settlement, command.settlement, "settlement", act.region)
    technician = earner(world, command.technician, act.region)
    account = account_of(world, technician)
    id = statement_id(run.id, technician.id)
    if run.state != "running" or account.upto >= run.upto:
        raise Rejected("settled_already", "technician", period=run.period)
    if command.after != account.upto:
        raise Rejected("edited_meanwhile", "after", version=account.version)
    month = Period(run.period, run.first, run.until).month
    bands = bands_of(policy_of(world).tax_bands, technician.employment, run.begun_at)
    # Asked only where there is any: a run asks ten thousand times.
    cash = held(world, technician, "cash", run.currency) if moved(account.closing, command.totals).cash else 0
    available = held(world, technician, "available", run.currency)
    found = reckon(account, command.totals, month, bands, cash, available)
    after = replace(
        account, statement=id, upto=run.upto, closing=found.closing, settled=found.settled, month=month,
        turnover=added(account.turnover, command.totals),
        income=found.month_income, withheld=found.withheld,
    )  # fmt: skip
    made = Statement(
        id=id, region=act.region, settlement=run.id, previous=account.statement, technician=technician.id,
        employment=technician.employment,
        period=run.period, first=run.first, until=run.until, currency=run.currency, after=account.upto, upto=run.upto,
        opening=account.closing, totals=command.totals, income=found.income, tax=found.tax, netted=found.netted,
        closing=found.closing, payable=max(0, found.settled), at=act.at,
    )  # fmt: skip
    posted = entries.settled(id, technician.id, found.netted, found.tax, run.currency)
    return Change(after=(made, after), postings=(posted,) if posted is not None else ())


def finish(command: FinishSettlement, act: Act, world: World, now: int) -> Change:
    """How far the run is; over means that nobody is left."""
    run = in_region(world, Settlement, command.settlement, "settlement", act.region)
    if run.state == "done":
        raise Rejected("settled_already", "settlement", period=run.period)
    after = replace(
        run, technicians=command.technicians, done=command.done, earned=command.earned, tax=command.tax,
        netted=command.netted, payable=command.payable,
    )  # fmt: skip
    return Change(after=(replace(after, state="done", ended_at=act.at) if command.over else after,))
