"""Who could begin when on a date without making anybody wait: the grounds on which a window is promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.matching import Need
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.region import Policy
from dispatcher_app.planning.crew import Flags
from dispatcher_app.planning.gap import (
    Cell,
    Metres,
    Reach,
    Rows,
    Seen,
    absent_from,
    drives_to,
    figure_of,
    gaps_of,
    picked,
    strips_of,
)
from dispatcher_app.planning.place import added_by, calm_until
from dispatcher_app.planning.plan import FAR, Offsets, Plan, Sheet, lasting
from dispatcher_app.planning.rest import Edges, edges, rests_of

HOME = -FAR
"""Stands for the end of a stop before, where a drive begins at home."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What a caller needs, and who of the plan has the skill for it (rows)."""

    plan: Plan
    fit: Rows
    need: Need
    policy: Policy
    now: int
    seen: Seen | None


@dataclass(frozen=True, slots=True)
class Chances:
    """Free times in which somebody could come, one after the other: he may begin from `first` to `last` (offsets, ms).

    `added` is driving more than before, `metres` how far he comes, `left` when he leaves the stop before (or `HOME`).
    """

    who: Rows
    first: Offsets
    last: NDArray[np.int64]
    added: NDArray[np.int64]
    metres: Metres
    left: Offsets


@dataclass(frozen=True, slots=True)
class Chance:
    """The one who would come with the least driving more: when he begins, how far from where."""

    technician: str
    start: int
    added_s: int
    distance_m: int
    leaves_at: int | None


def chances_on(caller: Caller, sheet: Sheet, reach: Reach, who: Rows, absent: Sequence[Cell]) -> Chances:
    """All chances of these technicians on a date, as if the `absent` stops were not there."""
    crew, now = caller.plan.crew, caller.now
    strips = strips_of(sheet, who, absent)
    duration = lasting(caller.need.minutes)
    gaps = gaps_of(strips, duration)
    few = (strips.count < crew.limits(caller.policy.daily_limit)[strips.who])[gaps.strip]
    gaps = picked(gaps, few & (gaps.end - duration >= sheet.offset(now)))
    drives = drives_to(sheet, strips, gaps, reach, now, caller.seen)
    who = strips.who[gaps.strip]
    gate = sheet.offset(now + caller.policy.status_gate * MINUTE_MS)
    first = np.maximum(gaps.begin, np.maximum(drives.arrival, sheet.offset(now)))
    first = np.where(crew.offline[who], np.maximum(first, gate), first)
    until = np.clip(crew.certified(caller.need) - 1 - sheet.midnight, -FAR, FAR)[who]
    first = np.maximum(first, sheet.offset(caller.need.opens))
    calm = np.minimum(gaps.end, calm_until(strips, gaps, reach)).astype(np.int64)
    last = np.minimum(np.minimum(calm, sheet.offset(caller.need.closes)) - duration, until)
    rests = rests_of(sheet, strips, caller.policy, caller.plan.timezone, now)
    edge = None if rests is None else edges(rests, strips, gaps, drives.drive, calm)
    which, first, last = spans(first, last, duration, edge)
    gaps = picked(gaps, which)
    left = np.where(gaps.before < 0, HOME, figure_of(strips.end, gaps.strip, gaps.before))
    added = added_by(sheet, strips, gaps, reach)
    return Chances(who[which], first, last, added, drives.metres[which], left)


def spans(
    first: Offsets, last: NDArray[np.int64], duration: int, edge: Edges | None
) -> tuple[Rows, Offsets, NDArray[np.int64]]:
    """Between which starts (offsets, ms) a visit leaves everything as it is, and in which gap each such span lies.

    Where it would take the only time for a break there may be two: before the break, and after it.
    """
    if edge is None or not len(edge.which):
        which = np.flatnonzero(first <= last)
        return which, first[which], last[which]
    before, after = edge.done_by - duration, np.maximum(edge.begun_from, first[edge.which])
    split = after > np.maximum(before, first[edge.which]) + 1
    late = np.flatnonzero(split & (after <= last[edge.which]))
    second, ends = edge.which[late], last[edge.which[late]]
    last[edge.which] = np.where(split, np.minimum(last[edge.which], before), last[edge.which])
    which = np.flatnonzero(first <= last)
    return (
        np.concatenate([which, second]),
        np.concatenate([first[which], after[late].astype(np.int32)]),
        np.concatenate([last[which], ends]),
    )


def within(chances: Chances, sheet: Sheet, window: Window) -> Rows:
    """Which of the chances (by number) begin within a window, the one with the least driving more first."""
    begin, end = sheet.offset(window.start), sheet.offset(window.end)
    which = np.flatnonzero((chances.first < end) & (chances.last >= begin))
    if not len(which):
        return which
    least = np.lexsort((chances.who[which], np.maximum(chances.first[which], begin), chances.added[which]))[
        :1
    ]
    return np.concatenate([which[least], np.delete(which, least)])


def told(caller: Caller, chances: Chances, sheet: Sheet, number: int, window: Window) -> Chance:
    """A chance as it is spoken of."""
    left = int(chances.left[number])
    return Chance(
        technician=caller.plan.crew.people[int(chances.who[number])].id,
        start=max(window.start, sheet.midnight + int(chances.first[number])),
        added_s=int(chances.added[number]) // 1000,
        distance_m=int(chances.metres[number]),
        leaves_at=None if left == HOME else sheet.midnight + left,
    )


def at_work(caller: Caller, sheet: Sheet, absent: Sequence[Cell]) -> int:
    """How many of those with the skill work on the date, or have stops on it."""
    works = (sheet.begin[caller.fit] < sheet.finish[caller.fit]).any(axis=1)
    stops = sheet.count.copy()
    for row, _ in absent:
        stops[row] -= 1
    return int(np.count_nonzero(works | (stops[caller.fit] > 0)))


@dataclass(frozen=True, slots=True)
class Held:
    """Those who could come but for hours that colleagues hold for other callers: who, and until when (UTC ms)."""

    chances: Chances
    until: dict[int, int]


def held_on(caller: Caller, sheet: Sheet, reach: Reach) -> Held | None:
    """What holds take from a date, None where there are none."""
    if not sheet.kept:
        return None
    own = set(sheet.places_of(caller.need.order)) if caller.need.order else set()
    fit = set(caller.fit.tolist())
    until = {
        row: min(each.until for each in live)
        for row, kept in sheet.kept.items()
        if row in fit
        and (live := [each for each in kept if each.until > caller.now and (row, each.column) not in own])
    }
    if not until:
        return None
    absent = absent_from(sheet, caller.now, caller.need.order, held=False)
    return Held(chances_on(caller, sheet, reach, np.array(sorted(until)), absent), until)


def held_in(held: Held | None, sheet: Sheet, window: Window, able: Flags) -> tuple[int, int | None]:
    """How many more could come in a window but for held hours, and when (UTC ms) the first of these hours is free."""
    if held is None:
        return 0, None
    rows = set(held.chances.who[within(held.chances, sheet, window)].tolist())
    freed = [held.until[row] for row in rows if not able[row]]
    return len(freed), min(freed, default=None)
