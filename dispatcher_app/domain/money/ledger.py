"""The ledger: postings of two entries or more that sum to zero, never changed, corrected only by a reversal.

A debit is above zero, a credit below. What we owe somebody is a credit: a technician may have `-balance` of his
accounts, a customer who has paid too much has a balance below zero. Accounts are a region's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Bucket = Literal["frozen", "available", "withdrawing", "paid", "deposit", "cash"]
"""Of a technician: shares before and after their release, on the way to his bank, there; his deposit (质保金); the
customers' cash in his pocket, which is his debt."""
ProviderName = Literal["wechat", "alipay", "card", "bank"]
What = Literal[
    "revenue",
    "shares",
    "coupons",
    "refunds",
    "compensation",
    "penalties",
    "bonuses",
    "waived",
    "tax",
    "paid_out",
    "difference",
]
"""Of the platform: fees that were let off are `waived`, what a count of a till did not agree with is `difference`."""

BUCKETS: tuple[Bucket, ...] = ("frozen", "available", "withdrawing", "paid", "deposit", "cash")


class Entry(NamedTuple):
    """An amount (minor units) on an account: debit above zero, credit below."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One balanced transaction. Its id is derived from what caused it, so that nothing is posted twice.

    `cause` is a code of what happened (`capture`, `charge`, `share`…), `order` whom it is about, `reverses` the posting
    that it takes back.
    """

    id: str
    cause: str
    currency: str
    entries: tuple[Entry, ...]
    order: str | None = None
    reverses: str | None = None


def posting(
    cause: str,
    id: str,
    currency: str,
    entries: Iterable[tuple[str, int]],
    order: str | None = None,
    reverses: str | None = None,
) -> Posting:
    """A posting of (account, amount) pairs; equal accounts are one entry, zeros are left out.

    Raises ValueError (a fault of ours) where the sum is not zero or nothing is left.
    """
    sums: dict[str, int] = {}
    for account, amount in entries:
        sums[account] = sums.get(account, 0) + amount
    made = tuple([Entry(account, amount) for account, amount in sums.items() if amount])
    if sum(sums.values()) or len(made) < 2:
        raise ValueError(f"{id} is not balanced: {sums}")
    return Posting(id=id, cause=cause, currency=currency, entries=made, order=order, reverses=reverses)


def reversal(of: Posting, id: str) -> Posting:
    """The posting that takes another one back, entry by entry."""
    entries = tuple(Entry(each.account, -each.amount) for each in of.entries)
    return Posting(
        id=id, cause="reverse", currency=of.currency, entries=entries, order=of.order, reverses=of.id
    )


def sums(postings: Iterable[Posting]) -> dict[str, int]:
    """What postings leave on each account, all of one currency."""
    found: dict[str, int] = {}
    for made in postings:
        for each in made.entries:
            found[each.account] = found.get(each.account, 0) + each.amount
    return found


def customer(id: str) -> str:
    """What a customer owes (above zero), or has paid without owing it."""
    return f"customer:{id}"


def technician(id: str, bucket: Bucket) -> str:
    """One of a technician's accounts."""
    return f"technician:{bucket}:{id}"


def till(store: str) -> str:
    """The cash in a counter's till; "" is the office, which has no counter."""
    return f"till:{store}"


def provider(name: ProviderName) -> str:
    """What whoever carries payments holds for us: a payment company, the card terminal, the bank account."""
    return f"provider:{name}"


def platform(what: What) -> str:
    """One of the company's own accounts."""
    return f"platform:{what}"
