"""What the ledger's tables say of themselves, and the questions that finance asks of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from dispatcher_app.server.store.database import Cursor

UNBALANCED = """
SELECT p.id, COUNT(e.posting), COALESCE(SUM(e.amount), 0) FROM ledger_posting p
LEFT JOIN ledger_entry e ON e.posting = p.id AND e.amount <> 0 AND e.region = p.region AND e.currency = p.currency
AND e.seq = p.seq GROUP BY p.id HAVING COUNT(e.posting) < 2 OR COALESCE(SUM(e.amount), 0) <> 0"""
STRAY = """
SELECT e.posting, e.account FROM ledger_entry e LEFT JOIN ledger_posting p ON p.id = e.posting
AND p.region = e.region AND p.currency = e.currency AND p.seq = e.seq WHERE p.id IS NULL OR e.amount = 0"""
UNCAUSED = """
SELECT p.id FROM ledger_posting p LEFT JOIN act a ON a.id = p.act AND a.log = p.region AND a.seq = p.seq
WHERE a.id IS NULL"""
REVERSED = """
SELECT r.id, r.reverses, r.region, p.region, r.currency, p.currency FROM ledger_posting r
LEFT JOIN ledger_posting p ON p.id = r.reverses WHERE r.reverses IS NOT NULL"""
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


def unbalanced(cursor: Cursor) -> list[tuple[str, int, int]]:
    """Postings with fewer than two entries of their own, or a sum that is not zero."""
    return [(id, int(count), int(total)) for id, count, total in cursor.all(UNBALANCED)]


def stray(cursor: Cursor) -> list[tuple[str, str]]:
    """Entries of no posting, or of none (posting, account)."""
    return [(posting, account) for posting, account in cursor.all(STRAY)]


def uncaused(cursor: Cursor) -> list[str]:
    """Postings of no act."""
    return [id for (id,) in cursor.all(UNCAUSED)]


def badly_reversed(cursor: Cursor) -> Iterator[str]:
    """Reversals of nothing, of something else, or of what was reversed before."""
    seen: set[str] = set()
    for id, reverses, region, its, currency, was in cursor.all(REVERSED):
        one = dict(cursor.all("SELECT account, amount FROM ledger_entry WHERE posting = ?", (id,)))
        other = dict(cursor.all("SELECT account, amount FROM ledger_entry WHERE posting = ?", (reverses,)))
        opposite = one == {account: -amount for account, amount in other.items()}
        if (region, currency) != (its, was) or not opposite or reverses in seen:
            yield id
        seen.add(reverses)


def recomputed(cursor: Cursor) -> dict[tuple[str, str, str], int]:
    """What stands on each account (region, account, currency), from the entries."""
    return {
        (region, account, currency): int(amount) for region, account, currency, amount in cursor.all(BALANCES)
    }


def kept(cursor: Cursor) -> dict[tuple[str, str, str], int]:
    """What the balances say."""
    found = cursor.all("SELECT region, account, currency, amount FROM ledger_balance")
    return {(region, account, currency): int(amount) for region, account, currency, amount in found}


def by_order(cursor: Cursor) -> dict[str, dict[tuple[str, str], int]]:
    """For each order what each cause has put on each account."""
    made: dict[str, dict[tuple[str, str], int]] = {}
    found = cursor.all(
        "SELECT p.order_id, p.cause, e.account, SUM(e.amount) FROM ledger_posting p "
        "JOIN ledger_entry e ON e.posting = p.id WHERE p.order_id IS NOT NULL GROUP BY p.order_id, p.cause, e.account"
    )
    for order, cause, account, amount in found:
        made.setdefault(order, {})[cause, account] = int(amount)
    return made


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
        f"SELECT region, account, currency, amount FROM ledger_balance WHERE region IN ({places}) "
        "AND account >= ? AND account < ? AND account > ? ORDER BY account, region, currency LIMIT ?",
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
        "SELECT e.seq, e.posting, e.account, e.amount, e.currency, p.cause, p.at, p.act, p.order_id, p.reverses "
        "FROM ledger_posting p JOIN ledger_entry e ON e.posting = p.id WHERE p.order_id = ? "
        "ORDER BY p.seq, p.id, e.account",
        (order,),
    )
    return [Line(*row) for row in found]
