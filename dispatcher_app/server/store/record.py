"""Reading and writing entities, acts and their rows inside a transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dispatcher_app import codec, rows
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.deduction import Deduction
from dispatcher_app.domain.money.discrepancy import Bill, Discrepancy
from dispatcher_app.domain.money.invoice import Invoice
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Allowance, Refund
from dispatcher_app.domain.money.statement import Settlement, Statement
from dispatcher_app.domain.money.withdrawal import Withdrawal
from dispatcher_app.domain.order import Order
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.ledger import LedgerWrites

SAVE_ENTITY = """
INSERT INTO entity (kind, id, region, version, seq, schema, closed_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, seq = excluded.seq, schema = excluded.schema,
closed_at = excluded.closed_at, body = excluded.body"""
SAVE_ACT = """
INSERT INTO act (id, log, seq, at, decided_at, actor, command, fingerprint, undoes, batch, undo_name, undo_body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
SAVE_CHANGE = "INSERT INTO change (log, seq, kind, id, version, body, hash, schema) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
SAVE_ROW = "INSERT INTO order_row ({}) VALUES ({}) ON CONFLICT (id) DO UPDATE SET {}".format(
    ", ".join(rows.COLUMNS),
    ", ".join("?" * len(rows.COLUMNS)),
    ", ".join(f"{name} = excluded.{name}" for name in rows.COLUMNS if name != "id"),
)
SAVE_SECRET = """
INSERT INTO secret (kind, id, field, region, sealed, blind) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, id, field) DO UPDATE SET sealed = excluded.sealed, blind = excluded.blind"""
SAVE_SERIAL = """
INSERT INTO serial (log, date, last) VALUES (?, ?, ?) ON CONFLICT (log, date) DO UPDATE SET last = excluded.last"""
KNOWN = "id, log, seq, at, actor, command, fingerprint, undoes, undo_name, undo_body"
ASKED = 500
"""Ids asked about at once."""
SAVE_HEAD = "UPDATE log_head SET seq = ? WHERE log = ?"


@dataclass(frozen=True, slots=True)
class Known:
    """An act that the log holds already."""

    log: str
    seq: int
    at: int
    actor: str
    command: str
    fingerprint: str
    undoes: str | None
    undo: codec.Named | None


@dataclass(slots=True)
class Writes:
    """What a batch of acts will write, flushed at once before the commit."""

    entities: dict[tuple[str, str], tuple[object, ...]] = field(default_factory=dict)
    acts: list[tuple[object, ...]] = field(default_factory=list)
    changes: list[tuple[object, ...]] = field(default_factory=list)
    rows: dict[str, rows.OrderRow] = field(default_factory=dict)
    secrets: list[tuple[object, ...]] = field(default_factory=list)
    serials: dict[tuple[str, str], int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    ledger: LedgerWrites = field(default_factory=LedgerWrites)

    def flush(self, cursor: Cursor) -> None:
        """Write everything."""
        cursor.many(SAVE_ENTITY, self.entities.values())
        cursor.many(SAVE_ACT, self.acts)
        cursor.many(SAVE_CHANGE, self.changes)
        cursor.many(SAVE_ROW, map(rows.values, self.rows.values()))
        cursor.many(SAVE_SECRET, self.secrets)
        cursor.many(SAVE_SERIAL, ((*key, last) for key, last in self.serials.items()))
        self.ledger.flush(cursor)
        cursor.many(SAVE_HEAD, ((seq, log) for log, seq in self.heads.items()))

    def put(self, made: Entity, seq: int) -> codec.ChangeMessage:
        """Remember an entity as it is after the act number `seq`; returns what desks are told."""
        body = codec.encode(made)
        text = body.decode()
        closed_at = over(made)
        self.entities[made.kind, made.id] = (
            made.kind, made.id, made.region, made.version, seq, codec.SCHEMAS[made.kind], closed_at, text,
        )  # fmt: skip
        logged = None if made.kind in codec.PERSONAL else text
        digest = hashlib.sha256(body).hexdigest()
        schema = codec.SCHEMAS[made.kind]
        self.changes.append((made.region, seq, made.kind, made.id, made.version, logged, digest, schema))
        return codec.ChangeMessage(made.kind, made.id, made.version, codec.Raw(body))


def over(made: Entity) -> int | None:
    """From when (UTC ms) desks need it no longer; a closed order with an open complaint or refund is needed still."""
    if isinstance(made, Order):
        return made.closed_at if made.complaint is None and not made.refunding else None
    if isinstance(made, Payment):
        return made.over_at
    if isinstance(made, Refund | Allowance | Invoice):
        return made.closed_at
    if isinstance(made, Complaint | Settlement | Statement | Withdrawal | Deduction):
        return made.closed_at
    if isinstance(made, Discrepancy | Bill):
        return made.closed_at
    return over_at(made) if isinstance(made, Day) else None


def over_at(day: Day) -> int:
    """The moment (UTC ms) after which a plan is history, in whatever zone."""
    return round(datetime.fromisoformat(f"{day.date}T12:00:00+00:00").timestamp() * 1000) + DAY_MS


def load(cursor: Cursor, kind: str, id: str) -> Entity | None:
    """The entity as it stands, None where there is none."""
    row = cursor.one("SELECT body, schema FROM entity WHERE kind = ? AND id = ?", (kind, id))
    return None if row is None else codec.entity(kind, row[0], row[1])


def load_all(cursor: Cursor, kind: str, region: str) -> list[Entity]:
    """Every entity of a kind in a region."""
    found = cursor.all("SELECT body, schema FROM entity WHERE kind = ? AND region = ?", (kind, region))
    return [codec.entity(kind, body, schema) for body, schema in found]


def known_acts(cursor: Cursor, ids: Sequence[str]) -> dict[str, Known]:
    """Those of these acts that the log has, by id."""
    found: dict[str, Known] = {}
    for begin in range(0, len(ids), ASKED):
        part = ids[begin : begin + ASKED]
        places = ", ".join("?" * len(part))
        for row in cursor.all(f"SELECT {KNOWN} FROM act WHERE id IN ({places})", part):
            undo = codec.Named(row[8], codec.Raw(row[9].encode())) if row[8] else None
            found[row[0]] = Known(row[1], row[2], row[3], row[4], row[5], row[6], row[7], undo)
    return found


def known_act(cursor: Cursor, id: str) -> Known | None:
    """The act of that id, None where the log has none."""
    return known_acts(cursor, [id]).get(id)


def changes_now(cursor: Cursor, log: str, seq: int) -> list[codec.ChangeMessage]:
    """What an act changed, with the bodies as they stand now."""
    found = cursor.all(
        "SELECT e.kind, e.id, e.version, e.body, e.schema FROM change c JOIN entity e ON e.kind = c.kind AND e.id = c.id "
        "WHERE c.log = ? AND c.seq = ? ORDER BY e.kind, e.id",
        (log, seq),
    )
    return [
        codec.ChangeMessage(kind, id, version, codec.Raw(codec.present(kind, body, schema)))
        for kind, id, version, body, schema in found
    ]


def heads(cursor: Cursor, logs: Iterable[str], *, lock: bool = False) -> dict[str, int]:
    """The newest number of each of these logs; locking is what makes PostgreSQL's writers take turns."""
    logs = sorted(set(logs))
    places = ", ".join("?" * len(logs))
    tail = " ORDER BY log FOR UPDATE" if lock and cursor.postgresql else ""
    found = dict(cursor.all(f"SELECT log, seq FROM log_head WHERE log IN ({places}){tail}", logs))
    return {log: found[log] for log in logs if log in found}


def note_access(cursor: Cursor, values: tuple[object, ...]) -> None:
    """An access record: id, moment, actor, kind, id and field of what was seen, reason."""
    cursor.run(
        "INSERT INTO access (id, at, actor, kind, entity, field, reason) VALUES (?, ?, ?, ?, ?, ?, ?)", values
    )


def orders_shown_by(cursor: Cursor, column: str, id: str) -> list[str]:
    """The orders whose narrow row shows that customer or address."""
    return [row[0] for row in cursor.all(f"SELECT id FROM order_row WHERE {column} = ?", (id,))]
