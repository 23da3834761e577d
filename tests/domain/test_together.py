"""Visits that two come to and orders that wait for others: sent, moved, ended and taken back as one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.order import After, Order
from dispatcher_app.rows import along
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import (
    ADMINISTRATOR,
    DISPATCHER,
    NOW,
    SUPERVISOR,
    assign,
    booked,
    hour,
    minutes,
    order_of,
    technician,
    window,
)


def company(*names: str) -> Rehearsal:
    """A company in which two come for a refrigerator."""
    world = trade.company(*(technician(each) for each in names or ("li", "wang", "zhao")))
    item = world.get(Item, "fridge")
    assert item is not None
    world.do(ADMINISTRATOR, c.SaveItem(item=replace(item, crew=2)), NOW)
    return world


def sent(world: Rehearsal, order: str = "o1", start: float = 14, **other: Any) -> Any:
    booked(world, order)
    return world.do(DISPATCHER, assign(order, "li", start, helpers=("wang",), **other), NOW)


def stops(world: Rehearsal, order: str = "o1", state: str = "") -> dict[str, Stop]:
    """The stops of an order by technician."""
    return {
        day.technician: stop
        for day in world.all(Day)
        for stop in day.stops
        if stop.order == order and (not state or stop.state == state)
    }


def codes(refused: pytest.ExceptionInfo[Rejected]) -> list[str]:
    return [each["code"] for each in refused.value.params["broken"]]


def test_an_order_takes_as_many_as_its_items_do() -> None:
    world = company()
    booked(world)
    booked(world, "o2", lines=(c.BookedLine(item="tap"),))
    assert (order_of(world, "o1").crew, order_of(world, "o2").crew) == (2, 1)
    change = c.ChangeOrder(
        order="o2", from_version=order_of(world, "o2").version, urgency="normal",
        lines=(c.BookedLine(item="tap"), c.BookedLine(item="fridge")),
    )  # fmt: skip
    world.do(DISPATCHER, change, NOW)
    assert order_of(world, "o2").crew == 2


def test_both_are_sent_and_both_have_the_same_hour() -> None:
    world = company()
    change = sent(world)
    found = stops(world)
    assert sorted(found) == ["li", "wang"]
    assert {(each.start, each.end, each.together) for each in found.values()} == {
        (hour(14), hour(15), ("li", "wang"))
    }
    assert order_of(world, "o1").helpers == ("wang",)
    assert "needs_helper" not in {each.code for each in change.warnings}


def test_one_alone_may_be_sent_and_it_is_said_that_somebody_is_missing() -> None:
    world = company()
    booked(world)
    change = world.do(DISPATCHER, assign("o1", "li", 14), NOW)
    assert {each.code: each.params for each in change.warnings}["needs_helper"] == {"n": 1}


def test_a_helper_who_is_busy_then_is_refused_by_name() -> None:
    world = company()
    booked(world, "other", lines=(c.BookedLine(item="tap"),))
    world.do(DISPATCHER, assign("other", "wang", 14), NOW)
    booked(world)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, assign("o1", "li", 14, helpers=("wang",)), NOW)
    assert (refused.value.params["technician"], codes(refused)) == ("wang", ["overlap"])


def test_nobody_else_is_sent_where_a_helper_is_then() -> None:
    world = company()
    sent(world)
    booked(world, "other", lines=(c.BookedLine(item="tap"),))
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, assign("other", "wang", 14.5), NOW)
    assert codes(refused) == ["overlap"]


def test_a_helper_needs_what_the_lead_needs() -> None:
    world = trade.company(technician("li"), technician("wang", skills=("water",)))
    booked(world)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, assign("o1", "li", 14, helpers=("wang",)), NOW)
    assert codes(refused) == ["skill"]


@pytest.mark.parametrize("helpers", [("li",), ("wang", "zhao"), ("wang", "wang")])
def test_nobody_comes_twice_and_not_three(helpers: tuple[str, ...]) -> None:
    world = company()
    booked(world)
    with pytest.raises(Rejected):
        world.do(DISPATCHER, assign("o1", "li", 14, helpers=helpers), NOW)
    assert stops(world) == {}


@pytest.mark.parametrize(
    "leaving",
    [
        c.UnassignTechnician(order="o1", from_technician="li"),
        c.CancelOrder(order="o1", reason="customer_changed", side="customer"),
        c.DropOrder(order="o1", technician="li", reason="sick"),
        c.ChangeAppointment(order="o1", from_window=trade.window(13, 17), window=trade.window(15, 17),
                            side="customer", reason="other_time", consent=True),
    ],
)  # fmt: skip
def test_whatever_frees_one_frees_both_and_taking_it_back_sends_both(leaving: Any) -> None:
    world = company()
    booked(world, window=window(13, 17))
    world.do(DISPATCHER, assign("o1", "li", 14, helpers=("wang",)), NOW)
    before = stops(world)
    change = world.do(DISPATCHER, leaving, NOW)
    assert (stops(world), order_of(world, "o1").helpers) == ({}, ())
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert stops(world) == before
    assert order_of(world, "o1").helpers == ("wang",)


def test_another_lead_keeps_the_helper_and_whoever_takes_over_leads() -> None:
    world = company()
    sent(world)
    force = c.ForceTransfer(order="o1", from_technician="li", to="zhao", start=hour(14), reason="closer")
    world.do(SUPERVISOR, force, NOW)
    assert sorted(stops(world)) == ["wang", "zhao"]
    force = c.ForceTransfer(order="o1", from_technician="zhao", to="wang", start=hour(14), reason="closer")
    world.do(SUPERVISOR, force, NOW)
    assert sorted(stops(world)) == ["wang"]
    assert order_of(world, "o1").helpers == ()


def test_the_lead_acts_and_the_helper_is_kept_on_the_visit() -> None:
    world = company()
    sent(world, start=10)
    helper = Actor(kind="technician", id="wang", regions=frozenset({"sh"}))
    with pytest.raises(Rejected):
        world.do(helper, c.Depart(order="o1", technician="wang"), NOW)
    world.do(DISPATCHER, c.Depart(order="o1", technician="li"), NOW)
    assert {each.state for each in stops(world).values()} == {"locked"}
    assert order_of(world, "o1").visit.helpers == ("wang",)
    booked(world, "o2", lines=(c.BookedLine(item="tap"),))
    world.do(DISPATCHER, assign("o2", "wang", 17), NOW)
    with pytest.raises(Rejected, match="on_another_visit"):
        world.do(DISPATCHER, c.Depart(order="o2", technician="wang"), NOW)
    world.do(DISPATCHER, c.Recall(order="o1", technician="li"), NOW, undoes="the act")
    assert {each.state for each in stops(world).values()} == {"confirmed"}


def test_a_pin_holds_both() -> None:
    world = company()
    sent(world)
    world.do(DISPATCHER, c.PinVisit(order="o1", pinned=True), NOW)
    assert {each.pinned for each in stops(world).values()} == {True}


def planned(world: Rehearsal, order: str, start: float, *who: str) -> None:
    helpers = tuple(c.Helper(technician=each) for each in who[1:])
    move = c.Move(order=order, technician=who[0], start=hour(start), helpers=helpers, why="placed")
    world.do(SYSTEM, c.PublishPlan(moves=(move,), reason="placed"), NOW)


def test_whatever_pushes_one_place_aside_pushes_the_other() -> None:
    world = company()
    booked(world, window=window(13, 17))
    planned(world, "o1", 14, "li", "wang")
    assert sorted(stops(world, state="tentative")) == ["li", "wang"]
    booked(world, "o2", lines=(c.BookedLine(item="tap"),))
    world.do(DISPATCHER, assign("o2", "wang", 14), NOW)
    assert stops(world) == {}


def test_a_published_plan_moves_both_and_its_undo_brings_both_back() -> None:
    world = company()
    booked(world, window=window(9, 20))
    world.do(DISPATCHER, assign("o1", "li", 14, helpers=("wang",)), NOW)
    before = stops(world)
    move = c.Move(
        order="o1", from_technician="li", from_start=hour(14), from_helpers=("wang",), technician="zhao",
        start=hour(16), state="confirmed", helpers=(c.Helper(technician="li", travel_s=700, source="road"),),
    )  # fmt: skip
    change = world.do(DISPATCHER, c.PublishPlan(moves=(move,), reason="plan"), NOW)
    assert {who: (each.start, each.together) for who, each in stops(world).items()} == {
        "zhao": (hour(16), ("zhao", "li")), "li": (hour(16), ("zhao", "li")),
    }  # fmt: skip
    assert (stops(world)["li"].travel_s, stops(world)["li"].source) == (700, "road")
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert stops(world) == before


def test_whoever_is_moved_without_a_word_about_helpers_keeps_them() -> None:
    world = company()
    booked(world, window=window(9, 20))
    world.do(DISPATCHER, assign("o1", "li", 14, helpers=("wang",)), NOW)
    move = c.Move(
        order="o1",
        from_technician="li",
        from_start=hour(14),
        technician="li",
        start=hour(17),
        state="confirmed",
    )
    world.do(DISPATCHER, c.MoveVisits(moves=(move,)), NOW)
    assert {who: each.start for who, each in stops(world).items()} == {"li": hour(17), "wang": hour(17)}


def arranged(world: Rehearsal, order: str, first: str, pause: int = 0) -> Any:
    found = order_of(world, order)
    arrange = c.ArrangeVisit(
        order=order, from_crew=found.crew, crew=found.crew, from_after=found.after,
        after=After(order=first, pause=pause),
    )  # fmt: skip
    return world.do(DISPATCHER, arrange, NOW)


def two(world: Rehearsal) -> None:
    """An order that waits for another one, half an hour after it."""
    for each in ("first", "then"):
        booked(world, each, window=window(9, 20), lines=(c.BookedLine(item="tap"),))
    arranged(world, "then", "first", pause=30)


def test_an_order_begins_when_the_one_before_it_is_over() -> None:
    world = company()
    two(world)
    assert order_of(world, "first").then == ("then",)
    world.do(DISPATCHER, assign("first", "li", 11), NOW)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, assign("then", "wang", 12), NOW)
    assert refused.value.params["broken"] == [
        {"code": "after_other", "params": {"start": hour(11) + minutes(40 + 30)}}
    ]
    world.do(DISPATCHER, assign("then", "wang", 12.5), NOW)


def test_the_first_one_is_not_moved_into_the_one_that_waits_for_it() -> None:
    world = company()
    two(world)
    world.do(DISPATCHER, assign("first", "li", 11), NOW)
    world.do(DISPATCHER, assign("then", "wang", 12.5), NOW)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, assign("first", "zhao", 12, from_technician="li"), NOW)
    assert codes(refused) == ["before_other"]
    world.do(SUPERVISOR, assign("first", "zhao", 12, from_technician="li", override_reason="parts"), NOW)


def test_a_plan_moves_both_in_their_turn_or_neither_out_of_it() -> None:
    world = company()
    two(world)
    world.do(DISPATCHER, assign("first", "li", 11), NOW)
    world.do(DISPATCHER, assign("then", "wang", 13), NOW)

    def moved(order: str, who: str, start: float, to: float) -> c.Move:
        return c.Move(
            order=order, from_technician=who, from_start=hour(start), technician=who, start=hour(to),
            state="confirmed",
        )  # fmt: skip

    both = (moved("then", "wang", 13, 17), moved("first", "li", 11, 15))
    assert world.do(DISPATCHER, c.PublishPlan(moves=both, reason="plan"), NOW).warnings == ()
    wrong = (moved("then", "wang", 17, 18), moved("first", "li", 15, 18))
    with pytest.raises(Rejected, match="plan_gone"):
        world.do(DISPATCHER, c.PublishPlan(moves=wrong, reason="plan"), NOW)
    first, then = stops(world, "first")["li"], stops(world, "then")["wang"]
    assert then.start >= first.end + minutes(30)


def test_what_was_called_off_is_waited_for_no_longer() -> None:
    world = company()
    two(world)
    world.do(DISPATCHER, c.CancelOrder(order="first", reason="customer_changed", side="customer"), NOW)
    world.do(DISPATCHER, assign("then", "wang", 9.5), NOW)


def test_nothing_waits_for_itself() -> None:
    world = company()
    two(world)
    with pytest.raises(Rejected, match="after_itself"):
        arranged(world, "first", "then")
    with pytest.raises(Rejected, match="after_itself"):
        arranged(world, "first", "first")


def test_waiting_is_taken_back_with_both_orders_as_they_were() -> None:
    world = company()
    for each in ("first", "then"):
        booked(world, each, window=window(9, 20), lines=(c.BookedLine(item="tap"),))
    change = arranged(world, "then", "first")
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert (order_of(world, "then").after, order_of(world, "first").then) == (None, ())


def test_a_follow_up_is_booked_from_the_order_before_it() -> None:
    world = company()
    booked(world, "first", window=window(9, 20), lines=(c.BookedLine(item="tap"),))
    after = After(order="first", pause=15)
    world.do(DISPATCHER, trade.booking("then", lines=(c.BookedLine(item="tap"),), after=after), NOW)
    assert order_of(world, "then").after == after
    assert order_of(world, "first").then == ("then",)


def test_nobody_knows_when_what_rests_will_be_over() -> None:
    world = company()
    two(world)
    first = replace(order_of(world, "first"), status="on_hold")
    world.entities["order", "first"] = first
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, assign("then", "wang", 15), NOW)
    assert codes(refused) == ["after_unknown"]
    assert isinstance(world.get(Order, "first"), Order)


def test_nobody_is_missing_once_the_visit_is_over_and_who_was_there_is_kept() -> None:
    world = company()
    booked(world)
    assert (order_of(world, "o1").missing, along(order_of(world, "o1"))) == (1, "?")
    world.do(DISPATCHER, assign("o1", "li", 10, helpers=("wang",)), NOW)
    world.do(DISPATCHER, c.Depart(order="o1", technician="li"), NOW)
    hold = c.HoldOrder(order="o1", reason="parts", next_contact="2026-11-24")
    photo = replace(order_of(world, "o1"), status="in_progress")
    world.entities["order", "o1"] = photo
    world.do(DISPATCHER, hold, NOW)
    rests = order_of(world, "o1")
    assert (rests.helpers, rests.along, rests.missing, along(rests)) == ((), ("wang",), 0, "wang")


def test_one_is_enough_after_all_and_both_are_sent_again_when_that_is_taken_back() -> None:
    world = trade.company()
    booked(world)
    world.do(DISPATCHER, c.ArrangeVisit(order="o1", from_crew=1, crew=2), NOW)
    world.do(DISPATCHER, assign("o1", "li", 14, helpers=("wang",)), NOW)
    before = stops(world)
    change = world.do(DISPATCHER, c.ArrangeVisit(order="o1", from_crew=2, crew=1), NOW)
    assert (sorted(stops(world)), order_of(world, "o1").helpers) == (["li"], ())
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert stops(world) == before
    assert (order_of(world, "o1").helpers, order_of(world, "o1").crew) == (("wang",), 2)
