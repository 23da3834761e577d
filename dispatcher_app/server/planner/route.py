"""The questions about plans: begin a search, how far it is, enough."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app import clock, codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.region import Region
from dispatcher_app.server.answer import answer
from dispatcher_app.server.body import body_of
from dispatcher_app.server.planner import run as searching
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.store import record
from dispatcher_app.server.store import run as kept

AT_ONCE = 4
"""So many searches a node does side by side; they wait for each other's turn at the improver."""


async def begin(request: Request) -> Response:
    """POST /plan/runs: search a plan of a date, or ways to go on without a technician."""
    seat = await seat_of(request)
    asked = codec.decode(await body_of(request), searching.RunAsked)
    role.require(seat.actor, role.DISPATCHES, asked.region)
    node = node_of(request)
    region = await read(request, lambda cursor: record.load(cursor, "region", asked.region))
    if not isinstance(region, Region):
        raise Rejected("not_found", "region", kind="region", id=asked.region)
    running = request.app.state.searches
    if len(running) >= AT_ONCE:
        raise Rejected("searches_many", None, most=AT_ONCE)
    run = searching.begin(asked, seat.actor.name, region.timezone, clock.now_ms())
    search = searching.Search(node, request.app.state.keeping.better, run)
    await search.tell()  # whoever asks about it next, at whichever node, finds it
    task = asyncio.create_task(searching.search(search, dispatched=asked.dispatched))
    running.add(task)
    task.add_done_callback(running.discard)
    return answer({"run": run})


async def told(request: Request) -> Response:
    """GET /plan/runs/{id}: how far it is, and what was found."""
    seat = await seat_of(request)
    id = request.path_params["id"]
    return answer(
        {"run": await read(request, lambda cursor: searching.told(cursor, id, seat.actor, clock.now_ms()))}
    )


async def stop(request: Request) -> Response:
    """POST /plan/runs/{id}/stop: the best so far will do."""
    seat = await seat_of(request)
    id = request.path_params["id"]
    await read(request, lambda cursor: searching.told(cursor, id, seat.actor, clock.now_ms()))
    await asyncio.wrap_future(node_of(request).executor.run(lambda cursor: kept.stop(cursor, id)))
    return Response(status_code=204)


ROUTES = [
    Route("/plan/runs", begin, methods=["POST"]),
    Route("/plan/runs/{id}", told),
    Route("/plan/runs/{id}/stop", stop, methods=["POST"]),
]
