"""Payments by a code on a screen: asked of WeChat Pay or Alipay, told by them, and compared with their bills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dispatcher_app.domain.money.discrepancy import Found, How
from dispatcher_app.domain.money.payment import Electronic


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPayment:
    """The customer wants to pay so much (minor units) with his telephone; `payment` is a fresh UUID."""

    payment: str
    order: str
    amount: int
    means: Electronic
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOffered:
    """The provider has given the text of the code that the customer scans; it stands in no log."""

    payment: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturePayment:
    """The provider, asked by us, says that it is paid: how much, under which number of his, when (UTC ms)."""

    payment: str
    amount: int
    currency: str
    reference: str
    captured_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePayment:
    """Nobody is to pay it any more: a person asks for it, then the provider has closed it or its time is over."""

    payment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailPayment:
    """The provider will not take it (`problem`, a code, and his own in `said`), or what was paid is not what was asked.

    With a `reference` money is there, `amount` in `currency`: somebody has to look.
    """

    payment: str
    problem: str
    said: str = ""
    amount: int = 0
    currency: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBill:
    """A provider's bill of a local date was read: what it comes to, and where it and our books differ."""

    provider: Electronic
    date: str
    digest: str
    payments: int
    paid: int
    refunds: int
    refunded: int
    fees: int = 0
    currency: str = "CNY"
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDifference:
    """Finance has looked into a difference: `how` says what is posted, `reason` is a code, `note` a number of theirs."""

    discrepancy: str
    how: How
    reason: str
    note: str = ""


Refusal = Literal["no_provider", "refused", "amount_differs", "currency_differs"]
