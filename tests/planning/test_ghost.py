"""What a drop would do, told while a visit is dragged: by the rules that decide, on the arrays that rank."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import AssignTechnician
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.matching import need_of, travel_s
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.ghost import Dragged, Ghost, dragged, ghost
from dispatcher_app.planning.plan import Plan
from dispatcher_app.planning.rank import ranked
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import CENTRE, DISPATCHER, NOW, assign, day_of, hour, order_of, window

FAR = Point(121.62, 31.28)


def in_hand(world: Rehearsal, order: str = "o1", **changes: Any) -> Dragged:
    found, policy = order_of(world, order), world.get(Policy, "policy")
    assert policy is not None
    items = [item for line in found.lines if (item := world.get(Item, line.item)) is not None]
    plan = Plan(trade.TIMEZONE, [trade.DATE], world.all(Technician), world.all(Day))
    windows = {each.id: each.window for each in world.all(Order) if each.window is not None}
    return dragged(plan, found, need_of(found, items), policy, NOW, windows, **changes)


def dropped(world: Rehearsal, technician: str, hours: float, **changes: Any) -> Ghost:
    return ghost(in_hand(world, **changes), technician, hour(hours))


def test_free_technician_costs_the_drive_and_nothing_else() -> None:
    world = trade.company(trade.technician("li", home=FAR))
    trade.booked(world)
    found = dropped(world, "li", 14)
    assert not any((found.broken, found.shifted, found.unkept, found.displaces))
    assert found.drive_s == found.travel_s == pytest.approx(travel_s(FAR, CENTRE, Policy()), abs=1)
    assert found.travel_m == pytest.approx(found.distance_m * Policy().detour, abs=2)
    assert (found.start, found.end) == (hour(14), hour(15))
    assert found.overtime_minutes == 0
    assert found.source == "estimate"


def test_later_visits_are_shifted_and_promises_that_break_are_named() -> None:
    world = trade.company(trade.technician("li"))
    far = trade.address("a-x", point=FAR)
    trade.booked(world, "x", new_address=far, window=window(14.5, 15.25))
    world.do(DISPATCHER, assign("x", start=15), NOW)
    trade.booked(world, "y", window=window(16, 18))
    world.do(DISPATCHER, assign("y", start=16), NOW)
    trade.booked(world, window=window(13, 14))
    found = dropped(world, "li", 13.75)
    drive = travel_s(CENTRE, FAR, Policy()) // 60
    assert [each.order for each in found.shifted] == ["x", "y"]
    assert found.shifted[0].minutes == pytest.approx(drive - 15, abs=1)
    assert [each.order for each in found.unkept] == ["x"]
    assert found.unkept[0].minutes == pytest.approx(drive - 30, abs=1)
    assert found.slack_s < 0


def test_start_after_the_own_window_breaks_the_own_promise() -> None:
    world = trade.company(trade.technician("li"))
    trade.booked(world, window=window(13, 14))
    assert [(each.order, each.minutes) for each in dropped(world, "li", 14.5).unkept] == [("o1", 30)]


def test_day_that_ends_after_the_shift_is_overtime() -> None:
    world = trade.company(trade.technician("li"))
    far = trade.address("a-x", point=FAR)
    trade.booked(world, "x", new_address=far, window=window(18, 20))
    world.do(DISPATCHER, assign("x", start=19), NOW)
    trade.booked(world, window=window(17, 19))
    found = dropped(world, "li", 17.9)
    assert found.overtime_minutes == found.shifted[0].minutes > 0


def test_planned_visits_give_way_and_held_hours_do_not() -> None:
    world = trade.company(trade.technician("li"))
    trade.booked(world, "x", window=window(13, 16))
    trade.booked(world, window=window(13, 16))
    day = day_of(world, "li")
    planned = Stop(order="x", visit=1, start=hour(14), end=hour(15), point=CENTRE, state="tentative")
    world.entities["day", day.id] = day.with_stop(planned)
    found = dropped(world, "li", 14.5)
    assert found.displaces == ("x",)
    assert found.broken == ()
    held = Stop(
        order="caller", visit=1, start=hour(14), end=hour(15), point=CENTRE, state="held",
        expires_at=NOW + 300_000, held_by="staff:lina",
    )  # fmt: skip
    world.entities["day", day.id] = day.with_stop(held)
    assert [each.code for each in dropped(world, "li", 14.5).broken] == ["held_for_caller"]


def test_without_coordinates_nothing_is_computed_and_it_is_said() -> None:
    world = trade.company(trade.technician("li"))
    trade.booked(world, new_address=trade.address("a-o1", point=CENTRE))
    nowhere = in_hand(world)
    order = order_of(world)
    lost = Point(float("nan"), 31.0)
    drag = replace(nowhere, order=order, need=replace(nowhere.need, point=lost))
    assert [each.code for each in ghost(drag, "li", hour(14)).broken] == ["no_coordinates"]


@settings(max_examples=60, deadline=None)
@given(
    taken=st.lists(st.tuples(st.integers(0, 1), st.integers(16, 38), st.floats(121.3, 121.7)), max_size=7),
    quarter=st.integers(36, 84),
    who=st.integers(0, 1),
)
def test_drop_is_refused_exactly_where_the_ghost_says_so(
    taken: list[tuple[int, int, float]], quarter: int, who: int
) -> None:
    world = trade.company(trade.technician("t0"), trade.technician("t1", status="busy"))
    for number, (technician, half, lon) in enumerate(taken):
        id = f"x{number}"
        home = trade.address(f"a-{id}", point=Point(lon, 31.23))
        trade.booked(world, id, window=None, new_address=home)
        command = AssignTechnician(order=id, technician=f"t{technician}", start=hour(half / 2))
        with suppress(Rejected):
            world.do(DISPATCHER, command, NOW)
    trade.booked(world, window=None)
    found = dropped(world, f"t{who}", quarter / 4)
    command = AssignTechnician(order="o1", technician=f"t{who}", start=hour(quarter / 4))
    if found.broken:
        with pytest.raises(Rejected, match="technician_unfit"):
            world.do(DISPATCHER, command, NOW)
    else:
        world.do(DISPATCHER, command, NOW)


@settings(max_examples=40, deadline=None)
@given(
    taken=st.lists(st.tuples(st.integers(0, 2), st.integers(18, 38), st.floats(121.3, 121.7)), max_size=9),
    first=st.integers(9, 18),
)
def test_ghost_at_a_ranked_start_says_what_the_ranking_says(
    taken: list[tuple[int, int, float]], first: int
) -> None:
    world = trade.company(*(trade.technician(f"t{number}") for number in range(3)))
    for number, (technician, half, lon) in enumerate(taken):
        id = f"x{number}"
        trade.booked(world, id, window=None, new_address=trade.address(f"a-{id}", point=Point(lon, 31.23)))
        command = AssignTechnician(order=id, technician=f"t{technician}", start=hour(half / 2))
        with suppress(Rejected):
            world.do(DISPATCHER, command, NOW)
    trade.booked(world, window=window(first, first + 2))
    drag, region = in_hand(world), world.get(Region, "sh")
    assert region is not None
    for each in ranked(drag.plan, drag.order, drag.need, {}, drag.policy, region, NOW).eligible:
        found = ghost(drag, each.technician, each.start)
        assert found.broken == ()
        assert (found.arrival, found.drive_s, found.travel_s) == (each.arrival, each.drive_s, each.travel_s)
        assert (found.slack_s, found.overtime_minutes) == (each.slack_s, each.overtime_minutes)
        assert found.shifted == each.late
