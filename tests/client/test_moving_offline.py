"""Visits moved by hand without a server: shown at once, sent later, and what has changed since stays and is named."""

from __future__ import annotations

import asyncio
from pathlib import Path

from dispatcher_app.client.outbox.entry import subjects
from dispatcher_app.client.session import Accepted, Session
from dispatcher_app.domain.command import Move, MoveVisits, UrgeOrder
from dispatcher_app.domain.order import Order
from tests.client.stand_in import StandIn
from tests.client.town import assign, booking, desk, hour
from tests.client.wait import equal, link, until
from tests.domain.trade import DISPATCHER, SUPERVISOR


def later(order: str, technician: str, start: float, to: float) -> Move:
    return Move(
        order=order, from_technician=technician, from_start=hour(start), technician=technician, start=hour(to),
        state="confirmed",
    )  # fmt: skip


def told(session: Session, order: str) -> int:
    """When whoever goes was last told to come."""
    found = session.get(Order, order)
    assert found is not None
    return int(found.steps[-1].params["start"])


def sent(session: Session, order: str) -> bool:
    """Whether this desk knows that somebody was sent."""
    found = session.get(Order, order)
    return found is not None and found.technician is not None


async def test_visits_moved_offline_are_shown_at_once_and_sent_when_there_is_a_server(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        for id, at in (("o1", 10), ("o2", 12)):
            server.do(DISPATCHER, booking(id))
            server.do(DISPATCHER, assign(id, "li", at))
        session = await desk(tmp_path, server)
        await link(session, "online")
        await until(session, lambda: sent(session, "o1") and sent(session, "o2"))
        server.fault = lambda _name, _sent: 503
        made = session.submit(MoveVisits(moves=(later("o1", "li", 10, 14), later("o2", "li", 12, 16))))
        assert made.previewed
        assert (told(session, "o1"), told(session, "o2")) == (hour(14), hour(16))
        assert session.is_pending("order", "o1")
        # Meanwhile a colleague moves the second one: it stays as he has it, and the row says so.
        server.do(SUPERVISOR, assign("o2", "wang", 13, from_technician="li"))
        server.fault = None
        outcome = await asyncio.wait_for(made.outcome, 30)
        assert isinstance(outcome, Accepted)
        # The colleague's act comes by the stream, before what it has overtaken counts.
        await until(session, lambda: not any(session.is_pending("order", each) for each in ("o1", "o2")))
        await equal(session, server)
        await session.close()


def test_an_act_about_several_orders_keeps_its_turn_among_theirs() -> None:
    several = MoveVisits(moves=(later("o1", "li", 10, 14), later("o2", "li", 12, 16)))
    assert subjects(several) == {"o1", "o2"}
    assert subjects(UrgeOrder(order="o1")) <= subjects(several)
