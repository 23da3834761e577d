"""Undo puts back exactly what was there, apart from what only remembers that something happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    AcceptOrder,
    AddLeave,
    AnswerTransfer,
    AskTransfer,
    BookedLine,
    CancelOrder,
    ChangeAppointment,
    ChangeCustomer,
    ChangeOrder,
    DeclineOrder,
    Depart,
    DropOrder,
    ForceTransfer,
    OfferOrder,
    Recall,
    RemoveLeave,
    SaveTechnician,
    SetShiftException,
    SetShifts,
    SetTechnicianStatus,
    UnassignTechnician,
    WithdrawOffer,
)  # fmt: skip
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.technician import Shift, ShiftException
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import DISPATCHER, NOW, SUPERVISOR, assign, hour, order_of, window

Step = Callable[[Rehearsal], Any]


def lasting(world: Rehearsal) -> dict[tuple[str, str], Entity]:
    """Everything but versions, the story, and since when a status runs; an empty plan is no plan."""
    kept: dict[tuple[str, str], Entity] = {}
    for key, entity in world.entities.items():
        if isinstance(entity, Order):
            running = entity.offer and replace(entity.offer, expires_at=0)
            # A request that was asked and answered is not asked again by taking the answer back.
            kept[key] = replace(entity, version=0, steps=(), since=0, offer=running, transfer=None)
        elif not isinstance(entity, Day) or entity.stops:
            kept[key] = replace(entity, version=0)  # type: ignore[type-var]
    return kept


def city(world: Rehearsal) -> None:
    """Three orders, the first two planned with one technician, the third offered and passed on once."""
    for id, lon in (("o1", 121.47), ("o2", 121.52), ("o3", 121.45)):
        home = trade.address(f"a-{id}", point=Point(lon, 31.23))
        trade.booked(world, id, new_address=home, window=window(14, 18))
    world.do(DISPATCHER, assign("o1", start=14), NOW)
    world.do(DISPATCHER, assign("o2", start=16), NOW)
    world.do(DISPATCHER, OfferOrder(order="o3", technician="zhao"), NOW)
    world.do(DISPATCHER, DeclineOrder(order="o3", technician="zhao"), NOW)


def before(*commands: Any) -> Step:
    def do(world: Rehearsal) -> None:
        for command in commands:
            world.do(SUPERVISOR, command, NOW)

    return do


MOVED = ChangeAppointment(
    order="o1",
    from_window=window(14, 18),
    window=window(18, 20),
    side="customer",
    reason="other_time",
    consent=True,
)
LEAVE = AddLeave(technician="li", leave="l", start=NOW + DAY_MS, end=NOW + 2 * DAY_MS, reason="年假")
NEXT = ShiftException("2026-11-24", 600, 660)
UNDOABLE: dict[str, tuple[Step, Any]] = {
    "assign": (before(), assign("o3", "wang")),
    "assign after a passed offer": (before(), assign("o3", "li", start=18)),
    "reassign": (before(), assign("o1", "wang", from_technician="li", start=15)),
    "reassign to another hour": (before(), assign("o1", "li", from_technician="li", start=18)),
    "unassign": (before(), UnassignTechnician(order="o1", from_technician="li")),
    "offer": (before(), OfferOrder(order="o3", technician="wang")),
    "offer again to whoever passed it on": (before(), OfferOrder(order="o3", technician="zhao")),
    "offer for the first time": (
        before(UnassignTechnician(order="o1", from_technician="li")),
        OfferOrder(order="o1", technician="wang"),
    ),
    "decline": (
        before(OfferOrder(order="o3", technician="wang")),
        DeclineOrder(order="o3", technician="wang"),
    ),
    "withdraw": (
        before(OfferOrder(order="o3", technician="wang")),
        WithdrawOffer(order="o3", from_technician="wang"),
    ),
    "give back": (before(), DropOrder(order="o1", technician="li", reason="ill")),
    "hand over": (
        before(),
        ForceTransfer(order="o1", from_technician="li", to="wang", start=hour(15), reason="ill"),
    ),
    "agree to take over": (
        before(AskTransfer(order="o1", from_technician="li", to="wang", reason="busy")),
        AnswerTransfer(order="o1", to="wang", agreed=True),
    ),
    "depart": (before(), Depart(order="o1", technician="li")),
    "take a departure back": (
        before(Depart(order="o1", technician="li")),
        Recall(order="o1", technician="li"),
    ),
    "cancel a pending order": (before(), CancelOrder(order="o3", reason="x", side="customer")),
    "cancel a planned order": (before(), CancelOrder(order="o1", reason="x", side="customer")),
    "move the appointment": (before(), MOVED),
    "move it with the technician": (before(), replace(MOVED, technician="li", start=hour(18.5))),
    "move it into the night": (before(), replace(MOVED, window=window(20, 22))),
    "promise nothing any more": (before(), replace(MOVED, window=None)),
    "change the order": (
        before(),
        ChangeOrder(order="o1", from_version=2, lines=(BookedLine(item="tap"),), urgency="emergency"),
    ),
    "set a status": (before(), SetTechnicianStatus(technician="li", from_status="online", status="busy")),
    "set shifts": (before(), SetShifts(technician="li", from_version=1, shifts=(Shift(0, 0, 60),))),
    "set an exception": (before(), SetShiftException(technician="li", exception=NEXT)),
    "replace an exception": (
        before(SetShiftException(technician="li", exception=NEXT)),
        SetShiftException(technician="li", exception=ShiftException("2026-11-24")),
    ),
    "back to the pattern": (
        before(SetShiftException(technician="li", exception=NEXT)),
        SetShiftException(technician="li", exception=NEXT, back_to_pattern=True),
    ),
    "add a leave": (before(), LEAVE),
    "remove a leave": (before(LEAVE), RemoveLeave(technician="li", leave="l")),
    "rename a customer": (before(), ChangeCustomer(customer="c-o1", from_version=1, name="李")),
}


@pytest.mark.parametrize("name", UNDOABLE)
def test_undo_restores_everything(name: str) -> None:
    prepare, command = UNDOABLE[name]
    world = trade.company()
    city(world)
    prepare(world)
    then = lasting(world)
    change = world.do(SUPERVISOR, command, NOW)
    assert lasting(world) != then
    assert change.undo is not None
    world.do(SUPERVISOR, change.undo, NOW, undoes="the act")
    assert lasting(world) == then


@pytest.mark.parametrize(
    "name", [name for name in UNDOABLE if not {"offer", "withdraw", "decline"} & set(name.split())]
)
def test_undo_of_the_undo_is_the_act_again(name: str) -> None:
    prepare, command = UNDOABLE[name]
    world = trade.company()
    city(world)
    prepare(world)
    change = world.do(SUPERVISOR, command, NOW)
    done = lasting(world)
    back = world.do(SUPERVISOR, change.undo, NOW, undoes="the act")
    if isinstance(command, CancelOrder):
        assert isinstance(back.undo, CancelOrder)
        return
    world.do(SUPERVISOR, back.undo, NOW)
    again = lasting(world)
    if isinstance(command, ChangeAppointment):
        assert order_of(world).window == command.window
    else:
        assert again == done


def test_undo_of_a_saved_technician_restores_him() -> None:
    world = trade.company()
    then = trade.technician_of(world, "li")
    change = world.do(SUPERVISOR, SaveTechnician(technician=replace(then, name="李工", credit=1)), NOW)
    world.do(SUPERVISOR, change.undo, NOW)
    assert replace(trade.technician_of(world, "li"), version=1) == then


def test_reassigning_there_and_back_restores_the_first_and_frees_the_second() -> None:
    world = trade.company()
    city(world)
    first = trade.day_of(world, "li")
    world.do(DISPATCHER, assign("o1", "wang", from_technician="li", start=15), NOW)
    assert trade.day_of(world, "li").stop_of("o1") is None
    world.do(DISPATCHER, assign("o1", "li", from_technician="wang", start=14), NOW)
    assert trade.day_of(world, "li").stops == first.stops
    assert trade.day_of(world, "wang").stops == ()
    assert order_of(world).technician == "li"


def test_undo_after_somebody_else_went_on_is_a_conflict_and_changes_nothing() -> None:
    world = trade.company()
    city(world)
    change = world.do(DISPATCHER, assign("o3", "wang"), NOW)
    world.do(SUPERVISOR, assign("o3", "zhao", from_technician="wang"), NOW)
    then = lasting(world)
    with pytest.raises(Exception, match="changed_meanwhile"):
        world.do(DISPATCHER, change.undo, NOW)
    assert lasting(world) == then


def test_undo_of_accepting_frees_the_technician() -> None:
    world = trade.company()
    city(world)
    world.do(DISPATCHER, OfferOrder(order="o3", technician="wang"), NOW)
    change = world.do(DISPATCHER, AcceptOrder(order="o3", technician="wang", start=hour(14)), NOW)
    world.do(DISPATCHER, change.undo, NOW)
    assert (order_of(world, "o3").status, trade.day_of(world, "wang").stops) == ("pending", ())


def test_undo_of_a_booking_cancels_it_free_of_charge() -> None:
    world = trade.company()
    change = world.do(DISPATCHER, trade.booking(), NOW)
    world.do(DISPATCHER, change.undo, NOW)
    cancellation = order_of(world).cancellation
    assert cancellation is not None
    assert cancellation.fee == 0
