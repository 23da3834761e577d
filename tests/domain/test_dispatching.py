"""Who goes: assigning, reassigning, offering, and every way in which it is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    AcceptOrder,
    AddLeave,
    BookedLine,
    CancelOrder,
    DeclineOrder,
    ExpireOffer,
    OfferOrder,
    SetTechnicianStatus,
    UnassignTechnician,
    WithdrawOffer,
)  # fmt: skip
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Certificate, Shift
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import COUNTER, DISPATCHER, NOW, SUPERVISOR, assign, booking, hour, order_of

AIR_LINES = (BookedLine(item="air", fault="gas"),)
LI = Actor(kind="technician", id="li")


def codes(rejected: Rejected) -> list[str]:
    return [each["code"] for each in rejected.params["broken"]]


def test_assigning_a_free_technician_plans_the_visit() -> None:
    world = trade.company()
    change = trade.assigned(world)
    order, day = order_of(world), trade.day_of(world, "li")
    assert (order.status, order.technician, order.planned_on) == ("accepted", "li", trade.DATE)
    stop = day.stop_of("o1")
    assert stop is not None
    assert (stop.start, stop.end, stop.source) == (hour(14), hour(15), "estimate")
    assert change.undo == UnassignTechnician(order="o1", from_technician="li", reason="undo")


def test_assigning_a_busy_technician_is_rejected() -> None:
    world = trade.company()
    trade.assigned(world)
    trade.booked(world, "o2")
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, assign("o2", start=14.5), NOW)
    assert refused.value.code == "technician_unfit"
    assert codes(refused.value) == ["overlap"]
    assert refused.value.params["broken"][0]["params"]["order"] == "o1"
    assert order_of(world, "o2").status == "pending"


def test_visits_that_touch_do_not_overlap() -> None:
    world = trade.company()
    trade.assigned(world)
    trade.booked(world, "o2")
    change = world.do(DISPATCHER, assign("o2", start=15), NOW)
    assert [each.code for each in change.warnings] == ["travel_tight"]


def test_supervisor_overrides_an_overlap_with_a_reason() -> None:
    world = trade.company()
    trade.assigned(world)
    trade.booked(world, "o2")
    command = assign("o2", start=14.5, override_reason="customer insists")
    with pytest.raises(Rejected):
        world.do(DISPATCHER, command, NOW)
    with pytest.raises(Rejected):
        world.do(SUPERVISOR, replace(command, override_reason=" "), NOW)
    change = world.do(SUPERVISOR, command, NOW)
    assert change.warnings[0].code == "overlap"
    assert order_of(world, "o2").steps[-1].params["override"] is True


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"skills": ("water",)}, "skill"),
        ({"brands": ("格力",)}, "brand"),
        ({"certificates": ()}, "certificate"),
        ({"certificates": (Certificate("高处作业", hour(13)),)}, "certificate"),
        ({"districts": ("south",)}, "area"),
        ({"suspended": True, "status": "offline"}, "suspended"),
        ({"shifts": (Shift(0, 8 * 60, 14 * 60 + 30),)}, "shift"),
        ({"shifts": ()}, "shift"),
        ({"daily_limit": 0}, "daily_limit"),
    ],
)
def test_technician_who_breaks_a_rule_is_refused_by_its_name(changes: dict[str, object], broken: str) -> None:
    world = trade.company(trade.technician("li", **changes))
    lines = (replace(AIR_LINES[0], brand="海尔"),)
    world.do(DISPATCHER, booking(lines=lines), NOW)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, assign(), NOW)
    assert broken in codes(refused.value)


@pytest.mark.parametrize(
    "changes", [{"certificates": ()}, {"suspended": True, "status": "offline"}, {"skills": ()}]
)
def test_nobody_overrides_certificate_suspension_or_skill(changes: dict[str, object]) -> None:
    world = trade.company(trade.technician("li", **changes))
    world.do(DISPATCHER, booking(lines=AIR_LINES), NOW)
    with pytest.raises(Rejected) as refused:
        world.do(SUPERVISOR, assign(override_reason="urgent"), NOW)
    assert refused.value.params["overridable"] is False


def test_leave_that_begins_during_the_visit_refuses_it_even_to_a_supervisor() -> None:
    world = trade.company()
    trade.booked(world)
    leave = AddLeave(technician="li", leave="l1", start=hour(14.5), end=hour(20), reason="年假")
    world.do(SUPERVISOR, leave, NOW)
    with pytest.raises(Rejected) as refused:
        world.do(SUPERVISOR, assign(override_reason="urgent"), NOW)
    assert codes(refused.value) == ["leave"]


def test_customer_who_blocked_a_technician_never_gets_him() -> None:
    world = trade.company()
    order = trade.booked(world)
    customer = world.entities["customer", order.customer]
    world.entities["customer", order.customer] = replace(customer, blocked_technicians=("li",))  # type: ignore[type-var]
    with pytest.raises(Rejected) as refused:
        world.do(SUPERVISOR, assign(override_reason="urgent"), NOW)
    assert codes(refused.value) == ["blocked"]


def test_offline_technician_takes_a_visit_later_but_not_within_the_hour() -> None:
    world = trade.company(trade.technician("li", status="offline"))
    world.do(DISPATCHER, booking(window=trade.window(9, 12)), NOW)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, assign(start=9.5), NOW)
    assert codes(refused.value) == ["offline"]
    world.do(DISPATCHER, assign(start=10), NOW)


def test_second_desk_that_assigns_the_same_order_learns_who_was_first() -> None:
    world = trade.company()
    trade.assigned(world)
    with pytest.raises(Rejected) as refused:
        world.do(SUPERVISOR, assign(technician="wang"), NOW)
    assert refused.value.code == "changed_meanwhile"
    said = refused.value.params
    assert (said["who"], said["when"], said["technician"]) == ("staff:dispatcher", NOW, "li")


def test_reassigning_frees_the_former_technician() -> None:
    world = trade.company()
    trade.assigned(world)
    world.do(DISPATCHER, assign(technician="wang", from_technician="li"), NOW)
    assert trade.day_of(world, "li").stops == ()
    assert trade.day_of(world, "wang").stop_of("o1") is not None
    assert order_of(world).steps[-1].params["from"] == "li"


def test_moving_a_visit_of_the_same_technician_counts_the_drive_from_the_stop_before_it() -> None:
    world = trade.company()
    far = Point(121.60, 31.23)
    world.do(DISPATCHER, booking(new_address=trade.address("a-o1", point=far)), NOW)
    world.do(DISPATCHER, assign(start=14), NOW)
    first = trade.day_of(world, "li").stop_of("o1")
    world.do(DISPATCHER, assign(start=16, from_technician="li"), NOW)
    moved = trade.day_of(world, "li").stop_of("o1")
    assert first is not None
    assert moved is not None
    assert moved.travel_s == first.travel_s > 1000


def test_taking_a_visit_out_counts_the_next_drive_anew() -> None:
    world = trade.company()
    far = Point(121.60, 31.23)
    world.do(DISPATCHER, booking("o1", new_address=trade.address("a-o1", point=far)), NOW)
    world.do(DISPATCHER, booking("o2"), NOW)
    world.do(DISPATCHER, assign("o2", start=16), NOW)
    before = trade.day_of(world, "li")
    world.do(DISPATCHER, assign("o1", start=12), NOW)
    between = trade.day_of(world, "li").stop_of("o2")
    world.do(DISPATCHER, UnassignTechnician(order="o1", from_technician="li"), NOW)
    assert between is not None
    assert between.travel_s > before.stops[0].travel_s
    assert trade.day_of(world, "li").stops == before.stops


def test_assigning_outside_the_window_or_without_one_warns() -> None:
    world = trade.company()
    trade.booked(world)
    assert [each.code for each in world.do(DISPATCHER, assign(start=17), NOW).warnings] == ["outside_window"]
    world.do(DISPATCHER, booking("o2", window=None), NOW)
    change = world.do(DISPATCHER, assign("o2", "wang"), NOW)
    assert [each.code for each in change.warnings] == ["no_promise"]


def test_assigning_another_than_the_requested_technician_warns() -> None:
    world = trade.company()
    world.do(DISPATCHER, booking(requested_technician="wang"), NOW)
    assert [each.code for each in world.do(DISPATCHER, assign(), NOW).warnings] == ["other_requested"]


def test_start_far_away_is_refused() -> None:
    world = trade.company()
    trade.booked(world)
    with pytest.raises(Rejected, match="start_invalid"):
        world.do(DISPATCHER, replace(assign(), start=NOW + 500 * DAY_MS), NOW)


@pytest.mark.parametrize("command", [assign("nobody"), assign(technician="nobody")])
def test_assigning_what_is_not_there_is_refused(command: object) -> None:
    world = trade.company()
    trade.booked(world)
    with pytest.raises(Rejected, match="not_found"):
        world.do(DISPATCHER, command, NOW)


def test_counter_staff_do_not_dispatch() -> None:
    world = trade.company()
    trade.booked(world)
    for command in (assign(), OfferOrder(order="o1", technician="li")):
        with pytest.raises(Rejected, match="not_allowed"):
            world.do(COUNTER, command, NOW)


def test_cancelled_order_is_assigned_to_nobody() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="too_expensive", side="customer"), NOW)
    with pytest.raises(Rejected, match="wrong_status"):
        world.do(DISPATCHER, assign(), NOW)


def test_unassigning_names_whom_it_takes_off() -> None:
    world = trade.company()
    trade.assigned(world)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(DISPATCHER, UnassignTechnician(order="o1", from_technician="wang"), NOW)
    world.do(DISPATCHER, UnassignTechnician(order="o1", from_technician="li"), NOW)
    assert (order_of(world).status, order_of(world).technician) == ("pending", None)
    assert trade.day_of(world, "li").stops == ()


def offered() -> Rehearsal:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, OfferOrder(order="o1", technician="li"), NOW)
    return world


def test_technician_accepts_before_the_countdown_ends() -> None:
    world = offered()
    accepted = AcceptOrder(order="o1", technician="li", start=hour(14))
    world.do(LI, accepted, NOW + 179_000)
    assert (order_of(world).status, order_of(world).technician, order_of(world).offer) == (
        "accepted",
        "li",
        None,
    )
    assert trade.day_of(world, "li").stop_of("o1") is not None


def test_accepting_after_the_countdown_is_refused() -> None:
    world = offered()
    with pytest.raises(Rejected, match="offer_expired"):
        world.do(LI, AcceptOrder(order="o1", technician="li", start=hour(14)), NOW + 180_001)


def test_technician_accepts_or_declines_only_for_himself() -> None:
    world = offered()
    wang = Actor(kind="technician", id="wang")
    for command in (
        AcceptOrder(order="o1", technician="li", start=hour(14)),
        AcceptOrder(order="o1", technician="wang", start=hour(14)),
        DeclineOrder(order="o1", technician="li"),
    ):
        with pytest.raises(Rejected, match="not_allowed"):
            world.do(wang, command, NOW)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(LI, AcceptOrder(order="o1", technician="wang", start=hour(14)), NOW)


def test_accepting_an_hour_that_is_taken_is_refused() -> None:
    world = offered()
    trade.assigned(world, "o2")
    with pytest.raises(Rejected, match="technician_unfit"):
        world.do(DISPATCHER, AcceptOrder(order="o1", technician="li", start=hour(14)), NOW)


def test_declining_passes_the_order_on_and_is_remembered() -> None:
    world = offered()
    world.do(LI, DeclineOrder(order="o1", technician="li", reason="far"), NOW)
    order = order_of(world)
    assert (order.status, order.offer and order.offer.declined) == ("pending", ("li",))
    world.do(DISPATCHER, OfferOrder(order="o1", technician="wang"), NOW)
    world.do(DISPATCHER, WithdrawOffer(order="o1", from_technician="wang"), NOW)
    found = order_of(world).offer
    assert found is not None
    assert (found.technician, found.declined) == ("", ("li",))


def test_only_the_system_ends_an_offer_and_only_when_its_time_has_come() -> None:
    world = offered()
    offer = order_of(world).offer
    assert offer is not None
    command = ExpireOffer(order="o1", technician="li", expires_at=offer.expires_at)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, command, offer.expires_at)
    with pytest.raises(Rejected, match="offer_running"):
        world.do(SYSTEM, command, offer.expires_at - 1)
    with pytest.raises(Rejected, match="offer_running"):
        world.do(SYSTEM, replace(command, expires_at=1), offer.expires_at)
    world.do(SYSTEM, command, offer.expires_at)
    assert order_of(world).status == "pending"


def test_offline_or_unfit_technicians_are_not_asked() -> None:
    world = trade.company(trade.technician("li"), trade.technician("wang", skills=()))
    trade.booked(world)
    world.do(DISPATCHER, SetTechnicianStatus(technician="li", from_status="online", status="offline"), NOW)
    for id, code in (("li", "offline"), ("wang", "skill")):
        with pytest.raises(Rejected) as refused:
            world.do(DISPATCHER, OfferOrder(order="o1", technician=id), NOW)
        assert codes(refused.value) == [code]


def test_expired_hold_of_somebody_else_does_not_block_the_hour() -> None:
    world = trade.company()
    trade.assigned(world)
    day = trade.day_of(world, "li")
    held = replace(day.stops[0], order="other", state="held", expires_at=NOW)
    world.entities["day", day.id] = replace(day, stops=(held,))
    world.do(DISPATCHER, UnassignTechnician(order="o1", from_technician="li"), NOW)
    world.do(DISPATCHER, assign(), NOW)


def test_policy_sets_the_daily_limit() -> None:
    world = trade.company(policy=Policy(daily_limit=1))
    trade.assigned(world)
    trade.booked(world, "o2")
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, assign("o2", start=17), NOW)
    assert codes(refused.value) == ["daily_limit"]
