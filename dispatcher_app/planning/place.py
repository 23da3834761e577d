"""Where in the free time of many technicians a visit stands best, and what it costs their days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.planning.crew import Flags
from dispatcher_app.planning.gap import Cell, Drives, Gaps, Metres, Reach, Rows, Strips, figure_of, picked
from dispatcher_app.planning.plan import FAR, TENTATIVE, Offsets, Sheet
from dispatcher_app.planning.rest import Rests, edges

Milliseconds = NDArray[np.int64]

STEP_MS = 5 * MINUTE_MS
"""Starts are proposed on a grid that a person would say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A later visit of the same day that would begin that many minutes after its planned start."""

    order: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Placements:
    """Possible starts, one in a gap; times are offsets (ms) from the date's midnight.

    `added` is driving more than before, `slack` what is spare before the next visit or the end of work (below 0 where
    somebody waits), `late` minutes that this visit and all later ones are late together, `over` minutes that the day
    ends later than it would after the last shift, `rest` whether no time is left for his break.
    """

    gaps: Gaps
    who: Rows
    start: Offsets
    done: Offsets
    arrival: Offsets
    drive: NDArray[np.int32]
    metres: Metres
    added: Milliseconds
    slack: Milliseconds
    late: Milliseconds
    over: Milliseconds
    rest: Flags


def some(placements: Placements, which: Rows | Flags) -> Placements:
    """Some of the placements, in that order."""
    rest = (getattr(placements, each.name)[which] for each in fields(Placements)[1:])
    return Placements(picked(placements.gaps, which), *rest)


def placements(
    sheet: Sheet,
    strips: Strips,
    gaps: Gaps,
    drives: Drives,
    reach: Reach,
    duration: int,
    earliest: Milliseconds,
    latest: Milliseconds,
    rests: Rests | None = None,
) -> Placements:
    """Every gap's first start within each technician's bounds (offsets, by row of the plan): calm, else a tight one.

    Where the first start leaves no time for a break, the first one after it is taken if that is calm.
    """
    who = strips.who[gaps.strip]
    lowest = np.maximum(gaps.begin, earliest[who])
    highest = np.minimum(gaps.end - duration, latest[who])
    which = lowest <= highest
    lowest, highest, gaps = lowest[which], highest[which], picked(gaps, which)
    drives = Drives(drives.drive[which], drives.metres[which], drives.arrival[which])
    soonest = np.maximum(lowest, drives.arrival)
    grid = on_grid(soonest, sheet.midnight)
    # Rounding up to what a person would say never costs the next visit its punctuality.
    until = calm_until(strips, gaps, reach)
    calm = np.minimum(highest, until - duration)
    start = np.select(
        [grid <= calm, soonest <= calm, grid <= highest, soonest <= highest],
        [grid, soonest, grid, soonest],
        highest,
    )
    if rests is None:
        return placed(sheet, strips, gaps, drives, reach, duration, start)
    edge = edges(rests, strips, gaps, drives.drive, until)
    lost = edge.lost(start, np.maximum(start, drives.arrival) + duration)[edge.which]
    rested = on_grid(np.maximum(edge.begun_from, lowest[edge.which]), sheet.midnight)
    start[edge.which] = np.where(lost & (rested <= calm[edge.which]), rested, start[edge.which])
    made = placed(sheet, strips, gaps, drives, reach, duration, start)
    return replace(made, rest=edge.lost(made.start, made.done))


def calm_until(strips: Strips, gaps: Gaps, reach: Reach) -> Milliseconds:
    """Until when a visit in each gap may last so that the next one begins in time."""
    onward = reach.onward[figure_of(strips.spot, gaps.strip, gaps.after)]
    due = figure_of(strips.start, gaps.strip, gaps.after) - onward
    return np.where(gaps.after < 0, gaps.end, due).astype(np.int64)


def on_grid(at: Milliseconds, midnight: int) -> Milliseconds:
    """The next moments of the grid."""
    return -(-(at + midnight) // STEP_MS) * STEP_MS - midnight


def placed(
    sheet: Sheet,
    strips: Strips,
    gaps: Gaps,
    drives: Drives,
    reach: Reach,
    duration: int,
    start: Milliseconds,
) -> Placements:
    """The cost of given starts in given gaps: added driving, spare time, whom it makes late, when the day ends."""
    last = gaps.after < 0
    done = np.maximum(start, drives.arrival) + duration
    onward = np.where(last, 0, reach.onward[figure_of(strips.spot, gaps.strip, gaps.after)])
    due = np.where(last, FAR, figure_of(strips.start, gaps.strip, gaps.after))
    later = delays(strips, gaps, done + onward)
    return Placements(
        gaps=gaps,
        who=strips.who[gaps.strip],
        start=start.astype(np.int32),
        done=done.astype(np.int32),
        arrival=drives.arrival,
        drive=drives.drive,
        metres=drives.metres,
        added=added_by(sheet, strips, gaps, reach),
        slack=np.minimum(gaps.end - done, due - done - onward).astype(np.int64),
        late=minutes(later).sum(axis=1) + np.maximum(0, drives.arrival - start) // MINUTE_MS,
        over=overtime(sheet, strips, gaps, done, later),
        rest=np.zeros(len(start), np.bool_),
    )


def added_by(sheet: Sheet, strips: Strips, gaps: Gaps, reach: Reach) -> Milliseconds:
    """Driving (ms) that a visit in each gap adds to the day: there and onward, less the drive that it saves."""
    first, last = gaps.before < 0, gaps.after < 0
    home = sheet.home[strips.who[gaps.strip]]
    came = reach.there[np.where(first, home, figure_of(strips.spot, gaps.strip, gaps.before))]
    onward = reach.onward[figure_of(strips.spot, gaps.strip, gaps.after)]
    saved = figure_of(strips.travel, gaps.strip, gaps.after)
    return np.maximum(0, came + np.where(last, 0, onward - saved)).astype(np.int64)


def delays(strips: Strips, gaps: Gaps, arrival: Milliseconds) -> Milliseconds:
    """How much later (ms) each later stop (column) of a gap's day begins when the first of them is reached at `arrival`.

    A delay is handed on from one visit to the next until the day has swallowed it.
    """
    out = np.zeros((len(gaps.strip), strips.start.shape[1]), np.int64)
    gap = np.flatnonzero(gaps.after >= 0)
    strip, column, arrival = gaps.strip[gap], gaps.after[gap], arrival[gap]
    while len(gap):
        delay = arrival - strips.start[strip, column]
        late = delay > 0
        gap, strip, column, delay = gap[late], strip[late], column[late], delay[late]
        out[gap, column] = delay
        on = column + 1 < strips.count[strip]
        gap, strip, column, delay = gap[on], strip[on], column[on], delay[on]
        arrival = (strips.end[strip, column] + delay + strips.travel[strip, column + 1]).astype(np.int64)
        column = column + 1
    return out


def overtime(
    sheet: Sheet, strips: Strips, gaps: Gaps, done: Milliseconds, later: Milliseconds
) -> Milliseconds:
    """Minutes that each day ends later than before, counted from the end of the last shift."""
    last = np.maximum(strips.count[gaps.strip] - 1, 0)
    any_stop = strips.count[gaps.strip] > 0
    ended = np.where(any_stop, figure_of(strips.end, gaps.strip, last), -FAR).astype(np.int64)
    delay = later[np.arange(len(last)), last] if later.shape[1] else np.zeros(len(last), np.int64)
    close = sheet.close[strips.who[gaps.strip]]
    over = np.maximum(0, np.maximum(done, ended + delay) - np.maximum(close, ended)).astype(np.int64)
    counted: Milliseconds = np.where(close > -FAR, minutes(over), 0).astype(np.int64)
    return counted


def minutes(milliseconds: Milliseconds) -> Milliseconds:
    """Minutes begun."""
    begun: Milliseconds = -(-milliseconds // MINUTE_MS)
    return begun


def pushed(
    sheet: Sheet,
    placements: Placements,
    reach: Reach,
    absent: Sequence[Cell],
    limits: Milliseconds,
) -> Flags:
    """Which tentative stops (columns of the sheet) each placement pushes aside: in its way, out of reach, too many."""
    who, begin = placements.who, placements.start[:, None]
    # By the rule it is the planned time that pushes, not how long a tight start takes in the end.
    finish = (placements.done - np.maximum(0, placements.arrival - placements.start))[:, None]
    start, end, spot = sheet.start[who], sheet.end[who], sheet.spot[who]
    there = start < FAR
    for row, column in absent:
        there[who == row, column] = False
    waiting: Flags = there & (sheet.state[who] == TENTATIVE)
    if not waiting.any():
        return waiting
    clash = (start < finish) & (begin < end)
    unreached = np.where(end <= begin, end + reach.there[spot] > begin, finish + reach.onward[spot] > start)
    gone = waiting & (clash | unreached)
    rest = waiting & ~gone
    more = there.sum(axis=1) - gone.sum(axis=1) + 1 - limits[who]
    # Whoever takes too many gives up the last ones of the day.
    from_behind = np.cumsum(rest[:, ::-1], axis=1)[:, ::-1]
    aside: Flags = gone | (rest & (from_behind <= more[:, None]))
    return aside
