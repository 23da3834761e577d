"""Hours held for callers, tentative places that make room, pins, broken promises, better drives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Rejected
from dispatcher_app.domain.command import (
    BookedLine,
    CancelOrder,
    ChangeAppointment,
    ChangeOrder,
    HoldWindow,
    Leg,
    MarkPromises,
    Move,
    OfferOrder,
    PinVisit,
    PromiseMark,
    PublishPlan,
    ReleaseHold,
    RouteDay,
    SaveTechnician,
    UnassignTechnician,
)  # fmt: skip
from dispatcher_app.domain.day import Stop, day_id
from dispatcher_app.domain.order import Unkept
from dispatcher_app.domain.place import Point
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import (
    CENTRE,
    COUNTER,
    DATE,
    DISPATCHER,
    NOW,
    SUPERVISOR,
    assign,
    booked,
    company,
    day_of,
    hour,
    minutes,
    order_of,
    staff,
    window,
)  # fmt: skip

LI = day_id("li", DATE)


def hold(order: str = "o1", start: float = 14, technician: str = "li", **changes: Any) -> HoldWindow:
    made = HoldWindow(
        order=order, window=window(14, 16), technician=technician, start=hour(start),
        lines=(BookedLine(item="fridge", fault="warm"),), district="north", point=CENTRE,
    )  # fmt: skip
    return replace(made, **changes)


def tentative(world: Rehearsal, order: str = "o1", technician: str = "li", start: float = 14) -> None:
    """The planner has given the order a place."""
    move = Move(order=order, technician=technician, start=hour(start))
    world.do(SYSTEM, PublishPlan(moves=(move,), reason="plan"), NOW)
    assert stop_of(world, order, technician) is not None


def stop_of(world: Rehearsal, order: str = "o1", technician: str = "li") -> Stop | None:
    return day_of(world, technician).stop_of(order)


def codes(change: Any) -> list[str]:
    return [each.code for each in change.warnings]


def broken(refused: pytest.ExceptionInfo[Rejected]) -> list[str]:
    return [each["code"] for each in refused.value.params["broken"]]


# hours held for callers


def test_a_held_hour_is_nobody_elses_until_it_expires() -> None:
    world = company()
    booked(world, "o9")
    world.do(DISPATCHER, hold(), NOW)
    held = day_of(world, "li").hold_of("o1")
    assert held is not None
    assert (held.expires_at, held.held_by) == (NOW + 300_000, "staff:dispatcher")
    with pytest.raises(Rejected, match="technician_unfit") as refused:
        world.do(DISPATCHER, assign("o9", "li", 14.5), NOW + minutes(4))
    assert broken(refused) == ["held_for_caller"]
    world.do(DISPATCHER, assign("o9", "li", 14.5), NOW + minutes(5))
    assert [stop.order for stop in day_of(world, "li").stops] == ["o9"]


@pytest.mark.parametrize("order", ["", "o" * 401, "o\n1"])
def test_no_hour_is_held_under_an_id_that_nobody_can_be_booked_under(order: str) -> None:
    with pytest.raises(Rejected, match="invalid"):
        company().do(DISPATCHER, hold(order), NOW)


def test_two_callers_never_get_the_same_hour() -> None:
    world = company()
    world.do(DISPATCHER, hold("o1"), NOW)
    with pytest.raises(Rejected) as refused:
        world.do(COUNTER, hold("o2", 14.5), NOW)
    assert broken(refused) == ["held_for_caller"]
    world.do(COUNTER, hold("o2", 15), NOW)


def test_a_supervisor_takes_a_held_hour_with_a_reason_and_the_caller_is_told() -> None:
    world = company()
    booked(world, "o9")
    world.do(DISPATCHER, hold(), NOW)
    with pytest.raises(Rejected):
        world.do(DISPATCHER, assign("o9", "li", 14, override_reason="客户坚持"), NOW)
    change = world.do(SUPERVISOR, assign("o9", "li", 14, override_reason="客户坚持"), NOW)
    assert "held_for_caller" in codes(change)
    booking = world.do(DISPATCHER, trade.booking(held=LI), NOW)
    assert codes(booking) == ["hold_lost"]
    assert (order_of(world).provisional, order_of(world).tentative) == (True, "")


def test_another_hour_chosen_replaces_the_one_held() -> None:
    world = company()
    world.do(DISPATCHER, hold(), NOW)
    world.do(DISPATCHER, hold(technician="wang", from_day=LI), NOW)
    assert day_of(world, "li").stops == ()
    world.do(DISPATCHER, hold(technician="wang", start=15, from_day=day_id("wang", DATE)), NOW)
    assert [stop.start for stop in day_of(world, "wang").stops] == [hour(15)]


def test_an_hour_is_held_only_with_whoever_could_come() -> None:
    world = company(trade.technician("li", skills=("water",)), trade.technician("wang"))
    booked(world, "o9")
    world.do(DISPATCHER, assign("o9", "wang"), NOW)
    for technician, why in (("li", "skill"), ("wang", "overlap")):
        with pytest.raises(Rejected) as refused:
            world.do(DISPATCHER, hold(technician=technician), NOW)
        assert broken(refused) == [why]
        assert not refused.value.params["overridable"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start": 13}, "start_outside_window"),
        ({"window": window(9.5, 10), "start": 8}, "start_outside_window"),
        ({"window": window(7, 8)}, "window_over"),
        ({"technician": "ghost"}, "not_found"),
        ({"lines": ()}, "lines_missing"),
        ({"point": Point(1e300, 31.2)}, "place_invalid"),
    ],
)
def test_an_hour_that_can_not_be_promised_is_not_held(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Rejected, match=code):
        company().do(DISPATCHER, hold(**changes), NOW)


def test_whoever_books_may_hold_and_nobody_else() -> None:
    for actor in (staff("finance"), staff("wall"), staff("dispatcher", regions=("bj",))):
        with pytest.raises(Rejected):
            company().do(actor, hold(), NOW)


def test_a_booking_takes_its_held_hour_as_its_tentative_place() -> None:
    world = company()
    world.do(DISPATCHER, hold(), NOW)
    change = world.do(DISPATCHER, trade.booking(held=LI), NOW)
    assert codes(change) == []
    stop, order = stop_of(world), order_of(world)
    assert stop is not None
    assert (stop.state, stop.start, stop.expires_at, stop.held_by) == ("tentative", hour(14), None, "")
    assert (order.tentative, order.provisional, order.status) == (LI, False, "pending")
    assert len(day_of(world, "li").stops) == 1


def test_an_hour_that_expired_meanwhile_books_all_the_same_and_says_so() -> None:
    world = company()
    world.do(DISPATCHER, hold(), NOW)
    change = world.do(DISPATCHER, trade.booking(held=LI), NOW + minutes(6))
    assert codes(change) == ["hold_lost"]
    assert (order_of(world).provisional, stop_of(world)) == (True, None)


def test_more_to_repair_than_was_said_loses_an_hour_that_it_does_not_fit() -> None:
    world = company()
    booked(world, "o9")
    world.do(DISPATCHER, assign("o9", "li", 15), NOW)
    world.do(DISPATCHER, hold(), NOW)
    lines = (BookedLine(item="fridge", fault="ice"),)
    assert codes(world.do(DISPATCHER, trade.booking(held=LI, lines=lines), NOW)) == ["hold_lost"]


def test_a_customer_who_is_moved_gets_his_held_hour_and_loses_the_former_place() -> None:
    world = company()
    booked(world, "o1")
    world.do(DISPATCHER, assign("o1", "li", 14), NOW)
    world.do(DISPATCHER, hold("o1", 16, window=window(16, 18)), NOW)
    assert [(stop.start, stop.state) for stop in day_of(world, "li").stops] == [
        (hour(14), "confirmed"), (hour(16), "held"),
    ]  # fmt: skip
    moved = ChangeAppointment(
        order="o1", from_window=window(14, 16), window=window(16, 18), side="customer", reason="other_time",
        consent=True, held=LI,
    )  # fmt: skip
    assert codes(world.do(DISPATCHER, moved, NOW)) == []
    assert [(stop.start, stop.state) for stop in day_of(world, "li").stops] == [(hour(16), "tentative")]
    assert (order_of(world).status, order_of(world).tentative) == ("pending", LI)


def test_only_who_holds_an_hour_or_a_supervisor_releases_it() -> None:
    world = company()
    release = ReleaseHold(order="o1", day=LI)
    world.do(DISPATCHER, hold(), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(COUNTER, release, NOW)
    world.do(SUPERVISOR, release, NOW)
    with pytest.raises(Rejected, match="hold_gone"):
        world.do(DISPATCHER, release, NOW)
    assert day_of(world, "li").stops == ()


# what is only tentative


def test_a_person_is_never_refused_for_a_tentative_stop_which_makes_room() -> None:
    world = company()
    booked(world, "o1")
    booked(world, "o2")
    tentative(world)
    world.do(DISPATCHER, assign("o2", "li", 14.5), NOW)
    assert [stop.order for stop in day_of(world, "li").stops] == ["o2"]
    assert order_of(world).status == "pending"


def test_a_tentative_stop_that_could_not_be_reached_any_more_makes_room_too() -> None:
    world = company()
    booked(world, "o1", new_address=trade.address("far", point=Point(121.47, 31.43)))
    booked(world, "o2")
    tentative(world, start=15.25)
    change = world.do(DISPATCHER, assign("o2", "li", 14), NOW)
    assert codes(change) == []
    assert [stop.order for stop in day_of(world, "li").stops] == ["o2"]


def test_one_visit_too_many_for_the_day_pushes_the_last_tentative_one_out() -> None:
    world = company(trade.technician("li", daily_limit=2), trade.technician("wang"))
    for number, at in ((1, 10), (2, 17)):
        booked(world, f"o{number}", window=window(9, 20))
        tentative(world, f"o{number}", start=at)
    booked(world, "o3")
    world.do(DISPATCHER, assign("o3", "li", 14), NOW)
    assert [stop.order for stop in day_of(world, "li").stops] == ["o1", "o3"]


def test_being_sent_takes_the_tentative_place_and_the_broken_promise_away() -> None:
    world = company()
    booked(world, "o1")
    tentative(world, technician="wang")
    world.do(SYSTEM, MarkPromises(marks=(PromiseMark(order="o1", reason="late", minutes=5),)), NOW)
    world.do(DISPATCHER, assign("o1", "li", 14), NOW)
    assert day_of(world, "wang").stops == ()
    assert (order_of(world).tentative, order_of(world).unkept) == ("", None)


@pytest.mark.parametrize(
    "command",
    [
        CancelOrder(order="o1", reason="not_needed", side="customer"),
        ChangeOrder(order="o1", from_version=2, lines=(BookedLine(item="tap"),), urgency="normal"),
        ChangeAppointment(
            order="o1", from_window=window(14, 16), window=window(16, 18), side="customer", reason="other_time",
            consent=True,
        ),
    ],
    ids=lambda each: type(each).__name__,
)  # fmt: skip
def test_what_changes_an_order_takes_its_tentative_place_away(command: Any) -> None:
    world = company()
    booked(world, "o1")
    tentative(world)
    world.do(DISPATCHER, command, NOW)
    assert day_of(world, "li").stops == ()
    assert order_of(world).tentative == ""


def test_an_order_that_is_offered_keeps_its_tentative_place() -> None:
    world = company()
    booked(world, "o1")
    tentative(world)
    world.do(DISPATCHER, OfferOrder(order="o1", technician="wang"), NOW)
    assert stop_of(world) is not None
    assert order_of(world).tentative == LI


def test_there_and_back_restores_a_pinned_visit() -> None:
    world = company()
    booked(world, "o1")
    world.do(DISPATCHER, assign("o1", "li", 14), NOW)
    world.do(DISPATCHER, PinVisit(order="o1", pinned=True), NOW)
    before = day_of(world, "li").stops
    change = world.do(DISPATCHER, assign("o1", "wang", 14, from_technician="li"), NOW)
    world.do(DISPATCHER, change.undo, NOW)
    assert day_of(world, "li").stops == before


def test_what_the_planner_does_hinders_nobody_who_has_read_the_order_before() -> None:
    world = company()
    read = booked(world, "o1").version
    change = ChangeOrder(order="o1", from_version=read, lines=(BookedLine(item="tap"),), urgency="normal")
    tentative(world)
    world.do(SYSTEM, MarkPromises(marks=(PromiseMark(order="o1", reason="late"),)), NOW)
    done = world.do(DISPATCHER, change, NOW)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(SUPERVISOR, change, NOW)
    tentative(world)
    assert order_of(world).lines[0].item == "tap"
    world.do(DISPATCHER, done.undo, NOW)
    assert order_of(world).lines[0].item == "fridge"


# pins


def test_a_pinned_visit_is_moved_by_people_and_by_no_plan() -> None:
    world = company()
    booked(world, "o1")
    tentative(world)
    pinned = world.do(DISPATCHER, PinVisit(order="o1", pinned=True), NOW)
    move = Move(order="o1", from_technician="li", from_start=hour(14), technician="wang", start=hour(15))
    with pytest.raises(Rejected, match="plan_gone"):
        world.do(SYSTEM, PublishPlan(moves=(move,), reason="plan"), NOW)
    world.do(DISPATCHER, pinned.undo, NOW)
    world.do(SYSTEM, PublishPlan(moves=(move,), reason="plan"), NOW)
    assert stop_of(world, technician="wang") is not None
    assert [step.action for step in order_of(world).steps] == ["book", "pin", "pin"]


def test_nothing_is_pinned_that_has_no_place() -> None:
    world = company()
    booked(world, "o1")
    with pytest.raises(Rejected, match="not_planned"):
        world.do(DISPATCHER, PinVisit(order="o1", pinned=True), NOW)
    world.do(DISPATCHER, assign("o1", "li"), NOW)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(DISPATCHER, PinVisit(order="o1", pinned=False), NOW)


# broken promises


def test_a_broken_promise_is_marked_once_in_the_story_and_goes_without_a_word() -> None:
    world = company()
    booked(world, "o1")
    for reason, late in (("no_room", None), ("late", 20), (None, None)):
        mark = PromiseMark(order="o1", reason=reason, minutes=late)
        world.do(SYSTEM, MarkPromises(marks=(mark,)), NOW)
        expected = Unkept(reason=reason, since=NOW, minutes=late) if reason else None
        assert order_of(world).unkept == expected
    assert [step.action for step in order_of(world).steps] == ["book", "unkept"]
    with pytest.raises(Rejected, match="nothing_new"):
        world.do(SYSTEM, MarkPromises(marks=(PromiseMark(order="o1", reason=None),)), NOW)


def test_only_the_system_marks_promises_and_only_those_that_wait_for_somebody() -> None:
    world = company()
    booked(world, "o1")
    booked(world, "o2", window=None)
    marks = tuple(PromiseMark(order=id, reason="late") for id in ("o1", "o2", "ghost"))
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(SUPERVISOR, MarkPromises(marks=marks), NOW)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="not_needed", side="customer"), NOW)
    with pytest.raises(Rejected, match="nothing_new"):
        world.do(SYSTEM, MarkPromises(marks=marks), NOW)


# better drives


def test_a_better_drive_stays_until_the_place_before_it_is_another_one() -> None:
    world = company()
    for id, at, lon in (("o1", 14, 121.50), ("o2", 16, 121.55), ("o3", 15.25, 121.60)):
        booked(
            world, id, new_address=trade.address(f"a-{id}", point=Point(lon, 31.23)), window=window(14, 18)
        )
        if id != "o3":
            world.do(DISPATCHER, assign(id, "li", at), NOW)
    day = day_of(world, "li")
    legs = tuple(Leg(order=id, travel_s=77, source="road") for id in ("o1", "o2"))
    world.do(SYSTEM, RouteDay(day=LI, from_version=day.version, legs=legs), NOW)
    assert [(stop.travel_s, stop.source) for stop in day_of(world, "li").stops] == [(77, "road")] * 2
    change = world.do(SUPERVISOR, assign("o3", "li", 15), NOW)
    assert [stop.source for stop in day_of(world, "li").stops] == ["road", "estimate", "estimate"]
    world.do(SUPERVISOR, change.undo, NOW)
    assert [stop.order for stop in day_of(world, "li").stops] == ["o1", "o2"]


def test_drives_for_a_plan_that_has_changed_since_are_refused() -> None:
    world = company()
    booked(world, "o1")
    world.do(DISPATCHER, assign("o1", "li"), NOW)
    command = RouteDay(day=LI, from_version=1, legs=(Leg(order="o1", travel_s=60, source="road"),))
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(SUPERVISOR, command, NOW)
    world.do(DISPATCHER, UnassignTechnician(order="o1", from_technician="li"), NOW)
    with pytest.raises(Rejected, match="edited_meanwhile"):
        world.do(SYSTEM, command, NOW)


def test_a_suspended_technician_loses_an_hour_that_was_held_with_him() -> None:
    world = company()
    world.do(DISPATCHER, hold(), NOW)
    li = replace(trade.technician_of(world, "li"), suspended=True)
    world.do(SYSTEM, SaveTechnician(technician=li), NOW)
    assert codes(world.do(DISPATCHER, trade.booking(held=LI), NOW)) == ["hold_lost"]
