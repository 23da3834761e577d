"""Visits moved by hand: one act, one undo, each row with its own answer, and what it costs kept in its story."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Rejected
from dispatcher_app.domain.command import (
    AssignTechnician,
    Depart,
    Move,
    MoveVisits,
    PinVisit,
    PublishPlan,
    SaveTechnician,
    UnassignTechnician,
)  # fmt: skip
from dispatcher_app.domain.customer import Note
from dispatcher_app.domain.technician import Shift, Technician
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.test_plan_walk import lasting
from tests.domain.test_publishing import city, move, places, said
from tests.domain.trade import DISPATCHER, NOW, SUPERVISOR, assign, booked, day_of, hour, order_of, window


def moves(*each: Move, **changes: Any) -> MoveVisits:
    return MoveVisits(moves=each, **changes)


def stays(world: Rehearsal, command: Any, actor: Any = DISPATCHER) -> Rejected:
    """The refusal of a command that must change nothing."""
    before = dict(world.entities)
    with pytest.raises(Rejected) as refused:
        world.do(actor, command, NOW)
    assert world.entities == before
    return refused.value


def test_visits_of_a_day_move_by_a_quarter_of_an_hour_through_each_other_and_back_in_one_undo() -> None:
    world = city()
    before, then = places(world), lasting(world, NOW)
    change = world.do(
        DISPATCHER, moves(move("o1", ("li", 10), ("li", 11.5)), move("o2", ("li", 12), ("li", 10.25))), NOW
    )
    assert said(change) == []
    assert (places(world)["o1"], places(world)["o2"]) == (
        ("li", 11.5, "confirmed"), ("li", 10.25, "confirmed"),
    )  # fmt: skip
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert places(world) == before
    assert lasting(world, NOW) == then


def test_two_visits_are_swapped_and_swapped_back() -> None:
    world = city()
    then = lasting(world, NOW)
    swap = moves(move("o1", ("li", 10), ("wang", 10)), move("o3", ("wang", 10), ("li", 10)))
    change = world.do(DISPATCHER, swap, NOW)
    assert (order_of(world, "o1").technician, order_of(world, "o3").technician) == ("wang", "li")
    assert "plan" not in order_of(world, "o1").steps[-1].params
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert lasting(world, NOW) == then


def test_a_whole_day_moves_to_another_and_what_does_not_fit_there_stays_and_is_named() -> None:
    world = city()
    day = moves(move("o1", ("li", 10), ("wang", 10)), move("o2", ("li", 12), ("wang", 12)))
    change = world.do(DISPATCHER, day, NOW)
    assert said(change) == [("move_refused", "overlap")]
    assert change.warnings[0].params["order"] == "o1"
    assert (places(world)["o1"][0], places(world)["o2"][0]) == ("li", "wang")


def test_a_persons_hand_moves_what_is_pinned_and_a_plan_does_not() -> None:
    world = city()
    world.do(DISPATCHER, PinVisit(order="o1", pinned=True), NOW)
    to = move("o1", ("li", 10), ("zhao", 10), pinned=True)
    assert stays(world, PublishPlan(moves=(to,), reason="plan")).code == "plan_gone"
    change = world.do(DISPATCHER, moves(to), NOW)
    stop = day_of(world, "zhao").stop_of("o1")
    assert stop is not None
    assert stop.pinned
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    back = day_of(world, "li").stop_of("o1")
    assert back is not None
    assert back.pinned


def test_what_a_colleague_moved_meanwhile_stays_while_the_rest_moves() -> None:
    world = city()
    seen = moves(move("o1", ("li", 10), ("zhao", 10)), move("o2", ("li", 12), ("zhao", 12)))
    world.do(SUPERVISOR, assign("o1", "wang", 14, from_technician="li", from_start=hour(10)), NOW)
    change = world.do(DISPATCHER, seen, NOW)
    assert said(change) == [("move_skipped", "visit_changed")]
    assert (places(world)["o1"], places(world)["o2"]) == (
        ("wang", 14, "confirmed"), ("zhao", 12, "confirmed"),
    )  # fmt: skip


def test_nothing_moved_is_a_refusal_that_says_why() -> None:
    world = city()
    world.do(DISPATCHER, Depart(order="o1", technician="li"), NOW)
    refused = stays(world, moves(move("o1", ("li", 10), ("zhao", 10))))
    assert (refused.code, [each["code"] for each in refused.params["broken"]]) == (
        "none_moved",
        ["visit_departed"],
    )
    assert stays(world, moves()).code == "required"


def test_several_are_taken_off_in_one_act_and_come_back_in_one_undo() -> None:
    world = city()
    then = lasting(world, NOW)
    change = world.do(DISPATCHER, moves(move("o1", ("li", 10), None), move("o3", ("wang", 10), None)), NOW)
    assert {order_of(world, id).status for id in ("o1", "o3")} == {"pending"}
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert lasting(world, NOW) == then


def test_whoever_makes_room_for_several_comes_back_with_the_undo() -> None:
    world = city()
    booked(world, "o5", window=window(10, 18))
    world.do(SYSTEM, PublishPlan(moves=(move("o5", None, ("zhao", 10), "tentative"),), reason="plan"), NOW)
    then = lasting(world, NOW)
    change = world.do(DISPATCHER, moves(move("o1", ("li", 10), ("zhao", 10.5))), NOW)
    assert "o5" not in places(world)
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert lasting(world, NOW) == then


def test_a_supervisor_lets_visits_overlap_with_a_reason_that_is_kept_and_a_dispatcher_does_not() -> None:
    world = city()
    over = moves(move("o1", ("li", 10), ("wang", 10)), override_reason="客户答应等，两家同一楼")
    assert stays(world, over).code == "not_allowed"
    assert stays(world, replace(over, override_reason=None), SUPERVISOR).code == "none_moved"
    change = world.do(SUPERVISOR, over, NOW)
    assert said(change) == [("move_despite", "overlap")]
    step = order_of(world, "o1").steps[-1]
    assert (step.params["override"], step.params["despite"]) == (True, ["overlap"])
    notes = [each for each in world.entities.values() if isinstance(each, Note) and each.order == "o1"]
    assert [(each.text, each.author) for each in notes][-1:] == [
        ("客户答应等，两家同一楼", "staff:supervisor")
    ]
    world.do(SUPERVISOR, change.undo, NOW, undoes="the act")
    assert places(world)["o1"] == ("li", 10, "confirmed")


def test_a_supervisors_reason_never_lets_go_what_law_or_skill_forbids() -> None:
    world = city()
    dry = trade.technician("chen", skills=("water",))
    world.do(SYSTEM, SaveTechnician(technician=dry, phone="13900139001"), NOW)
    refused = stays(world, moves(move("o1", ("li", 10), ("chen", 10)), override_reason="没人了"), SUPERVISOR)
    assert [each["code"] for each in refused.params["broken"]] == ["skill"]


def test_the_reason_of_an_override_stays_as_a_note_beside_the_order() -> None:
    world = city()
    world.do(SUPERVISOR, assign("o1", "wang", 10, from_technician="li", override_reason="两家同一楼"), NOW)
    order = order_of(world, "o1")
    assert order.steps[-1].params["despite"] == ["overlap"]
    words = [each.text for each in world.entities.values() if isinstance(each, Note) and each.order == "o1"]
    assert "两家同一楼" in words
    assert order.notes == len(words)


def test_moving_in_time_with_the_same_technician_is_one_act_with_its_undo() -> None:
    world = city()
    change = world.do(DISPATCHER, assign("o1", "li", 15, from_technician="li", from_start=hour(10)), NOW)
    assert places(world)["o1"] == ("li", 15, "confirmed")
    world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert places(world)["o1"] == ("li", 10, "confirmed")


def test_two_desks_that_move_a_visit_in_time_do_not_overwrite_each_other_unseen() -> None:
    world = city()
    seen = assign("o1", "li", 15, from_technician="li", from_start=hour(10))
    world.do(SUPERVISOR, assign("o1", "li", 16, from_technician="li", from_start=hour(10)), NOW)
    refused = stays(world, seen)
    assert (refused.code, refused.params["who"], refused.params["start"]) == (
        "changed_meanwhile", "staff:supervisor", hour(16),
    )  # fmt: skip


def test_an_undo_does_not_take_back_what_a_colleague_did_to_the_hour_since() -> None:
    world = city()
    change = world.do(DISPATCHER, assign("o1", "li", 15, from_technician="li", from_start=hour(10)), NOW)
    world.do(SUPERVISOR, assign("o1", "li", 16, from_technician="li", from_start=hour(15)), NOW)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, change.undo, NOW, undoes="the act")
    assert refused.value.code == "changed_meanwhile"


@pytest.mark.parametrize(
    ("start", "shift", "code"),
    [(9.5, (8, 20), "outside_window"), (17.5, (8, 18.6), ""), (11.85, (8, 20), "break_lost")],
)
def test_soft_rules_warn_and_stay_in_the_story(start: float, shift: tuple[float, float], code: str) -> None:
    long = tuple(Shift(day, round(shift[0] * 60), round(shift[1] * 60)) for day in range(7))
    world = trade.company(trade.technician("li", shifts=long), trade.technician("wang"))
    for id, at in (("o1", 10.75), ("o2", 13), ("o3", start)):
        booked(world, id, window=window(10, 18))
        last = world.do(DISPATCHER, assign(id, "li", at), NOW) if id != "o2" or code == "break_lost" else None
    assert last is not None
    codes = {each.code for each in last.warnings}
    kept = order_of(world, "o3").steps[-1].params.get("despite", [])
    assert (code in codes) == bool(code)
    assert set(kept) == codes


def test_a_day_that_ends_late_because_of_a_move_is_said() -> None:
    far = replace(trade.CENTRE, lat=trade.CENTRE.lat + 0.3)
    short = tuple(Shift(day, 8 * 60, 18 * 60) for day in range(7))
    world = trade.company(trade.technician("li", shifts=short), trade.technician("wang"))
    booked(world, "o1", window=window(10, 18))
    booked(world, "o2", window=window(10, 18), new_address=trade.address("a-far", point=far))
    world.do(DISPATCHER, assign("o1", "li", 15.5), NOW)
    change = world.do(DISPATCHER, assign("o2", "li", 17), NOW)
    codes = {each.code for each in change.warnings}
    assert codes == {"travel_tight", "overtime"}
    assert set(order_of(world, "o2").steps[-1].params["despite"]) == codes


def test_undoing_an_assignment_still_takes_the_technician_off() -> None:
    world = city()
    change = world.do(DISPATCHER, assign("o4", "zhao", 14), NOW)
    assert change.undo == UnassignTechnician(order="o4", from_technician="zhao", reason="undo")
    assert isinstance(world.get(Technician, "zhao"), Technician)
    assert AssignTechnician(order="o4", technician="zhao", start=0).from_start is None
