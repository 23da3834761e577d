"""Invoices sent to whoever issues them: once under one key, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM, Rejected
from dispatcher_app.domain.money.invoice import Invoice
from dispatcher_app.integrations.invoicing import Answer, Asked, ByHand, Unanswered
from dispatcher_app.server import invoices
from dispatcher_app.server.store import record
from tests.money.bought import order_of
from tests.server.city import Gate, actor_of

NUMBER = "25312000000012345678"
ISSUED = Answer("issued", NUMBER)


@dataclass
class Bureau:
    """Whoever issues invoices, beside the tests: what he was handed, and how he answers."""

    name: str = "bureau"
    handed: dict[str, Asked] = field(default_factory=dict)
    silent: bool = False
    answer: Answer = ISSUED
    asked: list[str] = field(default_factory=list)

    async def issue(self, asked: Asked) -> Answer:
        """He takes it, and perhaps says nothing."""
        assert asked.key not in self.handed, "handed over twice"
        self.handed[asked.key] = asked
        if self.silent:
            raise Unanswered("cut off")
        return self.answer

    async def find(self, key: str) -> Answer:
        """What became of it."""
        self.asked.append(key)
        return self.answer if key in self.handed else Answer("absent")

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def invoice(gate: Gate) -> Invoice:
    with gate.database.reading() as cursor:
        found = record.load(cursor, Invoice.kind, "o-1")
    assert isinstance(found, Invoice)
    return found


def ask(gate: Gate) -> None:
    order = order_of(gate, "o-1")
    gate.do(
        c.RequestInvoice(
            order="o-1", amount=order.paid, buyer="person", title="周先生", email="zhou@example.com"
        )
    )


def work(gate: Gate, loop: asyncio.AbstractEventLoop, bureau: Bureau | ByHand) -> int:
    """What a node does that has just begun."""
    return loop.run_until_complete(
        invoices.issue(gate.database, gate.executor, gate.vault, bureau, invoices.Asking())
    )


def test_an_invoice_is_handed_over_with_its_address_and_reported(
    paid: Gate, loop: asyncio.AbstractEventLoop
) -> None:
    ask(paid)
    bureau = Bureau()
    assert work(paid, loop, bureau) == 1
    assert (invoice(paid).state, invoice(paid).reference) == ("issued", NUMBER)
    (asked,) = bureau.handed.values()
    assert (asked.title, asked.email, asked.amount) == (
        "周先生",
        "zhou@example.com",
        order_of(paid, "o-1").paid,
    )
    assert "周先生" not in repr(asked)
    assert work(paid, loop, bureau) == 0


def test_an_answer_that_never_came_is_asked_for_and_not_sent_again(
    paid: Gate, loop: asyncio.AbstractEventLoop
) -> None:
    ask(paid)
    bureau = Bureau(silent=True)
    work(paid, loop, bureau)
    assert invoice(paid).state == "sending"
    bureau.silent = False
    work(paid, loop, bureau)
    assert invoice(paid).state == "issued"
    assert bureau.asked == list(bureau.handed)


def test_a_node_that_died_before_it_asked_sends_it_after_asking(
    paid: Gate, loop: asyncio.AbstractEventLoop
) -> None:
    ask(paid)
    paid.do(c.SendInvoice(order="o-1", tries=0), actor=SYSTEM)
    bureau = Bureau()
    work(paid, loop, bureau)
    assert (invoice(paid).state, len(bureau.asked), len(bureau.handed)) == ("issued", 1, 1)


def test_a_refusal_ends_it_and_another_request_has_another_key(
    paid: Gate, loop: asyncio.AbstractEventLoop
) -> None:
    ask(paid)
    bureau = Bureau(answer=Answer("refused", fault="title_wrong"))
    work(paid, loop, bureau)
    assert (invoice(paid).state, invoice(paid).fault) == ("failed", "title_wrong")
    ask(paid)
    bureau.answer = Answer("issued", NUMBER)
    work(paid, loop, bureau)
    assert invoice(paid).state == "issued"
    assert len(bureau.handed) == 2


def test_without_anybody_who_issues_it_stands_in_the_list_until_finance_types_the_number(
    paid: Gate, loop: asyncio.AbstractEventLoop
) -> None:
    ask(paid)
    work(paid, loop, ByHand())
    work(paid, loop, ByHand())
    found = invoice(paid)
    assert (found.state, found.tries) == ("sending", 1)
    paid.do(c.ReportInvoice(order="o-1", tries=1, result="issued", reference=NUMBER), actor=actor_of("zhao"))
    assert invoice(paid).state == "issued"
    with pytest.raises(Rejected, match="invoice_requested"):
        ask(paid)


def test_neither_address_nor_title_enters_the_log(paid: Gate) -> None:
    ask(paid)
    bodies = [str(row[0]) for row in paid.all("SELECT body FROM change")]
    assert not [body for body in bodies if "zhou@example.com" in body]
    assert paid.all("SELECT body FROM change WHERE kind = 'invoice'") == [(None,)]
