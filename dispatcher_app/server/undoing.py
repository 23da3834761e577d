"""What has been done, whether it can still be taken back and, if not, why."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app import clock, codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.decide import decide
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.server.answer import answer, refusal_of
from dispatcher_app.server.question import number
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.reversal import may_take_back
from dispatcher_app.server.store import done as store
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.vault import Vault
from dispatcher_app.server.world import Transaction

LIMIT = 200
NAMED = 20
"""So many orders of a bulk act are named; of the others only their number is told."""


async def undoable(request: Request) -> Response:
    """GET /undoable?whose=mine|all&order=&since=&limit=: what was done, the newest first."""
    seat = await seat_of(request)
    role.require(seat.actor, role.SEES_PEOPLE, PLATFORM)
    limit, since = number(request, "limit", 50, 1, LIMIT), number(request, "since", 0, 0, 1 << 60)
    order, vault = request.query_params.get("order", ""), node_of(request).vault
    actor = "" if order or request.query_params.get("whose") == "all" else seat.actor.name

    def work(cursor: Cursor) -> list[dict[str, Any]]:
        found = store.done(cursor, seat.logs, limit, actor=actor, order=order, since=since)
        return [told(cursor, vault, seat.actor, each) for each in found]

    return answer({"acts": await read(request, work)})


def told(cursor: Cursor, vault: Vault, actor: Actor, done: store.Done) -> dict[str, Any]:
    """An act as a desk is told of it; `undo` takes back what was said of it last, be it done or taken back."""
    first, last = done.first, done.last
    refusal = why_not(cursor, vault, actor, last)
    return {
        "act": first.id,
        "region": first.log,
        "at": first.at,
        "actor": first.actor,
        "command": first.command,
        "batch": first.batch,
        "orders": done.orders[:NAMED],
        "several": len(done.orders),
        "names": first.undo,
        "last": last.id,
        "chain": [first.id, *(each.id for each in done.since)],
        "undone": len(done.since) % 2 == 1,
        "last_by": last.actor if done.since else None,
        "last_at": last.at if done.since else None,
        "undo": last.undo,
        "refusal": None if refusal is None else refusal_of(refusal),
    }


def why_not(cursor: Cursor, vault: Vault, actor: Actor, last: store.Row) -> Rejected | None:
    """Why an act can't be taken back now by that person, None where it can: decided as if it were done, not done."""
    if last.undo is None:
        return Rejected("no_undo")
    world = Transaction(cursor, {}, record.heads(cursor, [last.log]), vault)
    try:
        may_take_back(actor, last.actor)
        act = Act(
            id=clock.new_id(), actor=actor, at=clock.now_ms(), region=last.log, undoes=last.id, batch=last.batch,
            command=codec.command(last.undo.name, last.undo.body),
        )  # fmt: skip
        decide(world, act, clock.now_ms())
    except Rejected as rejected:
        return rejected
    except KeyError:
        return Rejected("no_undo")  # a command of former days
    return None


ROUTES = [Route("/undoable", undoable)]
