"""What wants a person is said once, and rests only as long as somebody has answered for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.alert import ALERTS, SNOOZE_LONGEST_MS, alerts_of, of_plans, overlapping, resting
from dispatcher_app.domain.command import AssignTechnician, SnoozeAlert, UrgeOrder
from dispatcher_app.domain.day import Day, Stop, StopState
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from tests.domain import trade
from tests.domain.trade import COUNTER, DISPATCHER, NOW, hour, order_of

HALF_HOUR = 1_800_000
REST = SnoozeAlert(order="o1", kind="urged", until=NOW + HALF_HOUR, reason="told_customer")
HERE = Point(121.44, 31.2)


def kinds(order: Order, at: int) -> tuple[str, ...]:
    return alerts_of(order, Policy(), trade.TIMEZONE, at)


def stop(order: str, start: float, end: float, state: StopState = "confirmed") -> Stop:
    return Stop(
        order=order, visit=1, start=hour(start), end=hour(end), point=HERE, travel_s=1200, state=state
    )


def test_the_kinds_stand_in_the_order_in_which_they_are_worked_off() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, UrgeOrder(order="o1"), NOW)
    order = replace(order_of(world), approximate=True, flags=("quote_over",))
    assert kinds(order, hour(40)) == ("late", "overdue", "urged", "over_price", "approximate")
    assert [kind for kind in ALERTS if kind in kinds(order, hour(40))] == list(kinds(order, hour(40)))


def test_an_exception_rests_for_a_reason_and_every_desk_may_wake_it() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, UrgeOrder(order="o1"), NOW)
    change = world.do(COUNTER, REST, NOW)
    (rest,) = resting(order_of(world))
    assert (rest.kind, rest.until, rest.reason, rest.by) == (
        "urged",
        REST.until,
        "told_customer",
        COUNTER.name,
    )
    assert order_of(world).steps[-1].action == "snooze"
    assert change.undo == SnoozeAlert(order="o1", kind="urged", until=None)
    world.do(DISPATCHER, change.undo, NOW)
    assert order_of(world).snoozed == ()
    assert order_of(world).steps[-1].params == {"kind": "urged"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "bored"}, "invalid"),
        ({"until": NOW}, "snooze_span"),
        ({"until": NOW + SNOOZE_LONGEST_MS + 1}, "snooze_span"),
        ({"reason": ""}, "required"),
        ({"reason": "王女士说的"}, "reason_unknown"),
        ({"until": None}, "is_so_already"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, object], code: str) -> None:
    world = trade.company()
    trade.booked(world)
    with pytest.raises(Rejected, match=code):
        world.do(DISPATCHER, replace(REST, **changes), NOW)  # type: ignore[arg-type]


def test_who_has_no_desk_lets_nothing_rest() -> None:
    world = trade.company()
    trade.booked(world)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(trade.staff("vetting"), REST, NOW)


def test_urging_once_more_wakes_it() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, UrgeOrder(order="o1"), NOW)
    world.do(DISPATCHER, REST, NOW)
    world.do(DISPATCHER, UrgeOrder(order="o1"), NOW + 60_000)
    assert resting(order_of(world)) == ()


def test_an_order_that_goes_on_wakes_what_rests() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, replace(REST, kind="overdue"), NOW)
    assert [each.kind for each in resting(order_of(world))] == ["overdue"]
    start = hour(14)
    world.do(DISPATCHER, AssignTechnician(order="o1", technician="li", start=start), NOW + 60_000)
    assert resting(order_of(world)) == ()


def test_two_visits_at_once_are_told_but_not_what_the_planner_only_thinks_of() -> None:
    stops = [stop("a", 9, 10), stop("b", 9.5, 11), stop("c", 11, 12), stop("d", 11.5, 12, state="tentative")]
    assert overlapping(stops) == {"a", "b"}
    assert overlapping([replace(each, state="done") for each in stops]) == frozenset()


def test_nobody_knows_where_he_is_when_he_should_set_out() -> None:
    day = Day(
        id="li:d", region="sh", technician="li", date=trade.DATE, stops=(stop("a", 9, 10), stop("b", 12, 13))
    )
    told = {"a": ("en_route", Window(hour(9), hour(11))), "b": ("accepted", Window(hour(12), hour(14)))}
    assert of_plans([day], told, {}, hour(9))["no_position"] == {"a"}  # type: ignore[arg-type]
    assert of_plans([day], told, {}, hour(11.5))["no_position"] == {"a", "b"}  # type: ignore[arg-type]
    assert of_plans([day], told, None, hour(11.5))["no_position"] == frozenset()  # type: ignore[arg-type]
    assert of_plans([day], told, {"li": hour(11.4)}, hour(11.5))["no_position"] == frozenset()  # type: ignore[arg-type]


def test_who_is_planned_after_the_promise_is_late_before_the_clock_says_so() -> None:
    day = Day(id="li:d", region="sh", technician="li", date=trade.DATE, stops=(stop("a", 12, 13),))
    told = {"a": ("accepted", Window(hour(9), hour(11)))}
    assert of_plans([day], told, {}, hour(8))["late"] == {"a"}  # type: ignore[arg-type]
