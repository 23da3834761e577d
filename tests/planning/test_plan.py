"""The plan as arrays: told entity by entity it is the same as made anew, and it knows what the entities say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, next_date
from dispatcher_app.domain.day import Day, Stop, StopState, day_id
from dispatcher_app.domain.matching import Need, unfit
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.technician import Certificate, Leave, Shift, ShiftException, Technician
from dispatcher_app.planning.crew import Crew
from dispatcher_app.planning.gap import absent_from, gaps_of, strips_of
from dispatcher_app.planning.plan import FAR, ROOM, Plan
from tests.domain import trade
from tests.domain.trade import CENTRE, NOW, hour

DATES = (trade.DATE, next_date(trade.DATE))


def stop(order: str, start: float, end: float, state: StopState = "confirmed", **more: Any) -> Stop:
    return Stop(order=order, visit=1, start=hour(start), end=hour(end), point=CENTRE, state=state, **more)


def day(technician: str, *stops: Stop, date: str = trade.DATE) -> Day:
    return Day(id=day_id(technician, date), region="sh", technician=technician, date=date, stops=stops)


def told(plan: Plan) -> dict[tuple[str, str], Any]:
    """All that a plan says, without the numbers of places."""
    said: dict[tuple[str, str], Any] = {}
    for date, sheet in plan.sheets.items():
        for row, technician in enumerate(plan.crew.people):
            said[date, technician.id] = (
                [plan.stop(sheet, row, column) for column in range(int(sheet.count[row]))],
                sheet.spots.point(int(sheet.home[row])),
                sorted(
                    (int(begin), int(end))
                    for begin, end in zip(sheet.begin[row], sheet.finish[row], strict=True)
                    if begin < end
                ),
                int(sheet.close[row]),
            )
    return said


points = st.builds(Point, st.floats(121, 122), st.floats(31, 32))
stops = st.builds(
    lambda order, start, length, point, state: Stop(
        order=f"o{order}", visit=1, start=hour(start), end=hour(start + length), point=point, state=state,
        travel_s=order * 7, expires_at=NOW + 60_000 if state == "held" else None,
        held_by="staff:lina" if state == "held" else "",
    ),
    st.integers(0, 30),
    st.floats(6, 21),
    st.floats(0, 3),
    points,
    st.sampled_from(("tentative", "held", "confirmed", "locked", "done")),
)  # fmt: skip
days = st.builds(
    lambda who, date, stops: day(f"t{who}", *stops, date=date),
    st.integers(0, 4),
    st.sampled_from((*DATES, "2027-01-01")),
    st.lists(stops, max_size=9),
)
crew = st.builds(
    lambda who, home, shift, leave, off: trade.technician(
        f"t{who}",
        home=home,
        shifts=tuple(Shift(weekday, shift * 60, shift * 60 + 480) for weekday in range(7)),
        leaves=(Leave("l", hour(leave), hour(leave + 2), "年假"),) if leave else (),
        exceptions=(ShiftException(trade.DATE),) if off else (),
    ),
    st.integers(0, 4),
    points,
    st.integers(6, 12),
    st.none() | st.integers(5, 20),
    st.booleans(),
)


@settings(max_examples=80, deadline=None)
@given(changes=st.lists(days | crew, max_size=40))
def test_plan_told_change_by_change_is_the_same_as_one_made_anew(changes: list[Day | Technician]) -> None:
    first = [trade.technician(f"t{number}") for number in range(5)]
    plan = Plan(trade.TIMEZONE, DATES, first)
    people, plans = {each.id: each for each in first}, dict[str, Day]()
    for change in changes:
        if isinstance(change, Day):
            plan.put_day(change)
            plans[change.id] = change
        else:
            plan.put_technician(change)
            people[change.id] = change
    assert told(plan) == told(Plan(trade.TIMEZONE, DATES, people.values(), plans.values()))


def test_crew_that_grows_keeps_what_it_knew() -> None:
    plan = Plan(trade.TIMEZONE, DATES, [trade.technician("t0")], [day("t0", stop("a", 9, 10))])
    for number in range(1, 90):
        plan.put_technician(trade.technician(f"t{number}"))
        plan.put_day(day(f"t{number}", stop(f"b{number}", 9, 10), stop(f"c{number}", 11, 12)))
    sheet = plan.sheets[trade.DATE]
    assert sheet.places_of("a") == [(0, 0)]
    assert sheet.places_of("c77") == [(77, 1)]
    assert plan.stands("b89", DATES)
    assert not plan.stands("b90", DATES)
    assert len(plan.sheets[DATES[1]].ids) == 90


def test_places_that_nothing_stands_at_any_more_are_forgotten() -> None:
    plan = Plan(trade.TIMEZONE, DATES, [trade.technician("t0")])
    for number in range(ROOM + 500):
        moved = replace(stop("a", 9, 10), point=Point(121 + number / 10_000, 31.2))
        plan.put_day(day("t0", moved))
    sheet = plan.sheets[trade.DATE]
    assert sheet.spots.size < 600
    assert plan.stop(sheet, 0, 0).point == moved.point
    assert sheet.spots.point(int(sheet.home[0])) == CENTRE


def test_order_that_is_only_held_or_over_does_not_stand_in_the_plan() -> None:
    held = stop("h", 9, 10, "held", expires_at=NOW + 1)
    plan = Plan(trade.TIMEZONE, DATES, [trade.technician("t0")], [day("t0", held, stop("d", 11, 12, "done"))])
    assert not plan.stands("h", DATES)
    assert not plan.stands("d", DATES)


def test_gaps_lie_between_stops_shift_and_leave() -> None:
    leave = Leave("l", hour(15), hour(16), "年假")
    plan = Plan(
        trade.TIMEZONE,
        DATES,
        [trade.technician("t0", leaves=(leave,))],
        [day("t0", stop("a", 9, 10), stop("b", 13, 14), stop("over", 13.5, 14.5))],
    )
    sheet = plan.sheets[trade.DATE]
    strips = strips_of(sheet, np.arange(1), [])
    gaps = gaps_of(strips, HOUR_MS)
    found = zip(strips.who[gaps.strip], gaps.begin / HOUR_MS, gaps.end / HOUR_MS, gaps.before, strict=True)
    assert [tuple(each) for each in found] == [(0, 8, 9, -1), (0, 10, 13, 0), (0, 16, 20, 2)]


def test_expired_holds_and_the_order_itself_are_in_nobody_s_way() -> None:
    plan = Plan(
        trade.TIMEZONE,
        DATES,
        [trade.technician("t0")],
        [
            day(
                "t0",
                stop("h", 9, 10, "held", expires_at=NOW),
                stop("kept", 10, 11, "held", expires_at=NOW + 1),
                stop("o1", 12, 13, "tentative"),
                stop("o1", 8, 9, "done"),
            )
        ],
    )
    sheet = plan.sheets[trade.DATE]
    strips = strips_of(sheet, np.arange(1), absent_from(sheet, NOW, "o1"))
    assert strips.start[0, : strips.count[0]].tolist() == [8 * HOUR_MS, 10 * HOUR_MS]
    assert (strips.start[0, strips.count[0] :] == FAR).all()


abilities = st.lists(st.sampled_from(("a", "b", "c")), max_size=3).map(tuple)


@settings(max_examples=200, deadline=None)
@given(
    people=st.lists(
        st.builds(
            lambda skills, brands, districts, names, suspended: {
                "skills": skills,
                "brands": brands,
                "districts": districts,
                "certificates": tuple(Certificate(name, NOW + at * DAY_MS) for name, at in names),
                "suspended": suspended,
            },
            abilities,
            abilities,
            abilities,
            st.lists(st.tuples(st.sampled_from(("x", "y")), st.integers(-2, 2)), max_size=3),
            st.booleans(),
        ),
        max_size=40,
    ),
    wanted=st.tuples(abilities, abilities, st.sampled_from(("a", "b", "z")), abilities),
    blocked=st.booleans(),
    certificates=st.sets(st.sampled_from(("x", "y", "z")), max_size=2),
)
def test_who_is_fit_is_what_the_rules_say_of_each(
    people: list[dict[str, Any]],
    wanted: tuple[tuple[str, ...], tuple[str, ...], str, tuple[str, ...]],
    blocked: bool,
    certificates: set[str],
) -> None:
    made = [trade.technician(f"t{number}", **each) for number, each in enumerate(people)]
    known = Crew()
    for each in made:
        known.put(trade.technician(each.id, skills=("a", "z"), brands=("b",)))
    for each in made:
        known.put(each)
    need = Need(
        order="o1", skills=frozenset(wanted[0]), brands=frozenset(wanted[1]), district=wanted[2], point=CENTRE,
        certificates=frozenset(certificates), minutes=60, blocked=frozenset(["t1"] if blocked else []),
    )  # fmt: skip
    assert known.fit(need, NOW).tolist() == [not unfit(each, need, NOW) for each in made]
