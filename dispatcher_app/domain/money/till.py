"""The till of a counter: what should lie in it, who answers for it, and its own series of receipts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dispatcher_app.domain.act import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """The till of a store ("" is the office). `cash` is what should lie in it (minor units): its account in the ledger.

    While it is open, `by` answers for it since `opened_at`; `taken`, `given`, `card` and `payments` count what was
    taken in cash, given out, taken by card and how often, since then. `receipt` is the last number of its series.
    """

    kind: ClassVar[str] = "till"
    id: str
    region: str
    version: int = 0
    store: str
    cash: int = 0
    by: str = ""
    opened_at: int | None = None
    begun_with: int = 0
    taken: int = 0
    given: int = 0
    card: int = 0
    payments: int = 0
    receipt: int = 0
    closed_at: int | None = None
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TillCount:
    """A till counted when it was closed (minor units): what should have been in it, and what was."""

    kind: ClassVar[str] = "till_count"
    id: str
    region: str
    version: int = 0
    store: str
    by: str
    opened_at: int
    closed_at: int
    begun_with: int
    taken: int
    given: int
    card: int
    payments: int
    expected: int
    counted: int
    difference: int


def till_id(region: str, store: str) -> str:
    """The till of a store of a region."""
    return f"{region}:{store}"


def till_of(facts: Facts, region: str, store: str) -> Till:
    """The till of a store, as it is before anybody has ever opened it."""
    id = till_id(region, store)
    return facts.get(Till, id) or Till(id=id, region=region, store=store)


def receipt_named(till: Till, number: int) -> str:
    """A receipt of the till's own series: the store's id and a number."""
    series = "".join(letter for letter in till.store.upper() if letter.isascii() and letter.isalnum())
    return f"{series or 'R'}-{number:05d}"


def next_receipt(till: Till) -> str:
    """The number that its next receipt has."""
    return receipt_named(till, till.receipt + 1)


def number_of(till: Till, receipt: str) -> int | None:
    """The place of a receipt in the till's series, None for one that is not of it."""
    digits = receipt.rpartition("-")[2]
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 9:
        return None
    number = int(digits)
    return number if number > 0 and receipt == receipt_named(till, number) else None
