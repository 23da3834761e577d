"""Refunds and compensation: proposed, decided by a person, sent by the system or paid at the counter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dispatcher_app.domain.money.refund import RefundReason, Way, What
from dispatcher_app.domain.order import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPart:
    """One amount (minor units) of a proposal: the payment that it goes back to, None for compensation; and how."""

    refund: str
    amount: int
    payment: str | None = None
    way: Way = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRefund:
    """Money for a customer: what for, why, on whose account, by which rule of the trade ("": a person's own word).

    `lines` are those that were not done; `claim` is the insurer's number of a claim; `complaint` the ticket that asks.
    """

    order: str
    what: What = "refund"
    reason: RefundReason
    side: Side
    rule: str = ""
    lines: tuple[int, ...] = ()
    parts: tuple[RefundPart, ...]
    claim: str = ""
    complaint: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRefund:
    """A second person agrees to what a colleague has proposed; `amount` (minor units) is the sum that he saw."""

    order: str
    refunds: tuple[str, ...]
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectRefund:
    """A second person says no, with a reason code."""

    order: str
    refunds: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRefund:
    """A refund that nobody has been asked to pay yet is taken back."""

    order: str
    refunds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRefund:
    """It is about to be asked of whoever carried the payment, for the time after `tries`."""

    order: str
    refund: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRefund:
    """What came of asking `tries` times: money back, refused for good, or nobody knows; finance says so by hand.

    `fault` is a code of why not; `provider_ref` is the number under which the provider keeps it.
    """

    order: str
    refund: str
    tries: int
    result: Literal["done", "failed", "attention"]
    provider_ref: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRefund:
    """Try again what failed or wants attention; after a refusal another way may be taken."""

    order: str
    refund: str
    tries: int
    way: Way = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRefund:
    """Paid by hand: cash from the till of a `store` ("" is the office), card at the terminal, or a transfer made."""

    order: str
    refund: str
    amount: int
    store: str = ""
    receipt: str = ""
