"""Who is at which desk with which order open, and who has begun to work on which order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dispatcher_app.server.store.database import Cursor


class Row(NamedTuple):
    """One desk; `regions` are those of the person, separated by spaces, `at` the last sign of life (UTC ms)."""

    desk: str
    staff: str
    regions: str
    seat: str
    order: str
    doing: str
    state: str
    at: int


class Held(NamedTuple):
    """An order that somebody works on: since when, and when he typed last (UTC ms)."""

    order: str
    desk: str
    staff: str
    since: int
    typed_at: int


# A desk's id is drawn by the desk: nobody may speak for somebody else's.
SAVE = """
INSERT INTO presence (desk, staff, regions, seat, order_id, doing, state, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (desk) DO UPDATE SET regions = excluded.regions, seat = excluded.seat, order_id = excluded.order_id,
doing = excluded.doing, state = excluded.state, at = excluded.at
WHERE excluded.at >= presence.at AND excluded.staff = presence.staff"""
ROWS = "SELECT desk, staff, regions, seat, order_id, doing, state, at FROM presence"
HELD = "SELECT order_id, desk, staff, since, typed_at FROM claim"


def save(cursor: Cursor, rows: Iterable[Row]) -> None:
    """Write what desks have said, always in the same order: two nodes must not wait for one another."""
    cursor.many(SAVE, sorted(rows))


def everybody(cursor: Cursor) -> list[Row]:
    """Every desk that was heard of lately."""
    return [Row(*row) for row in cursor.all(ROWS)]


def claims(cursor: Cursor) -> list[Held]:
    """Every order that somebody works on."""
    return [Held(*row) for row in cursor.all(HELD)]


def forget(cursor: Cursor, before: int) -> None:
    """Desks that have not been heard of since are gone, with what they had in hand."""
    cursor.run("DELETE FROM presence WHERE at < ?", (before,))
    cursor.run("DELETE FROM claim WHERE desk NOT IN (SELECT desk FROM presence)")


def leave(cursor: Cursor, desk: str, staff: str) -> None:
    """A desk is left."""
    cursor.run("DELETE FROM presence WHERE desk = ? AND staff = ?", (desk, staff))
    cursor.run("DELETE FROM claim WHERE desk = ? AND staff = ?", (desk, staff))


def claim(cursor: Cursor, order: str) -> Held | None:
    """Who works on an order, as far as his desk is still there."""
    row = cursor.one(f"{HELD} WHERE order_id = ? AND desk IN (SELECT desk FROM presence)", (order,))
    return None if row is None else Held(*row)


def begin(cursor: Cursor, held: Held, instead: Held | None) -> bool:
    """Take an order in hand, instead of what was just seen there; False where somebody else was quicker."""
    if instead is None:
        cursor.run(
            "DELETE FROM claim WHERE order_id = ? AND desk NOT IN (SELECT desk FROM presence)", (held.order,)
        )
        save = "INSERT INTO claim (order_id, desk, staff, since, typed_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        return cursor.run(save, held) == 1
    take = "UPDATE claim SET desk = ?, staff = ?, since = ?, typed_at = ? WHERE order_id = ? AND desk = ? AND since = ?"
    return cursor.run(take, (*held[1:], held.order, instead.desk, instead.since)) == 1


def release(cursor: Cursor, order: str, desk: str, staff: str) -> None:
    """Lay an order down."""
    cursor.run("DELETE FROM claim WHERE order_id = ? AND desk = ? AND staff = ?", (order, desk, staff))
