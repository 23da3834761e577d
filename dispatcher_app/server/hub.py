"""Every streaming desk has a bounded line of messages here; a desk too slow for it is cut off and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from dispatcher_app import clock, codec
from dispatcher_app.server.sight import without

LINE = 2000
"""Messages that may wait for one desk."""

HEARTBEAT_S = 5.0


@dataclass(eq=False, slots=True)
class Desk:
    """One open stream: which logs it follows, by whose token, which kinds it is not told of, what it waits for."""

    logs: frozenset[str]
    token: str
    hidden: frozenset[str] = frozenset()
    line: list[bytes] = field(default_factory=list)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False


def event(name: str, data: bytes) -> bytes:
    """A server-sent event; data is one line of JSON."""
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"


class Hub:
    """Gives each message, encoded once for all who see the same, to every desk that follows its log."""

    def __init__(self, log_id: str, heads: Mapping[str, int]) -> None:
        self.log_id = log_id
        self.heads = dict(heads)
        self.desks: set[Desk] = set()

    def publish(self, messages: Sequence[tuple[str, int, bytes]]) -> None:
        """New messages (log, number, JSON) in the order of their commits; called in the loop."""
        for log, seq, data in messages:
            self.heads[log] = max(seq, self.heads.get(log, 0))
            told: dict[frozenset[str], bytes] = {}
            for desk in self.desks:
                if log not in desk.logs:
                    continue
                if desk.hidden not in told:
                    told[desk.hidden] = event("message", without(data, desk.hidden))
                self._give(desk, told[desk.hidden])

    def tell(self, name: str, data: bytes, logs: Iterable[str]) -> None:
        """Something without a number (positions) for the desks that follow one of these logs."""
        encoded, logs = event(name, data), frozenset(logs)
        for desk in self.desks:
            if not logs.isdisjoint(desk.logs):
                self._give(desk, encoded)

    def log_out(self, token: str) -> None:
        """End the streams of a token that counts no more, and tell them why."""
        for desk in self.desks:
            if desk.token == token:
                self._give(desk, event("logout", b"{}"))
                desk.closed = True

    def end(self, desk: Desk) -> None:
        """End one stream; the desk comes back by itself."""
        desk.closed = True
        desk.wake.set()

    def close(self) -> None:
        """End every stream; the desks come back by themselves."""
        for desk in self.desks:
            self.end(desk)

    def _give(self, desk: Desk, encoded: bytes) -> None:
        if desk.closed:
            return
        if len(desk.line) >= LINE:
            desk.line.clear()
            desk.closed = True
        else:
            desk.line.append(encoded)
        desk.wake.set()

    def hello(self, logs: Iterable[str]) -> bytes:
        """The newest numbers of these logs and the server's time."""
        return codec.encode({
            "heads": {log: self.heads.get(log, 0) for log in logs},
            "log_id": self.log_id,
            "time": clock.now_ms(),
            "protocol": codec.PROTOCOL,
        })  # fmt: skip

    async def stream(
        self, logs: Iterable[str], token: str, *, hidden: frozenset[str] = frozenset()
    ) -> AsyncGenerator[bytes, None]:
        """The events for one desk, until it goes or falls behind; several waiting ones leave together."""
        desk = Desk(frozenset(logs), token, hidden)
        self.desks.add(desk)
        tell_time = asyncio.get_running_loop().time
        try:
            yield event("hello", self.hello(desk.logs))
            beat = tell_time() + HEARTBEAT_S
            while desk.line or not desk.closed:
                if not desk.line:
                    desk.wake.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(desk.wake.wait(), max(0, beat - tell_time()))
                waiting, desk.line = desk.line, []
                # Heartbeats come however busy the stream is: they carry the heads, and these are never ahead of it.
                if tell_time() >= beat:
                    beat = tell_time() + HEARTBEAT_S
                    waiting.append(event("heartbeat", self.hello(desk.logs)))
                if waiting:
                    yield b"".join(waiting)
        finally:
            self.desks.discard(desk)
