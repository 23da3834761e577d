"""Quotes on site and at the bench."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dispatcher_app.domain.order import Confirmation

QUOTE_REASONS = ("extra_fault", "part_needed", "other_fault", "customer_wish", "price_error", "other")
"""Why a quote is made anew; `other` needs a note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedLine:
    """A line of a quote; `labour` (minor units, one piece) only where it is not the price book's."""

    item: str
    fault: str | None = None
    brand: str = ""
    model: str = ""
    quantity: int = 1
    labour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedPart:
    """A part of a quote; `price` (minor units, one) only where it is not the price book's."""

    part: str
    quantity: int = 1
    line: int = 0
    used: bool = False
    price: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseQuote:
    """Another quote, to be confirmed by the customer before work goes on; `number` is the revision's, so that two
    people never both write the third. `note` is kept as a note of the order.
    """

    order: str
    number: int
    lines: tuple[QuotedLine, ...]
    parts: tuple[QuotedPart, ...] = ()
    discount: int = 0
    reason: str
    photos: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmQuote:
    """The customer agrees: by the code he was sent, on his page, or in a call-back by staff."""

    order: str
    number: int
    confirmation: Confirmation
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineQuote:
    """The customer does not want it repaired at that price, or there is nothing to repair."""

    order: str
    number: int
    result: Literal["declined", "no_fault", "not_repairable"] = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawQuote:
    """A quote taken back before the customer has answered."""

    order: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseQuote:
    """The customer has not answered in time; only the system says so."""

    order: str
    number: int
    lapses_at: int
