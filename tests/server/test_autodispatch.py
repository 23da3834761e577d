"""Dispatching by itself: by the mode of item and district, on by rank, once, by one node, and not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import DispatchMode, Policy
from dispatcher_app.server import alarm, autodispatch
from dispatcher_app.server.autodispatch import Tried
from dispatcher_app.server.node import Node, open_node
from dispatcher_app.server.store import query
from tests.server.city import TECHNICIANS, Gate, actor_of, assign, book

Work = Callable[[], int]


class Crowd:
    """The nodes of one database, each with what it remembers."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.loop = asyncio.new_event_loop()
        count = 2 if gate.place.postgresql else 1
        key = gate.place.data / "secret.key"
        self.nodes = [(open_node(gate.place.url, key, self.loop), Tried()) for _ in range(count)]

    def dispatch(self, times: int = 3) -> int:
        """All of them look for somebody at once, some times over; how many acts were done."""

        async def all_at_once() -> int:
            done = await asyncio.gather(*(autodispatch.dispatch(*each) for each in self.nodes))
            return sum(done)

        return sum(self.loop.run_until_complete(all_at_once()) for _ in range(times))

    def ring(self) -> None:
        """What is due is done."""
        self.loop.run_until_complete(alarm.ring(self.nodes[0][0]))

    def order(self, id: str = "o-1") -> Order:
        with self.gate.database.reading() as cursor:
            (found,) = query.bodies(cursor, "order", [id])
        assert isinstance(found, Order)
        return found

    def own_acts(self) -> list[str]:
        """What the system has done."""
        rows = self.gate.all(
            "SELECT command FROM act WHERE actor = 'system:dispatcher' ORDER BY decided_at, seq"
        )
        return [
            row[0]
            for row in rows
            if row[0] in ("assign-technician", "offer-order", "pool-order", "leave-to-desk")
        ]

    def close(self) -> None:
        for node, _ in self.nodes:
            node.close()
        self.loop.close()


@pytest.fixture
def crowd(gate: Gate) -> Iterator[Crowd]:
    made = Crowd(gate)
    yield made
    made.close()


def rules(gate: Gate, *modes: DispatchMode, version: int = 1, **figures: Any) -> None:
    policy = replace(Policy(), version=version, daily_limit=30, dispatch_modes=modes, **figures)
    gate.do(c.SavePolicy(policy=policy), actor=actor_of("guanli"))


def soon(order: str = "o-1", **other: Any) -> c.BookOrder:
    """An order that is due at once, whatever the clock says where the test runs."""
    return book(order=order, urgency="emergency", **other)


def everybody(gate: Gate, status: str, but: tuple[int, ...] = ()) -> None:
    for number in set(range(TECHNICIANS)) - set(but):
        gate.do(c.SetTechnicianStatus(technician=f"sh-t{number}", from_status="online", status=status))  # type: ignore[arg-type]


def test_without_rules_nothing_happens_by_itself(gate: Gate, crowd: Crowd) -> None:
    gate.do(soon())
    assert crowd.dispatch() == 0
    assert crowd.order().status == "pending"


def test_auto_sends_the_best_once_and_keeps_why(gate: Gate, crowd: Crowd) -> None:
    rules(gate, DispatchMode(mode="auto"))
    gate.do(soon())
    assert crowd.dispatch() == 1
    order = crowd.order()
    assert (order.status, order.steps[-1].actor) == ("accepted", "system:dispatcher")
    assert order.steps[-1].params["why"]
    assert crowd.own_acts() == ["assign-technician"]


def test_auto_goes_by_item_and_district(gate: Gate, crowd: Crowd) -> None:
    rules(gate, DispatchMode(mode="auto"), DispatchMode(item="ac", district="xh", mode="direct"))
    gate.do(soon())
    assert crowd.dispatch() == 0


def test_auto_breaks_no_hard_rule_and_says_once_that_nobody_can_go(gate: Gate, crowd: Crowd) -> None:
    rules(gate, DispatchMode(mode="auto"))
    gate.do(soon(lines=(c.BookedLine(item="ac", fault="cool", brand="格力"),)))
    for number in range(TECHNICIANS):
        gate.do(c.AddLeave(technician=f"sh-t{number}", leave=f"leave-{number}", start=clock.now_ms(),
                           end=clock.now_ms() + 20 * 86_400_000, reason="年假"))  # fmt: skip
    assert crowd.dispatch(5) == 1
    order = crowd.order()
    assert (order.status, order.technician) == ("pending", None)
    assert (order.steps[-1].action, order.steps[-1].params["reason"]) == ("leave", "nobody_fit")
    gate.do(c.AddNote(order="o-1", text="x"))
    assert crowd.dispatch(5) == 0
    assert crowd.own_acts() == ["leave-to-desk"]


def test_it_is_tried_again_when_a_technician_has_changed(
    gate: Gate, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autodispatch, "RETRY_MS", 0)
    rules(gate, DispatchMode(mode="offer"))
    everybody(gate, "busy")
    gate.do(soon())
    assert crowd.dispatch(5) == 1
    assert crowd.dispatch(5) == 0
    gate.do(c.SetTechnicianStatus(technician="sh-t3", from_status="busy", status="online"))
    assert crowd.dispatch(5) == 1
    order = crowd.order()
    assert order.offer is not None
    assert (order.status, order.offer.technician) == ("offered", "sh-t3")


def test_nothing_is_ranked_again_while_nothing_has_changed(
    gate: Gate, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autodispatch, "RETRY_MS", 0)
    rules(gate, DispatchMode(mode="offer"))
    everybody(gate, "busy")
    gate.do(soon())
    crowd.dispatch(5)
    ranked: list[str] = []
    real = autodispatch.step

    def counted(cursor: Any, order: Order, *other: Any) -> Any:
        ranked.append(order.id)
        return real(cursor, order, *other)

    monkeypatch.setattr(autodispatch, "step", counted)
    gate.do(book(order="o-later"))
    crowd.dispatch(10)
    assert "o-1" not in ranked


def test_an_offer_that_is_declined_goes_to_the_next_in_rank_and_to_nobody_twice(
    gate: Gate, crowd: Crowd
) -> None:
    everybody(gate, "busy", but=(0, 1, 2))
    gate.do(book(order="o-1"))
    line: list[str] = []
    gate.do(c.OfferOrder(order="o-1", technician="sh-t1"))
    rules(gate, DispatchMode(item="ac", mode="offer"))
    for _ in range(3):
        order = crowd.order()
        assert order.offer is not None
        line.append(order.offer.technician)
        gate.do(c.DeclineOrder(order="o-1", technician=line[-1]))
        gate.do(c.ChangeOrder(order="o-1", from_version=crowd.order().version, urgency="emergency",
                              lines=(c.BookedLine(item="ac", fault="cool"),))) if len(line) == 1 else None  # fmt: skip
        crowd.dispatch()
    assert sorted(line) == ["sh-t0", "sh-t1", "sh-t2"]
    order = crowd.order()
    assert (order.status, order.steps[-1].params["reason"]) == ("pending", "nobody_left")


def test_an_offer_that_runs_out_is_passed_on_without_any_rule(gate: Gate, crowd: Crowd) -> None:
    rules(gate, offer_countdown_s=0)
    gate.do(soon())
    gate.do(c.OfferOrder(order="o-1", technician="sh-t1"))
    crowd.ring()
    assert crowd.order().status == "pending"
    crowd.dispatch(1)
    order = crowd.order()
    assert order.offer is not None
    assert (order.status, order.offer.declined) == ("offered", ("sh-t1",))
    assert order.offer.technician != "sh-t1"


def test_what_the_desk_takes_back_stays_with_the_desk(gate: Gate, crowd: Crowd) -> None:
    rules(gate, DispatchMode(mode="auto"))
    gate.do(soon())
    crowd.dispatch()
    technician = crowd.order().technician
    assert technician is not None
    gate.do(c.UnassignTechnician(order="o-1", from_technician=technician, reason="too_far"))
    assert crowd.dispatch(5) == 0
    assert crowd.order().status == "pending"


def test_grab_tells_the_first_ring_with_anybody(gate: Gate, crowd: Crowd) -> None:
    rules(gate, DispatchMode(mode="grab"), grab_rings_m=(100, 5000))
    everybody(gate, "busy", but=(4, 5))
    gate.do(soon())
    assert crowd.dispatch() == 1
    order = crowd.order()
    assert order.pool is not None
    assert ([each.technician for each in order.pool.told], order.pool.ring) == (["sh-t4", "sh-t5"], 1)


def test_a_wished_for_technician_is_asked_before_the_pool(gate: Gate, crowd: Crowd) -> None:
    rules(gate, DispatchMode(mode="grab"))
    gate.do(soon(requested_technician="sh-t6"))
    crowd.dispatch()
    order = crowd.order()
    assert order.offer is not None
    assert (order.offer.technician, order.pool) == ("sh-t6", None)
    gate.do(c.DeclineOrder(order="o-1", technician="sh-t6"))
    crowd.dispatch()
    order = crowd.order()
    assert order.pool is not None
    assert "sh-t6" not in {each.technician for each in order.pool.told}


def test_grab_where_nobody_is_near_says_so(gate: Gate, crowd: Crowd) -> None:
    rules(gate, DispatchMode(mode="grab"), grab_rings_m=(100,))
    gate.do(soon())
    assert crowd.dispatch(5) == 1
    assert crowd.order().steps[-1].params["reason"] == "nobody_near"


def test_many_orders_at_once_are_all_sent_without_overlap(gate: Gate, crowd: Crowd) -> None:
    rules(gate, DispatchMode(mode="auto"))
    for number in range(25):
        gate.do(soon(f"o-{number}", phone=f"139{number:08d}"))
    crowd.dispatch(12)
    orders = [crowd.order(f"o-{number}") for number in range(25)]
    sent = [order for order in orders if order.technician is not None]
    assert len(sent) > 8
    assert {order.status for order in orders} <= {"accepted", "pending"}
    assert crowd.own_acts().count("assign-technician") == len(sent)


def test_a_new_order_is_not_dispatched_before_it_is_due(gate: Gate, crowd: Crowd) -> None:
    rules(gate, DispatchMode(mode="auto"))
    later = clock.now_ms() + 5 * 86_400_000
    gate.do(book(order="o-1", window=c_window(later)))
    assert crowd.dispatch() == 0
    gate.do(assign("o-1", hour=24 * 4 + 9))


def c_window(start: int) -> Any:
    from dispatcher_app.domain.order import Window

    return Window(start, start + 7_200_000)


def test_a_node_alone_keeps_no_order_that_is_gone(gate: Gate, crowd: Crowd) -> None:
    rules(gate, DispatchMode(mode="auto"))
    gate.do(soon())
    crowd.dispatch()
    gate.do(book(order="o-2"))
    crowd.dispatch()
    remembered: list[tuple[Node, Tried]] = crowd.nodes
    assert all("o-1" not in tried.orders for _, tried in remembered)
