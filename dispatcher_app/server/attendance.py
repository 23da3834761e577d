"""The routes of presence: what a desk says of itself, who else is there, who works on which order."""

from __future__ import annotations

import asyncio
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app import codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.server.answer import answer
from dispatcher_app.server.body import body_of
from dispatcher_app.server.presence import Claimed, Said, row_of
from dispatcher_app.server.request import node_of, seat_of


async def presence(request: Request) -> Response:
    """GET /presence: who is at which desk; POST /presence: what a desk says of itself."""
    seat, node = await seat_of(request), node_of(request)
    if request.method == "POST":
        said = codec.decode(await body_of(request), Said)
        if said.left:
            node.presences.leave(said.desk, seat.staff.id)
        else:
            node.presences.report(row_of(said, seat.staff.id, seat.staff.regions))
        return Response(status_code=204)
    return answer(node.presences.told(frozenset(seat.staff.regions)))


async def claim(request: Request) -> Response:
    """POST /claims: take an order in hand, or lay it down; tells who has it in hand afterwards."""
    seat, node = await seat_of(request), node_of(request)
    role.require(seat.actor, role.SEES_PEOPLE, PLATFORM)
    asked = codec.decode(await body_of(request), Claimed)
    row = row_of(asked.said, seat.staff.id, seat.staff.regions)
    if not asked.order or len(asked.order) > 400 or not asked.order.isprintable():
        raise Rejected("invalid", "order", detail="1 to 400 printable characters")
    work = partial(node.presences.claim, actor=seat.actor, row=row, asked=asked)
    held = await asyncio.wrap_future(node.executor.run(work))
    return answer({"claim": None if held is None else [*held, ""]})


ROUTES = [Route("/presence", presence, methods=["GET", "POST"]), Route("/claims", claim, methods=["POST"])]
