"""Payments by a code in the trade's own rules: one at a time, booked on the provider's word, once, and never made up."""

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Actor, Change, Rejected
from dispatcher_app.domain.command import (
    CapturePayment,
    ClosePayment,
    ConfirmOrder,
    FailPayment,
    PaymentOffered,
    RecordBill,
    RecordPayment,
    SettleDifference,
    StartPayment,
)
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.discrepancy import Bill, Discrepancy, Found
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.order import Order
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain.onsite import finished
from tests.domain.trade import COUNTER, DISPATCHER, SUPERVISOR, company, hour, order_of, staff

FINANCE = staff("finance")
WECHAT = Actor(kind="provider", id="wechat")
LATER = hour(17)
P1, P2 = clock.derived_id("payment", "1"), clock.derived_id("payment", "2")


@pytest.fixture
def world() -> Rehearsal:
    """A company with a repair that is finished and not paid."""
    made = company()
    finished(made)
    return made


def start(payment: str = P1, amount: int = 12000, **changes: Any) -> StartPayment:
    return replace(StartPayment(payment=payment, order="o1", amount=amount, means="wechat"), **changes)


def paid(payment: str = P1, amount: int = 12000, **changes: Any) -> CapturePayment:
    made = CapturePayment(
        payment=payment, amount=amount, currency="CNY", reference="4200001", captured_at=LATER - 5
    )
    return replace(made, **changes)


def payment_of(world: Rehearsal, id: str = P1) -> Payment:
    found = world.get(Payment, id)
    assert found is not None
    return found


def refusal(world: Rehearsal, actor: Actor, command: Any) -> str:
    """Why an act is refused."""
    with pytest.raises(Rejected) as rejected:
        world.do(actor, command, LATER)
    return rejected.value.code


def offered(world: Rehearsal) -> Change:
    world.do(COUNTER, start(), LATER)
    return world.do(SYSTEM, PaymentOffered(payment=P1, code="weixin://wxpay/bizpayurl?pr=1"), LATER)


def test_a_payment_is_started_offered_and_captured_once(world: Rehearsal) -> None:
    change = offered(world)
    assert payment_of(world).state == "pending"
    assert "weixin" not in repr(change.after)
    assert world.code("payment", P1, "code") == "weixin://wxpay/bizpayurl?pr=1"
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), LATER)
    world.do(WECHAT, paid(), LATER)
    order = order_of(world)
    assert (order.paid, order.status, order.paying) == (12000, "completed", None)
    assert world.balance("sh", ledger.provider("wechat"), "CNY") == 12000
    assert payment_of(world).provider_ref == "4200001"
    assert payment_of(world).captured_at == LATER - 5
    assert refusal(world, WECHAT, paid()) == "is_so_already"
    assert refusal(world, SYSTEM, paid(reference="4200002")) == "is_so_already"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 12001}, "paid_too_much"),
        ({"amount": 0}, "amount_invalid"),
        ({"amount": -5}, "amount_invalid"),
        ({"amount": 1 << 60}, "paid_too_much"),
        ({"currency": "USD"}, "currency_differs"),
        ({"payment": "p-1"}, "invalid"),
        ({"order": "o9"}, "not_found"),
    ],
)
def test_what_is_not_owed_can_not_be_asked_for(world: Rehearsal, change: dict[str, Any], code: str) -> None:
    assert refusal(world, COUNTER, replace(start(), **change)) == code
    assert world.get(Payment, P1) is None


def test_one_code_at_a_time_can_be_paid_by(world: Rehearsal) -> None:
    offered(world)
    assert refusal(world, DISPATCHER, start(P2, 6000)) == "payment_open"
    world.do(COUNTER, ClosePayment(payment=P1), LATER)
    assert payment_of(world).closing
    assert refusal(world, DISPATCHER, start(P2, 6000)) == "payment_open"
    assert refusal(world, COUNTER, ClosePayment(payment=P1)) == "is_so_already"
    world.do(SYSTEM, ClosePayment(payment=P1), LATER)
    assert payment_of(world).state == "closed"
    world.do(DISPATCHER, start(P2, 6000), LATER)


def test_only_the_provider_says_what_is_paid(world: Rehearsal) -> None:
    offered(world)
    for actor in (
        COUNTER,
        SUPERVISOR,
        FINANCE,
        Actor(kind="technician", id="li"),
        Actor(kind="link", id="o1"),
    ):
        for command in (
            paid(),
            PaymentOffered(payment=P1, code="x"),
            FailPayment(payment=P1, problem="refused"),
        ):
            assert refusal(world, actor, command) == "not_allowed"
    assert refusal(world, staff("administrator"), start(P2)) == "not_allowed"


def test_another_amount_or_currency_is_never_booked_by_itself(world: Rehearsal) -> None:
    offered(world)
    assert refusal(world, WECHAT, paid(amount=11999)) == "payment_differs"
    assert refusal(world, WECHAT, paid(currency="USD")) == "currency_differs"
    wrong = FailPayment(
        payment=P1, problem="amount_differs", amount=11999, currency="CNY", reference="4200001"
    )
    world.do(SYSTEM, wrong, LATER)
    assert payment_of(world).state == "attention"
    assert "payment_attention" in order_of(world).flags
    assert (order_of(world).paid, order_of(world).paying) == (0, None)
    assert not world.postings
    (difference,) = world.all(Discrepancy)
    assert (difference.what, difference.theirs, difference.gap) == ("amount_differs", 11999, 11999)


def attention(world: Rehearsal) -> str:
    """A payment of which too little came; gives the id of the difference."""
    offered(world)
    wrong = FailPayment(
        payment=P1, problem="amount_differs", amount=11999, currency="CNY", reference="4200001"
    )
    world.do(SYSTEM, wrong, LATER)
    return world.all(Discrepancy)[0].id


def test_finance_takes_what_came_for_the_order(world: Rehearsal) -> None:
    id = attention(world)
    command = SettleDifference(discrepancy=id, how="order", reason="customer_underpaid")
    assert refusal(world, SUPERVISOR, command) == "not_allowed"
    world.do(FINANCE, command, LATER)
    assert (order_of(world).paid, order_of(world).flags) == (11999, ())
    assert (payment_of(world).state, payment_of(world).amount) == ("captured", 11999)
    assert world.balance("sh", ledger.provider("wechat"), "CNY") == 11999
    assert world.all(Discrepancy)[0].state == "settled"
    assert refusal(world, FINANCE, command) == "is_so_already"


def test_finance_posts_a_difference_or_lets_it_be(world: Rehearsal) -> None:
    id = attention(world)
    world.do(
        FINANCE,
        SettleDifference(discrepancy=id, how="difference", reason="provider_error", note="T-1"),
        LATER,
    )
    assert world.balance("sh", ledger.platform("difference"), "CNY") == -11999
    assert (payment_of(world).state, order_of(world).flags) == ("failed", ())
    assert order_of(world).paid == 0


def test_money_that_was_posted_as_a_difference_is_never_booked_again(world: Rehearsal) -> None:
    id = attention(world)
    world.do(FINANCE, SettleDifference(discrepancy=id, how="difference", reason="provider_error"), LATER)
    assert refusal(world, WECHAT, paid()) == "is_so_already"
    again = FailPayment(
        payment=P1, problem="amount_differs", amount=11999, currency="CNY", reference="4200001"
    )
    assert refusal(world, WECHAT, again) == "is_so_already"
    assert world.all(Discrepancy)[0].state == "settled"
    world.do(COUNTER, start(P2), LATER)
    theirs = Found(id="d1", what="theirs_only", payment=P2, order="o1", theirs=12000)
    world.do(FINANCE, bill(theirs), LATER)
    world.do(FINANCE, SettleDifference(discrepancy="d1", how="difference", reason="provider_error"), LATER)
    assert order_of(world).paying is None
    assert refusal(world, WECHAT, paid(P2)) == "is_so_already"
    assert world.balance("sh", ledger.provider("wechat"), "CNY") == 23999


@pytest.mark.parametrize(
    ("first", "second"), [("difference", "difference"), ("difference", "order"), ("order", "difference")]
)
def test_two_differences_about_one_payment_are_booked_once(world: Rehearsal, first: Any, second: Any) -> None:
    offered(world)
    world.do(FINANCE, bill(Found(id="d1", what="theirs_only", payment=P1, order="o1", theirs=11999)), LATER)
    wrong = FailPayment(payment=P1, problem="amount_differs", amount=11999, currency="CNY", reference="420")
    world.do(SYSTEM, wrong, LATER)
    two = [each.id for each in world.all(Discrepancy)]
    world.do(FINANCE, SettleDifference(discrepancy=two[0], how=first, reason="provider_error"), LATER)
    again = SettleDifference(discrepancy=two[1], how=second, reason="provider_error")
    assert refusal(world, FINANCE, again) == "difference_booked"
    assert world.balance("sh", ledger.provider("wechat"), "CNY") == 11999
    world.do(FINANCE, replace(again, how="none"), LATER)


def test_an_order_asks_for_somebody_until_the_last_of_its_payments_is_looked_at(world: Rehearsal) -> None:
    offered(world)
    world.do(SYSTEM, ClosePayment(payment=P1), LATER)
    world.do(COUNTER, start(P2), LATER)
    for id in (P1, P2):
        wrong = FailPayment(payment=id, problem="amount_differs", amount=1, currency="CNY", reference="42")
        world.do(SYSTEM, wrong, LATER)
    for id, flags in ((P1, ("payment_attention",)), (P2, ())):
        settled = SettleDifference(discrepancy=f"paid:{id}", how="difference", reason="other")
        world.do(FINANCE, settled, LATER)
        assert order_of(world).flags == flags


def test_a_difference_that_the_provider_has_mended_since_is_not_posted(world: Rehearsal) -> None:
    offered(world)
    world.do(FINANCE, bill(Found(id="d1", what="theirs_only", payment=P1, order="o1", theirs=12000)), LATER)
    world.do(WECHAT, paid(), LATER)
    posted = SettleDifference(discrepancy="d1", how="difference", reason="late_bill")
    assert refusal(world, FINANCE, posted) == "difference_booked"
    assert world.balance("sh", ledger.provider("wechat"), "CNY") == 12000


def test_what_is_paid_after_all_is_booked_whatever_was_thought_of_it(world: Rehearsal) -> None:
    offered(world)
    world.do(SYSTEM, ClosePayment(payment=P1), LATER)
    world.do(COUNTER, RecordPayment(order="o1", amount=12000, means="cash"), LATER)
    world.do(WECHAT, paid(), LATER)
    assert order_of(world).paid == 24000
    assert payment_of(world).state == "captured"


def test_a_provider_that_says_no_leaves_the_order_free_for_another_try(world: Rehearsal) -> None:
    world.do(COUNTER, start(), LATER)
    world.do(SYSTEM, FailPayment(payment=P1, problem="refused", said="PARAM_ERROR"), LATER)
    assert (payment_of(world).state, payment_of(world).said) == ("failed", "PARAM_ERROR")
    assert order_of(world).flags == ()
    world.do(COUNTER, start(P2), LATER)


def bill(*found: Found) -> RecordBill:
    return RecordBill(
        provider="wechat",
        date="2026-11-22",
        digest="a",
        payments=1,
        paid=5000,
        refunds=0,
        refunded=0,
        found=found,
    )


def test_differences_of_a_bill_are_kept_once_and_settled_with_a_posting(world: Rehearsal) -> None:
    found = (
        Found(id="d1", what="theirs_only", key="x", reference="42", theirs=5000),
        Found(id="d2", what="ours_only", payment=P1, order="o1", ours=700),
        Found(id="d3", what="theirs_only", moved="refund", key="r", reference="50", theirs=300),
    )
    assert refusal(world, SUPERVISOR, bill(*found)) == "not_allowed"
    world.do(FINANCE, bill(*found), LATER)
    for id, balance in (("d1", 5000), ("d2", 4300), ("d3", 4000)):
        world.do(FINANCE, SettleDifference(discrepancy=id, how="difference", reason="other_system"), LATER)
        assert world.balance("sh", ledger.provider("wechat"), "CNY") == balance
    world.do(FINANCE, bill(*found), LATER)
    assert [each.state for each in world.all(Discrepancy)] == ["settled"] * 3
    assert len(world.all(Bill)) == 1
    assert (
        refusal(world, FINANCE, SettleDifference(discrepancy="d1", how="none", reason="other"))
        == "is_so_already"
    )
    lots = tuple(Found(id=f"e{n}", what="theirs_only", theirs=1) for n in range(2001))
    assert refusal(world, FINANCE, bill(*lots)) == "bill_strange"


def test_a_difference_without_an_order_can_not_be_taken_for_one(world: Rehearsal) -> None:
    world.do(FINANCE, bill(Found(id="d1", what="theirs_only", theirs=5000)), LATER)
    settle = SettleDifference(discrepancy="d1", how="order", reason="other")
    assert refusal(world, FINANCE, settle) == "difference_no_order"
    assert refusal(world, FINANCE, replace(settle, how="none", reason="because")) == "reason_unknown"


def test_every_step_leaves_the_books_balanced(world: Rehearsal) -> None:
    attention(world)
    for posting in world.postings.values():
        assert sum(entry.amount for entry in posting.entries) == 0
    assert isinstance(world.get(Order, "o1"), Order)
