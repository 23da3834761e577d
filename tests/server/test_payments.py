"""Payments by a code on both databases: through lost answers, crashes, late and wrong money, each booked once."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money import ledger
from dispatcher_app.server.store import query
from tests.payments.alipay import AlipayHouse, alipay_house
from tests.payments.till import Till, ended, key, order_of, owing, providers
from tests.payments.wechat import WechatHouse, wechat_house
from tests.server.city import Gate, actor_of


@pytest.fixture
def tenpay() -> Iterator[WechatHouse]:
    with wechat_house() as made:
        yield made


@pytest.fixture
def antpay() -> Iterator[AlipayHouse]:
    with alipay_house() as made:
        yield made


@pytest.fixture
def till(gate: Gate, tenpay: WechatHouse, antpay: AlipayHouse, tmp_path: Path) -> Iterator[Till]:
    loop = asyncio.new_event_loop()
    found = providers(tmp_path, tenpay.url, antpay.url)
    owing(gate)
    yield Till(gate, loop, found)
    ended(loop, found)
    loop.close()


def test_a_code_is_made_and_what_is_paid_completes_the_order(till: Till, tenpay: WechatHouse) -> None:
    id = till.offered()
    with till.gate.database.reading() as cursor:
        sealed = query.secret(cursor, "payment", id, "code")
    assert sealed is not None
    assert till.gate.vault.open("payment", id, "code", sealed[1]).startswith("weixin://")
    assert not [row for row in till.gate.all("SELECT body FROM change") if "weixin" in (row[0] or "")]
    till.work()
    assert till.payment(id).state == "pending"
    tenpay.pay(key(id))
    till.work(3)
    order = order_of(till.gate)
    assert (till.payment(id).state, order.status, order.paid) == ("captured", "completed", order.quote.total)
    assert till.balance(ledger.provider("wechat")) == order.quote.total
    assert tenpay.forged == 0


def test_alipay_is_paid_by_a_code_that_becomes_a_trade_when_it_is_scanned(
    till: Till, antpay: AlipayHouse
) -> None:
    id = till.offered("alipay")
    till.work()
    antpay.pay(key(id))
    till.work()
    assert till.payment(id).state == "captured"
    assert till.balance(ledger.provider("alipay")) == order_of(till.gate).paid


@pytest.mark.parametrize("fault", ["lost", "down", "busy", "forged", "no_sign"])
def test_an_answer_that_is_lost_is_asked_for_again_and_never_makes_a_second_payment(
    till: Till, tenpay: WechatHouse, fault: str
) -> None:
    tenpay.faults = ["", fault]
    id = till.start()
    till.work()
    assert till.payment(id).state == "starting"
    till.work()
    assert (till.payment(id).state, list(tenpay.trades)) == ("pending", [key(id)])


def test_who_comes_after_a_crash_asks_how_it_stands_before_asking_for_a_code(
    till: Till, tenpay: WechatHouse
) -> None:
    tenpay.faults = ["", "lost"]
    id = till.start()
    till.work()
    tenpay.pay(key(id))
    till.restart()
    asked = len(tenpay.asked)
    till.work()
    assert till.payment(id).state == "captured"
    assert [each for each in tenpay.asked[asked:] if each.startswith("POST")] == []


def test_a_provider_that_says_no_leaves_the_order_free(till: Till, tenpay: WechatHouse) -> None:
    tenpay.faults = ["", "refuses:NO_AUTH"]
    id = till.start()
    till.work()
    assert (till.payment(id).state, till.payment(id).said) == ("failed", "NO_AUTH")
    assert till.offered("alipay")


def test_a_payment_without_a_provider_fails_at_once(till: Till) -> None:
    till.providers = {}
    id = till.start()
    till.work()
    assert (till.payment(id).state, till.payment(id).problem) == ("failed", "no_provider")


def test_closing_is_the_providers_word_and_what_was_paid_just_then_counts(
    till: Till, tenpay: WechatHouse
) -> None:
    first = till.offered()
    till.gate.do(c.ClosePayment(payment=first), actor=actor_of("chen"))
    till.work()
    assert till.payment(first).state == "closed"
    second = till.offered()
    tenpay.pay(key(second))
    till.gate.do(c.ClosePayment(payment=second), actor=actor_of("chen"))
    till.work()
    assert till.payment(second).state == "captured"


def test_what_runs_out_is_closed_and_alipays_code_is_watched_until_it_can_not_be_paid(
    till: Till, antpay: AlipayHouse
) -> None:
    id = till.offered("alipay")
    till.gate.do(c.ClosePayment(payment=id), actor=actor_of("chen"))
    till.work()
    assert till.payment(id).state == "closed"
    antpay.pay(key(id))
    till.work()
    assert till.payment(id).state == "captured"


def test_a_payment_whose_time_is_over_is_closed(till: Till, tenpay: WechatHouse) -> None:
    id = till.offered()
    till.due(id)
    till.work()
    assert till.payment(id).state == "closed"
    assert tenpay.trades[key(id)]["trade_state"] == "CLOSED"


def test_what_was_paid_in_cash_meanwhile_closes_the_code(till: Till) -> None:
    id = till.offered()
    amount = order_of(till.gate).quote.total
    till.gate.do(c.RecordPayment(order="o-1", amount=amount, means="cash"), actor=actor_of("chen"))
    till.work()
    assert till.payment(id).state == "closed"


def test_another_amount_than_was_asked_for_is_listed_and_not_booked(till: Till, tenpay: WechatHouse) -> None:
    id = till.offered()
    tenpay.pay(key(id), total=1)
    till.work()
    assert till.payment(id).state == "attention"
    assert till.balance(ledger.provider("wechat")) == 0
    (difference,) = till.differences()
    assert (difference.what, difference.theirs) == ("amount_differs", 1)
    till.work()
    settle = c.SettleDifference(discrepancy=difference.id, how="order", reason="customer_underpaid")
    till.gate.do(settle, actor=actor_of("zhao"))
    assert till.balance(ledger.provider("wechat")) == 1
    assert order_of(till.gate).paid == 1


def test_two_nodes_that_learn_the_same_book_it_once(till: Till, tenpay: WechatHouse) -> None:
    id = till.offered()
    tenpay.pay(key(id))
    other = Till(till.gate, till.loop, till.providers)
    payment = till.payment(id)
    till.work()
    other.work()
    assert till.payment(id).version == payment.version + 1
    assert len(till.gate.all("SELECT id FROM ledger_posting WHERE cause = 'capture'")) == 1


def test_who_may_not_take_money_starts_no_payment(till: Till) -> None:
    command = c.StartPayment(payment=key("x"), order="o-1", amount=100, means="wechat")
    for person in ("sun", "wall"):
        with pytest.raises(Rejected, match="not_allowed"):
            till.gate.do(command, actor=actor_of(person))
