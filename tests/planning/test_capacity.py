"""What calendars count: working time, what is taken of it, and how many visits more would fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, MINUTE_MS, next_date
from dispatcher_app.domain.day import Day, Stop, StopState, day_id
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Leave, Shift, Technician
from dispatcher_app.planning.capacity import (
    USUAL_DRIVE_MS,
    Capacity,
    Slot,
    Wish,
    capacity,
    date_slot,
    usual_minutes,
)
from dispatcher_app.planning.plan import Plan
from tests.domain import trade
from tests.domain.trade import CENTRE, NOW, hour

EARLY = hour(0)
MINUTES = {"cold": 60, "water": 40}
DATE, NEXT = trade.DATE, next_date(trade.DATE)


def stop(order: str, start: float, end: float, state: StopState = "confirmed", **more: Any) -> Stop:
    return Stop(order=order, visit=1, start=hour(start), end=hour(end), point=CENTRE, state=state, **more)


def day(technician: str, *stops: Stop) -> Day:
    return Day(id=day_id(technician, DATE), region="sh", technician=technician, date=DATE, stops=stops)


def nine_to_five(id: str = "li", **changes: Any) -> Technician:
    shifts = tuple(Shift(weekday, 9 * 60, 17 * 60) for weekday in range(7))
    return trade.technician(id, shifts=shifts, **changes)


def counted(
    people: Sequence[Technician], *days: Day, slots: Sequence[Slot] = (), now: int = EARLY, **more: Any
) -> Capacity:
    given = {"minutes": MINUTES, "wishes": (), "policy": Policy(daily_limit=99, break_minutes=0), **more}
    slots = slots or (date_slot(DATE, trade.TIMEZONE),)
    plan = Plan(trade.TIMEZONE, {each.date for each in slots}, people, days)
    return capacity(plan, slots, now=now, **given)


def window_slot(start: float, end: float) -> Slot:
    return Slot(DATE, hour(start), hour(end), part=True)


def test_shift_leave_and_load_are_minutes_of_the_day() -> None:
    away = Leave("l", hour(8), hour(10), "体检")
    plan = day("li", stop("a", 10, 11, travel_s=1800), stop("b", 12, 13, travel_s=900), stop("c", 13, 13.5))
    found = counted([nine_to_five(leaves=(away,)), nine_to_five("wang")], plan)
    assert (found.shift.tolist(), found.away.tolist()) == ([[480], [480]], [[60], [0]])
    # The way from home before the first visit is his own time.
    assert (found.load.tolist(), found.visits.tolist()) == ([[165], [0]], [[3], [0]])


def test_a_free_day_takes_as_many_visits_as_fit_with_the_drives_between_them() -> None:
    found = counted([nine_to_five()])
    drive = USUAL_DRIVE_MS // MINUTE_MS
    for skill, minutes in MINUTES.items():
        count = int(found.free[skill][0, 0])
        assert count * minutes + (count - 1) * drive <= 480 < (count + 1) * minutes + count * drive


def test_the_last_time_for_a_break_at_noon_is_nobodys() -> None:
    whole = counted([nine_to_five()], minutes={"cold": 25})
    policy = Policy(daily_limit=99, break_minutes=60)
    less = counted([nine_to_five()], minutes={"cold": 25}, policy=policy)
    assert int(whole.free["cold"][0, 0]) - int(less.free["cold"][0, 0]) in (1, 2)
    taken = day("li", stop("a", 9, 11), stop("b", 12.5, 17))
    assert counted([nine_to_five()], taken, minutes={"cold": 25}).free["cold"].tolist() == [[1]]
    assert counted([nine_to_five()], taken, minutes={"cold": 25}, policy=policy).free["cold"].tolist() == [
        [0]
    ]


def test_usual_drives_are_those_of_the_date() -> None:
    busy = [day(f"b{at}", stop(f"x{at}", 9, 10), stop(f"y{at}", 11, 12, travel_s=3000)) for at in range(6)]
    people = [nine_to_five(), *(nine_to_five(f"b{at}") for at in range(6))]
    assert counted(people, *busy).free["cold"][0, 0] < counted(people).free["cold"][0, 0]


@pytest.mark.parametrize(
    ("changes", "policy"),
    [
        ({"skills": ("water",)}, Policy()),
        ({"suspended": True}, Policy()),
        ({"shifts": ()}, Policy()),
        ({"leaves": (Leave("l", hour(0), hour(24), "年假"),)}, Policy()),
        ({"daily_limit": 0}, Policy()),
        ({}, Policy(daily_limit=0)),
    ],
)
def test_nothing_fits_with_whoever_can_not_come(changes: dict[str, Any], policy: Policy) -> None:
    assert counted([replace(nine_to_five(), **changes)], policy=policy).free["cold"].tolist() == [[0]]


def test_the_daily_limit_counts_what_he_has_already() -> None:
    found = counted([nine_to_five(daily_limit=3)], day("li", stop("a", 9, 9.5), stop("b", 16, 16.5)))
    assert found.free["water"].tolist() == [[1]]


def test_of_today_only_what_is_left_counts_and_nothing_of_yesterday() -> None:
    today = int(counted([nine_to_five()], now=hour(14)).free["cold"][0, 0])
    assert 0 < today < int(counted([nine_to_five()]).free["cold"][0, 0])
    assert counted([nine_to_five()], now=hour(14) + DAY_MS).free["cold"].tolist() == [[0]]


def test_an_hour_held_for_a_caller_is_taken_until_it_expires() -> None:
    held = day("li", stop("a", 9, 17, "held", expires_at=NOW, held_by="staff:lina"))
    assert counted([nine_to_five()], held, now=NOW - 1).free["cold"].tolist() == [[0]]
    assert counted([nine_to_five()], held, now=NOW).free["cold"][0, 0] > 0
    assert counted([nine_to_five()], held, now=NOW).load.tolist() == [[0]]


def test_parts_of_a_date_share_its_load_and_say_how_many_people_could_begin() -> None:
    slots = [window_slot(8, 10), window_slot(10, 12), window_slot(12, 20)]
    plan = day("li", stop("a", 9.5, 11, travel_s=600))
    found = counted([nine_to_five(), nine_to_five("wang")], plan, slots=slots)
    assert found.load.tolist() == [[30, 60, 0], [0, 0, 0]]
    assert found.visits.tolist() == [[1, 0, 0], [0, 0, 0]]
    # Before his visit is too little time; after it he still has to drive.
    assert found.free["cold"].tolist() == [[0, 1, 1], [1, 1, 1]]
    assert found.shift.tolist() == [[60, 120, 300], [60, 120, 300]]


def test_promises_without_a_place_are_counted_by_skill_and_slot() -> None:
    slots = [date_slot(DATE, trade.TIMEZONE), date_slot(NEXT, trade.TIMEZONE)]
    wishes = [
        Wish(frozenset({"cold"}), trade.window(14, 16)),
        Wish(frozenset({"cold", "water"}), Window(hour(33), hour(35))),
        Wish(frozenset({"unheard_of"}), trade.window(14, 16)),
    ]
    found = counted([nine_to_five()], slots=slots, wishes=wishes)
    assert {skill: each.tolist() for skill, each in found.waiting.items()} == {
        "cold": [1, 1],
        "water": [0, 1],
    }


def test_a_visit_of_a_skill_takes_what_the_middle_one_of_the_catalogue_takes() -> None:
    retired = replace(trade.AIR, id="old", skill="gas", retired=True)
    assert usual_minutes([trade.FRIDGE, trade.AIR, trade.TAP, retired]) == {"cold": 60, "water": 40}


def test_night_shifts_belong_to_the_dates_on_which_they_are_worked() -> None:
    night = trade.technician("li", shifts=(Shift(0, 22 * 60, 24 * 60), Shift(1, 0, 6 * 60)))
    slots = [date_slot(DATE, trade.TIMEZONE), date_slot(NEXT, trade.TIMEZONE)]
    assert counted([night], slots=slots).shift.tolist() == [[120, 360]]


def brute(technician: Technician, stops: Sequence[tuple[float, float]], length: int, now: int) -> int:
    """The same count, one visit after the other, each put as early as rules allow."""
    drive, busy, count = USUAL_DRIVE_MS, [(hour(a), hour(b)) for a, b in sorted(stops)], 0
    begin, finish = hour(9), hour(17)
    while True:
        for at in range(max(begin, now), finish - length + 1, MINUTE_MS):
            end = at + length
            before = [b for _, b in busy if b <= at]
            after = [a for a, _ in busy if a >= end]
            clash = any(a < end and at < b for a, b in busy)
            comes = max(before) + drive if before else (now + drive if now > begin else begin)
            if not clash and comes <= at and (not after or end + drive <= min(after)):
                busy.append((at, end))
                count += 1
                break
        else:
            return count


@settings(max_examples=60, deadline=None)
@given(
    hours=st.lists(st.tuples(st.integers(18, 33), st.integers(1, 3)), max_size=4),
    now=st.sampled_from([EARLY, hour(11)]),
)
def test_as_many_fit_as_one_would_find_by_trying(hours: list[tuple[int, int]], now: int) -> None:
    stops: list[tuple[float, float]] = []
    for half, length in hours:
        start, end = half / 2, min(17.0, (half + length) / 2)
        if start < end and all(end <= a or b <= start for a, b in stops):
            stops.append((start, end))
    plan = day("li", *(stop(f"o{at}", a, b) for at, (a, b) in enumerate(sorted(stops))))
    # What is over or under way is another test's.
    assume(all(hour(start) >= now for start, _ in stops))
    found = counted([nine_to_five()], plan, now=now, minutes={"cold": 60})
    assert int(found.free["cold"][0, 0]) == brute(nine_to_five(), stops, HOUR_MS, now)
