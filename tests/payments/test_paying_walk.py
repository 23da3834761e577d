"""Payments in any order and number, told early, late, twice and wrongly: the books agree after every step."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.command import (
    CapturePayment,
    ClosePayment,
    ConfirmOrder,
    FailPayment,
    PaymentOffered,
    RecordPayment,
    SettleDifference,
    StartPayment,
)
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.discrepancy import HOWS, Discrepancy
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain.onsite import finished
from tests.domain.trade import COUNTER, SUPERVISOR, company, hour, order_of, staff

FINANCE = staff("finance")
IDS = tuple(clock.derived_id("walk", str(number)) for number in range(3))
ids = st.sampled_from(IDS)
amounts = st.sampled_from((1, 3000, 5000, 12000, 20000))
currencies = st.sampled_from(("CNY", "CNY", "CNY", "USD"))


def by_provider(command: Any) -> tuple[Actor, Any]:
    return Actor(kind="provider", id="wechat"), command


steps = st.one_of(
    st.builds(
        lambda id, amount: (COUNTER, StartPayment(payment=id, order="o1", amount=amount, means="wechat")), ids, amounts
    ),
    st.builds(lambda id: by_provider(PaymentOffered(payment=id, code="weixin://x")), ids),
    st.builds(
        lambda id, amount, currency, number: by_provider(
            CapturePayment(payment=id, amount=amount, currency=currency, reference=f"42{number}")
        ),
        ids, amounts, currencies, st.integers(0, 2),
    ),
    st.builds(lambda id, actor: (actor, ClosePayment(payment=id)), ids, st.sampled_from((COUNTER, SYSTEM))),
    st.builds(
        lambda id, amount, currency: by_provider(
            FailPayment(payment=id, problem="amount_differs", amount=amount, currency=currency, reference="42")
        ),
        ids, amounts, currencies,
    ),
    st.builds(lambda id: by_provider(FailPayment(payment=id, problem="refused")), ids),
    st.builds(lambda amount: (COUNTER, RecordPayment(order="o1", amount=amount, means="card")), amounts),
    st.just((SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"))),
    st.builds(
        lambda id, how: (FINANCE, SettleDifference(discrepancy=f"paid:{id}", how=how, reason="other")),
        ids, st.sampled_from(HOWS),
    ),
)  # fmt: skip


def sound(world: Rehearsal) -> None:
    """What must hold after every step."""
    order = order_of(world)
    payments = world.all(Payment)
    captured = [each for each in payments if each.state == "captured"]
    assert order.paid == sum(each.amount for each in captured)
    for posting in world.postings.values():
        assert sum(entry.amount for entry in posting.entries) == 0
    booked = sum(
        each.booked for each in world.all(Discrepancy) if each.how == "difference" and each.state == "settled"
    )
    wechat = sum(each.amount for each in captured if each.means == "wechat")
    assert world.balance("sh", ledger.provider("wechat"), "CNY") == wechat + booked
    open_ = [each.id for each in payments if each.state in ("starting", "pending")]
    assert open_ == ([order.paying] if order.paying else [])
    if any(each.state == "attention" for each in payments):
        assert "payment_attention" in order.flags


@settings(max_examples=400, deadline=None)
@given(st.lists(steps, min_size=4, max_size=16))
def test_the_books_agree_with_the_payments_whatever_happens(walk: list[tuple[Actor, Any]]) -> None:
    world = company()
    finished(world)
    for number, (actor, command) in enumerate(walk):
        with contextlib.suppress(Rejected):
            world.do(actor, command, hour(17) + number)
        sound(world)
