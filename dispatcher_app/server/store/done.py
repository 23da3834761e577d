"""What people have done, and what has been taken back of it since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dispatcher_app import codec
from dispatcher_app.server.store.database import Cursor

AT_ONCE = 500
COLUMNS = "a.id, a.log, a.seq, a.at, a.actor, a.command, a.undoes, a.batch, a.undo_name, a.undo_body"


@dataclass(frozen=True, slots=True)
class Row:
    """One act, and the command that would take it back."""

    id: str
    log: str
    seq: int
    at: int
    actor: str
    command: str
    undoes: str | None
    batch: str | None
    undo: codec.Named | None


@dataclass(slots=True)
class Done:
    """An act with everything that took it back, did it again, and so on; `orders` are those that it changed."""

    first: Row
    since: list[Row] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)

    @property
    def last(self) -> Row:
        """What was said of it last."""
        return self.since[-1] if self.since else self.first


def done(
    cursor: Cursor, logs: Sequence[str], limit: int, *, actor: str = "", order: str = "", since: int = 0
) -> list[Done]:
    """The newest acts of people, of one of them or about one order, with what became of them; the newest first."""
    places = ", ".join("?" * len(logs)) or "NULL"
    wanted, values = f"a.log IN ({places}) AND a.undoes IS NULL AND a.decided_at >= ?", [*logs, since]
    if actor:
        wanted, values = f"{wanted} AND a.actor = ?", [*values, actor]
    else:
        wanted += " AND a.actor NOT LIKE 'system:%'"
    source = "act a"
    if order:
        source = "change c JOIN act a ON a.log = c.log AND a.seq = c.seq"
        wanted, values = f"c.kind = 'order' AND c.id = ? AND {wanted}", [order, *values]
    found = cursor.all(
        f"SELECT {COLUMNS} FROM {source} WHERE {wanted} ORDER BY a.decided_at DESC, a.seq DESC LIMIT ?",
        (*values, limit),
    )
    acts = [Done(made(row)) for row in found]
    follow(cursor, acts)
    subjects(cursor, acts)
    return acts


def made(row: Sequence[Any]) -> Row:
    """A row as it is read."""
    id, log, seq, at, actor, command, undoes, batch, name, body = row
    undo = codec.Named(name, codec.Raw(body.encode())) if name else None
    return Row(id, log, seq, at, actor, command, undoes, batch, undo)


def follow(cursor: Cursor, acts: Iterable[Done]) -> None:
    """Add what took each act back, what took that back, and so on to the end."""
    ends = {each.first.id: each for each in acts}
    while ends:
        later = [
            made(row)
            for part in parts(list(ends))
            for row in cursor.all(
                f"SELECT {COLUMNS} FROM act a WHERE a.undoes IN ({', '.join('?' * len(part))}) ORDER BY a.seq",
                part,
            )
        ]
        following: dict[str, Done] = {}
        for row in later:
            act = ends[str(row.undoes)]
            # Of two that took the same back, as old logs may have it, the later one counts.
            if act.last.undoes == row.undoes:
                act.since.pop()
            act.since.append(row)
            following[row.id] = act
        ends = following


def subjects(cursor: Cursor, acts: Iterable[Done]) -> None:
    """Add the orders that each act changed."""
    known = {(each.first.log, each.first.seq): each for each in acts}
    for log in {log for log, _ in known}:
        for part in parts([seq for each, seq in known if each == log]):
            rows = cursor.all(
                f"SELECT seq, id FROM change WHERE log = ? AND seq IN ({', '.join('?' * len(part))}) "
                "AND kind = 'order' ORDER BY seq, id",
                (log, *part),
            )
            for seq, order in rows:
                known[log, seq].orders.append(order)


def taken_back(cursor: Cursor, act: str) -> tuple[str, int] | None:
    """Who took an act back and when, None where it stands."""
    row = cursor.one("SELECT actor, at FROM act WHERE undoes = ? ORDER BY seq DESC LIMIT 1", (act,))
    return None if row is None else (row[0], row[1])


def parts(values: Sequence[object]) -> Iterator[list[object]]:
    """A long list in pieces that a database takes."""
    for begin in range(0, len(values), AT_ONCE):
        yield list(values[begin : begin + AT_ONCE])
