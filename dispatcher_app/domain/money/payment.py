"""Payments: money that a customer gives for an order, from its beginning until it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Means = Literal["cash", "card", "transfer", "other", "wechat", "alipay", "deposit"]
Electronic = Literal["wechat", "alipay"]
"""Means by which the customer scans a code, and a company elsewhere says whether he has paid."""
PaymentState = Literal["starting", "pending", "captured", "closed", "failed", "attention"]

WATCHED_MS = 15 * 60_000
"""So long after its end a payment that was closed is asked about: a code that nobody had scanned can't be taken back."""
CODE = "code"
"""The secret field of a payment that holds the text of its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment (minor units); its id is the provider's key of it, for cash the id of the act that recorded it.

    Cash is with a `technician` or in the till of a `store` ("" is the office); `refunded` is what was paid back of it
    or is on its way back. `payable_until` (UTC ms) is when a code to pay by runs out; the code itself is a secret beside
    it. `closing` says that somebody wants it closed, which only the provider can do; `problem` is a code of what went
    wrong, `said` the provider's own word for it.
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
    closing: bool = False
    problem: str = ""
    said: str = ""
    closed_at: int | None = None

    @property
    def over_at(self) -> int | None:
        """When it was captured, or from when on nothing more can come of it; None while something still can."""
        if self.state == "captured":
            return self.captured_at
        if self.state in ("closed", "failed") and self.closed_at is not None:
            return max(self.closed_at, (self.payable_until or 0) + WATCHED_MS)
        return None
