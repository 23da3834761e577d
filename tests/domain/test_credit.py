"""The score of a technician: what counts, for how long, and what it stands for."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import SavePolicy
from dispatcher_app.domain.money.credit import (
    LEVELS,
    SPARE_ORDERS,
    Credit,
    CreditStep,
    Level,
    Void,
    counted,
    kept,
    lapses_at,
    level,
    score,
    without,
)  # fmt: skip
from dispatcher_app.domain.region import Policy
from tests.domain import trade

NOW = 1_800_000_000_000
POLICY = Policy()


def step(id: str, points: int, days: float = 0, order: str = "", void: Void = "") -> CreditStep:
    """A step of some days ago."""
    return CreditStep(
        id=id, cause="late", points=points, order=order, at=NOW - round(days * DAY_MS), rules=1, void=void
    )


STEPS = st.lists(
    st.builds(
        step,
        st.uuids().map(str),
        st.integers(-5, 5),
        st.floats(0, 120),
        st.integers(0, 80).map(lambda order: f"o{order}" if order else ""),
        st.sampled_from(["", "", "", "appeal"]),
    ),
    max_size=120,
)


@given(STEPS)
def test_a_score_is_never_below_nothing_nor_above_a_hundred(steps: list[CreditStep]) -> None:
    assert 0 <= score(steps, POLICY, NOW) <= 100


@given(STEPS, st.randoms())
def test_a_score_does_not_hang_on_the_order_in_which_steps_came_in(
    steps: list[CreditStep], dice: Random
) -> None:
    shuffled = list(steps)
    dice.shuffle(shuffled)
    assert score(shuffled, POLICY, NOW) == score(steps, POLICY, NOW)


@given(STEPS)
def test_only_the_last_days_and_orders_count_and_nothing_that_was_taken_back(steps: list[CreditStep]) -> None:
    found = counted(steps, POLICY, NOW)
    assert all(not each.void and each.at > NOW - 90 * DAY_MS for each in found)
    orders = {each.order for each in found if each.order}
    assert len(orders) <= 50
    left_out = {each.id for each in steps if not each.void and each.at > NOW - 90 * DAY_MS} - {
        each.id for each in found
    }
    if left_out:
        latest = max(each.at for each in steps if each.id in left_out)
        assert len(orders) == 50
        for order in orders:
            assert max(each.at for each in found if each.order == order) >= latest


@given(STEPS)
def test_what_is_let_go_of_would_not_have_counted(steps: list[CreditStep]) -> None:
    left = kept(steps, POLICY, NOW)
    assert score(left, POLICY, NOW) == score(steps, POLICY, NOW)
    assert len({each.order for each in left if each.order}) <= 50 + SPARE_ORDERS


@given(STEPS, st.integers(0, 119))
def test_a_step_that_is_taken_back_leaves_the_score_as_if_it_had_never_been(
    steps: list[CreditStep], at: int
) -> None:
    if not steps:
        return
    taken = steps[at % len(steps)]
    credit = Credit(id="li", region="sh", steps=tuple(steps))
    after = without(credit, taken.id, "taken_back")
    others = [each for each in steps if each.id != taken.id]
    assert score(after.steps, POLICY, NOW) == score(others, POLICY, NOW)


def test_somebody_of_whom_nothing_is_known_stands_at_eighty() -> None:
    assert score((), POLICY, NOW) == 80


def test_a_step_of_ninety_days_ago_counts_no_more() -> None:
    assert score([step("a", -5, 89.9)], POLICY, NOW) == 75
    assert score([step("a", -5, 90)], POLICY, NOW) == 80
    credit = Credit(id="li", region="sh", steps=(step("a", -5, 30),))
    assert lapses_at(credit, POLICY) == NOW + 60 * DAY_MS


def test_the_fifty_first_order_back_counts_no_more() -> None:
    steps = [step(f"s{each}", 0, each, f"o{each}") for each in range(50)]
    assert score([*steps, step("late", -5, 60, "old")], POLICY, NOW) == 80
    assert score([*steps[1:], step("late", -5, 60, "old")], POLICY, NOW) == 75


def test_an_order_that_is_about_two_things_counts_as_one() -> None:
    steps = [step(f"s{each}", 0, each, f"o{each // 2}") for each in range(98)]
    assert score([*steps, step("late", -5, 89, "old")], POLICY, NOW) == 75


@pytest.mark.parametrize(
    ("points", "name"),
    [
        (100, "honour"), (90, "honour"), (89, "normal"), (70, "normal"), (69, "warning"), (60, "warning"),
        (59, "training"), (50, "training"), (49, "suspension"), (0, "suspension"),
    ],
)  # fmt: skip
def test_every_score_has_one_level(points: int, name: Level) -> None:
    assert level(points, POLICY) == name


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_better_score_is_never_a_worse_level(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert LEVELS.index(level(high, POLICY)) <= LEVELS.index(level(low, POLICY))


def test_the_figures_are_those_of_the_policy() -> None:
    policy = replace(POLICY, credit_start=60, credit_days=10, credit_orders=1, credit_levels=(95, 80, 40, 20))
    steps = [step("a", 3, 1, "o1"), step("b", -4, 2, "o2"), step("c", 9, 11)]
    assert score(steps, policy, NOW) == 63
    assert level(63, policy) == "warning"


@pytest.mark.parametrize(
    "figures",
    [
        {"credit_levels": (90, 70, 60)},
        {"credit_levels": (90, 70, 70, 50)},
        {"credit_levels": (190, 70, 60, 50)},
        {"credit_levels": (90, 70, 60, -1)},
        {"credit_stars": (-3, -1, 0, 1)},
        {"credit_stars": (-300, -2, -1, 0, 1)},
        {"credit_start": 101},
        {"credit_days": 0},
        {"credit_orders": 0},
        {"credit_late": -5},
        {"credit_unfinished": ("not_able",) * 21},
        {"credit_unfinished": ("修不了",)},
    ],
)
def test_figures_that_make_no_sense_are_refused(figures: dict[str, Any]) -> None:
    world = trade.company()
    with pytest.raises(Rejected, match=r"figure_unfit|too_many|reason_unknown"):
        world.do(trade.ADMINISTRATOR, SavePolicy(policy=replace(Policy(), version=1, **figures)), trade.NOW)
