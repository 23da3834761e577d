"""Open payments, those of a date, and what providers have told us with the reason why we did not believe it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dispatcher_app import codec
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.server.store.database import Cursor

HEARD = """
INSERT INTO provider_notice (id, at, provider, outcome, reason, payment, digest, count) VALUES (?, ?, ?, ?, ?, ?, ?, 1)
ON CONFLICT (id) DO UPDATE SET at = excluded.at, outcome = excluded.outcome, reason = excluded.reason,
digest = excluded.digest, count = provider_notice.count + 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A notification that came in: what became of it, why, and how often; never what was in it."""

    id: str
    at: int
    provider: str
    outcome: str
    reason: str
    payment: str = ""
    digest: str = ""
    count: int = 1


def regions(cursor: Cursor) -> list[str]:
    """Every region that has a log."""
    return [row[0] for row in cursor.all("SELECT log FROM log_head WHERE log <> ? ORDER BY log", (PLATFORM,))]


def open_payments(cursor: Cursor, now: int) -> list[Payment]:
    """Every payment of the company of which something can still come at `now` (UTC ms), the oldest first."""
    logs = regions(cursor)
    places = ", ".join("?" * len(logs)) or "NULL"
    found = cursor.all(
        f"SELECT body, schema FROM entity WHERE region IN ({places}) AND kind = ? AND closed_at IS NULL"
        f" UNION ALL SELECT body, schema FROM entity WHERE region IN ({places}) AND kind = ? AND closed_at > ?",
        (*logs, Payment.kind, *logs, Payment.kind, now),
    )
    return sorted(payments(found), key=lambda each: (each.created_at, each.id))


def captured(cursor: Cursor, region: str, means: str, begin: int, end: int) -> list[Payment]:
    """The payments of a region that came in by these means from `begin` and before `end` (UTC ms)."""
    found = cursor.all(
        "SELECT body, schema FROM entity WHERE region = ? AND kind = ? AND closed_at >= ? AND closed_at < ?",
        (region, Payment.kind, begin, end),
    )
    return [each for each in payments(found) if each.state == "captured" and each.means == means]


def payments(found: Sequence[tuple[str, int]]) -> list[Payment]:
    """Payments from their stored bodies."""
    made = (codec.entity(Payment.kind, body, schema) for body, schema in found)
    return [each for each in made if isinstance(each, Payment)]


def note(cursor: Cursor, heard: Heard) -> None:
    """Keep what became of a notification; the same one again is counted."""
    cursor.run(
        HEARD,
        (heard.id, heard.at, heard.provider, heard.outcome, heard.reason, heard.payment, heard.digest),
    )


def handled(cursor: Cursor, id: str) -> bool:
    """Whether a notification was followed to its end before."""
    return cursor.one("SELECT 1 FROM provider_notice WHERE id = ? AND outcome = 'done'", (id,)) is not None


def notices(cursor: Cursor, before: int, limit: int) -> list[Heard]:
    """What came in before a moment (UTC ms), newest first."""
    found = cursor.all(
        "SELECT id, at, provider, outcome, reason, payment, digest, count FROM provider_notice WHERE at < ?"
        " ORDER BY at DESC, id LIMIT ?",
        (before, limit),
    )
    names = ("id", "at", "provider", "outcome", "reason", "payment", "digest", "count")
    return [Heard(**dict(zip(names, row, strict=True))) for row in found]
