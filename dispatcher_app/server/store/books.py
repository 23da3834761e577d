"""What the ledger's tables say of themselves, and the questions that finance asks of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from dispatcher_app import codec
from dispatcher_app.domain.money.ledger import Entry, Posting
from dispatcher_app.server.store.database import Cursor

UNCAUSED = """
SELECT p.id FROM ledger_posting p LEFT JOIN act a ON a.id = p.act AND a.log = p.region AND a.seq = p.seq
WHERE a.id IS NULL"""
BALANCES = """
SELECT region, account, currency, SUM(amount) FROM ledger_entry GROUP BY region, account, currency"""


class Line(msgspec.Struct, frozen=True):
    """One entry of an account with its posting: `seq` and `posting` are where the next page begins."""

    seq: int
    posting: str
    account: str
    amount: int
    currency: str
    cause: str
    at: int
    act: str
    order: str | None
    reverses: str | None


class Standing(msgspec.Struct, frozen=True):
    """What stands on an account."""

    region: str
    account: str
    currency: str
    amount: int


def postings(cursor: Cursor) -> Iterator[tuple[Posting, str, int]]:
    """Every posting with its own entries, its region and the number of its act."""
    for row in cursor.all(
        "SELECT id, cause, currency, order_id, reverses, entries, region, seq FROM ledger_posting"
    ):
        entries = codec.decode(row[5], tuple[Entry, ...])
        made = Posting(
            id=row[0], cause=row[1], currency=row[2], order=row[3], reverses=row[4], entries=entries
        )
        yield made, row[6], row[7]


def entered(cursor: Cursor) -> dict[str, list[tuple[str, int, str, str, int]]]:
    """What stands among the entries of accounts, by posting: (account, amount, region, currency, number)."""
    made: dict[str, list[tuple[str, int, str, str, int]]] = {}
    for posting, *entry in cursor.all(
        "SELECT posting, account, amount, region, currency, seq FROM ledger_entry"
    ):
        made.setdefault(posting, []).append(tuple(entry))
    return made


def uncaused(cursor: Cursor) -> list[str]:
    """Postings of no act."""
    return [id for (id,) in cursor.all(UNCAUSED)]


def recomputed(cursor: Cursor) -> dict[tuple[str, str, str], int]:
    """What stands on each account (region, account, currency), from the entries."""
    return {
        (region, account, currency): int(amount) for region, account, currency, amount in cursor.all(BALANCES)
    }


def kept(cursor: Cursor) -> dict[tuple[str, str, str], int]:
    """What the balances say."""
    found = cursor.all(
        "SELECT region, account, currency, SUM(amount) FROM ledger_balance GROUP BY region, account, currency"
    )
    return {(region, account, currency): int(amount) for region, account, currency, amount in found}


def since(cursor: Cursor) -> int:
    """From when on (UTC ms) everything is posted; orders that ended before never were."""
    row = cursor.one("SELECT value FROM meta WHERE key = ?", ("ledger_since",))
    return int(row[0]) if row is not None else 0


def accounts(cursor: Cursor, regions: Sequence[str], begins: str, after: str, limit: int) -> list[Standing]:
    """The accounts of these regions whose names begin so, in order of name, after a name."""
    if not regions:
        return []
    places = ", ".join("?" * len(regions))
    found = cursor.all(
        f"SELECT region, account, currency, SUM(amount) FROM ledger_balance WHERE region IN ({places}) "
        "AND account >= ? AND account < ? AND account > ? GROUP BY region, account, currency "
        "ORDER BY account, region, currency LIMIT ?",
        (*regions, begins, begins + "\U0010ffff", after, limit),
    )
    return [Standing(region, account, currency, int(amount)) for region, account, currency, amount in found]


def lines(cursor: Cursor, region: str, account: str, before: tuple[int, str], limit: int) -> list[Line]:
    """The entries of an account, the newest first, before a place (seq, posting)."""
    found = cursor.all(
        "SELECT e.seq, e.posting, e.account, e.amount, e.currency, p.cause, p.at, p.act, p.order_id, p.reverses "
        "FROM ledger_entry e JOIN ledger_posting p ON p.id = e.posting WHERE e.region = ? AND e.account = ? "
        "AND (e.seq < ? OR (e.seq = ? AND e.posting < ?)) ORDER BY e.seq DESC, e.posting DESC LIMIT ?",
        (region, account, before[0], before[0], before[1], limit),
    )
    return [Line(*row) for row in found]


def lines_of(cursor: Cursor, order: str) -> list[Line]:
    """Everything that was posted about an order, in turn."""
    found = cursor.all(
        "SELECT seq, id, entries, currency, cause, at, act, order_id, reverses FROM ledger_posting "
        "WHERE order_id = ? ORDER BY seq, id",
        (order,),
    )
    return [
        Line(seq, id, account, amount, currency, cause, at, act, about, reverses)
        for seq, id, entries, currency, cause, at, act, about, reverses in found
        for account, amount in codec.decode(entries, tuple[Entry, ...])
    ]
