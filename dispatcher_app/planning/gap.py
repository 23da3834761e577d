"""The free time of many technicians' days at once: where a visit could stand, and how it is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.place import Point
from dispatcher_app.planning.crew import Flags
from dispatcher_app.planning.plan import DONE, FAR, TENTATIVE, Offsets, Sheet
from dispatcher_app.planning.spots import Spots, sound
from dispatcher_app.planning.travel import Places, TravelOf
from dispatcher_app.planning.travel.answer import ERROR_PERCENT

Position = Point | tuple[Point, int]
"""Where a technician was last seen, with the moment (UTC ms) where it is known."""
Rows = NDArray[np.intp]
Metres = NDArray[np.int32]
Cell = tuple[int, int]
"""Where a stop stands in a sheet: its technician's row, its column."""

FRESH_MS = 30 * MINUTE_MS
"""A position older than this says nothing about where a drive begins."""
UNKNOWN_MS = 30 * MINUTE_MS
"""The drive to or from a place without coordinates: long enough that nothing is promised on it lightly."""
LONGEST_MS = 24 * 60 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Strips:
    """Pieces of working time (rows) with the stops of their day (columns); offsets in ms, empty places at `FAR`.

    `who` is the technician's row in the plan, `column` the stop's column there; `firm` says where what gives way to a
    person's act is left out.
    """

    who: Rows
    begin: Offsets
    finish: Offsets
    start: Offsets
    end: Offsets
    spot: NDArray[np.int32]
    travel: NDArray[np.int32]
    state: NDArray[np.int8]
    column: NDArray[np.intp]
    count: NDArray[np.intp]
    firm: Flags


@dataclass(frozen=True, slots=True)
class Gaps:
    """Free times of at least some length, one after the other: in which strip, from when to when.

    `before` and `after` are columns of the strip's stops between which the gap lies; -1 is home, or the end of work.
    """

    strip: Rows
    begin: Offsets
    end: Offsets
    before: Rows
    after: Rows


@dataclass(frozen=True, slots=True)
class Reach:
    """The drives between a visit and every place of a sheet: ms there, ms onward, metres as the crow flies.

    `error_percent` is what nine in ten of them are missed by at most.
    """

    there: NDArray[np.int32]
    onward: NDArray[np.int32]
    metres: Metres
    source: TravelSource = "estimate"
    notes: tuple[Broken, ...] = ()
    error_percent: int = ERROR_PERCENT["estimate"]


def strips_of(sheet: Sheet, who: Rows, absent: Sequence[Cell], firm: Flags | None = None) -> Strips:
    """The working time of some technicians, as if the `absent` stops were not there.

    `firm` says for whom whatever gives way to a person's act is left out too.
    """
    chosen, piece = np.nonzero(sheet.begin[who] < sheet.finish[who])
    rows = who[chosen]
    flags = np.zeros(len(rows), np.bool_) if firm is None else firm[chosen]
    return strips_with(sheet, rows, sheet.begin[rows, piece], sheet.finish[rows, piece], flags, absent)


def strips_with(
    sheet: Sheet, rows: Rows, begin: Offsets, finish: Offsets, firm: Flags, absent: Sequence[Cell]
) -> Strips:
    """The stops of these technicians (one may come twice) around given pieces of time."""
    start, state = sheet.start[rows], sheet.state[rows]
    gone = (state == TENTATIVE) & (start < FAR) & firm[:, None]
    for row, stop in absent:
        gone[rows == row, stop] = True
    if not gone.any():
        column = np.broadcast_to(np.arange(start.shape[1]), start.shape)
    else:
        start[gone] = FAR
        column = np.argsort(start, axis=1, kind="stable")
        start, state = np.take_along_axis(start, column, axis=1), np.take_along_axis(state, column, axis=1)
    kept = start < FAR
    # The columns that every row leaves empty cost time and say nothing.
    width = int(np.count_nonzero(kept.any(axis=0)))
    column, start, state, kept = column[:, :width], start[:, :width], state[:, :width], kept[:, :width]
    at = rows[:, None], column
    end = np.where(kept, sheet.end[at], FAR).astype(np.int32)
    count = np.count_nonzero(kept, axis=1)
    return Strips(
        rows, begin, finish, start, end, sheet.spot[at], sheet.travel[at], state, column, count, firm
    )


def absent_from(sheet: Sheet, now: int, order: str, *, held: bool = True) -> list[Cell]:
    """The stops that don't count: the order's own, unless it is over, and expired holds."""
    own = [place for place in (sheet.places_of(order) if order else ()) if sheet.state[place] != DONE]
    expired = [
        (row, each.column)
        for row, kept in sheet.kept.items()
        for each in kept
        if each.until <= now or not held
    ]
    return own + expired


def gaps_of(strips: Strips, duration: int) -> Gaps:
    """The gaps of at least that many ms, strip by strip in order of time."""
    rows, columns = strips.start.shape
    ends = np.maximum.accumulate(strips.end, axis=1)
    begin = np.empty((rows, columns + 1), np.int32)
    end = np.empty((rows, columns + 1), np.int32)
    begin[:, 0], end[:, columns] = strips.begin, strips.finish
    np.maximum(ends, strips.begin[:, None], out=begin[:, 1:])
    np.minimum(strips.start, strips.finish[:, None], out=end[:, :columns])
    strip, at = np.nonzero(end - begin >= max(duration, 1))
    before = at - 1
    if (ends != strips.end).any():
        # Two visits at once, as a supervisor may allow: he comes from the one that ends last.
        last = np.maximum.accumulate(np.where(ends == strips.end, np.arange(columns), 0), axis=1)
        before = np.where(at > 0, last[strip, before], -1)
    after = np.where(at < strips.count[strip], at, -1)
    return Gaps(strip, begin[strip, at], end[strip, at], before, after)


def figure_of(array: NDArray[Any], strip: Rows, column: Rows) -> NDArray[Any]:
    """The figure of a stop for each gap; whatever stands first where there is no stop."""
    if not array.shape[1]:
        return np.zeros(len(strip), np.int32)
    return array[strip, np.maximum(column, 0)]


def picked(gaps: Gaps, which: Rows | Flags) -> Gaps:
    """Some of the gaps."""
    return Gaps(gaps.strip[which], gaps.begin[which], gaps.end[which], gaps.before[which], gaps.after[which])


def reach_of(
    point: Point, spots: Spots, travel: TravelOf, at: int, numbers: NDArray[np.integer[Any]] | None = None
) -> Reach:
    """All drives around a visit, as they are about `at` (UTC ms); with `numbers` only those to and from these places."""
    there, onward, metres = (np.zeros(spots.size, np.int32) for _ in range(3))
    source: TravelSource = "estimate"
    notes: list[Broken] = []
    here, first, error = Places((point,)), 0, 0
    wanted = None if numbers is None else np.unique(numbers)
    for block in spots.blocks():
        which = np.arange(len(block))
        if wanted is not None:
            which = (wanted[(wanted >= first) & (wanted < first + len(block))] - first).astype(np.intp)
        if len(which):
            asked = block if len(which) == len(block) else block.some(which)
            to = travel(asked, here, at)
            # An estimate is the same both ways.
            both = to.source == "estimate" and to.sources is None
            back = to.seconds[:, 0] if both else travel(here, asked, at).seconds[0]
            there[which + first], onward[which + first] = in_ms(to.seconds[:, 0]), in_ms(back)
            metres[which + first] = to.metres[:, 0]
            source, error = to.source, max(error, to.error_percent)
            notes += [note for note in to.notes if note not in notes]
        first += len(block)
    lost = spots.lost()
    there[lost] = onward[lost] = UNKNOWN_MS
    return Reach(there, onward, metres, source, tuple(notes), error or ERROR_PERCENT[source])


def in_ms(seconds: NDArray[np.int64]) -> NDArray[np.int32]:
    """Drives in milliseconds; what nobody would drive is a day."""
    return (np.clip(seconds, 0, LONGEST_MS // 1000) * 1000).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Drives:
    """The drive to a visit in each gap (ms, metres), and when (offset, ms) he can stand at the door."""

    drive: NDArray[np.int32]
    metres: Metres
    arrival: Offsets


@dataclass(frozen=True, slots=True)
class Seen:
    """Where technicians are known to be, and how the drives from there to a visit are found."""

    positions: Mapping[str, Position]
    people: Sequence[str]
    point: Point
    travel: TravelOf
    now: int

    def places(self) -> list[Point]:
        """Where they are, as far as that is known."""
        found = (self.fresh(row) for row, id in enumerate(self.people) if id in self.positions)
        return [each for each in found if each is not None]

    def fresh(self, row: int) -> Point | None:
        """Where the technician of that row is, None where nobody knows it or it is too long ago."""
        position = self.positions.get(self.people[row])
        if position is None:
            return None
        if isinstance(position, Point):
            return position if sound(position) else None
        return position[0] if self.now - position[1] <= FRESH_MS and sound(position[0]) else None


def drives_to(sheet: Sheet, strips: Strips, gaps: Gaps, reach: Reach, now: int, seen: Seen | None) -> Drives:
    """How each gap is reached: from the stop before, from where he stands, or from home, where work can begin."""
    who = strips.who[gaps.strip]
    first = gaps.before < 0
    came_from = np.where(first, sheet.home[who], figure_of(strips.spot, gaps.strip, gaps.before))
    ended = np.where(first, -FAR, figure_of(strips.end, gaps.strip, gaps.before))
    drive, metres = reach.there[came_from], reach.metres[came_from]
    here = sheet.offset(now)
    standing = np.flatnonzero((gaps.begin <= here) & (ended <= here)) if seen is not None else ()
    if seen is not None and len(standing):
        rows, which = np.unique(who[standing], return_inverse=True)
        places = [seen.fresh(row) for row in rows.tolist()]
        known = [at for at in places if at is not None]
        if known:
            travel = seen.travel(known, (seen.point,), now)
            fresh = np.array([at is not None for at in places])
            leg = (np.cumsum(fresh) - 1)[which]
            gap, leg = standing[fresh[which]], leg[fresh[which]]
            drive[gap], metres[gap] = in_ms(travel.seconds[:, 0])[leg], travel.metres[leg, 0]
    arrival = np.where(first, np.maximum(gaps.begin, here + drive), np.maximum(ended, here) + drive)
    return Drives(drive, metres, arrival.astype(np.int32))
