"""What desks ask about notices: those of an order, and one of them once more."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app import clock, codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.order import Order
from dispatcher_app.server import link
from dispatcher_app.server.answer import answer
from dispatcher_app.server.auth import Seat
from dispatcher_app.server.body import body_of
from dispatcher_app.server.notices import word
from dispatcher_app.server.notices.stale import stale
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.store import notice as store
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.notice import Kept

log = logging.getLogger(__name__)


class Again(msgspec.Struct):
    """Send it once more; the id makes asking twice harmless."""

    id: str


async def notices(request: Request) -> Response:
    """GET /notices?order=: what was told of an order, to whom, and whether it came through."""
    seat = await seat_of(request)
    role.require(seat.actor, role.SEES_PEOPLE, PLATFORM)
    id, language = request.query_params.get("order", ""), node_of(request).means.language

    def work(cursor: Cursor) -> list[dict[str, Any]]:
        here(record.load(cursor, "order", id), seat, id)
        return [shown(each, word.masked(cursor, language, each)) for each in store.of_order(cursor, id)]

    return answer({"notices": await read(request, work)})


async def again(request: Request) -> Response:
    """POST /notices/{id}/again: a notice sent anew, under a key of its own."""
    seat = await seat_of(request)
    role.require(seat.actor, role.BOOKS, PLATFORM)
    asked = codec.decode(await body_of(request), Again)
    if not (8 <= len(asked.id) <= 64 and asked.id.isascii() and asked.id.isprintable()):
        raise Rejected("invalid", "id", detail="8 to 64 ASCII characters")
    node, now = node_of(request), clock.now_ms()
    made = await asyncio.wrap_future(
        node.executor.run(lambda cursor: anew(cursor, request.path_params["id"], asked.id, seat, now))
    )
    if isinstance(made, Rejected):
        raise made
    log.info("notice sent again", extra={"notice": made.id, "actor": seat.actor.name})
    said = await read(request, lambda cursor: word.masked(cursor, node.means.language, made))
    return answer({"notice": shown(made, said)})


def anew(cursor: Cursor, id: str, key: str, seat: Seat, now: int) -> Kept | Rejected:
    """The copy of a notice that is to be sent now, or why there is none; the writer's batch goes on either way."""
    try:
        former = store.one(cursor, id)
        if former is None:
            raise Rejected("not_found", "id", kind="notice", id=id)
        order = here(record.load(cursor, "order", former.order), seat, former.order)
        if former.corrects is None and stale(former, order):
            raise Rejected("notice_outdated", "id")
    except Rejected as rejected:
        return rejected
    made = replace(
        former, id=clock.derived_id("notice-again", former.id, key), state="queued", tries=0, next_at=now, at=now,
        sent_at=None, provider=None, detail=None,
    )  # fmt: skip
    store.add(cursor, [made])
    return store.one(cursor, made.id) or made


def here(order: object, seat: Seat, id: str) -> Order:
    """The order, if the person may see its region; raises Rejected."""
    if not isinstance(order, Order) or order.region not in seat.actor.regions:
        raise Rejected("not_found", "order", kind="order", id=id)
    return order


def shown(notice: Kept, said: str) -> dict[str, Any]:
    """A notice as desks list it."""
    return {
        "id": notice.id, "at": notice.at, "party": notice.party, "recipient": notice.recipient,
        "what": notice.what, "corrects": notice.corrects, "state": notice.state, "tries": notice.tries,
        "next_at": notice.next_at if notice.state == "queued" else None, "sent_at": notice.sent_at,
        "provider": notice.provider or "", "detail": notice.detail or "", "text": said,
    }  # fmt: skip


async def link_of(request: Request) -> Response:
    """GET /orders/{id}/link: where the customer follows the order, "" where customers reach no page; for papers.

    It only shows: the link that answers for the customer goes to his telephone and never through a desk.
    """
    seat = await seat_of(request)
    role.require(seat.actor, role.BOOKS, PLATFORM)
    id, node = request.path_params["id"], node_of(request)

    def work(cursor: Cursor) -> str:
        order = here(record.load(cursor, "order", id), seat, id)
        role.require(seat.actor, role.BOOKS, order.region)
        if not node.means.public:
            return ""
        policy = word.policy_of(cursor)
        # A receipt is kept until the device is fetched, a message only until the next one comes.
        days = max(policy.link_days, policy.unclaimed_days) if order.device else policy.link_days
        return f"{node.means.public}/t/{link.made(node.vault, order.id, clock.now_ms(), days, speaks=False)}"

    found = await read(request, work)
    if found:
        # What the page shows is the customer's: who fetched its link is kept like any look at a secret.
        seen = (clock.new_id(), clock.now_ms(), seat.actor.name, "order", id, "link", "paper")
        await asyncio.wrap_future(node.executor.run(lambda cursor: record.note_access(cursor, seen)))
    return answer({"link": found})


ROUTES = [
    Route("/orders/{id}/link", link_of),
    Route("/notices", notices),
    Route("/notices/{id}/again", again, methods=["POST"]),
]
