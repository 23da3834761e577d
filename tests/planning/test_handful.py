"""Several visits in one hand: each is judged with the others where they would stand, not where they stood."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.matching import need_of
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.ghost import dragged, ghost
from dispatcher_app.planning.handful import Handful, ghosts, instead_of, learn, shared, together
from dispatcher_app.planning.plan import Plan
from dispatcher_app.planning.travel import Points, Travel
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.test_publishing import city
from tests.domain.trade import DISPATCHER, NOW, assign, booked, hour, order_of, window


def taken(world: Rehearsal, *orders: str) -> Handful:
    """These orders in the hand."""
    plan = Plan(trade.TIMEZONE, [trade.DATE], world.all(Technician), world.all(Day))
    windows = {each.id: each.window for each in world.all(Order) if each.window is not None}
    drags = {}
    for id in orders:
        order = order_of(world, id)
        items = [item for line in order.lines if (item := world.get(Item, line.item)) is not None]
        drags[id] = dragged(plan, order, need_of(order, items), Policy(), NOW, windows)
    return Handful(drags, {day.id: day for day in world.all(Day)}, windows)


def codes(hand: Handful, places: dict[str, tuple[str, float]]) -> dict[str, list[str]]:
    found = ghosts(hand, {order: (who, hour(at)) for order, (who, at) in places.items()})
    return {order: [each.code for each in made.broken] for order, made in found.items()}


def test_two_that_change_places_do_not_stand_in_each_others_way() -> None:
    hand = taken(city(), "o1", "o3")
    assert codes(hand, {"o1": ("wang", 10), "o3": ("li", 10)}) == {"o1": [], "o3": []}


def test_two_dropped_on_the_same_hour_of_one_technician_overlap() -> None:
    hand = taken(city(), "o1", "o3")
    assert codes(hand, {"o1": ("zhao", 10), "o3": ("zhao", 10.5)}) == {"o1": [], "o3": ["overlap"]}


def test_what_was_asked_before_leaves_no_trace() -> None:
    world = city()
    hand = taken(world, "o1", "o3")
    codes(hand, {"o1": ("zhao", 10), "o3": ("zhao", 12)})
    codes(hand, {"o1": ("li", 12), "o3": ("wang", 12)})
    alone = ghosts(hand, {"o1": ("wang", hour(10))})["o1"]
    assert alone == ghost(taken(world, "o1").drags["o1"], "wang", hour(10))
    assert [each.code for each in alone.broken] == ["overlap"]


def test_whom_several_make_late_is_told_once_and_without_themselves() -> None:
    world = trade.company()
    for id, at in (("o1", 10), ("o2", 11), ("x", 13)):
        booked(world, id, window=window(9, 18 if id != "x" else 13))
        world.do(DISPATCHER, assign(id, "li", at), NOW)
    hand = taken(world, "o1", "o2")
    found = ghosts(hand, {"o1": ("li", hour(11)), "o2": ("li", hour(12))})
    shifted, unkept = together(found)
    assert [each.order for each in shifted] == ["x"]
    assert [each.order for each in unkept] == ["x"]


def test_remarks_are_those_that_the_drop_will_keep() -> None:
    world = city()
    found = ghosts(taken(world, "o1"), {"o1": ("zhao", hour(9))})["o1"]
    change = world.do(DISPATCHER, assign("o1", "zhao", 9, from_technician="li"), NOW)
    assert [each.code for each in found.remarks] == order_of(world, "o1").steps[-1].params["despite"]
    assert [each.code for each in change.warnings] == ["outside_window"]


def test_what_somebody_plans_meanwhile_at_a_new_place_is_taken_in_at_once() -> None:
    world = city()
    hand = taken(world, "o1")
    assert codes(hand, {"o1": ("zhao", 14)}) == {"o1": []}
    booked(world, "x", window=window(13, 15), new_address=trade.address("a-x", point=Point(121.6, 31.3)))
    world.do(DISPATCHER, assign("x", "zhao", 14), NOW)
    order = order_of(world, "x")
    assert order.window is not None
    learn(hand, [trade.day_of(world, "zhao")], {"x": order.window})
    assert codes(hand, {"o1": ("zhao", 14)}) == {"o1": ["overlap"]}
    found = ghosts(hand, {"o1": ("zhao", hour(13))})["o1"]
    assert [each.order for each in found.shifted] == ["x"]
    assert found == ghost(taken(world, "o1").drags["o1"], "zhao", hour(13))


def test_a_day_is_shared_out_among_those_who_have_time_and_who_fits_nobody_is_left_out() -> None:
    world = city()
    booked(world, "o5", window=window(10, 18))
    world.do(DISPATCHER, assign("o5", "li", 14), NOW)
    booked(world, "z", window=window(10, 18))
    world.do(DISPATCHER, assign("z", "zhao", 14), NOW)
    booked(world, "w", window=window(10, 18))
    world.do(DISPATCHER, assign("w", "wang", 14), NOW)
    found = shared(taken(world, "o1", "o2", "o5"), ("wang", "zhao"))
    assert found["o1"] == ("zhao", hour(10))
    assert found["o2"][0] in ("wang", "zhao")
    assert "o5" not in found


def test_drives_that_are_known_better_replace_what_was_reckoned_with_the_former() -> None:
    world = trade.company(trade.technician("li", home=Point(121.6, 31.3)), trade.technician("wang"))
    for id, at in (("o1", 10), ("o2", 12)):
        booked(world, id, window=window(10, 18))
        world.do(DISPATCHER, assign(id, "wang", at), NOW)
    hand = taken(world, "o1", "o2")
    before = ghosts(hand, {"o1": ("li", hour(14)), "o2": ("li", hour(16))})

    def slow(origins: Points, targets: Points, at: int) -> Travel:
        estimated = hand.drags["o1"].travel(origins, targets, at)
        return replace(estimated, seconds=estimated.seconds + 600)

    drags = {id: replace(each, travel=slow) for id, each in hand.drags.items()}
    better = instead_of(hand, Handful(drags, hand.days, hand.windows))
    assert ghosts(better, {"o1": ("li", hour(14))})["o1"].drive_s == before["o1"].drive_s + 600
    assert codes(better, {"o1": ("wang", 12)}) == {"o1": ["overlap"]}
