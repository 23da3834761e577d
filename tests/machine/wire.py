"""The wire between desks and a real server: it loses, delays, cuts and reorders what goes over it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Cut(Exception):
    """The connection breaks here."""


@dataclass(eq=False)
class Line:
    """One desk's connection, and what is wrong with it."""

    up: bool = True
    lose: int = 0
    swallow: int = 0
    statuses: tuple[int, ...] = ()
    hold: bool = False
    hush: bool = False
    page_size: int = 0
    break_page: int = 0
    poison_next: bool = False
    poisoned: set[str] = field(default_factory=set)
    cuts: int = 0
    tear: bool = False
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def change(self, **now: Any) -> None:
        """Something about it is otherwise from now on; whoever waits on it looks again."""
        for name, value in now.items():
            setattr(self, name, value)
        former, self.moved = self.moved, asyncio.Event()
        former.set()

    def cut(self) -> None:
        """Everything that is under way breaks."""
        self.change(cuts=self.cuts + 1)

    def heal(self) -> None:
        """Nothing is wrong any more."""
        fresh = Line()
        kept = ("cuts", "moved")
        self.change(
            **{each.name: getattr(fresh, each.name) for each in fields(self) if each.name not in kept}
        )

    async def unless_cut(self, cuts: int, waits: Callable[[], bool]) -> None:
        """Wait as long as that holds; raises Cut."""
        while True:
            if self.cuts != cuts or not self.up:
                raise Cut
            if not waits():
                return
            await self.moved.wait()


@dataclass
class Wire:
    """Every desk's line by its token, and the server's faults that nobody ordered."""

    lines: dict[str, Line] = field(default_factory=dict)
    faults: list[BaseException] = field(default_factory=list)
    up: bool = True

    def around(self, app: ASGIApp) -> ASGIApp:
        """The server as it is seen over the wire."""

        async def carried(scope: Scope, receive: Receive, send: Send) -> None:
            line = self.lines.get(token_of(scope)) if scope["type"] == "http" else None
            if line is None:
                await app(scope, receive, send)
                return
            try:
                if not self.up:
                    await hang_up(send)
                await carry(line, app, scope, receive, send)
            except (Cut, ClientDisconnect):
                raise
            except Exception as fault:
                self.faults.append(fault)
                raise

        return carried


def token_of(scope: Scope) -> str:
    """Whose request it is."""
    given = dict(scope["headers"]).get(b"authorization", b"")
    return str(given.decode().removeprefix("Bearer "))


async def carry(line: Line, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """One request over the line as it is now."""
    path = scope["path"]
    if not line.up:
        await hang_up(send)
    elif path == "/stream":
        await carry_stream(line, app, scope, receive, send)
    elif path.startswith("/commands/"):
        await carry_command(line, app, scope, receive, send)
    else:
        if path == "/changes":
            await change_page(line, scope, send)
        await app(scope, receive, send)


async def hang_up(send: Send) -> None:
    """Break the connection: less is sent than was announced."""
    head = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]}
    await send(head)
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
    raise Cut


async def change_page(line: Line, scope: Scope, send: Send) -> None:
    """Smaller pages, and the end of the connection between two of them."""
    if line.page_size:
        scope["query_string"] = re.sub(rb"limit=\d+", b"limit=%d" % line.page_size, scope["query_string"])
    if line.break_page:
        line.break_page -= 1
        if not line.break_page:
            await hang_up(send)


async def carry_command(line: Line, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """An act and its answer, either of which may not arrive."""
    cuts, body, more = line.cuts, b"", True
    while more:
        part = await receive()
        if part["type"] == "http.disconnect":
            raise Cut
        body, more = body + part.get("body", b""), part.get("more_body", False)
    act = json.loads(body)["id"]
    if line.poison_next:
        line.poison_next = False
        line.poisoned.add(act)
    if line.lose:
        line.lose -= 1
        await hang_up(send)
    if act in line.poisoned:
        await say(send, 500)
        return
    if line.statuses:
        status, *rest = line.statuses
        line.statuses = tuple(rest)
        await say(send, status)
        return
    answer: list[Message] = []
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def heard() -> Message:
        return next(given, None) or await receive()

    async def kept(message: Message) -> None:
        answer.append(message)

    await app(scope, heard, kept)
    if line.swallow:
        line.swallow -= 1
        await hang_up(send)
    await line.unless_cut(cuts, lambda: line.hold)
    for message in answer:
        await send(message)


async def say(send: Send, status: int) -> None:
    """An answer that does not come from our server's own rules."""
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b'{"error": "unexpected"}'})


async def carry_stream(line: Line, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """The stream, which may fall silent, end between two messages or in the middle of one."""
    cuts = line.cuts

    async def told(message: Message) -> None:
        try:
            await line.unless_cut(cuts, lambda: line.hush)
        except Cut:
            # Whoever carries this ends it; the server must not take the cut for a fault of its own.
            await asyncio.Event().wait()
        if line.tear and message.get("body"):
            line.tear = False
            await send({**message, "body": message["body"][: len(message["body"]) // 2]})
            line.cut()
            await asyncio.Event().wait()
        await send(message)

    served = asyncio.ensure_future(app(scope, receive, told))
    broken = asyncio.ensure_future(line.unless_cut(cuts, lambda: True))
    try:
        await asyncio.wait({served, broken}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in (served, broken):
            each.cancel()
        ended = await asyncio.gather(served, broken, return_exceptions=True)
    for fault in ended:
        if isinstance(fault, Exception):
            raise fault
