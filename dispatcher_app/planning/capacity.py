"""How much working time there is, how much of it is taken, and how many more visits would fit: for calendars.

Rough on purpose: a visit of a skill takes the minutes that such visits usually take, and a drive what drives usually
take that day. Whether one certain visit can be promised, and to whom it goes, is for `windows` and `rank` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.calendar import MINUTE_MS, midnight, next_date, working
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.matching import live_stops
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.crew import Flags
from dispatcher_app.planning.gap import Gaps, Rows, Strips, absent_from, gaps_of, strips_of
from dispatcher_app.planning.plan import FAR, Plan, Sheet, less_leave
from dispatcher_app.planning.rest import rests_of

Minutes = NDArray[np.int32]
"""A row a technician, a column a slot."""

USUAL_DRIVE_MS = 20 * MINUTE_MS
"""A drive where a date has too few of them to say what is usual."""
ENOUGH_DRIVES = 5


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of a calendar (UTC ms): a whole local date, or a `part` of one in which visits may begin."""

    date: str
    start: int
    end: int
    part: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A promise that has no place in any plan: the skills it asks for, and its window."""

    skills: frozenset[str]
    window: Window


@dataclass(frozen=True, slots=True, eq=False)
class Capacity:
    """Technicians by slots: minutes of `shift`, of these `away` on leave, and `load` (visits and the drives between).

    `visits` begin in a slot; `free` says of each skill how many more visits fit: into a date all in all, into a part
    of one how many people could begin one. `waiting` counts by skill and slot the promises without a place, and
    `minutes` how long a visit of each skill is taken to be.
    """

    people: tuple[str, ...]
    slots: tuple[Slot, ...]
    shift: Minutes
    away: Minutes
    load: Minutes
    visits: Minutes
    free: Mapping[str, Minutes]
    waiting: Mapping[str, NDArray[np.int32]]
    minutes: Mapping[str, int]


def date_slot(date: str, timezone: str) -> Slot:
    """A whole local date."""
    return Slot(date, midnight(date, timezone), midnight(next_date(date), timezone))


def usual_minutes(items: Iterable[Item]) -> dict[str, int]:
    """How long a visit of each skill usually takes, from the catalogue's faults."""
    known: dict[str, list[int]] = {}
    for item in items:
        if not item.retired:
            known.setdefault(item.skill, []).extend(
                fault.minutes for fault in item.faults if fault.minutes > 0
            )
    return {skill: median_low(minutes) for skill, minutes in sorted(known.items()) if minutes}


def capacity(
    plan: Plan,
    slots: Sequence[Slot],
    minutes: Mapping[str, int],
    wishes: Iterable[Wish],
    policy: Policy,
    now: int,
) -> Capacity:
    """What the plan leaves in these slots; skills are those of `minutes`."""
    shape = (len(plan.crew), len(slots))
    made = Capacity(
        people=tuple(each.id for each in plan.crew.people),
        slots=tuple(slots),
        shift=np.zeros(shape, np.int32),
        away=np.zeros(shape, np.int32),
        load=np.zeros(shape, np.int32),
        visits=np.zeros(shape, np.int32),
        free={skill: np.zeros(shape, np.int32) for skill in minutes},
        waiting=waiting(slots, minutes, wishes),
        minutes=dict(minutes),
    )
    able = {skill: able_of(plan, skill) for skill in minutes}
    days: dict[str, _Day] = {}
    for column, slot in enumerate(slots):
        day = days.get(slot.date)
        if day is None:
            day = days[slot.date] = _Day.of(plan, plan.open(slot.date), policy, now)
        _fill(made, column, slot, day, able, plan.crew.limits(policy.daily_limit))
    return made


def able_of(plan: Plan, skill: str) -> Flags:
    """Who has a skill and may work at all."""
    return np.array([skill in each.skills and not each.suspended for each in plan.crew.people], np.bool_)


def waiting(
    slots: Sequence[Slot], skills: Iterable[str], wishes: Iterable[Wish]
) -> dict[str, NDArray[np.int32]]:
    """How many promises without a place begin in each slot, by the skill they ask for."""
    found = {skill: np.zeros(len(slots), np.int32) for skill in skills}
    for wish in wishes:
        for column, slot in enumerate(slots):
            if slot.start <= wish.window.start < slot.end:
                for skill in wish.skills & found.keys():
                    found[skill][column] += 1
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Day:
    """A date's plan, made ready for questions about its slots; times are offsets in ms."""

    sheet: Sheet
    people: int
    shifts: list[tuple[tuple[int, int], ...]]
    strips: Strips
    gaps: Gaps
    stops: Rows
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    left: NDArray[np.int32]
    count: NDArray[np.int64]
    drive: int
    rest: NDArray[np.int64]
    now: int

    @classmethod
    def of(cls, plan: Plan, sheet: Sheet, policy: Policy, now: int) -> _Day:
        people = len(plan.crew)
        rows = np.arange(people)
        absent = absent_from(sheet, now, "")
        strips = strips_of(sheet, rows, absent)
        there = sheet.start[:people] < FAR
        for row, column in absent:
            if row < people:
                there[row, column] = False
        stops, columns = np.nonzero(there)
        start, end = sheet.start[stops, columns], sheet.end[stops, columns]
        drives = sheet.travel[stops, columns]
        first = np.ones(len(stops), np.bool_)
        first[1:] = stops[1:] != stops[:-1]
        ended = np.where(first, start, np.roll(end, 1))
        # The way from home is his own time; what is said of a drive is never longer than the time there is for it.
        left = np.maximum(start - np.where(first, 0, drives), np.minimum(ended, start)).astype(np.int32)
        known = drives[(drives > 0) & ~first]
        usual = int(np.median(known)) if len(known) >= ENOUGH_DRIVES else USUAL_DRIVE_MS
        shifts = [
            tuple((sheet.offset(a), sheet.offset(b)) for a, b in working(each, sheet.date, plan.timezone))
            for each in plan.crew.people
        ]
        count = np.bincount(stops, minlength=people)
        gaps = gaps_of(strips, 1)
        return cls(
            sheet, people, shifts, strips, gaps, stops, start, end, left, count, usual,
            rest_in(sheet, strips, gaps, policy, plan.timezone, now), sheet.offset(now),
        )  # fmt: skip


def rest_in(
    sheet: Sheet, strips: Strips, gaps: Gaps, policy: Policy, timezone: str, now: int
) -> NDArray[np.int64]:
    """How much of each gap (ms) is kept for the break at noon, where no other gap has time for it."""
    rests = rests_of(sheet, strips, policy, timezone, now)
    if rests is None:
        return np.zeros(len(gaps.strip), np.int64)
    column = np.where(gaps.after >= 0, gaps.after, strips.count[gaps.strip])
    return np.where(rests.only[gaps.strip] == column, rests.length, 0).astype(np.int64)


def _fill(
    made: Capacity, column: int, slot: Slot, day: _Day, able: Mapping[str, Flags], limits: NDArray[np.int64]
) -> None:
    """Write one slot."""
    lo, hi = day.sheet.offset(slot.start), day.sheet.offset(slot.end)
    made.shift[:, column] = [
        sum(max(0, min(end, hi) - max(begin, lo)) for begin, end in spans) // MINUTE_MS
        for spans in day.shifts
    ]
    begin, finish = day.sheet.begin[: day.people], day.sheet.finish[: day.people]
    present = np.clip(np.minimum(finish, hi) - np.maximum(begin, lo), 0, None).sum(axis=1) // MINUTE_MS
    made.away[:, column] = made.shift[:, column] - present
    taken = np.clip(np.minimum(day.end, hi) - np.maximum(day.left, lo), 0, None)
    made.load[:, column] = np.bincount(day.stops, taken, day.people) // MINUTE_MS
    begun = (day.start >= lo) & (day.start < hi)
    made.visits[:, column] = np.bincount(day.stops[begun], minlength=day.people)
    if hi <= day.now:
        return
    room = np.maximum(limits - day.count, 0)
    fits: dict[int, Any] = {}
    for skill, minutes in made.minutes.items():
        if minutes not in fits:
            fits[minutes] = _fit(day, minutes * MINUTE_MS, lo, hi, part=slot.part)
        most = np.minimum(fits[minutes], np.minimum(room, 1) if slot.part else room)
        made.free[skill][:, column] = np.where(able[skill], most, 0)


def _fit(day: _Day, length: int, lo: int, hi: int, *, part: bool) -> NDArray[np.int64]:
    """How many visits of that many ms fit into each one's gaps, drives included; in a `part`, how many could begin."""
    gaps, drive, who = day.gaps, day.drive, day.strips.who[day.gaps.strip]
    begin = np.maximum(gaps.begin, day.now)
    before = (gaps.before >= 0) | (gaps.begin < day.now)
    after = gaps.after >= 0
    first, last = begin + before * drive, gaps.end - after * drive - length
    if part:
        fits = np.where(np.maximum(first, lo) <= np.minimum(last, hi - 1), 1, 0)
    else:
        room = last - first - day.rest
        fits = np.where(room >= 0, room // (length + drive) + 1, 0)
    return np.bincount(who, fits, day.people).astype(np.int64)


def gaps_in(technician: Technician, day: Day, timezone: str, now: int) -> list[tuple[int, int]]:
    """When (UTC ms) he is free on a date: his hours less leave, visits and their drives, from now on."""
    free = [
        piece
        for begin, end in working(technician, day.date, timezone)
        for piece in less_leave(begin, end, technician)
    ]
    stops = sorted(live_stops(day, now), key=lambda stop: stop.start)
    for at, stop in enumerate(stops):
        begin = stop.start - (stop.travel_s * 1000 if at else 0)
        free = [
            (one, other)
            for start, end in free
            for one, other in ((start, min(end, begin)), (max(start, stop.end), end))
            if one < other
        ]
    return sorted({(max(start, now), end) for start, end in free if end > now})
