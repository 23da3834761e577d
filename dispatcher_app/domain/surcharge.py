"""Night, holiday and period: what the price book adds or takes off by when the promised window begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatcher_app.domain.book import PriceBook, TimeRule
from dispatcher_app.domain.calendar import zone
from dispatcher_app.domain.holiday import HolidayYear, day_kind
from dispatcher_app.domain.order import QuoteLine, Window


@dataclass(frozen=True, slots=True)
class Moment:
    """When a window begins by the clocks of its region; `sure` unless the year's holidays were wanted and not known."""

    date: str
    minute: int
    day: str
    sure: bool


def half_up(amount: int, percent: int) -> int:
    """That many percent of an amount, rounded half up to the minor unit."""
    return (amount * percent + 50) // 100


def moment_of(
    window: Window | None, book: PriceBook, timezone: str, years: Mapping[str, HolidayYear]
) -> Moment | None:
    """What local clock and calendar say when the window begins, None without a window."""
    if window is None:
        return None
    local = datetime.fromtimestamp(window.start / 1000, zone(timezone))
    date = local.date().isoformat()
    minute = local.hour * 60 + local.minute
    if not by_day(book):
        return Moment(date, minute, "", True)
    year = years.get(date[:4])
    return Moment(date, minute, day_kind(year, date, local.weekday()), year is not None)


def by_day(book: PriceBook) -> bool:
    """Whether anything in the book depends on holidays and weekends."""
    return any(rule.days for rule in book.times)


def surcharges(book: PriceBook, moment: Moment | None, labour: int) -> list[QuoteLine]:
    """An amount for each rule that holds then; reductions never take more than the labour they are made on."""
    made: list[QuoteLine] = []
    if moment is None:
        return made
    left = labour
    for rule in book.times:
        if hinders(rule, moment) is None:
            amount = max(half_up(labour, rule.percent) + rule.amount, -left)
            left += min(amount, 0)
            params = {"rule": rule.id, "name": rule.name, "name_en": rule.name_en, "percent": rule.percent}
            made.append(QuoteLine(what=rule.kind, amount=amount, reason=rule.kind, params=params))
    return made


def hinders(rule: TimeRule, moment: Moment) -> tuple[str, dict[str, Any]] | None:
    """Why a rule does not hold at that moment (a code and what its sentence needs), None where it does."""
    if not in_dates(moment.date, rule.first_date, rule.last_date):
        return "other_date", {"date": moment.date, "first": rule.first_date, "last": rule.last_date}
    if rule.days and moment.day not in rule.days:
        return "other_day", {"day": moment.day, "days": list(rule.days)}
    begin, end = rule.from_minute, rule.to_minute
    inside = begin <= moment.minute < end if begin < end else moment.minute >= begin or moment.minute < end
    return None if inside else ("other_hour", {"minute": moment.minute, "from": begin, "to": end})


def in_dates(date: str, first: str | None, last: str | None) -> bool:
    """Whether a local date lies between two, both included."""
    return (first is None or first <= date) and (last is None or date <= last)
