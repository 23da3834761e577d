"""A plan that was found, as moves from the plan in force: who comes along and who waits for whom agreed on first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dispatcher_app.domain.command import Helper, Move
from dispatcher_app.planning.daily import Daily, Task
from dispatcher_app.planning.pace import driven, later, paced
from dispatcher_app.planning.problem import NOBODY, Plan, Problem
from dispatcher_app.planning.timetable import moments

GRID_S = 300
"""A person says five past, not four minutes and twelve seconds past."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row of the problem is to be: with whom, when (seconds), after how long a drive."""

    row: int
    technician: str
    start: int
    drive_s: int


def moves_of(day: Daily, plan: Plan) -> tuple[Move, ...]:
    """What has to move so that the plan in force becomes this one; visits left out lose their place."""
    problem = met(day, plan)
    places: dict[str, list[Place]] = {}
    for at, route in enumerate(plan.routes):
        times = paced(problem, at, route, grid_s=GRID_S, kept=kept_on(day, at, route))
        who = day.rows[at].technician.id
        for index, start, drive in zip(route, times.starts, times.drives, strict=True):
            if not day.tasks[index].fixed:
                places.setdefault(day.tasks[index].order, []).append(Place(index, who, start, drive))
    rows = rows_by_order(day)
    moves = []
    for order in dict.fromkeys([*places, *rows]):
        found = places.get(order, [])
        made = moved(day, rows[order], found if len(found) == len(rows[order]) else [])
        if made is not None:
            moves.append(made)
    return tuple(moves)


def rows_by_order(day: Daily) -> dict[str, list[int]]:
    """The rows of every visit that may move: one, or one for each who comes."""
    rows: dict[str, list[int]] = {}
    for index, task in enumerate(day.tasks):
        if not task.fixed:
            rows.setdefault(task.order, []).append(index)
    return rows


def moved(day: Daily, rows: Sequence[int], found: Sequence[Place]) -> Move | None:
    """A visit from where it stands to where it is found, None where it stays; nowhere where nothing is found."""
    tasks = [day.tasks[index] for index in rows]
    stood = next((task for task in tasks if task.stop is not None and not task.helps), None)
    if not found:
        return None if stood is None else left_out(stood)
    former = stood.technician if stood is not None else None
    lead = min(found, key=lambda each: (each.technician != former, each.row))
    helpers = tuple(
        Helper(technician=each.technician, travel_s=each.drive_s, source=day.source)
        for each in found
        if each is not lead
    )
    before = stood.stop if stood is not None else None
    start = day.zero + lead.start * 1000
    names = tuple(each.technician for each in helpers)
    if before is not None and (former, before.start, before.helpers) == (lead.technician, start, names):
        return None
    return Move(
        order=tasks[0].order,
        from_technician=former,
        from_start=before.start if before is not None else None,
        from_helpers=(before.helpers or None) if before is not None else None,
        technician=lead.technician,
        start=start,
        helpers=helpers if helpers or (before is not None and before.helpers) else None,
        state="confirmed" if any(task.told for task in tasks) else "tentative",
        travel_s=lead.drive_s,
        source=day.source,
        why="plan",
    )


def left_out(task: Task) -> Move:
    """The visit out of the plan in force; whoever was told is told."""
    assert task.stop is not None
    return Move(
        order=task.order, from_technician=task.technician, from_start=task.stop.start,
        from_helpers=task.stop.helpers or None,
        state="confirmed" if task.told else "tentative", why="plan",
    )  # fmt: skip


def kept_on(day: Daily, at: int, route: Sequence[int]) -> dict[int, int]:
    """The present starts (seconds) of the visits of a route that stay with their technician."""
    return {
        index: (stop.start - day.zero) // 1000
        for index in route
        if (stop := day.tasks[index].stop) is not None
        and day.tasks[index].technician == day.rows[at].technician.id
    }


def met(day: Daily, plan: Plan) -> Problem:
    """The problem with the hours agreed of visits that hang together: those of a pair at one moment."""
    if (day.problem.pair == NOBODY).all() and (day.problem.after == NOBODY).all():
        return day.problem
    agreed = moments(day.problem, plan)
    problem = narrowed(day.problem, agreed)
    where = {visit: (at, route) for at, route in enumerate(plan.routes) for visit in route}
    waited_for = set(day.problem.after.tolist())
    for visit in agreed:
        partner = int(day.problem.pair[visit])
        if partner <= visit or not {visit, partner} <= where.keys():
            continue
        start = int(plan.starts[visit])
        former = [kept_on(day, *where[each]).get(each, NOBODY) for each in (visit, partner)]
        wished = [former[0]] if former[0] == former[1] else []
        if waited_for.isdisjoint((visit, partner)):
            wished.append(-(-start // GRID_S) * GRID_S)
        for moment in wished:
            if start < moment <= min(day.problem.latest[visit], day.problem.latest[partner]):
                tried = narrowed(problem, {visit: (moment, moment), partner: (moment, moment)})
                if all(in_time(problem, tried, *where[each]) for each in (visit, partner)):
                    problem = tried
                    break
    return problem


def narrowed(problem: Problem, windows: Mapping[int, tuple[int, int]]) -> Problem:
    """The problem with other windows for these visits."""
    if not windows:
        return problem
    earliest, latest = problem.earliest.copy(), problem.latest.copy()
    which = np.fromiter(windows, np.int64)
    earliest[which] = [opens for opens, _ in windows.values()]
    latest[which] = [closes for _, closes in windows.values()]
    return replace(problem, earliest=earliest, latest=latest)


def in_time(problem: Problem, tried: Problem, at: int, route: Sequence[int]) -> bool:
    """Whether a route makes nobody later with these windows than it does with those."""
    exact, made = driven(problem, at, route, 1, {}), driven(tried, at, route, 1, {})
    return not later(tried, at, route, made, exact)
