"""The words for codes of money between us and technicians."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from dispatcher_app.domain.calendar import local_date, next_date
from dispatcher_app.domain.money.statement import Settlement
from dispatcher_app.text import t
from ui import format, name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

EMPLOYMENTS: Final[Mapping[str, str]] = {
    "contractor": "Contractor##employment",
    "partner": "Partner firm##employment",
    "employee": "Employee##employment",
}
BUCKETS: Final[Mapping[str, str]] = {
    "frozen": "Frozen##bucket",
    "available": "Available##bucket",
    "withdrawing": "Being paid out##bucket",
    "deposit": "Deposit##bucket",
    "cash": "Customers' cash##bucket",
    "paid": "Paid out##bucket",
}
CAUSES: Final[Mapping[str, str]] = {
    "share": "Share earned##line",
    "release": "Share released##line",
    "freeze": "Share frozen again##line",
    "share_cut": "Share cut by a refund##line",
    "reverse": "Reversed##line",
    "settle": "Cash netted, tax withheld##line",
    "capture": "Cash from a customer##line",
    "cash_in": "Cash handed in##line",
    "bank_cash": "Cash paid into the bank##line",
    "withdrawal": "Withdrawal asked for##line",
    "withdrawal_paid": "Withdrawal paid##line",
    "withdrawal_failed": "Withdrawal not paid##line",
    "withdrawal_returned": "Withdrawal sent back##line",
    "deduction": "Deduction##line",
    "deduction_reversed": "Deduction taken back##line",
    "deposit": "Deposit paid##line",
    "deposit_out": "Deposit given back##line",
    "deposit_deduction": "Deduction from the deposit##line",
    "deposit_deduction_reversed": "Deduction from the deposit taken back##line",
    "bonus": "Bonus##line",
}
STATES: Final[Mapping[str, str]] = {
    "asked": "To approve##withdrawal",
    "approved": "To send##withdrawal",
    "sending": "At the bank##withdrawal",
    "paid": "Paid##withdrawal",
    "failed": "Not paid##withdrawal",
    "returned": "Sent back##withdrawal",
    "rejected": "Rejected##withdrawal",
    "recalled": "Taken back##withdrawal",
}
WAYS: Final[Mapping[str, str]] = {"bank": "Bank card##way", "wechat": "WeChat wallet##way"}
DEDUCTED: Final[Mapping[str, str]] = {
    "made": "Deducted##deduction",
    "appealed": "Appeal to decide##deduction",
    "upheld": "Appeal turned down##deduction",
    "reversed": "Given back##deduction",
}
WHY_DEDUCTED: Final[Mapping[str, str]] = {
    "damage": "Damage at a customer's##deduct",
    "private_job": "Took a job past us##deduct",
    "overcharged": "Asked for too much##deduct",
    "no_show": "Did not come##deduct",
    "parts_missing": "Parts missing##deduct",
    "complaint": "Upheld complaint##deduct",
    "other": "Something else##deduct",
}
WHY_REJECTED: Final[Mapping[str, str]] = {
    "card_doubtful": "Card or wallet is doubtful##reject",
    "complaint_open": "A complaint is open##reject",
    "amount_doubtful": "Amount to be checked##reject",
    "other": "Something else##reject",
}
WHY_NOT_PAID: Final[Mapping[str, str]] = {
    "name_differs": "Name differs from the account's##bank",
    "account_closed": "Account closed or frozen##bank",
    "account_wrong": "Account number is wrong##bank",
    "limit_exceeded": "Over the bank's limit##bank",
    "other": "Something else##bank",
}
WHY_BACK: Final[Mapping[str, str]] = {"leaves": "He leaves us##deposit", "other": "Something else##deposit"}
REASONS: Final[Mapping[str, str]] = {**WHY_DEDUCTED, **WHY_REJECTED, **WHY_NOT_PAID}


def word(words: Mapping[str, str], code: str) -> str:
    """A code in words; one that nobody has named stands as it is."""
    return t(words[code]) if code in words else code


def money(session: Session, amount: int) -> str:
    """An amount of the region's currency."""
    return format.money(amount, name.currency(session))


def nonzero(session: Session, amount: int) -> str:
    """An amount, nothing where there is none: a column of zeros hides what counts."""
    return money(session, amount) if amount else ""


def date(session: Session, at: int | None) -> str:
    """The local date of a moment."""
    return local_date(at, session.timezone) if at is not None else ""


def span(first: str, until: str) -> str:
    """A period by its first and last day."""
    return f"{first} – {next_date(until, -1)}"


def progress(run: Settlement) -> str:
    """How far a run is."""
    if run.state == "done":
        return t("Done##settlement")
    return t("{done} of {all}##settlement", done=run.done, all=run.technicians or "…")
