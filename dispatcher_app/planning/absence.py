"""A technician who does not come (X6): three complete ways to go on without him."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from dispatcher_app.domain.day import Day
from dispatcher_app.domain.matching import live_stops
from dispatcher_app.domain.technician import Leave, Technician
from dispatcher_app.planning.daily import UNTHINKABLE_S, Daily
from dispatcher_app.planning.problem import Problem
from dispatcher_app.planning.proposal import Choice

LATER_S = 3 * 3600
"""A customer is rather visited up to this much late than on another day."""
UNSERVED_S = 80 * 3600
"""What each customer costs who has to be called, where as few as possible are to be; all of them count alike."""
DISTURBED_S = 20 * 60
"""What it costs then to send somebody else than has been told."""


def on_leave(technicians: Iterable[Technician], absent: str, leave: Leave) -> list[Technician]:
    """Everybody, one of them away."""
    return [
        replace(each, leaves=(*each.leaves, leave)) if each.id == absent else each for each in technicians
    ]


def hit(days: Mapping[str, Day], absent: str, leave: Leave, now: int) -> list[str]:
    """The orders whose stops an absence hits, in the order of the day; what is over or locked is past help."""
    return [
        stop.order
        for day in sorted(days.values(), key=lambda each: each.date)
        if day.technician == absent
        for stop in live_stops(day, now)
        if stop.state in ("tentative", "confirmed") and stop.start < leave.end and leave.start < stop.end
    ]


def ways(day: Daily) -> dict[Choice, Daily]:
    """The same date with another aim each, the windows as they were promised.

    As many as can be are served, whoever has to drive (`least_late`; `later` then finds the others an hour today);
    driving counts alone (`least_driving`); as few customers as possible have to hear of it (`fewest_calls`).
    """
    problem = day.problem
    fixed = np.array([task.fixed for task in day.tasks], dtype=bool)
    told = np.array([task.told and not task.fixed for task in day.tasks], dtype=bool)
    none = np.zeros(problem.visits, dtype=np.int64)
    aims: dict[Choice, Problem] = {
        "least_late": replace(
            problem, penalty=np.where(fixed, UNTHINKABLE_S, problem.penalty * 20), move_cost=none
        ),
        "least_driving": replace(problem, move_cost=none),
        "fewest_calls": replace(
            problem,
            penalty=np.where(fixed, UNTHINKABLE_S, UNSERVED_S),
            move_cost=np.where(told, DISTURBED_S, none),
        ),
    }
    return {choice: replace(day, problem=aim) for choice, aim in aims.items()}


def later(day: Daily, unserved: Sequence[int]) -> Daily:
    """The date once more: whoever has no place may be visited after his window, the same day."""
    latest = day.problem.latest.copy()
    latest[list(unserved)] += LATER_S
    return replace(day, problem=replace(day.problem, latest=latest))
