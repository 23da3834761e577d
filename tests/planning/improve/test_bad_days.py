"""A day that can't be planned is refused in words, or planned as far as it goes: no crash, no endless search."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dispatcher_app.planning.improve import construct, improve
from dispatcher_app.planning.problem import NOBODY, UNREACHABLE, Problem, Progress, problem_of
from dispatcher_app.planning.timetable import plan_of, reason_unserved, schedule
from tests.planning.improve.day import HOUR, faults, random_day


def day(visits: int = 3, technicians: int = 1, **more: Any) -> Problem:
    """Visits a minute apart, on a whole day."""
    places = visits + technicians
    given: dict[str, Any] = {
        "travel": np.where(np.eye(places, dtype=bool), 0, 60),
        "service": [HOUR] * visits,
        "earliest": 8 * HOUR,
        "latest": 18 * HOUR,
        "penalty": 10 * HOUR,
        "shift_start": [8 * HOUR] * technicians,
        "shift_end": 18 * HOUR,
    }
    return problem_of(**given | more)


@pytest.mark.parametrize(("visits", "technicians"), [(0, 0), (0, 3), (4, 0)])
def test_a_day_without_visits_or_technicians_has_an_empty_plan(visits: int, technicians: int) -> None:
    empty = random_day(1, visits, technicians)
    for plan in (construct(empty), improve(empty, iterations=100)):
        assert plan.routes == ((),) * technicians
        assert plan.unserved == tuple(range(visits))


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"travel": np.full((4, 4), -1)}, "negative"),
        ({"travel": np.full((4, 3), 1)}, "shape"),
        ({"travel": np.full((2, 2), 1)}, "places"),
        ({"travel": np.full((4, 4), np.nan)}, "not numbers"),
        ({"service": [HOUR, -1, HOUR]}, "negative"),
        ({"penalty": -5}, "negative"),
        ({"allowed": np.ones((2, 3))}, "shape"),
        ({"start_place": 9}, "outside"),
        ({"pinned": [5, NOBODY, NOBODY]}, "outside"),
        ({"pair": [1, 2, 0]}, "pair"),
        ({"after": [1, 2, 0]}, "wait for itself"),
        ({"locked": [[0, 0]]}, "twice"),
        ({"locked": [[7]]}, "outside"),
        ({"locked": [[], []]}, "technicians"),
        ({"latest": "soon"}, "not numbers"),
    ],
)
def test_numbers_that_make_no_day_are_refused(wrong: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        day(**wrong)


def test_what_nobody_may_or_can_do_is_unserved_with_the_reason() -> None:
    travel = np.where(np.eye(6, dtype=bool), 0, 60)
    travel[2] = travel[:, 2] = UNREACHABLE * 50.0
    given = day(
        5,
        travel=travel,
        allowed=[[True, False, True, True, True]],
        earliest=[8 * HOUR, 8 * HOUR, 8 * HOUR, 12 * HOUR, 17 * HOUR + 1],
        latest=[18 * HOUR, 18 * HOUR, 18 * HOUR, 11 * HOUR, 18 * HOUR],
    )
    plan = improve(given, iterations=500)
    assert plan.routes == ((0,),)
    reasons = [reason_unserved(given, plan, visit) for visit in plan.unserved]
    assert reasons == ["nobody_allowed", "window_impossible", "window_impossible", "window_impossible"]


def test_more_work_than_hands_leaves_the_cheapest_out() -> None:
    given = day(14, penalty=[10 * HOUR] * 9 + [HOUR] * 5)
    plan = improve(given, iterations=3000)
    assert set(plan.unserved) <= set(range(9, 14))
    assert {reason_unserved(given, plan, visit) for visit in plan.unserved} == {"no_room"}


def test_a_locked_stop_that_is_late_already_stays_and_is_told() -> None:
    given = day(3, latest=[9 * HOUR, 9 * HOUR, 18 * HOUR], locked=[[0, 1]])
    plan = improve(given, iterations=500)
    assert plan.routes == ((0, 1, 2),)
    assert plan.broken == (1,)
    assert plan.starts[1] > 9 * HOUR


def test_of_two_who_are_to_meet_the_later_one_makes_the_other_late() -> None:
    given = day(
        4,
        2,
        pair=[1, 0, NOBODY, NOBODY],
        latest=[9 * HOUR, 9 * HOUR, 18 * HOUR, 18 * HOUR],
        locked=[[0], [2, 1]],
        service=[HOUR, HOUR, 2 * HOUR, HOUR],
    )
    plan = improve(given, iterations=500)
    assert plan.starts[0] == plan.starts[1] > 9 * HOUR
    assert plan.broken == (0, 1)
    assert plan.unserved == ()


def test_locked_stops_that_leave_no_room_for_the_break_go_without() -> None:
    given = day(
        3,
        service=[5 * HOUR, HOUR, HOUR],
        break_earliest=12 * HOUR,
        break_latest=int(12.5 * HOUR),
        break_length=HOUR,
        locked=[[0]],
    )
    plan = improve(given, iterations=500)
    assert plan.routes[0][0] == 0
    assert (plan.broken, int(plan.breaks[0])) == ((0,), NOBODY)


def test_stops_of_a_plan_that_no_longer_fit_are_left_out_of_it() -> None:
    given = day(4, latest=[18 * HOUR, 8 * HOUR + 60, 18 * HOUR, 18 * HOUR])
    plan = plan_of(given, [[0, 1, 2]])
    assert (plan.routes, plan.unserved) == (((0, 2),), (1, 3))
    assert faults(given, plan) == []
    assert schedule(given, 0, [0, 1]) is None
    with pytest.raises(ValueError, match="two places"):
        plan_of(given, [[0, 0]])


def test_two_technicians_meet_or_neither_goes() -> None:
    meeting = day(3, 2, pair=[1, 0, NOBODY], earliest=[9 * HOUR, 10 * HOUR, 8 * HOUR])
    plan = improve(meeting, iterations=500)
    assert faults(meeting, plan) == []
    assert plan.unserved == ()
    assert plan.starts[0] == plan.starts[1] >= 10 * HOUR
    alone = replace(meeting, allowed=np.array([[True, False, True], [True, False, True]]))
    plan = improve(alone, iterations=500)
    assert plan.unserved == (0, 1)
    assert [reason_unserved(alone, plan, visit) for visit in (0, 1)] == ["partner_missing", "nobody_allowed"]


def test_a_visit_waits_until_the_parts_are_there() -> None:
    given = day(4, 2, after=[2, NOBODY, NOBODY, 0], latest=[9 * HOUR + 120, 18 * HOUR, 18 * HOUR, 18 * HOUR])
    plan = improve(given, iterations=1000)
    assert plan.unserved == ()
    assert faults(given, plan) == []


def test_the_watcher_can_stop_a_search() -> None:
    given = random_day(3, 60, 8)
    told: list[Progress] = []

    def watch(progress: Progress) -> bool:
        told.append(progress)
        return len(told) < 3

    plan = improve(given, seconds=3600, watch=watch)
    assert len(told) >= 3
    assert faults(given, plan) == []


@pytest.mark.parametrize("threads", [1, 2])
def test_a_big_day_is_improved_in_parts_that_fit_together(threads: int) -> None:
    given = random_day(4, 900, 120)
    first = construct(given)
    assert faults(given, first) == []
    plan = improve(given, first, iterations=30_000, threads=threads)
    assert faults(given, plan) == []
    assert plan.objective < first.objective
