"""Parts of a big day: neighbouring routes with their visits, small enough to be improved by themselves.

The cut is drawn anew each time, so that what a cut parts comes together in the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dispatcher_app.planning.improve.layout import twins
from dispatcher_app.planning.problem import NOBODY, Ints, Problem

Windows = dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some technicians and visits of a problem as a problem of their own."""

    problem: Problem
    visits: Ints
    """[visits of the part] their rows in the whole problem."""
    technicians: Ints
    routes: tuple[tuple[int, ...], ...]
    """The part's routes, in the part's numbers."""
    windows: Windows
    """Moments of linked visits, in the part's numbers."""
    held: frozenset[int]
    """Visits of the part that must stay planned, because something outside of it hangs on them."""


def whole(problem: Problem, routes: Sequence[Sequence[int]], windows: Windows) -> Part:
    """The problem as its own only part."""
    return Part(
        problem,
        np.arange(problem.visits, dtype=np.int32),
        np.arange(problem.technicians, dtype=np.int32),
        tuple(tuple(route) for route in routes),
        windows,
        frozenset(),
    )


def cut(
    problem: Problem,
    routes: Sequence[Sequence[int]],
    windows: Windows,
    size: int,
    random: np.random.Generator,
) -> list[Part]:
    """Cut a plan into parts of about `size` visits: routes stay whole, unserved visits go with their neighbours."""
    planned = np.zeros(problem.visits, bool)
    for route in routes:
        planned[list(route)] = True
    loose = np.flatnonzero(~planned)
    # One row an item: routes first, then unserved visits; a few places stand for it.
    places = [
        np.array([*route, problem.start_place[technician]], np.int32)
        for technician, route in enumerate(routes)
    ] + [np.array([visit], np.int32) for visit in loose]
    weights = np.array([len(route) for route in routes] + [1] * len(loose))
    groups = _halved(problem.travel, places, weights, np.arange(len(places)), size, random)
    return [_part(problem, routes, windows, loose, group) for group in groups]


def without_spare(problem: Problem, routes: Sequence[Sequence[int]], windows: Windows) -> Part:
    """The problem without most of the empty routes that are the same as others: a fleet is often given far too big."""
    twin = twins(problem)
    used = np.array([bool(route) for route in routes])
    kept = used.copy()
    for first in np.unique(twin):
        alike = np.flatnonzero(twin == first)
        spare = 3 + int(used[alike].sum()) // 8
        kept[alike[~used[alike]][:spare]] = True
    if kept.all():
        return whole(problem, routes, windows)
    planned = {visit for route in routes for visit in route}
    loose = np.array([visit for visit in range(problem.visits) if visit not in planned], np.int64)
    group = np.concatenate([np.flatnonzero(kept), len(routes) + np.arange(len(loose))])
    return _part(problem, routes, windows, loose, group)


def _halved(
    travel: Ints,
    places: Sequence[Ints],
    weights: npt.NDArray[np.int_],
    items: npt.NDArray[np.int_],
    size: int,
    random: np.random.Generator,
) -> list[npt.NDArray[np.int_]]:
    """Halve items between two far places until the halves are small enough."""
    total = int(weights[items].sum())
    if total <= 1.4 * size or (weights[items] > 0).sum() < 2:
        return [items]
    first = np.array([places[item][0] for item in items])
    a = first[np.argmax(travel[first[random.integers(len(items))], first])]
    far = np.argsort(travel[a, first])
    b = first[far[random.integers(3 * len(items) // 4, len(items))]]
    score = np.array([(travel[a, places[i]].astype(np.int64) - travel[b, places[i]]).mean() for i in items])
    # Empty routes are shared out like the visits: all of a fleet may start at one place.
    items = items[np.lexsort((random.random(len(items)), score))]
    empty, laden = items[weights[items] == 0], items[weights[items] > 0]
    share = round(total / size / 2) / round(total / size) if total >= 1.5 * size else 0.5
    share += random.uniform(-0.08, 0.08)
    at = int(np.searchsorted(np.cumsum(weights[laden]), total * share))
    at, rest = min(max(at, 1), len(laden) - 1), round(share * len(empty))
    halves = np.concatenate([laden[:at], empty[:rest]]), np.concatenate([laden[at:], empty[rest:]])
    return [group for half in halves for group in _halved(travel, places, weights, half, size, random)]


def _part(
    problem: Problem,
    routes: Sequence[Sequence[int]],
    windows: Windows,
    loose: npt.NDArray[np.int_],
    group: npt.NDArray[np.int_],
) -> Part:
    technicians = np.sort(group[group < len(routes)]).astype(np.int32)
    served = [visit for technician in technicians for visit in routes[technician]]
    visits = np.sort(
        np.concatenate([np.array(served, np.int64), loose[group[group >= len(routes)] - len(routes)]])
    )
    visits = visits.astype(np.int32)
    number = np.full(problem.visits + 1, NOBODY, np.int32)
    number[visits] = np.arange(len(visits))
    pair, after = number[problem.pair[visits]], number[problem.after[visits]]
    earliest, latest = problem.earliest[visits].copy(), problem.latest[visits].copy()
    allowed = problem.allowed[np.ix_(technicians, visits)]
    mine = {int(number[visit]): window for visit, window in windows.items() if number[visit] != NOBODY}
    held = _held_from_outside(problem, number, mine)
    planned = {int(number[visit]) for visit in served}
    for visit in held:
        if visit in planned:
            earliest[visit], latest[visit] = mine.get(visit, (earliest[visit], latest[visit]))
        else:
            allowed[:, visit] = False
    ends = np.concatenate([problem.start_place[technicians], problem.end_place[technicians]])
    places = np.unique(ends)
    rows = np.concatenate([visits, places])
    home = len(visits) + np.searchsorted(places, ends).astype(np.int32)
    former = np.full(problem.technicians + 1, problem.technicians, np.int32)
    former[technicians] = np.arange(len(technicians))
    formers = problem.former[visits]
    return Part(
        replace(
            problem,
            travel=np.ascontiguousarray(problem.travel[np.ix_(rows, rows)]),
            service=problem.service[visits],
            earliest=earliest,
            latest=latest,
            penalty=problem.penalty[visits],
            allowed=allowed,
            start_place=home[: len(technicians)].astype(np.int32),
            end_place=home[len(technicians) :].astype(np.int32),
            shift_start=problem.shift_start[technicians],
            shift_end=problem.shift_end[technicians],
            overtime_end=problem.overtime_end[technicians],
            overtime_cost=problem.overtime_cost[technicians],
            break_earliest=problem.break_earliest[technicians],
            break_latest=problem.break_latest[technicians],
            break_length=problem.break_length[technicians],
            demand=problem.demand[visits],
            capacity=problem.capacity[technicians],
            limit=problem.limit[technicians],
            # Somebody outside the part is nobody in it, but not the same as no former technician.
            former=np.where(formers == NOBODY, NOBODY, former[formers]).astype(np.int32),
            move_cost=problem.move_cost[visits],
            pair=pair,
            after=after,
            pause=problem.pause[visits],
            locked=tuple(tuple(int(number[visit]) for visit in problem.locked[t]) for t in technicians),
        ),
        visits,
        technicians,
        tuple(tuple(int(number[visit]) for visit in routes[t]) for t in technicians),
        mine,
        frozenset(held & planned),
    )


def _held_from_outside(problem: Problem, number: Ints, mine: Mapping[int, tuple[int, int]]) -> set[int]:
    """Visits of the part whose partner, predecessor or successor is outside of it."""
    held = set()
    for links in (problem.pair, problem.after):
        for visit in np.flatnonzero(links != NOBODY).tolist():
            inside, other = int(number[visit]), int(number[links[visit]])
            if (inside == NOBODY) != (other == NOBODY):
                held.add(inside if other == NOBODY else other)
    return held
