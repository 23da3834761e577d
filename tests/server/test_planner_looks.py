"""What the planner concludes from what it sees of a region, without a server around it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS
from dispatcher_app.domain.day import Day, Stop, StopState, day_id
from dispatcher_app.domain.matching import Need
from dispatcher_app.domain.order import Unkept
from dispatcher_app.domain.region import Region
from dispatcher_app.planning.vacancy import Vacancy
from dispatcher_app.planning.watch import Threat
from dispatcher_app.server.planner.better import worth_improving
from dispatcher_app.server.planner.book import Book, Promise
from dispatcher_app.server.planner.keep import (
    LOOK_AGAIN_MS,
    SIZE_MOST,
    Keeping,
    broken_in,
    marks_of,
    too_large,
)
from dispatcher_app.server.planner.place import first_of
from tests.domain.trade import CENTRE, DATE, NOW, TIMEZONE, hour, technician, window

LATE = hour(20)


def promise(order: str, start: float = 10, end: float = 12, **changes: Any) -> Promise:
    need = Need(
        order=order, skills=frozenset(), certificates=frozenset(), brands=frozenset(), district="north",
        point=CENTRE, minutes=60,
    )  # fmt: skip
    given: dict[str, Any] = {"status": "pending", "technician": None, "day": "", "unkept": None}
    return Promise(
        order=order, date=DATE, window=window(start, end), urgency="normal", need=need, **(given | changes)
    )


def book(*promises: Promise, **stops: tuple[str, StopState]) -> Book:
    """A region with these promises; `stops` by technician: order and state, at ten."""
    made = Book(region=Region(id="sh", name="Shanghai", timezone=TIMEZONE, centre=CENTRE))
    made.promises = {each.order: each for each in promises}
    for who, (order, state) in stops.items():
        stop = Stop(order=order, visit=1, start=hour(10), end=hour(11), point=CENTRE, state=state)
        day = Day(id=day_id(who, DATE), region="sh", technician=who, date=DATE, stops=(stop,))
        made.days[day.id] = day
        made.technicians[who] = technician(who)
    return made


def test_a_promise_whose_hour_is_over_is_named_whether_somebody_was_sent_or_not() -> None:
    sent = promise("sent", status="accepted", technician="li", day=day_id("li", "2026-11-22"))
    found = marks_of(book(promise("nobody"), sent), [], {}, LATE)
    assert {each.order: each.reason for each in found} == {"nobody": "window_passed", "sent": "window_passed"}


def test_a_broken_promise_is_not_said_to_be_kept_again_when_its_day_is_over() -> None:
    sent = promise(
        "sent",
        status="accepted",
        technician="li",
        day=day_id("li", DATE),
        unkept=Unkept(reason="late", since=0),
    )
    (mark,) = marks_of(book(sent), [], {}, LATE + DAY_MS)
    assert (mark.order, mark.reason) == ("sent", "window_passed")


def test_what_is_said_already_is_not_said_again() -> None:
    late = promise("late", technician="li", unkept=Unkept(reason="late", since=0, minutes=10))
    threat = Threat(order="late", reason="late", minutes=12)
    assert marks_of(book(late), [threat], {}, NOW) == []
    assert [
        each.minutes
        for each in marks_of(book(late), [Threat(order="late", reason="late", minutes=15)], {}, NOW)
    ] == [15]
    (kept,) = marks_of(book(late), [], {}, NOW)
    assert kept.reason is None


def test_a_visit_that_stands_on_another_date_is_not_looked_for_on_that_of_its_window() -> None:
    made = book(promise("night", 22, 26, day=day_id("li", "2026-11-24")), li=("other", "confirmed"))
    stop = Stop(order="night", visit=1, start=hour(25), end=hour(26), point=CENTRE, state="tentative")
    night = Day(id=day_id("li", "2026-11-24"), region="sh", technician="li", date="2026-11-24", stops=(stop,))
    assert [each.order for each in made.wanted_on(DATE, NOW)] == ["night"]
    made.days[night.id] = night
    assert made.wanted_on(DATE, NOW) == []
    assert made.homeless(NOW) == []


def test_only_a_date_that_has_changed_is_improved_again_and_no_date_waits_for_ever() -> None:
    keeping = Keeping()
    made = book(promise("a", day=day_id("li", DATE)), li=("a", "tentative"), wang=("b", "confirmed"))
    tomorrow = Day(id=day_id("li", "2026-11-24"), region="sh", technician="li", date="2026-11-24")
    made.days[tomorrow.id] = tomorrow
    keeping.books["sh"] = made
    assert [date for _, date, _ in worth_improving(keeping, NOW)] == [DATE, "2026-11-24"]
    keeping.improved[f"sh:{DATE}"] = (NOW, made.stamp(DATE))
    made.head += 1
    assert [date for _, date, _ in worth_improving(keeping, NOW + HOUR_MS)] == ["2026-11-24"]
    made.promises["c"] = promise("c")
    assert [date for _, date, _ in worth_improving(keeping, NOW + 1000)] == ["2026-11-24"]
    assert [date for _, date, _ in worth_improving(keeping, NOW + HOUR_MS)] == ["2026-11-24", DATE]


def test_a_date_of_thousands_is_planned_around_one_place_at_a_time() -> None:
    made = book(*(promise(f"o{number}") for number in range(SIZE_MOST + 1)), li=("told", "confirmed"))
    assert too_large(made, DATE, NOW)
    assert not too_large(book(promise("a")), DATE, NOW)


def test_a_plan_is_looked_at_again_when_something_of_it_has_changed_or_after_a_while() -> None:
    made = book(
        promise("sent", status="accepted", technician="li", day=day_id("li", DATE)), li=("sent", "confirmed")
    )
    yesterday = NOW - DAY_MS
    assert broken_in(made, yesterday) == []
    made.technicians["li"] = replace(made.technicians["li"], suspended=True)
    assert broken_in(made, yesterday + 1) == []
    made.touched.add(day_id("li", DATE))
    assert [each.reason for each in broken_in(made, yesterday + 2)] == ["suspended"]
    assert [each.reason for each in broken_in(made, yesterday + 3)] == ["suspended"]
    made.technicians["li"] = replace(made.technicians["li"], suspended=False)
    assert broken_in(made, yesterday + 2 * LOOK_AGAIN_MS) == []


def test_a_plan_of_today_is_looked_at_each_time_because_the_clock_alone_makes_it_late() -> None:
    made = book(
        promise("sent", status="accepted", technician="li", day=day_id("li", DATE)), li=("sent", "confirmed")
    )
    assert broken_in(made, NOW) == []
    made.technicians["li"] = replace(made.technicians["li"], suspended=True)
    assert [each.reason for each in broken_in(made, NOW + 1)] == ["suspended"]


def test_a_plan_that_is_over_breaks_nothing_any_more() -> None:
    made = book(
        promise("sent", status="accepted", technician="li", day=day_id("li", DATE)), li=("sent", "confirmed")
    )
    made.technicians["li"] = replace(made.technicians["li"], suspended=True)
    assert len(broken_in(made, NOW)) == 1
    made.touched.add(made.days.popitem()[0])
    assert broken_in(made, NOW + 1) == []


def test_of_two_promises_for_one_free_place_the_other_gets_the_next_best() -> None:
    best = Vacancy("li", DATE, hour(10), 600, "estimate")
    pair = Vacancy("wang", DATE, hour(10), 600, "estimate", helpers=("li",))
    next_best = Vacancy("zhao", DATE, hour(10.5), 900, "estimate")
    taken: set[tuple[str, str]] = set()
    assert first_of((best, pair, next_best), taken) == best
    taken.add(("li", DATE))
    assert first_of((best, pair, next_best), taken) == next_best
    taken.add(("zhao", DATE))
    assert first_of((best, pair, next_best), taken) is None
