"""The improver as the rest of the program sees it: a first plan, a better plan, in so many seconds on so many cores."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dispatcher_app.planning.improve.desk import Budget, Desk, Routes, best_of, desk_of, leg_of, now_of, run
from dispatcher_app.planning.improve.layout import ABSENT, BEST_ABSENT, ITERATIONS, NOW
from dispatcher_app.planning.improve.part import Part, Windows, cut, whole, without_spare
from dispatcher_app.planning.problem import NOBODY, Plan, Problem, Progress, Watch, problem_of
from dispatcher_app.planning.timetable import moments, plan_of, settled

SIZE: Final = 400
"""Visits in a part of a day that is too big for one piece."""
SMALL: Final = 500
"""Days up to this are not cut: each core searches the whole day by itself."""
HOT, COLD = 3.0, 0.02
"""First and last temperature, in legs (what a stop costs on the way)."""
HOT_FULL, COLD_FULL = 3.0, 0.06
"""The same where not all visits fit in: trading visits for others takes more than trading drives."""
POLISH: Final = 30
"""Iterations a visit for the first plan."""
TURN_S: Final = 0.4
"""How long a part is improved before the day is cut anew, at least."""
TURNS: Final = 40
"""How often the day is cut anew at most."""
LOOK_S: Final = 0.1
"""How often the watcher is told."""


def construct(problem: Problem, seed: int = 0) -> Plan:
    """A first complete plan: every visit where it costs least at its turn, dear ones first, then a short polish.

    A tenth of a second for a city's thousand visits.
    """
    lawful, broken = settled(problem)
    empty = plan_of(problem, ((),) * problem.technicians)
    if not problem.visits or not problem.technicians:
        return empty
    routes, windows = _filled(lawful, empty.routes, {}, seed, POLISH)
    return plan_of(lawful, routes, windows, broken)


def _filled(
    problem: Problem, routes: Routes, windows: Windows, seed: int, polish: int = 0
) -> tuple[Routes, Windows]:
    """The routes with every visit put in that fits, and `polish` iterations a visit to make room for the rest."""
    found = []
    for part in _cut(problem, routes, windows, SIZE, np.random.default_rng(seed)):
        desk = desk_of(part, seed)
        if polish:
            leg = leg_of(desk)
            run(desk, Budget(0.0, polish * part.problem.visits), HOT * leg, COLD * leg, lambda: False)
        found.append((part, best_of(desk)))
    return _joined(problem, found)


def improve(
    problem: Problem,
    plan: Plan | None = None,
    *,
    seconds: float = 10.0,
    iterations: int | None = None,
    seed: int = 0,
    threads: int = 1,
    heat: float = 1.0,
    watch: Watch | None = None,
) -> Plan:
    """The best plan found within the time, never worse than the given one.

    Locked stops stay the first of their routes; visits of `plan` that no longer fit are planned anew. `heat` below 1
    keeps more of a plan that is good already (0.1 for a plan in force). With `iterations` instead of seconds and one
    thread a seed always gives the same plan. `watch` is told ten times a second and may stop the search.
    """
    begun = time.perf_counter()
    lawful, broken = settled(problem)
    given = _given(lawful, plan, broken)
    if not problem.visits or not problem.technicians:
        return given
    windows = moments(lawful, given)
    routes = given.routes
    if given.unserved:
        routes, windows = _filled(lawful, routes, windows, seed)
    core = without_spare(lawful, routes, windows)
    budget = Budget(max(seconds, 0.0), iterations)
    search = _Search(core.problem, seed, max(1, threads), budget, heat, watch, begun)
    routes, windows = _joined(lawful, [(core, search.run(core.routes, core.windows))])
    found = plan_of(lawful, routes, windows, broken)
    return found if found.objective <= given.objective or plan is None else given


def _given(problem: Problem, plan: Plan | None, broken: tuple[int, ...]) -> Plan:
    """The given plan in today's problem: with its own moments, or timed anew where that keeps more."""
    if plan is None:
        return plan_of(problem, ((),) * problem.technicians, {}, broken)
    anew = replace(plan_of(problem, plan.routes), broken=broken)
    if len(plan.starts) != problem.visits:
        return anew
    kept = plan_of(problem, plan.routes, moments(problem, plan), broken)
    return kept if kept.objective <= anew.objective else anew


def warm() -> None:
    """Compile everything on a tiny day (a few seconds the first time on a machine, then nearly nothing)."""
    tiny = problem_of(
        travel=np.where(np.eye(8, dtype=bool), 0, 60),
        service=[600] * 6,
        earliest=0,
        latest=36_000,
        penalty=7200,
        shift_start=[0, 0],
        shift_end=36_000,
        break_earliest=10_000,
        break_latest=14_000,
        break_length=[1800, 0],
        pair=[1, 0, NOBODY, NOBODY, NOBODY, NOBODY],
        after=[NOBODY, NOBODY, NOBODY, 2, NOBODY, NOBODY],
    )
    improve(tiny, iterations=50)


def _cut(
    problem: Problem,
    routes: Sequence[Sequence[int]],
    windows: Windows,
    size: int,
    random: np.random.Generator,
) -> list[Part]:
    if problem.visits <= 1.4 * size:
        return [whole(problem, routes, windows)]
    return cut(problem, routes, windows, size, random)


def _joined(problem: Problem, found: Sequence[tuple[Part, tuple[Routes, Windows]]]) -> tuple[Routes, Windows]:
    """The routes of all parts in the whole problem's numbers."""
    routes: list[tuple[int, ...]] = [()] * problem.technicians
    windows: Windows = {}
    for part, (mine, narrowed) in found:
        for technician, route in zip(part.technicians.tolist(), mine, strict=True):
            routes[technician] = tuple(part.visits[list(route)].tolist())
        windows |= {int(part.visits[visit]): window for visit, window in narrowed.items()}
        for visit in part.held:
            windows[int(part.visits[visit])] = part.windows.get(
                visit, (int(part.problem.earliest[visit]), int(part.problem.latest[visit]))
            )
    return tuple(routes), windows


@dataclass(slots=True)
class _Search:
    """One search: the state between two cuts of the day."""

    problem: Problem
    seed: int
    threads: int
    budget: Budget
    heat: float
    watch: Watch | None
    begun: float
    iterations: int = 0
    objective: int | None = None
    unserved: int = 0
    stopped: bool = False

    @property
    def race(self) -> bool:
        """Each thread searches the whole day."""
        return self.problem.visits <= SMALL

    def run(self, routes: Routes, windows: Windows) -> tuple[Routes, Windows]:
        """Cut, improve and join until the budget is spent."""
        random = np.random.default_rng(self.seed)
        n = self.problem.visits
        race = self.race
        size = (
            n if race or (self.threads == 1 and n <= 1.4 * SIZE) else min(SIZE, math.ceil(n / self.threads))
        )
        count = 1 if size >= n else max(2, round(n / size))
        turns = self._turns(self.threads if race else count)
        hot = cold = 0.0
        best: tuple[int, Routes, Windows] | None = None
        for turn in range(turns):
            if turn and (self.stopped or self._spent()):
                break
            parts = _cut(self.problem, routes, windows, size, random) if count > 1 else []
            parts = parts or [whole(self.problem, routes, windows)] * (self.threads if race else 1)
            seeds = [int(s) for s in random.integers(0, 2**62, len(parts))]
            with ThreadPoolExecutor(self.threads) as pool:
                desks = list(pool.map(desk_of, parts, seeds))
                if turn == 0:
                    hot, cold = self._temperatures(desks)
                self._improve(pool, desks, turn, turns, hot, cold)
            ahead = [min(desks, key=lambda desk: desk.best)] if race else desks
            cost = sum(desk.best for desk in ahead)
            if best is None or cost < best[0]:
                best = cost, *_joined(self.problem, [(desk.part, best_of(desk)) for desk in ahead])
            going_on = [min(desks, key=lambda desk: int(desk.board.tally[NOW]))] if race else desks
            routes, windows = _joined(self.problem, [(desk.part, now_of(desk)) for desk in going_on])
        assert best is not None
        return best[1], best[2]

    def _turns(self, count: int) -> int:
        """How often the day is cut anew: as often as each part gets a fair while."""
        if count == 1:
            return 1
        if self.budget.iterations is not None:
            return max(2, min(TURNS, self.budget.iterations // (2000 * count)))
        return max(2, min(TURNS, int(self.budget.seconds * self.threads / count / TURN_S)))

    def _temperatures(self, desks: Sequence[Desk]) -> tuple[float, float]:
        legs = [leg_of(desk) for desk in desks]
        leg = sum(legs) / len(legs)
        full = any(desk.board.tally[ABSENT] for desk in desks)
        hot, cold = (HOT_FULL, COLD_FULL) if full else (HOT, COLD)
        return max(self.heat * hot, cold) * leg, min(1.0, self.heat) * cold * leg

    def _spent(self) -> bool:
        if self.budget.iterations is not None:
            return self.iterations >= self.budget.iterations
        return time.perf_counter() - self.begun >= self.budget.seconds

    def _improve(
        self, pool: ThreadPoolExecutor, desks: Sequence[Desk], turn: int, turns: int, hot: float, cold: float
    ) -> None:
        """Improve all parts once, side by side, telling the watcher."""
        fall = (cold / hot) ** (1 / turns)
        warm, cool = hot * fall**turn, hot * fall ** (turn + 1)
        if self.budget.iterations is not None:
            share = Budget(0.0, max(1, self.budget.iterations // (turns * len(desks))))
        else:
            left = max(0.0, self.budget.seconds - (time.perf_counter() - self.begun)) / (turns - turn)
            share = Budget(left / math.ceil(len(desks) / self.threads), None)
        before = self.iterations
        if self.threads == 1 and len(desks) == 1:
            run(desks[0], share, warm, cool, lambda: self._look(desks, before))
            return
        waiting = {pool.submit(run, desk, share, warm, cool, lambda: self.stopped) for desk in desks}
        while waiting:
            done, waiting = wait(waiting, LOOK_S)
            for future in done:
                future.result()
            self._tell(desks, before)

    def _look(self, desks: Sequence[Desk], before: int) -> bool:
        self._tell(desks, before)
        return self.stopped

    def _tell(self, desks: Sequence[Desk], before: int) -> None:
        self.iterations = before + sum(int(desk.board.tally[ITERATIONS]) for desk in desks)
        if self.watch is None:
            return
        cost = min(desk.best for desk in desks) if self.race else sum(desk.best for desk in desks)
        if self.objective is None or cost < self.objective:
            # After a new cut the parts begin from where they stood, which may be worse than the best plan.
            absent = [int(desk.board.tally[BEST_ABSENT]) for desk in desks]
            self.objective, self.unserved = cost, min(absent) if self.race else sum(absent)
        elapsed = time.perf_counter() - self.begun
        if not self.watch(
            Progress(
                seconds=elapsed, iterations=self.iterations, objective=self.objective, unserved=self.unserved
            )
        ):
            self.stopped = True
