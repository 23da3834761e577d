"""Public holidays and the working days that make up for them, by year, as administrators keep them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.entity import PLATFORM


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A local date that is not what its weekday says: a holiday, or a working day at a weekend (调休)."""

    date: str
    kind: Literal["holiday", "workday"]
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayYear:
    """The special days of a year; its id is the year. Where there is none, weekdays decide and the price says so."""

    kind: ClassVar[str] = "holiday_year"
    id: str
    region: str = PLATFORM
    version: int = 0
    days: tuple[SpecialDay, ...] = ()
    source: str = ""
