"""What the system does about orders by itself: offers, pools, transfers and quotes that run out; silence confirms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.command import (
    AwardGrab,
    ClosePool,
    ConfirmOrder,
    ExpireOffer,
    ExpireTransfer,
    LapseQuote,
    ReleaseShare,
    WidenPool,
    name_of,
)  # fmt: skip
from dispatcher_app.domain.order import Order, Told
from dispatcher_app.domain.pool import next_told
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import confirmed_by_silence, released_at
from dispatcher_app.server.node import Node
from dispatcher_app.server.reached import reached
from dispatcher_app.server.store import query, record

log = logging.getLogger(__name__)

EVERY_S = 1.0

Reach = Callable[[Order], tuple[Told, ...]]
"""Whom the rings of a pool reach now."""


def due_acts(order: Order, policy: Policy, now: int, reach: Reach) -> Iterator[Act]:
    """What has run out by now; whoever makes such an act makes the same one, so that it happens once."""
    yield from pool_acts(order, now, reach)
    offer, transfer, quote = order.offer, order.transfer, order.proposed
    if order.status == "offered" and offer is not None and not order.pool and offer.expires_at <= now:
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
    released = released_at(order, policy)
    if released is not None and released <= now:
        yield timed(order, ReleaseShare(order=order.id), released, str(order.version))


def pool_acts(order: Order, now: int, reach: Reach) -> Iterator[Act]:
    """The next thing a grab pool does by itself: decided, closed, or told in the next ring."""
    pool = order.pool
    if order.status != "offered" or pool is None:
        return
    since, widens = pool.since, pool.widens_at
    if pool.decides_at is not None:
        if pool.decides_at <= now:
            at = pool.decides_at
            yield timed(order, AwardGrab(order=order.id, decides_at=at), at, str(since))
    elif pool.closes_at <= now:
        yield timed(order, ClosePool(order=order.id, since=since), pool.closes_at, str(since))
    elif widens is not None and widens <= now:
        told = next_told(order, reach(order))
        wider = WidenPool(order=order.id, from_ring=pool.ring, told=told)
        yield timed(order, wider, widens, f"{since} {pool.ring}")


def timed(order: Order, command: Any, at: int, what: str) -> Act:
    """The system's act, dated when it was due."""
    id = clock.derived_id(name_of(command), order.id, what, str(at))
    return Act(id=id, actor=SYSTEM, at=at, command=command, region=order.region)


async def ring(node: Node) -> int:
    """Do what is due; returns how many acts were done."""

    def due() -> list[Act]:
        with node.database.reading() as cursor:
            now = clock.now_ms()
            orders = query.alarmed(cursor, now)
            found = record.load(cursor, Policy.kind, "policy") if orders else None
            policy = found if isinstance(found, Policy) else Policy()
            return [
                act
                for order in orders
                for act in due_acts(order, policy, now, lambda order: reached(cursor, order, node))
            ]

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
