"""A date of the plan as a problem, and an improved answer as moves of the plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dispatcher_app.domain.command import Move
from dispatcher_app.domain.day import Day, Stop, StopState, day_id
from dispatcher_app.domain.matching import Need
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Leave, Technician
from dispatcher_app.planning.daily import Daily, Wanted, daily
from dispatcher_app.planning.figures import figures
from dispatcher_app.planning.moves import moves_of
from dispatcher_app.planning.pace import paced
from dispatcher_app.planning.problem import Plan
from dispatcher_app.planning.proposal import proposal
from dispatcher_app.planning.travel import Ground
from tests.domain.trade import CENTRE, DATE, MIDNIGHT, NOW, TIMEZONE, hour, technician, window

EAST = Point(121.52, 31.23)
NO_BREAK = Policy(break_minutes=0)


def need(order: str, point: Point = EAST, **changes: Any) -> Need:
    given: dict[str, Any] = {
        "skills": frozenset({"cold"}), "certificates": frozenset(), "brands": frozenset(),
        "district": "north", "point": point, "minutes": 60,
    }  # fmt: skip
    return Need(order=order, **(given | changes))


def wanted(order: str, start: float, end: float, point: Point = EAST, **changes: Any) -> Wanted:
    return Wanted(need=need(order, point, **changes), window=window(start, end))


def stop(order: str, start: float, state: StopState = "confirmed", **changes: Any) -> Stop:
    return Stop(
        order=order, visit=1, start=hour(start), end=hour(start + 1), point=EAST, state=state, **changes
    )


def days(**stops: list[Stop]) -> dict[str, Day]:
    made = [
        Day(id=day_id(who, DATE), region="sh", technician=who, date=DATE, stops=tuple(each))
        for who, each in stops.items()
    ]
    return {day.id: day for day in made}


def asked(
    people: list[Technician], plan: dict[str, Day], *visits: Wanted, policy: Policy = NO_BREAK, **more: Any
) -> Daily:
    travel = Ground(policy, TIMEZONE).travel
    return daily(DATE, people, plan, visits, policy, TIMEZONE, more.pop("now", NOW), travel, **more)


def answer(day: Daily, *routes: tuple[int, ...]) -> Plan:
    served = {index for route in routes for index in route}
    nothing = np.array([], dtype=np.int32)
    return Plan(
        routes=routes, starts=nothing, breaks=nothing, ends=nothing,
        unserved=tuple(index for index in range(len(day.tasks)) if index not in served),
    )  # fmt: skip


def test_dispatched_visits_stay_where_they_are_and_planned_ones_may_go() -> None:
    plan = days(li=[stop("told", 10), stop("planned", 14, "tentative")])
    day = asked([technician("li"), technician("wang")], plan, wanted("planned", 13, 17))
    assert [(task.order, task.fixed, task.told) for task in day.tasks] == [
        ("told", True, True), ("planned", False, False),
    ]  # fmt: skip
    assert day.routes == ((0, 1), ())
    problem = day.problem
    assert problem.earliest[0] == problem.latest[0] == 10 * 3600
    assert (problem.earliest[1], problem.latest[1]) == (13 * 3600, 17 * 3600)
    assert problem.allowed[:, 0].tolist() == [True, False]
    assert problem.allowed[:, 1].tolist() == [True, True]


def test_whoever_lacks_the_skill_may_not_have_it() -> None:
    day = asked([technician("li"), technician("wang", skills=())], {}, wanted("new", 13, 17))
    assert day.problem.allowed[:, 0].tolist() == [True, False]


def test_work_begins_where_and_when_the_running_visit_ends() -> None:
    plan = days(li=[stop("running", 9.5, "locked"), stop("planned", 14, "tentative")])
    day = asked([technician("li")], plan, wanted("planned", 13, 17), now=hour(10))
    assert [task.order for task in day.tasks] == ["planned"]
    assert (day.rows[0].begin, day.rows[0].start, day.rows[0].count) == (hour(10.5), EAST, 1)


def test_leave_in_the_middle_of_a_day_makes_two_spans() -> None:
    away = Leave("l1", hour(12), hour(14), "sick")
    day = asked([technician("li", leaves=(away,))], {}, wanted("new", 12, 16))
    assert [(row.begin, row.end) for row in day.rows] == [
        (NOW, hour(12)), (hour(14), day.rows[1].end),
    ]  # fmt: skip
    assert day.rows[1].end > hour(16)


@pytest.mark.parametrize(
    ("visit", "code"),
    [
        (wanted("x", 13, 17, Point(0, 0)), "no_coordinates"),
        (wanted("x", 13, 17, Point(float("nan"), 31.2)), "no_coordinates"),
        (wanted("x", 13, 17, minutes=0), "no_duration"),
        (Wanted(need=need("x"), window=Window(hour(17), hour(13))), "window_invalid"),
        (wanted("x", 7, 8), "window_passed"),
    ],
)
def test_what_cannot_be_planned_is_left_out_and_named(visit: Wanted, code: str) -> None:
    day = asked([technician("li")], {}, visit, wanted("good", 13, 17))
    assert [task.order for task in day.tasks] == ["good"]
    assert day.left_out["x"].code == code


def test_nobody_at_work_is_a_problem_without_rows() -> None:
    day = asked([], {}, wanted("new", 13, 17))
    assert (day.rows, day.routes, day.problem.technicians) == ((), (), 0)


def test_moves_name_where_the_visit_stood_and_leave_alone_what_stays() -> None:
    plan = days(li=[stop("told", 10), stop("planned", 14, "tentative")])
    people = [technician("li"), technician("wang")]
    day = asked(people, plan, wanted("planned", 13, 17), wanted("new", 13, 17))
    assert [each.order for each in moves_of(day, answer(day, (0, 1), (2,)))] == ["new"]
    moves = moves_of(day, answer(day, (0, 2), (1,)))
    assert [(each.order, each.from_technician, each.from_start, each.technician) for each in moves] == [
        ("new", None, None, "li"), ("planned", "li", hour(14), "wang"),
    ]  # fmt: skip
    assert {each.state for each in moves} == {"tentative"}
    stays = asked(people, days(li=[stop("planned", 13, "tentative")]), wanted("planned", 13, 17))
    assert moves_of(stays, answer(stays, (0,), ())) == ()


def test_a_visit_without_room_loses_its_place() -> None:
    plan = days(li=[stop("planned", 14, "tentative")])
    day = asked([technician("li")], plan, wanted("planned", 13, 17))
    assert moves_of(day, answer(day, ())) == (
        Move(order="planned", from_technician="li", from_start=hour(14), why="plan"),
    )


def test_visits_of_somebody_absent_may_go_to_others_and_say_where_they_were() -> None:
    away = Leave("l1", MIDNIGHT, hour(24), "sick")
    plan = days(li=[stop("told", 14)])
    day = asked(
        [technician("li", leaves=(away,)), technician("wang")], plan,
        resend={"told": wanted("told", 13, 17)},
    )  # fmt: skip
    assert day.routes == ((),)
    (moved,) = moves_of(day, answer(day, (0,)))
    assert (moved.from_technician, moved.from_start, moved.technician, moved.state) == (
        "li", hour(14), "wang", "confirmed",
    )  # fmt: skip


def test_a_dispatched_visit_past_its_window_keeps_its_hour_and_its_customer_is_called() -> None:
    plan = days(li=[stop("told", 14)])
    late = asked([technician("li")], plan, now=hour(14.5), resend={"told": wanted("told", 13, 14)})
    assert [(task.order, task.fixed) for task in late.tasks] == [("told", True)]
    found = proposal("best", [late], [answer(late, *late.routes)], [late])
    assert [(call.order, call.reason, call.window) for call in found.calls] == [
        ("told", "window_passed", window(13, 14))
    ]
    assert found.moves == ()


def test_starts_are_such_as_a_person_would_say() -> None:
    day = asked([technician("li", home=CENTRE)], {}, wanted("new", 9, 17))
    (moved,) = moves_of(day, answer(day, (0,)))
    assert moved.start is not None
    assert moved.start % 300_000 == 0
    exact = paced(day.problem, 0, (0,)).starts[0]
    assert 0 <= moved.start // 1000 - (MIDNIGHT // 1000 + exact) < 300


def test_figures_tell_lateness_overtime_and_who_is_moved() -> None:
    plan = days(li=[stop("a", 10), stop("b", 10, "tentative"), stop("c", 16, "tentative")])
    day = asked([technician("li")], plan, wanted("b", 10, 10.5), wanted("c", 16, 17))
    good = figures(day, ((0, 2),))
    assert (good.visits, good.unserved, good.late_visits, good.late_minutes) == (2, 1, 0, 0)
    late = figures(day, ((0, 1, 2),))
    assert late.late_visits == 1
    assert late.late_minutes >= 30
    assert late.travel_s > 0
    assert late.metres > 0


def test_work_beyond_the_shift_is_overtime_and_the_way_home_is_not() -> None:
    plan = days(li=[stop("a", 19, "tentative")])
    in_time = asked([technician("li")], plan, wanted("a", 19, 19))
    assert figures(in_time, ((0,),)).overtime_minutes == 0
    late = asked([technician("li")], days(li=[stop("a", 19.5, "tentative")]), wanted("a", 19.5, 19.5))
    assert figures(late, ((0,),)).overtime_minutes == 30


def test_a_long_day_has_its_break() -> None:
    day = asked([technician("li")], {}, wanted("a", 9, 12), wanted("b", 9, 18), policy=Policy())
    assert day.problem.break_length[0] == 45 * 60
    times = paced(day.problem, 0, (0, 1))
    assert times.pause is not None
    assert 11.5 * 3600 <= times.pause <= 13 * 3600
