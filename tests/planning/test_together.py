"""Visits that two come to, and visits after others: how a date is asked, and what comes back as moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatcher_app.domain.command import Helper
from dispatcher_app.domain.day import Stop
from dispatcher_app.domain.matching import NEVER
from dispatcher_app.planning.daily import Daily, Wanted
from dispatcher_app.planning.improve.search import improve
from dispatcher_app.planning.moves import moves_of
from dispatcher_app.planning.problem import NOBODY, Plan
from dispatcher_app.planning.timetable import plan_of
from tests.domain.trade import NOW, hour, minutes, technician
from tests.planning.test_daily import asked, days, stop, wanted

PEOPLE = [technician("li"), technician("wang"), technician("zhao")]


def shared(order: str, start: float, *who: str, state: str = "tentative") -> dict[str, list[Stop]]:
    """The stop of a visit in the plan of each who comes."""
    made = replace(stop(order, start), state=state, together=who)  # type: ignore[arg-type]
    return {each: [made] for each in who}


def by_order(day: Daily, name: str) -> list[int]:
    return [index for index, task in enumerate(day.tasks) if task.order == name]


def searched(day: Daily) -> Plan:
    """What the improver makes of the plan in force."""
    return improve(day.problem, plan_of(day.problem, day.routes), iterations=300)


def test_a_visit_for_two_is_two_rows_that_meet() -> None:
    day = asked(PEOPLE, {}, wanted("heavy", 13, 17, crew=2), wanted("light", 13, 17))
    one, other = by_order(day, "heavy")
    assert (day.problem.pair[one], day.problem.pair[other]) == (other, one)
    assert day.problem.pair[by_order(day, "light")[0]] == NOBODY
    assert [day.tasks[each].helps for each in (one, other)] == [False, True]


def test_the_improver_sends_two_at_one_moment_and_that_is_one_move() -> None:
    busy = days(li=[stop("told", 13)])
    day = asked(PEOPLE, busy, wanted("heavy", 13, 15, crew=2), wanted("light", 13, 15))
    plan = searched(day)
    assert plan.unserved == ()
    moves = {each.order: each for each in moves_of(day, plan)}
    assert sorted(moves) == ["heavy", "light"]
    heavy = moves["heavy"]
    assert heavy.helpers is not None
    assert len(heavy.helpers) == 1
    assert heavy.technician != heavy.helpers[0].technician
    assert (heavy.from_technician, heavy.from_helpers, heavy.state) == (None, None, "tentative")
    assert heavy.start is not None
    assert heavy.start % minutes(5) == 0
    assert hour(13) <= heavy.start <= hour(15)


def test_whoever_is_alone_is_not_sent_to_a_visit_for_two() -> None:
    day = asked([technician("li")], {}, wanted("heavy", 13, 17, crew=2))
    plan = searched(day)
    assert sorted(plan.unserved) == [0, 1]
    assert moves_of(day, plan) == ()


def test_a_visit_for_two_that_stays_is_no_move() -> None:
    day = asked(PEOPLE, days(**shared("heavy", 14, "wang", "li")), wanted("heavy", 13, 17, crew=2))
    plan = searched(day)
    assert moves_of(day, plan) == ()


def test_a_second_technician_is_found_for_a_place_that_has_one_only() -> None:
    plan = days(wang=[stop("heavy", 14, "tentative")])
    day = asked(PEOPLE, plan, wanted("heavy", 13, 17, crew=2))
    found = moves_of(day, searched(day))
    assert [(each.order, each.from_technician, each.from_helpers) for each in found] == [
        ("heavy", "wang", None)
    ]
    assert found[0].helpers is not None
    assert [type(each) for each in found[0].helpers] == [Helper]


def test_nobody_moves_a_visit_whose_helper_is_planned_elsewhere() -> None:
    plan = days(**shared("heavy", 14, "wang", "far"))
    day = asked(PEOPLE, plan, wanted("heavy", 13, 17, crew=2))
    assert [(task.order, task.fixed) for task in day.tasks] == [("heavy", True)]


def after(order: str, first: str, start: float, end: float, pause: int = 0, **changes: Any) -> Wanted:
    return replace(wanted(order, start, end, **changes), after=first, pause_s=pause * 60)


def test_an_order_after_another_begins_when_that_one_is_over_and_the_pause_too() -> None:
    day = asked(PEOPLE, {}, wanted("first", 10, 16), after("then", "first", 10, 17, pause=45, opens=NEVER))
    first, then = by_order(day, "first")[0], by_order(day, "then")[0]
    assert (day.problem.after[then], day.problem.pause[then]) == (first, 45 * 60)
    plan = searched(day)
    moves = {each.order: each for each in moves_of(day, plan)}
    ended = (moves["first"].start or 0) + minutes(60 + 45)
    assert (moves["then"].start or 0) >= ended


def test_what_is_not_planned_along_bounds_the_hour() -> None:
    day = asked(PEOPLE, {}, after("then", "elsewhere", 13, 17, opens=hour(15), closes=hour(17)))
    assert (day.problem.earliest[0], day.problem.latest[0]) == (15 * 3600, 16 * 3600)
    assert day.problem.after[0] == NOBODY


def test_an_order_that_waits_for_what_is_over_too_late_is_left_out_and_named() -> None:
    late = asked(PEOPLE, {}, after("then", "elsewhere", 13, 14, opens=hour(15)))
    never = asked(PEOPLE, {}, after("then", "elsewhere", 13, 14, opens=NEVER))
    early = asked(PEOPLE, {}, wanted("first", 13, 14, closes=hour(13.5)))
    assert [each.left_out[next(iter(each.left_out))].code for each in (late, never, early)] == [
        "after_other", "after_unknown", "before_other",
    ]  # fmt: skip
    assert hour(13) > NOW
