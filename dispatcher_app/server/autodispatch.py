"""Dispatching without a person: new promises by the mode of their item and district, offers passed on by rank.

One node of several does it. Each order is tried when it is new, and again when a plan or a technician has changed;
where nobody is found that is said once, on the order.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from dispatcher_app import clock
from dispatcher_app.domain import mode
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS
from dispatcher_app.domain.command import AssignTechnician, LeaveToDesk, OfferOrder, PoolOrder, name_of
from dispatcher_app.domain.order import Mode, Order
from dispatcher_app.domain.pool import first_told, refusers
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.planning.choose import in_line, sent, why
from dispatcher_app.server import ask
from dispatcher_app.server.node import Node
from dispatcher_app.server.position import technicians
from dispatcher_app.server.reached import reached
from dispatcher_app.server.store import awaiting, record
from dispatcher_app.server.store.database import Cursor

log = logging.getLogger(__name__)

T = TypeVar("T")

EVERY_S = 1.0
JOB = "dispatch"
"""Its lease: one node of several does it."""
AHEAD_MS = 30 * HOUR_MS
"""Windows that open later than this are not due yet, wherever on earth: 24 h, or 18:00 of the evening before."""
PASS = 10
"""So many orders are ranked in one go; the others a second later."""
REFUSED_MOST = 3
"""What a rule refuses so often for an order as it stands is not tried again before something has changed."""
RETRY_MS = 30_000
"""An order for which nobody was found is tried again that soon at the earliest, and only if something has changed."""
PATIENCE_MS = 5 * MINUTE_MS
"""After so long it is tried again anyway: whoever was far off may have come nearer."""


@dataclass(frozen=True, slots=True)
class Try:
    """An order's version, its log's number and the moment (UTC ms) when somebody was looked for last."""

    version: int
    seq: int
    at: int
    refused: int = 0


@dataclass(slots=True)
class Tried:
    """What a node remembers of its tries; forgotten when it stops, which costs one more try each.

    `direct` are the versions of orders that are for a person by the `policy` of that version.
    """

    orders: dict[str, Try] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    looked_at: int = 0
    direct: dict[str, int] = field(default_factory=dict)
    policy: int = -1


async def dispatch(node: Node, tried: Tried) -> int:
    """Do what can be done now, one order after the other, so that each sees what was done for the one before.

    Returns how many acts were done.
    """
    if not await node.leases.held(JOB):
        return 0
    done = 0
    for id in await asyncio.to_thread(read, node, lambda cursor: waiting(cursor, tried, clock.now_ms())):
        act = await asyncio.to_thread(read, node, partial(next_act, node=node, id=id, tried=tried))
        if act is None:
            continue
        if not await node.leases.held(JOB):
            # Another node's now: if it comes back to this one, everything is looked at anew.
            tried.orders, tried.heads = {}, {}
            break
        try:
            await asyncio.wrap_future(node.executor.submit(act))
            done += 1
        except Rejected as rejected:
            # Another node was quicker, or somebody at a desk: the next look shows how it stands.
            tried.orders[id] = replace(tried.orders[id], refused=tried.orders[id].refused + 1)
            tried.heads = {}
            log.info(
                "dispatching refused", extra={"act": name_of(act.command), "order": id, "code": rejected.code}
            )
    return done


def read(node: Node, work: Callable[[Cursor], T]) -> T:
    """The answer of one moment of the database."""
    with node.database.reading() as cursor:
        return work(cursor)


def waiting(cursor: Cursor, tried: Tried, now: int) -> list[str]:
    """The orders for which to look for somebody now, emergencies first; nothing is read where nothing has happened."""
    heads = dict(cursor.all("SELECT log, seq FROM log_head"))
    if heads == tried.heads and now - tried.looked_at < RETRY_MS:
        return []
    figures, regions = ask.policy(cursor), dict[str, Region]()
    orders = waiting_by_mode(cursor, tried, figures, awaiting.pending(cursor, now, now + AHEAD_MS))
    tried.orders = {each.id: tried.orders[each.id] for each in orders if each.id in tried.orders}
    found = [
        each.id
        for each in sorted(orders, key=lambda each: (each.urgency != "emergency", each.created_at))
        if due(cursor, each, regions, now) and worth_it(cursor, each, tried.orders.get(each.id), now)
    ]
    tried.heads, tried.looked_at = ({} if len(found) > PASS else heads), now
    return found[:PASS]


def waiting_by_mode(cursor: Cursor, tried: Tried, figures: Policy, versions: dict[str, int]) -> list[Order]:
    """Those of these orders that have a mode; what is for a person is read once, until it or a mode is another one."""
    if tried.policy != figures.version:
        tried.policy, tried.direct = figures.version, {}
    tried.direct = {id: at for id, at in versions.items() if tried.direct.get(id) == at}
    found = awaiting.orders(cursor, [id for id in versions if id not in tried.direct])
    tried.direct |= {each.id: each.version for each in found if mode.wanted(each, figures) == "direct"}
    return [each for each in found if each.id not in tried.direct]


def next_act(cursor: Cursor, node: Node, id: str, tried: Tried) -> Act | None:
    """What to do for an order as it stands now, None where there is nothing (more) to do."""
    order, figures, now = record.load(cursor, Order.kind, id), ask.policy(cursor), clock.now_ms()
    way = mode.wanted(order, figures) if isinstance(order, Order) else "direct"
    if not isinstance(order, Order) or way == "direct":
        return None
    row = cursor.one("SELECT seq FROM log_head WHERE log = ?", (order.region,))
    last = tried.orders.get(id)
    refused = last.refused if last is not None and last.version == order.version else 0
    tried.orders[id] = Try(order.version, row[0] if row else 0, now, refused)
    command = step(cursor, order, way, node)
    if command is None:
        return None
    act = clock.derived_id("autodispatch", order.id, str(order.version), str(refused))
    return Act(id=act, actor=SYSTEM, at=now, command=command, region=order.region)


def due(cursor: Cursor, order: Order, regions: dict[str, Region], now: int) -> bool:
    """Whether it is time for an order, by its region's clock."""
    if order.region not in regions:
        found = record.load(cursor, Region.kind, order.region)
        if not isinstance(found, Region):
            return False
        regions[order.region] = found
    return mode.is_due(order, regions[order.region].timezone, now)


def worth_it(cursor: Cursor, order: Order, last: Try | None, now: int) -> bool:
    """Whether to look for somebody (again): the order is another one now, or those are who could go."""
    if last is None or last.version != order.version or 0 < last.refused < REFUSED_MOST:
        return True
    if now - last.at < RETRY_MS:
        return False
    return now - last.at >= PATIENCE_MS or awaiting.plans_changed(cursor, order.region, last.seq)


def step(cursor: Cursor, order: Order, way: Mode, node: Node) -> Any:
    """The command that brings an order on, None where there is nothing (more) to say."""
    if way == "grab":
        told = reached(cursor, order, node)
        wished = next((each for each in told if each.technician == order.requested_technician), None)
        if wished is not None:
            return OfferOrder(order=order.id, technician=wished.technician, why=("preference",))
        if told:
            return PoolOrder(order=order.id, told=first_told(told))
        return left(order, way, "nobody_near")
    ranking = ask.ranking(cursor, order.id, [order.region], plans=node.plans, travels=node.travels)
    if way == "auto":
        chosen = sent(ranking, order)
        if chosen is not None:
            return AssignTechnician(
                order=order.id, technician=chosen.technician, start=chosen.start, why=why(chosen),
                helpers=chosen.helpers,
            )  # fmt: skip
        return left(order, way, "only_late" if ranking.eligible else "nobody_fit")
    online = {each.id for each in technicians(cursor, order.region) if each.status == "online"}
    asked = next(iter(in_line(ranking, order, online)), None)
    if asked is not None:
        return OfferOrder(order=order.id, technician=asked.technician, why=why(asked))
    return left(order, way, "nobody_left" if refusers(order) else "nobody_fit")


def left(order: Order, way: Mode, reason: str) -> LeaveToDesk | None:
    """It waits for a person, which is said once."""
    return None if mode.is_left(order) else LeaveToDesk(order=order.id, mode=way, reason=reason)
