"""What a technician's phone asks and says about orders he could have: his offers, the pool he was told of.

He sees what he needs to decide (what, where about, when, how far) and nobody's name, number or address; of other
technicians he learns nothing but in what the winner was ahead of him.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dispatcher_app import clock, codec
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.calendar import HOUR_MS, local_date, next_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import (
    BY_NAME,
    AcceptOrder,
    AppealCredit,
    DeclineOrder,
    GrabOrder,
    RequestHours,
    RequestLeave,
    SetTechnicianStatus,
    WithdrawRequest,
)  # fmt: skip
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.order import Line, Order
from dispatcher_app.domain.pool import told_of
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.rule.grabbing import lost, reachable, was_told
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.choose import away
from dispatcher_app.server import ask
from dispatcher_app.server.answer import answer, refusal_of
from dispatcher_app.server.body import body_of
from dispatcher_app.server.node import Node
from dispatcher_app.server.request import NotLoggedIn, node_of, read
from dispatcher_app.server.store import awaiting, record
from dispatcher_app.server.store.database import Cursor

HEARD = frozenset({
    GrabOrder, AcceptOrder, DeclineOrder, SetTechnicianStatus, RequestLeave, RequestHours, WithdrawRequest,
    AppealCredit,
})  # fmt: skip
"""What a phone may say today."""
ABOUT_OTHERS = frozenset({"changed_meanwhile", "wrong_status", "in_pool", "not_in_pool", "grab_running"})
"""Refusals that would tell how the order stands and who has it: for him it is just gone."""
RECENT_MS = HOUR_MS
"""So long he is told what became of an order that he was told of."""


async def technician_of(request: Request) -> Technician:
    """The technician who asks; raises NotLoggedIn."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NotLoggedIn
    found = await asyncio.to_thread(node_of(request).auth.technician, token)
    if found is None:
        raise NotLoggedIn
    return found


async def command(request: Request, name: str) -> Response:
    """POST /commands/{name} with a technician's token: one act of his own about what he may know of."""
    technician, body = await technician_of(request), await body_of(request)
    type_ = BY_NAME.get(name)
    if type_ is None:
        return answer({"error": "unknown_command", "command": name}, 404)
    if type_ not in HEARD:
        raise Rejected("not_allowed", None, action=name, needs=["staff"])
    sent = codec.decode(body, codec.Submitted)
    for field, id in (("id", sent.id), ("batch", sent.batch)):
        if id is not None and not (8 <= len(id) <= 64 and id.isascii() and id.isprintable()):
            raise Rejected("invalid", field, detail="8 to 64 ASCII characters")
    said = codec.command(name, sent.command)
    if said.technician != technician.id:
        raise Rejected("not_allowed", "technician", needs=["dispatcher", "supervisor"])
    if (order := getattr(said, "order", None)) is not None:
        await read(request, lambda cursor: known(cursor, technician, order))
    actor = Actor(kind="technician", id=technician.id, regions=frozenset({technician.region}))
    act = Act(id=sent.id, actor=actor, at=sent.at, command=said, region=technician.region)
    try:
        reply = await node_of(request).executor.submit_here(act)
    except Rejected as rejected:
        raise Rejected("order_gone") if rejected.code in ABOUT_OTHERS else rejected from None
    return answer({"seq": reply.message.seq, "repeated": reply.repeated})


def known(cursor: Cursor, technician: Technician, id: str) -> None:
    """Raises Rejected as if there were no such order, unless he has it, was asked or was told of it."""
    order = record.load(cursor, Order.kind, id)
    if (
        not isinstance(order, Order)
        or order.region != technician.region
        or not concerns(order, technician.id)
    ):
        raise Rejected("not_found", "order", kind="order", id=id)


def concerns(order: Order, technician: str) -> bool:
    """Whether a technician has ever been asked, told or given an order."""
    steps = (step for step in order.steps if step.params.get("technician") == technician)
    comes = technician in (order.technician, *order.helpers)
    return comes or was_told(order, technician) or any(steps)


async def offers(request: Request) -> Response:
    """GET /mine/offers: what he may take, where he comes along, what became of what he was told of in the last hour."""
    technician = await technician_of(request)
    node = node_of(request)
    return answer(await read(request, lambda cursor: shown(cursor, technician, clock.now_ms(), node)))


def shown(cursor: Cursor, technician: Technician, now: int, node: Node) -> dict[str, Any]:
    """His offers, the pool and what is gone, the soonest first."""
    asked, pool = [], []
    for order in awaiting.offered_now(cursor, technician.region):
        if not reachable(technician, needs(cursor, order), now) and not own_offer(order, technician.id):
            continue
        if order.pool is not None and (told := told_of(order, technician.id)) is not None:
            mine = any(each.technician == technician.id for each in order.pool.grabs)
            ends = order.pool.decides_at or order.pool.closes_at
            pool.append({
                **about(cursor, order), "distance_m": told.distance_m, "start": told.start, "until": ends,
                "wanted": mine, "decides_at": order.pool.decides_at,
            })  # fmt: skip
        elif order.offer is not None and own_offer(order, technician.id):
            asked.append({
                **about(cursor, order), **reach(cursor, order, technician, now, node), "until": order.offer.expires_at,
            })  # fmt: skip
    gone = [
        {**about(cursor, order), **ended(order, technician.id)}
        for order in awaiting.moved_since(cursor, technician.region, now - RECENT_MS)
        if was_told(order, technician.id)
    ]
    helping = list(helps(cursor, technician, now))
    return {"time": now, "offers": by_end(asked), "pool": by_end(pool), "gone": gone, "helping": helping}


def helps(cursor: Cursor, technician: Technician, now: int) -> Iterator[dict[str, Any]]:
    """The visits that he comes along to, the soonest first: when, and with whom; only that one acts."""
    region = record.load(cursor, Region.kind, technician.region)
    today = local_date(now, region.timezone if isinstance(region, Region) else "UTC")
    for ahead in range(ask.policy(cursor).horizon_days + 1):
        day = record.load(cursor, Day.kind, day_id(technician.id, next_date(today, ahead)))
        for stop in day.stops if isinstance(day, Day) else ():
            if technician.id not in stop.helpers or stop.state not in ("confirmed", "locked"):
                continue
            order, lead = record.load(cursor, Order.kind, stop.order), stop.together[0]
            known = record.load(cursor, Technician.kind, lead)
            if isinstance(order, Order):
                who = known.name if isinstance(known, Technician) else lead
                yield {**about(cursor, order), "start": stop.start, "end": stop.end, "lead": who}


def own_offer(order: Order, technician: str) -> bool:
    """Whether he is asked whether he takes it."""
    return order.pool is None and order.offer is not None and order.offer.technician == technician


def by_end(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What runs out first comes first."""
    return sorted(found, key=lambda each: (each["until"], each["number"]))


def needs(cursor: Cursor, order: Order) -> Any:
    """What an order asks of whoever goes."""
    return ask.need(cursor, order, {line.item: item(cursor, line.item) for line in order.lines})


def item(cursor: Cursor, id: str) -> Item:
    """A catalogue item."""
    found = record.load(cursor, Item.kind, id)
    assert isinstance(found, Item)
    return found


def reach(cursor: Cursor, order: Order, technician: Technician, now: int, node: Node) -> dict[str, Any]:
    """How far he is, and when he could start (None where his plan has no place for it any more)."""
    seen = ask.positions(cursor, order.region).get(technician.id)
    ranking = ask.ranking(cursor, order.id, [order.region], plans=node.plans, travels=node.travels)
    start = next((each.start for each in ranking.eligible if each.technician == technician.id), None)
    return {"distance_m": away(technician.home, seen, order.point, now), "start": start}


def about(cursor: Cursor, order: Order) -> dict[str, Any]:
    """What anybody may know who is to decide whether he goes."""
    region, window = record.load(cursor, Region.kind, order.region), order.window
    districts = {each.id: each for each in region.districts} if isinstance(region, Region) else {}
    district = districts.get(order.district)
    return {
        "order": order.id,
        "number": order.number,
        "urgency": order.urgency,
        "lines": [line_of(cursor, line) for line in order.lines],
        "minutes": order.minutes_left,
        "district": district.name if district else order.district,
        "district_en": district.name_en if district else "",
        "window": None if window is None else {"start": window.start, "end": window.end},
    }


def line_of(cursor: Cursor, line: Line) -> dict[str, Any]:
    """One thing to repair, in both languages."""
    found = item(cursor, line.item)
    fault = found.fault(line.fault) if line.fault else None
    return {
        "item": found.name, "item_en": found.name_en, "brand": line.brand, "model": line.model,
        "fault": fault.name if fault else "", "fault_en": fault.name_en if fault else "", "quantity": line.quantity,
    }  # fmt: skip


def ended(order: Order, technician: str) -> dict[str, Any]:
    """What became of an order of the pool for one who was told of it."""
    if order.technician == technician:
        return {"won": True}
    return {"won": False, "why": refusal_of(lost(order, technician))}
