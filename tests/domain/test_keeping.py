"""Technicians, customers and the platform's own data as staff keep them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.catalogue import Category, Fault
from dispatcher_app.domain.command import (
    AddAddress,
    AddLeave,
    ChangeCustomer,
    RemoveLeave,
    SaveCategory,
    SaveCompound,
    SaveItem,
    SavePolicy,
    SaveRegion,
    SaveStaff,
    SaveTechnician,
    SetShiftException,
    SetShifts,
    SetTechnicianStatus,
)  # fmt: skip
from dispatcher_app.domain.customer import Address, Compound, Customer
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region, Staff
from dispatcher_app.domain.technician import Shift, ShiftException
from tests.domain import trade
from tests.domain.trade import (
    ADMINISTRATOR,
    CENTRE,
    COUNTER,
    DISPATCHER,
    NOW,
    SUPERVISOR,
    hour,
    staff,
    technician_of,
)

VETTING = staff("vetting")


def status(to: str, former: str = "online") -> SetTechnicianStatus:
    return SetTechnicianStatus(technician="li", from_status=former, status=to)  # type: ignore[arg-type]


def test_technician_or_desk_sets_his_status() -> None:
    world = trade.company()
    world.do(Actor(kind="technician", id="li"), status("busy"), NOW)
    world.do(DISPATCHER, status("offline", "busy"), NOW)
    assert technician_of(world, "li").status == "offline"


def test_status_set_by_others_or_on_top_of_an_old_one_is_refused() -> None:
    world = trade.company(trade.technician("li"), trade.technician("bad", suspended=True, status="offline"))
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(Actor(kind="technician", id="bad"), status("busy"), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(COUNTER, status("busy"), NOW)
    with pytest.raises(Rejected, match="edited_meanwhile"):
        world.do(DISPATCHER, status("online", "busy"), NOW)
    with pytest.raises(Rejected, match="suspended"):
        world.do(
            SUPERVISOR, SetTechnicianStatus(technician="bad", from_status="offline", status="online"), NOW
        )


@pytest.mark.parametrize(
    "shifts",
    [
        (Shift(7, 0, 60),),
        (Shift(0, 60, 60),),
        (Shift(0, -1, 60),),
        (Shift(0, 0, 1441),),
        (Shift(0, 0, 120), Shift(0, 60, 180)),
    ],
)
def test_shifts_that_do_not_exist_or_overlap_are_refused(shifts: tuple[Shift, ...]) -> None:
    world = trade.company()
    with pytest.raises(Rejected, match="shift_invalid"):
        world.do(DISPATCHER, SetShifts(technician="li", from_version=1, shifts=shifts), NOW)


def test_shifts_are_set_on_top_of_the_version_that_was_read() -> None:
    world = trade.company()
    shifts = (Shift(0, 0, 60), Shift(0, 60, 120))
    world.do(DISPATCHER, SetShifts(technician="li", from_version=1, shifts=shifts), NOW)
    assert technician_of(world, "li").shifts == shifts
    with pytest.raises(Rejected, match="edited_meanwhile"):
        world.do(DISPATCHER, SetShifts(technician="li", from_version=1, shifts=()), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(COUNTER, SetShifts(technician="li", from_version=2, shifts=()), NOW)


def test_exception_replaces_the_one_of_the_same_date_and_goes_away_again() -> None:
    world = trade.company()
    for exception in (ShiftException("2026-11-24", 60, 120), ShiftException("2026-11-24")):
        world.do(DISPATCHER, SetShiftException(technician="li", exception=exception), NOW)
    assert technician_of(world, "li").exceptions == (ShiftException("2026-11-24"),)
    back = SetShiftException(technician="li", exception=ShiftException("2026-11-24"), back_to_pattern=True)
    world.do(DISPATCHER, back, NOW)
    assert technician_of(world, "li").exceptions == ()


@pytest.mark.parametrize(
    ("exception", "code"),
    [
        (ShiftException("tomorrow"), "date_invalid"),
        (ShiftException("20261124"), "date_invalid"),
        (ShiftException("2026-W48-2"), "date_invalid"),
        (ShiftException("2026-02-30"), "date_invalid"),
        (ShiftException("2026-11-24", 60), "shift_invalid"),
        (ShiftException("2026-11-24", 120, 60), "shift_invalid"),
    ],
)
def test_exception_that_is_no_working_time_is_refused(exception: ShiftException, code: str) -> None:
    world = trade.company()
    with pytest.raises(Rejected, match=code):
        world.do(DISPATCHER, SetShiftException(technician="li", exception=exception), NOW)


def leave(**changes: Any) -> AddLeave:
    return replace(
        AddLeave(technician="li", leave="l1", start=hour(14), end=hour(38), reason="年假"), **changes
    )


def test_leave_names_the_visits_it_hits_and_leaves_them_planned() -> None:
    world = trade.company()
    trade.assigned(world)
    change = world.do(DISPATCHER, leave(start=hour(14.5)), NOW)
    assert [(each.code, each.params) for each in change.warnings] == [("leave_hits", {"orders": ["o1"]})]
    assert trade.day_of(world, "li").stop_of("o1") is not None
    world.do(DISPATCHER, RemoveLeave(technician="li", leave="l1"), NOW)
    assert technician_of(world, "li").leaves == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"end": hour(14)}, "leave_invalid"),
        ({"end": hour(14) + 191 * DAY_MS}, "leave_invalid"),
        ({"start": 10**17, "end": 10**17 + 5}, "leave_invalid"),
        ({"reason": ""}, "required"),
        ({"technician": "ghost"}, "not_found"),
    ],
)
def test_leave_that_does_not_fit_is_refused(changes: dict[str, Any], code: str) -> None:
    world = trade.company()
    with pytest.raises(Rejected, match=code):
        world.do(DISPATCHER, leave(**changes), NOW)


def test_leave_is_added_and_removed_once() -> None:
    world = trade.company()
    world.do(DISPATCHER, leave(), NOW)
    with pytest.raises(Rejected, match="exists"):
        world.do(DISPATCHER, leave(), NOW)
    world.do(DISPATCHER, RemoveLeave(technician="li", leave="l1"), NOW)
    with pytest.raises(Rejected, match="not_found"):
        world.do(DISPATCHER, RemoveLeave(technician="li", leave="l1"), NOW)


def test_technician_is_kept_by_vetting_on_top_of_what_was_read() -> None:
    world = trade.company()
    former = technician_of(world, "li")
    change = world.do(
        VETTING, SaveTechnician(technician=replace(former, name="李工"), phone="13700001111"), NOW
    )
    assert (technician_of(world, "li").name, technician_of(world, "li").phone_mask) == ("李工", "137****1111")
    assert [each.field for each in change.secrets] == ["phone"]
    assert change.undo is None
    for command, code in (
        (SaveTechnician(technician=former), "edited_meanwhile"),
        (SaveTechnician(technician=trade.technician("x", region="bj")), "other_region"),
        (SaveTechnician(technician=trade.technician("x", name="")), "required"),
        (SaveTechnician(technician=trade.technician("x"), phone="1"), "phone_invalid"),
        (SaveTechnician(technician=trade.technician("x", shifts=(Shift(9, 0, 1),))), "shift_invalid"),
    ):
        with pytest.raises(Rejected, match=code):
            world.do(VETTING, command, NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, SaveTechnician(technician=trade.technician("x")), NOW)


def test_saved_technician_never_smuggles_a_mask_of_his_own() -> None:
    world = trade.company()
    former = technician_of(world, "li")
    world.do(VETTING, SaveTechnician(technician=replace(former, phone_mask="13800138000")), NOW)
    assert technician_of(world, "li").phone_mask == "139****9000"


def test_customer_changes_name_and_number_on_top_of_what_was_read() -> None:
    world = trade.company()
    trade.booked(world)
    made = ChangeCustomer(customer="c-o1", from_version=1, name="张丽", phone="021-62345678")
    change = world.do(COUNTER, made, NOW)
    found = world.get(Customer, "c-o1")
    assert found is not None
    assert (found.name, found.phone_mask) == ("张丽", "21****5678")
    assert change.secrets[0].value == "+862162345678"
    for command, code in (
        (made, "edited_meanwhile"),
        (replace(made, from_version=2, name=" "), "required"),
        (replace(made, from_version=2, phone="138****8000"), "masked_value"),
        (replace(made, customer="ghost"), "not_found"),
    ):
        with pytest.raises(Rejected, match=code):
            world.do(COUNTER, command, NOW)


def test_a_number_changed_before_work_begins_flags_nothing() -> None:
    world = trade.company()
    trade.booked(world)
    change = world.do(
        COUNTER, ChangeCustomer(customer="c-o1", from_version=1, name="张丽", phone="021-62345678"), NOW
    )
    assert [each.kind for each in change.after] == ["customer"]


def test_customer_gets_one_more_home() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(COUNTER, AddAddress(customer="c-o1", address=trade.address("second")), NOW)
    customer, home = world.get(Customer, "c-o1"), world.get(Address, "second")
    assert customer is not None
    assert customer.addresses == ("a-o1", "second")
    assert home is not None
    with pytest.raises(Rejected, match="district_unknown"):
        world.do(COUNTER, AddAddress(customer="c-o1", address=trade.address("third", district="moon")), NOW)


def test_compound_belongs_to_the_region_it_is_saved_in() -> None:
    world = trade.company()
    made = Compound(id="p", region="sh", name="平安新村", district="north", point=CENTRE)
    world.do(COUNTER, SaveCompound(compound=made), NOW)
    for wrong, code in (
        (replace(made, id="q", region="bj"), "other_region"),
        (replace(made, id="q", name=""), "required"),
        (made, "edited_meanwhile"),
    ):
        with pytest.raises(Rejected, match=code):
            world.do(COUNTER, SaveCompound(compound=wrong), NOW)


GOOD = trade.FRIDGE


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (SaveCategory(category=Category(id="x", name="", name_en="")), "required"),
        (SaveCategory(category=Category(id="x", name="x", name_en="", region="sh")), "other_region"),
        (SaveItem(item=replace(GOOD, id="x", faults=())), "faults_missing"),
        (SaveItem(item=replace(GOOD, id="x", skill="")), "required"),
        (SaveItem(item=GOOD), "edited_meanwhile"),
        (
            SaveItem(item=replace(GOOD, id="x", faults=(Fault(id="f", name="", name_en="", minutes=0),))),
            "fault_invalid",
        ),
        (SavePolicy(policy=Policy(version=1, speed_kmh=0)), "policy_invalid"),
        *(
            (SavePolicy(policy=replace(Policy(version=1), **{name: value})), "figure_unfit")  # type: ignore[arg-type]
            for name, value in (
                ("cancel_fee", -1),
                ("quote_lapses", -1),
                ("confirm_within", -5),
                ("warranty_labour_days", -1),
                ("warranty_parts_days", 2**53),
                ("arrival_radius_m", 0),
                ("transfer_expires", -1),
                ("link_days", 0),
                ("offer_countdown_s", -1),
                ("quote_over_percent", -1),
                ("quote_drop_percent", 101),
                ("window_last_hour", 25),
                ("window_last_hour", 8),
                ("absent_calls", -1),
                ("unclaimed_days", 2**40),
            )
        ),
        (SavePolicy(policy=Policy(version=1, detour=0.5)), "policy_invalid"),
        (SavePolicy(policy=Policy(version=1, window_minutes=5)), "policy_invalid"),
        (
            SaveRegion(saved=Region(id="x", name="x", timezone="Mars/Olympus", centre=CENTRE)),
            "timezone_unknown",
        ),
        (SaveRegion(saved=Region(id="x", name="", centre=CENTRE)), "required"),
        (SaveRegion(saved=Region(id="platform", name="x", centre=CENTRE)), "region_id_invalid"),
        (SaveRegion(saved=Region(id="sh,bj", name="x", centre=CENTRE)), "region_id_invalid"),
        (SaveRegion(saved=Region(id="s h", name="x", centre=CENTRE)), "region_id_invalid"),
        (SaveRegion(saved=Region(id="", name="x", centre=CENTRE)), "region_id_invalid"),
        (SaveStaff(staff=Staff(id="x", name="x", roles=("king",), regions=())), "role_unknown"),
        (SaveStaff(staff=Staff(id="x", name="", roles=(), regions=())), "required"),
    ],
)
def test_platform_data_that_does_not_fit_is_refused(command: object, code: str) -> None:
    world = trade.company()
    with pytest.raises(Rejected, match=code):
        world.do(ADMINISTRATOR, command, NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, command, NOW)


def test_administrator_saves_what_fits() -> None:
    world = trade.company()
    for command in (
        SaveCategory(category=Category(id="x", name="x", name_en="x")),
        SaveItem(item=replace(GOOD, version=1, retired=True)),
        SavePolicy(policy=Policy(version=1, daily_limit=3)),
        SaveRegion(saved=Region(id="bj", name="北京", centre=Point(116.4, 39.9))),
        SaveStaff(staff=Staff(id="x", name="x", roles=("wall",), regions=("bj",))),
    ):
        world.do(ADMINISTRATOR, command, NOW)
    with pytest.raises(Rejected, match="item_retired"):
        world.do(DISPATCHER, trade.booking(), NOW)


def test_the_books_of_a_region_stay_in_its_currency() -> None:
    world = trade.company()
    region = world.get(Region, "sh")
    assert region is not None
    with pytest.raises(Rejected, match="currency_fixed"):
        world.do(ADMINISTRATOR, SaveRegion(saved=replace(region, currency="HKD")), NOW)
    world.do(ADMINISTRATOR, SaveRegion(saved=replace(region, name="申城")), NOW)
