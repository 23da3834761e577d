"""Windows that are offered: who could really come, what is promised already, what is kept back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dispatcher_app import codec
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date, next_date
from dispatcher_app.domain.catalogue import Fault, Item
from dispatcher_app.domain.command import AssignTechnician, BookedLine, SetShifts
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.matching import need_of
from dispatcher_app.domain.order import Order, Urgency, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Shift, ShiftException, Technician
from dispatcher_app.planning.promise import need_for, promises_of
from dispatcher_app.planning.rank import dates_concerned, rank
from dispatcher_app.planning.windows import Offered, OfferedWindow, windows
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import CENTRE, DISPATCHER, NOW, assign, booking, hour, order_of, window

FAR = Point(121.62, 31.28)
NO_RESERVE = Policy(emergency_reserve_percent=0)


def offered(
    world: Rehearsal,
    now: int = NOW,
    item: str = "fridge",
    fault: str = "warm",
    urgency: Urgency = "normal",
    district: str = "north",
    point: Point = CENTRE,
    order: str = "",
    **more: Any,
) -> Offered:
    region, policy = world.get(Region, "sh"), world.get(Policy, "policy")
    assert region is not None
    assert policy is not None
    items = {each.id: each for each in world.all(Item)}
    need = need_for((BookedLine(item=item, fault=fault),), items, district, point, order=order)
    orders = world.all(Order)
    needs = {each.id: need_of(each, [items[line.item] for line in each.lines]) for each in orders}
    days = {day.id: day for day in world.all(Day)}
    return windows(
        need, urgency, world.all(Technician), days, promises_of(orders, needs), policy, region, now, **more
    )


def at(found: Offered, hours: float) -> OfferedWindow:
    return next(each for each in found.windows if each.start == hour(hours))


def crew(count: int, **changes: Any) -> list[Technician]:
    return [trade.technician(f"t{number}", **changes) for number in range(count)]


def test_windows_follow_the_grid_of_the_horizon_in_local_time() -> None:
    found = offered(trade.company())
    today = [each for each in found.windows if each.date == trade.DATE]
    assert [(each.start, each.end) for each in today] == [
        (hour(start), hour(start + 2)) for start in (8, 10, 12, 14, 16, 18)
    ]
    dates = sorted({each.date for each in found.windows})
    assert (dates[0], dates[-1], len(dates)) == (trade.DATE, next_date(trade.DATE, 14), 15)
    assert found.source == "estimate"


@pytest.mark.parametrize(("now", "first"), [(9.99, 8), (10, 10), (17.5, 16), (20.5, 32), (3, 8)])
def test_window_that_is_over_is_never_offered(now: float, first: float) -> None:
    found = offered(trade.company(), now=hour(now))
    assert found.windows[0].start == hour(first)
    assert all(best.end > hour(now) for best in found.best)


def test_window_that_nobody_can_reach_any_more_is_full() -> None:
    world = trade.company(*crew(2, home=FAR), policy=NO_RESERVE)
    found = at(offered(world, now=hour(9.75)), 8)
    assert (found.people, found.left) == (0, 0)
    assert found.reason is not None
    assert found.reason.code == "window_all_busy"


def test_people_who_are_taken_drives_included_do_not_count() -> None:
    world = trade.company(*crew(3), policy=NO_RESERVE)
    trade.booked(world, "x", window=window(14, 16), new_address=trade.address("a-x", point=FAR))
    world.do(DISPATCHER, assign("x", "t0", 14.5), NOW)
    found = offered(world)
    assert at(found, 14).people == 2
    assert at(found, 12).people == 3
    assert at(found, 16).people == 3


def test_promises_without_a_technician_use_people_up() -> None:
    world = trade.company(*crew(2), policy=NO_RESERVE)
    trade.booked(world, "x", window=window(14, 16))
    found = offered(world)
    assert (at(found, 14).people, at(found, 14).promised, at(found, 14).left) == (2, 1, 1)
    assert at(found, 16).left == 2
    trade.booked(world, "y", window=window(13, 15))
    full = at(offered(world), 14)
    assert full.full
    assert full.reason is not None
    assert (full.reason.code, full.reason.params) == ("window_promised", {"people": 2, "promised": 2})


def test_promise_that_somebody_else_keeps_uses_nobody_up() -> None:
    plumber = trade.technician("plumber", skills=("water",))
    world = trade.company(*crew(1, skills=("cold",)), plumber, policy=NO_RESERVE)
    trade.booked(world, "x", window=window(14, 16), lines=(BookedLine(item="tap"),))
    assert at(offered(world), 14).left == 1
    assert at(offered(world, item="tap", fault="drip"), 14).left == 0


def test_some_people_are_kept_for_emergencies_and_offered_to_them() -> None:
    world = trade.company(*crew(10))
    assert (at(offered(world), 14).reserved, at(offered(world), 14).left) == (1, 9)
    urgent = at(offered(world, urgency="emergency"), 14)
    assert (urgent.reserved, urgent.left) == (0, 10)


def test_last_one_is_kept_for_emergencies() -> None:
    world = trade.company(*crew(1), policy=Policy(emergency_reserve_percent=50))
    found = at(offered(world), 14)
    assert found.reason is not None
    assert found.reason.code == "window_reserved"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"skills": ()}, "window_nobody_fit"),
        ({"districts": ("south",)}, "window_nobody_fit"),
        ({"exceptions": (ShiftException(trade.DATE),)}, "window_nobody_works"),
        ({"shifts": (Shift(0, 8 * 60, 12 * 60),)}, "window_all_busy"),
        ({"daily_limit": 0}, "window_all_busy"),
    ],
)
def test_full_window_says_why(changes: dict[str, Any], code: str) -> None:
    world = trade.company(*crew(2, **changes))
    found = at(offered(world), 14)
    assert found.full
    assert found.reason is not None
    assert found.reason.code == code


def test_three_best_windows_are_marked_with_a_reason() -> None:
    world = trade.company(*crew(3, home=FAR), policy=NO_RESERVE)
    trade.booked(world, "x", window=window(12, 14))
    world.do(DISPATCHER, assign("x", "t0", 12.5), NOW)
    found = offered(world)
    assert len(found.best) == 3
    assert [each.start for each in found.best] == sorted(each.start for each in found.best)
    assert {each.start for each in found.best} <= {each.start for each in found.windows if not each.full}
    assert all(each.reason.code.startswith("window_") for each in found.best)
    near = [each for each in found.best if each.reason.code == "window_near"]
    assert near
    assert near[0].reason.params["technician"] == "t0"


def test_urgent_calls_get_the_soonest_windows() -> None:
    world = trade.company(*crew(3, home=FAR), policy=NO_RESERVE)
    found = offered(world, urgency="same_day")
    assert [each.start for each in found.best] == [hour(8), hour(10), hour(12)]
    assert found.best[0].reason.code == "window_soonest"


def test_an_order_that_is_moved_does_not_stand_in_its_own_way() -> None:
    world = trade.company(*crew(1), policy=NO_RESERVE)
    order = trade.booked(world, "x", window=window(14, 16))
    world.do(DISPATCHER, assign("x", "t0", 14), NOW)
    region, policy = world.get(Region, "sh"), world.get(Policy, "policy")
    assert region is not None
    assert policy is not None
    items = {each.id: each for each in world.all(Item)}
    days = {day.id: day for day in world.all(Day)}
    need = need_of(order, [items["fridge"]])
    found = windows(need, "normal", world.all(Technician), days, (), policy, region, NOW)
    assert at(found, 14).people == 1


def standing(world: Rehearsal, technician: str, *stops: Stop) -> None:
    day = trade.day_of(world, technician)
    world.entities["day", day.id] = replace(day, stops=stops)


def held(order: str, start: float, end: float, until: int) -> Stop:
    return Stop(
        order=order, visit=1, start=hour(start), end=hour(end), point=CENTRE, state="held", expires_at=until,
        held_by="staff:lina",
    )  # fmt: skip


def test_window_says_who_would_come_when_and_what_it_costs() -> None:
    world = trade.company(trade.technician("far", home=FAR), trade.technician("near"), policy=NO_RESERVE)
    found = at(offered(world), 14)
    assert (found.technician, found.at) == ("near", hour(14))
    assert found.travel_s == Policy().parking_s


def test_promise_that_is_planned_is_time_taken_and_counted_once() -> None:
    world = trade.company(*crew(2), policy=NO_RESERVE)
    trade.booked(world, "x", window=window(14, 16))
    planned = Stop(order="x", visit=1, start=hour(14), end=hour(16), point=CENTRE, state="tentative")
    standing(world, "t0", planned)
    found = at(offered(world), 14)
    assert (found.people, found.promised, found.left) == (1, 0, 1)
    assert found.technician == "t1"


def test_hours_held_for_other_callers_are_named_with_the_moment_they_are_free() -> None:
    world = trade.company(*crew(1), policy=NO_RESERVE)
    standing(world, "t0", held("caller", 14, 16, NOW + 240_000))
    found = at(offered(world), 14)
    assert (found.people, found.held, found.held_until) == (0, 1, NOW + 240_000)
    assert found.reason is not None
    assert found.reason.code == "window_held"
    assert at(offered(world), 10).held == 0
    later = at(offered(world, now=NOW + 240_000), 14)
    assert (later.people, later.held) == (1, 0)


def test_hour_held_for_this_caller_is_his() -> None:
    world = trade.company(*crew(1), policy=NO_RESERVE)
    standing(world, "t0", held("mine", 14, 16, NOW + 240_000))
    found = at(offered(world, order="mine"), 14)
    assert (found.people, found.held) == (1, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"point": Point(float("nan"), 0.0)}, "no_coordinates"), ({"item": "look"}, "no_duration")],
)
def test_what_can_t_be_planned_is_not_promised(changes: dict[str, Any], code: str) -> None:
    world = trade.company()
    look = Item(
        id="look", category="home", name="查看", name_en="Look", skill="cold",
        faults=(Fault(id="warm", name="看", name_en="Look", minutes=0),),
    )  # fmt: skip
    world.entities["item", "look"] = look
    found = offered(world, **changes)
    assert found.best == ()
    assert {each.reason.code for each in found.windows if each.reason} == {code}
    assert all(each.full for each in found.windows)


def test_nobody_at_all_is_an_answer_too() -> None:
    world = trade.company()
    region = world.get(Region, "sh")
    assert region is not None
    need = need_for((), {}, "north", CENTRE)
    found = windows(need, "normal", (), {}, (), Policy(), region, NOW)
    assert all(each.full for each in found.windows)
    assert found.best == ()


def test_windows_go_over_the_wire() -> None:
    found = offered(trade.company())
    assert codec.decode(codec.encode(found), Offered) == found


@settings(max_examples=60, deadline=None)
@example(taken=[(0, 31, 121.3046875), (0, 37, 121.484375)], minute=0, district="north", late=False)
@given(
    taken=st.lists(st.tuples(st.integers(0, 2), st.integers(16, 38), st.floats(121.3, 121.7)), max_size=9),
    minute=st.integers(0, 24 * 60 - 1),
    district=st.sampled_from(("north", "south")),
    late=st.booleans(),
)
def test_whoever_is_counted_in_a_window_is_ranked_in_it_without_making_anybody_late(
    taken: list[tuple[int, int, float]], minute: int, district: str, late: bool
) -> None:
    now = trade.MIDNIGHT + minute * 60_000
    world = trade.company(*crew(2), trade.technician("t2", districts=("north",)), policy=NO_RESERVE)
    if late:
        shifts = tuple(Shift(day, 12 * 60, 22 * 60) for day in range(7))
        world.do(DISPATCHER, SetShifts(technician="t1", from_version=1, shifts=shifts), now)
    for number, (technician, half, lon) in enumerate(taken):
        id = f"x{number}"
        home = trade.address(f"a-{id}", point=Point(lon, 31.23))
        world.do(DISPATCHER, booking(id, window=None, new_address=home), now)
        command = AssignTechnician(order=id, technician=f"t{technician}", start=hour(half / 2))
        with suppress(Rejected):
            world.do(DISPATCHER, command, now)
    found = offered(world, now=now, district=district)
    region = world.get(Region, "sh")
    assert region is not None
    world.do(DISPATCHER, booking("o1", window=None, new_address=trade.address("a", district=district)), now)
    tomorrow = next_date(local_date(now, trade.TIMEZONE))
    for each in [one for one in found.windows if one.date <= tomorrow]:
        order = order_of(world).with_window(Window(each.start, each.end))
        concerned = dates_concerned(order, region, now)
        days = {day.id: day for day in world.all(Day) if day.date in concerned}
        items = [item for item in world.all(Item) if item.id == "fridge"]
        ranking = rank(order, items, (), world.all(Technician), days, {}, NO_RESERVE, region, now)
        calm = [one for one in ranking.eligible if not one.late and one.arrival <= one.start]
        assert each.people <= len(ranking.eligible)
        assert each.people <= len(calm)
