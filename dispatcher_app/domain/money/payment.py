"""Payments: money that a customer gives for an order, from its beginning until it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Means = Literal["cash", "card", "transfer", "other", "wechat", "alipay", "deposit"]
PaymentState = Literal["starting", "pending", "captured", "closed", "failed", "attention"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment (minor units); its id is the provider's key of it, for cash the id of the act that recorded it.

    Cash is with a `technician` or in the till of a `store` ("" is the office); `refunded` is what was paid back of it
    or is on its way back. `payable_until` (UTC ms) is when a code to pay by runs out.
    """

    kind: ClassVar[str] = "payment"
    id: str
    region: str
    version: int = 0
    order: str
    amount: int
    currency: str
    means: Means
    state: PaymentState = "starting"
    created_at: int
    provider_ref: str = ""
    technician: str | None = None
    store: str | None = None
    receipt: str = ""
    captured_at: int | None = None
    payable_until: int | None = None
    refunded: int = 0
    problem: str = ""
