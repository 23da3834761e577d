"""Technicians (师傅): what they can do, when they work, how they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from dispatcher_app.domain.place import Point
from dispatcher_app.domain.talk import Figures

TechnicianStatus = Literal["online", "busy", "offline"]
Employment = Literal["employee", "contractor", "partner"]
Span = tuple[int, int]
"""From when to when, in minutes from local midnight."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Working time on one weekday (Monday is 0), in minutes from local midnight."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ShiftException:
    """Working time on one date instead of the weekly pattern; no times means a day off, `more` is after a break."""

    date: str
    start: int | None = None
    end: int | None = None
    more: tuple[Span, ...] = ()

    @property
    def hours(self) -> tuple[Span, ...]:
        """All spans of it, in order of time."""
        first = () if self.start is None or self.end is None else ((self.start, self.end),)
        return tuple(sorted((*first, *self.more)))


def hours_on(date: str, hours: tuple[Span, ...]) -> ShiftException:
    """Working time on a date in these spans; none of them is a day off."""
    if not hours:
        return ShiftException(date)
    (start, end), *more = sorted(hours)
    return ShiftException(date, start, end, tuple(more))


@dataclass(frozen=True, slots=True)
class Leave:
    """Away from `start` to `end` (UTC ms)."""

    id: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A special-operation certificate and the moment it expires (UTC ms)."""

    name: str
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Technician:
    """One repair technician; empty brands or districts mean all of them.

    `experience_since` is the year in which he began in the trade, `cases` are repairs that show what he can do,
    `portrait` names the picture that the server has taken in, `team` the group he works in ("" for none).
    An employee has wages, and neither shares nor a deposit; a partner is a firm.
    `area` is an outline of his own (WGS-84) that counts instead of his districts, empty where he has none.
    """

    kind: ClassVar[str] = "technician"
    id: str
    region: str
    version: int = 0
    name: str
    phone_mask: str = ""
    status: TechnicianStatus = "offline"
    skills: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    districts: tuple[str, ...] = ()
    home: Point
    shifts: tuple[Shift, ...] = ()
    exceptions: tuple[ShiftException, ...] = ()
    leaves: tuple[Leave, ...] = ()
    daily_limit: int | None = None
    figures: Figures = field(default_factory=Figures)
    credit: int = 80
    suspended: bool = False
    experience_since: int | None = None
    cases: tuple[str, ...] = ()
    portrait: str | None = None
    team: str = ""
    employment: Employment = "contractor"
    area: tuple[Point, ...] = ()

    def years(self, today: str) -> int | None:
        """His years in the trade on a local date, None where nobody has said since when."""
        return None if self.experience_since is None else max(0, int(today[:4]) - self.experience_since)
