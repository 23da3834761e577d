"""On the way and at the door: departing, arriving, nobody there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    AddNote,
    AnswerTransfer,
    AskTransfer,
    BookedLine,
    CancelOrder,
    Depart,
    MarkLine,
    Recall,
    RecordPayment,
    ReopenOrder,
    ReportAbsence,
)
from dispatcher_app.domain.place import Point
from tests.domain import onsite, trade
from tests.domain.onsite import ARRIVED, DEPARTED, FINISHED, LI, WANG
from tests.domain.trade import COUNTER, DISPATCHER, NOW, SUPERVISOR, hour, minutes, order_of

FAR = Point(121.48, 31.23)
"""About 950 m from the door."""


def absence(**changes: Any) -> ReportAbsence:
    made = ReportAbsence(
        order="o1", technician="li", waited_from=ARRIVED, calls=(ARRIVED + minutes(5), ARRIVED + minutes(15)),
        photo="p1", outcome="hold", next_contact="2026-11-24",
    )  # fmt: skip
    return replace(made, **changes)


def test_departing_locks_the_visit_and_says_who_and_when() -> None:
    world = trade.company()
    trade.assigned(world)
    change = onsite.departed(world)
    order, stop = order_of(world), trade.day_of(world, "li").stop_of("o1")
    assert (order.status, order.visit.technician, order.visit.departed_at) == ("en_route", "li", DEPARTED)
    assert stop is not None
    assert stop.state == "locked"
    assert (order.steps[-1].at, order.steps[-1].actor) == (DEPARTED, "technician:li")
    assert change.undo == Recall(order="o1", technician="li")


def test_departing_with_an_order_that_is_another_s_by_now_is_refused() -> None:
    world = trade.company()
    trade.assigned(world)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(WANG, Depart(order="o1", technician="wang"), DEPARTED)
    world.do(DISPATCHER, trade.assign("o1", "wang", from_technician="li"), NOW)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(DISPATCHER, Depart(order="o1", technician="li"), DEPARTED)


def test_a_technician_is_on_one_visit_at_a_time() -> None:
    world = trade.company()
    onsite.working(world)
    trade.assigned(world, "o2", "li", 16)
    with pytest.raises(Rejected) as refused:
        onsite.departed(world, "o2")
    assert (refused.value.code, refused.value.params["order"]) == ("on_another_visit", "o1")
    onsite.done(world)
    onsite.departed(world, "o2")


def test_departing_for_a_visit_of_another_day_is_refused() -> None:
    world = trade.company()
    trade.assigned(world)
    with pytest.raises(Rejected, match="other_day"):
        world.do(LI, Depart(order="o1", technician="li"), DEPARTED + 3 * DAY_MS)


def test_departing_ends_a_request_to_hand_the_order_on() -> None:
    world = trade.company()
    trade.assigned(world)
    world.do(LI, AskTransfer(order="o1", from_technician="li", to="wang", reason="busy"), NOW)
    onsite.departed(world)
    assert order_of(world).transfer is None
    with pytest.raises(Rejected, match="wrong_status"):
        world.do(WANG, AnswerTransfer(order="o1", to="wang", agreed=True), NOW)


def test_whoever_said_a_departure_takes_it_back_and_others_need_a_supervisor() -> None:
    world = trade.company()
    trade.assigned(world)
    before = trade.day_of(world, "li")
    change = onsite.departed(world)
    world.do(DISPATCHER, AddNote(order="o1", text="x"), DEPARTED)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(LI, change.undo, DEPARTED)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, change.undo, DEPARTED, undoes="x")
    world.do(LI, change.undo, DEPARTED, undoes="x")
    order = order_of(world)
    assert (order.status, order.visit.departed_at, order.visit.technician) == ("accepted", None, None)
    assert trade.day_of(world, "li").stops == before.stops
    onsite.departed(world)
    world.do(SUPERVISOR, Recall(order="o1", technician="li"), DEPARTED)
    assert order_of(world).status == "accepted"


@pytest.mark.parametrize(("accuracy", "fits"), [(0, False), (600, False), (700, True)])
def test_arriving_counts_the_radius_and_the_reported_accuracy(accuracy: int, fits: bool) -> None:
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    if fits:
        onsite.arrived(world, point=FAR, accuracy_m=accuracy)
        arrival = order_of(world).visit.arrival
        assert arrival is not None
        assert (arrival.at, arrival.distance_m, arrival.accuracy_m) == (ARRIVED, 951, accuracy)
        assert order_of(world).flags == ()
        return
    with pytest.raises(Rejected) as refused:
        onsite.arrived(world, point=FAR, accuracy_m=accuracy)
    assert refused.value.code == "arrival_away"
    assert refused.value.params == {"distance_m": 951, "radius_m": 300}


@pytest.mark.parametrize("point", [FAR, None])
def test_arriving_away_from_the_door_takes_a_reason_and_a_photo_and_is_flagged(point: Point | None) -> None:
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    onsite.photo(world)
    half: tuple[dict[str, Any], ...] = ({"reason": "no_signal"}, {"photo": "p1"})
    for lacking in half:
        with pytest.raises(Rejected, match="arrival_away" if point else "arrival_unplaced"):
            onsite.arrived(world, point=point, **lacking)
    change = onsite.arrived(world, point=point, reason="no_signal", photo="p1")
    order = order_of(world)
    assert order.visit.arrival is not None
    assert (order.status, order.flags, order.visit.arrival.photo) == ("in_progress", ("arrived_away",), "p1")
    assert [each.code for each in change.warnings] == ["arrived_away"]
    assert order.steps[-1].params["distance_m"] == (951 if point else None)


def test_a_photo_of_another_order_or_a_typed_reason_does_not_help() -> None:
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    trade.assigned(world, "o2", "wang")
    onsite.photo(world, "p2", "o2")
    with pytest.raises(Rejected, match="not_found"):
        onsite.arrived(world, point=None, reason="no_signal", photo="p2")
    with pytest.raises(Rejected, match="reason_unknown"):
        onsite.arrived(world, point=None, reason="张丽华家在山上", photo="p2")
    with pytest.raises(Rejected, match="accuracy_invalid"):
        onsite.arrived(world, accuracy_m=-1)


def test_arriving_at_an_address_that_is_known_roughly_only_warns() -> None:
    world = trade.company()
    trade.booked(world, new_address=trade.address("a-o1", approximate=True))
    world.do(DISPATCHER, trade.assign(), NOW)
    onsite.departed(world)
    change = onsite.arrived(world, point=FAR)
    assert [each.code for each in change.warnings] == ["place_approximate"]
    assert (order_of(world).status, order_of(world).flags) == ("in_progress", ())


@pytest.mark.parametrize("inside", [False, True])
def test_nobody_there_the_order_rests_and_the_hour_is_free(inside: bool) -> None:
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    if inside:
        onsite.arrived(world)
    onsite.photo(world, purpose="absent")
    world.do(LI, absence(), ARRIVED + minutes(20))
    order, day = order_of(world), trade.day_of(world, "li")
    assert order.hold is not None
    assert (order.status, order.hold.reason, order.hold.next_contact) == (
        "on_hold",
        "customer_absent",
        "2026-11-24",
    )
    assert (order.visit.outcome, order.visit.ended_at, order.planned_on) == (
        "absent",
        ARRIVED + minutes(20),
        None,
    )
    assert (order.technician, day.stop_of("o1")) == ("li", None)
    assert [(stop.state, stop.end) for stop in day.stops] == [("done", ARRIVED + minutes(20))]
    assert order.steps[-1].params["minutes"] == 20


def test_nobody_there_the_order_ends_at_the_door_fee() -> None:
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    onsite.photo(world, purpose="absent")
    at = ARRIVED + minutes(20)
    world.do(LI, absence(outcome="cancel", next_contact=None), at)
    order = order_of(world)
    assert order.cancellation is not None
    assert (order.status, order.closed_at, order.technician) == ("cancelled", at, None)
    assert (order.cancellation.reason, order.cancellation.fee) == ("customer_absent", order.quote.door_fee)
    assert order.quote.door_fee == 2000
    world.do(COUNTER, RecordPayment(order="o1", amount=2000, means="cash"), at)
    world.do(SUPERVISOR, ReopenOrder(order="o1"), at)
    assert [each.outcome for each in order_of(world).visits] == ["absent", None]


@pytest.mark.parametrize(
    ("changes", "late", "code"),
    [
        ({}, 19, "wait_too_short"),
        ({"waited_from": DEPARTED - 1}, 30, "time_invalid"),
        ({"waited_from": ARRIVED + minutes(31)}, 30, "time_invalid"),
        ({"calls": (ARRIVED + minutes(5),)}, 30, "calls_missing"),
        ({"calls": (ARRIVED + minutes(5), ARRIVED + minutes(5))}, 30, "calls_missing"),
        ({"calls": (ARRIVED - minutes(5), ARRIVED + minutes(5))}, 30, "calls_missing"),
        ({"photo": "ghost"}, 30, "not_found"),
        ({"next_contact": None}, 30, "date_invalid"),
        ({"next_contact": "2026-11-22"}, 30, "contact_unfit"),
        ({"technician": "wang"}, 30, "changed_meanwhile"),
    ],
)
def test_an_absence_that_does_not_hold_is_refused(changes: dict[str, Any], late: int, code: str) -> None:
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    onsite.photo(world, purpose="absent")
    with pytest.raises(Rejected, match=code):
        world.do(DISPATCHER, absence(**changes), ARRIVED + minutes(late))
    assert order_of(world).status == "en_route"


def test_nobody_s_order_is_ended_as_absent_once_something_has_been_repaired() -> None:
    world = trade.company()
    trade.booked(world, lines=(BookedLine(item="fridge", fault="warm"), BookedLine(item="tap", fault="drip")))
    world.do(DISPATCHER, trade.assign(), NOW)
    onsite.departed(world)
    onsite.arrived(world)
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), ARRIVED)
    onsite.photo(world, "p9", purpose="absent")
    gone = ReportAbsence(
        order="o1", technician="li", waited_from=ARRIVED, calls=(ARRIVED, ARRIVED + 1), photo="p9", outcome="cancel",
        next_contact=trade.DATE,
    )  # fmt: skip
    with pytest.raises(Rejected, match="work_done"):
        world.do(LI, gone, FINISHED)
    world.do(LI, replace(gone, outcome="hold"), FINISHED)


def test_a_position_far_too_vague_is_no_position() -> None:
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    with pytest.raises(Rejected, match="arrival_unplaced"):
        onsite.arrived(world, point=FAR, accuracy_m=3001)
    onsite.arrived(world, point=FAR, accuracy_m=3000)


def test_cancelling_when_somebody_is_on_his_way_costs_the_drive_and_keeps_that_visit() -> None:
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="not_needed", side="customer"), hour(13.8))
    order = order_of(world)
    assert order.cancellation is not None
    assert (order.cancellation.fee, order.visit.outcome) == (3000, "cancelled")
    assert trade.day_of(world, "li").stops == ()
    undo = ReopenOrder(order="o1", window=trade.window(16, 18), technician="li", start=hour(16))
    world.do(DISPATCHER, undo, hour(13.9))
    order, stop = order_of(world), trade.day_of(world, "li").stop_of("o1")
    assert stop is not None
    assert (order.status, order.visit.number, order.visit.outcome, stop.visit) == ("accepted", 2, None, 2)
    assert order.visits[0].technician == "li"
