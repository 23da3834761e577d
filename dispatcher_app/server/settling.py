"""A settlement as a job: one small act a technician, resumed where a node left off; and what it would come to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.command import FinishSettlement, SettleTechnician
from dispatcher_app.domain.money.account import Account, Balances, Total
from dispatcher_app.domain.money.period import Period
from dispatcher_app.domain.money.statement import Settlement, Statement, reckon
from dispatcher_app.domain.money.terms import TaxBand, bands_of
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import ask
from dispatcher_app.server.node import Node
from dispatcher_app.server.store import payroll
from dispatcher_app.server.store.database import Cursor, Database

log = logging.getLogger(__name__)

EVERY_S = 2.0
JOB = "settle"
"""Its lease, one a region: one node of several does a run."""
TOLD_EVERY = 500
"""After so many statements desks are told how far a run is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the statements of a run come to so far (minor units)."""

    done: int = 0
    earned: int = 0
    tax: int = 0
    netted: int = 0
    payable: int = 0

    def with_(self, made: Statement) -> Figures:
        """The same with one more."""
        return Figures(
            done=self.done + 1, earned=self.earned + made.income, tax=self.tax + made.tax,
            netted=self.netted + made.netted, payable=self.payable + made.payable,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """A technician whose statement is to be made: his account as it stands, what the ledger says of him since."""

    technician: Technician
    account: Account
    totals: tuple[Total, ...]


async def settle(node: Node) -> None:
    """Go on with every run that is not over."""
    for run in await asyncio.to_thread(asked, node.database, payroll.running):
        if await node.leases.held(JOB, run.region):
            await go_on(node, run)


async def go_on(node: Node, run: Settlement) -> None:
    """Make the statements of a run that are missing; whoever stops in between has lost nothing."""
    people = await asyncio.to_thread(asked, node.database, payroll.people, run.region)
    figures, told = Figures(), 0
    for chunk in chunks(people):
        if not node.leases.still(JOB, run.region):
            return
        due = await asyncio.to_thread(asked, node.database, left, run, chunk)
        acts = [act_of(run, each) for each in due]
        results = await asyncio.wrap_future(node.executor.submit_all(acts)) if acts else []
        for each in results:
            if isinstance(each, Rejected):
                log.warning("no statement", extra={"settlement": run.id, "code": each.code})
        ids = [each.id for each in chunk]
        made = await asyncio.to_thread(asked, node.database, payroll.statements, run.id, ids)
        for statement in made.values():
            figures = figures.with_(statement)
        if figures.done - told >= TOLD_EVERY:
            told = figures.done
            await tell(node, run, len(people), figures, clock.new_id())
    await tell(node, run, len(people), figures, clock.derived_id("settled", run.id), over=True)


def left(cursor: Cursor, run: Settlement, people: Sequence[Technician]) -> list[Due]:
    """Those of some technicians whose statement is missing; who has nothing and got nothing needs none."""
    due = found(cursor, run.region, people, run.upto, run.currency)
    return [
        each
        for each in due
        if each.account.upto < run.upto and (each.totals or not each.account.closing.empty)
    ]


def found(cursor: Cursor, region: str, people: Sequence[Technician], upto: int, currency: str) -> list[Due]:
    """Technicians with their accounts, and what the ledger says of each since his last statement."""
    accounts = payroll.accounts(cursor, [each.id for each in people])
    known = [accounts.get(each.id) or Account(id=each.id, region=region) for each in people]
    totals = payroll.since(cursor, region, [each for each in known if each.upto < upto], upto, currency)
    return [Due(each, account, totals.get(each.id, ())) for each, account in zip(people, known, strict=True)]


def act_of(run: Settlement, due: Due) -> Act:
    """The act that makes a statement; the same one however often it is tried."""
    command = SettleTechnician(
        settlement=run.id, technician=due.technician.id, after=due.account.upto, totals=due.totals
    )
    id = clock.derived_id("settle", run.id, due.technician.id)
    return Act(id=id, actor=SYSTEM, at=clock.now_ms(), command=command, region=run.region)


async def tell(
    node: Node, run: Settlement, technicians: int, figures: Figures, id: str, *, over: bool = False
) -> None:
    """Say how far a run is."""
    command = FinishSettlement(
        settlement=run.id, technicians=technicians, done=figures.done, earned=figures.earned, tax=figures.tax,
        netted=figures.netted, payable=figures.payable, over=over,
    )  # fmt: skip
    act = Act(id=id, actor=SYSTEM, at=clock.now_ms(), command=command, region=run.region)
    try:
        await asyncio.wrap_future(node.executor.submit(act))
    except Rejected as rejected:
        log.warning("a run that is over", extra={"settlement": run.id, "code": rejected.code})


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a statement would say, were it made now (minor units)."""

    technician: str
    employment: str
    opening: Balances
    totals: tuple[Total, ...]
    income: int
    tax: int
    netted: int
    closing: Balances
    payable: int


def preview(
    cursor: Cursor, region: str, period: Period, upto: int, currency: str, now: int
) -> tuple[int, list[Preview]]:
    """How many have shares, and what a run would make of those who have anything; nothing is written."""
    people, bands = payroll.people(cursor, region), ask.policy(cursor).tax_bands
    made: list[Preview] = []
    for chunk in chunks(people):
        standing = payroll.standing(cursor, region, [each.id for each in chunk], currency)
        for each in found(cursor, region, chunk, upto, currency):
            if each.account.upto < upto and (each.totals or not each.account.closing.empty):
                now_ = standing[each.technician.id]
                made.append(
                    foreseen(each, period.month, bands_of(bands, each.technician.employment, now), now_)
                )
    return len(people), made


def foreseen(due: Due, month: str, bands: tuple[TaxBand, ...], standing: Mapping[Any, int]) -> Preview:
    """One technician's part of a preview."""
    come_to = reckon(
        due.account, due.totals, month, bands, standing.get("cash", 0), standing.get("available", 0)
    )
    return Preview(
        technician=due.technician.id, employment=due.technician.employment, opening=due.account.closing,
        totals=due.totals, income=come_to.income, tax=come_to.tax, netted=come_to.netted, closing=come_to.closing,
        payable=max(0, come_to.settled),
    )  # fmt: skip


def chunks(people: Sequence[Technician]) -> Iterator[Sequence[Technician]]:
    """Some of them at a time."""
    for begin in range(0, len(people), payroll.CHUNK):
        yield people[begin : begin + payroll.CHUNK]


def asked(database: Database, question: Any, *args: Any) -> Any:
    """The answer of one moment of the database."""
    with database.reading() as cursor:
        return question(cursor, *args)
