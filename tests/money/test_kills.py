"""kill -9 of the server at each step of a payment, a refund and a withdrawal: nothing lost, doubled or stuck."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.region import Policy
from dispatcher_app.integrations.payments.port import key_of
from dispatcher_app.server.store import record
from tests.money.bought import finished
from tests.money.doomed import Doomed
from tests.payments import wechat
from tests.payments.wechat import WechatHouse, wechat_house
from tests.server import payroll
from tests.server.city import Place, open_gate
from tests.server.process import Server, administer
from tests.server.waiting import until

PAY, LOOK = "POST /v3/pay/transactions/native", "GET /v3/pay/transactions/out-trade-no"
REFUND, ASK = "POST /v3/refund/domestic/refunds", "GET /v3/refund/domestic/refunds"


@pytest.fixture
def house() -> Iterator[WechatHouse]:
    with wechat_house() as made:
        yield made


@pytest.fixture
def doomed(
    sqlite: Place, launch: Callable[..., Server], house: WechatHouse, tmp_path: Path
) -> Iterator[Doomed]:
    file = tmp_path / "payments.toml"
    file.write_text(wechat.settings(tmp_path, house.url, notify="https://repair.example.com/pay"))
    made = Doomed(sqlite, launch, house, file)
    yield made
    made.end()


def orders(doomed: Doomed, count: int) -> int:
    """So many orders that only want their money; gives what each costs."""
    with closing(open_gate(doomed.place)) as gate:
        with gate.database.reading() as cursor:
            policy = record.load(cursor, Policy.kind, "policy")
        assert isinstance(policy, Policy)
        gate.do(c.SavePolicy(policy=replace(policy, refund_ask_again_s=1)), actor=SYSTEM)
        for number in range(count):
            found = finished(gate, f"o-{number}", number % 8, 7 + 2 * (number // 8))
    return found.quote.total


def paid(doomed: Doomed, order: str, amount: int) -> str:
    """A payment from the first word to the last; gives its id."""
    id = clock.new_id()
    doomed.do(c.StartPayment(payment=id, order=order, amount=amount, means="wechat"), "chen")
    doomed.wait("payment", id, "pending", "captured")
    doomed.house.pay(key_of(id))
    doomed.wait("payment", id, "captured")
    return id


def refunded(doomed: Doomed, order: str, payment: str, amount: int = 2000) -> str:
    """A refund from the first word to the last; gives its id."""
    id = clock.new_id()
    part = c.RefundPart(refund=id, amount=amount, payment=payment)
    doomed.do(c.ProposeRefund(order=order, reason="quality", side="platform", parts=(part,)))
    given_back(doomed, id)
    return id


def given_back(doomed: Doomed, refund: str) -> None:
    """The provider takes its time over a refund, and has done it when it is asked again."""
    until(lambda: doomed.look("refund", refund) and key_of(refund) in doomed.house.refunds, "no refund", 60)
    doomed.house.refunds[key_of(refund)]["status"] = "SUCCESS"
    doomed.wait("refund", refund, "done")


def accounted_for(doomed: Doomed, payments: dict[str, int], refunds: dict[str, int]) -> None:
    """All is there once, at the provider's as in our books, and everything agrees."""
    doomed.end()
    house = doomed.house
    assert house.forged == 0
    assert sorted(house.trades) == sorted(map(key_of, payments))
    assert sorted(house.refunds) == sorted(map(key_of, refunds))
    with closing(open_gate(doomed.place)) as gate:
        posted = [id for (id,) in gate.all("SELECT id FROM ledger_posting")]
        for id in payments:
            assert posted.count(f"capture:{id}") == 1
        for id in refunds:
            assert posted.count(f"refund:{id}") == 1
        ((held,),) = gate.all(
            "SELECT amount FROM ledger_balance WHERE account = ?", (ledger.provider("wechat"),)
        )
        assert held == sum(payments.values()) - sum(refunds.values())
    checked = administer(doomed.place, "verify")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("kills")
def test_a_server_killed_at_each_step_of_a_payment_and_a_refund_books_each_once(
    doomed: Doomed, deep: bool
) -> None:
    ways = ("unheard", "lost", "told") if deep else ("lost",)
    steps = [(what, how) for what in (PAY, LOOK) for how in ways]
    amount = orders(doomed, len(steps))
    payments, refunds = dict[str, int](), dict[str, int]()
    for number, (what, how) in enumerate(steps):
        order = f"o-{number}"
        doomed.at, doomed.how = what, how
        payment = paid(doomed, order, amount)
        doomed.at, doomed.how = (REFUND, ASK)[number // len(ways)], how
        refund = refunded(doomed, order, payment)
        payments[payment], refunds[refund] = amount, 2000
        doomed.at = ""
    assert doomed.kills >= len(steps)
    accounted_for(doomed, payments, refunds)


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("kills")
def test_kills_at_random_moments_lose_no_money_and_double_none(doomed: Doomed, deep: bool) -> None:
    chance = random.Random(2)
    kills, most = (20, 16) if deep else (6, 4)
    amount = orders(doomed, most)
    payments, refunds = dict[str, int](), dict[str, int]()
    number = 0
    while doomed.kills < kills:
        assert number < most, "too few of the moments were hit"
        order = f"o-{number}"
        payment = clock.new_id()
        doomed.dying(
            c.StartPayment(payment=payment, order=order, amount=amount, means="wechat"),
            "chen",
            chance.random() / 50,
        )
        doomed.at, doomed.how, doomed.delay_s = (
            PAY,
            chance.choice(("unheard", "lost", "told")),
            chance.random() / 50,
        )
        doomed.wait("payment", payment, "pending", "captured")
        doomed.house.pay(key_of(payment))
        doomed.at, doomed.how, doomed.delay_s = LOOK, "told", chance.random() / 50
        doomed.wait("payment", payment, "captured")
        refund = clock.new_id()
        part = c.RefundPart(refund=refund, amount=1000, payment=payment)
        proposed = c.ProposeRefund(order=order, reason="quality", side="platform", parts=(part,))
        doomed.at, doomed.how, doomed.delay_s = (
            REFUND,
            chance.choice(("unheard", "lost", "told")),
            chance.random() / 50,
        )
        doomed.dying(proposed, delay_s=chance.random() / 50)
        given_back(doomed, refund)
        payments[payment], refunds[refund] = amount, 1000
        number += 1
    accounted_for(doomed, payments, refunds)


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("kills")
def test_a_server_killed_at_each_step_of_a_withdrawal_pays_it_once(doomed: Doomed) -> None:
    period = payroll.last_week(doomed.place)
    doomed.begin()
    asked = until(
        lambda: doomed.request("POST", "/settlements", "zhao", payroll.asked(period)), "no settlement"
    )
    assert asked is not None
    assert asked.status_code == 200, asked.text
    doomed.kill()
    until(lambda: doomed.look("account", "sh-t1").get("settled", 0) > 0, "nothing was settled", 60)
    doomed.dying(c.SaveWay(technician="sh-t1", way="bank", number=payroll.CARD, bank="招商银行"), "zhao")
    id, batch = clock.new_id(), clock.new_id()
    for step, user in (
        (c.RequestWithdrawal(withdrawal=id, technician="sh-t1", amount=20_000, way="bank"), "zhao"),
        (c.ApproveWithdrawal(withdrawal=id), "lina"),
        (c.SendWithdrawals(batch=batch, withdrawals=(id,)), "zhao"),
        (c.ReportWithdrawal(withdrawal=id, outcome="paid"), "zhao"),
    ):
        doomed.dying(step, user)
    assert doomed.look("withdrawal", id)["state"] == "paid"
    assert doomed.kills >= 4
    doomed.end()
    with closing(open_gate(doomed.place)) as gate:
        found = dict(gate.all("SELECT id, cause FROM ledger_posting WHERE id LIKE 'withdrawal%'"))
        assert sorted(found) == [f"withdrawal:{id}", f"withdrawal_paid:{id}"]
        ((out,),) = gate.all("SELECT amount FROM ledger_balance WHERE account = 'technician:paid:sh-t1'")
        assert out == -20_000
    checked = administer(doomed.place, "verify")
    assert checked.returncode == 0, checked.stdout
