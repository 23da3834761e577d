"""Which windows can honestly be promised: who could really come, less what is promised already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import MINUTE_MS, local_date, midnight, moment, next_date
from dispatcher_app.domain.day import Day, TravelSource
from dispatcher_app.domain.matching import Need, unfit
from dispatcher_app.domain.order import Urgency, Window
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.gap import Free, Position, Reach, free_of, leg_to, reach_of
from dispatcher_app.planning.place import arrival_in
from dispatcher_app.planning.promise import Promise, promised_in
from dispatcher_app.planning.travel import estimate_note

BEST = 3
NEAR_M = 3_000
"""Somebody nearer than this is worth telling the caller about."""
DAY_AS_DRIVE_S = 20 * 60
"""One day of waiting weighs as much as this much driving when the best windows are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedWindow:
    """A window (UTC ms): `people` could come, `left` can still be promised; `reason` says why none is."""

    start: int
    end: int
    date: str
    people: int
    promised: int
    reserved: int
    left: int
    reason: Broken | None = None

    @property
    def full(self) -> bool:
        """Whether nothing can be promised in it any more."""
        return self.left <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """One of the windows to propose first, and why."""

    start: int
    end: int
    reason: Broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """All windows of the horizon in order of time, the full ones too, and the best three."""

    at: int
    windows: tuple[OfferedWindow, ...]
    best: tuple[Best, ...]
    source: TravelSource = "estimate"
    notes: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True)
class Chance:
    """A technician who could begin within a window: when, how far from where, after which order."""

    technician: str
    start: int
    travel_s: int
    distance_m: int
    leaves_at: int | None


def dates_of(policy: Policy, region: Region, now: int) -> tuple[str, ...]:
    """The local dates of the horizon: give `windows` the `Day`s of all technicians on these."""
    today = local_date(now, region.timezone)
    return tuple(next_date(today, each) for each in range(policy.horizon_days + 1))


def grid(date: str, policy: Policy, timezone: str) -> list[Window]:
    """The windows of a local date, from the first to the last hour that are promised."""
    first, last = (
        moment(date, hour * 60, timezone) for hour in (policy.window_first_hour, policy.window_last_hour)
    )
    length = policy.window_minutes * MINUTE_MS
    return [Window(start, start + length) for start in range(first, last - length + 1, length)]


def windows(
    need: Need,
    urgency: Urgency,
    technicians: Iterable[Technician],
    days: Mapping[str, Day],
    promised_unassigned: Iterable[Promise],
    policy: Policy,
    region: Region,
    now: int,
    positions: Mapping[str, Position] | None = None,
) -> Offered:
    """Every window of the horizon that is not over: how many people could really come, how many are left."""
    people = tuple(technicians)
    fit = [each for each in people if not unfit(each, need, now)]
    promises = tuple(promised_unassigned)
    made: list[OfferedWindow] = []
    found: list[tuple[int, Window, Chance, int]] = []
    dates = dates_of(policy, region, now)
    frees = {on: [free_of(each, on, days, need.order, now, region.timezone) for each in fit] for on in dates}
    reach = reach_of(
        need.point, [free for each in frees.values() for free in each], positions or {}, policy, now
    )
    known = {each.id for each in fit}
    rest = [each for each in people if each.id not in known]
    for waited, date in enumerate(dates):
        working = [free for free in frees[date] if free.gaps or free.stops]
        day_end = midnight(next_date(date), region.timezone)
        due = [each for each in promises if each.window.start < day_end]
        others = [free_of(each, date, days, "", now, region.timezone) for each in rest] if due else []
        for window in grid(date, policy, region.timezone):
            if window.end <= now:
                continue
            chances = [
                chance
                for free in working
                if (chance := chance_in(free, need, window, reach, policy, now)) is not None
            ]
            able = {each.technician for each in chances}
            taken = promised_in(
                [each for each in due if each.need.order != need.order], window, able, working, others
            )
            kept = 0 if urgency == "emergency" else reserve(len(working), policy)
            left = max(0, len(chances) - taken - kept)
            made.append(
                OfferedWindow(
                    start=window.start,
                    end=window.end,
                    date=date,
                    people=len(chances),
                    promised=taken,
                    reserved=kept,
                    left=left,
                    reason=None if left else why_full(len(fit), len(working), len(chances), taken),
                )
            )
            if left:
                nearest = min(chances, key=lambda each: (each.travel_s, each.start, each.technician))
                found.append((waited, window, nearest, left))
    return Offered(at=now, windows=tuple(made), best=best_of(found, urgency), notes=(estimate_note(),))


def reserve(working: int, policy: Policy) -> int:
    """How many of the people at work are kept for emergencies."""
    return (working * policy.emergency_reserve_percent + 50) // 100


def chance_in(
    free: Free,
    need: Need,
    window: Window,
    reach: Reach,
    policy: Policy,
    now: int,
) -> Chance | None:
    """How he could begin within the window, drives before and after included; None where he could not."""
    technician = free.technician
    limit = policy.daily_limit if technician.daily_limit is None else technician.daily_limit
    if len(free.stops) >= limit:
        return None
    gate = now + policy.status_gate * MINUTE_MS if technician.status == "offline" else now
    best = None
    for gap in free.gaps:
        if gap.end <= window.start or gap.begin >= window.end:
            continue
        drive_s, distance_m = leg_to(gap, technician.id, reach, now)
        start = max(window.start, gate, arrival_in(gap, drive_s, now))
        onward = reach.stops[gap.after.order][0] * 1000 if gap.after is not None else 0
        end = start + need.minutes * MINUTE_MS
        tight = gap.after is not None and end + onward > gap.after.start
        if start >= window.end or end > gap.end or tight or unfit(technician, need, start):
            continue
        chance = Chance(technician.id, start, drive_s, distance_m, gap.before.end if gap.before else None)
        if best is None or chance.travel_s < best.travel_s:
            best = chance
    return best


def why_full(fit: int, working: int, people: int, promised: int) -> Broken:
    """The reason why nothing is left."""
    if not fit:
        return Broken("window_nobody_fit")
    if not working:
        return Broken("window_nobody_works", {"fit": fit})
    if not people:
        return Broken("window_all_busy", {"working": working})
    if promised >= people:
        return Broken("window_promised", {"people": people, "promised": promised})
    return Broken("window_reserved", {"people": people})


def best_of(found: Sequence[tuple[int, Window, Chance, int]], urgency: Urgency) -> tuple[Best, ...]:
    """Three windows to propose first: the soonest when urgent, else little driving and little waiting."""
    if urgency == "normal":
        ranked = sorted(found, key=lambda each: (each[0] * DAY_AS_DRIVE_S + each[2].travel_s, each[1].start))
    else:
        ranked = sorted(found, key=lambda each: each[1].start)
    chosen = sorted(ranked[:BEST], key=lambda each: each[1].start)
    soonest = min((each[1].start for each in found), default=0)
    return tuple(
        Best(start=window.start, end=window.end, reason=why_best(chance, left, window.start == soonest))
        for _, window, chance, left in chosen
    )


def why_best(chance: Chance, left: int, soonest: bool) -> Broken:
    """What a dispatcher can say for the window."""
    if chance.distance_m <= NEAR_M and chance.leaves_at is not None:
        return Broken(
            "window_near",
            {"technician": chance.technician, "distance_m": chance.distance_m, "at": chance.leaves_at},
        )
    if soonest:
        return Broken("window_soonest", {"start": chance.start})
    return Broken("window_people_left", {"left": left})
