"""The HTTP face of a node: every command by one route, the stream, and the questions."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dispatcher_app import clock, codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import BY_NAME, SERVER_ONLY
from dispatcher_app.domain.customer import normal_phone
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.server import alarm, ask, autodispatch, job, mine, phone, setup
from dispatcher_app.server import drive as drive_route
from dispatcher_app.server import practice as practice_city
from dispatcher_app.server.answer import answer, away, failed, malformed, refusal_of, refused, says
from dispatcher_app.server.auth import Seat, TooManyTries, WrongLogin
from dispatcher_app.server.body import BODY_LIMIT, TooLarge, body_of
from dispatcher_app.server.caller import with_known_callers
from dispatcher_app.server.effect import effect
from dispatcher_app.server.files import clean, finish
from dispatcher_app.server.files import route as file_route
from dispatcher_app.server.node import Node
from dispatcher_app.server.notices import route as notice_route
from dispatcher_app.server.notices import work as telling
from dispatcher_app.server.pages import route as page_route
from dispatcher_app.server.planner import keep as planner
from dispatcher_app.server.planner import legs
from dispatcher_app.server.planner import route as plan_route
from dispatcher_app.server.position import EVERY_S, Fix
from dispatcher_app.server.request import NotLoggedIn, node_of, read, seat_of
from dispatcher_app.server.store import query
from dispatcher_app.server.store.database import Unavailable
from dispatcher_app.server.traffic import WATCH_S, Watch, learn, watch
from dispatcher_app.server.tries import order_with_code

IMPORT_LIMIT = 64 * 1024 * 1024
LIMITS: Final = {"publish-plan": 8 * 1024 * 1024}
"""Bytes of commands that may be long: a plan of twenty thousand moves."""
POSITIONS_LIMIT = 20_000
CODES_ON_PAPER = frozenset({"pickup_code"})
"""The codes that staff may see, to print them; those that stand for the customer's word are his alone."""


class Login(msgspec.Struct):
    """What somebody types to get in."""

    user: str
    password: str
    device: str = ""


class Reports(msgspec.Struct):
    """Positions, each (technician, lon, lat, accuracy in metres, UTC ms)."""

    positions: list[Fix]


class Many(msgspec.Struct):
    """Acts of one kind."""

    name: str
    acts: list[codec.Submitted]


class RevealAsked(msgspec.Struct):
    """Which secret somebody wants to see, and why."""

    kind: str
    id: str
    field: str
    reason: str


async def command(request: Request) -> Response:
    """POST /commands/{name}: one act."""
    name = request.path_params["name"]
    try:
        seat, body = await seat_of(request), await body_of(request, LIMITS.get(name, BODY_LIMIT))
    except NotLoggedIn:
        return await mine.command(request, name)
    if name not in BY_NAME:
        return answer({"error": "unknown_command", "command": name}, 404)
    act = act_of(seat, name, codec.decode(body, codec.Submitted))
    node = node_of(request)
    return answer(await node.tries.guarded(act, lambda: node.executor.submit_here(act)))


async def commands(request: Request) -> Response:
    """POST /commands: acts of one kind that are saved together, each with its own answer (imports)."""
    seat, body = await seat_of(request), await body_of(request, IMPORT_LIMIT)
    sent = codec.decode(body, Many)
    if sent.name not in BY_NAME:
        return answer({"error": "unknown_command", "command": sent.name}, 404)
    acts: list[Act] = []
    refused: dict[int, Rejected] = {}
    for row, each in enumerate(sent.acts):
        try:
            act = act_of(seat, sent.name, each)
            if order_with_code(act) is not None:
                # Codes are tried one by one, where wrong ones are counted.
                raise Rejected("code_tries", "code", tries=0)
            acts.append(act)
        except Rejected as rejected:
            refused[row] = rejected
    acts = await read(request, lambda cursor: with_known_callers(cursor, node_of(request).vault, acts))
    answers = await asyncio.wrap_future(node_of(request).executor.submit_all(acts))
    decided = iter(answers)
    results = (refused.get(row) or next(decided) for row in range(len(sent.acts)))
    return answer({"results": [
        refusal_of(each) if isinstance(each, Rejected) else {"seq": each.message.seq, "repeated": each.repeated}
        for each in results
    ]})  # fmt: skip


def act_of(seat: Seat, name: str, sent: codec.Submitted) -> Act:
    """The act that a desk has sent; raises Rejected naming the field that does not fit, or for what no desk sends."""
    if BY_NAME[name] in SERVER_ONLY:
        raise Rejected("not_allowed", None, action=name, needs=["system"])
    for field, id in (("id", sent.id), ("undoes", sent.undoes), ("batch", sent.batch)):
        if id is not None and not (8 <= len(id) <= 64 and id.isascii() and id.isprintable()):
            raise Rejected("invalid", field, detail="8 to 64 ASCII characters")
    return Act(
        id=sent.id,
        actor=seat.actor,
        at=sent.at,
        command=codec.command(name, sent.command),
        region=sent.region,
        undoes=sent.undoes,
        batch=sent.batch,
    )


async def log_in(request: Request) -> Response:
    """POST /login."""
    asked = codec.decode(await body_of(request), Login)
    if len(asked.user) > 200 or len(asked.password) > 1000:
        raise WrongLogin
    node = node_of(request)
    address = request.client.host if request.client else ""
    token, seat = await node.auth.log_in_apart(asked.user, asked.password, asked.device, address)
    return answer({"token": token, "expires_at": seat.expires_at, **about(node, seat)})


async def log_out(request: Request) -> Response:
    """POST /logout."""
    seat = await seat_of(request)
    node = node_of(request)
    await asyncio.to_thread(node.auth.log_out, seat)
    node.hub.log_out(seat.token_hash)
    return Response(status_code=204)


async def me(request: Request) -> Response:
    """GET /me."""
    # A desk asks because its roles have just changed or its token may be worth nothing: what is remembered won't do.
    return answer(about(node_of(request), await seat_of(request, now=True)))


def about(node: Node, seat: Seat) -> dict[str, Any]:
    """What a desk is told about itself and the server."""
    return {
        "staff": seat.staff,
        "logs": seat.logs,
        "time": clock.now_ms(),
        "protocol": codec.PROTOCOL,
        "log_id": node.hub.log_id,
    }


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
    if not role.holds(seat.actor, role.SEES_PEOPLE):
        page["changes"] = [each for each in page["changes"] if each["kind"] not in codec.PERSONAL]
    return answer({**page, "log_id": node_of(request).hub.log_id})


async def stream(request: Request) -> Response:
    """GET /stream?logs=a,b: server-sent events."""
    seat = await seat_of(request)
    logs = [log_asked(seat, each) for each in request.query_params.get("logs", "").split(",") if each]
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    people = role.holds(seat.actor, role.SEES_PEOPLE)
    events = node_of(request).hub.stream(logs, seat.token_hash, people=people)
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
    if kind not in codec.KINDS:
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
        return ask.ranking(cursor, order, regions, date, plans=node.day_plans, travels=node.travels)

    return answer(await read(request, work))


async def windows(request: Request) -> Response:
    """POST /windows: what can be promised."""
    seat = await seat_of(request)
    node, regions = node_of(request), list(seat.staff.regions)
    asked = codec.decode(await body_of(request), ask.WindowsAsked)

    def work(cursor: Any) -> Any:
        return ask.offered(cursor, asked, regions, plans=node.day_plans, travels=node.travels)

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
    role.require(seat.actor, role.BOOKS if asked.kind == "order" else role.REVEALS, found[0])
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


async def practice(request: Request) -> Response:
    """GET /practice: the accounts of the practice city; elsewhere there is no such page."""
    if not node_of(request).practice:
        return answer({"error": "not_found"}, 404)
    return answer({"accounts": practice_city.accounts()})


async def founding(request: Request) -> Response:
    """GET /setup: is this a new installation on its own computer? POST: make the company."""
    node = node_of(request)
    if node.local_token is None or node.practice:
        return answer({"error": "not_found"}, 404)
    if request.method == "POST":
        await asyncio.to_thread(setup.found, node, codec.decode(await body_of(request), setup.Founding))
    return answer({"needed": await asyncio.to_thread(setup.needed, node)})


def number(request: Request, name: str, default: int, low: int, high: int) -> int:
    """A whole number of the query; raises Rejected naming it."""
    text = request.query_params.get(name, str(default))
    if not (text.isdecimal() and len(text) <= 20) or not low <= int(text) <= high:
        raise Rejected("invalid", name, detail=f"{low} to {high}")
    return int(text)


ROUTES = [
    Route("/commands", commands, methods=["POST"]),
    Route("/commands/{name}", command, methods=["POST"]),
    Route("/login", log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
    Route("/me", me),
    Route("/changes", changes),
    Route("/stream", stream),
    Route("/positions", positions, methods=["GET", "POST"]),
    Route("/customers", customers),
    Route("/orders", orders),
    Route("/history/{kind}/{id}", history),
    Route("/rank", rank),
    Route("/mine/offers", mine.offers),
    Route("/windows", windows, methods=["POST"]),
    Route("/books/{id}/effect", effect),
    Route("/reveal", reveal, methods=["POST"]),
    Route("/livez", live),
    Route("/readyz", ready),
    Route("/version", version),
    Route("/practice", practice),
    Route("/setup", founding, methods=["GET", "POST"]),
    *drive_route.ROUTES,
    *notice_route.ROUTES,
    *file_route.ROUTES,
    *plan_route.ROUTES,
]


class LocalOnly:
    """On an embedded server only those who know the local token get further than the health pages."""

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.token is not None and scope["path"] != "/livez":
            given = dict(scope["headers"]).get(b"x-dispatcher-local", b"")
            if not hmac.compare_digest(given, self.token.encode()):
                await answer({"error": "not_local"}, 401)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def make_app(node: Node, backups: Path | None = None) -> Starlette:
    """The application of a node; its jobs run as long as it does."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await telling.begin(node)
        memory = Watch()
        tried = autodispatch.Tried()
        tasks = [
            asyncio.create_task(job.every(telling.EVERY_S, "notices", lambda: telling.tell(node))),
            asyncio.create_task(job.every(job.UPLOADS_S, "finish_uploads", lambda: finish.finish_all(node))),
            asyncio.create_task(job.every(job.HOUSEKEEPING_S, "clean_files", lambda: clean.clean(node))),
            asyncio.create_task(job.every(EVERY_S, "positions", node.positions.pass_on)),
            asyncio.create_task(job.every(job.SEATS_S, "seats", lambda: job.check_seats(node))),
            asyncio.create_task(job.every(alarm.EVERY_S, "alarms", lambda: alarm.ring(node))),
            asyncio.create_task(job.every(WATCH_S, "travel_sources", lambda: watch(node, memory))),
            asyncio.create_task(job.every(job.HOUSEKEEPING_S, "traffic", lambda: learn(node))),
            asyncio.create_task(
                job.every(autodispatch.EVERY_S, "dispatch", lambda: autodispatch.dispatch(node, tried))
            ),
            asyncio.create_task(
                job.every(job.HOUSEKEEPING_S, "keep_house", lambda: job.keep_house(node, backups))
            ),
        ]
        if node.practice:
            begun = clock.now_ms()
            answers = job.every(phone.EVERY_S, "phones", lambda: phone.answer(node, begun))
            tasks.append(asyncio.create_task(answers))
        keeping = app.state.keeping = planner.Keeping()
        app.state.searches = set[asyncio.Task[None]]()
        if node.plans:
            tasks += [
                asyncio.create_task(job.every(planner.EVERY_S, "plan", lambda: planner.keep(node, keeping))),
                asyncio.create_task(
                    job.every(planner.BETTER_EVERY_S, "better_plan", lambda: planner.better(node, keeping))
                ),
                asyncio.create_task(job.every(legs.EVERY_S, "legs", lambda: legs.refine(node, keeping))),
            ]
        yield
        for task in (*tasks, *app.state.searches):
            task.cancel()
        await asyncio.gather(*tasks, *app.state.searches, return_exceptions=True)
        await keeping.close()
        await node.means.provider.close()
        await node.archive.close()
        await asyncio.to_thread(node.close)

    app = Starlette(
        # Without an address that customers reach, there is nothing for them to open.
        routes=[*ROUTES, *(page_route.ROUTES if node.means.public else ())],
        middleware=[Middleware(LocalOnly, token=node.local_token)],
        exception_handlers={
            Rejected: refused,
            msgspec.DecodeError: malformed,
            NotLoggedIn: says(401, "not_logged_in"),
            WrongLogin: says(401, "wrong_login"),
            TooManyTries: says(429, "too_many_tries"),
            TooLarge: says(413, "too_large"),
            Unavailable: away,
            ClientDisconnect: says(400, "gone"),
            **file_route.HANDLERS,
            **page_route.HANDLERS,
            Exception: failed,
        },
        lifespan=lifespan,
    )
    app.state.node = node
    return app
