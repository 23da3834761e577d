"""The product's improver at work on one problem, with its first plan, its curve and a way to stop it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dispatcher_app.planning.problem import Plan, Problem, Progress
from dispatcher_app.planning.timetable import plan_of
from tests.bench.plan.curve import Curve
from tests.bench.plan.routes import Routes
from tests.bench.plan.stop import Stop, StoppedAtOnce

PATIENCE_S = 5
LOADING = "Still loading the improver: the first time on a computer it is compiled, which takes a minute."

Keep = Callable[[Routes, float], None]
"""Takes the first plan and the best one, each with the second at which it was there."""


@dataclass(frozen=True)
class Run:
    """A finished run; seconds count from the problem being in memory and the code compiled."""

    routes: Routes
    first_s: float
    seconds: float
    processor_s: float  # of all cores together; far less than the seconds where others are at work
    iterations: int
    load_s: float
    curve: Curve
    was_stopped: bool


def cores_here() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load(stop: Stop) -> float | None:
    """Have the improver compiled, or read from its cache; the seconds it took, None where somebody stopped it."""
    notice = threading.Timer(PATIENCE_S, print, [LOADING], {"file": sys.stderr, "flush": True})
    notice.daemon = True
    notice.start()
    begun = time.perf_counter()
    try:
        with stop.at_once():
            from dispatcher_app.planning.improve import warm

            warm()
    except StoppedAtOnce:
        return None
    finally:
        notice.cancel()
    return time.perf_counter() - begun


def run(
    problem: Problem,
    seconds: float,
    seed: int,
    cores: int,
    stop: Stop,
    keep: Keep | None = None,
    start: Sequence[Sequence[int]] | None = None,
    heat: float = 1.0,
) -> Run:
    """Plan until the time is over or somebody stops it, from `start` or from nothing.

    A good plan is improved with a `heat` below 1: as hot as a new one it would first be taken apart.
    The first plan is handed to `keep` as soon as it is there, and the best one at the end; whoever stops before the
    improver is loaded gets the start, or a plan that serves nobody.
    """
    load_s = load(stop)
    if load_s is None:
        return _unplanned(problem, start, keep)
    # Imported late, because that takes a second at best: whoever stops meanwhile gets a plan too.
    from dispatcher_app.planning.improve import construct, improve

    begun, worked = time.perf_counter(), time.process_time()
    first = construct(problem, seed) if start is None else plan_of(problem, start)
    first_s = time.perf_counter() - begun
    if keep:
        keep(routes_of(first), first_s)
        begun = time.perf_counter() - first_s  # keeping a plan is not planning
    curve: Curve = [(first_s, float(first.objective))]
    iterations = 0

    def watch(progress: Progress) -> bool:
        nonlocal iterations
        iterations = progress.iterations
        # Parts that are searched anew may be worse for a while; the best plan there was is kept.
        curve.append((first_s + progress.seconds, min(curve[-1][1], float(progress.objective))))
        return not stop.asked

    left = seconds - first_s
    best = first
    if left > 0 and not stop.asked:
        best = improve(problem, first, seconds=left, seed=seed, threads=cores, heat=heat, watch=watch)
    spent, worked = time.perf_counter() - begun, time.process_time() - worked
    curve.append((spent, float(best.objective)))
    if keep:
        keep(routes_of(best), spent)
    return Run(routes_of(best), first_s, spent, worked, iterations, load_s, curve, stop.asked)


def _unplanned(problem: Problem, start: Sequence[Sequence[int]] | None, keep: Keep | None) -> Run:
    """What there is for somebody who stops before the improver is loaded."""
    routes = [list(route) for route in start or [[]] * problem.technicians]
    if keep:
        keep(routes, 0.0)
    curve = [(0.0, float(plan_of(problem, routes).objective))]
    return Run(routes, 0.0, 0.0, 0.0, 0, 0.0, curve, was_stopped=True)


def routes_of(plan: Plan) -> Routes:
    """The plan's routes as lists of plain numbers."""
    return [[int(visit) for visit in route] for route in plan.routes]
