"""Settling with technicians: statements, withdrawals, deductions, deposits, and where their money goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dispatcher_app.domain.money.account import Total, Way
from dispatcher_app.domain.money.deduction import Source
from dispatcher_app.domain.money.period import Cadence
from dispatcher_app.domain.money.withdrawal import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSettlement:
    """Settle a period with everybody; `first` is its first day (Monday, or the first of a month).

    `upto` is the number of the last act that counts, which only the server knows.
    """

    cadence: Cadence
    first: str
    upto: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleTechnician:
    """One technician's statement of a run: what the ledger says of him between two numbers of the log."""

    settlement: str
    technician: str
    after: int
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishSettlement:
    """How far a run is (statements, and what they come to in minor units), and whether it is over."""

    settlement: str
    technicians: int
    done: int
    earned: int
    tax: int
    netted: int
    payable: int
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawal:
    """A technician wants settled money (minor units) on his card or in his wallet; staff may ask on his behalf."""

    withdrawal: str
    technician: str
    amount: int
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveWithdrawal:
    """Somebody else than who asked, and than who entered the card, agrees."""

    withdrawal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectWithdrawal:
    """It is not paid out, for a coded reason; he has the money again."""

    withdrawal: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallWithdrawal:
    """Whoever asked does not want it any more; as long as it isn't sent."""

    withdrawal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendWithdrawals:
    """Approved withdrawals go out together: in a file of that name for the bank, or by the provider."""

    batch: str
    withdrawals: tuple[str, ...]
    channel: Channel = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWithdrawal:
    """What the bank or the provider says: paid, failed before it was, or sent back after it was; why, as a code."""

    withdrawal: str
    outcome: Literal["paid", "failed", "returned"]
    reason: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveWay:
    """Where a technician's money goes: the number of his card and its bank, or his wallet; secrets, sent singly."""

    technician: str
    way: Way
    number: str = field(repr=False)
    bank: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduct:
    """Money (minor units) taken off a technician, with what happened and what proves it."""

    deduction: str
    technician: str
    amount: int
    source: Source = "available"
    reason: str
    text: str
    order: str | None = None
    complaint: str | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDeduction:
    """The technician does not agree, and says why; staff may write it down for him."""

    deduction: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAppeal:
    """The deduction stands, or he gets the money back; somebody else than who deducted says so, and why."""

    deduction: str
    granted: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayDeposit:
    """A contractor's deposit (质保金, minor units): given in cash at a counter, sent to our bank, or of what he has."""

    deposit: str
    technician: str
    amount: int
    means: Literal["cash", "transfer", "available"]
    store: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDeposit:
    """Some or all of a deposit is his again, and can be withdrawn."""

    deposit: str
    technician: str
    amount: int
    reason: str
