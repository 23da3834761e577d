"""Share rules by item and level: dated, never changed once they are in force, and the figures of the policy else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import SavePolicy
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.terms import CONTRACTORS, ShareRule, TaxBand
from dispatcher_app.domain.region import Policy
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.trade import NOW
from tests.money.books import balances, check

EVER = ShareRule(since=0, item="fridge", labour_percent=60, surcharge_percent=40)


def earned(policy: Policy, **technician: Any) -> int:
    """What somebody earns with a fridge of ¥120 labour."""
    world = trade.company(trade.technician("li", **technician), policy=policy)
    onsite.completed(world)
    check(world)
    return -balances(world)[ledger.technician("li", "frozen")]


def test_an_items_rule_counts_and_others_go_by_the_policy() -> None:
    assert earned(Policy(share_rules=(EVER,))) == 7_200
    assert earned(Policy(share_rules=(replace(EVER, item="tap"),))) == 8_400


def test_a_level_earns_by_its_own_rule() -> None:
    honour = ShareRule(since=0, level="honour", labour_percent=75, surcharge_percent=50)
    assert earned(Policy(share_rules=(honour,)), credit=95) == 9_000
    assert earned(Policy(share_rules=(honour,)), credit=80) == 8_400


def test_a_rule_counts_for_orders_booked_from_its_day_on() -> None:
    assert earned(Policy(share_rules=(replace(EVER, since=NOW + DAY_MS),))) == 8_400


def save(world: Rehearsal, **changes: Any) -> None:
    former = world.get(Policy, "policy")
    assert former is not None
    world.do(SYSTEM, SavePolicy(policy=replace(former, **changes)), NOW)


def test_a_rule_in_force_stays_and_a_new_one_begins_later() -> None:
    world = trade.company(policy=Policy(share_rules=(EVER,)))
    later = replace(EVER, since=NOW + DAY_MS, labour_percent=65)
    save(world, share_rules=(EVER, later))
    for rules, code in (
        ((later,), "terms_begun"),
        ((replace(EVER, labour_percent=61), later), "terms_begun"),
        ((EVER, later, replace(EVER, item="tap")), "terms_past"),
        ((EVER, later, replace(later, labour_percent=1)), "rule_twice"),
        ((EVER, replace(later, labour_percent=101)), "figure_unfit"),
    ):
        with pytest.raises(Rejected, match=code):
            save(world, share_rules=rules)
    save(world, share_rules=(EVER,))


def test_a_tax_table_is_followed_by_another_one_not_changed() -> None:
    world = trade.company()
    with pytest.raises(Rejected, match="terms_begun"):
        save(world, tax_bands=CONTRACTORS[1:])
    save(world, tax_bands=(*CONTRACTORS, TaxBand(since=NOW + DAY_MS, above=500_000, percent=3)))
