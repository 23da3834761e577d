"""A field day, and an instance of vehicle routing, as the problem that the product's improver takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatcher_app.planning.problem import NOBODY, Problem, problem_of
from tests.bench.plan.day import Day
from tests.bench.plan.routes import Routes
from tests.bench.plan.vrptw import Vrptw

# Far dearer than any detour, so that a customer is left out only where nobody can come.
NEVER_LEFT_OUT = 10_000_000


def day_problem(day: Day) -> Problem:
    """A field day: travel seconds and penalties are what it costs."""
    return problem_of(
        travel=day.travel,
        service=day.service,
        earliest=day.earliest,
        latest=day.latest,
        penalty=day.penalty,
        allowed=day.allowed,
        shift_start=day.shift_start,
        shift_end=day.shift_end,
        break_earliest=day.break_earliest,
        break_latest=day.break_latest,
        break_length=day.break_length,
    )


def repair_problem(
    day: Day, routes: Sequence[Sequence[int]], dropped: int, lock: int, move_cost_s: int
) -> Problem:
    """The same day after a technician has dropped out: his orders are free again, the first `lock` stops of
    all others stay, and each later stop that goes to somebody else costs `move_cost_s`."""
    former = np.full(day.orders, NOBODY)
    for technician, route in enumerate(routes):
        if technician != dropped:
            former[list(route)] = technician
    allowed = day.allowed.copy()
    allowed[dropped] = False
    return problem_of(
        travel=day.travel,
        service=day.service,
        earliest=day.earliest,
        latest=day.latest,
        penalty=day.penalty,
        allowed=allowed,
        shift_start=day.shift_start,
        shift_end=day.shift_end,
        break_earliest=day.break_earliest,
        break_latest=day.break_latest,
        break_length=day.break_length,
        former=former,
        move_cost=move_cost_s,
        locked=[[] if number == dropped else route[:lock] for number, route in enumerate(routes)],
    )


def vrptw_problem(instance: Vrptw) -> Problem:
    """An instance of vehicle routing: customer i is visit i - 1, the depot is the last place."""
    order = [*range(1, instance.customers + 1), 0]
    vehicles = instance.vehicles
    return problem_of(
        travel=instance.travel[np.ix_(order, order)],
        service=instance.service[1:],
        earliest=instance.earliest[1:],
        latest=instance.latest[1:],
        penalty=np.full(instance.customers, NEVER_LEFT_OUT),
        shift_start=np.full(vehicles, instance.earliest[0]),
        shift_end=np.full(vehicles, instance.latest[0]),
        start_place=np.full(vehicles, instance.customers),
        end_place=np.full(vehicles, instance.customers),
        demand=instance.demand[1:],
        capacity=np.full(vehicles, instance.capacity),
    )


def customers_of(routes: Sequence[Sequence[int]]) -> Routes:
    """Routes of visits as routes of customer numbers, without the vehicles that stay at home."""
    return [[visit + 1 for visit in route] for route in routes if route]
