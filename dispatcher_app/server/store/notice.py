"""Notices in the database: made from the log with a cursor, claimed to be sent, listed for an order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from dispatcher_app import codec
from dispatcher_app.server.store.database import Cursor

State = Literal["queued", "sent", "failed", "undelivered"]
"""Waiting or under way; taken over; refused or out of date; given up after the last try."""

COLUMNS = (
    "id", "region", "order_id", "act", "seq", "part", "party", "recipient", "what", "corrects", "params", "state",
    "tries", "next_at", "at", "sent_at", "provider", "detail",
)  # fmt: skip
FIELDS = ", ".join(COLUMNS)
BEGUN = "notices"
"""The key in `meta` that says since when (UTC ms) the log is followed; `notices:<log>` is how far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A notice as it is kept: ids and figures, never a name or number.

    `seq` is the act's number in its log, `part` counts what one act makes known: they are the order of telling.
    """

    id: str
    region: str
    order: str
    act: str
    seq: int
    part: int
    party: str
    recipient: str
    what: str
    corrects: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    state: State = "queued"
    tries: int = 0
    next_at: int
    at: int
    sent_at: int | None = None
    provider: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An act of the log that changed orders: who, what, and each order before (None: it was made) and after."""

    log: str
    seq: int
    act: str
    actor: str
    undoes: str | None
    orders: tuple[tuple[str | None, str], ...]


def begin(cursor: Cursor, now: int) -> None:
    """From now on; what happened before is nobody's news. A log begun later is followed from its first act."""
    put = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING"
    if cursor.run(put, (BEGUN, str(now))) == 1:
        for log, seq in cursor.all("SELECT log, seq FROM log_head"):
            cursor.run(put, (f"{BEGUN}:{log}", str(seq)))


def behind(cursor: Cursor, platform: str) -> list[tuple[str, int, int]]:
    """Every region's log that holds something new: how far it is followed, and its head."""
    marks = dict(cursor.all("SELECT key, value FROM meta WHERE key LIKE ?", (f"{BEGUN}:%",)))
    heads = cursor.all("SELECT log, seq FROM log_head WHERE log <> ? ORDER BY log", (platform,))
    found = [(log, int(marks.get(f"{BEGUN}:{log}", 0)), head) for log, head in heads]
    return [(log, at, head) for log, at, head in found if at < head]


def advance(cursor: Cursor, log: str, at: int, upto: int) -> bool:
    """Move the cursor of a log; False where another node has moved it meanwhile."""
    key = f"{BEGUN}:{log}"
    cursor.run("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (key, "0"))
    return cursor.run("UPDATE meta SET value = ? WHERE key = ? AND value = ?", (str(upto), key, str(at))) == 1


def told(cursor: Cursor, log: str, after: int, upto: int, silent: Sequence[str]) -> list[Told]:
    """The acts of a part of a log that changed orders, with the orders before and after each; no `silent` commands."""
    places = ", ".join("?" * len(silent))
    found = cursor.all(
        "SELECT a.seq, a.id, a.actor, a.undoes, c.version, b.body, b.schema, c.body, c.schema FROM act a "
        "JOIN change c ON c.log = a.log AND c.seq = a.seq AND c.kind = 'order' "
        "LEFT JOIN change b ON b.kind = 'order' AND b.id = c.id AND b.version = c.version - 1 AND b.log = c.log "
        "WHERE a.log = ? AND a.seq > ? AND a.seq <= ? "
        f"AND (a.undoes IS NOT NULL OR a.command NOT IN ({places})) ORDER BY a.seq, c.id",
        (log, after, upto, *silent),
    )
    acts: dict[int, Told] = {}
    for seq, id, actor, undoes, version, before, before_schema, body, schema in found:
        known = acts.get(seq) or Told(log, seq, id, actor, undoes, ())
        # What is past its time of keeping is nobody's news any more.
        if body is not None and (before is not None or version == 1):
            pair = (before and present(before, before_schema), present(body, schema))
            acts[seq] = replace(known, orders=(*known.orders, pair))
    return list(acts.values())


def present(body: str, schema: int) -> str:
    """An order as the log keeps it, in the present shape."""
    return codec.present("order", body, schema).decode()


def add(cursor: Cursor, notices: Iterable[Kept]) -> None:
    """Keep new notices; one that is there already stays as it is."""
    marks = ", ".join("?" * len(COLUMNS))
    cursor.many(
        f"INSERT INTO notice ({FIELDS}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING", map(values, notices)
    )


def withdraw(cursor: Cursor, act: str) -> list[tuple[str, str]]:
    """Take back what nobody has been told yet of an undone act; returns (party, recipient) of each."""
    found = cursor.all(
        "SELECT id, party, recipient FROM notice WHERE act = ? AND state = 'queued' AND tries = 0", (act,)
    )
    for id, _, _ in found:
        cursor.run("UPDATE notice SET state = 'failed', detail = 'withdrawn' WHERE id = ?", (id,))
    return [(party, recipient) for _, party, recipient in found]


def of_act(cursor: Cursor, act: str) -> list[Kept]:
    """What was or is being told because of an act."""
    found = cursor.all(
        f"SELECT {FIELDS} FROM notice WHERE act = ? AND (state <> 'failed' OR detail <> 'withdrawn')", (act,)
    )
    return [kept(row) for row in found]


def due(cursor: Cursor, now: int, limit: int) -> list[Kept]:
    """What is to be sent now, longest due first, for each party of an order one after the other."""
    # Not "= 'queued'" inside: SQLite would look for what comes before among all that wait instead of among the order's.
    found = cursor.all(
        f"SELECT {FIELDS} FROM notice n WHERE state = 'queued' AND next_at <= ? AND NOT EXISTS ("
        "SELECT 1 FROM notice e WHERE e.order_id = n.order_id AND e.recipient = n.recipient "
        "AND NOT e.state <> 'queued' AND (e.seq < n.seq OR e.seq = n.seq "
        "AND (e.part < n.part OR e.part = n.part AND e.id < n.id))) "
        "ORDER BY next_at, seq, part LIMIT ?",
        (now, limit),
    )
    return [kept(row) for row in found]


def claim(cursor: Cursor, notices: Sequence[Kept], now: int, until: int) -> list[Kept]:
    """Those of the notices that nobody else sends until then; each counts as one more try."""
    return [
        replace(each, tries=each.tries + 1, next_at=until)
        for each in notices
        if cursor.run(
            "UPDATE notice SET tries = tries + 1, next_at = ? WHERE id = ? AND state = 'queued' AND next_at <= ?",
            (until, each.id, now),
        )
    ]


def settle(cursor: Cursor, notices: Iterable[Kept]) -> None:
    """What became of notices that were claimed."""
    cursor.many(
        "UPDATE notice SET state = ?, next_at = ?, sent_at = ?, provider = ?, detail = ? "
        "WHERE id = ? AND state = 'queued'",
        ((each.state, each.next_at, each.sent_at, each.provider, each.detail, each.id) for each in notices),
    )


def of_order(cursor: Cursor, order: str) -> list[Kept]:
    """The notices of an order, oldest first."""
    return [
        kept(row)
        for row in cursor.all(
            f"SELECT {FIELDS} FROM notice WHERE order_id = ? ORDER BY at, seq, part, id", (order,)
        )
    ]


def one(cursor: Cursor, id: str) -> Kept | None:
    """The notice of that id."""
    row = cursor.one(f"SELECT {FIELDS} FROM notice WHERE id = ?", (id,))
    return kept(row) if row else None


def kept(row: tuple[Any, ...]) -> Kept:
    """A row as a notice."""
    named = dict(zip(COLUMNS, row, strict=True))
    order, params = named.pop("order_id"), json.loads(named.pop("params"))
    return Kept(order=order, params=params, **named)


def values(notice: Kept) -> tuple[object, ...]:
    """A notice as a row."""
    return (
        notice.id, notice.region, notice.order, notice.act, notice.seq, notice.part, notice.party,
        notice.recipient, notice.what, notice.corrects, json.dumps(notice.params),
        notice.state, notice.tries, notice.next_at, notice.at,
        notice.sent_at, notice.provider, notice.detail,
    )  # fmt: skip
