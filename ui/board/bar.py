"""One visit as the board shows it: planned, promised and as it was, with what is wrong about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

from dispatcher_app.client.presence import Doing
from dispatcher_app.client.schedule import Brief
from dispatcher_app.domain.alert import late
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.day import Day, Stop, StopState
from dispatcher_app.domain.order import Visit, Window

BarState = StopState | Literal["waiting"]
Alert = Literal["unkept", "late", "overlap"]
ALERTS: Final[tuple[Alert, ...]] = ("unkept", "overlap", "late")
"""The worst first."""
Key = tuple[str, str, str, int, bool]
_NOBODY: Final[Mapping[str, Doing]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A visit on a technician's row, or (`technician` is "") in the lanes of those that nobody goes to.

    Times UTC ms; `travel_s` lies before `start`, `tight` says that there is not as much time. Bars that overlap share
    the height of the row: this one is the `lane`-th of `lanes`. `shared` says that a second technician goes as well,
    `watched` what somebody at another desk does with the order, `was` is what has really happened, and `span` all the
    time that it is painted over: its promise, the way, what was.
    """

    order: str
    visit: int = 1
    technician: str = ""
    date: str = ""
    start: int
    end: int
    travel_s: int = 0
    state: BarState = "waiting"
    pinned: bool = False
    pending: bool = False
    shared: bool = False
    watched: Doing | None = None
    tight: bool = False
    held_until: int | None = None
    alerts: tuple[Alert, ...] = ()
    lane: int = 0
    lanes: int = 1
    brief: Brief | None = None
    was: Visit | None = None
    span: tuple[int, int] = (0, 0)

    @property
    def key(self) -> Key:
        """What stays the same while its times change."""
        return self.technician, self.date, self.order, self.visit, self.state == "held"

    @property
    def begin(self) -> int:
        """When the way to it begins."""
        return self.start - self.travel_s * 1000

    @property
    def status(self) -> str:
        """The order's status as it looks on this visit: one that is over is over, whatever the order does now."""
        if self.brief is None:
            return "accepted"
        return "completed" if self.state == "done" and not self.is_last else self.brief.status

    @property
    def is_last(self) -> bool:
        """Whether it is the visit in hand of its order."""
        return self.brief is None or self.visit == self.brief.visits[-1].number

    @property
    def window(self) -> Window | None:
        """What was promised for this visit."""
        return self.was.window if self.was is not None else self.brief.window if self.brief else None

    def overruns(self, now: int) -> bool:
        """Whether somebody is still there, or on the way, though its time is over."""
        return self.state == "locked" and self.end < now


def bars_of(
    days: Iterable[Day], briefs: Mapping[str, Brief], shared: Callable[[str], bool], pending: Callable[[str], bool],
    now: int, watched: Mapping[str, Doing] = _NOBODY,
) -> tuple[Bar, ...]:  # fmt: skip
    """The bars of a technician's plans, in the order of time; holds that have run out are left out."""
    made = [
        bar_of(
            day,
            stop,
            briefs.get(stop.order),
            shared(stop.order),
            pending(stop.order),
            now,
            watched.get(stop.order),
        )
        for day in days
        for stop in day.stops
        if stop.state != "held" or stop.expires_at is None or stop.expires_at > now
    ]
    return spread(clashing(made))


def bar_of(
    day: Day,
    stop: Stop,
    brief: Brief | None,
    shared: bool,
    pending: bool,
    now: int,
    watched: Doing | None = None,
) -> Bar:
    """A stop of a plan."""
    was = brief.visit(stop.visit) if brief else None
    window = was.window if was is not None else brief.window if brief else None
    return Bar(
        order=stop.order,
        visit=stop.visit,
        technician=day.technician,
        date=day.date,
        start=stop.start,
        end=max(stop.end, stop.start + MINUTE_MS),
        travel_s=stop.travel_s,
        state=stop.state,
        pinned=stop.pinned,
        pending=pending,
        shared=shared,
        watched=watched,
        held_until=stop.expires_at if stop.state == "held" else None,
        alerts=alerts_of(brief, stop.state, window, was, stop.start, now),
        brief=brief,
        was=was,
        span=span_of(stop, window, was),
    )


def waiting_bar(
    brief: Brief, window: Window, now: int, *, date: str, pending: bool, watched: Doing | None = None
) -> Bar:
    """An order that nobody goes to, over the whole of what was promised."""
    visit = brief.visits[-1]
    return Bar(
        order=brief.id,
        visit=visit.number,
        date=date,
        start=window.start,
        end=window.end,
        pending=pending,
        watched=watched,
        alerts=alerts_of(brief, "waiting", window, visit, window.start, now),
        brief=brief,
        was=visit,
        span=(window.start, window.end),
    )


def span_of(stop: Stop, window: Window | None, was: Visit | None) -> tuple[int, int]:
    """All the time over which anything of it is painted."""
    moments = [stop.start - stop.travel_s * 1000, stop.end]
    if window is not None:
        moments += (window.start, window.end)
    if was is not None:
        told = (was.departed_at, was.arrival.at if was.arrival else None, was.ended_at)
        moments += (each for each in told if each is not None)
    return min(moments), max(moments)


def alerts_of(
    brief: Brief | None, state: BarState, window: Window | None, was: Visit | None, start: int, now: int
) -> tuple[Alert, ...]:
    """What is wrong with a visit as it is planned; one that is over has nothing to alarm about."""
    if brief is None or state in ("done", "held"):
        return ()
    unkept = brief.unkept is not None
    came = was is not None and was.arrival is not None
    is_late = not came and late(window, None if state == "waiting" else start, now)
    return (*(("unkept",) if unkept else ()), *(("late",) if is_late else ()))


def clashing(bars: list[Bar]) -> list[Bar]:
    """Mark those that nobody can do one after the other; what the planner only thinks of gives way by itself."""
    told = sorted((bar for bar in bars if bar.state not in ("tentative", "done")), key=lambda bar: bar.start)
    bad: set[Key] = set()
    tight: set[Key] = set()
    reach: Bar | None = None
    for bar in told:
        if reach is not None and bar.start < reach.end:
            bad |= {bar.key, reach.key}
        elif reach is not None and bar.begin < reach.end:
            tight.add(bar.key)
        if reach is None or bar.end > reach.end:
            reach = bar
    if not bad and not tight:
        return bars
    return [
        replace(bar, alerts=tuple(sorted((*bar.alerts, "overlap"), key=ALERTS.index)))
        if bar.key in bad
        else replace(bar, tight=True)
        if bar.key in tight
        else bar
        for bar in bars
    ]


def spread(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """Give those that overlap a part of the row's height each."""
    made: list[Bar] = []
    bunch: list[Bar] = []
    ends: list[int] = []
    until = -1
    for bar in sorted(bars, key=lambda bar: (bar.start, bar.order)):
        if bar.start >= until and bunch:
            made += [replace(each, lanes=len(ends)) for each in bunch] if len(ends) > 1 else bunch
            bunch, ends = [], []
        lane = next((at for at, end in enumerate(ends) if end <= bar.start), len(ends))
        ends[lane : lane + 1] = [bar.end]
        bunch.append(replace(bar, lane=lane) if lane else bar)
        until = max(until, bar.end)
    made += [replace(each, lanes=len(ends)) for each in bunch] if len(ends) > 1 else bunch
    return tuple(made)
