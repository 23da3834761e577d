"""How orders are dispatched by themselves: by which rule, from when on, and when they are a person's."""

from __future__ import annotations

from typing import Any

import pytest

from dispatcher_app.domain import mode
from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.calendar import HOUR_MS
from dispatcher_app.domain.command import (
    DeclineOrder,
    DropOrder,
    LeaveToDesk,
    OfferOrder,
    SavePolicy,
    UnassignTechnician,
    WithdrawOffer,
)  # fmt: skip
from dispatcher_app.domain.pool import refusers
from dispatcher_app.domain.region import DispatchMode, Policy
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import ADMINISTRATOR, DISPATCHER, NOW, TIMEZONE, hour, order_of

LI = Actor(kind="technician", id="li")
AUTO = Policy(dispatch_modes=(DispatchMode(mode="auto"),))
DIRECT = Policy()


def wanted(world: Rehearsal, policy: Policy = DIRECT, order: str = "o1") -> str:
    return mode.wanted(order_of(world, order), policy)


@pytest.fixture
def world() -> Rehearsal:
    made = trade.company()
    trade.booked(made)
    return made


@pytest.mark.parametrize(
    ("item", "district", "found"),
    [("fridge", "north", "auto"), ("fridge", "south", "grab"), ("tap", "north", "offer"), ("tap", "south", "direct")],
)  # fmt: skip
def test_the_most_exact_rule_counts(item: str, district: str, found: str) -> None:
    policy = Policy(
        dispatch_modes=(
            DispatchMode(mode="direct"),
            DispatchMode(district="north", mode="offer"),
            DispatchMode(item="fridge", mode="grab"),
            DispatchMode(item="fridge", district="north", mode="auto"),
        )
    )
    assert mode.mode_of(policy, item, district) == found


def test_without_rules_everything_is_for_a_person(world: Rehearsal) -> None:
    assert wanted(world) == "direct"


def test_a_new_order_goes_by_its_rule(world: Rehearsal) -> None:
    assert wanted(world, AUTO) == "auto"


def test_an_order_without_a_sure_promise_is_for_a_person() -> None:
    made = trade.company()
    trade.booked(made, "o1", provisional=True)
    assert wanted(made, AUTO) == "direct"
    trade.booked(made, "o2", window=None)
    assert not mode.is_due(order_of(made, "o2"), TIMEZONE, NOW)


@pytest.mark.parametrize(
    ("start", "now", "due"),
    [(14, 9, True), (24 + 20, 9, False), (24 + 20, 17.9, False), (24 + 20, 18, True), (24 + 8, 8, True),
     (24 + 8, 7.9, False), (10, 12.1, False)],
)  # fmt: skip
def test_an_order_is_due_a_day_ahead_or_the_evening_before_until_its_window_ends(
    start: float, now: float, due: bool
) -> None:
    made = trade.company()
    trade.booked(made, window=trade.window(start, start + 2))
    assert mode.is_due(order_of(made), TIMEZONE, hour(now)) == due


def test_an_emergency_is_due_at_once() -> None:
    made = trade.company()
    trade.booked(made, window=trade.window(48, 50), urgency="emergency")
    assert mode.is_due(order_of(made), TIMEZONE, NOW)


def test_an_offer_that_is_passed_on_goes_to_the_next_whatever_the_rules(world: Rehearsal) -> None:
    world.do(DISPATCHER, OfferOrder(order="o1", technician="li"), NOW)
    world.do(LI, DeclineOrder(order="o1", technician="li"), NOW)
    assert wanted(world) == "offer"
    assert refusers(order_of(world)) == {"li"}


def test_whoever_declines_on_his_behalf_goes_on_by_hand_unless_a_rule_says_otherwise(
    world: Rehearsal,
) -> None:
    world.do(DISPATCHER, OfferOrder(order="o1", technician="li"), NOW)
    world.do(DISPATCHER, DeclineOrder(order="o1", technician="li"), NOW)
    assert wanted(world) == "direct"
    assert wanted(world, AUTO) == "auto"


def test_what_somebody_took_back_is_not_given_away_again(world: Rehearsal) -> None:
    world.do(SYSTEM, OfferOrder(order="o1", technician="li"), NOW)
    world.do(DISPATCHER, WithdrawOffer(order="o1", from_technician="li"), NOW)
    assert wanted(world, AUTO) == "direct"
    world.do(DISPATCHER, trade.assign(), NOW)
    world.do(DISPATCHER, UnassignTechnician(order="o1", from_technician="li"), NOW)
    assert wanted(world, AUTO) == "direct"


def test_what_a_technician_gives_back_goes_on_but_not_to_him(world: Rehearsal) -> None:
    world.do(SYSTEM, trade.assign(), NOW)
    world.do(LI, DropOrder(order="o1", technician="li", reason="ill"), NOW)
    assert wanted(world, AUTO) == "auto"
    assert refusers(order_of(world)) == {"li"}


def test_finding_nobody_is_said_once_by_the_system_alone(world: Rehearsal) -> None:
    left = LeaveToDesk(order="o1", mode="auto", reason="nobody_fit")
    with pytest.raises(Rejected) as found:
        world.do(DISPATCHER, left, NOW)
    assert found.value.code == "not_allowed"
    world.do(SYSTEM, left, NOW)
    assert order_of(world).status == "pending"
    assert mode.is_left(order_of(world))
    assert wanted(world, AUTO) == "auto"
    with pytest.raises(Rejected) as found:
        world.do(SYSTEM, left, NOW)
    assert found.value.code == "is_so_already"


def test_a_step_keeps_why_somebody_was_chosen_in_codes_only(world: Rehearsal) -> None:
    world.do(SYSTEM, trade.assign(why=("travel", "load")), NOW)
    assert order_of(world).steps[-1].params["why"] == ["travel", "load"]
    trade.booked(world, "o2")
    with pytest.raises(Rejected) as found:
        world.do(DISPATCHER, OfferOrder(order="o2", technician="li", why=("张丽华 13800138000",)), NOW)
    assert found.value.code == "reason_unknown"


@pytest.mark.parametrize(
    "changes",
    [
        {"grab_rings_m": ()},
        {"grab_rings_m": (5000, 3000)},
        {"grab_rings_m": (0, 3000)},
        {"grab_ring_s": 0},
        {"dispatch_modes": (DispatchMode(item="fridge"), DispatchMode(item="fridge", mode="auto"))},
    ],
)
def test_rings_and_modes_that_make_no_sense_are_refused(changes: dict[str, Any]) -> None:
    made = trade.company()
    with pytest.raises(Rejected) as found:
        made.do(ADMINISTRATOR, SavePolicy(policy=Policy(version=1, **changes)), NOW)
    assert found.value.code in ("figure_unfit", "mode_twice")
    good = Policy(version=1, dispatch_modes=(DispatchMode(mode="grab"),), grab_rings_m=(1000,))
    made.do(ADMINISTRATOR, SavePolicy(policy=good), NOW + HOUR_MS)
