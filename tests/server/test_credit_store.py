"""Credit on the server: counted with the act, kept from who may not see it, counted anew by itself, never logged."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from dispatcher_app import clock, codec
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.credit import Credit
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import ageing
from dispatcher_app.server.node import open_node
from dispatcher_app.server.sight import hidden_from, without
from dispatcher_app.server.store import record
from tests.server.city import Gate, actor_of, assign, book

DOOR = Point(121.4412, 31.1934)


def arrive(gate: Gate, order: str = "o-1") -> codec.Reply:
    """On the way and at the door, in time."""
    gate.do(book(order=order))
    gate.do(assign(order))
    gate.do(c.Depart(order=order, technician="sh-t0"))
    return gate.do(c.Arrive(order=order, technician="sh-t0", point=DOOR))


def stands(gate: Gate) -> tuple[int, Credit]:
    """The technician's score and what it is made of."""
    with gate.database.reading() as cursor:
        technician = record.load(cursor, Technician.kind, "sh-t0")
        credit = record.load(cursor, Credit.kind, "sh-t0")
    assert isinstance(technician, Technician)
    assert isinstance(credit, Credit)
    return technician.credit, credit


def test_a_step_is_saved_with_its_act_and_a_repeated_act_counts_once(gate: Gate) -> None:
    gate.do(book(order="o-1"))
    gate.do(assign("o-1"))
    gate.do(c.Depart(order="o-1", technician="sh-t0"))
    act = gate.act(c.Arrive(order="o-1", technician="sh-t0", point=DOOR))
    first, again = gate.executor.submit(act).result(20), gate.executor.submit(act).result(20)
    assert (first.repeated, again.repeated) == (False, True)
    score, credit = stands(gate)
    assert score == 81
    assert [(each.id, each.cause) for each in credit.steps] == [(act.id, "on_time")]


def test_nobody_is_told_of_steps_who_may_not_see_them(gate: Gate) -> None:
    message = codec.encode(arrive(gate).message)
    assert b'"kind":"credit"' in message
    assert b'"kind":"credit"' not in without(message, hidden_from(actor_of("chen")))
    assert b'"kind":"credit"' not in without(message, hidden_from(actor_of("wall")))
    assert b'"kind":"credit"' in without(message, hidden_from(actor_of("lina")))


def test_what_is_said_of_somebody_never_enters_the_log(gate: Gate) -> None:
    arrive(gate)
    assert gate.all("SELECT body FROM change WHERE kind = 'credit'") == [(None,)]


def test_another_policy_or_time_is_counted_anew_by_one_node_once(gate: Gate) -> None:
    arrive(gate)
    figures = replace(Policy(daily_limit=30), version=1, credit_start=60)
    gate.do(c.SavePolicy(policy=figures), actor=actor_of("guanli"))
    loop = asyncio.new_event_loop()
    node = open_node(gate.place.url, gate.place.data / "secret.key", loop)
    try:
        assert loop.run_until_complete(ageing.age(node)) == 1
        assert loop.run_until_complete(ageing.age(node)) == 0
    finally:
        node.close()
        loop.close()
    score, credit = stands(gate)
    assert (score, credit.level) == (61, "warning")
    assert gate.all("SELECT actor FROM act WHERE command = 'age-credit'") == [("system:dispatcher",)]


def test_a_bonus_is_posted_with_its_act(gate: Gate) -> None:
    figures = replace(Policy(daily_limit=30), version=1, credit_on_time=10)
    gate.do(c.SavePolicy(policy=figures), actor=actor_of("guanli"))
    arrive(gate)
    score, credit = stands(gate)
    assert (score, credit.level) == (90, "honour")
    month = local_date(clock.now_ms(), "Asia/Shanghai")[:7]
    gate.do(c.GrantBonus(technician="sh-t0", month=month, amount=10_000), actor=actor_of("zhao"))
    account = ledger.technician("sh-t0", "available")
    assert gate.all("SELECT amount FROM ledger_balance WHERE account = ?", (account,)) == [(-10_000,)]
    with pytest.raises(Rejected, match="bonus_granted"):
        gate.do(c.GrantBonus(technician="sh-t0", month=month, amount=10_000), actor=actor_of("zhao"))
