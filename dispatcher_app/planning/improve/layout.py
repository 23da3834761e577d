"""The arrays the inner loops work on: a day that stays as it is, and a board with the routes of the moment.

Numbers that are read together lie together (one cache line a gap): that is most of the speed.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from dispatcher_app.planning.problem import NOBODY, UNREACHABLE, Costs, Flags, Ints, Problem

# Columns of Board.visit. OPENS and CLOSES are the window of the moment: a linked visit's is narrowed while its
# partner or its successor is planned, so that every route can be timed by itself.
SERVICE: Final = 0
OPENS: Final = 1
CLOSES: Final = 2
DEMAND: Final = 3
ROUTE: Final = 4
POSITION: Final = 5
FIXED: Final = 6
CHOICES: Final = 7
LINKED: Final = 8
PAIR: Final = 9
AFTER: Final = 10
FORMER: Final = 11
REMOTE: Final = 12
EARLIEST: Final = 13
LATEST: Final = 14
MARK: Final = 15
PAUSE: Final = 16
VISIT_COLUMNS: Final = 17

# Columns of Day.tech.
SHIFT_START: Final = 0
SHIFT_END: Final = 1
HARD_END: Final = 2
OVERTIME_COST: Final = 3
BREAK_EARLIEST: Final = 4
BREAK_LATEST: Final = 5
BREAK_LENGTH: Final = 6
CAPACITY: Final = 7
LIMIT: Final = 8
TWIN: Final = 9
LOCKED: Final = 10
TECH_COLUMNS: Final = 11

# Columns of Board.route. COST is travel and overtime cost; MARK tells whether this iteration has saved the route.
LENGTH: Final = 0
LOAD: Final = 1
VERSION: Final = 2
COST: Final = 3
OVERTIME: Final = 4
SAVED: Final = 5
RUINED: Final = 6
TRIED: Final = 7
KEPT: Final = 8
ROUTE_COLUMNS: Final = 9

# Columns of Board.when, a row a stop (row 0 the start, the last row the end place).
OPEN: Final = 0  # earliest departure with the break still to come
DONE: Final = 1  # earliest departure with the break behind (also when taken right here)
LATE_OPEN: Final = 2  # latest arrival with the break still to come
LATE_DONE: Final = 3  # latest arrival with the break behind
WAY: Final = 4  # travel from the row before
WHEN_COLUMNS: Final = 5

# Columns of Board.found: the best gap of a visit in a route, valid while the route has that version.
FOUND_VERSION: Final = 0
FOUND_COST: Final = 1
FOUND_GAP: Final = 2

# Cells of Board.tally.
NOW: Final = 0  # cost of the routes of the moment, with penalties
BEST: Final = 1
CLOCK: Final = 2  # last version given to a route
STAMP: Final = 3
ABSENT: Final = 4  # how many visits are unserved
TOUCHED: Final = 5
USED: Final = 6  # routes with stops
ITERATIONS: Final = 7
BEST_ABSENT: Final = 8
WAITING: Final = 9
SCAN: Final = 10
TALLY: Final = 11

NEVER: Final = 2_000_000_000
"""Later than any moment."""
NO_GAP: Final = 2_147_483_647
"""Cost in Board.found of a visit that fits nowhere in the route."""


class Day(NamedTuple):
    """What does not change during a search."""

    travel: Ints
    back: Ints
    """travel with rows and columns exchanged: both ways of one visit are rows."""
    tech: Ints
    choice: Ints
    """[n, c] technicians who may, NOBODY after the last."""
    near: Ints
    """[n, k] visits by nearness, itself first."""
    penalty: Costs
    move_cost: Costs
    linked: Ints
    """The visits that are part of a pair or of an order after order."""


class Board(NamedTuple):
    """The routes of the moment, what is known about them, the best ones so far, and room to work in."""

    visit: Ints
    stops: Ints
    """[m, room] start place, visits, end place."""
    when: Ints
    route: Costs
    found: Ints
    tally: Costs
    absent: Ints
    best_stops: Ints
    best_length: Ints
    best_window: Ints
    """[linked, 2] windows of the moment of the linked visits in the best plan."""
    saved_stops: Ints
    saved_when: Ints
    saved_route: Costs
    saved_window: Ints
    touched: Ints
    saved_absent: Ints
    waiting: Ints
    """Visits to be put back in this iteration."""
    order: npt.NDArray[np.float64]
    """Scratch: by what they are sorted."""


def day_of(problem: Problem, nearest: int) -> Day:
    """The unchanging arrays of a problem; `nearest` neighbours are kept a visit."""
    n, m = problem.visits, problem.technicians
    tech = np.zeros((m, TECH_COLUMNS), np.int32)
    for column, values in (
        (SHIFT_START, problem.shift_start),
        (SHIFT_END, problem.shift_end),
        (HARD_END, problem.overtime_end),
        (OVERTIME_COST, problem.overtime_cost),
        (BREAK_EARLIEST, problem.break_earliest),
        (BREAK_LATEST, problem.break_latest),
        (BREAK_LENGTH, problem.break_length),
        (CAPACITY, problem.capacity),
        (LIMIT, problem.limit),
        (TWIN, twins(problem)),
    ):
        tech[:, column] = values
    tech[:, LOCKED] = [len(route) for route in problem.locked]
    counts = problem.allowed.sum(axis=0)
    choice = np.full((n, max(1, int(counts.max(initial=0)))), NOBODY, np.int32)
    for visit in range(n):
        choice[visit, : counts[visit]] = np.flatnonzero(problem.allowed[:, visit])
    linked = np.flatnonzero(is_linked(problem)).astype(np.int32)
    return Day(
        travel=problem.travel,
        back=np.ascontiguousarray(problem.travel.T),
        tech=tech,
        choice=choice,
        near=neighbours(problem.travel[:n, :n], nearest),
        penalty=problem.penalty,
        move_cost=problem.move_cost,
        linked=linked,
    )


def board_of(problem: Problem, day: Day) -> Board:
    """An empty board: all visits unserved, all routes empty and not yet timed."""
    n, m, room = problem.visits, problem.technicians, _room(problem) + 2
    visit = np.zeros((n, VISIT_COLUMNS), np.int32)
    for column, values in (
        (SERVICE, problem.service),
        (OPENS, problem.earliest),
        (CLOSES, problem.latest),
        (EARLIEST, problem.earliest),
        (LATEST, problem.latest),
        (DEMAND, problem.demand),
        (PAIR, problem.pair),
        (AFTER, problem.after),
        (PAUSE, problem.pause),
        (FORMER, problem.former),
        (LINKED, is_linked(problem)),
        (CHOICES, problem.allowed.sum(axis=0)),
        (REMOTE, _remoteness(problem, day)),
    ):
        visit[:, column] = values
    visit[:, ROUTE] = NOBODY
    visit[:, FIXED] = 0
    stops = np.zeros((m, room), np.int32)
    stops[:, 0], stops[:, 1] = problem.start_place, problem.end_place
    tally = np.zeros(TALLY, np.int64)
    tally[ABSENT] = n
    tally[NOW] = tally[BEST] = problem.penalty.sum()
    tally[BEST_ABSENT] = n
    links = len(day.linked)
    window = visit[day.linked][:, [OPENS, CLOSES]]
    return Board(
        visit=visit,
        stops=stops,
        when=np.zeros((m, room, WHEN_COLUMNS), np.int32),
        route=np.zeros((m, ROUTE_COLUMNS), np.int64),
        found=np.zeros((n, day.choice.shape[1], 3), np.int32),
        tally=tally,
        absent=np.arange(n, dtype=np.int32),
        best_stops=stops.copy(),
        best_length=np.zeros(m, np.int32),
        best_window=np.ascontiguousarray(window),
        saved_stops=np.zeros((m, room), np.int32),
        saved_when=np.zeros((m, room, WHEN_COLUMNS), np.int32),
        saved_route=np.zeros((m, ROUTE_COLUMNS), np.int64),
        saved_window=np.zeros((links, 2), np.int32),
        touched=np.zeros(m, np.int32),
        saved_absent=np.zeros(n, np.int32),
        waiting=np.zeros(n, np.int32),
        order=np.zeros(n, np.float64),
    )


def neighbours(travel: Ints, nearest: int) -> Ints:
    """[n, k] the nearest visits of each visit, there and back, itself first."""
    n = len(travel)
    k = min(nearest, n)
    near = np.zeros((n, k), np.int32)
    for first in range(0, n, 256):
        rows = slice(first, min(first + 256, n))
        way = travel[rows].astype(np.int64) + travel[:, rows].T
        way[np.arange(way.shape[0]), np.arange(n)[rows]] = -1
        close = (
            np.argpartition(way, k - 1, axis=1)[:, :k] if k < n else np.broadcast_to(np.arange(n), way.shape)
        )
        by_way = np.take_along_axis(way, close, axis=1).argsort(axis=1, kind="stable")
        near[rows] = np.take_along_axis(close, by_way, axis=1)
    return near


def twins(problem: Problem) -> Ints:
    """[m] the first technician who is the same in everything: of empty twins only one has to be tried."""
    m = problem.technicians
    columns = np.stack(
        [
            problem.start_place,
            problem.end_place,
            problem.shift_start,
            problem.shift_end,
            problem.overtime_end,
            problem.overtime_cost,
            problem.break_earliest,
            problem.break_latest,
            problem.break_length,
            problem.capacity,
            problem.limit,
        ],
        axis=1,
    )
    seen: dict[bytes, int] = {}
    has_former = set(problem.former.tolist())
    answer = np.zeros(m, np.int32)
    for technician in range(m):
        if technician in has_former or problem.locked[technician]:
            answer[technician] = technician
        else:
            key = columns[technician].tobytes() + np.packbits(problem.allowed[technician]).tobytes()
            answer[technician] = seen.setdefault(key, technician)
    return answer


def is_linked(problem: Problem) -> Flags:
    """[n] the visit has a partner, waits for another one, or another one waits for it."""
    linked: Flags = (problem.pair != NOBODY) | (problem.after != NOBODY)
    linked[problem.after[problem.after != NOBODY]] = True
    return linked


def _remoteness(problem: Problem, day: Day) -> Ints:
    """[n] the way to the visit from the nearest technician who may go."""
    n = problem.visits
    if not n or not problem.technicians:
        return np.zeros(n, np.int32)
    way = np.full(n, UNREACHABLE, np.int32)
    for technician in range(problem.technicians):
        mine = problem.allowed[technician]
        np.minimum(way, day.travel[problem.start_place[technician], :n], out=way, where=mine)
    return way


def _room(problem: Problem) -> int:
    """The most stops that can stand in one route."""
    n, m = problem.visits, problem.technicians
    if not n or not m:
        return 0
    span = int((problem.overtime_end.astype(np.int64) - problem.shift_start).max())
    by_time = np.searchsorted(np.cumsum(np.sort(problem.service).astype(np.int64)), max(span, 0), "right")
    load = np.cumsum(np.sort(problem.demand).astype(np.int64))
    by_load = np.searchsorted(load, int(problem.capacity.max()), "right")
    most = min(int(by_time), int(by_load), int(problem.limit.max()), n)
    return min(n, most + max(len(route) for route in problem.locked))
