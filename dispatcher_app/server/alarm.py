"""What the system does about orders by itself: offers, transfers and quotes that run out, silence that confirms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.command import ConfirmOrder, ExpireOffer, ExpireTransfer, LapseQuote, name_of
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import confirmed_by_silence
from dispatcher_app.server.node import Node
from dispatcher_app.server.store import query, record

log = logging.getLogger(__name__)

EVERY_S = 1.0
LEADER = 7_302_611
"""The advisory lock that makes one node of several do the timed acts."""


def due_acts(order: Order, policy: Policy, now: int) -> Iterator[Act]:
    """What has run out by now; whoever makes such an act makes the same one, so that it happens once."""
    offer, transfer, quote = order.offer, order.transfer, order.proposed
    if order.status == "offered" and offer is not None and offer.expires_at <= now:
        at = offer.expires_at
        expired = ExpireOffer(order=order.id, technician=offer.technician, expires_at=at)
        yield timed(order, expired, at, offer.technician)
    if order.status == "accepted" and transfer is not None and transfer.expires_at <= now:
        at = transfer.expires_at
        yield timed(order, ExpireTransfer(order=order.id, to=transfer.to, expires_at=at), at, transfer.to)
    if quote is not None and quote.lapses_at <= now:
        at = quote.lapses_at
        yield timed(
            order, LapseQuote(order=order.id, number=quote.number, lapses_at=at), at, str(quote.number)
        )
    silence = confirmed_by_silence(order, policy)
    if silence is not None and silence <= now:
        yield timed(order, ConfirmOrder(order=order.id, confirmation="time"), silence, str(order.since))


def timed(order: Order, command: Any, at: int, what: str) -> Act:
    """The system's act, dated when it was due."""
    id = clock.derived_id(name_of(command), order.id, what, str(at))
    return Act(id=id, actor=SYSTEM, at=at, command=command, region=order.region)


async def ring(node: Node) -> int:
    """Do what is due; returns how many acts were done."""

    def due() -> list[Act]:
        with node.database.reading() as cursor:
            if cursor.postgresql and cursor.one("SELECT pg_try_advisory_xact_lock(?)", (LEADER,)) == (False,):
                return []
            now = clock.now_ms()
            orders = query.alarmed(cursor, now)
            found = record.load(cursor, Policy.kind, "policy") if orders else None
        policy = found if isinstance(found, Policy) else Policy()
        return [act for order in orders for act in due_acts(order, policy, now)]

    done = 0
    for act in await asyncio.to_thread(due):
        try:
            await asyncio.wrap_future(node.executor.submit(act))
            done += 1
        except Rejected as rejected:
            log.info(
                "timed act refused",
                extra={"act": name_of(act.command), "order": act.command.order, "code": rejected.code},
            )
    return done
