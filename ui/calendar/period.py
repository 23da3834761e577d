"""What a calendar shows: a month, a week or a day, and the columns it is cut into."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

from dispatcher_app.domain.calendar import midnight, next_date
from dispatcher_app.domain.region import Policy
from dispatcher_app.planning.capacity import Slot, date_slot
from dispatcher_app.planning.windows import grid
from dispatcher_app.text import t
from ui import format

View = Literal["month", "week", "day"]
VIEWS: Final[dict[View, str]] = {
    "month": "Month##calendar", "week": "Week##calendar", "day": "Day##calendar",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """The month, the week (from Monday) or the day around a local date."""

    view: View
    date: str

    @property
    def dates(self) -> tuple[str, ...]:
        """Its local dates, in order."""
        day = date.fromisoformat(self.date)
        if self.view == "day":
            return (self.date,)
        if self.view == "week":
            first, count = day - timedelta(days=day.weekday()), 7
        else:
            first = day.replace(day=1)
            count = (_months_on(first, 1) - first).days
        return tuple((first + timedelta(days=each)).isoformat() for each in range(count))

    def step(self, by: int) -> Period:
        """So many periods later, or earlier below zero; the day of the month stays where the month has it."""
        day = date.fromisoformat(self.date)
        if self.view == "month":
            first = _months_on(day.replace(day=1), by)
            last = _months_on(first, 1) - timedelta(days=1)
            return replace(self, date=min(first.replace(day=min(day.day, last.day)), last).isoformat())
        return replace(self, date=next_date(self.date, by * (7 if self.view == "week" else 1)))

    def slots(self, policy: Policy, timezone: str) -> tuple[Slot, ...]:
        """Its columns: dates, or the parts of the one date in which visits may begin."""
        if self.view != "day":
            return tuple(date_slot(each, timezone) for each in self.dates)
        windows = grid(self.date, policy, timezone)
        begin, end = midnight(self.date, timezone), midnight(next_date(self.date), timezone)
        edges = sorted({begin, *(each.start for each in windows), *(each.end for each in windows[-1:]), end})
        return tuple(Slot(self.date, one, other, part=True) for one, other in pairwise(edges))

    def title(self, now: int, timezone: str) -> str:
        """What people call it."""
        first, last = self.dates[0], self.dates[-1]
        if self.view == "month":
            return t("{year}-{month}##calendar", year=first[:4], month=first[5:7])
        if self.view == "day":
            return dated(first)
        return f"{dated(first)} – {dated(last)}"


def dated(day: str) -> str:
    """A date with its weekday: "周一 2026-11-23"."""
    return f"{format.weekday(date.fromisoformat(day).weekday())} {day}"


def _months_on(first: date, by: int) -> date:
    """The first of the month that many months later."""
    count = first.year * 12 + first.month - 1 + by
    return date(min(max(count // 12, 1), 9999), count % 12 + 1, 1)
