"""Complaints on the server: what is logged of them, who is sent them, who is told who complains often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, MINUTE_MS
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.evidence import AROUND_MS, stays
from dispatcher_app.domain.order import Order
from dispatcher_app.server import ask
from dispatcher_app.server.store import replay
from dispatcher_app.server.verify import verify
from tests.server.city import Gate, actor_of, assign, book
from tests.server.desk import Desk, desk
from tests.server.onsite import DOOR
from tests.server.process import Server

TYPED = "师傅把地板划坏了，还骂人"
LI = Actor(kind="technician", id="sh-t0")


def open_(order: str, id: str = "", **other: Any) -> c.OpenComplaint:
    made = {"categories": ("quality",), "text": TYPED, **other}
    return c.OpenComplaint(complaint=id or f"k-{order}", order=order, **made)


def visited(gate: Gate, order: str) -> None:
    """An order that Li has driven to."""
    gate.do(book(order=order))
    gate.do(assign(order))
    gate.do(c.Depart(order=order, technician="sh-t0"), actor=LI, at=clock.now_ms() - HOUR_MS)
    gate.do(c.Arrive(order=order, technician="sh-t0", point=DOOR, accuracy_m=10), actor=LI)


def ended(gate: Gate, complaint: str, responsibility: str = "technician") -> None:
    """Answered, judged, resolved and closed."""
    sun = actor_of("sun")
    judge = c.JudgeComplaint(complaint=complaint, responsibility=responsibility, text="核实")  # type: ignore[arg-type]
    for command in (
        c.AnswerComplaint(complaint=complaint, text="已致歉"), judge, c.ResolveComplaint(complaint=complaint, text="好"),
        c.CloseComplaint(complaint=complaint, call_back="satisfied"),
    ):  # fmt: skip
        gate.do(command, actor=sun)


def test_what_was_said_is_logged_without_its_words_and_everything_adds_up(gate: Gate) -> None:
    visited(gate, "o-1")
    gate.do(open_("o-1"), actor=actor_of("wangfang"))
    logged = gate.all(
        "SELECT kind, body FROM change WHERE id IN (SELECT id FROM entity WHERE kind LIKE 'complaint%')"
    )
    assert {kind: body is None for kind, body in logged} == {"complaint": False, "complaint_note": True}
    for table, column in (("change", "body"), ("act", "undo_body"), ("order_row", "search")):
        assert not gate.all(f"SELECT 1 FROM {table} WHERE {column} LIKE ?", (f"%{TYPED[:4]}%",))
    row = gate.all("SELECT complaint, complaint_due FROM order_row WHERE id = 'o-1'")
    assert row[0][0] == "k-o-1"
    assert row[0][1] is not None
    ended(gate, "k-o-1")
    assert gate.all("SELECT complaint, complaint_due FROM order_row WHERE id = 'o-1'") == [(None, None)]
    with gate.database.reading() as cursor:
        assert isinstance(ask.found(cursor, Complaint, "k-o-1"), Complaint)
    assert verify(gate.database, gate.vault) == []


def test_a_complaint_opened_twice_is_one(gate: Gate) -> None:
    visited(gate, "o-1")
    act = gate.act(open_("o-1"))
    assert not gate.executor.submit(act).result(20).repeated
    assert gate.executor.submit(act).result(20).repeated
    with pytest.raises(Rejected, match="complaint_open"):
        gate.do(open_("o-1", "k-other"))


def test_an_old_order_comes_back_to_the_desks_while_somebody_complains(gate: Gate) -> None:
    gate.do(book(order="o-1"))
    gate.do(c.CancelOrder(order="o-1", reason="not_needed", side="customer"))
    assert gate.all("SELECT closed_at IS NULL FROM entity WHERE id = 'o-1'")[0][0] in (0, False)
    gate.do(open_("o-1"))
    assert gate.all("SELECT closed_at IS NULL FROM entity WHERE id = 'o-1'")[0][0] in (1, True)
    ended(gate, "k-o-1", "platform")
    assert gate.all("SELECT closed_at IS NULL FROM entity WHERE id = 'o-1'")[0][0] in (0, False)


def test_a_way_is_kept_where_somebody_complained_about_the_visit(gate: Gate) -> None:
    visited(gate, "o-1")
    gate.do(open_("o-1"))
    with gate.database.reading() as cursor:
        ((who, begin, end),) = stays(ask.found(cursor, Order, "o-1"))
    moments = [(begin - MINUTE_MS, "gone"), (begin, "kept"), (begin + AROUND_MS, "kept"), (end, "gone")]
    points = [(who, at, 121.4, 31.2, 5.0) for at, _ in moments] + [("sh-t1", begin, 121.4, 31.2, 5.0)]
    insert = "INSERT INTO track (technician, at, lon, lat, accuracy_m) VALUES (?, ?, ?, ?, ?)"
    gate.executor.run(lambda cursor: cursor.many(insert, points)).result(20)
    gate.executor.run(lambda cursor: replay.sweep(cursor, clock.now_ms() + DAY_MS)).result(20)
    left = gate.all("SELECT technician, at FROM track ORDER BY at")
    assert left == [(who, at) for at, word in moments if word == "kept"]


@pytest.fixture
def seats(server: Server) -> Iterator[dict[str, Desk]]:
    """Everybody at a desk, and an order with two complaints about one technician, the first one upheld."""
    with (
        desk(server.url, "wangfang") as wang, desk(server.url, "sun") as sun, desk(server.url, "wall") as wall,
        desk(server.url, "chen") as chen,
    ):  # fmt: skip
        wang.do(book(order="o-c"))
        wang.do(assign("o-c"))
        wang.do(open_("o-c", "k-1"))
        sun.do(c.AnswerComplaint(complaint="k-1", text="好"))
        sun.do(c.JudgeComplaint(complaint="k-1", responsibility="technician", text="好"))
        sun.do(c.ResolveComplaint(complaint="k-1", text="好"))
        sun.do(c.CloseComplaint(complaint="k-1", call_back="satisfied"))
        wang.do(open_("o-c", "k-2"))
        yield {"wangfang": wang, "sun": sun, "wall": wall, "chen": chen}


def test_who_complains_often_the_complaint_desk_alone_is_told(seats: dict[str, Desk]) -> None:
    told = {who: seats[who].http.get("/complaints/k-2/record") for who in ("wangfang", "sun", "chen", "wall")}
    assert {who: each.status_code for who, each in told.items()} == {
        "wangfang": 200, "sun": 200, "chen": 403, "wall": 403,
    }  # fmt: skip
    record = {"of": "sh-t0", "complaints": 2, "upheld": 1}
    assert told["wangfang"].json() == {"technicians": [record]}
    assert told["sun"].json() == {
        "technicians": [record], "customer": {"of": "c-o-c", "complaints": 2, "upheld": 1},
    }  # fmt: skip


def test_where_a_technician_was_is_told_to_the_complaint_desk_and_written_down(
    seats: dict[str, Desk],
) -> None:
    assert seats["wangfang"].http.get("/complaints/k-2/track").status_code == 403
    assert seats["sun"].http.get("/complaints/k-2/track").json() == {"track": []}
    assert seats["sun"].http.get("/complaints/nothing/track").status_code in (404, 422)


def test_complaints_go_to_the_desks_that_look_after_them(seats: dict[str, Desk]) -> None:
    kinds = {who: {kind for kind, _id in one.state()} for who, one in seats.items()}
    for who in ("wangfang", "sun", "chen"):
        assert {"complaint", "complaint_note"} <= kinds[who]
    assert kinds["wall"].isdisjoint({"complaint", "complaint_note"})
