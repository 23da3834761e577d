"""Refunds through the real protocol of a provider and the death of real servers: each customer has his money once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.region import Policy
from dispatcher_app.integrations.payments.port import key_of
from dispatcher_app.server.repay import Asking, repay
from dispatcher_app.server.store import record
from tests.payments.till import Till, ended, key, order_of, owing, providers, settings
from tests.payments.wechat import WechatHouse, wechat_house
from tests.server.city import Gate, Place, actor_of, open_gate
from tests.server.desk import desk
from tests.server.process import Server, administer
from tests.server.waiting import until

AMOUNTS = (1000, 1500, 2000, 2500)
FAULTS = ("", "lost", "down", "late", "forged")
"""Nothing wrong; done, but no answer comes; not done; the answer comes when nobody waits any more; not believed."""


@pytest.fixture
def tenpay() -> Iterator[WechatHouse]:
    with wechat_house() as made:
        made.refunds_at_once = True
        yield made


def refunds(gate: Gate, till: Till, tenpay: WechatHouse) -> list[str]:
    """An order paid by WeChat, and what a supervisor gives back of it; returns the ids."""
    payment = till.offered()
    tenpay.pay(key(payment))
    till.work(3)
    ids = [clock.new_id() for _ in AMOUNTS]
    for id, amount in zip(ids, AMOUNTS, strict=True):
        part = c.RefundPart(refund=id, amount=amount, payment=payment)
        gate.do(c.ProposeRefund(order="o-1", reason="quality", side="technician", parts=(part,)))
    return ids


def states(gate: Gate, ids: list[str]) -> set[str]:
    with gate.database.reading() as cursor:
        found = [record.load(cursor, Refund.kind, id) for id in ids]
    return {each.state for each in found if isinstance(each, Refund)}


def given(tenpay: WechatHouse) -> dict[str, int]:
    """What the provider has given back, by our key."""
    return {key: each["amount"]["refund"] for key, each in tenpay.refunds.items()}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_refund_is_made_once_through_whatever_happens_on_the_way(
    gate: Gate, tenpay: WechatHouse, tmp_path: Path, fault: str
) -> None:
    loop, found = asyncio.new_event_loop(), providers(tmp_path, tenpay.url, tenpay.url)
    till = Till(gate, loop, found)
    try:
        owing(gate)
        ids = refunds(gate, till, tenpay)
        if fault == "late":
            tenpay.released.set()
        tenpay.faults = [fault]
        for _ in range(3):
            loop.run_until_complete(repay(gate.database, gate.executor, found, Asking()))
        assert states(gate, ids) == {"done"}
        assert given(tenpay) == {key_of(each): amount for each, amount in zip(ids, AMOUNTS, strict=True)}
        assert till.balance("provider:wechat") == order_of(gate).paid - sum(AMOUNTS)
    finally:
        ended(loop, found)
        loop.close()


@pytest.mark.timeout(900)
@pytest.mark.xdist_group("kills")
def test_servers_that_are_killed_while_they_give_money_back_give_it_once(
    sqlite: Place, launch: Callable[..., Server], tenpay: WechatHouse, tmp_path: Path, deep: bool
) -> None:
    loop, found = asyncio.new_event_loop(), providers(tmp_path, tenpay.url, tenpay.url)
    with closing(open_gate(sqlite)) as gate:
        owing(gate)
        with gate.database.reading() as cursor:
            policy = record.load(cursor, Policy.kind, "policy")
        assert isinstance(policy, Policy)
        gate.do(c.SavePolicy(policy=replace(policy, refund_ask_again_s=1)), actor=actor_of("guanli"))
        ids = refunds(gate, Till(gate, loop, found), tenpay)
    ended(loop, found)
    loop.close()
    chance, file = random.Random(7), settings(tmp_path, tenpay.url, tenpay.url)
    words = ("--payments", str(file), "--public", "https://repair.example.com")
    for _ in range(20 if deep else 4):
        tenpay.faults = [chance.choice(FAULTS) for _ in range(4)]
        tenpay.came.clear()
        server = launch(sqlite, *words)
        # In the middle of the talk with the provider, or before it has begun.
        if chance.random() < 0.8:
            tenpay.came.wait(5)
        server.kill()
        tenpay.released.set()
        tenpay.released.clear()
    tenpay.faults = []
    tenpay.released.set()
    server = launch(sqlite, *words)
    with desk(server.url, "zhao") as zhao:

        def over() -> bool:
            found = zhao.state()
            return {found["refund", id][1]["state"] for id in ids} == {"done"}

        until(over, "a refund never ended")
    server.stop()
    assert given(tenpay) == {key_of(id): amount for id, amount in zip(ids, AMOUNTS, strict=True)}
    checked = administer(sqlite, "verify")
    assert checked.returncode == 0, checked.stdout
