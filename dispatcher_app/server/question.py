"""The questions of a desk: what has changed, who called, who could go, and whether we are well."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from dispatcher_app import clock, codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.customer import normal_phone
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.server import ask
from dispatcher_app.server.answer import answer
from dispatcher_app.server.auth import Seat
from dispatcher_app.server.body import TooLarge, body_of
from dispatcher_app.server.effect import effect
from dispatcher_app.server.position import Fix
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.sight import hidden_from
from dispatcher_app.server.store import query
from dispatcher_app.server.store.database import Unavailable

POSITIONS_LIMIT = 20_000
CODES_ON_PAPER = frozenset({"pickup_code"})
"""The codes that staff may see, to print them; those that stand for the customer's word are his alone."""

REVEALED_TO = {"order": role.BOOKS, "account": role.SETTLES, "invoice": role.ISSUES_INVOICES}
"""Who is shown the secrets of a kind; those of every other one are for whoever talks with customers."""


class Reports(msgspec.Struct):
    """Positions, each (technician, lon, lat, accuracy in metres, UTC ms)."""

    positions: list[Fix]


class RevealAsked(msgspec.Struct):
    """Which secret somebody wants to see, and why."""

    kind: str
    id: str
    field: str
    reason: str


def log_asked(seat: Seat, log: str) -> str:
    """A log that the person may follow; raises Rejected else."""
    if log not in seat.logs:
        raise Rejected("other_region", "log", region=log)
    return log


async def changes(request: Request) -> Response:
    """GET /changes?log=&after=&limit=&first=1: on every page of a first start `first` leaves out what is long over."""
    seat = await seat_of(request)
    name = log_asked(seat, request.query_params.get("log", ""))
    after = number(request, "after", 0, 0, 1 << 60)
    limit = number(request, "limit", query.PAGE, 1, 10_000)
    oldest = clock.now_ms() - query.WORKING_SET_DAYS * DAY_MS
    first = after == 0 or request.query_params.get("first") == "1"
    page = await read(
        request, lambda cursor: query.changes(cursor, name, after, limit, oldest if first else None)
    )
    hidden = hidden_from(seat.actor)
    page["changes"] = [each for each in page["changes"] if each["kind"] not in hidden]
    return answer({**page, "log_id": node_of(request).hub.log_id})


async def stream(request: Request) -> Response:
    """GET /stream?logs=a,b: server-sent events."""
    seat = await seat_of(request)
    logs = [log_asked(seat, each) for each in request.query_params.get("logs", "").split(",") if each]
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    events = node_of(request).hub.stream(logs, seat.token_hash, hidden=hidden_from(seat.actor))
    return StreamingResponse(events, headers=headers, media_type="text/event-stream")


async def positions(request: Request) -> Response:
    """GET /positions: the newest of every technician; POST /positions: reports."""
    seat = await seat_of(request)
    if request.method == "GET":
        return answer(
            {"positions": await read(request, lambda cursor: query.positions(cursor, seat.staff.regions))}
        )
    role.require(seat.actor, role.KEEPS_TECHNICIANS, PLATFORM)
    reports = codec.decode(await body_of(request, POSITIONS_LIMIT * 100), Reports)
    if len(reports.positions) > POSITIONS_LIMIT:
        raise TooLarge
    node_of(request).positions.report(reports.positions, seat.actor.regions)
    return Response(status_code=204)


async def customers(request: Request) -> Response:
    """GET /customers?phone=: who calls."""
    seat = await seat_of(request)
    role.require(seat.actor, role.REVEALS, PLATFORM)
    blind = node_of(request).vault.blind(
        "customer", "phone", normal_phone(request.query_params.get("phone", ""))
    )
    return answer(await read(request, lambda cursor: query.callers(cursor, blind, seat.staff.regions)))


async def orders(request: Request) -> Response:
    """GET /orders?text=: beyond what the desk holds."""
    seat = await seat_of(request)
    role.require(seat.actor, role.SEES_PEOPLE, PLATFORM)
    text = request.query_params.get("text", "").strip()[:100]
    limit = number(request, "limit", 50, 1, 500)
    before = number(request, "before", 1 << 60, 0, 1 << 60)

    def work(cursor: Any) -> dict[str, Any]:
        found = query.search_orders(cursor, text, seat.staff.regions, before, limit) if text else []
        return {"rows": found, "orders": query.bodies(cursor, "order", [row.id for row in found])}

    return answer(await read(request, work))


async def history(request: Request) -> Response:
    """GET /history/{kind}/{id}: who did what."""
    seat = await seat_of(request)
    kind, id = request.path_params["kind"], request.path_params["id"]
    if kind not in codec.KINDS or kind in hidden_from(seat.actor):
        raise Rejected("not_found", "kind", kind=kind, id=id)

    def work(cursor: Any) -> list[dict[str, Any]]:
        ask.found(cursor, codec.KINDS[kind], id, seat.logs)
        return query.history(cursor, kind, id)

    return answer({"entries": await read(request, work)})


async def rank(request: Request) -> Response:
    """GET /rank?order=&date=: every technician for an order."""
    seat, node = await seat_of(request), node_of(request)
    order, date = request.query_params.get("order", ""), request.query_params.get("date") or None
    regions = list(seat.staff.regions)

    def work(cursor: Any) -> Any:
        return ask.ranking(cursor, order, regions, date, plans=node.plans, travels=node.travels)

    return answer(await read(request, work))


async def windows(request: Request) -> Response:
    """POST /windows: what can be promised."""
    seat = await seat_of(request)
    node, regions = node_of(request), list(seat.staff.regions)
    asked = codec.decode(await body_of(request), ask.WindowsAsked)

    def work(cursor: Any) -> Any:
        return ask.offered(cursor, asked, regions, plans=node.plans, travels=node.travels)

    return answer(await read(request, work))


async def reveal(request: Request) -> Response:
    """POST /reveal: a secret value, for a reason that is kept."""
    seat = await seat_of(request)
    asked = codec.decode(await body_of(request), RevealAsked)
    node = node_of(request)
    if len(asked.reason.strip()) < 2:
        raise Rejected("required", "reason")
    found = await read(request, lambda cursor: query.secret(cursor, asked.kind, asked.id, asked.field))
    if found is None:
        raise Rejected("not_found", "id", kind=asked.kind, id=asked.id)
    if asked.kind == "order" and asked.field not in CODES_ON_PAPER:
        raise Rejected("not_found", "field", kind=asked.field, id=asked.id)
    role.require(seat.actor, REVEALED_TO.get(asked.kind, role.REVEALS), found[0])
    values = (
        clock.new_id(), clock.now_ms(), seat.actor.name, asked.kind, asked.id, asked.field, asked.reason.strip()[:200],
    )  # fmt: skip
    await asyncio.wrap_future(
        node.executor.run(
            lambda cursor: cursor.run(
                "INSERT INTO access (id, at, actor, kind, entity, field, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
        )
    )
    return answer({"value": node.vault.open(asked.kind, asked.id, asked.field, found[1])})


async def live(request: Request) -> Response:
    """GET /livez: the loop turns."""
    return answer({"live": True})


async def ready(request: Request) -> Response:
    """GET /readyz: the database takes writes."""
    node = node_of(request)
    try:
        await asyncio.wait_for(
            asyncio.wrap_future(node.executor.run(lambda cursor: cursor.one("SELECT 1"))), 5
        )
    except (Unavailable, TimeoutError) as error:
        return answer({"ready": False, "error": str(error)}, 503)
    return answer({"ready": True, "time": clock.now_ms()})


async def version(request: Request) -> Response:
    """GET /version: protocol and body schemas."""
    return answer({"protocol": codec.PROTOCOL, "schemas": codec.SCHEMAS})


def number(request: Request, name: str, default: int, low: int, high: int) -> int:
    """A whole number of the query; raises Rejected naming it."""
    text = request.query_params.get(name, str(default))
    if not (text.isdecimal() and len(text) <= 20) or not low <= int(text) <= high:
        raise Rejected("invalid", name, detail=f"{low} to {high}")
    return int(text)


ROUTES = [
    Route("/changes", changes),
    Route("/stream", stream),
    Route("/positions", positions, methods=["GET", "POST"]),
    Route("/customers", customers),
    Route("/orders", orders),
    Route("/history/{kind}/{id}", history),
    Route("/rank", rank),
    Route("/windows", windows, methods=["POST"]),
    Route("/books/{id}/effect", effect),
    Route("/reveal", reveal, methods=["POST"]),
    Route("/livez", live),
    Route("/readyz", ready),
    Route("/version", version),
]
