"""Where a provider's bill and our books differ, until somebody has looked into it; and the bills that were read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from dispatcher_app.domain.money.payment import Electronic

Difference = Literal["ours_only", "theirs_only", "amount_differs", "currency_differs"]
Moved = Literal["payment", "refund"]
How = Literal["difference", "order", "none"]
"""Posted to the account of differences; taken for the order that it was meant for; nothing is to be posted."""
DifferenceReason = Literal[
    "other_system",
    "late_bill",
    "provider_error",
    "our_error",
    "paid_twice",
    "customer_underpaid",
    "looked_up",
    "other",
]

DIFFERENCES: tuple[Difference, ...] = get_args(Difference)
HOWS: tuple[How, ...] = get_args(How)
DIFFERENCE_REASONS: tuple[DifferenceReason, ...] = get_args(DifferenceReason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One difference: what we have (`ours`) and what the provider says (`theirs`), minor units; 0 is nothing.

    `key` is the number of ours that the bill names, `reference` the provider's; `id` is derived from them, so that the
    same difference is found once.
    """

    id: str
    what: Difference
    moved: Moved = "payment"
    payment: str | None = None
    refund: str | None = None
    order: str | None = None
    key: str = ""
    reference: str = ""
    ours: int = 0
    theirs: int = 0
    currency: str = "CNY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """A difference that somebody has to settle. `booked` is what settling it posted (minor units)."""

    kind: ClassVar[str] = "discrepancy"
    id: str
    region: str
    version: int = 0
    provider: Electronic
    date: str
    what: Difference
    moved: Moved = "payment"
    payment: str | None = None
    refund: str | None = None
    order: str | None = None
    key: str = ""
    reference: str = ""
    ours: int = 0
    theirs: int = 0
    currency: str
    found_at: int
    state: Literal["open", "settled"] = "open"
    how: How | None = None
    reason: str = ""
    note: str = ""
    booked: int = 0
    settled_by: str = ""
    closed_at: int | None = None

    @property
    def gap(self) -> int:
        """How much more the provider has of ours than our books say (minor units); less is below zero."""
        more = self.theirs - self.ours
        return more if self.moved == "payment" else -more


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A provider's bill of a local date as it was read last: what it comes to (minor units), and who read it."""

    kind: ClassVar[str] = "bill"
    id: str
    region: str
    version: int = 0
    provider: Electronic
    date: str
    digest: str
    payments: int
    paid: int
    refunds: int
    refunded: int
    fees: int = 0
    currency: str = "CNY"
    differences: int = 0
    read_at: int
    read_by: str
    closed_at: int | None = None


def bill_id(provider: str, region: str, date: str) -> str:
    """The one bill of a provider and a date in a region."""
    return f"{provider}:{region}:{date}"
