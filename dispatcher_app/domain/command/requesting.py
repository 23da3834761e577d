"""What technicians ask about their working time, and the desk's answers."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.technician import ShiftException, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLeave:
    """A technician asks to be away from `start` to `end` (UTC ms)."""

    request: str
    technician: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHours:
    """A technician asks for other hours on a local date (minutes from midnight); none at all is a day off."""

    request: str
    technician: str
    date: str
    hours: tuple[Span, ...] = ()
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRequest:
    """A technician does not want it any more."""

    technician: str
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRequest:
    """The desk agrees: the leave or the hours stand from now on."""

    technician: str
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineRequest:
    """The desk does not agree, and says why."""

    technician: str
    request: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenRequest:
    """An answer is taken back: the request waits again, and the date has its `former` hours (none: the pattern's)."""

    technician: str
    request: str
    former: ShiftException | None = None
