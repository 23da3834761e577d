"""Bills fetched by themselves once a day, and what a person brings: read, asked about, compared and kept."""

from __future__ import annotations

import asyncio
import logging

from dispatcher_app import clock, codec
from dispatcher_app.domain.act import SYSTEM, Act, Actor, Broken, Rejected
from dispatcher_app.domain.calendar import HOUR_MS, local_date, next_date
from dispatcher_app.domain.command import RecordBill
from dispatcher_app.domain.money.discrepancy import Bill, bill_id
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.integrations.payments import bill as bills
from dispatcher_app.integrations.payments.bill import BadBill, DayBill
from dispatcher_app.integrations.payments.port import NoBill, Refused, Unanswered, key_of
from dispatcher_app.server.node import Node
from dispatcher_app.server.pay import reconcile
from dispatcher_app.server.pay.collect import collect, concluded
from dispatcher_app.server.store import payment as store
from dispatcher_app.server.store import record

log = logging.getLogger(__name__)

EVERY_S = 900.0
READY_HOUR = 10
"""Both providers have yesterday's bill by ten in the morning, China's time."""


async def collect_all(node: Node) -> int:
    """Do what is due for the open payments of a node's database."""
    return await collect(node.database, node.executor, node.payments, node.collecting)


async def fetch(node: Node) -> int:
    """Fetch yesterday's bills that nobody has read yet; returns how many were read."""
    now = clock.now_ms()
    date = next_date(local_date(now - READY_HOUR * HOUR_MS, reconcile.PROVIDERS_ZONE), -1)
    read = 0
    for means, provider in node.payments.items():
        regions = await asyncio.to_thread(unread, node, means, date)
        if not regions:
            continue
        try:
            data = await provider.bill(date)
        except NoBill:
            continue
        except (Unanswered, Refused) as error:
            log.info("bill not fetched", extra={"provider": means, "date": date, "error": str(error)})
            continue
        for region in regions:
            try:
                await take(node, data, date, region, SYSTEM)
                read += 1
            except (BadBill, Rejected) as error:
                log.warning("bill not read", extra={"provider": means, "date": date, "code": error.code})
    return read


def unread(node: Node, means: str, date: str) -> list[str]:
    """The regions that have not been compared with that bill."""
    with node.database.reading() as cursor:
        return [
            region
            for region in store.regions(cursor)
            if record.load(cursor, Bill.kind, bill_id(means, region, date)) is None
        ]


async def take(
    node: Node, data: bytes, date: str, region: str, actor: Actor
) -> tuple[codec.Reply, RecordBill]:
    """Read a bill for a region and keep what differs; raises BadBill or Rejected.

    What the bill calls paid and we don't is asked of the provider first, so that only what he denies is listed.
    """
    bill = await asyncio.to_thread(bills.read, data, date)
    own(node, bill)
    await ask_about(node, bill)

    def compare() -> RecordBill:
        with node.database.reading() as cursor:
            return reconcile.recorded(cursor, bill, data, region)

    command = await asyncio.to_thread(compare)
    act = Act(id=clock.new_id(), actor=actor, at=clock.now_ms(), command=command, region=region)
    return await asyncio.wrap_future(node.executor.submit(act)), command


def own(node: Node, bill: DayBill) -> None:
    """Raises BadBill for the bill of somebody else's account, where we know our own."""
    provider = node.payments.get(bill.provider)
    account = provider.account if provider is not None else ""
    if account and any(not each.startswith(account) for each in bill.merchants):
        raise BadBill(Broken("bill_other_merchant", {"merchant": ", ".join(sorted(bill.merchants))[:60]}))


async def ask_about(node: Node, bill: DayBill) -> None:
    """Ask the provider about every payment that only he calls paid."""
    provider = node.payments.get(bill.provider)
    if provider is None:
        return

    def only_theirs() -> list[Payment]:
        with node.database.reading() as cursor:
            return reconcile.unbooked(cursor, bill)

    for payment in await asyncio.to_thread(only_theirs):
        try:
            await concluded(node.executor, payment, await provider.query(key_of(payment.id)))
        except (Unanswered, Refused) as error:
            log.info("payment of a bill unanswered", extra={"payment": payment.id, "error": str(error)})
