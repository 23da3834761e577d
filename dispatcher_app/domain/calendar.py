"""Local days, shifts and leave."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dispatcher_app.domain.technician import Leave, Technician

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


@lru_cache(maxsize=64)
def zone(timezone: str) -> ZoneInfo:
    """The time zone of that name."""
    return ZoneInfo(timezone)


def local_date(at: int, timezone: str) -> str:
    """The calendar day (YYYY-MM-DD) of a moment (UTC ms) in a region."""
    return datetime.fromtimestamp(at / 1000, zone(timezone)).date().isoformat()


def midnight(day: str, timezone: str) -> int:
    """The moment (UTC ms) at which a local day begins."""
    return moment(day, 0, timezone)


@lru_cache(maxsize=16384)
def moment(day: str, minute: int, timezone: str) -> int:
    """The moment (UTC ms) when clocks show that minute of a local day, also on the days when they are changed."""
    begin = datetime.combine(date.fromisoformat(day), datetime.min.time())
    local = (begin + timedelta(minutes=minute)).replace(tzinfo=zone(timezone))
    return round(local.timestamp() * 1000)


def is_date(day: str) -> bool:
    """Whether the text is a calendar day as it is written everywhere here, YYYY-MM-DD."""
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def next_date(day: str, days: int = 1) -> str:
    """The calendar day that many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def working(technician: Technician, day: str, timezone: str) -> tuple[tuple[int, int], ...]:
    """The spans (UTC ms) worked on a local day: the exception of that date, else the weekly pattern."""
    for exception in technician.exceptions:
        if exception.date == day:
            return tuple(
                (moment(day, start, timezone), moment(day, end, timezone)) for start, end in exception.hours
            )
    weekday = date.fromisoformat(day).weekday()
    return tuple(
        (moment(day, shift.start, timezone), moment(day, shift.end, timezone))
        for shift in technician.shifts
        if shift.weekday == weekday
    )


def leave_during(technician: Technician, start: int, end: int) -> Leave | None:
    """The leave that touches the span, the whole of it and not just its start."""
    return next((leave for leave in technician.leaves if leave.start < end and start < leave.end), None)
