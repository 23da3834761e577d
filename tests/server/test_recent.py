"""What the writer remembers between batches is never more than the log says, whoever else writes it."""

from __future__ import annotations

from contextlib import closing

import pytest

from dispatcher_app import codec
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.server.recent import Recent
from dispatcher_app.server.store.database import Cursor, Unavailable
from dispatcher_app.server.verify import verify
from tests.server.city import Gate, actor_of, book, open_gate


def order_in(reply: codec.Reply) -> Order:
    found = next(each for each in reply.message.changes if each.kind == "order")
    return codec.decode(found.body, Order)


def test_what_another_writer_has_done_since_is_seen(gate: Gate) -> None:
    gate.do(book(order="o-shared"))
    with closing(open_gate(gate.place)) as other:
        for turn in range(3):
            assert order_in(other.do(c.UrgeOrder(order="o-shared"))).urged == turn + 1
            order = order_in(gate.do(c.AddNote(order="o-shared", text="在楼下等")))
            assert (order.urged, order.notes) == (turn + 1, turn + 1)
    assert verify(gate.database, gate.vault) == []


def test_another_regions_log_is_not_trusted_unlooked_at(gate: Gate) -> None:
    gate.do(book(order="o-sh"))
    with closing(open_gate(gate.place)) as other:
        other.do(c.UrgeOrder(order="o-sh"))
        (body,) = gate.all("SELECT body FROM entity WHERE kind = 'policy'")[0]
        policy = codec.decode(body, Policy)
        gate.do(
            c.SavePolicy(policy=policy), actor=actor_of("guanli")
        )  # a batch that looks at no head but the company's
        assert order_in(gate.do(c.UrgeOrder(order="o-sh"))).urged == 2


def test_what_was_not_committed_is_not_remembered(gate: Gate) -> None:
    gate.do(book(order="o-lost"))

    def fail(cursor: Cursor) -> None:
        gate.executor.before_commit = None
        raise Unavailable("the disk is full")

    gate.executor.before_commit = fail
    with pytest.raises(Unavailable):
        gate.do(c.AddNote(order="o-lost", text="在楼下等"))
    assert order_in(gate.do(c.UrgeOrder(order="o-lost"))).notes == 0
    assert verify(gate.database, gate.vault) == []


def test_a_refused_act_leaves_what_is_remembered_as_it_was(gate: Gate) -> None:
    gate.do(book(order="o-kept"))
    with pytest.raises(Rejected):
        gate.do(c.AddNote(order="o-kept", text="x" * 5000))
    assert order_in(gate.do(c.AddNote(order="o-kept", text="在楼下等"))).notes == 1


def test_only_what_was_used_last_is_kept() -> None:
    recent = Recent(most=2)
    people = [Customer(id=f"c{each}", region="sh", name="李", phone_mask="") for each in range(3)]
    recent.begin({"sh": 0})
    recent.committed({("customer", each.id): each for each in people}, {"sh": 1})
    recent.begin({"sh": 1})
    assert [recent.get(("customer", each.id), {"sh": 1}) is None for each in people] == [True, False, False]
    assert recent.get(("customer", "c2"), {"bj": 1}) is None
    recent.begin({"sh": 2})
    assert recent.get(("customer", "c2"), {"sh": 2}) is None
