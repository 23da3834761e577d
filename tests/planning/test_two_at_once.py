"""Ranking and windows where a visit takes two: whoever leads, somebody else begins at the same moment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import ArrangeVisit, AssignTechnician, BookedLine, HoldWindow, SaveItem
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.matching import need_of
from dispatcher_app.domain.order import After, Order
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.promise import need_for, promises_of
from dispatcher_app.planning.windows import Offered, windows
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import ADMINISTRATOR, CENTRE, DISPATCHER, NOW, hour, order_of, window
from tests.planning.test_rank import eligible, excluded, ranked
from tests.planning.test_windows import NO_RESERVE, at


def heavy(*people: Technician) -> Rehearsal:
    """A company whose refrigerators take two."""
    world = trade.company(*people)
    item = world.get(Item, "fridge")
    assert item is not None
    world.do(ADMINISTRATOR, SaveItem(item=replace(item, crew=2)), NOW)
    return world


def crew(*names: str, **changes: Any) -> list[Technician]:
    return [trade.technician(each, **changes) for each in names]


def sent(world: Rehearsal, order: str, technician: str, start: int) -> None:
    world.do(DISPATCHER, AssignTechnician(order=order, technician=technician, start=start), NOW)


def offered(world: Rehearsal, **more: Any) -> Offered:
    region = world.get(Region, "sh")
    assert region is not None
    items = {each.id: each for each in world.all(Item)}
    need = need_for((BookedLine(item="fridge", fault="warm"),), items, "north", CENTRE, **more)
    orders = world.all(Order)
    needs = {each.id: need_of(each, [items[line.item] for line in each.lines]) for each in orders}
    days = {day.id: day for day in world.all(Day)}
    promised = promises_of(orders, needs)
    return windows(need, "normal", world.all(Technician), days, promised, NO_RESERVE, region, NOW)


def test_every_lead_has_somebody_along_and_both_are_free_then() -> None:
    world = heavy(*crew("li", "wang", "zhao"))
    trade.booked(world)
    ranking = ranked(world)
    assert {each.technician for each in ranking.eligible} == {"li", "wang", "zhao"}
    for each in ranking.eligible:
        assert each.along is not None
        assert each.technician not in each.helpers


def test_nobody_can_go_where_there_is_no_second_one() -> None:
    world = heavy(*crew("li"), trade.technician("wang", skills=()))
    trade.booked(world)
    ranking = ranked(world)
    assert ranking.eligible == ()
    assert [each.code for each in excluded(ranking, "li").broken] == ["nobody_along"]
    assert [each.code for each in excluded(ranking, "wang").broken] == ["skill"]


def test_two_meet_when_the_busier_one_is_free() -> None:
    world = heavy(*crew("li", "wang"))
    trade.booked(world, "o1", window=window(10, 16))
    trade.booked(world, "busy", window=window(10, 12), lines=(BookedLine(item="tap"),))
    sent(world, "busy", "wang", hour(10))
    for each in ranked(world).eligible:
        assert each.start >= hour(10) + trade.minutes(40)


def test_the_one_who_has_it_keeps_his_hour_and_gets_somebody_along() -> None:
    world = heavy(*crew("li", "wang"))
    trade.booked(world, window=window(10, 16))
    sent(world, "o1", "li", hour(13.5))
    mine = eligible(ranked(world), "li")
    assert (mine.start, mine.helpers, mine.current) == (hour(13.5), ("wang",), True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["li", "wang", "zhao"]), st.integers(18, 34)), max_size=7))
def test_whatever_is_ranked_can_be_assigned(taken: list[tuple[str, int]]) -> None:
    world = heavy(*crew("li", "wang", "zhao"))
    trade.booked(world, "o1", window=window(10, 16))
    for number, (who, half) in enumerate(taken):
        trade.booked(world, f"b{number}", window=window(8, 20), lines=(BookedLine(item="tap"),))
        try:
            sent(world, f"b{number}", who, hour(half / 2))
        except Rejected:
            continue
    for each in ranked(world).eligible:
        then = replace(world, entities=dict(world.entities), numbers=dict(world.numbers))
        act = AssignTechnician(order="o1", technician=each.technician, start=each.start, helpers=each.helpers)
        assert "needs_helper" not in {each.code for each in then.do(DISPATCHER, act, NOW).warnings}


def test_a_window_counts_pairs_and_names_both() -> None:
    found = at(offered(heavy(*crew("li", "wang", "zhao"))), 14)
    assert (found.people, found.left) == (1, 1)
    assert found.technician is not None
    assert len(found.helpers) == 1
    assert found.technician not in found.helpers


def test_a_window_in_which_one_alone_is_free_is_full() -> None:
    found = at(offered(heavy(*crew("li"))), 14)
    assert found.left == 0
    assert found.reason is not None
    assert found.reason.code == "window_no_two"


def test_an_offered_window_can_be_held_with_both() -> None:
    world = heavy(*crew("li", "wang", "zhao"))
    found = at(offered(world), 14)
    assert found.technician is not None
    assert found.at is not None
    hold = HoldWindow(
        order="o1", window=window(14, 16), technician=found.technician, helpers=found.helpers, start=found.at,
        lines=(BookedLine(item="fridge", fault="warm"),), district="north", point=CENTRE,
    )  # fmt: skip
    with pytest.raises(Rejected, match="helper_missing"):
        world.do(DISPATCHER, replace(hold, helpers=()), NOW)
    world.do(DISPATCHER, hold, NOW)
    held = [day for day in world.all(Day) if day.hold_of("o1")]
    assert {day.technician for day in held} == {found.technician, *found.helpers}


def test_nothing_is_offered_before_the_order_that_comes_first_is_over() -> None:
    found = offered(heavy(*crew("li", "wang")), span=(hour(15), 2**53))
    assert at(found, 12).left == 0
    assert (at(found, 14).at or 0) >= hour(15)


def test_nobody_is_ranked_before_the_order_that_comes_first_is_over() -> None:
    world = trade.company(*crew("li", "wang"))
    trade.booked(world, "parts", window=window(10, 12))
    sent(world, "parts", "wang", hour(11))
    trade.booked(world, "o1", window=window(10, 16))
    after = After(order="parts", pause=30)
    world.do(DISPATCHER, ArrangeVisit(order="o1", from_crew=1, crew=1, after=after), NOW)
    with pytest.raises(Rejected) as refused:
        sent(world, "o1", "li", hour(11))
    assert [each["code"] for each in refused.value.params["broken"]] == ["after_other"]
    sent(world, "o1", "li", hour(12.5))
    assert order_of(world, "o1").technician == "li"
