"""Small days drawn at random, and a checker of plans that shares no code with what it checks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from dispatcher_app.planning.problem import NOBODY, Plan, Problem, problem_of

HOUR = 3600


def random_day(seed: int, visits: int, technicians: int, *, rich: bool = True) -> Problem:
    """A day of some hours with everything in it that a plan has to keep (`rich`), or windows and breaks only."""
    rng = np.random.default_rng(seed)
    n, m = visits, technicians
    place = rng.uniform(0, 40, (n + m, 2))
    way = np.sqrt(((place[:, None] - place[None]) ** 2).sum(-1)) * 60 * rng.uniform(0.9, 1.1, (n + m, n + m))
    np.fill_diagonal(way, 0)
    earliest = rng.integers(8, 15, n) * HOUR
    loose = rng.random(n) < 0.4
    earliest[loose] = 8 * HOUR
    start = rng.choice([8, 9], m) * HOUR
    pair, after = np.full(n, NOBODY), np.full(n, NOBODY)
    if rich and n >= 6:
        pair[0], pair[1] = 1, 0
        earliest[1] = earliest[0]
        after[3] = 2
        after[4] = 3 if rng.random() < 0.5 else 0
    short = rng.random(m) < 0.3
    return problem_of(
        travel=np.rint(way),
        service=rng.integers(1, 5, n) * 1200,
        earliest=earliest,
        latest=np.where(loose, 18 * HOUR, earliest + 2 * HOUR),
        penalty=rng.choice([7200, 14400, 43200], n),
        shift_start=start,
        shift_end=start + 8 * HOUR,
        allowed=rng.random((m, n)) < (0.7 if rich else 1.0),
        overtime_end=start + (9 if rich else 8) * HOUR,
        overtime_cost=rng.integers(0, 3, m) if rich else 0,
        break_earliest=int(11.5 * HOUR),
        break_latest=13 * HOUR,
        break_length=np.where(short, 0, 2700),
        demand=rng.integers(0, 3, n) if rich else 0,
        capacity=rng.integers(3, 9, m) if rich else 100,
        limit=rng.integers(1, 9, m) if rich else 100,
        former=rng.integers(-1, m, n) if rich and m else NOBODY,
        move_cost=rng.integers(0, 900, n) if rich else 0,
        pinned=np.where(rng.random(n) < 0.1, rng.integers(0, max(m, 1), n), NOBODY) if rich and m else NOBODY,
        pair=pair,
        after=after,
        pause=rng.integers(0, 1200, n),
    )


def faults(problem: Problem, plan: Plan) -> list[str]:
    """Every rule that a plan breaks, in words; nothing where it is sound."""
    found = []
    served = [visit for route in plan.routes for visit in route]
    if len(plan.routes) != problem.technicians or len(served) != len(set(served)):
        found.append("not every visit once, or not a route a technician")
    if sorted([*served, *plan.unserved]) != list(range(problem.visits)):
        found.append("a visit is neither served nor unserved")
    where = {visit: technician for technician, route in enumerate(plan.routes) for visit in route}
    locked = {visit for lock in problem.locked for visit in lock}
    for technician, route in enumerate(plan.routes):
        lock = problem.locked[technician]
        if route[: len(lock)] != lock:
            found.append(f"technician {technician}: locked stops are not the first")
        if len(route) > len(lock):
            if len(route) > problem.limit[technician]:
                found.append(f"technician {technician}: too many visits")
            if sum(int(problem.demand[visit]) for visit in route) > problem.capacity[technician]:
                found.append(f"technician {technician}: too much freight")
        found += [
            f"technician {technician} may not do {visit}"
            for visit in route
            if visit not in lock and not problem.allowed[technician, visit]
        ]
        if route and not set(lock) & set(plan.broken):
            found += time_faults(problem, plan, technician)
    for visit in served:
        partner, before = int(problem.pair[visit]), int(problem.after[visit])
        if partner != NOBODY and partner not in where and visit not in locked:
            found.append(f"{visit} without its partner")
        if partner in where and (
            plan.starts[partner] != plan.starts[visit] or where[partner] == where[visit]
        ):
            found.append(f"{visit} and {partner} do not meet")
        if before != NOBODY and before not in where and visit not in locked:
            found.append(f"{visit} without what comes before it")
        ready = plan.starts[before] + problem.service[before] + problem.pause[visit] if before in where else 0
        if before in where and plan.starts[visit] < ready:
            found.append(f"{visit} starts before {before} has ended")
    if plan.objective != cost_of(problem, plan):
        found.append(f"objective {plan.objective}, counted {cost_of(problem, plan)}")
    return found


def time_faults(problem: Problem, plan: Plan, technician: int) -> list[str]:
    """What is wrong with the times of one route."""
    found, route = [], plan.routes[technician]
    rest = int(problem.break_length[technician])
    begin = int(plan.breaks[technician])
    leave, here, taken = int(problem.shift_start[technician]), int(problem.start_place[technician]), rest == 0
    ends = [(visit, int(plan.starts[visit])) for visit in route]
    ends.append((int(problem.end_place[technician]), int(plan.ends[technician])))
    for row, (stop, arrived) in enumerate(ends):
        way = int(problem.travel[here, stop])
        if not taken and begin >= leave and begin + rest + way <= arrived:
            taken = True
        elif leave + way > arrived:
            found.append(f"technician {technician} reaches stop {row} too early to be true")
        if row < len(route):
            if not problem.earliest[stop] <= arrived <= problem.latest[stop]:
                found.append(f"technician {technician}: visit {stop} outside its window")
            leave = arrived + int(problem.service[stop])
        here = stop
    if not taken or (
        rest and not problem.break_earliest[technician] <= begin <= problem.break_latest[technician]
    ):
        found.append(f"technician {technician} has no break")
    if plan.ends[technician] > problem.overtime_end[technician]:
        found.append(f"technician {technician} comes back too late")
    return found


def cost_of(problem: Problem, plan: Plan) -> int:
    """The objective, counted anew."""
    total = sum(int(problem.penalty[visit]) for visit in plan.unserved)
    for technician, route in enumerate(plan.routes):
        if not route:
            continue
        path = [int(problem.start_place[technician]), *route, int(problem.end_place[technician])]
        total += sum(int(problem.travel[a, b]) for a, b in pairwise(path))
        late = int(plan.ends[technician]) - int(problem.shift_end[technician])
        total += max(0, late) * int(problem.overtime_cost[technician])
        total += sum(
            int(problem.move_cost[visit])
            for visit in route
            if problem.former[visit] not in (NOBODY, technician)
        )
    return total
