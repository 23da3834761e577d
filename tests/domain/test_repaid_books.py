"""The keeper's check of refunds: it finds nothing where all is well, and names what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.command import ApproveRefund, WithdrawRefund
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Allowance, allowance_id
from dispatcher_app.server.repaid_books import refunds
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.paying import LATER, captured, compensation, proposal, refund_of, sent, told
from tests.domain.trade import DATE, DISPATCHER, SUPERVISOR, order_of


@pytest.fixture
def world() -> Rehearsal:
    """One refund paid, one on its way, one taken back, one that waits, a compensation."""
    made = trade.company()
    onsite.finished(made)
    captured(made)
    for id, amount in (("r1", 1000), ("r2", 2000), ("r3", 3000)):
        made.do(SUPERVISOR, proposal(amount, id=id), LATER)
    sent(made, "r1")
    told(made, "done", "r1")
    sent(made, "r2")
    made.do(SUPERVISOR, WithdrawRefund(order="o1", refunds=("r3",)), LATER)
    made.do(DISPATCHER, compensation(500, id="r4"), LATER)
    made.do(DISPATCHER, compensation(700, id="r5"), LATER)
    made.do(SUPERVISOR, ApproveRefund(order="o1", refunds=("r5",), amount=700), LATER)
    return made


def found(world: Rehearsal) -> list[str]:
    return [each.about for each in refunds(set(world.postings), world.entities)]


def test_what_agrees_is_not_named(world: Rehearsal) -> None:
    assert found(world) == []


def test_money_that_left_without_a_posting_is_named(world: Rehearsal) -> None:
    del world.postings["refund:r1"]
    assert found(world) == ["r1: done, not posted as paid"]


def test_money_that_was_posted_and_is_not_done_is_named(world: Rehearsal) -> None:
    world.postings["refund:r2"] = world.postings["refund:r1"]
    assert found(world) == ["r2: sending, posted as paid"]


def test_what_is_owed_without_a_decision_is_named(world: Rehearsal) -> None:
    del world.postings["refund_back:r3"]
    assert found(world) == ["r3: withdrawn, posted as owed"]


@pytest.mark.parametrize(
    ("kind", "id", "changes"),
    [
        ("order", "o1", {"refunded": 1}), ("order", "o1", {"compensated": 0}), ("order", "o1", {"refunding": ""}),
        ("order", "o1", {"refunds": ("r1",)}), ("payment", "p1", {"refunded": 0}),
        ("allowance", allowance_id("supervisor", "sh", DATE), {"used": 9}),
    ],
)  # fmt: skip
def test_whatever_else_does_not_fit_is_named(
    world: Rehearsal, kind: str, id: str, changes: dict[str, Any]
) -> None:
    world.entities[kind, id] = replace(world.entities[kind, id], **changes)  # type: ignore[type-var]
    assert len(found(world)) == 1


def test_the_world_is_as_the_tests_think(world: Rehearsal) -> None:
    assert [refund_of(world, f"r{n}").state for n in range(1, 6)] == [
        "done", "sending", "withdrawn", "proposed", "approved"
    ]  # fmt: skip
    assert order_of(world).refunding == "proposed"
    assert isinstance(world.get(Payment, "p1"), Payment)
    assert isinstance(world.get(Allowance, allowance_id("supervisor", "sh", DATE)), Allowance)
