"""Breaks at noon, of many technicians at once: which visits leave no time for one.

The break floats: it begins between two hours of the day, at a place before the next drive. Whoever has none anyway,
or works too short for one, loses none. The improver times breaks by itself; `domain/remark.py` says it of one visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.calendar import MINUTE_MS, moment
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.remark import LONG_SHIFT_S
from dispatcher_app.planning.crew import Flags
from dispatcher_app.planning.gap import Gaps, Rows, Strips
from dispatcher_app.planning.plan import FAR, Sheet

Milliseconds = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rests:
    """The breaks that can be lost: `only` is, by strip, the one gap that has time for one (named by the stop after it,
    the number of stops for the last one); -1 where there is none or more than one.

    `early` to `late` (offsets, ms) are when a break of `length` may begin.
    """

    only: Rows
    early: int
    late: int
    length: int


def rests_of(sheet: Sheet, strips: Strips, policy: Policy, timezone: str, now: int) -> Rests | None:
    """The breaks of these strips; None where no single visit can take one, or where it is too late to ask for it."""
    length = policy.break_minutes * MINUTE_MS
    early, late = (
        sheet.offset(moment(sheet.date, at, timezone)) for at in (policy.break_from, policy.break_until)
    )
    if length <= 0 or sheet.offset(now) > early:
        return None
    opens, closes = sheet.begin.min(axis=1), sheet.close
    works = (closes - opens >= LONG_SHIFT_S * 1000) & (opens <= early) & (closes >= late + length)
    who, columns = strips.who, strips.start.shape[1]
    free = np.empty((len(who), columns + 1), np.int32)
    until = np.empty((len(who), columns + 1), np.int32)
    free[:, 0], until[:, columns] = opens[who], closes[who]
    np.maximum.accumulate(strips.end, axis=1, out=free[:, 1:])
    np.subtract(strips.start, strips.travel, out=until[:, :columns])
    until[np.arange(len(who)), strips.count] = closes[who]
    held = (free <= late) & (until - np.maximum(free, early) >= length)
    alone = works[who] & (np.count_nonzero(held, axis=1) == 1)
    if not alone.any():
        return None
    return Rests(np.where(alone, held.argmax(axis=1), -1), early, late, length)


@dataclass(frozen=True, slots=True)
class Edges:
    """For those gaps (`which`) that hold the only break: whoever is done by `done_by`, or begins from `begun_from` on
    (offsets, ms), keeps it."""

    which: Rows
    done_by: Milliseconds
    begun_from: Milliseconds

    def lost(self, start: NDArray[Any], done: NDArray[Any]) -> Flags:
        """Whether visits from `start` to `done`, one in each gap, take the last time for a break."""
        gone = np.zeros(len(start), np.bool_)
        gone[self.which] = (done[self.which] > self.done_by) & (start[self.which] < self.begun_from)
        return gone


def edges(rests: Rests, strips: Strips, gaps: Gaps, drive: NDArray[np.int32], calm: Milliseconds) -> Edges:
    """What visits in gaps leave of the breaks.

    `drive` is how long he drives there, `calm` until when each gap's visit may last for the next one to begin in time.
    """
    at = np.where(gaps.after < 0, strips.count[gaps.strip], gaps.after)
    which = np.flatnonzero(rests.only[gaps.strip] == at)
    afterwards = np.minimum(rests.late, calm[which] - rests.length)
    before = np.maximum(gaps.begin[which], rests.early).astype(np.int64)
    return Edges(
        which,
        np.where(afterwards >= rests.early, afterwards, -FAR).astype(np.int64),
        np.where(before <= rests.late, before + rests.length + drive[which], FAR).astype(np.int64),
    )
