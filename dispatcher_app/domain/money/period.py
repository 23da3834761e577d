"""The weeks and months that are settled; days are a region's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dispatcher_app.domain.calendar import is_date, local_date, midnight

Cadence = Literal["weekly", "monthly"]
CADENCES: tuple[Cadence, ...] = ("weekly", "monthly")


@dataclass(frozen=True, slots=True)
class Period:
    """A week or a month: its name (`2026-W47`, `2026-11`), its first day and the day after its last."""

    name: str
    first: str
    until: str

    def ends_at(self, timezone: str) -> int:
        """The moment (UTC ms) at which it is over."""
        return midnight(self.until, timezone)

    @property
    def month(self) -> str:
        """The month (`2026-11`) of its last day, to which its tax is reckoned."""
        return (date.fromisoformat(self.until) - timedelta(days=1)).isoformat()[:7]


def period_of(day: str, cadence: Cadence) -> Period:
    """The period that a local day lies in."""
    when = date.fromisoformat(day)
    if cadence == "weekly":
        first = when - timedelta(days=when.weekday())
        year, week, _ = first.isocalendar()
        return Period(f"{year}-W{week:02d}", first.isoformat(), (first + timedelta(days=7)).isoformat())
    first = when.replace(day=1)
    until = (first + timedelta(days=32)).replace(day=1)
    return Period(f"{first:%Y-%m}", first.isoformat(), until.isoformat())


def before(period: Period, cadence: Cadence) -> Period:
    """The period before."""
    return period_of((date.fromisoformat(period.first) - timedelta(days=1)).isoformat(), cadence)


def last_over(now: int, cadence: Cadence, timezone: str) -> Period:
    """The newest period that is over."""
    return before(period_of(local_date(now, timezone), cadence), cadence)


def first_day(day: str, cadence: Cadence) -> bool:
    """Whether a text is the first day of such a period."""
    return is_date(day) and period_of(day, cadence).first == day
