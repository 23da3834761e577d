"""Refunds that wait for somebody to be asked, read by the job that asks."""

from __future__ import annotations

from dispatcher_app import codec
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.server.store.database import Cursor


def under_way(cursor: Cursor) -> list[Refund]:
    """Every refund of the company that is not over, the oldest first."""
    logs = [row[0] for row in cursor.all("SELECT log FROM log_head WHERE log <> ?", (PLATFORM,))]
    places = ", ".join("?" * len(logs)) or "NULL"
    found = cursor.all(
        f"SELECT body, schema FROM entity WHERE region IN ({places}) AND kind = ? AND closed_at IS NULL",
        (*logs, Refund.kind),
    )
    made = [codec.entity(Refund.kind, body, schema) for body, schema in found]
    return sorted(
        (each for each in made if isinstance(each, Refund)), key=lambda each: (each.proposed_at, each.id)
    )


def between(cursor: Cursor, regions: list[str], begin: int, end: int) -> list[Refund]:
    """The refunds of these regions that were over from `begin` and before `end` (UTC ms)."""
    places = ", ".join("?" * len(regions)) or "NULL"
    found = cursor.all(
        f"SELECT body, schema FROM entity WHERE region IN ({places}) AND kind = ? AND closed_at >= ? AND closed_at < ?",
        (*regions, Refund.kind, begin, end),
    )
    made = [codec.entity(Refund.kind, body, schema) for body, schema in found]
    return [each for each in made if isinstance(each, Refund)]
