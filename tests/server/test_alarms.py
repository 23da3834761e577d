"""What the system does about orders by itself, once, dated when it was due; and a whole life sent twice."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app import clock, codec
from dispatcher_app.domain import command as c
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.server import alarm
from dispatcher_app.server.node import Node, open_node
from dispatcher_app.server.store import query
from tests.server.city import Gate, Place, actor_of, assign, book
from tests.server.waiting import until

DOOR = Point(121.4412, 31.1934)
ASK = c.AskTransfer(order="o-1", from_technician="sh-t0", to="sh-t1", reason="busy")
LIFE: tuple[Any, ...] = (
    book(order="o-1"),
    assign("o-1"),
    c.Depart(order="o-1", technician="sh-t0"),
    c.Arrive(order="o-1", technician="sh-t0", point=DOOR),
    c.MarkLine(order="o-1", line=0, from_state="open", state="done"),
    c.FinishOrder(order="o-1"),
    c.ConfirmOrder(order="o-1", confirmation="phone"),
    c.RecordPayment(order="o-1", amount=12000, means="cash"),
    c.ReturnVisit(order="o-2", of="o-1", reason="same_fault"),
)
QUOTE = c.ReviseQuote(
    order="o-1", number=1, reason="other_fault",
    lines=(c.QuotedLine(item="ac", fault="cool", brand="格力", labour=15000),),
)  # fmt: skip


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop of the test's own."""
    made = asyncio.new_event_loop()
    yield made
    made.close()


def order_of(gate: Gate, id: str = "o-1") -> Order:
    found = query_order(gate, id)
    assert isinstance(found, Order)
    return found


def query_order(gate: Gate, id: str) -> Any:
    with gate.database.reading() as cursor:
        return query.bodies(cursor, "order", [id])[0]


def nodes(loop: asyncio.AbstractEventLoop, place: Place) -> list[Node]:
    """As many nodes as the database can have."""
    count = 2 if place.postgresql else 1
    return [open_node(place.url, place.data / "secret.key", loop) for _ in range(count)]


@pytest.mark.parametrize(
    ("steps", "figures", "name"),
    [
        ((*LIFE[:2], ASK), {"transfer_expires": 0}, "expire-transfer"),
        ((*LIFE[:4], QUOTE), {"quote_lapses": 0}, "lapse-quote"),
        (LIFE[:6], {"confirm_within": 0}, "confirm-order"),
        ((LIFE[0], c.OfferOrder(order="o-1", technician="sh-t1")), {"offer_countdown_s": 0}, "expire-offer"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_has_run_out_is_done_once_by_the_system(
    gate: Gate, loop: asyncio.AbstractEventLoop, steps: Any, figures: dict[str, int], name: str
) -> None:
    gate.do(c.SavePolicy(policy=replace(Policy(), version=1, **figures)), actor=actor_of("guanli"))  # type: ignore[arg-type]
    for command in steps:
        gate.do(command)
    running = nodes(loop, gate.place)

    async def ring() -> None:
        for _ in range(3):
            await asyncio.gather(*(alarm.ring(each) for each in running))

    def rung() -> bool:
        loop.run_until_complete(ring())
        return bool(gate.all("SELECT id FROM act WHERE command = ?", (name,)))

    try:
        until(rung, f"there is no {name}")
        loop.run_until_complete(ring())
        assert gate.all("SELECT actor FROM act WHERE command = ?", (name,)) == [("system:dispatcher",)]
        assert gate.all("SELECT alarm FROM order_row WHERE id = 'o-1'") == [(None,)]
        assert order_of(gate).steps[-1].actor == "system:dispatcher"
    finally:
        for each in running:
            each.close()


def test_what_still_runs_is_left_alone(gate: Gate, loop: asyncio.AbstractEventLoop) -> None:
    for command in LIFE[:6]:
        gate.do(command)
    (node, *others) = nodes(loop, gate.place)
    try:
        assert loop.run_until_complete(alarm.ring(node)) == 0
        assert order_of(gate).confirmed_at is None
        due = gate.all("SELECT alarm FROM order_row WHERE id = 'o-1'")[0][0]
        assert due == order_of(gate).since + 48 * 3_600_000
    finally:
        for each in (node, *others):
            each.close()


def test_finding_what_is_due_reads_an_index_and_not_the_orders(sqlite: Place) -> None:
    database, _ = sqlite.open()
    with database.reading() as cursor:
        plan = cursor.all(
            "EXPLAIN QUERY PLAN SELECT id FROM order_row WHERE alarm <= ? ORDER BY alarm LIMIT 500", (1,)
        )
    database.close()
    assert "ix_order_row_alarm" in str(plan)
    assert "SCAN" not in str(plan)


def test_a_whole_life_sent_twice_happens_once(gate: Gate) -> None:
    for number, command in enumerate(LIFE):
        act: dict[str, Any] = {"id": f"act-{number}", "at": clock.now_ms()}
        first, again = gate.do(command, **act), gate.do(command, **act)
        assert (first.repeated, again.repeated) == (False, True)
        assert (first.message.seq, first.message.act) == (again.message.seq, again.message.act)
    order = order_of(gate)
    assert (order.status, order.paid, order.returns, order.version) == (
        "completed",
        12000,
        ("o-2",),
        len(LIFE),
    )
    assert codec.encode(order_of(gate, "o-2").quote.total) == b"0"
    assert len(gate.all("SELECT id FROM act WHERE id LIKE 'act-%'")) == len(LIFE)
