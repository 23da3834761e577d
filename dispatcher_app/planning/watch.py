"""Which promises can't be kept as the plan and the clock stand: one pass over a technician's date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dispatcher_app.domain.calendar import MINUTE_MS, leave_during, working
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.matching import Need, live_stops, unfit
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.technician import Technician


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """A promised visit that won't begin in its window: why, and by how many minutes where that is known.

    `told` says that a technician has been sent, so that only a person may send another one.
    """

    order: str
    reason: str
    minutes: int | None = None
    told: bool = True


def threats(
    day: Day,
    technician: Technician,
    windows: Mapping[str, Window],
    needs: Mapping[str, Need],
    timezone: str,
    now: int,
) -> Iterator[Threat]:
    """The promises of a plan that break: its technician can't come, or what comes before takes too long.

    What runs is expected to end as planned, or now; whoever should have left already leaves now.
    """
    free_at = now
    for stop in live_stops(day, now):
        if stop.state in ("done", "held"):
            continue
        window = windows.get(stop.order)
        told = stop.state != "tentative"
        reason = None if stop.state == "locked" else away(technician, stop)
        if reason is None and not told:
            reason = unsuited(technician, stop, needs.get(stop.order), day.date, timezone)
        if reason is not None:
            if window is not None:
                yield Threat(order=stop.order, reason=reason, told=told)
            continue
        start = stop.start if stop.state == "locked" else max(stop.start, free_at + stop.travel_s * 1000)
        if window is not None and stop.state != "locked" and start > window.end:
            minutes = -(-(start - window.end) // MINUTE_MS)
            yield Threat(order=stop.order, reason="late", minutes=minutes, told=told)
        elif window is not None and not told and stop.start < now:
            # Nobody was sent in time: the hour is over, and the promise needs another one while it runs.
            yield Threat(order=stop.order, reason="not_sent", told=False)
        free_at = max(now, start + stop.end - stop.start)


def unsuited(technician: Technician, stop: Stop, need: Need | None, date: str, timezone: str) -> str | None:
    """Why nobody would plan him for a stop any more, None where all is well; a person who sent him had his reasons."""
    if need is not None and (broken := unfit(technician, need, stop.start)):
        return broken[0].code
    spans = working(technician, date, timezone)
    within = any(begin <= stop.start and stop.end <= end for begin, end in spans)
    return None if within else "shift"


def away(technician: Technician, stop: Stop) -> str | None:
    """Why he can't come to a stop at all, None where he can."""
    if technician.suspended:
        return "suspended"
    return "leave" if leave_during(technician, stop.start, stop.end) is not None else None
