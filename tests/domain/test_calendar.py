"""Local days, working hours and timers, also where clocks are put forward and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatcher_app.domain.calendar import (
    DAY_MS,
    HOUR_MS,
    is_date,
    leave_during,
    local_date,
    midnight,
    moment,
    next_date,
    working,
)
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Leave, Shift, ShiftException
from dispatcher_app.domain.timer import due
from tests.domain import trade
from tests.domain.trade import MIDNIGHT, NOW, hour

HELSINKI = "Europe/Helsinki"
SPRING, AUTUMN = "2026-03-29", "2026-10-25"


def utc(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc,arg-type]


def test_day_is_as_long_as_its_clocks_say() -> None:
    lengths = {
        day: midnight(next_date(day), HELSINKI) - midnight(day, HELSINKI)
        for day in (SPRING, AUTUMN, "2026-11-23")
    }
    assert lengths == {SPRING: 23 * HOUR_MS, AUTUMN: 25 * HOUR_MS, "2026-11-23": DAY_MS}


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (SPRING, utc(2026, 3, 29, 6), utc(2026, 3, 29, 14)),
        (AUTUMN, utc(2026, 10, 25, 7), utc(2026, 10, 25, 15)),
        ("2026-03-22", utc(2026, 3, 22, 7), utc(2026, 3, 22, 15)),
    ],
)
def test_shift_from_nine_begins_when_clocks_show_nine(day: str, start: int, end: int) -> None:
    technician = trade.technician("li", shifts=(Shift(6, 9 * 60, 17 * 60),))
    assert working(technician, day, HELSINKI) == ((start, end),)
    exception = replace(technician, shifts=(), exceptions=(ShiftException(day, 9 * 60, 17 * 60),))
    assert working(exception, day, HELSINKI) == ((start, end),)


def test_shift_until_midnight_ends_as_the_next_day_begins() -> None:
    technician = trade.technician("li", shifts=(Shift(6, 0, 24 * 60),))
    for day in (SPRING, AUTUMN):
        assert working(technician, day, HELSINKI) == (
            (midnight(day, HELSINKI), midnight(next_date(day), HELSINKI)),
        )


def test_exception_replaces_the_pattern_of_its_date_only() -> None:
    technician = trade.technician("li", exceptions=(ShiftException(trade.DATE),))
    assert working(technician, trade.DATE, trade.TIMEZONE) == ()
    assert len(working(technician, next_date(trade.DATE), trade.TIMEZONE)) == 1


def test_local_date_changes_at_local_midnight() -> None:
    assert local_date(MIDNIGHT - 1, trade.TIMEZONE) == "2026-11-22"
    assert (
        local_date(MIDNIGHT, trade.TIMEZONE)
        == trade.DATE
        == local_date(MIDNIGHT + DAY_MS - 1, trade.TIMEZONE)
    )
    assert local_date(utc(2026, 10, 25, 0, 30), HELSINKI) == AUTUMN
    assert moment(AUTUMN, 0, HELSINKI) == utc(2026, 10, 24, 21)


@pytest.mark.parametrize(
    "text", ["2026-2-3", "20260203", "2026-W06-2", "2026-02-30", "", "now", "2026-02-03T00"]
)
def test_only_whole_dates_are_dates(text: str) -> None:
    assert is_date("2026-02-03")
    assert not is_date(text)


def test_leave_counts_as_soon_as_it_touches_the_visit() -> None:
    technician = trade.technician("li", leaves=(Leave("l", hour(14), hour(16), "年假"),))
    assert leave_during(technician, hour(13), hour(14)) is None
    assert leave_during(technician, hour(16), hour(17)) is None
    assert leave_during(technician, hour(13), hour(14) + 1) is not None
    assert leave_during(technician, hour(15), hour(15.5)) is not None


def waiting(**changes: object) -> Order:
    world = trade.company()
    return replace(trade.booked(world), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({}, NOW + 15 * 60_000),
        ({"status": "offered"}, NOW + 15 * 60_000),
        ({"urgency": "emergency"}, NOW + 5 * 60_000),
        ({"status": "accepted"}, hour(16)),
        ({"status": "en_route"}, hour(16)),
        ({"status": "in_progress"}, None),
        ({"status": "completed"}, None),
        ({"status": "cancelled"}, None),
    ],
)
def test_order_is_due_by_its_status(changes: dict[str, object], at: int | None) -> None:
    assert due(waiting(**changes), Policy(), trade.TIMEZONE) == at


def test_order_for_later_days_is_due_the_evening_before() -> None:
    order = waiting()
    for days, evening in ((1, hour(18)), (3, hour(18) + 2 * DAY_MS)):
        later = order.with_window(Window(hour(10) + days * DAY_MS, hour(12) + days * DAY_MS))
        assert due(later, Policy(), trade.TIMEZONE) == evening
    late = replace(order.with_window(Window(hour(44.5), hour(46))), since=hour(20))
    assert due(late, Policy(), trade.TIMEZONE) == hour(20) + 15 * 60_000
    assert due(order.with_window(None), Policy(), trade.TIMEZONE) == NOW + 15 * 60_000


def test_evening_before_is_six_by_the_clock_when_clocks_change() -> None:
    order = replace(waiting(), since=midnight("2026-10-20", HELSINKI))
    later = order.with_window(
        Window(moment("2026-10-26", 600, HELSINKI), moment("2026-10-26", 720, HELSINKI))
    )
    assert due(later, Policy(), HELSINKI) == utc(2026, 10, 25, 16)
