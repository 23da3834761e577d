"""A part laid out for the inner loops, and read back from them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from dispatcher_app.planning.improve.anneal import anneal
from dispatcher_app.planning.improve.chance import Chance, chance_of
from dispatcher_app.planning.improve.lay import insert_all, lay
from dispatcher_app.planning.improve.layout import (
    ABSENT,
    BEST,
    BEST_ABSENT,
    CLOCK,
    CLOSES,
    FIXED,
    FOUND_VERSION,
    LENGTH,
    NOW,
    OPENS,
    ROUTE,
    VERSION,
    Board,
    Day,
    board_of,
    day_of,
)
from dispatcher_app.planning.improve.part import Part, Windows
from dispatcher_app.planning.improve.undo import begin, keep

NEAREST: Final = 100
"""How many neighbours a visit is ruined with at most."""
STEP_S: Final = 0.02
"""How long the inner loops run between two looks at the clock."""
STEP: Final = 500
"""How many iterations they run where iterations are counted instead."""
VERSIONS: Final = 1_500_000_000
"""When the versions of routes begin anew: they are kept in 32 bits."""

Routes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """A part in the arrays of the inner loops, with its own chance."""

    part: Part
    day: Day
    board: Board
    chance: Chance

    @property
    def best(self) -> int:
        """Cost of the best plan so far."""
        return int(self.board.tally[BEST])


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search: seconds, or iterations where a plan has to be the same each time."""

    seconds: float
    iterations: int | None


def desk_of(part: Part, seed: int) -> Desk:
    """Lay a part out: its routes first, then what else fits, each visit where it costs least."""
    problem = part.problem
    day = day_of(problem, NEAREST)
    board, chance = board_of(problem, day), chance_of(seed)
    begin(day, board)
    for visit in {*part.held, *(visit for lock in problem.locked for visit in lock)}:
        board.visit[visit, FIXED] = 1
    for visit, (opens, closes) in part.windows.items():
        board.visit[visit, OPENS], board.visit[visit, CLOSES] = opens, closes
    for technician, route in enumerate(part.routes):
        lay(day, board, technician, np.array(route, np.int32))
    for visit in part.windows:
        if board.visit[visit, ROUTE] == -1:
            board.visit[visit, OPENS], board.visit[visit, CLOSES] = (
                problem.earliest[visit],
                problem.latest[visit],
            )
    insert_all(day, board, chance, _order(part, seed))
    absent = np.flatnonzero(board.visit[:, ROUTE] < 0)
    board.absent[: len(absent)] = absent
    board.tally[ABSENT] = len(absent)
    keep(day, board)
    board.tally[BEST], board.tally[BEST_ABSENT] = board.tally[NOW], len(absent)
    return Desk(part, day, board, chance)


def _order(part: Part, seed: int) -> np.typing.NDArray[np.int32]:
    """The order in which visits are first put in: dear ones, then those few can do, then by chance."""
    problem = part.problem
    drawn = np.random.default_rng(seed).random(problem.visits)
    return np.lexsort((drawn, problem.allowed.sum(axis=0), -problem.penalty)).astype(np.int32)


def leg_of(desk: Desk) -> float:
    """What a stop costs on average, on the way."""
    planned = int((desk.board.visit[:, ROUTE] >= 0).sum())
    used = int((desk.board.route[:, LENGTH] > 0).sum())
    missing = int(desk.part.problem.penalty[desk.board.visit[:, ROUTE] < 0].sum())
    return max(1.0, (int(desk.board.tally[NOW]) - missing) / max(1, planned + used))


def run(desk: Desk, budget: Budget, hot: float, cold: float, stopped: Callable[[], bool]) -> None:
    """Improve a part from temperature `hot` to `cold` until the budget is spent or somebody stops it."""
    begun, done, step = time.perf_counter(), 0, STEP if budget.iterations is not None else 20
    while not stopped():
        if budget.iterations is not None:
            share, step = done / max(1, budget.iterations), min(STEP, budget.iterations - done)
            if step <= 0:
                return
        else:
            share = (time.perf_counter() - begun) / max(budget.seconds, 1e-9)
            if share >= 1:
                return
        warmth = hot * (cold / hot) ** share
        before = time.perf_counter()
        anneal(desk.day, desk.board, desk.chance, step, warmth, warmth)
        done += step
        if budget.iterations is None:
            took = max(time.perf_counter() - before, 1e-6)
            step = max(10, int(step * min(2.0, STEP_S / took)))
        if desk.board.tally[CLOCK] > VERSIONS:
            _renumber(desk.board)


def _renumber(board: Board) -> None:
    """Give the routes small versions again and forget what was known about the old ones."""
    board.found[:, :, FOUND_VERSION] = 0
    board.route[:, VERSION] = np.arange(1, len(board.route) + 1)
    board.tally[CLOCK] = len(board.route)


def now_of(desk: Desk) -> tuple[Routes, Windows]:
    """The routes of the moment and the moments of linked visits, in the part's numbers."""
    board = desk.board
    routes = tuple(
        tuple(board.stops[r, 1 : int(board.route[r, LENGTH]) + 1].tolist()) for r in range(len(board.route))
    )
    return routes, {
        int(v): (int(board.visit[v, OPENS]), int(board.visit[v, CLOSES]))
        for v in desk.day.linked
        if board.visit[v, ROUTE] >= 0
    }


def best_of(desk: Desk) -> tuple[Routes, Windows]:
    """The best routes so far and the moments of linked visits in them, in the part's numbers."""
    board = desk.board
    routes = tuple(
        tuple(board.best_stops[r, 1 : int(board.best_length[r]) + 1].tolist())
        for r in range(len(board.route))
    )
    planned = {visit for route in routes for visit in route}
    return routes, {
        int(v): (int(board.best_window[at, 0]), int(board.best_window[at, 1]))
        for at, v in enumerate(desk.day.linked)
        if int(v) in planned
    }
