"""Two for one visit: who could begin at the same moment as whom, making nobody wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.order import Window
from dispatcher_app.planning.chance import Caller, Chances, chances_on
from dispatcher_app.planning.gap import Cell, Reach, Rows, absent_from
from dispatcher_app.planning.plan import FAR, TENTATIVE, Sheet

GRID_MS = 5 * MINUTE_MS
FIVE = (GRID_MS, MINUTE_MS, 1)
"""A moment that people would say, where there is one."""
NOTHING = np.int64(2**62)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A lead (row of the plan) and whoever comes along, the moment they begin (offset, ms), driving more and metres."""

    lead: int
    helper: int
    at: int
    added: int
    metres: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """How many pairs could begin at the same moment in a window, and the two (numbers of chances) who drive least."""

    most: int
    lead: int
    helper: int
    at: int


def free_times(caller: Caller, sheet: Sheet, reach: Reach, *, firm: bool = False) -> Chances:
    """When each of those with the skill could begin; `firm`, as if what is only planned were not there."""
    absent: list[Cell] = absent_from(sheet, caller.now, caller.need.order)
    if firm:
        rows, columns = np.nonzero((sheet.state == TENTATIVE) & (sheet.start < FAR))
        absent = [*absent, *zip(rows.tolist(), columns.tolist(), strict=True)]
    return chances_on(caller, sheet, reach, caller.fit, absent)


def meetings(
    chances: Chances,
    earliest: int,
    latest: int,
    leads: Collection[int],
    wished: dict[int, int],
    *,
    near: bool,
) -> list[Meeting]:
    """For each of these leads who comes along and when, between two moments (offsets, ms).

    At the `wished` moment where somebody can; else where both drive least (`near`), or soonest.
    """
    made = []
    for lead in leads:
        found = wanted_at(chances, lead, wished.get(lead)) or first_of(
            chances, lead, earliest, latest, near=near
        )
        if found is not None:
            made.append(found)
    return made


def wanted_at(chances: Chances, lead: int, at: int | None) -> Meeting | None:
    """Who comes along at that very moment."""
    if at is None:
        return None
    which = np.flatnonzero((chances.first <= at) & (chances.last >= at) & (chances.who != lead))
    if not len(which):
        return None
    best = int(which[np.lexsort((chances.who[which], chances.added[which]))[0]])
    return Meeting(lead, int(chances.who[best]), at, int(chances.added[best]), int(chances.metres[best]))


def first_of(chances: Chances, lead: int, earliest: int, latest: int, *, near: bool) -> Meeting | None:
    """Where the free times of the lead and of anybody else meet."""
    best: tuple[tuple[int, int, int], Meeting] | None = None
    others = np.flatnonzero(chances.who != lead)
    for mine in np.flatnonzero(chances.who == lead).tolist():
        begin = np.maximum(np.maximum(chances.first[others], chances.first[mine]), earliest).astype(np.int64)
        end = np.minimum(np.minimum(chances.last[others], chances.last[mine]), latest)
        both = np.flatnonzero(begin <= end)
        if not len(both):
            continue
        moments = spoken(begin[both], end[both])
        added = chances.added[others[both]] + chances.added[mine]
        keys = (chances.who[others[both]], *((moments, added) if near else (added, moments)))
        at = int(np.lexsort(keys)[0])
        other = int(others[both[at]])
        cost = (int(added[at]), int(moments[at])) if near else (int(moments[at]), int(added[at]))
        meeting = Meeting(
            lead,
            int(chances.who[other]),
            int(moments[at]),
            int(chances.added[other]),
            int(chances.metres[other]),
        )
        if best is None or (*cost, meeting.helper) < best[0]:
            best = ((*cost, meeting.helper), meeting)
    return best[1] if best is not None else None


def spoken(begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first moments of these spans that people would say: on the five minutes, on the minute, else as they are."""
    answer = begin
    for grid in FIVE[::-1]:
        rounded = -(-begin // grid) * grid
        answer = np.where(rounded <= end, rounded, answer)
    return answer


def pairs_in(chances: Chances, sheet: Sheet, window: Window) -> Pairs | None:
    """The pairs who could begin within a window, None where nobody finds a second one."""
    begin, end = sheet.offset(window.start), sheet.offset(window.end) - 1
    which: Rows = np.flatnonzero((chances.first <= end) & (chances.last >= begin))
    if len(which) < 2:
        return None
    first = np.maximum(chances.first[which], begin).astype(np.int64)
    last = np.minimum(chances.last[which], end)
    moments = np.unique(np.concatenate([spoken(first, last), first]))
    there = (first[:, None] <= moments) & (moments <= last[:, None])
    count = there.sum(axis=0)
    if count.max(initial=0) < 2:
        return None
    driving = np.where(there, chances.added[which].astype(np.int64)[:, None], NOTHING // 4)
    two = np.sort(np.argpartition(driving, 1, axis=0)[:2], axis=0)
    total = np.take_along_axis(driving, two, axis=0).sum(axis=0)
    at = int(np.lexsort((moments % GRID_MS != 0, np.where(count >= 2, total, NOTHING)))[0])
    lead, helper = ordered(chances, [int(which[each]) for each in two[:, at]])
    return Pairs(int(count.max()) // 2, lead, helper, int(moments[at]))


def ordered(chances: Chances, two: Sequence[int]) -> tuple[int, int]:
    """The one with less driving leads."""
    lead, helper = sorted(two, key=lambda each: (int(chances.added[each]), int(chances.who[each])))
    return lead, helper
