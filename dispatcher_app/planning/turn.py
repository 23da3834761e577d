"""Which rows of a problem hang together, and the hours that promises and other orders leave each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.catalogue import CREW_MOST
from dispatcher_app.planning.problem import NOBODY

if TYPE_CHECKING:
    from dispatcher_app.planning.daily import Task, Wanted


def links_of(tasks: Sequence[Task], free: Mapping[str, Wanted]) -> tuple[list[int], list[int], list[int]]:
    """For each row the one of the technician who comes along, the one that must be over before, and how long (s)."""
    rows: dict[str, list[int]] = {}
    for index, task in enumerate(tasks):
        if not task.fixed:
            rows.setdefault(task.order, []).append(index)
    pair, after, pause = ([NOBODY] * len(tasks), [NOBODY] * len(tasks), [0] * len(tasks))
    for order, mine in rows.items():
        if len(mine) == CREW_MOST:
            pair[mine[0]], pair[mine[1]] = mine[1], mine[0]
        wanted = free[order]
        for index in mine if wanted.after in rows else ():
            after[index], pause[index] = rows[wanted.after][0], wanted.pause_s
    return pair, after, pause


def hours_of(
    tasks: Sequence[Task], free: Mapping[str, Wanted], after: Sequence[int], now: int
) -> tuple[list[int], list[int]]:
    """From when to when (UTC ms) each row may begin: as promised, from now on, in turn with what is not planned along."""
    first = {tasks[each].order for each in after if each != NOBODY}
    opens, closes = [], []
    for index, task in enumerate(tasks):
        begin, end = task.window.start, task.window.end
        if not task.fixed:
            need = free[task.order].need
            begin = max(begin, now, need.opens if after[index] == NOBODY else 0)
            end = min(end, need.closes - task.minutes * MINUTE_MS if task.order not in first else end)
        opens.append(begin)
        closes.append(end)
    return opens, closes
