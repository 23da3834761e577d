"""A route as it will be driven, rules kept or not: what a person is told, and what a late plan comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatcher_app.planning.problem import Problem


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: start of and drive to each stop, start of the break (None: no room), back at the end."""

    starts: tuple[int, ...]
    drives: tuple[int, ...]
    pause: int | None
    home: int


def paced(
    problem: Problem, row: int, route: Sequence[int], grid_s: int = 1, kept: Mapping[int, int] | None = None
) -> Pace:
    """The soonest times of a route; starts on a grid that a person would say where that makes nobody late.

    `kept` are the present starts of visits: one that can stay stays, so that nobody is moved for nothing.
    """
    exact = driven(problem, row, route, 1, {})
    for wished, grid in ((kept or {}, grid_s), ({}, grid_s)):
        made = driven(problem, row, route, grid, wished)
        if not later(problem, row, route, made, exact):
            return made
    return exact


def later(problem: Problem, row: int, route: Sequence[int], made: Pace, exact: Pace) -> bool:
    """Whether times break a window, the end of work or the break that the soonest times keep."""
    late = any(
        start > max(int(problem.latest[stop]), soonest)
        for stop, start, soonest in zip(route, made.starts, exact.starts, strict=True)
    )
    overtime = made.home > max(int(problem.shift_end[row]), exact.home)
    return late or overtime or (made.pause is None) != (exact.pause is None)


def driven(problem: Problem, row: int, route: Sequence[int], grid_s: int, kept: Mapping[int, int]) -> Pace:
    """The times with every start rounded up to a grid; the break is put off until the next visit would be past it."""
    now, here = int(problem.shift_start[row]), int(problem.start_place[row])
    rests = int(problem.break_length[row])
    earliest, latest = int(problem.break_earliest[row]), int(problem.break_latest[row])
    pause: int | None = None
    starts, drives = [], []
    for stop in route:
        drive = int(problem.travel[here, stop])
        start = _start(problem, stop, now + drive, grid_s, kept)
        if rests and pause is None and start + int(problem.service[stop]) > latest and now <= latest:
            pause = max(now, earliest)
            start = _start(problem, stop, pause + rests + drive, grid_s, kept)
        starts.append(start)
        drives.append(drive)
        now, here = start + int(problem.service[stop]), stop
    if rests and pause is None and now <= latest:
        pause = max(now, earliest)
        now = pause + rests
    home = now + int(problem.travel[here, int(problem.end_place[row])])
    return Pace(tuple(starts), tuple(drives), pause, home)


def _start(problem: Problem, stop: int, arrival: int, grid_s: int, kept: Mapping[int, int]) -> int:
    """The first moment of the grid at which a visit may begin; a window with one moment only keeps that."""
    soonest = max(arrival, int(problem.earliest[stop]))
    latest = int(problem.latest[stop])
    if soonest <= kept.get(stop, -1) <= latest:
        return kept[stop]
    rounded = -(-soonest // grid_s) * grid_s
    return rounded if rounded <= latest else soonest
