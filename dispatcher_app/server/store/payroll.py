"""What settling asks of the database: sums of the ledger by technician and kind, and the lines that they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dispatcher_app import codec
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.money.account import Account, Total
from dispatcher_app.domain.money.ledger import Bucket
from dispatcher_app.domain.money.statement import SETTLE, Settlement, Statement, accounts_of, theirs
from dispatcher_app.domain.money.withdrawal import Withdrawal
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server.store import query, record
from dispatcher_app.server.store.database import Cursor

CHUNK = 100
"""Technicians that are summed up in one question: their accounts are named in it."""
LINES_MOST = 20_000


def kind_of(cursor: Cursor, column: str = "posting") -> str:
    """SQL of what kind of posting an id is: what stands before its first colon."""
    if cursor.postgresql:
        return f"split_part({column}, ':', 1)"
    return f"substr({column}, 1, instr({column}, ':') - 1)"


def people(cursor: Cursor, region: str) -> list[Technician]:
    """The technicians of a region who have shares, by id."""
    found = cursor.all(
        "SELECT body, schema FROM entity WHERE region = ? AND kind = 'technician' ORDER BY id", (region,)
    )
    made = (codec.entity("technician", body, schema) for body, schema in found)
    return [each for each in made if isinstance(each, Technician) and each.employment != "employee"]


def accounts(cursor: Cursor, ids: Sequence[str]) -> dict[str, Account]:
    """The accounts of these technicians that there are."""
    places = ", ".join("?" * len(ids)) or "NULL"
    found = cursor.all(f"SELECT body, schema FROM entity WHERE kind = 'account' AND id IN ({places})", ids)
    made = (codec.entity("account", body, schema) for body, schema in found)
    return {each.id: each for each in made if isinstance(each, Account)}


def since(
    cursor: Cursor, region: str, accounts: Sequence[Account], upto: int, currency: str
) -> dict[str, tuple[Total, ...]]:
    """What every kind of posting came to since these accounts' last statements, up to a number of the log.

    The balances know what each kind has come to so far: only what came after that number is looked at entry by entry.
    """
    ids = [each.id for each in accounts]
    owners = {account: (id, bucket) for id in ids for account, bucket in accounts_of(id).items()}
    places = ", ".join("?" * len(owners)) or "NULL"
    found = cursor.all(
        "SELECT account, what, amount, entries FROM ledger_balance "
        f"WHERE region = ? AND currency = ? AND account IN ({places})",
        (region, currency, *owners),
    )
    sums = {
        (*owners[account], what): [theirs(owners[account][1], int(amount)), int(entries)]
        for account, what, amount, entries in found
        if what != SETTLE
    }
    late = totals(cursor, region, ids, upto, 1 << 60, currency)
    for each in accounts:
        for total in (*each.turnover, *late[each.id]):
            sum_ = sums.setdefault((each.id, total.bucket, total.what), [0, 0])
            sum_[0] -= total.amount
            sum_[1] -= total.count
    made: dict[str, list[Total]] = {id: [] for id in ids}
    for (id, bucket, what), (amount, count) in sums.items():
        if amount or count:
            made[id].append(Total(what, bucket, amount, count))
    return {
        id: tuple(sorted(each, key=lambda total: (total.what, total.bucket))) for id, each in made.items()
    }


def totals(
    cursor: Cursor, region: str, ids: Iterable[str], after: int, upto: int, currency: str
) -> dict[str, tuple[Total, ...]]:
    """What every kind of posting came to for these technicians after one number of the log, up to another, by entries."""
    ids = list(ids)
    owners = {account: (id, bucket) for id in ids for account, bucket in accounts_of(id).items()}
    places = ", ".join("?" * len(owners)) or "NULL"
    kind = kind_of(cursor)
    found = cursor.all(
        f"SELECT account, {kind}, SUM(amount), COUNT(*) FROM ledger_entry WHERE region = ? AND account IN ({places}) "
        f"AND seq > ? AND seq <= ? AND currency = ? GROUP BY account, {kind}",
        (region, *owners, after, upto, currency),
    )
    made: dict[str, list[Total]] = {id: [] for id in ids}
    for account, what, amount, count in found:
        id, bucket = owners[account]
        if what != SETTLE:
            made[id].append(Total(what, bucket, theirs(bucket, int(amount)), count))
    return {
        id: tuple(sorted(each, key=lambda total: (total.what, total.bucket))) for id, each in made.items()
    }


def standing(cursor: Cursor, region: str, ids: Iterable[str], currency: str) -> dict[str, dict[Bucket, int]]:
    """What stands in the buckets of these technicians now, from their side."""
    ids = list(ids)
    owners = {account: (id, bucket) for id in ids for account, bucket in accounts_of(id).items()}
    places = ", ".join("?" * len(owners)) or "NULL"
    found = cursor.all(
        "SELECT account, SUM(amount) FROM ledger_balance "
        f"WHERE region = ? AND currency = ? AND account IN ({places}) GROUP BY account",
        (region, currency, *owners),
    )
    made: dict[str, dict[Bucket, int]] = {id: {} for id in ids}
    for account, amount in found:
        id, bucket = owners[account]
        made[id][bucket] = theirs(bucket, int(amount))
    return made


def lines(cursor: Cursor, region: str, id: str, after: int, upto: int, own: str = "") -> list[dict[str, Any]]:
    """Every entry on a technician's accounts between two numbers, and the one of his statement `own`, oldest first."""
    owners = accounts_of(id)
    places = ", ".join("?" * len(owners))
    found = cursor.all(
        "SELECT e.posting, e.account, e.amount, e.seq, p.at, p.cause, p.order_id, p.reverses, r.number "
        "FROM ledger_entry e JOIN ledger_posting p ON p.id = e.posting LEFT JOIN order_row r ON r.id = p.order_id "
        f"WHERE e.region = ? AND e.account IN ({places}) AND ((e.seq > ? AND e.seq <= ? AND p.cause <> ?) "
        "OR e.posting = ?) ORDER BY e.seq, e.posting, e.account LIMIT ?",
        (region, *owners, after, upto, SETTLE, f"{SETTLE}:{own}", LINES_MOST),
    )
    return [
        {
            "posting": posting, "bucket": owners[account], "amount": theirs(owners[account], int(amount)), "seq": seq,
            "at": at, "cause": cause, "order": order, "number": number, "reverses": reverses,
        }
        for posting, account, amount, seq, at, cause, order, reverses, number in found
    ]  # fmt: skip


def running(cursor: Cursor) -> list[Settlement]:
    """The runs that are not over, the oldest first."""
    found = cursor.all(
        "SELECT body, schema FROM entity WHERE kind = 'settlement' AND closed_at IS NULL ORDER BY seq"
    )
    made = (codec.entity("settlement", body, schema) for body, schema in found)
    return [each for each in made if isinstance(each, Settlement)]


def statements(cursor: Cursor, settlement: str, ids: Sequence[str]) -> dict[str, Statement]:
    """The statements of a run that there are for these technicians."""
    names = [f"{settlement}:{id}" for id in ids]
    places = ", ".join("?" * len(names)) or "NULL"
    found = cursor.all(
        f"SELECT body, schema FROM entity WHERE kind = 'statement' AND id IN ({places})", names
    )
    made = (codec.entity("statement", body, schema) for body, schema in found)
    return {each.technician: each for each in made if isinstance(each, Statement)}


def chain(cursor: Cursor, newest: str, limit: int) -> list[Statement]:
    """A technician's statements from the newest back."""
    made: list[Statement] = []
    while newest and len(made) < limit:
        found = record.load(cursor, Statement.kind, newest)
        if not isinstance(found, Statement):
            break
        made.append(found)
        newest = found.previous
    return made


def booked(cursor: Cursor, region: str, kind: str, account: str, what: str, limit: int) -> list[Entity]:
    """The withdrawals or deductions that the ledger knows on an account, the newest first."""
    found = cursor.all(
        "SELECT posting FROM ledger_entry WHERE region = ? AND account = ? AND posting LIKE ? ORDER BY seq DESC LIMIT ?",
        (region, account, f"{what}:%", limit),
    )
    ids = [posting.partition(":")[2] for (posting,) in found]
    made = {each.id: each for each in query.bodies(cursor, kind, ids)}
    return [made[id] for id in ids if id in made]


def under_way(cursor: Cursor, region: str) -> list[Withdrawal]:
    """The withdrawals of a region that are not at their end, the oldest first."""
    found = cursor.all(
        "SELECT body, schema FROM entity WHERE region = ? AND kind = 'withdrawal' AND closed_at IS NULL ORDER BY seq",
        (region,),
    )
    made = (codec.entity("withdrawal", body, schema) for body, schema in found)
    return [each for each in made if isinstance(each, Withdrawal)]
