"""Promises that break as the clock and the plan stand."""

from __future__ import annotations

from dispatcher_app.domain.day import Day, Stop, StopState, day_id
from dispatcher_app.domain.matching import Need
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.technician import Leave, Shift, Technician
from dispatcher_app.planning.watch import Threat, threats
from tests.domain.trade import CENTRE, DATE, TIMEZONE, hour, technician, window

NEEDS = {
    "a": Need(
        order="a",
        skills=frozenset({"cold"}),
        certificates=frozenset(),
        brands=frozenset(),
        district="north",
        point=CENTRE,
        minutes=60,
    )
}


def stop(order: str, start: float, state: StopState = "confirmed", travel_s: int = 600) -> Stop:
    return Stop(
        order=order,
        visit=1,
        start=hour(start),
        end=hour(start + 1),
        point=CENTRE,
        state=state,
        travel_s=travel_s,
    )


def found(now: float, *stops: Stop, who: Technician | None = None, **windows: Window) -> list[Threat]:
    day = Day(id=day_id("li", DATE), region="sh", technician="li", date=DATE, stops=stops)
    return list(threats(day, who or technician("li"), windows, NEEDS, TIMEZONE, hour(now)))


def test_a_plan_in_time_threatens_nobody() -> None:
    assert found(9, stop("a", 10), stop("b", 12), a=window(10, 12), b=window(12, 14)) == []


def test_a_visit_that_runs_over_makes_the_next_one_late() -> None:
    running = stop("a", 9, "locked")
    late = found(11.5, running, stop("b", 11), a=window(9, 10), b=window(10, 11.5))
    assert late == [Threat(order="b", reason="late", minutes=10)]


def test_nobody_has_left_for_a_visit_whose_window_ends() -> None:
    assert found(12, stop("a", 10), a=window(10, 12)) == [Threat(order="a", reason="late", minutes=10)]


def test_a_sick_technician_breaks_his_promises_and_frees_those_after() -> None:
    sick = technician("li", leaves=(Leave("l", hour(10), hour(13), "sick"),))
    assert found(
        9, stop("a", 10), stop("b", 14, "tentative"), who=sick, a=window(10, 12), b=window(14, 16)
    ) == [
        Threat(order="a", reason="leave"),
    ]


def test_what_was_only_planned_is_said_to_be_so() -> None:
    suspended = technician("li", suspended=True)
    assert found(9, stop("a", 10, "tentative"), who=suspended, a=window(10, 12)) == [
        Threat(order="a", reason="suspended", told=False)
    ]


def test_visits_that_are_over_and_hours_held_for_callers_are_no_promises() -> None:
    assert found(15, stop("a", 10, "done"), stop("b", 11, "held"), a=window(10, 11), b=window(11, 12)) == []


def test_whoever_has_lost_the_skill_or_the_shift_is_not_planned_for_it_any_more_but_may_have_been_sent() -> (
    None
):
    unskilled = technician("li", skills=("water",))
    short = technician("li", shifts=tuple(Shift(day, 8 * 60, 10 * 60) for day in range(7)))
    for who, reason in ((unskilled, "skill"), (short, "shift")):
        assert found(9, stop("a", 10, "tentative"), who=who, a=window(10, 12)) == [
            Threat(order="a", reason=reason, told=False)
        ]
        assert found(9, stop("a", 10), who=who, a=window(10, 12)) == []


def test_a_planned_visit_for_which_nobody_was_sent_needs_another_hour_as_soon_as_its_own_is_over() -> None:
    planned = stop("a", 10, "tentative")
    assert found(9.9, planned, a=window(10, 13)) == []
    assert found(10.1, planned, a=window(10, 13)) == [Threat(order="a", reason="not_sent", told=False)]
    assert found(10.1, stop("a", 10), a=window(10, 13)) == [], "whoever was sent may still come"
