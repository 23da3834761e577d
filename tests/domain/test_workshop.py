"""Devices at the counter: custody, bench, shelf, pick-up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Actor, FreshCode, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    AddVisit,
    AssignTechnician,
    BookedLine,
    CancelOrder,
    ConfirmQuote,
    DeclineQuote,
    FinishDevice,
    HandBack,
    MarkLine,
    MoveDevice,
    NewCustomer,
    QuotedLine,
    RecordPayment,
    RemindPickUp,
    ReturnVisit,
    ReviseQuote,
    SaveStaff,
    StartDiagnosis,
    WithdrawQuote,
)  # fmt: skip
from dispatcher_app.domain.customer import Note
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy, Staff
from dispatcher_app.domain.timer import due
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.onsite import LI, handed_in
from tests.domain.trade import COUNTER, DISPATCHER, NOW, SUPERVISOR, order_of, staff

SOUTH = staff("counter", id="south")
START = StartDiagnosis(order="w1", technician="li")
OFFER = ReviseQuote(
    order="w1",
    number=1,
    reason="other_fault",
    lines=(QuotedLine(item="tap", fault="drip", labour=9000),),
)
BACK = HandBack(order="w1")


def shop() -> Rehearsal:
    world = trade.company()
    onsite.shop(world)
    return world


def device(world: Rehearsal, id: str = "w1") -> Order:
    return order_of(world, id)


def at_bench(*commands: Any) -> Rehearsal:
    """A device handed in, and what was done with it since."""
    world = shop()
    world.do(COUNTER, handed_in(), NOW)
    for command in commands:
        world.do(COUNTER, command, NOW)
    return world


def agreed() -> Rehearsal:
    world = at_bench(START, OFFER)
    world.do(SUPERVISOR, ConfirmQuote(order="w1", number=1, confirmation="phone"), NOW)
    return world


def ready() -> Rehearsal:
    world = agreed()
    world.do(LI, MarkLine(order="w1", line=0, from_state="open", state="done"), NOW)
    world.do(LI, FinishDevice(order="w1", shelf="A2"), NOW)
    return world


def test_a_device_is_taken_into_custody_with_all_that_came_with_it() -> None:
    world = shop()
    change = world.do(COUNTER, handed_in(note="屏幕有裂纹", condition=("scratched", "scratched")), NOW)
    order = device(world)
    assert (order.status, order.service, order.address, order.district) == (
        "received",
        "workshop",
        "",
        "north",
    )
    assert order.device is not None
    assert (order.device.serial, order.device.accessories, order.device.condition, order.device.shelf) == (
        "SN-1",
        ("charger",),
        ("scratched",),
        "A1",
    )
    assert change.codes == (FreshCode("order", "w1", "pickup_code"),)
    assert (order.notes, [each.text for each in world.all(Note)]) == (1, ["屏幕有裂纹"])
    assert (order.quote.door_fee, order.quote.total, order.quote.if_declined) == (0, 7000, 2100)
    assert order.steps[0].action == "receive"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"store": "moon"}, "not_found"),
        ({"store": "s2", "shelf": ""}, "other_store"),
        ({"shelf": "Z9"}, "shelf_unknown"),
        ({"new_customer": None}, "required"),
        ({"customer": "c0"}, "required"),
        ({"new_customer": NewCustomer(id="c", name="张", phone="")}, "required"),
        ({"line": BookedLine(item="ghost")}, "not_found"),
        ({"promised_on": "2026-11-22"}, "contact_unfit"),
        ({"promised_on": "morgen"}, "date_invalid"),
        ({"serial": "x" * 81}, "too_long"),
        ({"accessories": ("x" * 31,)}, "too_long"),
        ({"accessories": tuple(map(str, range(21)))}, "too_long"),
    ],
)
def test_a_device_that_can_not_be_taken_is_refused_and_leaves_nothing(
    changes: dict[str, Any], code: str
) -> None:
    world = shop()
    before = dict(world.entities)
    with pytest.raises(Rejected, match=code):
        world.do(COUNTER, handed_in(**changes), NOW)
    assert world.entities == before


def test_whoever_has_no_counter_takes_no_device() -> None:
    world = shop()
    for actor in (staff("finance"), LI, Actor(kind="customer", id="c-w1")):
        with pytest.raises(Rejected, match="not_allowed"):
            world.do(actor, handed_in(), NOW)
    world.do(DISPATCHER, handed_in(), NOW)
    with pytest.raises(Rejected, match="exists"):
        world.do(DISPATCHER, handed_in(), NOW)


def test_a_known_customer_hands_in_again() -> None:
    world = at_bench()
    world.do(COUNTER, handed_in("w2", new_customer=None, customer="c-w1"), NOW)
    assert device(world, "w2").customer == "c-w1"


def test_a_technician_takes_it_to_the_bench_himself_or_is_given_it() -> None:
    world = at_bench()
    with pytest.raises(Rejected, match="required"):
        world.do(LI, StartDiagnosis(order="w1"), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(LI, StartDiagnosis(order="w1", technician="wang"), NOW)
    world.do(LI, START, NOW)
    assert (device(world).status, device(world).technician) == ("diagnosing", "li")
    assert (device(at_bench(StartDiagnosis(order="w1"))).technician) is None
    world = trade.company(trade.technician("li", skills=("cold",)))
    onsite.shop(world)
    world.do(COUNTER, handed_in(), NOW)
    with pytest.raises(Rejected, match="technician_unfit"):
        world.do(COUNTER, START, NOW)


def test_the_whole_life_of_a_device() -> None:
    world = ready()
    order = device(world)
    assert order.device is not None
    assert (order.status, order.result, order.device.ready_at, order.device.shelf) == (
        "ready",
        "repaired",
        NOW,
        "A2",
    )
    pick_up = replace(BACK, code=onsite.code(world, "pickup_code", "w1"))
    with pytest.raises(Rejected) as refused:
        world.do(COUNTER, pick_up, NOW)
    assert (refused.value.code, refused.value.params["amount"]) == ("unpaid", 9000)
    world.do(COUNTER, RecordPayment(order="w1", amount=9000, means="card"), NOW)
    later = NOW + 5 * DAY_MS
    world.do(COUNTER, pick_up, later)
    order = device(world)
    assert (order.status, order.closed_at) == ("handed_back", later)
    assert [each.until for each in order.warranty] == [later + 30 * DAY_MS]
    assert [step.action for step in order.steps] == [
        "receive", "diagnose", "quote", "confirm_quote", "progress", "finish_device", "pay", "hand_back",
    ]  # fmt: skip


def test_a_device_goes_back_to_whoever_names_the_code_or_by_a_supervisor_s_word() -> None:
    world = ready()
    world.do(COUNTER, RecordPayment(order="w1", amount=9000, means="card"), NOW)
    for command in (BACK, replace(BACK, code="000000x"), replace(BACK, code="1", reason="认识")):
        with pytest.raises(Rejected, match="code_wrong"):
            world.do(COUNTER, command, NOW)
    by_hand = replace(BACK, reason="身份证核对,是本人")
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(COUNTER, by_hand, NOW)
    world.do(SUPERVISOR, by_hand, NOW)
    order = device(world)
    assert (order.status, order.steps[-1].params) == ("handed_back", {"code": False})
    assert [each.text for each in world.all(Note)] == ["身份证核对,是本人"]


def test_finishing_on_the_bench_takes_every_line() -> None:
    world = agreed()
    with pytest.raises(Rejected, match="lines_open"):
        world.do(LI, FinishDevice(order="w1"), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(Actor(kind="technician", id="wang"), FinishDevice(order="w1"), NOW)


def test_a_declined_device_waits_for_its_owner_at_the_price_of_looking() -> None:
    world = at_bench(START, OFFER)
    world.do(COUNTER, DeclineQuote(order="w1", number=1), NOW)
    order = device(world)
    assert order.device is not None
    assert (order.status, order.result, order.device.ready_at) == ("ready", "declined", NOW)
    assert owed(order) == order.quote.if_declined


@pytest.mark.parametrize(
    ("steps", "side", "fee"),
    [((), "customer", 0), ((START,), "customer", 2100), ((START, OFFER), "platform", 0)],
)
def test_a_repair_that_is_called_off_waits_for_its_owner(steps: Any, side: Any, fee: int) -> None:
    world = at_bench(*steps)
    world.do(COUNTER, CancelOrder(order="w1", reason="not_needed", side=side), NOW)
    order = device(world)
    assert (order.status, order.proposed, owed(order), order.closed_at) == ("ready", None, fee, None)
    if fee:
        world.do(COUNTER, RecordPayment(order="w1", amount=fee, means="cash"), NOW)
    world.do(COUNTER, replace(BACK, code=onsite.code(world, "pickup_code", "w1")), NOW)
    assert (device(world).status, device(world).warranty) == ("handed_back", ())


def test_a_device_whose_repair_did_not_last_comes_in_again_for_nothing() -> None:
    world = ready()
    world.do(COUNTER, RecordPayment(order="w1", amount=9000, means="card"), NOW)
    again = ReturnVisit(
        order="w2", of="w1", reason="same_fault", accessories=("charger",), shelf="A2", note="又漏水"
    )
    with pytest.raises(Rejected, match="wrong_status"):
        world.do(COUNTER, again, NOW)
    world.do(COUNTER, replace(BACK, code=onsite.code(world, "pickup_code", "w1")), NOW)
    later = NOW + 30 * DAY_MS
    for actor in (LI, Actor(kind="customer", id="c-w1"), staff("finance")):
        with pytest.raises(Rejected, match="not_allowed"):
            world.do(actor, again, later)
    other = Staff(id="south", name="南门柜台", roles=("counter",), regions=("sh",), store="s2")
    world.do(SYSTEM, SaveStaff(staff=other), NOW)
    with pytest.raises(Rejected, match="other_store"):
        world.do(SOUTH, again, later)
    with pytest.raises(Rejected, match="shelf_unknown"):
        world.do(COUNTER, replace(again, shelf="Z9"), later)
    with pytest.raises(Rejected, match="warranty_over"):
        world.do(COUNTER, again, NOW + 32 * DAY_MS)
    change = world.do(COUNTER, again, later)
    order, first = device(world, "w2"), device(world)
    assert order.device is not None
    assert (order.status, order.service, order.return_of, first.returns) == (
        "received",
        "workshop",
        "w1",
        ("w2",),
    )
    assert (order.device.store, order.device.serial, order.device.shelf) == ("s1", "SN-1", "A2")
    assert (order.notes, change.codes) == (1, (FreshCode("order", "w2", "pickup_code"),))
    assert (order.quote.total, order.quote.if_declined, owed(order)) == (0, 0, 0)
    world.do(COUNTER, StartDiagnosis(order="w2", technician="li"), later)
    free = replace(OFFER, order="w2", lines=(QuotedLine(item="tap", fault="drip"),))
    world.do(LI, free, later)
    world.do(COUNTER, ConfirmQuote(order="w2", number=1, confirmation="phone"), later)
    world.do(LI, MarkLine(order="w2", line=0, from_state="open", state="done"), later)
    world.do(LI, FinishDevice(order="w2"), later)
    world.do(COUNTER, HandBack(order="w2", code=onsite.code(world, "pickup_code", "w2")), later)
    order = device(world, "w2")
    assert (order.status, owed(order), order.warranty[0].until >= later + 30 * DAY_MS) == (
        "handed_back",
        0,
        True,
    )


def test_moving_a_device_names_the_shelf_it_was_on() -> None:
    world = at_bench()
    change = world.do(COUNTER, MoveDevice(order="w1", from_shelf="A1", shelf="A2"), NOW)
    for command in (
        MoveDevice(order="w1", from_shelf="A1", shelf=""), MoveDevice(order="w1", from_shelf="A2", shelf="A2"),
    ):  # fmt: skip
        with pytest.raises(Rejected, match="changed_meanwhile"):
            world.do(COUNTER, command, NOW)
    with pytest.raises(Rejected, match="shelf_unknown"):
        world.do(COUNTER, MoveDevice(order="w1", from_shelf="A2", shelf="B1"), NOW)
    world.do(COUNTER, change.undo, NOW)
    found = device(world).device
    assert found is not None
    assert found.shelf == "A1"


def test_a_counter_handles_the_devices_of_its_own_store() -> None:
    world = shop()
    world.do(DISPATCHER, handed_in(store="s2", shelf=""), NOW)
    for command in (
        MoveDevice(order="w1", from_shelf="", shelf="x"),
        CancelOrder(order="w1", reason="x", side="customer"),
    ):
        with pytest.raises(Rejected, match="other_store"):
            world.do(COUNTER, command, NOW)
        world.do(SOUTH, command, NOW)


def test_a_counter_neither_quotes_nor_ticks_nor_takes_money_for_another_store_s_device() -> None:
    world = agreed()
    mine, elsewhere = staff("counter", id="mine"), staff("counter", id="elsewhere")
    for actor, store in ((mine, "s1"), (elsewhere, "s2")):
        person = Staff(id=actor.id, name="柜台", roles=("counter",), regions=("sh",), store=store)
        world.do(SYSTEM, SaveStaff(staff=person), NOW)
    done = MarkLine(order="w1", line=0, from_state="open", state="done")
    again = replace(OFFER, number=2)
    for command in (again, WithdrawQuote(order="w1", number=2), done):
        with pytest.raises(Rejected, match="other_store"):
            world.do(elsewhere, command, NOW)
        world.do(mine, command, NOW)
    world.do(mine, FinishDevice(order="w1"), NOW)
    money = RecordPayment(order="w1", amount=100, means="cash")
    with pytest.raises(Rejected, match="other_store"):
        world.do(elsewhere, money, NOW)
    world.do(staff("finance", id="elsewhere"), money, NOW)


def test_the_owner_is_reminded_and_what_nobody_claims_is_due() -> None:
    world = ready()
    policy = Policy()
    assert due(device(world), policy, trade.TIMEZONE) == NOW + 7 * DAY_MS
    world.do(COUNTER, RemindPickUp(order="w1"), NOW + 7 * DAY_MS)
    found = device(world).device
    assert found is not None
    assert (found.reminded, found.reminded_at) == (1, NOW + 7 * DAY_MS)
    assert due(device(world), policy, trade.TIMEZONE) == NOW + 14 * DAY_MS
    world.do(COUNTER, RemindPickUp(order="w1"), NOW + 28 * DAY_MS)
    assert due(device(world), policy, trade.TIMEZONE) == NOW + 30 * DAY_MS
    world.do(COUNTER, handed_in("w2"), NOW)
    with pytest.raises(Rejected, match="wrong_status"):
        world.do(COUNTER, RemindPickUp(order="w2"), NOW)


def test_a_promised_day_is_what_a_device_is_due_by() -> None:
    world = shop()
    world.do(COUNTER, handed_in(promised_on=trade.DATE), NOW)
    assert due(device(world), Policy(), trade.TIMEZONE) == trade.hour(20)


def test_a_device_is_never_planned_or_visited() -> None:
    world = at_bench()
    for command in (
        AssignTechnician(order="w1", technician="li", start=trade.hour(14)),
        AddVisit(order="w1", window=None),
    ):
        with pytest.raises(Rejected, match="wrong_status"):
            world.do(SUPERVISOR, command, NOW)
