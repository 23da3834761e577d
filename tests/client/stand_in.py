"""A server that speaks the protocol and misbehaves on demand: late, faulty, cut off after the work is done …"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from dispatcher_app import codec
from dispatcher_app.clock import new_id, now_ms
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.command import BY_NAME, PLATFORM_COMMANDS, name_of
from dispatcher_app.domain.decide import decide
from dispatcher_app.domain.entity import PLATFORM, Entity
from dispatcher_app.domain.region import Staff
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade

Fault = Callable[[str, codec.Submitted], int | str | None]
"""For a command: a status to answer with, "cut" (do it and hang up), "lose" (hang up before), None to behave."""


@dataclass
class StandIn:
    """The company on one server; what went over the wire is kept for looking at."""

    world: Rehearsal = field(default_factory=trade.company)
    log_id: str = field(default_factory=new_id)
    protocol: int = codec.PROTOCOL
    skew_ms: int = 0
    port: int = 0
    heads: dict[str, int] = field(default_factory=dict)
    seqs: dict[tuple[str, str], int] = field(default_factory=dict)
    done: dict[str, tuple[str, str, codec.Message, codec.Named | None]] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)
    staff: dict[str, Staff] = field(default_factory=dict)
    streams: set[asyncio.Queue[bytes | None]] = field(default_factory=set)
    fault: Fault | None = None
    silent: bool = False
    pages: int = 0
    break_page: int = 0
    page_size: int = 2000

    def __post_init__(self) -> None:
        for entity in list(self.world.entities.values()):
            self._number(entity, self._next(entity.region))

    def _next(self, log: str) -> int:
        self.heads[log] = self.heads.get(log, 0) + 1
        return self.heads[log]

    def _number(self, entity: Entity, seq: int) -> None:
        self.seqs[entity.kind, entity.id] = seq

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token_of(self, staff: Staff) -> str:
        """Log a person in."""
        token = f"token-of-{staff.id}-{new_id()}"
        self.staff[token] = staff
        return token

    def time(self) -> int:
        return now_ms() + self.skew_ms

    def do(self, actor: Actor, command: Any, act: str | None = None, at: int | None = None) -> codec.Reply:
        """An act by whomever; raises Rejected."""
        log = PLATFORM if type(command) in PLATFORM_COMMANDS else self.world.region
        id = act or new_id()
        named = codec.named(command)
        if id in self.done:
            who, body, message, undo = self.done[id]
            if (who, body) != (actor.name, str(bytes(named.body))):
                raise Rejected("act_id_reused")
            current = [self._change(self.world.entities[each.kind, each.id]) for each in message.changes]
            return codec.Reply(msgspec.structs.replace(message, changes=current), undo, repeated=True)
        at = self.time() if at is None else at
        change = decide(self.world, Act(id=id, actor=actor, at=at, command=command, region=log), self.time())
        seq, changes = self._next(log), []
        for each in change.after:
            made = replace(each, version=each.version + 1)  # type: ignore[type-var]
            self.world.entities[made.kind, made.id] = made
            self._number(made, seq)
            changes.append(self._change(made))
        message = codec.Message(
            log=log, seq=seq, at=at, actor=actor.name, act=id, command=name_of(command), changes=changes
        )
        undo = codec.named(change.undo) if change.undo is not None else None
        self.done[id] = actor.name, str(bytes(named.body)), message, undo
        if not self.silent:
            self.tell("message", codec.encode(message))
        return codec.Reply(message, undo)

    def _change(self, entity: Entity) -> codec.ChangeMessage:
        return codec.ChangeMessage(entity.kind, entity.id, entity.version, msgspec.Raw(codec.encode(entity)))

    def hello(self) -> bytes:
        return codec.encode(
            {"heads": self.heads, "log_id": self.log_id, "time": self.time(), "protocol": self.protocol}
        )

    def tell(self, event: str, data: bytes) -> None:
        """An event for every desk."""
        for stream in self.streams:
            stream.put_nowait(b"event: " + event.encode() + b"\ndata: " + data + b"\n\n")

    def hang_up(self) -> None:
        """End every stream."""
        for stream in self.streams:
            stream.put_nowait(None)

    # the routes

    def _seat(self, request: Request) -> Staff | None:
        return self.staff.get(request.headers.get("authorization", "").removeprefix("Bearer "))

    async def me(self, request: Request) -> Response:
        staff = self._seat(request)
        if staff is None:
            return said({"error": "not_logged_in"}, 401)
        return said({
            "staff": staff, "time": self.time(), "protocol": self.protocol, "log_id": self.log_id,
            "logs": [PLATFORM, *staff.regions],
        })  # fmt: skip

    async def command(self, request: Request) -> Response:
        staff, name = self._seat(request), request.path_params["name"]
        if staff is None:
            return said({"error": "not_logged_in"}, 401)
        if name not in BY_NAME:
            return said({"error": "unknown_command"}, 404)
        sent = codec.decode(await request.body(), codec.Submitted)
        self.received.append(sent.id)
        fault = self.fault(name, sent) if self.fault is not None else None
        if isinstance(fault, int):
            return said({"error": "unexpected", "id": "f1"}, fault)
        if fault == "lose":
            raise Gone
        actor = Actor(
            kind="staff", id=staff.id, roles=frozenset(staff.roles), regions=frozenset(staff.regions)
        )
        try:
            reply = self.do(actor, codec.command(name, sent.command), sent.id, min(sent.at, self.time()))
        except Rejected as rejected:
            return said(codec.Refusal(rejected.code, rejected.field, rejected.params, rejected.code), 409)
        if fault == "cut":
            raise Gone
        return said(reply)

    async def changes(self, request: Request) -> Response:
        if self._seat(request) is None:
            return said({"error": "not_logged_in"}, 401)
        self.pages += 1
        if self.pages == self.break_page:
            raise Gone
        log, after = request.query_params["log"], int(request.query_params["after"])
        found = sorted(
            (seq, each) for (seq, each) in
            ((self.seqs[key], key) for key, entity in self.world.entities.items() if entity.region == log)
            if seq > after
        )  # fmt: skip
        more = len(found) > self.page_size
        last = found[self.page_size - 1][0] if more else self.heads.get(log, 0)
        rows = []
        for seq, key in found:
            if seq <= last:
                change = self._change(self.world.entities[key])
                rows.append({
                    "kind": change.kind, "id": change.id, "version": change.version, "seq": seq, "body": change.body,
                })  # fmt: skip
        page = {"log": log, "log_id": self.log_id, "head": self.heads.get(log, 0), "upto": last, "more": more}
        return said({**page, "changes": rows})

    async def stream(self, request: Request) -> Response:
        if self._seat(request) is None:
            return said({"error": "not_logged_in"}, 401)
        events: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.streams.add(events)

        async def body() -> AsyncIterator[bytes]:
            try:
                yield b"event: hello\ndata: " + self.hello() + b"\n\n"
                while (event := await events.get()) is not None:
                    yield event
            finally:
                self.streams.discard(events)

        return StreamingResponse(body(), media_type="text/event-stream")

    async def positions(self, request: Request) -> Response:
        return said({"positions": []})

    async def log_out(self, request: Request) -> Response:
        self.staff.pop(request.headers.get("authorization", "").removeprefix("Bearer "), None)
        return Response(status_code=204)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[StandIn]:
        """Serve on a real port, the same one every time."""
        app = Starlette(
            routes=[
                Route("/me", self.me), Route("/changes", self.changes), Route("/stream", self.stream),
                Route("/positions", self.positions), Route("/logout", self.log_out, methods=["POST"]),
                Route("/commands/{name}", self.command, methods=["POST"]),
            ],
            exception_handlers={Gone: gone},
        )  # fmt: skip
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        server = Quiet(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield self
        finally:
            self.hang_up()
            server.should_exit = True
            await serving
            listener.close()


class Gone(Exception):
    """The connection breaks."""


class Quiet(uvicorn.Server):
    """A server that leaves signals to the tests."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


async def gone(request: Request, error: Exception) -> Response:
    """Break the connection: less is sent than was announced."""

    async def nothing() -> AsyncIterator[bytes]:
        yield b"{"
        raise Broken

    return StreamingResponse(nothing(), headers={"content-length": "1000"}, media_type="application/json")


class Broken(OSError):
    """What uvicorn sees when we break a connection on purpose."""


def said(value: Any, status: int = 200) -> Response:
    return Response(codec.encode(value), status, media_type="application/json")
