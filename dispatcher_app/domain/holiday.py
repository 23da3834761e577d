"""Public holidays and the working days that make up for them, by year, as administrators keep them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from dispatcher_app.domain.book import DayKind
from dispatcher_app.domain.entity import PLATFORM


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A local date that is not what its weekday says: a holiday, or a working day at a weekend (调休)."""

    date: str
    kind: Literal["holiday", "workday"]
    name: str
    name_en: str = ""


@dataclass(frozen=True, kw_only=True)
class HolidayYear:
    """The special days of a year; its id is the year. Where there is none, weekdays decide and the price says so."""

    kind: ClassVar[str] = "holiday_year"
    id: str
    region: str = PLATFORM
    version: int = 0
    days: tuple[SpecialDay, ...] = ()
    source: str = ""

    @cached_property
    def by_date(self) -> dict[str, SpecialDay]:
        """The special days by their date."""
        return {each.date: each for each in self.days}


def day_kind(year: HolidayYear | None, date: str, weekday: int) -> DayKind:
    """What a local date is: a holiday or a working day as the year has it, else as its weekday (0 is Monday) says."""
    special = year.by_date.get(date) if year is not None else None
    if special is not None:
        return special.kind
    return "weekend" if weekday >= 5 else "workday"
