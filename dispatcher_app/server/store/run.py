"""Searches for a plan that are under way, as any node can show and stop them."""

from __future__ import annotations

from typing import Any

from dispatcher_app.server.store.database import Cursor


def save(cursor: Cursor, id: str, region: str, actor: str, now: int, body: str) -> None:
    """How far a search is; its beginning stays."""
    cursor.run(
        "INSERT INTO plan_run (id, region, actor, begun_at, told_at, stop, body) VALUES (?, ?, ?, ?, ?, 0, ?) "
        "ON CONFLICT (id) DO UPDATE SET told_at = excluded.told_at, body = excluded.body",
        (id, region, actor, now, now, body),
    )


def found(cursor: Cursor, id: str) -> tuple[Any, ...] | None:
    """A search: region, actor, when it was last told about, whether it is to stop, and how far it is."""
    return cursor.one("SELECT region, actor, told_at, stop, body FROM plan_run WHERE id = ?", (id,))


def searched_since(cursor: Cursor, region: str, since: int) -> bool:
    """Whether somebody has had a plan of the region searched lately, which he may be looking at."""
    return cursor.one("SELECT 1 FROM plan_run WHERE region = ? AND told_at >= ?", (region, since)) is not None


def stop(cursor: Cursor, id: str) -> None:
    """Whoever searches is to stop."""
    cursor.run("UPDATE plan_run SET stop = 1 WHERE id = ?", (id,))


def forget(cursor: Cursor, before: int) -> None:
    """Searches that nobody has told about since then."""
    cursor.run("DELETE FROM plan_run WHERE told_at < ?", (before,))
