"""Between which moments a start for an order is looked for."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.calendar import local_date, midnight, next_date
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Region

OPEN_DAYS = 3
"""How many dates are searched for an order without a promise, and after a promise that nobody can keep."""


@dataclass(frozen=True, slots=True)
class Span:
    """Between which moments a start is looked for, on which dates, and where one is looked for after that."""

    earliest: int
    latest: int
    dates: tuple[str, ...]
    later: tuple[str, ...]
    overdue: bool = False


def span_of(order: Order, region: Region, now: int, date: str | None = None) -> Span:
    """The promised window while it runs; else from now on; else the date that is asked for."""
    today = local_date(now, region.timezone)
    window = order.window
    if date is None and window is not None and window.end >= now:
        first = local_date(max(window.start, now), region.timezone)
        last = local_date(window.end, region.timezone)
        dates: tuple[str, ...] = (first,) if first == last else (first, last)
        later = tuple(next_date(last, each) for each in range(1, OPEN_DAYS))
        return Span(max(window.start, now), window.end, dates, later)
    first = max(date or today, today)
    dates = (first,) if date else tuple(next_date(first, each) for each in range(OPEN_DAYS))
    latest = midnight(next_date(dates[-1]), region.timezone)
    overdue = date is None and window is not None
    later = tuple(next_date(dates[-1], each) for each in range(1, OPEN_DAYS)) if date else ()
    return Span(max(now, midnight(first, region.timezone)), latest, dates, later, overdue)
