"""What a plan of a date comes to in figures, to be compared with another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dispatcher_app.planning.daily import Daily, Task
from dispatcher_app.planning.pace import Pace, paced


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a plan of a date comes to; compared side by side before one is published.

    `moved` are visits that begin at another time, `resent` those that another technician than the one told does.
    """

    visits: int = 0
    unserved: int = 0
    travel_s: int = 0
    metres: int = 0
    late_minutes: int = 0
    late_visits: int = 0
    overtime_minutes: int = 0
    technicians: int = 0
    moved: int = 0
    resent: int = 0


def figures(day: Daily, routes: Sequence[Sequence[int]]) -> Figures:
    """The figures of these routes, whether they keep every rule or not."""
    problem = day.problem
    n, m = len(day.tasks), len(day.rows)
    travel = metres = late = lates = overtime = moved = resent = 0
    served: set[int] = set()
    # Whoever was sent stays sent, whatever the search thinks of it.
    unplaced = {at for at, task in enumerate(day.tasks) if not task.fixed and not task.helps}
    for at, route in enumerate(routes):
        if not route:
            continue
        times: Pace = paced(problem, at, route)
        places = [n + at, *route, n + m + at]
        travel += sum(int(problem.travel[a, b]) for a, b in pairwise(places))
        metres += sum(int(day.metres[a, b]) for a, b in pairwise(places))
        # As everywhere: work beyond the shift; the way home is nobody's visit.
        overtime += max(0, times.starts[-1] + int(problem.service[route[-1]]) - int(problem.shift_end[at]))
        for index, start in zip(route, times.starts, strict=True):
            task = day.tasks[index]
            if task.helps:
                continue
            served.add(index)
            behind = max(0, start - int(problem.latest[index]))
            late, lates = late + behind, lates + (behind > 0)
            technician, former = place_of(task)
            if former is not None:
                moved += day.zero + start * 1000 != former and task.told
                resent += technician != day.rows[at].technician.id and task.told
    return Figures(
        visits=len(served), unserved=len(unplaced - served), travel_s=travel, metres=metres,
        late_minutes=-(-late // 60), late_visits=lates, overtime_minutes=-(-overtime // 60),
        technicians=sum(bool(route) for route in routes), moved=moved, resent=resent,
    )  # fmt: skip


def place_of(task: Task) -> tuple[str | None, int | None]:
    """Where the visit stands in the plan in force."""
    return task.technician, task.stop.start if task.stop is not None else None
