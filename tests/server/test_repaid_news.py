"""What a customer is told of money that goes back: what was agreed, what is paid, and what is called off."""

from __future__ import annotations

from typing import Any

import pytest

from dispatcher_app.domain.act import Actor
from dispatcher_app.domain.command import ApproveRefund, PayRefund, RejectRefund, WithdrawRefund
from dispatcher_app.server.notices.news import news
from dispatcher_app.server.notices.word import texts
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.paying import FINANCE, LATER, captured, compensation, proposal, sent, told
from tests.domain.trade import COUNTER, DISPATCHER, SUPERVISOR, order_of


@pytest.fixture
def world() -> Rehearsal:
    made = trade.company()
    onsite.finished(made)
    captured(made)
    return made


def heard(world: Rehearsal, actor: Actor, command: Any) -> list[str]:
    """What an act makes known, and to whom; each has its words in both languages."""
    before = order_of(world)
    world.do(actor, command, LATER)
    found = news(actor.name, before, order_of(world), LATER)
    for each in found:
        assert f"{each.party}.{each.what}" in texts("zh_CN")
        assert f"{each.party}.{each.what}" in texts("en")
        assert each.recipient == "c-o1"
        assert each.params["total"] > 0
    return [each.what for each in found]


def test_a_proposal_is_nobodys_news_until_somebody_agrees(world: Rehearsal) -> None:
    assert heard(world, DISPATCHER, proposal(5000)) == []
    assert heard(world, SUPERVISOR, ApproveRefund(order="o1", refunds=("r1",), amount=5000)) == [
        "refund_agreed"
    ]


def test_a_proposal_that_is_turned_down_was_never_news(world: Rehearsal) -> None:
    assert heard(world, DISPATCHER, proposal(5000)) == []
    assert heard(world, SUPERVISOR, RejectRefund(order="o1", refunds=("r1",), reason="no_ground")) == []
    assert heard(world, DISPATCHER, proposal(5000, id="r2")) == []
    assert heard(world, DISPATCHER, WithdrawRefund(order="o1", refunds=("r2",))) == []


def test_who_was_told_of_money_is_told_that_it_does_not_come(world: Rehearsal) -> None:
    assert heard(world, SUPERVISOR, proposal(5000)) == ["refund_agreed"]
    assert heard(world, SUPERVISOR, WithdrawRefund(order="o1", refunds=("r1",))) == ["refund_withdrawn"]


def test_money_that_went_back_is_told_of_once(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    sent(world)
    before = order_of(world)
    told(world, "done")
    found = news("system:dispatcher", before, order_of(world), LATER)
    assert [(each.what, each.params["total"]) for each in found] == [("refund_paid", 5000)]


@pytest.mark.parametrize(("way", "payer"), [("cash", COUNTER), ("transfer", FINANCE)])
def test_compensation_says_how_it_was_paid(world: Rehearsal, way: str, payer: Actor) -> None:
    assert heard(world, SUPERVISOR, compensation(3000, way=way)) == ["compensation_agreed"]
    paid = PayRefund(order="o1", refund="r1", amount=3000, receipt="A-1")
    assert heard(world, payer, paid) == [f"compensation_paid_{way}"]


def test_trouble_on_the_way_is_ours(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    sent(world)
    before = order_of(world)
    told(world, "failed")
    assert news("system:dispatcher", before, order_of(world), LATER) == []
