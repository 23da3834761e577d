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
