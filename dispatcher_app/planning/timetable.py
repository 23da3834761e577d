"""When a technician is where: routes of a plan timed stop by stop, and what is wrong with what doesn't fit.

Plain Python: it checks and explains what the improver finds, and is the reference for its arrays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dispatcher_app.planning.problem import NOBODY, UNREACHABLE, Cost, Ints, Plan, Problem, Reason

Windows = Mapping[int, tuple[int, int]]
"""Narrower windows of some visits, by visit: those of a pair, or of a visit after another."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """One route in time: starts of its visits, start of the break (or NOBODY), moment of the return."""

    starts: tuple[int, ...]
    break_start: int
    end: int


def schedule(
    problem: Problem,
    technician: int,
    route: Sequence[int],
    windows: Windows | None = None,
    early: Collection[int] = (),
) -> Schedule | None:
    """The route with its break where he is back soonest; None where windows, break or end can't be kept.

    Visits in `early` come first: the break is where they start soonest.
    """
    if not route:
        return Schedule((), NOBODY, NOBODY)
    if problem.break_length[technician] == 0:
        return _run(problem, technician, route, windows or {}, NOBODY)

    def lateness(run: Schedule) -> tuple[int, int]:
        return sum(start for visit, start in zip(route, run.starts, strict=True) if visit in early), run.end

    runs = (_run(problem, technician, route, windows or {}, row) for row in range(len(route) + 1))
    return min((run for run in runs if run is not None), key=lateness, default=None)


def _run(
    problem: Problem, technician: int, route: Sequence[int], windows: Windows, break_row: int
) -> Schedule | None:
    """The route with the break before the drive to its stop number `break_row`."""
    now, here = int(problem.shift_start[technician]), int(problem.start_place[technician])
    starts, break_start = [], NOBODY
    for row, stop in enumerate((*route, int(problem.end_place[technician]))):
        if row == break_row:
            break_start = max(now, int(problem.break_earliest[technician]))
            if break_start > problem.break_latest[technician]:
                return None
            now = break_start + int(problem.break_length[technician])
        way = int(problem.travel[here, stop])
        if way >= UNREACHABLE:
            return None
        now += way
        here = stop
        if row < len(route):
            opens, closes = windows.get(stop, (int(problem.earliest[stop]), int(problem.latest[stop])))
            now = max(now, opens)
            if now > closes:
                return None
            starts.append(now)
            now += int(problem.service[stop])
    return Schedule(tuple(starts), break_start, now) if now <= problem.overtime_end[technician] else None


def plan_of(
    problem: Problem,
    routes: Sequence[Sequence[int]],
    windows: Windows | None = None,
    broken: tuple[int, ...] = (),
) -> Plan:
    """The plan that these routes make; stops that break a rule where they stand are left out as unserved.

    Routes begin with their locked stops, wherever the given routes have those. `windows` are the moments found for
    linked visits; without them pairs meet and visits wait for each other as early as can be.

    Raises:
        ValueError: a visit stands in two routes, or the routes are not one a technician.
    """
    if len(routes) != problem.technicians:
        raise ValueError(f"{len(routes)} routes for {problem.technicians} technicians")
    locked = {visit for lock in problem.locked for visit in lock}
    wanted = [
        [*lock, *(int(visit) for visit in route if int(visit) not in locked)]
        for lock, route in zip(problem.locked, routes, strict=True)
    ]
    stops = [visit for route in wanted for visit in route]
    if len(stops) != len(set(stops)):
        raise ValueError("a visit stands in two places of the plan")
    if any(not 0 <= visit < problem.visits for visit in stops):
        raise ValueError(f"the plan points outside 0..{problem.visits - 1}")
    links = np.flatnonzero((problem.pair != NOBODY) | (problem.after != NOBODY)).tolist()
    lawful, early, narrowed = problem, set[int](), dict(windows or {})
    if windows is None:
        lawful, broken = settled(problem)
        early = {*links, *problem.after[links].tolist()}
    timed = [_fitting(lawful, technician, route, narrowed, early) for technician, route in enumerate(wanted)]
    while links:
        starts = _starts(timed)
        dropped = _torn(problem, links, starts, locked)
        changed = dropped | _pushed(lawful, links, starts, narrowed)
        if not changed:
            break
        for technician, (route, _) in enumerate(timed):
            if changed.intersection(route):
                left = [visit for visit in route if visit not in dropped]
                timed[technician] = _fitting(lawful, technician, left, narrowed, early)
    return _plan(problem, timed, broken)


Timed = tuple[list[int], Schedule]


def moments(problem: Problem, plan: Plan) -> dict[int, tuple[int, int]]:
    """The windows that a plan's linked visits leave each other: a pair one moment, a follower from its start on."""
    answer: dict[int, tuple[int, int]] = {}
    for visit in np.flatnonzero(
        (plan.starts != NOBODY) & ((problem.pair != NOBODY) | (problem.after != NOBODY))
    ):
        start, before = int(plan.starts[visit]), int(problem.after[visit])
        answer[int(visit)] = (start, int(problem.latest[visit]))
        if problem.pair[visit] != NOBODY:
            answer[int(visit)] = (start, start)
        if before != NOBODY and plan.starts[before] != NOBODY:
            opens, closes = answer.get(before, (int(problem.earliest[before]), int(problem.latest[before])))
            ended = start - int(problem.pause[visit])
            answer[before] = (opens, min(closes, ended - int(problem.service[before])))
    return answer


def _fitting(
    problem: Problem, technician: int, route: Sequence[int], windows: Windows, early: Collection[int]
) -> Timed:
    """The route without the stops that don't fit where they stand, and its times."""
    locks = len(problem.locked[technician])
    kept, held = [*route], None
    if _admitted(problem, technician, kept):
        held = schedule(problem, technician, kept, windows, early)
    if held is not None:
        return kept, held
    kept = [*route[:locks]]
    held = schedule(problem, technician, kept, windows, early) or _forced(problem, technician, kept, windows)
    for visit in route[locks:]:
        further = schedule(problem, technician, [*kept, visit], windows, early)
        if further is not None and _admitted(problem, technician, [*kept, visit]):
            kept, held = [*kept, visit], further
    return kept, held


def _admitted(problem: Problem, technician: int, route: Sequence[int]) -> bool:
    """Skills, room and daily limit allow the stops after the locked ones."""
    rest = route[len(problem.locked[technician]) :]
    if not rest:
        return True
    return (
        len(route) <= problem.limit[technician]
        and int(problem.demand[list(route)].sum(dtype=np.int64)) <= problem.capacity[technician]
        and bool(problem.allowed[technician, list(rest)].all())
    )


def _forced(problem: Problem, technician: int, route: Sequence[int], windows: Windows) -> Schedule:
    """Locked stops as they will happen, late, without a break where there is no room for one."""
    now, here, starts = int(problem.shift_start[technician]), int(problem.start_place[technician]), []
    for stop in route:
        now += int(problem.travel[here, stop])
        now = max(now, windows[stop][0] if stop in windows else int(problem.earliest[stop]))
        starts.append(now)
        now += int(problem.service[stop])
        here = stop
    return Schedule(
        tuple(starts), NOBODY, now + int(problem.travel[here, int(problem.end_place[technician])])
    )


def _starts(timed: Sequence[Timed]) -> dict[int, int]:
    return {visit: start for route, held in timed for visit, start in zip(route, held.starts, strict=True)}


def _torn(problem: Problem, links: Sequence[int], starts: Mapping[int, int], locked: set[int]) -> set[int]:
    """Planned visits whose partner or predecessor is not: they can't be either, unless they are locked."""
    return {
        visit
        for visit in links
        if visit in starts
        and visit not in locked
        and any(
            int(other[visit]) != NOBODY and int(other[visit]) not in starts
            for other in (problem.pair, problem.after)
        )
    }


def _pushed(
    problem: Problem, links: Sequence[int], starts: Mapping[int, int], narrowed: dict[int, tuple[int, int]]
) -> set[int]:
    """Visits that have to start later for their partner's or predecessor's sake; their windows are narrowed."""
    pushed = set()
    for visit in links:
        if visit not in starts:
            continue
        needed = starts[visit]
        partner, before = int(problem.pair[visit]), int(problem.after[visit])
        if partner in starts:
            needed = max(needed, starts[partner])
        if before in starts:
            needed = max(needed, starts[before] + int(problem.service[before]) + int(problem.pause[visit]))
        if needed > starts[visit]:
            closes = narrowed[visit][1] if visit in narrowed else int(problem.latest[visit])
            narrowed[visit] = (needed, closes)
            pushed.add(visit)
    return pushed


def _plan(problem: Problem, timed: Sequence[Timed], broken: tuple[int, ...]) -> Plan:
    starts = np.full(problem.visits, NOBODY, np.int32)
    breaks = np.full(problem.technicians, NOBODY, np.int32)
    ends = np.full(problem.technicians, NOBODY, np.int32)
    travel = overtime = moved = 0
    for technician, (route, held) in enumerate(timed):
        breaks[technician], ends[technician] = held.break_start, held.end
        if not route:
            continue
        starts[route] = held.starts
        path = [int(problem.start_place[technician]), *route, int(problem.end_place[technician])]
        travel += int(problem.travel[path[:-1], path[1:]].sum(dtype=np.int64))
        late = max(0, held.end - int(problem.shift_end[technician]))
        overtime += late * int(problem.overtime_cost[technician])
        formers = problem.former[route]
        moved += int(problem.move_cost[route][(formers != NOBODY) & (formers != technician)].sum())
    broken = tuple(dict.fromkeys([*broken, *_overdue(problem, timed)]))
    missing = np.flatnonzero(starts == NOBODY)
    planned = {visit for route, _ in timed for visit in route}
    unserved = tuple(int(visit) for visit in missing if int(visit) not in planned)
    return Plan(
        routes=tuple(tuple(route) for route, _ in timed),
        starts=starts,
        breaks=breaks,
        ends=ends,
        unserved=unserved,
        broken=broken,
        cost=Cost(
            travel=travel,
            unserved=int(problem.penalty[list(unserved)].sum()) if unserved else 0,
            overtime=overtime,
            moved=moved,
        ),
    )


def _overdue(problem: Problem, timed: Sequence[Timed]) -> list[int]:
    """Locked visits on routes that break a rule as they are timed."""
    overdue = []
    for technician, (_, held) in enumerate(timed):
        lock = problem.locked[technician]
        if not lock:
            continue
        late = [
            visit for visit, start in zip(lock, held.starts, strict=False) if start > problem.latest[visit]
        ]
        no_break = problem.break_length[technician] > 0 and held.break_start == NOBODY
        if not late and (no_break or held.end > problem.overtime_end[technician]):
            late = [lock[-1]]
        overdue += late
    return overdue


def settled(problem: Problem) -> tuple[Problem, tuple[int, ...]]:
    """The problem with the rules widened that its locked stops break anyway, and the visits that break one."""
    latest, ends = problem.latest.copy(), problem.overtime_end.copy()
    lengths, broken = problem.break_length.copy(), []
    narrowed = _meeting(problem)
    for technician, lock in enumerate(problem.locked):
        if not lock or schedule(problem, technician, lock, narrowed) is not None:
            continue
        forced = _forced(problem, technician, lock, narrowed)
        late = [visit for visit, start in zip(lock, forced.starts, strict=True) if start > latest[visit]]
        for visit, start in zip(lock, forced.starts, strict=True):
            latest[visit] = max(int(latest[visit]), start)
        ends[technician] = max(int(ends[technician]), forced.end)
        if (
            schedule(
                replace(problem, latest=latest, overtime_end=ends),
                technician,
                lock,
                _opened(narrowed, latest),
            )
            is None
        ):
            lengths[technician] = 0
        broken += late or [lock[-1]]
    if not broken:
        return problem, ()
    return replace(problem, latest=latest, overtime_end=ends, break_length=lengths), tuple(broken)


def _meeting(problem: Problem) -> dict[int, tuple[int, int]]:
    """The windows of locked visits that wait for others that are locked too, however late that makes them."""
    narrowed: dict[int, tuple[int, int]] = {}
    locked = [visit for lock in problem.locked for visit in lock]
    links = [visit for visit in locked if problem.pair[visit] != NOBODY or problem.after[visit] != NOBODY]
    # Locks that wait for each other crosswise would wait for ever: as many rounds as there are links are enough.
    for _ in range(len(links) + 1):
        starts: dict[int, int] = {}
        for technician, lock in enumerate(problem.locked):
            held = schedule(problem, technician, lock, narrowed, links)
            held = held or _forced(problem, technician, lock, narrowed)
            starts |= dict(zip(lock, held.starts, strict=True))
        if not links or not _pushed(problem, links, starts, narrowed):
            break
    return narrowed


def _opened(narrowed: Windows, latest: Ints) -> dict[int, tuple[int, int]]:
    return {visit: (opens, int(latest[visit])) for visit, (opens, _) in narrowed.items()}


def reason_unserved(problem: Problem, plan: Plan, visit: int) -> Reason:
    """Why a visit is in no route: what would have to be otherwise first."""
    if not problem.allowed[:, visit].any():
        return "nobody_allowed"
    if not any(
        schedule(problem, int(technician), [visit]) is not None
        and _admitted(problem, int(technician), [visit])
        for technician in np.flatnonzero(problem.allowed[:, visit])
    ):
        return "window_impossible"
    if int(problem.after[visit]) in plan.unserved:
        return "waits_for_unserved"
    partner = int(problem.pair[visit])
    if partner in plan.unserved and reason_unserved(
        replace(problem, pair=np.full_like(problem.pair, NOBODY)), plan, partner
    ) in ("nobody_allowed", "window_impossible"):
        return "partner_missing"
    return "no_room"
