"""Who has which order open at which desk, written and streamed once a second; and who works on it, one at a time.

A claim is advice: rules decide whatever anybody has claimed. It ends with its desk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Any, Literal

import msgspec

from dispatcher_app import clock, codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.hub import Hub
from dispatcher_app.server.store import presence as store
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor, Database, Unavailable
from dispatcher_app.server.store.presence import Held, Row

EVERY_S = 1.0
BEAT_S = 15
STALE_MS = 3 * BEAT_S * 1000
"""A desk of which nothing has been heard for three heartbeats is gone."""
GRACE_MS = 20_000
"""Whoever has not typed for so long can be taken over from at once."""
REASON_LEAST = 2


class Said(msgspec.Struct):
    """What a desk says of itself; `left` when it is left."""

    desk: str
    seat: str = ""
    order: str = ""
    doing: Literal["looking", "editing", "calling"] = "looking"
    state: Literal["ready", "on_call", "wrap_up", "break"] = "ready"
    left: bool = False


class Claimed(msgspec.Struct):
    """An order that somebody begins to work on; `take` it from whoever does, for a reason, or `release` it."""

    said: Said
    order: str
    take: bool = False
    release: bool = False
    reason: str = ""


class Presences:
    """Collects what desks say and passes it on in one piece a second."""

    def __init__(self, database: Database, executor: Executor, hub: Hub) -> None:
        self.database, self.executor, self.hub = database, executor, hub
        self._waiting: dict[str, Row] = {}
        self._leaving: set[tuple[str, str]] = set()
        self._gone: dict[tuple[str, str], int] = {}
        self._rows: dict[str, Row] = {}
        self._claims: dict[str, Held] = {}
        self._reasons: dict[tuple[str, int], str] = {}

    def report(self, row: Row) -> None:
        """Take what a desk says; one that was left says nothing any more, however late its last word comes."""
        if (row.desk, row.staff) not in self._gone:
            self._waiting[row.desk] = row

    def leave(self, desk: str, staff: str) -> None:
        """A desk is left."""
        waiting = self._waiting.get(desk)
        if waiting is not None and waiting.staff == staff:
            del self._waiting[desk]
        self._gone[desk, staff] = clock.now_ms()
        self._leaving.add((desk, staff))

    async def pass_on(self) -> None:
        """Write what has come in, forget who is gone, and stream what is new since the last time."""
        waiting, self._waiting = self._waiting, {}
        leaving, self._leaving = self._leaving, set()
        if not waiting and not leaving and not self._rows and not self.database.postgresql:
            return
        oldest = clock.now_ms() - STALE_MS
        self._gone = {desk: at for desk, at in self._gone.items() if at >= oldest}
        try:
            if waiting or leaving or any(row.at < oldest for row in self._rows.values()):
                work = partial(self._save, rows=list(waiting.values()), leaving=leaving, oldest=oldest)
                await asyncio.wrap_future(self.executor.run(work))
            rows, claims = await asyncio.to_thread(self._read)
        except Unavailable:
            self._waiting = {**waiting, **self._waiting}
            self._leaving |= leaving
            raise
        self._stream(
            {row.desk: row for row in rows if row.at >= oldest}, {held.order: held for held in claims}
        )

    def _save(self, cursor: Cursor, rows: list[Row], leaving: set[tuple[str, str]], oldest: int) -> None:
        store.save(cursor, rows)
        for desk, staff in sorted(leaving):
            store.leave(cursor, desk, staff)
        store.forget(cursor, oldest)

    def _read(self) -> tuple[list[Row], list[Held]]:
        with self.database.reading() as cursor:
            return store.everybody(cursor), store.claims(cursor)

    def _stream(self, rows: dict[str, Row], claims: dict[str, Held]) -> None:
        known = {**self._rows, **rows}
        desks = {desk for desk in known if rows.get(desk) != self._rows.get(desk)}
        orders = {order for order in {*claims, *self._claims} if claims.get(order) != self._claims.get(order)}
        for region in {each for row in known.values() for each in row.regions.split()}:
            here = {desk for desk, row in known.items() if region in row.regions.split()}
            told: dict[str, list[Any]] = {
                "desks": [shown(rows[desk]) for desk in sorted(desks & here) if desk in rows],
                "left": [desk for desk in sorted(desks & here) if desk not in rows],
                "claims": [
                    self._claim(claims[order])
                    for order in sorted(orders)
                    if order in claims and claims[order].desk in here
                ],
                "free": [
                    order
                    for order in sorted(orders)
                    if order not in claims and self._claims[order].desk in here
                ],
            }
            if any(told.values()):
                self.hub.tell("presence", codec.encode(told), [region])
        self._rows, self._claims = rows, claims

    def _claim(self, held: Held) -> list[Any]:
        return [*held, self._reasons.pop((held.order, held.since), "")]

    def told(self, regions: frozenset[str]) -> dict[str, list[Any]]:
        """What the streams of these regions have been told so far: whatever of it ends, they will be told of too."""
        here = {desk: row for desk, row in self._rows.items() if regions & set(row.regions.split())}
        claims = [[*held, ""] for held in self._claims.values() if held.desk in here]
        return {"desks": [shown(row) for row in here.values()], "left": [], "claims": claims, "free": []}

    def claim(self, cursor: Cursor, actor: Actor, row: Row, asked: Claimed) -> Held | None:
        """The writer's work: who has the order in hand afterwards; None where it was laid down."""
        store.save(cursor, [row])
        if asked.release:
            store.release(cursor, asked.order, row.desk, row.staff)
            return None
        now = clock.now_ms()
        store.forget(cursor, now - STALE_MS)
        other = store.claim(cursor, asked.order)
        mine = other is not None and other.desk == row.desk
        since = other.since if mine and other is not None else now
        wanted = Held(asked.order, row.desk, row.staff, since, now)
        if other is not None and not mine and not (asked.take and free(other, actor, asked.reason, now)):
            return other
        if store.begin(cursor, wanted, other):
            if other is not None and not mine and asked.reason.strip():
                self._reasons[wanted.order, wanted.since] = asked.reason.strip()[:200]
                note = (
                    clock.new_id(),
                    now,
                    actor.name,
                    "order",
                    asked.order,
                    "claim",
                    asked.reason.strip()[:200],
                )
                record.note_access(cursor, note)
            return wanted
        return store.claim(cursor, asked.order)


def free(other: Held, actor: Actor, reason: str, now: int) -> bool:
    """Whether an order may be taken from whoever has it in hand."""
    said = role.holds(actor, role.OVERRIDES) and len(reason.strip()) >= REASON_LEAST
    return said or now - other.typed_at >= GRACE_MS


def shown(row: Row) -> list[Any]:
    """A desk as others are told of it."""
    return [row.desk, row.staff, row.seat, row.order, row.doing, row.state, row.at]


def row_of(said: Said, staff: str, regions: Iterable[str]) -> Row:
    """What a desk says as it is kept; raises Rejected for what no desk says."""
    for field, text, most in (("desk", said.desk, 64), ("seat", said.seat, 40), ("order", said.order, 400)):
        if len(text) > most or not text.isprintable():
            raise Rejected("invalid", field, detail=f"{most} printable characters at most")
    if not said.desk:
        raise Rejected("required", "desk")
    return Row(
        said.desk, staff, " ".join(regions), said.seat, said.order, said.doing, said.state, clock.now_ms()
    )
