"""Statements: what a technician got in a week or a month, as sums of the ledger between two numbers of its log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.money.account import Account, Balances, Total
from dispatcher_app.domain.money.ledger import BUCKETS, Bucket, technician
from dispatcher_app.domain.money.period import Cadence, Period
from dispatcher_app.domain.money.terms import TaxBand, tax_of
from dispatcher_app.domain.technician import Employment

SETTLE = "settle"
"""The kind of posting that a statement makes itself."""
DIRECT: frozenset[str] = frozenset({
    "withdrawal", "withdrawal_paid", "withdrawal_failed", "withdrawal_returned", "deduction", "deduction_reversed",
    "deposit", "deposit_out", "deposit_deduction", "deposit_deduction_reversed",
})  # fmt: skip
"""What is earned by none of these: they move what is settled already, or take away from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One run over a region for a period: begun by a person, done technician by technician, then over.

    `upto` is the number of the last act that counts. `done` statements are made, `left_out` had nothing to say.
    """

    kind: ClassVar[str] = "settlement"
    id: str
    region: str
    version: int = 0
    cadence: Cadence
    period: str
    first: str
    until: str
    upto: int
    currency: str
    state: Literal["running", "done"] = "running"
    begun_at: int
    by: str
    technicians: int = 0
    done: int = 0
    earned: int = 0
    tax: int = 0
    netted: int = 0
    payable: int = 0
    ended_at: int | None = None

    @property
    def closed_at(self) -> int | None:
        """When it was over (UTC ms)."""
        return self.ended_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One technician's statement (minor units); its lines are the ledger's entries after `after`, up to `upto`.

    `opening` and what `totals` say make what stood at `upto`; with the netted cash and the tax that is `closing`.
    `previous` is the one before; `income` is what he earned in the period, `payable` what is settled and can be
    withdrawn from now on.
    """

    kind: ClassVar[str] = "statement"
    id: str
    region: str
    version: int = 0
    settlement: str
    previous: str = ""
    technician: str
    employment: Employment
    period: str
    first: str
    until: str
    currency: str
    after: int
    upto: int
    opening: Balances
    totals: tuple[Total, ...]
    income: int
    tax: int
    netted: int
    closing: Balances
    payable: int
    at: int

    @property
    def closed_at(self) -> int | None:
        """A statement is over as it is made (UTC ms)."""
        return self.at


def settlement_id(region: str, period: Period) -> str:
    """One run a region and period."""
    return f"{region}:{period.name}"


def statement_id(settlement: str, technician: str) -> str:
    """One statement a run and technician."""
    return f"{settlement}:{technician}"


def accounts_of(id: str) -> dict[str, Bucket]:
    """The accounts of a technician in the ledger, with their buckets."""
    return {technician(id, each): each for each in BUCKETS if each != "paid"}


def theirs(bucket: Bucket, amount: int) -> int:
    """An amount of the ledger from a technician's side: what we owe him he has, cash in his pocket he owes us."""
    return amount if bucket == "cash" else -amount


def moved(opening: Balances, totals: Iterable[Total]) -> Balances:
    """What stands in the buckets after all that."""
    sums: dict[str, int] = {each: getattr(opening, each) for each in BUCKETS if each != "paid"}
    for each in totals:
        sums[each.bucket] += each.amount
    return Balances(**sums)


def added(turnover: Iterable[Total], totals: Iterable[Total]) -> tuple[Total, ...]:
    """What each kind has come to with these."""
    sums: dict[tuple[str, Bucket], tuple[int, int]] = {}
    for each in (*turnover, *totals):
        amount, count = sums.get((each.what, each.bucket), (0, 0))
        sums[each.what, each.bucket] = (amount + each.amount, count + each.count)
    return tuple(Total(what, bucket, *sum_) for (what, bucket), sum_ in sorted(sums.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What settling comes to: earned in the period, withheld, netted, what stands then, what can be withdrawn."""

    income: int
    month_income: int
    withheld: int
    tax: int
    netted: int
    closing: Balances
    settled: int


def reckon(
    account: Account, totals: tuple[Total, ...], month: str, bands: tuple[TaxBand, ...], cash_now: int | None = None,
    available_now: int | None = None,
) -> Reckoned:  # fmt: skip
    """What a statement of these totals comes to.

    Tax is that of the month so far less what was withheld of it; never more than what is there, the rest follows with the
    next statement. Cash is netted as far as money is available; what has been handed in or paid out since (`_now`) is
    heeded. What comes of it was worked out here and nowhere else, for the preview and for the run.
    """
    stood = moved(account.closing, totals)
    income = sum(
        each.amount
        for each in totals
        if each.bucket == "available" and each.what not in DIRECT and each.what != SETTLE
    )
    former, withheld = (account.income, account.withheld) if account.month == month else (0, 0)
    available = max(0, min(stood.available, stood.available if available_now is None else available_now))
    tax = max(0, min(tax_of(bands, former + income) - withheld, available))
    owed = max(0, min(stood.cash, stood.cash if cash_now is None else cash_now))
    netted = min(owed, available - tax)
    closing = Balances(
        frozen=stood.frozen, available=stood.available - tax - netted, withdrawing=stood.withdrawing,
        deposit=stood.deposit, cash=stood.cash - netted,
    )  # fmt: skip
    return Reckoned(
        income=income, month_income=former + income, withheld=withheld + tax, tax=tax, netted=netted, closing=closing,
        settled=account.settled + income - tax - netted,
    )  # fmt: skip


def withdrawable(account: Account, available: int, cash: int) -> int:
    """What he can have paid out: what is settled, as far as it is still available and no customer's cash is owed."""
    return max(0, min(account.settled, available - max(0, cash)))
