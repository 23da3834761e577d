"""The day's plan as arrays: what is to be visited, who is there, and a plan as an answer.

Places are rows of one travel matrix. Visit `i` happens at place `i`; technicians start and end anywhere.
All times are whole seconds of one clock (any zero), costs are whole numbers in the unit of `travel`.
Distances with decimals are scaled to whole numbers by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Costs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NOBODY: Final = -1
"""No visit, no technician, no moment."""

UNREACHABLE: Final = 100_000_000
"""A travel time of this or more (three years) means that there is no way; times beyond it are refused."""

DEAREST: Final = 1_000_000_000_000
"""Penalties above this are cut to it, so that sums stay whole numbers."""

Reason = Literal["nobody_allowed", "window_impossible", "partner_missing", "waits_for_unserved", "no_room"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """A day (or several: one row a technician and day) to plan; n visits, m technicians, p places.

    Made by `problem_of`, which checks and fills in what is not given.
    """

    travel: Ints
    """[p, p] travel time (or cost) from place to place; p ≥ n."""
    service: Ints
    """[n] time on site."""
    earliest: Ints
    latest: Ints
    """[n] window for the start of the visit, both ends included."""
    penalty: Costs
    """[n] cost of leaving the visit out."""
    allowed: Flags
    """[m, n] the technician may do the visit (skills, brands, certificates, area, pins already applied)."""
    start_place: Ints
    end_place: Ints
    """[m] where he is at the beginning, where he is to be at the end."""
    shift_start: Ints
    shift_end: Ints
    """[m] ready to leave; back without overtime."""
    overtime_end: Ints
    overtime_cost: Ints
    """[m] back at the very latest; cost of each second after `shift_end`."""
    break_earliest: Ints
    break_latest: Ints
    break_length: Ints
    """[m] one break that begins inside these bounds, at a place before the next drive; length 0: none."""
    demand: Ints
    capacity: Ints
    """[n] what a visit takes of a technician's [m] room (parts in the van, freight)."""
    limit: Ints
    """[m] most visits of the day."""
    former: Ints
    move_cost: Costs
    """[n] technician of the plan in force (or NOBODY), cost of sending somebody else."""
    pair: Ints
    """[n] the other row of a visit by two technicians: both start at the same moment, on two routes."""
    after: Ints
    """[n] the visit that must have ended before this one starts, or NOBODY; unserved if that one is."""
    pause: Ints
    """[n] how long that one must have ended before."""
    locked: tuple[tuple[int, ...], ...]
    """[m] the first stops of each route, which stay as they are, even where they break a rule."""

    @property
    def visits(self) -> int:
        """How many visits there are."""
        return len(self.service)

    @property
    def technicians(self) -> int:
        """How many technicians there are."""
        return len(self.shift_start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a plan costs, by part, in the unit of `travel`."""

    travel: int = 0
    unserved: int = 0
    overtime: int = 0
    moved: int = 0

    @property
    def total(self) -> int:
        """What the improver makes small."""
        return self.travel + self.unserved + self.overtime + self.moved


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Who visits whom in which order and when; an answer to a `Problem`."""

    routes: tuple[tuple[int, ...], ...]
    """[m] visits in order."""
    starts: Ints
    """[n] planned start of each visit, NOBODY where unserved."""
    breaks: Ints
    """[m] planned start of each break, NOBODY where there is none."""
    ends: Ints
    """[m] back at the end place, NOBODY for an empty route."""
    unserved: tuple[int, ...]
    broken: tuple[int, ...] = ()
    """Locked visits that start after their window, or whose technician comes back too late or has no break."""
    cost: Cost = field(default_factory=Cost)

    @property
    def objective(self) -> int:
        """The cost in one number."""
        return self.cost.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the improvement is; the objective is that of the best plan so far."""

    seconds: float
    iterations: int
    objective: int
    unserved: int


Watch = Callable[[Progress], bool]
"""Called a few times a second by the thread that improves; False ends it with the best plan so far."""


def problem_of(
    *,
    travel: npt.ArrayLike,
    service: npt.ArrayLike,
    earliest: npt.ArrayLike,
    latest: npt.ArrayLike,
    penalty: npt.ArrayLike,
    shift_start: npt.ArrayLike,
    shift_end: npt.ArrayLike,
    start_place: npt.ArrayLike | None = None,
    end_place: npt.ArrayLike | None = None,
    allowed: npt.ArrayLike | None = None,
    overtime_end: npt.ArrayLike | None = None,
    overtime_cost: npt.ArrayLike = 0,
    break_earliest: npt.ArrayLike = 0,
    break_latest: npt.ArrayLike = 0,
    break_length: npt.ArrayLike = 0,
    demand: npt.ArrayLike = 0,
    capacity: npt.ArrayLike = UNREACHABLE,
    limit: npt.ArrayLike = UNREACHABLE,
    former: npt.ArrayLike = NOBODY,
    move_cost: npt.ArrayLike = 0,
    pinned: npt.ArrayLike = NOBODY,
    pair: npt.ArrayLike = NOBODY,
    after: npt.ArrayLike = NOBODY,
    pause: npt.ArrayLike = 0,
    locked: Sequence[Sequence[int]] = (),
) -> Problem:
    """A checked problem; what is one number stands for all rows.

    Without places, technician `t` starts and ends at place `n + t`. Without `allowed` everybody may do all.
    Without `overtime_end` there is no overtime. `pinned` ties a visit to one technician.

    Raises:
        ValueError: says which array has a wrong shape or an impossible value.
    """
    n, m = _length("service", service), _length("shift_start", shift_start)
    matrix = _matrix(travel)
    places = len(matrix)
    if places < n:
        raise ValueError(f"travel has {places} places for {n} visits")
    homes = np.arange(n, n + m)
    starts = _ints("start_place", homes if start_place is None else start_place, m)
    ends = _ints("end_place", homes if end_place is None else end_place, m)
    _inside("start_place", starts, 0, places)
    _inside("end_place", ends, 0, places)
    may = np.ones((m, n), bool) if allowed is None else np.array(allowed, bool)
    if may.shape != (m, n):
        raise ValueError(f"allowed has shape {may.shape}, not {(m, n)}")
    pins = _ints("pinned", pinned, n)
    _inside("pinned", pins, NOBODY, m)
    tied = np.flatnonzero(pins != NOBODY)
    mine = may[pins[tied], tied]
    may[:, tied] = False
    may[pins[tied], tied] = mine
    closing = _ints("shift_end", shift_end, m)
    late = closing if overtime_end is None else np.maximum(closing, _ints("overtime_end", overtime_end, m))
    formers = _ints("former", former, n)
    _inside("former", formers, NOBODY, m)
    answer = Problem(
        travel=matrix,
        service=_positive("service", service, n),
        earliest=_ints("earliest", earliest, n),
        latest=_ints("latest", latest, n),
        penalty=_costs("penalty", penalty, n),
        allowed=may,
        start_place=starts,
        end_place=ends,
        shift_start=_ints("shift_start", shift_start, m),
        shift_end=closing,
        overtime_end=late,
        overtime_cost=_positive("overtime_cost", overtime_cost, m),
        break_earliest=_ints("break_earliest", break_earliest, m),
        break_latest=_ints("break_latest", break_latest, m),
        break_length=_positive("break_length", break_length, m),
        demand=_positive("demand", demand, n),
        capacity=_positive("capacity", capacity, m),
        limit=_positive("limit", limit, m),
        former=formers,
        move_cost=_costs("move_cost", move_cost, n),
        pair=_ints("pair", pair, n),
        after=_ints("after", after, n),
        pause=_positive("pause", pause, n),
        locked=_locks(locked, n, m),
    )
    _check_links(answer)
    return answer


def _length(name: str, values: npt.ArrayLike) -> int:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} is not a list of numbers")
    return len(array)


def _matrix(travel: npt.ArrayLike) -> Ints:
    """The travel matrix as int32 without a copy where it is one; what is too far to be true is unreachable."""
    array = np.asarray(travel)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        if array.size == 0:
            return np.zeros((0, 0), np.int32)
        raise ValueError(f"travel has shape {array.shape}, not one row and column a place")
    if array.size == 0:
        return np.zeros((0, 0), np.int32)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError("travel holds values that are not numbers")
    if array.dtype.kind not in "iuf":
        raise ValueError(f"travel holds {array.dtype}, not numbers")
    if array.min() < 0:
        raise ValueError("travel holds a negative time")
    if array.max() > UNREACHABLE:
        array = np.minimum(array, UNREACHABLE)
    return np.ascontiguousarray(array, np.int32)


def _filled(name: str, values: npt.ArrayLike, length: int) -> npt.NDArray[Any]:
    array = np.asarray(values)
    if array.ndim == 0:
        array = np.full(length, array)
    if array.shape != (length,):
        raise ValueError(f"{name} has shape {array.shape}, not {(length,)}")
    if array.dtype.kind not in "iufb" or (array.dtype.kind == "f" and not np.isfinite(array).all()):
        raise ValueError(f"{name} holds values that are not numbers")
    return array


def _ints(name: str, values: npt.ArrayLike, length: int) -> Ints:
    array = _filled(name, values, length)
    whole: Ints = np.clip(array, -10 * UNREACHABLE, 10 * UNREACHABLE).astype(np.int32)
    return whole


def _positive(name: str, values: npt.ArrayLike, length: int) -> Ints:
    array = _filled(name, values, length)
    if len(array) and array.min() < 0:
        raise ValueError(f"{name} holds a negative value")
    whole: Ints = np.minimum(array, UNREACHABLE).astype(np.int32)
    return whole


def _costs(name: str, values: npt.ArrayLike, length: int) -> Costs:
    array = _filled(name, values, length)
    if len(array) and array.min() < 0:
        raise ValueError(f"{name} holds a negative value")
    whole: Costs = np.minimum(array, DEAREST).astype(np.int64)
    return whole


def _inside(name: str, values: Ints, low: int, high: int) -> None:
    if len(values) and (values.min() < low or values.max() >= high):
        raise ValueError(f"{name} points outside {low}..{high - 1}")


def _locks(locked: Sequence[Sequence[int]], n: int, m: int) -> tuple[tuple[int, ...], ...]:
    if not len(locked):
        return ((),) * m
    if len(locked) != m:
        raise ValueError(f"locked has {len(locked)} routes for {m} technicians")
    routes = tuple(tuple(int(visit) for visit in route) for route in locked)
    stops = [visit for route in routes for visit in route]
    if any(not 0 <= visit < n for visit in stops):
        raise ValueError(f"locked points outside 0..{n - 1}")
    if len(stops) != len(set(stops)):
        raise ValueError("a visit is locked twice")
    return routes


def _check_links(problem: Problem) -> None:
    n = problem.visits
    for name, links in (("pair", problem.pair), ("after", problem.after)):
        _inside(name, links, NOBODY, n)
    for visit in np.flatnonzero(problem.pair != NOBODY).tolist():
        other = int(problem.pair[visit])
        if other == visit or problem.pair[other] != visit:
            raise ValueError(f"visit {visit} and {other} are not each other's pair")
    for visit in np.flatnonzero(problem.after != NOBODY).tolist():
        seen, here = {visit}, int(problem.after[visit])
        while here != NOBODY:
            if here in seen:
                raise ValueError(f"visit {visit} has to wait for itself")
            seen.add(here)
            here = int(problem.after[here])
