"""Booking, changing, moving, cancelling, reopening, importing orders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS
from dispatcher_app.domain.command import (
    AddAddress,
    AddNote,
    BookedLine,
    CancelOrder,
    ChangeAppointment,
    ChangeOrder,
    ImportOrder,
    NewCustomer,
    ReopenOrder,
    UrgeOrder,
)  # fmt: skip
from dispatcher_app.domain.customer import Address, Compound, Customer, Note
from dispatcher_app.domain.order import Side, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import (
    ADMINISTRATOR,
    COUNTER,
    DISPATCHER,
    NOW,
    SUPERVISOR,
    assign,
    booking,
    hour,
    order_of,
    staff,
    window,
)


def test_booking_makes_order_customer_home_and_note() -> None:
    world = trade.company()
    change = world.do(COUNTER, booking(), NOW)
    order = order_of(world)
    assert (order.status, order.number, order.window) == ("pending", "1123-0001", window(14, 16))
    assert (order.minutes, order.quote.total) == (60, 12000)
    assert change.undo == CancelOrder(order="o1", reason="undo", side="platform")
    customer = world.get(Customer, "c-o1")
    assert customer is not None
    assert (customer.phone_mask, customer.addresses) == ("138****8000", ("a-o1",))
    home = world.get(Address, "a-o1")
    assert home is not None
    assert (home.unit_mask, home.has_door_code) == ("5***", True)
    assert [note.text for note in world.all(Note)] == ["家里有一只大黑狗"]
    assert {(each.kind, each.field, each.value) for each in change.secrets} == {
        ("customer", "phone", "+8613800138000"),
        ("address", "unit", "502室"),
        ("address", "door_code", "2580#"),
    }


def test_known_customer_books_again_at_a_known_home() -> None:
    world = trade.company()
    trade.booked(world)
    again = booking("o2", new_customer=None, customer="c-o1", new_address=None, address="a-o1")
    change = world.do(DISPATCHER, again, NOW)
    assert change.secrets == ()
    assert order_of(world, "o2").customer == "c-o1"


def test_booking_without_a_window_is_kept_and_says_so() -> None:
    world = trade.company()
    change = world.do(DISPATCHER, booking(window=None), NOW)
    assert [each.code for each in change.warnings] == ["no_promise"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines": ()}, "lines_missing"),
        ({"lines": (BookedLine(item="ghost"),)}, "not_found"),
        ({"lines": (BookedLine(item="fridge", fault="ghost"),)}, "fault_unknown"),
        ({"lines": (BookedLine(item="fridge", quantity=0),)}, "quantity_invalid"),
        ({"lines": (BookedLine(item="fridge", brand="x" * 61),)}, "too_long"),
        ({"new_customer": None}, "required"),
        ({"customer": "c0"}, "required"),
        ({"new_address": None}, "required"),
        ({"new_customer": None, "customer": "ghost"}, "not_found"),
        ({"new_address": None, "address": "ghost"}, "not_found"),
        ({"new_customer": NewCustomer(id="c", name=" ", phone=trade.PHONE)}, "required"),
        ({"new_customer": NewCustomer(id="c", name="张", phone="")}, "required"),
        ({"new_customer": NewCustomer(id="c", name="张", phone="12")}, "phone_invalid"),
        ({"new_customer": NewCustomer(id="c", name="张", phone="138****8000")}, "masked_value"),
        ({"new_address": trade.address(district="moon")}, "district_unknown"),
        ({"new_address": trade.address(compound="")}, "required"),
        ({"new_address": trade.address(point=Point(181, 31))}, "place_invalid"),
        ({"new_address": trade.address(unit="5***")}, "masked_value"),
        ({"new_address": trade.address(door_code="****")}, "masked_value"),
        ({"new_address": trade.address(building="3\x00")}, "text_invalid"),
        ({"window": window(16, 14)}, "window_invalid"),
        ({"window": Window(hour(14), hour(14) + 2 * DAY_MS)}, "window_invalid"),
        ({"window": window(6, 8)}, "window_over"),
        ({"window": Window(NOW + 16 * DAY_MS, NOW + 16 * DAY_MS + HOUR_MS)}, "window_too_far"),
        ({"requested_technician": "ghost"}, "not_found"),
        ({"note": "x" * 2001}, "too_long"),
    ],
)
def test_booking_that_does_not_fit_is_refused_and_leaves_nothing(changes: dict[str, Any], code: str) -> None:
    world = trade.company()
    before = dict(world.entities)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, booking(**changes), NOW)
    assert refused.value.code == code
    assert world.entities == before


def test_address_of_another_customer_is_not_found() -> None:
    world = trade.company()
    trade.booked(world)
    with pytest.raises(Rejected, match="not_found"):
        world.do(DISPATCHER, booking("o2", new_address=None, address="a-o1"), NOW)


def test_known_customer_or_home_is_never_overwritten_by_a_new_one_of_the_same_id() -> None:
    world = trade.company()
    trade.booked(world)
    same_customer = booking("o2", new_customer=NewCustomer(id="c-o1", name="李", phone="13911112222"))
    for command in (same_customer, booking("o2", new_address=trade.address("a-o1"))):
        with pytest.raises(Rejected, match="exists"):
            world.do(DISPATCHER, command, NOW)
    with pytest.raises(Rejected, match="exists"):
        world.do(DISPATCHER, AddAddress(customer="c-o1", address=trade.address("a-o1")), NOW)


def test_who_may_not_book_is_refused() -> None:
    world = trade.company()
    for actor in (ADMINISTRATOR, staff("finance"), staff("wall")):
        with pytest.raises(Rejected, match="not_allowed"):
            world.do(actor, booking(), NOW)
    with pytest.raises(Rejected, match="other_region"):
        world.do(staff("dispatcher", regions=("bj",)), booking(), NOW)


def changed(world: Rehearsal, **changes: object) -> ChangeOrder:
    order = order_of(world)
    made = ChangeOrder(
        order="o1",
        from_version=order.version,
        lines=(BookedLine(item="fridge", fault="ice"),),
        urgency="same_day",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_changing_an_assigned_order_prices_it_anew_and_keeps_its_start() -> None:
    world = trade.company()
    trade.assigned(world)
    world.do(COUNTER, changed(world), NOW)
    order, stop = order_of(world), trade.day_of(world, "li").stop_of("o1")
    assert (order.quote.total, order.urgency, order.technician) == (12000, "same_day", "li")
    assert stop is not None
    assert (stop.start, stop.end) == (hour(14), hour(15.5))


def test_changing_an_order_so_that_it_no_longer_fits_is_refused() -> None:
    world = trade.company()
    trade.assigned(world)
    trade.booked(world, "o2")
    world.do(DISPATCHER, assign("o2", start=15), NOW)
    with pytest.raises(Rejected, match="technician_unfit"):
        world.do(DISPATCHER, changed(world), NOW)


def test_changing_an_order_that_somebody_else_changed_is_refused_with_who_and_when() -> None:
    world = trade.company()
    trade.booked(world)
    stale = changed(world)
    world.do(SUPERVISOR, changed(world), NOW)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, stale, NOW)
    assert (refused.value.code, refused.value.params["who"]) == ("changed_meanwhile", "staff:supervisor")


def moved(to: Window | None = None, **changes: object) -> ChangeAppointment:
    made = ChangeAppointment(
        order="o1", from_window=window(14, 16), window=to or window(16, 18), side="customer", reason="other_time",
        consent=True,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_moving_the_appointment_frees_the_technician_and_counts() -> None:
    world = trade.company()
    trade.assigned(world)
    world.do(COUNTER, moved(), NOW)
    order = order_of(world)
    assert (order.status, order.technician, order.rebooked, order.window) == (
        "pending",
        None,
        1,
        window(16, 18),
    )
    assert trade.day_of(world, "li").stops == ()


def test_moving_the_appointment_with_a_technician_plans_him_at_once() -> None:
    world = trade.company()
    trade.assigned(world)
    world.do(DISPATCHER, moved(technician="li", start=hour(16.5)), NOW)
    order, stop = order_of(world), trade.day_of(world, "li").stop_of("o1")
    assert (order.status, order.technician) == ("accepted", "li")
    assert stop is not None
    assert stop.start == hour(16.5)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(
            COUNTER, moved(window(18, 20), from_window=window(16, 18), technician="li", start=hour(18)), NOW
        )


def test_moving_into_the_night_costs_the_night_surcharge_and_back_it_does_not() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, moved(window(20, 22)), NOW)
    assert order_of(world).quote.total == 15000
    world.do(DISPATCHER, moved(window(16, 18), from_window=window(20, 22)), NOW)
    assert order_of(world).quote.total == 12000


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"from_window": None}, "changed_meanwhile"),
        ({"consent": False}, "consent_missing"),
        ({"reason": " "}, "required"),
        ({"window": window(6, 8)}, "window_over"),
        ({"order": "ghost"}, "not_found"),
    ],
)
def test_moving_an_appointment_wrongly_is_refused(changes: dict[str, object], code: str) -> None:
    world = trade.company()
    trade.booked(world)
    with pytest.raises(Rejected, match=code):
        world.do(DISPATCHER, moved(**changes), NOW)  # type: ignore[arg-type]


def test_cancelling_late_costs_the_customer_and_reopening_takes_the_fee_back() -> None:
    world = trade.company()
    world.do(DISPATCHER, booking(window=window(10, 12)), NOW)
    world.do(DISPATCHER, assign(start=10), NOW)
    later = NOW + 20 * 60_000
    change = world.do(DISPATCHER, CancelOrder(order="o1", reason="too_expensive", side="customer"), later)
    order = order_of(world)
    assert order.cancellation is not None
    assert (order.status, order.cancellation.fee, order.closed_at) == ("cancelled", 1000, later)
    assert trade.day_of(world, "li").stops == ()
    world.do(DISPATCHER, change.undo, later)
    order = order_of(world)
    assert (order.status, order.technician, order.cancellation, order.closed_at) == (
        "accepted",
        "li",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("side", "fee"), [("technician", 0), ("platform", 0), ("parts", 0), ("customer", 1000)]
)
def test_cancelling_is_free_where_we_had_moved_the_promise(side: Side, fee: int) -> None:
    world = trade.company()
    trade.booked(world, window=window(14, 16))
    moved = ChangeAppointment(
        order="o1", from_window=window(14, 16), window=window(11, 13), side=side, reason="weather", consent=True,
        technician="li", start=hour(11),
    )  # fmt: skip
    world.do(DISPATCHER, moved, NOW)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="not_needed", side="customer"), hour(10))
    cancellation = order_of(world).cancellation
    assert cancellation is not None
    assert cancellation.fee == fee


def test_a_move_of_ours_that_was_undone_excuses_nobody() -> None:
    world = trade.company()
    trade.booked(world, window=window(11, 13))
    world.do(DISPATCHER, assign(start=11), NOW)
    moved = ChangeAppointment(
        order="o1", from_window=window(11, 13), window=window(14, 16), side="platform", reason="weather", consent=True
    )  # fmt: skip
    change = world.do(DISPATCHER, moved, NOW)
    world.do(DISPATCHER, change.undo, NOW, undoes="x")
    world.do(DISPATCHER, CancelOrder(order="o1", reason="not_needed", side="customer"), hour(10))
    cancellation = order_of(world).cancellation
    assert cancellation is not None
    assert cancellation.fee == 1000


def test_a_customer_does_not_say_that_it_was_our_fault() -> None:
    world = trade.company()
    trade.assigned(world)
    customer = Actor(kind="customer", id="c-o1")
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(customer, CancelOrder(order="o1", reason="too_late", side="platform"), hour(13.9))
    world.do(customer, CancelOrder(order="o1", reason="too_late", side="customer"), hour(13.9))


def test_cancelling_for_our_own_reason_is_free() -> None:
    world = trade.company()
    trade.assigned(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="no_part", side="platform"), hour(13.9))
    cancellation = order_of(world).cancellation
    assert cancellation is not None
    assert cancellation.fee == 0


def test_reopening_after_a_day_is_refused() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="x", side="customer"), NOW)
    with pytest.raises(Rejected, match="reopen_too_late"):
        world.do(DISPATCHER, ReopenOrder(order="o1"), NOW + DAY_MS + 1)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(COUNTER, ReopenOrder(order="o1"), NOW)
    world.do(DISPATCHER, ReopenOrder(order="o1"), NOW + DAY_MS)
    assert (order_of(world).status, order_of(world).window) == ("pending", None)


def test_reopening_with_a_technician_who_is_taken_by_now_is_refused() -> None:
    world = trade.company()
    trade.assigned(world)
    change = world.do(DISPATCHER, CancelOrder(order="o1", reason="x", side="customer"), NOW)
    trade.assigned(world, "o2")
    with pytest.raises(Rejected, match="technician_unfit"):
        world.do(DISPATCHER, change.undo, NOW)


def test_note_and_urge_are_counted() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, AddNote(order="o1", text=" 带梯子 "), NOW)
    world.do(COUNTER, UrgeOrder(order="o1"), NOW + 1)
    order = order_of(world)
    assert (order.notes, order.urged, order.urged_at) == (2, 1, NOW + 1)
    assert world.all(Note)[-1].text == "带梯子"
    with pytest.raises(Rejected, match="required"):
        world.do(DISPATCHER, AddNote(order="o1", text=" "), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(staff("finance"), AddNote(order="o1", text="x"), NOW)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="x", side="customer"), NOW)
    with pytest.raises(Rejected, match="wrong_status"):
        world.do(DISPATCHER, UrgeOrder(order="o1"), NOW)


def test_customer_and_technician_touch_their_own_orders_only() -> None:
    world = trade.company()
    trade.assigned(world)
    for kind, id in (("customer", "c-o1"), ("technician", "li")):
        command = UrgeOrder(order="o1") if kind == "customer" else AddNote(order="o1", text="x")
        world.do(Actor(kind=kind, id=id), command, NOW)  # type: ignore[arg-type]
        with pytest.raises(Rejected, match="not_allowed"):
            world.do(Actor(kind=kind, id="stranger"), command, NOW)  # type: ignore[arg-type]


def imported(**changes: object) -> ImportOrder:
    made = ImportOrder(
        order="i1", external_id="X-1", source="hotline", new_customer=NewCustomer(id="c-i1", name="李先生", phone=""),
        new_address=trade.address("a-i1", unit="", door_code=""), line=BookedLine(item="tap"),
        created_at=NOW - 30 * DAY_MS,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_importing_keeps_when_it_was_made_and_teaches_the_compound() -> None:
    world = trade.company()
    world.do(ADMINISTRATOR, imported(closed_at=NOW - 29 * DAY_MS), NOW)
    order = order_of(world, "i1")
    assert (order.status, order.created_at, order.closed_at) == (
        "completed",
        NOW - 30 * DAY_MS,
        NOW - 29 * DAY_MS,
    )
    assert [each.name for each in world.all(Compound)] == ["平安新村"]


def test_importing_two_orders_of_one_customer_keeps_both_homes() -> None:
    world = trade.company()
    world.do(ADMINISTRATOR, imported(), NOW)
    again = imported(order="i2", external_id="X-2", new_address=trade.address("a-i2", unit="", door_code=""))
    world.do(ADMINISTRATOR, again, NOW)
    customer = world.get(Customer, "c-i1")
    assert customer is not None
    assert (customer.addresses, customer.version) == (("a-i1", "a-i2"), 2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"closed_at": NOW - 31 * DAY_MS}, "closed_before_created"),
        ({"created_at": 10**17}, "time_invalid"),
        ({"window": Window(10**17, 10**17 + 1)}, "window_invalid"),
        ({"window": window(16, 14)}, "window_invalid"),
        ({"new_customer": NewCustomer(id="c", name="李", phone="1")}, "phone_invalid"),
    ],
)
def test_importing_what_does_not_fit_is_refused(changes: dict[str, object], code: str) -> None:
    world = trade.company()
    with pytest.raises(Rejected, match=code):
        world.do(ADMINISTRATOR, imported(**changes), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, imported(), NOW)


def test_booking_or_importing_the_same_order_twice_is_refused() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(ADMINISTRATOR, imported(), NOW)
    with pytest.raises(Rejected, match="exists"):
        world.do(DISPATCHER, booking(), NOW)
    with pytest.raises(Rejected, match="exists"):
        world.do(ADMINISTRATOR, imported(), NOW)
