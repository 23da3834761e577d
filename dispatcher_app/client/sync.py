"""Keeping the replica equal to the server: the stream first, then the pages it missed; one path for every case."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from dispatcher_app import codec
from dispatcher_app.client.api import Api, Heads, Me, NotLoggedIn, Offline, Place, Positions, trust_of
from dispatcher_app.client.deskclock import DeskClock
from dispatcher_app.client.outbox.send import delays
from dispatcher_app.client.replica.writer import Interrupted, News, Writer
from dispatcher_app.client.state import LinkState, Position
from dispatcher_app.client.worker import Worker
from dispatcher_app.clock import ticks_ms
from dispatcher_app.domain.entity import PLATFORM

MOMENT_S = 0.5
"""A message that is behind its heartbeat longer than this is fetched instead."""
STALE_S = 60.0
"""How often a desk asks a server that speaks a newer protocol whether that is still so."""
INBOX_LIMIT = 20_000

Locate = Callable[[], Awaitable[Place]]
"""Where the server is now; raises Offline where there is none."""


class Outdated(Exception):
    """The server speaks a newer protocol than this desk."""


class Anew(Exception):
    """The server follows another log, or we may see other things: begin again."""


class Host(Protocol):
    """Whoever shows what the sync finds."""

    def on_state(self, state: LinkState, reason: str) -> None: ...
    def on_connection(self, api: Api | None) -> None: ...
    def on_news(self, news: News) -> None: ...
    def on_positions(self, positions: Mapping[str, Position]) -> None: ...
    def on_presence(self, data: bytes) -> None: ...
    async def on_me(self, me: Me) -> None: ...
    async def on_fault(self, error: Exception) -> str: ...


@dataclass(slots=True)
class Inbox:
    """What the stream has brought and nobody has taken yet."""

    messages: list[bytes] = field(default_factory=list)
    heads: Heads | None = None
    restart: bool = False
    filled: asyncio.Event = field(default_factory=asyncio.Event)


class Sync:
    """One connection after the other, for as long as the desk runs."""

    def __init__(
        self, host: Host, locate: Locate, token: str | None, worker: Worker, writer: Writer, clock: DeskClock
    ) -> None:
        self._host, self._locate, self._token = host, locate, token
        self._worker, self._writer, self._clock = worker, writer, clock
        self._cursors: dict[str, int] = {}
        self._filled, self._log_id = False, ""
        self._again = asyncio.Event()
        self._was_online = False
        self._connection: asyncio.Task[None] | None = None

    def renew(self, token: str | None) -> None:
        """Go on with this token."""
        self._token = token
        self.hurry()

    def hurry(self) -> None:
        """Try now instead of after the pause."""
        self._again.set()

    def restart(self) -> None:
        """Hang up and connect again."""
        if self._connection is not None:
            self._connection.cancel()
        self.hurry()

    async def run(self) -> None:
        """Connect for ever."""
        waits = delays()
        while True:
            pause: float | None = None
            self._connection = asyncio.create_task(self._connect(), name="connection")
            try:
                await asyncio.wait({self._connection})
            finally:
                self._connection.cancel()
                await asyncio.gather(self._connection, return_exceptions=True)
                self._host.on_connection(None)
            error = None if self._connection.cancelled() else self._connection.exception()
            match error:
                case None:
                    pause = 0.0
                case Anew():
                    self._host.on_state("connecting", "")
                    pause = next(waits)
                case NotLoggedIn():
                    self._token = None
                    self._host.on_state("logged_out", "not_logged_in")
                case Outdated():
                    self._host.on_state("outdated", "protocol")
                    pause = STALE_S
                case Offline():
                    if self._was_online:
                        waits = delays()
                    self._host.on_state("offline", error.reason)
                    pause = next(waits)
                case msgspec.DecodeError():
                    # Whatever it is that we can't read, it may be mended over there.
                    self._host.on_state("offline", "answer_unreadable")
                    pause = STALE_S
                case Interrupted():
                    pause = next(waits)
                case Exception() if isinstance(error, self._writer.faults):
                    self._host.on_state("offline", await self._host.on_fault(error))
                    pause = next(waits)
                case _:
                    raise error
            await self._rest(pause)

    async def _rest(self, seconds: float | None) -> None:
        """Wait that long, or until somebody wants it now."""
        self._again.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._again.wait()

    async def _connect(self) -> None:
        """One connection, until it breaks."""
        self._was_online = False
        if self._token is None:
            raise NotLoggedIn
        place = await self._locate()
        api = Api(place, self._token, await trust_of(place.url))
        try:
            asked = ticks_ms()
            me = await api.me()
            self._checked(me.protocol)
            self._clock.hear(me.time, asked)
            await self._host.on_me(me)
            await self._look()
            logs = me.logs or [PLATFORM, *me.staff.regions]
            async with api.stream(logs) as events:
                inbox = Inbox()
                reading = asyncio.create_task(self._read(events, inbox), name="stream")
                reading.add_done_callback(lambda _: inbox.filled.set())
                try:
                    await self._follow(api, logs, inbox, reading)
                finally:
                    reading.cancel()
                    await asyncio.gather(reading, return_exceptions=True)
        finally:
            self._host.on_connection(None)
            # Cancelled once more while hanging up, the sockets would stay open until somebody collects them.
            await asyncio.shield(api.close())

    async def _look(self) -> None:
        """How far the replica is, which may have begun anew since we last looked."""
        standing = await self._worker.run(self._writer.standing)
        self._cursors, self._filled, self._log_id = standing.cursors, standing.filled, standing.log_id

    def _checked(self, protocol: int) -> None:
        if protocol > codec.PROTOCOL:
            raise Outdated

    async def _read(self, events: AsyncIterator[tuple[str, bytes]], inbox: Inbox) -> None:
        """Take in what the stream brings, as fast as it comes."""
        async for name, data in events:
            match name:
                case "message":
                    inbox.messages.append(data)
                    if len(inbox.messages) > INBOX_LIMIT:
                        raise Offline("too far behind")
                case "hello" | "heartbeat":
                    inbox.heads = codec.decode(data, Heads)
                    self._checked(inbox.heads.protocol)
                    self._clock.hear(inbox.heads.time)
                case "positions":
                    self._host.on_positions(seen(codec.decode(data, Positions)))
                    continue
                case "presence":
                    self._host.on_presence(data)
                    continue
                case "restart":
                    inbox.restart = True
                case "logout":
                    raise NotLoggedIn
            inbox.filled.set()
        raise Offline("the stream ended")

    async def _follow(self, api: Api, logs: list[str], inbox: Inbox, reading: asyncio.Task[None]) -> None:
        """Catch up, then apply what comes; pages again wherever the stream left a gap."""
        online, behind_since = False, None
        while True:
            inbox.filled.clear()
            if reading.done():
                reading.result()
            heads = inbox.heads
            if inbox.restart:
                raise Anew
            if heads is not None:
                if not online:
                    if self._lacks(logs, heads):
                        await self._catch_up(api, logs, heads.log_id)
                    online = self._was_online = True
                    self._host.on_connection(api)
                    self._host.on_state("online", "")
                    self._host.on_positions(seen(await api.positions()))
                elif heads.log_id != self._log_id:
                    raise Anew
                gaps = await self._take(inbox)
                if gaps or (behind_since is not None and ticks_ms() - behind_since >= MOMENT_S * 1000):
                    await self._catch_up(api, logs, heads.log_id)
                behind = any(heads.heads.get(log, 0) > self._cursors.get(log, 0) for log in logs)
                behind_since = (behind_since or ticks_ms()) if behind else None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MOMENT_S if behind_since is not None else None):
                    await inbox.filled.wait()

    def _lacks(self, logs: list[str], heads: Heads) -> bool:
        """Whether the replica is behind what the server has."""
        if not self._filled or heads.log_id != self._log_id:
            return True
        return any(heads.heads.get(log, 0) != self._cursors.get(log, 0) for log in logs)

    async def _take(self, inbox: Inbox) -> bool:
        """Apply what has come; whether there is a gap."""
        if not inbox.messages:
            return False
        batch, inbox.messages = inbox.messages, []
        news = await self._worker.run(self._writer.messages, batch, self._clock.now())
        self._cursors.update(news.cursors)
        self._host.on_news(news)
        return bool(news.gaps)

    async def _catch_up(self, api: Api, logs: list[str], log_id: str) -> None:
        """Read every log from where the replica ends; visible as a whole or not at all."""
        cursors = await self._worker.run(self._writer.begin, log_id)
        try:
            for log in logs:
                after, more = cursors.get(log, 0), True
                first = after == 0
                while more:
                    page = await self._worker.run(
                        self._writer.page, await api.changes(log, after, first=first)
                    )
                    if page.log_id != log_id:
                        raise Anew
                    after, more = page.upto, page.more
            news = await self._worker.run(self._writer.end, self._clock.now())
        except BaseException:
            await self._worker.run(self._writer.abandon)
            raise
        self._filled, self._log_id = True, log_id
        self._cursors = dict(news.cursors)
        self._host.on_news(news)


def seen(found: Positions) -> dict[str, Position]:
    """Positions by technician."""
    return {each[0]: Position(*each[1:]) for each in found.positions}
