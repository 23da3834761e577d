"""Districts and areas drawn on the map: what may be one, and which place lies in which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.area import (
    MOST,
    Ring,
    covers,
    district_at,
    ground_of,
    inside,
    nearest_district,
    reaches_into,
)  # fmt: skip
from dispatcher_app.domain.command import SaveDistrict, SaveTechnician
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Region
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import ADMINISTRATOR, CENTRE, DISPATCHER, NOW, SUPERVISOR, staff, technician_of


def box(west: float, south: float, east: float, north: float) -> Ring:
    return (Point(west, south), Point(east, south), Point(east, north), Point(west, north))


NORTH, SOUTH = box(121.4, 31.2, 121.6, 31.4), box(121.4, 31.0, 121.6, 31.2)
BENT = ((0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3))
HORSESHOE = tuple(Point(121 + x / 10, 31 + y / 10) for x, y in BENT)


def district(world: Rehearsal, id: str) -> District:
    region = world.get(Region, "sh")
    assert region is not None
    return next(each for each in region.districts if each.id == id)


def drawing(world: Rehearsal, id: str, ring: Ring) -> SaveDistrict:
    standing = district(world, id)
    return SaveDistrict(region="sh", district=replace(standing, area=ring), former=standing)


def test_a_supervisor_draws_a_district_and_takes_it_back() -> None:
    world = trade.company()
    change = world.do(SUPERVISOR, drawing(world, "north", NORTH), NOW)
    assert district(world, "north").area == NORTH
    world.do(SUPERVISOR, change.undo, NOW)
    assert district(world, "north").area == ()


def test_drawing_is_for_supervisors_of_the_region_and_for_administrators() -> None:
    world = trade.company()
    command = drawing(world, "north", NORTH)
    for actor, code in ((DISPATCHER, "not_allowed"), (staff("supervisor", regions=("bj",)), "other_region")):
        with pytest.raises(Rejected, match=code):
            world.do(actor, command, NOW)
    world.do(ADMINISTRATOR, command, NOW)


def test_a_drawing_over_what_somebody_else_has_drawn_meanwhile_is_refused() -> None:
    world = trade.company()
    mine = drawing(world, "north", NORTH)
    world.do(SUPERVISOR, drawing(world, "south", SOUTH), NOW)
    world.do(ADMINISTRATOR, drawing(world, "north", SOUTH), NOW)
    with pytest.raises(Rejected, match="edited_meanwhile"):
        world.do(SUPERVISOR, mine, NOW)


@pytest.mark.parametrize(
    ("ring", "code"),
    [
        (NORTH[:2], "area_too_few"),
        ((*NORTH[:1] * 3, NORTH[1]), "area_too_few"),
        ((NORTH[0], NORTH[2], NORTH[1], NORTH[3]), "area_crossed"),
        ((NORTH[0], NORTH[1], Point(121.5, 31.2)), "area_crossed"),
        ((*NORTH, Point(121.5, 31.2)), "area_crossed"),
        (tuple(Point(121.4 + i / 1e5, 31.2 + (i % 2) / 1e4) for i in range(MOST + 1)), "area_too_many"),
        (box(121.4, 31.2, 125.0, 31.4), "area_elsewhere"),
        (box(121.4, 31.2, 200.0, 31.4), "area_elsewhere"),
    ],
)
def test_an_outline_that_is_none_is_refused(ring: Ring, code: str) -> None:
    world = trade.company()
    with pytest.raises(Rejected, match=code):
        world.do(SUPERVISOR, drawing(world, "north", ring), NOW)
    saved = replace(technician_of(world, "li"), area=ring)
    with pytest.raises(Rejected, match=code):
        world.do(SUPERVISOR, SaveTechnician(technician=saved), NOW)


def test_corners_said_twice_are_left_out() -> None:
    world = trade.company()
    world.do(SUPERVISOR, drawing(world, "north", (*NORTH[:2], *NORTH[1:], NORTH[0])), NOW)
    assert district(world, "north").area == NORTH


def test_reaching_into_another_district_is_said_and_a_shared_border_is_not() -> None:
    world = trade.company()
    world.do(SUPERVISOR, drawing(world, "north", NORTH), NOW)
    assert world.do(SUPERVISOR, drawing(world, "south", SOUTH), NOW).warnings == ()
    [said] = world.do(SUPERVISOR, drawing(world, "south", box(121.4, 31.0, 121.6, 31.21)), NOW).warnings
    assert (said.code, said.params) == ("area_overlaps", {"districts": ["北区"]})


def test_outlines_have_ground_in_common_only_where_they_have() -> None:
    assert reaches_into(NORTH, NORTH)
    assert reaches_into(NORTH, box(121.45, 31.25, 121.5, 31.3))
    assert reaches_into((NORTH[0], NORTH[1], NORTH[2]), NORTH)
    assert not reaches_into(HORSESHOE, box(121.12, 31.12, 121.18, 31.25))


def test_the_centre_of_a_district_is_kept_within_its_outline() -> None:
    world = trade.company()
    world.do(SUPERVISOR, drawing(world, "north", NORTH), NOW)
    assert district(world, "north").centre == CENTRE
    world.do(SUPERVISOR, drawing(world, "north", SOUTH), NOW)
    assert inside(SOUTH, district(world, "north").centre)
    assert inside(HORSESHOE, ground_of(HORSESHOE))


def test_the_outline_says_in_which_district_a_new_home_is() -> None:
    world = trade.company()
    world.do(SUPERVISOR, drawing(world, "south", SOUTH), NOW)
    made = trade.booked(world, new_address=trade.address(point=Point(121.5, 31.1)))
    assert made.district == "south"
    assert (
        trade.booked(world, "o2", new_address=trade.address("b", point=Point(121.5, 31.3))).district
        == "north"
    )


def test_an_approximate_home_stays_in_the_district_that_was_said() -> None:
    world = trade.company()
    world.do(SUPERVISOR, drawing(world, "south", SOUTH), NOW)
    made = trade.booked(world, new_address=trade.address(point=Point(121.5, 31.1), approximate=True))
    assert made.district == "north"


def test_of_two_outlines_the_smaller_one_counts_and_without_one_the_nearest_centre() -> None:
    part = District(id="part", name="段", centre=CENTRE, area=box(121.45, 31.2, 121.5, 31.25))
    whole = District(id="whole", name="整", centre=Point(121.5, 31.3), area=NORTH)
    region = Region(id="sh", name="上海", centre=CENTRE, districts=(whole, part))
    assert district_at(region, Point(121.46, 31.21)) == "part"
    assert district_at(region, Point(121.55, 31.35)) == "whole"
    assert district_at(region, Point(120.0, 31.0)) is None
    near = nearest_district(region, Point(120.0, 31.0))
    assert near is not None
    assert near.id == "part"


def test_an_area_of_his_own_counts_instead_of_his_districts() -> None:
    li = trade.technician("li", districts=("north",))
    assert covers(li, "north", CENTRE)
    assert not covers(li, "south", CENTRE)
    drawn = replace(li, area=SOUTH)
    assert covers(drawn, "south", Point(121.5, 31.1))
    assert not covers(drawn, "north", Point(121.5, 31.3))


def test_an_order_outside_his_area_is_refused_and_a_supervisor_may_override() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(SUPERVISOR, SaveTechnician(technician=replace(technician_of(world, "li"), area=SOUTH)), NOW)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, trade.assign(), NOW)
    assert [each["code"] for each in refused.value.params["broken"]] == ["area"]
    world.do(SUPERVISOR, trade.assign(override_reason="nobody else"), NOW)
    assert trade.order_of(world).technician == "li"
