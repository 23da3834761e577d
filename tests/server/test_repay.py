"""Refunds on their way to a provider that is late, dies, answers twice or says no; and nodes that die at every step."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.integrations.payments.port import Provider, key_of
from dispatcher_app.server import repay
from dispatcher_app.server.repay import Asking
from dispatcher_app.server.store import record
from tests.server.bank import Bank
from tests.server.city import Gate, Place, actor_of, assign, book, open_gate
from tests.server.onsite import DOOR

PAID = 12000


class Died(BaseException):
    """The node's power is cut."""


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def paid(gate: Gate) -> str:
    """The id of an order that was done, and paid by WeChat."""
    return lived(gate, "o-1")


def lived(gate: Gate, order: str) -> str:
    supervisor = actor_of("lina")
    for command in (
        book(order=order),
        assign(order, int(order[2:]) % 8),
        c.Depart(order=order, technician=f"sh-t{int(order[2:]) % 8}"),
        c.Arrive(order=order, technician=f"sh-t{int(order[2:]) % 8}", point=DOOR, accuracy_m=10),
        c.MarkLine(order=order, line=0, from_state="open", state="done"),
        c.FinishOrder(order=order, technician=f"sh-t{int(order[2:]) % 8}"),
        c.ConfirmOrder(order=order, confirmation="phone"),
    ):
        gate.do(command, actor=supervisor)
    payment = clock.new_id()
    gate.do(c.StartPayment(payment=payment, order=order, amount=PAID, means="wechat"))
    gate.do(c.PaymentOffered(payment=payment, code="weixin://x"), actor=SYSTEM)
    captured = c.CapturePayment(payment=payment, amount=PAID, currency="CNY", reference="4200001")
    gate.do(captured, actor=SYSTEM)
    return payment


def proposed(gate: Gate, payment: str, amount: int = 5000, order: str = "o-1", **changes: Any) -> str:
    """A refund that a supervisor has decided within his limit; returns its id."""
    id = clock.new_id()
    part = c.RefundPart(refund=id, amount=amount, payment=payment)
    gate.do(c.ProposeRefund(order=order, reason="quality", side="technician", parts=(part,)), **changes)
    return id


def refund(gate: Gate, id: str) -> Refund:
    with gate.database.reading() as cursor:
        found = record.load(cursor, Refund.kind, id)
    assert isinstance(found, Refund)
    return found


def order_of(gate: Gate, id: str = "o-1") -> Order:
    with gate.database.reading() as cursor:
        found = record.load(cursor, Order.kind, id)
    assert isinstance(found, Order)
    return found


def go(gate: Gate, bank: Provider, asking: Asking | None = None) -> int:
    """One round of the job; without its memory it is that of a node that has just started."""
    return asyncio.run(repay.repay(gate.database, gate.executor, {"wechat": bank}, asking or Asking()))


def balance(gate: Gate, account: str) -> int:
    return sum(row[0] for row in gate.all("SELECT amount FROM ledger_balance WHERE account = ?", (account,)))


def test_a_refund_is_sent_booked_and_over(gate: Gate, bank: Bank, paid: str) -> None:
    id = proposed(gate, paid)
    assert go(gate, bank) == 1
    made = refund(gate, id)
    assert (made.state, made.provider_ref, made.tries) == ("done", "ref0", 1)
    assert bank.given == {key_of(id): 1}
    assert balance(gate, "provider:wechat") == PAID - 5000
    assert go(gate, bank) == 0
    assert order_of(gate).refunding == ""


def test_a_provider_that_takes_its_time_is_asked_again_and_sent_nothing_twice(
    gate: Gate, bank: Bank, paid: str
) -> None:
    bank.mind("slow")
    id = proposed(gate, paid)
    asking = Asking()
    go(gate, bank, asking)
    assert refund(gate, id).state == "sending"
    assert go(gate, bank, asking) == 0, "not yet time to ask again"
    go(gate, bank)
    assert refund(gate, id).state == "done"
    assert bank.asked[key_of(id)] == 1


def test_an_answer_that_never_came_is_asked_for(gate: Gate, bank: Bank, paid: str) -> None:
    bank.mind("lost")
    id = proposed(gate, paid)
    go(gate, bank)
    assert refund(gate, id).state == "sending"
    go(gate, bank)
    assert refund(gate, id).state == "done"
    assert bank.given == {key_of(id): 1} == bank.asked


def test_a_request_that_never_arrived_is_sent_again(gate: Gate, bank: Bank, paid: str) -> None:
    bank.mind("dead", "dead")
    id = proposed(gate, paid)
    for _ in range(3):
        go(gate, bank)
    assert (refund(gate, id).state, refund(gate, id).tries) == ("done", 3)
    assert bank.given == {key_of(id): 1}


def test_what_nobody_answers_for_long_wants_a_person_and_is_still_asked_about(
    gate: Gate, bank: Bank, paid: str
) -> None:
    gate.do(c.SavePolicy(policy=policy(gate, refund_attention_after=0)), actor=actor_of("guanli"))
    bank.silent = True
    id = proposed(gate, paid)
    go(gate, bank)
    assert (refund(gate, id).state, refund(gate, id).step) == ("attention", "look_up")
    assert order_of(gate).refunding == "attention"
    tries = refund(gate, id).tries
    go(gate, bank)
    assert refund(gate, id).tries == tries, "nothing is sent while nobody knows"
    bank.silent = False
    asyncio.run(bank.refund(key_of(id), None, 5000))  # type: ignore[arg-type]
    go(gate, bank)
    assert refund(gate, id).state == "done"
    assert order_of(gate).flags == ()


def test_a_refusal_is_final_says_the_next_step_and_may_be_tried_again(
    gate: Gate, bank: Bank, paid: str
) -> None:
    bank.mind("short")
    id = proposed(gate, paid)
    go(gate, bank)
    assert (refund(gate, id).state, refund(gate, id).step) == ("failed", "fill_account")
    assert go(gate, bank) == 0
    gate.do(c.RetryRefund(order="o-1", refund=id, tries=1), actor=actor_of("zhao"))
    go(gate, bank)
    assert refund(gate, id).state == "done"
    assert bank.given == {key_of(id): 1}


def test_what_the_provider_has_ended_is_begun_anew_under_another_key(
    gate: Gate, bank: Bank, paid: str
) -> None:
    bank.mind("closed")
    id = proposed(gate, paid)
    go(gate, bank)
    assert refund(gate, id).fault == "refund_closed"
    gate.do(c.RetryRefund(order="o-1", refund=id, tries=1), actor=actor_of("zhao"))
    go(gate, bank)
    assert refund(gate, id).state == "done"
    assert len(bank.refunds) == 2
    assert bank.money == 5000


@pytest.mark.parametrize(("mood", "fault"), [("odd", "amount_differs"), ("abnormal", "refund_abnormal")])
def test_an_answer_that_does_not_fit_wants_a_person(
    gate: Gate, bank: Bank, paid: str, mood: str, fault: str
) -> None:
    bank.mind(mood)
    id = proposed(gate, paid)
    go(gate, bank)
    assert (refund(gate, id).state, refund(gate, id).fault) == ("attention", fault)
    said = c.ReportRefund(order="o-1", refund=id, tries=1, result="done", provider_ref="5030")
    gate.do(said, actor=actor_of("zhao"))
    assert refund(gate, id).state == "done"


def test_without_a_provider_it_has_failed_for_sure(gate: Gate, paid: str) -> None:
    id = proposed(gate, paid)
    asyncio.run(repay.repay(gate.database, gate.executor, {}, Asking()))
    assert (refund(gate, id).state, refund(gate, id).step) == ("failed", "set_up")


def test_one_that_was_sent_to_a_provider_who_is_gone_wants_a_person(
    gate: Gate, bank: Bank, paid: str
) -> None:
    bank.mind("slow")
    id = proposed(gate, paid)
    go(gate, bank)
    asyncio.run(repay.repay(gate.database, gate.executor, {}, Asking()))
    assert refund(gate, id).state == "sending", "not yet late"
    gate.do(c.SavePolicy(policy=policy(gate, refund_attention_after=0)), actor=actor_of("guanli"))
    for _ in range(2):
        asyncio.run(repay.repay(gate.database, gate.executor, {}, Asking()))
    assert (refund(gate, id).state, refund(gate, id).step) == ("attention", "set_up")
    assert order_of(gate).refunding == "attention"
    go(gate, bank)
    assert refund(gate, id).state == "done"


def test_what_waits_for_a_second_person_is_not_sent(gate: Gate, bank: Bank, paid: str) -> None:
    id = proposed(gate, paid, actor=actor_of("wangfang"))
    assert go(gate, bank) == 0
    gate.do(c.ApproveRefund(order="o-1", refunds=(id,), amount=5000), actor=actor_of("lina"))
    go(gate, bank)
    assert refund(gate, id).state == "done"


def test_two_nodes_that_do_the_same_give_the_money_once(gate: Gate, bank: Bank, paid: str) -> None:
    ids = [proposed(gate, paid, amount) for amount in (1000, 2000, 3000)]

    async def both() -> None:
        providers: dict[str, Provider] = {"wechat": bank}
        await asyncio.gather(
            *(repay.repay(gate.database, gate.executor, providers, Asking()) for _ in range(3))
        )

    asyncio.run(both())
    go(gate, bank)
    assert bank.given == {key_of(id): 1 for id in ids}
    assert {refund(gate, id).state for id in ids} == {"done"}


# ---------------------------------------------------------------- power cuts
class Cut:
    """A bank beside which the power is cut: before it is asked, after it has done it, or while it is asked about."""

    def __init__(self, bank: Bank, where: str) -> None:
        self.bank, self.where, self.name = bank, where, bank.name

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bank, name)

    async def refund(self, key: str, paid: Any, amount: int, reason: str = "") -> Any:
        """Cut off around the one call that moves money."""
        if self.where == "before_asking":
            raise Died
        answer = await self.bank.refund(key, paid, amount, reason)
        if self.where == "after_asking":
            raise Died
        return answer

    async def query_refund(self, key: str, paid: Any) -> Any:
        """Cut off around the question."""
        answer = await self.bank.query_refund(key, paid)
        if self.where == "while_asking_about":
            raise Died
        return answer


STEPS = ("before_sending", "before_asking", "after_asking", "before_booking", "while_asking_about")


def cut(gate: Gate, bank: Bank, where: str) -> bool:
    """One round that ends there for good, where it comes so far; whether it did."""
    executor: Any = gate.executor

    class Dying:
        def submit(self, act: Any) -> Any:
            """The writer of a node whose power is cut before it writes that."""
            if where == "before_sending" and isinstance(act.command, c.SendRefund):
                raise Died
            if where == "before_booking" and isinstance(act.command, c.ReportRefund):
                raise Died
            return executor.submit(act)

    async def round_() -> bool:
        providers: dict[str, Any] = {"wechat": Cut(bank, where)}
        try:
            await repay.repay(gate.database, Dying(), providers, Asking())  # type: ignore[arg-type]
        except Died:
            return True
        return False

    return asyncio.run(round_())


@pytest.mark.parametrize("where", STEPS)
def test_a_power_cut_at_each_step_loses_nothing_and_pays_once(
    gate: Gate, bank: Bank, paid: str, where: str
) -> None:
    if where == "while_asking_about":
        bank.mind("lost")
    id = proposed(gate, paid)
    if where == "while_asking_about":
        go(gate, bank)
    assert cut(gate, bank, where)
    assert refund(gate, id).state in ("approved", "sending")
    for _ in range(3):
        go(gate, bank)
    assert refund(gate, id).state == "done"
    assert bank.given == {key_of(id): 1}
    assert balance(gate, "provider:wechat") == PAID - 5000


@pytest.mark.parametrize("seed", range(4))
def test_whatever_goes_wrong_everybody_has_his_money_once_in_the_end(sqlite: Place, seed: int) -> None:
    chance, bank, gate = random.Random(seed), Bank(), open_gate(sqlite)
    try:
        payments = {f"o-{number}": lived(gate, f"o-{number}") for number in range(1, 4)}
        ids = {
            proposed(gate, payment, 1000 * number, order): 1000 * number
            for order, payment in payments.items()
            for number in (1, 2, 4)
        }
        for _ in range(12):
            bank.mind(*chance.choices(("lost", "dead", "slow", "short", "closed", ""), k=6))
            if chance.random() < 0.4:
                cut(gate, bank, chance.choice(STEPS))
            go(gate, bank)
            for id in ids:
                if (found := refund(gate, id)).state == "failed":
                    again = c.RetryRefund(order=found.order, refund=id, tries=found.tries)
                    gate.do(again, actor=actor_of("zhao"))
        bank.mind()
        for _ in range(4):
            go(gate, bank)
        assert {refund(gate, id).state for id in ids} == {"done"}
        assert bank.money == sum(ids.values())
        assert balance(gate, "provider:wechat") == 3 * PAID - bank.money
        assert max(bank.given.values()) == 1
    finally:
        gate.close()


def policy(gate: Gate, **changes: Any) -> Policy:
    """The figures in force with some changed."""
    with gate.database.reading() as cursor:
        found = record.load(cursor, Policy.kind, "policy")
    assert isinstance(found, Policy)
    return replace(found, **changes)
