"""Money: what technicians earn, fees that are let off, and the tills of the counters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseShare:
    """The time is over for which the shares of an order were frozen."""

    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitShare:
    """How the technicians of a visit part what it brings: percents (technician, percent) that make a hundred."""

    order: str
    percents: tuple[tuple[str, int], ...]
    from_percents: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveFee:
    """A supervisor lets off what is still unpaid of a cancellation's fee (`fee`, minor units), for a coded reason."""

    order: str
    fee: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTill:
    """Somebody answers for a store's till from now on; `counted` (minor units) is what he found in it.

    What a till is opened with for the first time is the company's own money, from its bank account.
    """

    store: str
    counted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTill:
    """The till is counted and closed (`counted`, minor units); `expected` is what the desk has shown beside it."""

    store: str
    counted: int
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCash:
    """Cash of a till that is brought to the bank (minor units)."""

    store: str
    amount: int
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandInCash:
    """Customers' cash that a technician brings to a till (minor units)."""

    technician: str
    store: str
    amount: int
    receipt: str = ""
