"""What the planner reads and keeps: what has changed since it looked last, and searches that are under way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dispatcher_app import codec
from dispatcher_app.domain.entity import PLATFORM, Entity
from dispatcher_app.server.store.database import Cursor


def since(cursor: Cursor, region: str, seq: int, closed_after: int) -> tuple[int, list[Entity]]:
    """The head of a region's log, and its technicians, plans and orders that have changed since a number of it.

    Plans of dates that were over before `closed_after` (UTC ms), and at first (0) closed orders, are left out.
    """
    head = cursor.one("SELECT seq FROM log_head WHERE log = ?", (region,))
    if head is None or head[0] <= seq:
        return seq, []
    still = " AND closed_at IS NULL" if seq == 0 else ""
    found = cursor.all(
        "SELECT kind, body, schema FROM entity WHERE region = ? AND seq > ? AND (kind = 'technician' "
        f"OR kind = 'day' AND closed_at > ? OR kind = 'order'{still})",
        (region, seq, closed_after),
    )
    return head[0], [codec.entity(kind, body, schema) for kind, body, schema in found]


def platform_since(cursor: Cursor, region: str, seq: int) -> tuple[int, list[Entity]]:
    """The head of the platform's log, and what planning a region reads of it that has changed since a number."""
    head = cursor.one("SELECT seq FROM log_head WHERE log = ?", (PLATFORM,))
    if head is None or head[0] <= seq:
        return seq, []
    found = cursor.all(
        "SELECT kind, body, schema FROM entity WHERE region = ? AND seq > ? "
        "AND (kind IN ('item', 'policy') OR kind = 'region' AND id = ?)",
        (PLATFORM, seq, region),
    )
    return head[0], [codec.entity(kind, body, schema) for kind, body, schema in found]


def blocked(cursor: Cursor, customers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Whom these customers don't want to see again."""
    from dispatcher_app.server.store.query import bodies

    return {
        each.id: each.blocked_technicians  # type: ignore[attr-defined]
        for each in bodies(cursor, "customer", sorted(set(customers)))
    }


def save_run(cursor: Cursor, id: str, region: str, actor: str, now: int, body: str) -> None:
    """How far a search is; its beginning stays."""
    cursor.run(
        "INSERT INTO plan_run (id, region, actor, begun_at, told_at, stop, body) VALUES (?, ?, ?, ?, ?, 0, ?) "
        "ON CONFLICT (id) DO UPDATE SET told_at = excluded.told_at, body = excluded.body",
        (id, region, actor, now, now, body),
    )


def run(cursor: Cursor, id: str) -> tuple[Any, ...] | None:
    """A search: region, actor, when it was last told about, whether it is to stop, and how far it is."""
    return cursor.one("SELECT region, actor, told_at, stop, body FROM plan_run WHERE id = ?", (id,))


def searched_since(cursor: Cursor, region: str, since: int) -> bool:
    """Whether somebody has had a plan of the region searched lately, which he may be looking at."""
    return cursor.one("SELECT 1 FROM plan_run WHERE region = ? AND told_at >= ?", (region, since)) is not None


def stop_run(cursor: Cursor, id: str) -> None:
    """Whoever searches is to stop."""
    cursor.run("UPDATE plan_run SET stop = 1 WHERE id = ?", (id,))


def forget_runs(cursor: Cursor, before: int) -> None:
    """Searches that nobody has told about since then."""
    cursor.run("DELETE FROM plan_run WHERE told_at < ?", (before,))
