"""What the complaint desk asks: who is complained about often, who complains often, and where a technician was."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app import clock
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Actor
from dispatcher_app.domain.money.complaint import Complaint, Record, since, upheld
from dispatcher_app.domain.money.evidence import stays
from dispatcher_app.domain.order import Order
from dispatcher_app.server import ask
from dispatcher_app.server.answer import answer
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.store import complaint as store
from dispatcher_app.server.store import record as saved
from dispatcher_app.server.store import replay
from dispatcher_app.server.store.database import Cursor


async def record(request: Request) -> Response:
    """GET /complaints/{id}/record: how often of late; about whoever complains the complaint desk alone is told."""
    seat = await seat_of(request)
    id, logs = request.path_params["id"], seat.logs

    def work(cursor: Cursor) -> dict[str, Any]:
        found = ask.found(cursor, Complaint, id, logs)
        role.require(seat.actor, role.TAKES_COMPLAINTS, found.region)
        return told(cursor, found, seat.actor, clock.now_ms())

    return answer(await read(request, work))


def told(cursor: Cursor, complaint: Complaint, actor: Actor, now: int) -> dict[str, Any]:
    """The records of its technicians, and of its customer for whoever may know."""
    policy = ask.policy(cursor)
    of_late = [
        each
        for each in store.complaints_since(cursor, complaint.region, since(policy, now))
        if each.at >= since(policy, now)
    ]
    made: dict[str, Any] = {"technicians": [record_of(of_late, each) for each in complaint.technicians]}
    if role.holds(actor, role.HANDLES_COMPLAINTS):
        his = [each for each in of_late if each.customer == complaint.customer]
        made["customer"] = Record(
            of=complaint.customer, complaints=len(his), upheld=sum(bool(upheld(each)) for each in his)
        )
    return made


def record_of(of_late: list[Complaint], technician: str) -> Record:
    """How often it was about a technician."""
    made = Record(of=technician)
    for each in of_late:
        if technician in each.technicians:
            made = replace(
                made, complaints=made.complaints + 1, upheld=made.upheld + (technician in upheld(each))
            )
    return made


async def track(request: Request) -> Response:
    """GET /complaints/{id}/track: where its technicians were on the way to it and there; who asks is written down."""
    seat = await seat_of(request)
    id, logs = request.path_params["id"], seat.logs

    def work(cursor: Cursor) -> tuple[Complaint, list[Any]]:
        found = ask.found(cursor, Complaint, id, logs)
        role.require(seat.actor, role.HANDLES_COMPLAINTS, found.region)
        order = ask.found(cursor, Order, found.order, logs)
        return found, [
            row for who, begin, end in stays(order) for row in replay.tracks(cursor, (who,), begin, end)
        ]

    found, rows = await read(request, work)
    values = (
        clock.new_id(), clock.now_ms(), seat.actor.name, Order.kind, found.order, "track", f"complaint:{found.id}",
    )  # fmt: skip
    await asyncio.wrap_future(node_of(request).executor.run(lambda cursor: saved.note_access(cursor, values)))
    return answer({"track": rows})


ROUTES = [Route("/complaints/{id}/record", record), Route("/complaints/{id}/track", track)]
