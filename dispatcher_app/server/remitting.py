"""Withdrawals that a provider pays: asked about before they are sent, sent once, reported as he says."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.command import ReportWithdrawal
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money.account import Account
from dispatcher_app.domain.money.withdrawal import SENT_MS, Withdrawal
from dispatcher_app.domain.technician import Technician
from dispatcher_app.integrations.payout import Payout, Payouts, PayoutTold, Unanswered
from dispatcher_app.server.node import Node
from dispatcher_app.server.settling import asked
from dispatcher_app.server.store import payroll, query, record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.vault import Vault

log = logging.getLogger(__name__)

EVERY_S = 5.0
JOB = "remit"
"""Its lease, one a region: one node of several talks with the provider."""
PROVIDER = Actor(kind="provider", id="payouts")


async def remit(node: Node) -> None:
    """See to every withdrawal that is in a provider's hands."""
    if node.payouts is None:
        return
    for region in [log for log in node.hub.heads if log != PLATFORM]:
        if not await node.leases.held(JOB, region):
            continue
        for each in await asyncio.to_thread(asked, node.database, in_hand, region):
            if not node.leases.still(JOB, region):
                return
            await see_to(node, node.payouts, each)


def in_hand(cursor: Cursor, region: str) -> list[Withdrawal]:
    """The withdrawals that were given to a provider and that he has not ended."""
    found = payroll.under_way(cursor, region)
    return [each for each in found if each.state == "sending" and each.channel == "provider"]


async def see_to(node: Node, payouts: Payouts, withdrawal: Withdrawal) -> None:
    """Ask what has become of one; what he has never heard of is sent, for it was marked as sent before."""
    try:
        told = await payouts.ask(withdrawal.id)
        if told.state == "absent":
            if not withdrawal.sent_within(SENT_MS, clock.now_ms()):
                return
            payout = await asyncio.to_thread(asked, node.database, payout_of, node.vault, withdrawal)
            told = (
                await payouts.send(payout)
                if payout is not None
                else PayoutTold("failed", "", "account_wrong")
            )
    except Unanswered as error:
        log.warning("payout unanswered", extra={"withdrawal": withdrawal.id, "error": str(error)})
        return
    if told.state in ("paid", "failed"):
        await report(node, withdrawal, told)


async def report(node: Node, withdrawal: Withdrawal, told: PayoutTold) -> None:
    """Book what the provider says; the same word twice is one act."""
    outcome: Any = told.state
    command = ReportWithdrawal(
        withdrawal=withdrawal.id, outcome=outcome, reference=told.reference,
        reason="" if outcome == "paid" else told.reason or "other",
    )  # fmt: skip
    id = clock.derived_id("payout", withdrawal.id, outcome)
    act = Act(id=id, actor=PROVIDER, at=clock.now_ms(), command=command, region=withdrawal.region)
    try:
        await asyncio.wrap_future(node.executor.submit(act))
    except Rejected as rejected:
        log.warning("payout not booked", extra={"withdrawal": withdrawal.id, "code": rejected.code})


def payout_of(cursor: Cursor, vault: Vault, withdrawal: Withdrawal) -> Payout | None:
    """What the provider is told, None where the card or wallet is not the one it was asked for."""
    technician = record.load(cursor, Technician.kind, withdrawal.technician)
    account = record.load(cursor, Account.kind, withdrawal.technician)
    sealed = query.secret(cursor, Account.kind, withdrawal.technician, withdrawal.way)
    if not isinstance(technician, Technician) or not isinstance(account, Account) or sealed is None:
        return None
    if account.mask(withdrawal.way) != withdrawal.mask:
        return None
    number = vault.open(Account.kind, withdrawal.technician, withdrawal.way, sealed[1])
    return Payout(
        id=withdrawal.id, name=technician.name, number=number, bank=account.bank, way=withdrawal.way,
        amount=withdrawal.amount, currency=withdrawal.currency,
    )  # fmt: skip
