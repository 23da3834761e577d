"""Whatever day it is given, the improver's plan keeps every hard rule and costs what it says."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app.planning.improve import construct, improve
from dispatcher_app.planning.problem import Problem
from dispatcher_app.planning.timetable import plan_of, schedule
from tests.planning.improve.day import cost_of, faults, random_day

seeds = st.integers(0, 2**32 - 1)
slow = settings(max_examples=60, deadline=None)


@slow
@given(seeds, st.integers(0, 24), st.integers(0, 5))
def test_every_plan_keeps_every_hard_rule(seed: int, visits: int, technicians: int) -> None:
    day = random_day(seed, visits, technicians)
    first = construct(day, seed)
    assert faults(day, first) == []
    better = improve(day, first, iterations=400, seed=seed)
    assert faults(day, better) == []
    assert better.objective <= first.objective


@slow
@given(seeds, st.integers(6, 20), st.integers(1, 4))
def test_locked_stops_stay_the_first_of_their_routes(seed: int, visits: int, technicians: int) -> None:
    day = random_day(seed, visits, technicians)
    plan = improve(day, iterations=200, seed=seed)
    locked = replace(day, locked=tuple(route[:2] for route in plan.routes))
    again = improve(locked, plan, iterations=400, seed=seed)
    assert faults(locked, again) == []
    assert again.objective <= plan.objective


@slow
@given(seeds, st.integers(8, 20), st.integers(2, 4))
def test_the_route_of_who_drops_out_is_planned_anew(seed: int, visits: int, technicians: int) -> None:
    day = random_day(seed, visits, technicians)
    plan = improve(day, iterations=200, seed=seed)
    allowed = day.allowed.copy()
    allowed[0] = False
    without = replace(day, allowed=allowed)
    repaired = improve(without, plan, iterations=300, seed=seed, heat=0.1)
    assert faults(without, repaired) == []
    assert repaired.routes[0] == ()


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_tiny_days_are_solved_to_the_optimum(seed: int) -> None:
    day = random_day(seed, 4, 2, rich=False)
    best = improve(day, iterations=20_000, seed=seed)
    assert best.objective == optimum(day)


def optimum(day: Problem) -> int:
    """The least cost over every way to deal the visits out and to order them."""
    best = int(day.penalty.sum())
    for dealt in product(range(-1, day.technicians), repeat=day.visits):
        cost = sum(int(day.penalty[visit]) for visit in range(day.visits) if dealt[visit] == -1)
        for technician in range(day.technicians):
            mine = [visit for visit in range(day.visits) if dealt[visit] == technician]
            cost += min(
                (
                    cost_of(
                        replace(day, penalty=day.penalty * 0),
                        plan_of(day, [order if t == technician else () for t in range(day.technicians)]),
                    )
                    for order in permutations(mine)
                    if schedule(day, technician, order) is not None
                ),
                default=10**12,
            )
            if cost >= best:
                break
        best = min(best, cost)
    return best


@pytest.mark.parametrize("visits", [12, 40])
def test_a_seed_always_gives_the_same_plan(visits: int) -> None:
    day = random_day(5, visits, 5)
    plans = [improve(day, iterations=2000, seed=3) for _ in range(2)]
    assert plans[0].routes == plans[1].routes
