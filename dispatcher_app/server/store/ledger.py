"""The ledger's tables: postings and entries are only ever added, balances are their sums.

A posting carries its entries, and each stands once more among those of its account, where statements and sums are read.
A technician's balances are kept by what made them: a statement asks what each kind came to, whatever the number of
entries. A posting's id makes it once. Nobody is asked whether it is there: the database refuses the second one, and
only then are the acts of the batch asked one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dispatcher_app import codec
from dispatcher_app.domain.money.ledger import Entry, Posting
from dispatcher_app.server.store.database import Cursor

SAVE_POSTING = """
INSERT INTO ledger_posting (id, region, seq, at, act, cause, currency, order_id, reverses, entries)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"""
SAVE_ENTRY = """
INSERT INTO ledger_entry (posting, account, amount, region, currency, seq) VALUES (?, ?, ?, ?, ?, ?)"""
SAVE_BALANCE = """
INSERT INTO ledger_balance (region, account, currency, what, amount, entries) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (region, account, currency, what) DO UPDATE SET amount = ledger_balance.amount + excluded.amount,
entries = ledger_balance.entries + excluded.entries"""
THEIRS = "technician:"
"""The accounts whose balances are kept by what made them."""


class PostedAlready(Exception):
    """A posting of the batch is in the ledger already; nothing of the batch may be written."""


@dataclass(slots=True)
class LedgerWrites:
    """What a batch of acts will post."""

    postings: dict[str, Posting] = field(default_factory=dict)
    rows: list[tuple[object, ...]] = field(default_factory=list)
    entries: list[tuple[object, ...]] = field(default_factory=list)
    balances: dict[tuple[str, str, str], int] = field(default_factory=dict)
    sums: dict[tuple[str, str, str, str], tuple[int, int]] = field(default_factory=dict)

    def post(self, made: Posting, region: str, seq: int, at: int, act: str) -> None:
        """Remember a posting of the act number `seq` of a region."""
        id, currency, balances, sums = made.id, made.currency, self.balances, self.sums
        self.postings[id] = made
        self.rows.append((
            id, region, seq, at, act, made.cause, currency, made.order, made.reverses,
            codec.encode(made.entries).decode(),
        ))  # fmt: skip
        for account, amount in made.entries:
            key = (region, account, currency)
            balances[key] = balances.get(key, 0) + amount
            by_what = (*key, id.partition(":")[0] if account.startswith(THEIRS) else "")
            sum_, count = sums.get(by_what, (0, 0))
            sums[by_what] = (sum_ + amount, count + 1)
            self.entries.append((id, account, amount, region, currency, seq))

    def flush(self, cursor: Cursor) -> None:
        """Write everything; raises PostedAlready where a posting is there."""
        if not self.rows:
            return
        if cursor.added(SAVE_POSTING, self.rows) < len(self.rows):
            raise PostedAlready
        cursor.many(SAVE_ENTRY, self.entries)
        # In the same order on every node: two of them never wait for one another's rows.
        cursor.many(
            SAVE_BALANCE, ((*key, *sums) for key, sums in sorted(self.sums.items()) if sums[0] or key[3])
        )


def balance(cursor: Cursor, region: str, account: str, currency: str) -> int:
    """What stands on an account (minor units)."""
    row = cursor.one(
        "SELECT SUM(amount) FROM ledger_balance WHERE region = ? AND account = ? AND currency = ?",
        (region, account, currency),
    )
    return int(row[0] or 0) if row is not None else 0


def posted(cursor: Cursor, id: str) -> Posting | None:
    """The posting of that id, None where there is none."""
    row = cursor.one(
        "SELECT id, cause, currency, order_id, reverses, entries FROM ledger_posting WHERE id = ?", (id,)
    )
    if row is None:
        return None
    return Posting(
        id=row[0], cause=row[1], currency=row[2], order=row[3], reverses=row[4],
        entries=codec.decode(row[5], tuple[Entry, ...]),
    )  # fmt: skip


def standing(cursor: Cursor, order: str) -> dict[str, int]:
    """What the postings about an order have left on each account."""
    found: dict[str, int] = {}
    for (entries,) in cursor.all(
        "SELECT entries FROM ledger_posting WHERE order_id = ? ORDER BY seq", (order,)
    ):
        for account, amount in codec.decode(entries, tuple[Entry, ...]):
            found[account] = found.get(account, 0) + amount
    return found
