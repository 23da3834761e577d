"""Which windows can honestly be promised: who could really come, less what is promised already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import MINUTE_MS, local_date, moment, next_date
from dispatcher_app.domain.day import Day, TravelSource
from dispatcher_app.domain.matching import Need
from dispatcher_app.domain.order import Urgency, Window
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.chance import (
    Caller,
    Chance,
    at_work,
    chances_on,
    held_in,
    held_on,
    told,
    within,
)
from dispatcher_app.planning.gap import Position, Reach, Seen, absent_from, reach_of
from dispatcher_app.planning.pair import pairs_in
from dispatcher_app.planning.plan import Plan, Sheet
from dispatcher_app.planning.promise import Promise, keepers, promised_in
from dispatcher_app.planning.spots import sound
from dispatcher_app.planning.travel import Ground, TravelOf, estimate_note
from dispatcher_app.planning.travel.answer import ERROR_PERCENT

BEST = 3
NEAR_M = 3_000
"""Somebody nearer than this is worth telling the caller about."""
DAY_AS_DRIVE_S = 20 * 60
"""One day of waiting weighs as much as this much driving when the best windows are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedWindow:
    """A window (UTC ms): `people` could come, `left` can still be promised; `reason` says why none is.

    `technician` would come at `at` with the least driving more (`travel_s`): who is to be held for the caller. `held`
    more could come but for hours that colleagues hold, the first of them until `held_until`. Where a visit takes two,
    `people` and `left` count pairs who are free at the same moment, and `helpers` come along with `technician`.
    """

    start: int
    end: int
    date: str
    people: int
    promised: int
    reserved: int
    left: int
    reason: Broken | None = None
    technician: str | None = None
    at: int | None = None
    travel_s: int | None = None
    held: int = 0
    held_until: int | None = None
    helpers: tuple[str, ...] = ()

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
    error_percent: int = ERROR_PERCENT["estimate"]


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
    *,
    travel: TravelOf | None = None,
) -> Offered:
    """Every window of the horizon that is not over: how many people could really come, how many are left."""
    plan = Plan(region.timezone, dates_of(policy, region, now), technicians, days.values())
    return offered(
        plan,
        need,
        urgency,
        unplaced(plan, promised_unassigned),
        policy,
        region,
        now,
        positions,
        travel=travel,
    )


def offered(
    plan: Plan,
    need: Need,
    urgency: Urgency,
    promises: Iterable[Promise],
    policy: Policy,
    region: Region,
    now: int,
    positions: Mapping[str, Position] | None = None,
    *,
    travel: TravelOf | None = None,
) -> Offered:
    """The windows of a plan; `promises` are those that have no place in it."""
    travel = travel or Ground(policy, region.timezone).travel
    people = [each.id for each in plan.crew.people]
    seen = Seen(positions, people, need.point, travel, now) if positions else None
    caller = Caller(plan, np.flatnonzero(plan.crew.fit(need, now)), need, policy, now, seen)
    promises = [each for each in promises if each.need.order != need.order]
    kept_back = 0 if urgency == "emergency" else policy.emergency_reserve_percent
    wrong = flaw(need)
    made: list[tuple[OfferedWindow, Chance | None]] = []
    reach: Reach | None = None
    sheets = {date: plan.open(date) for date in dates_of(policy, region, now)}
    for date in dates_of(policy, region, now):
        running = [each for each in grid(date, policy, region.timezone) if each.end > now]
        if wrong is not None:
            made += [(nothing(each, date, wrong), None) for each in running]
        elif running:
            sheet = sheets[date]
            if reach is None:
                # One question for all dates: the days to come are only roughly known anyway.
                reach = reach_of(need.point, plan.spots, travel, running[0].start)
            made += windows_on(caller, sheet, reach, running, promises, kept_back)
    return Offered(
        at=now,
        windows=tuple(window for window, _ in made),
        best=best_of(made, urgency),
        source=reach.source if reach else "estimate",
        notes=reach.notes if reach else (estimate_note(),),
        error_percent=reach.error_percent if reach else ERROR_PERCENT["estimate"],
    )


def windows_on(
    caller: Caller,
    sheet: Sheet,
    reach: Reach,
    running: Sequence[Window],
    promises: Iterable[Promise],
    reserve_percent: int,
) -> list[tuple[OfferedWindow, Chance | None]]:
    """The windows of a date, each with the chance that costs the least driving."""
    crew, made = caller.plan.crew, []
    absent = absent_from(sheet, caller.now, caller.need.order)
    chances, held = chances_on(caller, sheet, reach, caller.fit, absent), held_on(caller, sheet, reach)
    working = at_work(caller, sheet, absent)
    kept_back = reserve(working, reserve_percent)
    first, last = running[0].start, running[-1].end
    due = [each for each in promises if each.window.start < last and first < each.window.end]
    keeping = keepers(crew, sheet, due, absent)
    for window in running:
        which = within(chances, sheet, window)
        able = np.zeros(len(crew), np.bool_)
        able[chances.who[which]] = True
        count = int(np.count_nonzero(able))
        promised = promised_in(window, due, keeping, able) if due else 0
        pairs = pairs_in(chances, sheet, window) if caller.need.crew > 1 else None
        alone, each = count, caller.need.crew
        count = count if each == 1 else pairs.most if pairs else 0
        left = max(0, count * each - promised - kept_back) // each
        others, until = held_in(held, sheet, window, able)
        chance = (
            told(caller, chances, sheet, pairs.lead if pairs else int(which[0]), window) if count else None
        )
        if pairs is not None and chance is not None:
            chance = replace(chance, start=sheet.midnight + pairs.at)
        full = why_full(len(caller.fit), working, count, promised, others, until)
        if alone and not count:
            full = Broken("window_no_two", {"people": alone})
        offer = OfferedWindow(
            start=window.start,
            end=window.end,
            date=sheet.date,
            people=count,
            promised=promised,
            reserved=kept_back,
            left=left,
            reason=None if left else full,
            technician=chance.technician if chance else None,
            at=chance.start if chance else None,
            travel_s=chance.added_s if chance else None,
            held=others,
            held_until=until,
            helpers=(crew.people[int(chances.who[pairs.helper])].id,) if pairs and chance else (),
        )
        made.append((offer, chance))
    return made


def nothing(window: Window, date: str, reason: Broken) -> OfferedWindow:
    """A window in which nothing can be promised at all."""
    return OfferedWindow(
        start=window.start, end=window.end, date=date, people=0, promised=0, reserved=0, left=0, reason=reason
    )


def flaw(need: Need) -> Broken | None:
    """What makes it impossible to promise anything."""
    if not sound(need.point):
        return Broken("no_coordinates")
    return Broken("no_duration") if need.minutes <= 0 else None


def unplaced(plan: Plan, promises: Iterable[Promise]) -> list[Promise]:
    """The promises that have no place in the plan yet; the others are time that is taken."""
    zone = plan.timezone
    return [
        each
        for each in promises
        if not plan.stands(
            each.need.order, {local_date(each.window.start, zone), local_date(each.window.end, zone)}
        )
    ]


def reserve(working: int, percent: int) -> int:
    """How many of the people at work are kept for emergencies."""
    return (working * percent + 50) // 100


def why_full(fit: int, working: int, people: int, promised: int, held: int, held_until: int | None) -> Broken:
    """The reason why nothing is left."""
    if not fit:
        return Broken("window_nobody_fit")
    if not working:
        return Broken("window_nobody_works", {"fit": fit})
    if held and held_until is not None:
        return Broken("window_held", {"held": held, "until": held_until})
    if not people:
        return Broken("window_all_busy", {"working": working})
    if promised >= people:
        return Broken("window_promised", {"people": people, "promised": promised})
    return Broken("window_reserved", {"people": people})


def best_of(made: Sequence[tuple[OfferedWindow, Chance | None]], urgency: Urgency) -> tuple[Best, ...]:
    """Three windows to propose first: the soonest when urgent, else little driving and little waiting."""
    found = [(window, chance) for window, chance in made if chance is not None and not window.full]
    if not found:
        return ()
    dates = {date: waited for waited, date in enumerate(dict.fromkeys(window.date for window, _ in made))}

    def cost(each: tuple[OfferedWindow, Chance]) -> tuple[int, int]:
        window, chance = each
        waited = dates[window.date] * DAY_AS_DRIVE_S + chance.added_s if urgency == "normal" else 0
        return waited, window.start

    soonest = min(window.start for window, _ in found)
    chosen = sorted(sorted(found, key=cost)[:BEST], key=lambda each: each[0].start)
    return tuple(
        Best(start=window.start, end=window.end, reason=why_best(window, chance, window.start == soonest))
        for window, chance in chosen
    )


def why_best(window: OfferedWindow, chance: Chance, soonest: bool) -> Broken:
    """What a dispatcher can say for the window."""
    if chance.distance_m <= NEAR_M and chance.leaves_at is not None:
        return Broken(
            "window_near",
            {"technician": chance.technician, "distance_m": chance.distance_m, "at": chance.leaves_at},
        )
    if soonest:
        return Broken("window_soonest", {"start": chance.start})
    return Broken("window_pairs_left" if window.helpers else "window_people_left", {"left": window.left})
