"""Which node does what only one may do: a row a piece of work, until when it is whose, by the database's own clock."""

from __future__ import annotations

from collections.abc import Iterable

from dispatcher_app.server.store.database import Cursor

Work = tuple[str, str]
"""A job, and the region in which it is done ("": all of them)."""


def clock(cursor: Cursor) -> int:
    """The database's own time (UTC ms): those of several nodes differ."""
    row = cursor.one(
        "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
        if cursor.postgresql
        else "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    )
    assert row is not None
    return int(row[0])


def free(cursor: Cursor, wanted: Iterable[Work], node: str) -> list[Work]:
    """What of this a node may have: its own, what nobody has, what has run out."""
    now = clock(cursor)
    rows = cursor.all("SELECT job, region, node, until FROM lease")
    taken = {(job, region) for job, region, by, until in rows if by != node and until > now}
    return [work for work in wanted if work not in taken]


def take(cursor: Cursor, wanted: Iterable[Work], node: str, lasts_ms: int) -> list[Work]:
    """Have this from now on for so long, or longer; gives what nobody else was quicker with."""
    now = clock(cursor)
    return [
        (job, region)
        # Always in the same order: two nodes that want the same rows must not wait for one another.
        for job, region in sorted(wanted)
        if cursor.run(
            "INSERT INTO lease (job, region, node, until) VALUES (?, ?, ?, ?) ON CONFLICT (job, region) "
            "DO UPDATE SET node = excluded.node, until = excluded.until WHERE lease.node = ? OR lease.until <= ?",
            (job, region, node, now + lasts_ms, node, now),
        )
    ]


def give_back(cursor: Cursor, node: str) -> None:
    """A node that ends leaves what it had to the others at once."""
    cursor.run("DELETE FROM lease WHERE node = ?", (node,))
