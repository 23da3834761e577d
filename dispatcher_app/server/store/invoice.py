"""Invoices that wait to be issued, read by the job that asks for them."""

from __future__ import annotations

from dispatcher_app import codec
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money.invoice import Invoice
from dispatcher_app.server.store.database import Cursor


def under_way(cursor: Cursor) -> list[Invoice]:
    """Every invoice of the company that is not issued or given up, the oldest first."""
    logs = [row[0] for row in cursor.all("SELECT log FROM log_head WHERE log <> ?", (PLATFORM,))]
    places = ", ".join("?" * len(logs)) or "NULL"
    found = cursor.all(
        f"SELECT body, schema FROM entity WHERE region IN ({places}) AND kind = ? AND closed_at IS NULL",
        (*logs, Invoice.kind),
    )
    made = [codec.entity(Invoice.kind, body, schema) for body, schema in found]
    return sorted(
        (each for each in made if isinstance(each, Invoice)), key=lambda each: (each.requested_at, each.id)
    )
