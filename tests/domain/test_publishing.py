"""A plan published: what moves together, what stays and why, and that it comes back whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Change, Rejected
from dispatcher_app.domain.command import (
    Absence,
    CancelOrder,
    Depart,
    HoldWindow,
    Move,
    OfferOrder,
    PinVisit,
    PublishPlan,
)  # fmt: skip
from dispatcher_app.domain.day import day_id
from dispatcher_app.server.notices.news import news
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.test_plan_walk import lasting
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
    order_of,
    technician_of,
    window,
)  # fmt: skip

Place = tuple[str, float] | None


def move(order: str, at: Place, target: Place, state: Any = "confirmed", **changes: Any) -> Move:
    return Move(
        order=order, from_technician=at[0] if at else None, from_start=hour(at[1]) if at else None,
        technician=target[0] if target else None, start=hour(target[1]) if target else None, state=state, **changes,
    )  # fmt: skip


def plan(*moves: Move, **changes: Any) -> PublishPlan:
    return PublishPlan(moves=moves, reason="plan", **changes)


def city() -> Rehearsal:
    """Two visits of one technician, one of another, and a call that nobody was sent to."""
    world = company()
    for id, technician, start in (("o1", "li", 10), ("o2", "li", 12), ("o3", "wang", 10), ("o4", "", 0)):
        booked(world, id, window=window(10, 18))
        if technician:
            world.do(DISPATCHER, assign(id, technician, start), NOW)
    return world


def places(world: Rehearsal) -> dict[str, tuple[str, float, str]]:
    return {
        stop.order: (technician, (stop.start - trade.MIDNIGHT) / 3_600_000, stop.state)
        for technician in ("li", "wang", "zhao")
        for stop in day_of(world, technician).stops
    }


def said(change: Change) -> list[tuple[str, str]]:
    return [(each.code, each.params.get("why", "")) for each in change.warnings]


def test_two_visits_change_places_in_one_act_and_back_in_one_undo() -> None:
    world = city()
    before, then = places(world), lasting(world, NOW)
    swap = plan(move("o1", ("li", 10), ("wang", 10)), move("o3", ("wang", 10), ("li", 10)))
    change = world.do(DISPATCHER, swap, NOW)
    assert said(change) == []
    assert (places(world)["o1"], places(world)["o3"]) == (("wang", 10, "confirmed"), ("li", 10, "confirmed"))
    assert (order_of(world, "o1").technician, order_of(world, "o3").technician) == ("wang", "li")
    last = order_of(world, "o1").steps[-1]
    assert (last.action, last.params["from"], last.params["plan"]) == ("reassign", "li", "plan")
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert places(world) == before
    assert lasting(world, NOW) == then


def test_a_plan_dispatches_takes_off_and_only_places_and_is_taken_back_whole() -> None:
    world = city()
    booked(world, "o5", window=window(10, 18))
    then = lasting(world, NOW)
    published = plan(
        move("o4", None, ("zhao", 10)),
        move("o2", ("li", 12), None),
        move("o5", None, ("li", 15), "tentative"),
    )
    change = world.do(DISPATCHER, published, NOW)
    assert [order_of(world, id).status for id in ("o2", "o4", "o5")] == ["pending", "accepted", "pending"]
    assert order_of(world, "o5").tentative == day_id("li", DATE)
    assert [step.action for step in order_of(world, "o5").steps] == ["book"]
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert lasting(world, NOW) == then


def test_technicians_are_told_what_a_plan_sends_them_and_takes_away_and_nothing_of_what_is_tentative() -> (
    None
):
    world = city()
    booked(world, "o5", window=window(10, 18))
    before = {id: order_of(world, id) for id in ("o1", "o4", "o5")}
    world.do(
        DISPATCHER,
        plan(
            move("o1", ("li", 10), ("wang", 12)), move("o4", None, ("zhao", 10)),
            move("o5", None, ("li", 15), "tentative"),
        ),
        NOW,
    )  # fmt: skip
    told = {
        id: [
            (each.recipient, each.what)
            for each in news("staff:dispatcher", was, order_of(world, id), NOW)
            if each.party == "technician"
        ]
        for id, was in before.items()
    }
    assert told == {"o1": [("wang", "assigned"), ("li", "taken_off")], "o4": [("zhao", "assigned")], "o5": []}
    assert news("staff:dispatcher", before["o5"], order_of(world, "o5"), NOW) == []


def test_what_has_changed_since_stays_and_is_named() -> None:
    world = city()
    booked(world, "o5", window=None)
    booked(world, "o6", window=window(10, 18))
    world.do(DISPATCHER, OfferOrder(order="o6", technician="zhao"), NOW)
    world.do(DISPATCHER, PinVisit(order="o2", pinned=True), NOW)
    world.do(DISPATCHER, Depart(order="o3", technician="wang"), NOW)
    booked(world, "o7")
    world.do(DISPATCHER, CancelOrder(order="o7", reason="not_needed", side="customer"), NOW)
    before = places(world)
    change = world.do(
        DISPATCHER,
        plan(
            move("o1", ("li", 11), ("zhao", 10)), move("o2", ("li", 12), ("zhao", 10)),
            move("o3", ("wang", 10), ("zhao", 10)), move("o5", None, ("zhao", 10), "tentative"),
            move("o6", None, ("zhao", 10)), move("o7", None, ("zhao", 10)), move("ghost", None, ("zhao", 10)),
            move("o4", None, ("li", 16)), move("o4", None, ("li", 17)),
        ),
        NOW,
    )  # fmt: skip
    assert said(change) == [
        ("move_skipped", why)
        for why in (
            "visit_changed", "visit_pinned", "visit_departed", "no_promise", "visit_offered", "visit_over", "visit_gone",
            "visit_twice",
        )
    ]  # fmt: skip
    assert places(world) == {**before, "o4": ("li", 16, "confirmed")}


def test_a_move_that_breaks_a_rule_goes_back_and_so_does_what_took_its_place() -> None:
    world = city()
    leave = Absence(technician="zhao", leave="l", start=hour(8), end=hour(20), reason="病假")
    before = places(world)
    chain = plan(
        move("o4", None, ("wang", 10)), move("o3", ("wang", 10), ("li", 12)), move("o2", ("li", 12), ("zhao", 12)),
        absence=leave,
    )  # fmt: skip
    change = world.do(DISPATCHER, chain, NOW)
    assert said(change) == [
        ("move_refused", "leave"), ("move_refused", "overlap"), ("move_refused", "overlap"),
    ]  # fmt: skip
    assert places(world) == before
    assert [each.id for each in technician_of(world, "zhao").leaves] == ["l"]


def test_a_dispatched_visit_pushes_aside_what_is_tentative_and_undo_brings_it_back() -> None:
    world = city()
    booked(world, "o5", window=window(10, 18))
    world.do(SYSTEM, plan(move("o5", None, ("zhao", 10), "tentative")), NOW)
    then = lasting(world, NOW)
    change = world.do(DISPATCHER, plan(move("o4", None, ("zhao", 10.5))), NOW)
    assert "o5" not in places(world)
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert lasting(world, NOW) == then


def test_the_planner_moves_only_what_is_tentative_and_to_no_taken_hour() -> None:
    world = city()
    booked(world, "o5", window=window(10, 18))
    world.do(SYSTEM, plan(move("o5", None, ("zhao", 14), "tentative")), NOW)
    held = HoldWindow(
        order="n", window=window(16, 18), technician="zhao", start=hour(16), lines=booking_lines(),
        district="north", point=CENTRE,
    )  # fmt: skip
    world.do(COUNTER, held, NOW)
    for moved, code, why in (
        (move("o1", ("li", 10), ("zhao", 10)), "move_skipped", "visit_dispatched"),
        (move("o1", ("li", 10), None), "move_skipped", "visit_dispatched"),
        (move("o4", None, ("zhao", 10)), "move_skipped", "visit_dispatched"),
        (move("o4", None, ("zhao", 13.5), "tentative"), "move_refused", "overlap"),
        (move("o4", None, ("zhao", 16.5), "tentative"), "move_refused", "held_for_caller"),
        (move("o4", None, ("li", 12), "tentative"), "move_refused", "overlap"),
    ):
        also = move(
            "o5", ("zhao", order_start(world, "o5")), ("zhao", order_start(world, "o5") - 0.25), "tentative"
        )
        change = world.do(SYSTEM, plan(also, moved), NOW)
        assert said(change) == [(code, why)]


def booking_lines() -> tuple[Any, ...]:
    return trade.booking().lines


def order_start(world: Rehearsal, order: str) -> float:
    return places(world)[order][1]


def test_a_visit_that_somebody_was_sent_to_is_not_untold_by_a_place_in_the_plan() -> None:
    world = city()
    with pytest.raises(Rejected, match="plan_gone"):
        world.do(DISPATCHER, plan(move("o1", ("li", 10), ("zhao", 10), "tentative")), NOW)


def test_a_technician_who_is_ill_is_away_and_his_visits_are_elsewhere_in_one_act() -> None:
    world = city()
    then = lasting(world, NOW)
    ill = Absence(technician="li", leave="l", start=hour(9), end=hour(20), reason="病假")
    change = world.do(
        DISPATCHER, plan(move("o1", ("li", 10), ("zhao", 10)), move("o2", ("li", 12), None), absence=ill), NOW
    )
    assert said(change) == []
    assert technician_of(world, "li").leaves != ()
    back = world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert said(back) == []
    assert lasting(world, NOW) == then
    part = world.do(
        DISPATCHER, plan(move("o1", ("li", 10), ("zhao", 10)), absence=replace(ill, leave="m")), NOW
    )
    assert [(each.code, each.params) for each in part.warnings] == [("leave_hits", {"orders": ["o2"]})]


def test_a_leave_that_somebody_took_away_does_not_hinder_the_undo_of_the_rest() -> None:
    world = city()
    ill = Absence(technician="li", leave="l", start=hour(9), end=hour(20), reason="病假")
    change = world.do(DISPATCHER, plan(move("o1", ("li", 10), ("zhao", 10)), absence=ill), NOW)
    gone = replace(technician_of(world, "li"), leaves=())
    world.entities["technician", "li"] = gone
    back = world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert [each.code for each in back.warnings] == ["absence_gone"]
    assert places(world)["o1"] == ("li", 10, "confirmed")


def test_better_drives_come_with_a_plan_and_go_with_it() -> None:
    world = city()
    then = lasting(world, NOW)
    known = move("o1", ("li", 10), ("li", 10), travel_s=99, source="road")
    change = world.do(DISPATCHER, plan(known), NOW)
    stop = day_of(world, "li").stop_of("o1")
    assert stop is not None
    assert (stop.travel_s, stop.source) == (99, "road")
    assert [step.action for step in order_of(world, "o1").steps] == ["book", "assign"]
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert lasting(world, NOW) == then


@pytest.mark.parametrize(
    ("actor", "changes", "code"),
    [
        (COUNTER, {}, "not_allowed"),
        (trade.staff("dispatcher", regions=("bj",)), {}, "other_region"),
        (DISPATCHER, {"reason": "人手不够"}, "reason_unknown"),
        (DISPATCHER, {"moves": ()}, "plan_gone"),
        (DISPATCHER, {"moves": (Move(order="o1", technician="li"),)}, "required"),
        (DISPATCHER, {"moves": (Move(order="o1"),) * 20_001}, "too_many"),
    ],
)
def test_who_may_not_or_says_nothing_publishes_nothing(
    actor: Any, changes: dict[str, Any], code: str
) -> None:
    world = city()
    with pytest.raises(Rejected, match=code):
        world.do(actor, replace(plan(move("o4", None, ("zhao", 10))), **changes), NOW)


def test_a_supervisors_reason_is_no_part_of_a_plan() -> None:
    world = city()
    world.do(SUPERVISOR, assign("o4", "li", 10, override_reason="客户坚持"), NOW)
    change = world.do(
        SUPERVISOR, plan(move("o4", ("li", 10), ("wang", 10)), move("o1", ("li", 10), ("zhao", 10))), NOW
    )
    assert said(change) == [("move_refused", "overlap")]
    assert places(world)["o4"] == ("li", 10, "confirmed")
