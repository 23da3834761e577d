"""What makes no sense later is done now or not at all: an hour held for a caller, a plan published."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatcher_app.client.session import Accepted, OrderQuery, Refused, Session
from dispatcher_app.domain.act import SYSTEM, Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import BookedLine, HoldWindow, MarkPromises, Move, PromiseMark, PublishPlan
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.order import Order, Window
from tests.client.stand_in import StandIn
from tests.client.town import assign, booking, desk, fresh, hour
from tests.client.wait import equal, link, until
from tests.domain import trade
from tests.domain.trade import CENTRE, DISPATCHER


def hold(order: str, at: float = 14) -> HoldWindow:
    return HoldWindow(
        order=order, window=Window(hour(14), hour(16)), technician="li", start=hour(at),
        lines=(BookedLine(item="fridge", fault="warm"),), district="north", point=CENTRE,
    )  # fmt: skip


def held(session: Session, order: str) -> bool:
    day = session.get(Day, day_id("li", local_date(hour(14), trade.TIMEZONE)))
    return day is not None and day.hold_of(order) is not None


async def test_a_held_hour_is_shown_at_once_and_becomes_the_place_of_the_booking(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        session, order = await desk(tmp_path, server), fresh()
        await link(session, "online")
        asked = session.submit(hold(order))
        assert asked.previewed
        assert held(session, order)
        assert isinstance(await asked.outcome, Accepted)
        assert session.undoable() is None
        day = day_id("li", local_date(hour(14), trade.TIMEZONE))
        assert isinstance(await session.submit(booking(order, held=day)).outcome, Accepted)
        await equal(session, server)
        made = session.get(Order, order)
        assert made is not None
        assert (made.tentative, made.provisional) == (day, False)
        await session.close()


async def test_without_a_connection_nothing_is_held_or_published(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
    await link(session, "offline")
    move = Move(order="o1", technician="li", start=hour(14))
    for command in (hold(fresh()), PublishPlan(moves=(move,), reason="plan")):
        with pytest.raises(Rejected, match="needs_server"):
            session.submit(command)
    assert session.link.waiting == 0
    await session.close()


@pytest.mark.parametrize("fault", ["lose", "cut"])
async def test_an_hour_whose_answer_is_lost_is_refused_and_wants_no_decision(
    tmp_path: Path, fault: str
) -> None:
    async with StandIn().running() as server:
        session, order = await desk(tmp_path, server), fresh()
        await link(session, "online")
        faults = [fault]
        server.fault = lambda name, sent: faults.pop() if faults else None
        outcome = await session.submit(hold(order)).outcome
        assert isinstance(outcome, Refused)
        assert outcome.refusal.rejected == "needs_server"
        await until(session, lambda: not session.link.waiting)
        assert session.parked == []
        # What the server did all the same comes by the stream, and is shown as what it is.
        await equal(session, server)
        assert held(session, order) == (fault == "cut")
        await session.close()


async def test_a_published_plan_is_shown_at_once_and_taken_back_as_one(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        for id in ("o1", "o2"):
            server.do(DISPATCHER, booking(id))
        session = await desk(tmp_path, server)
        await link(session, "online")
        await equal(session, server)
        moves = (
            Move(order="o1", technician="li", start=hour(14), state="confirmed"),
            Move(order="o2", technician="li", start=hour(15), state="tentative"),
        )
        published = session.submit(PublishPlan(moves=moves, reason="plan"))
        assert published.previewed
        shown = session.get(Order, "o1")
        assert shown is not None
        assert shown.technician == "li"
        assert isinstance(await published.outcome, Accepted)
        await equal(session, server)
        assert isinstance(await session.undo_last().outcome, Accepted)
        await equal(session, server)
        assert [server.world.get(Order, id).status for id in ("o1", "o2")] == ["pending", "pending"]  # type: ignore[union-attr]
        assert [stop for day in server.world.all(Day) for stop in day.stops] == []
        await session.close()


async def test_a_plan_of_very_many_moves_is_decided_by_the_server_alone_and_taken_back_as_one(
    tmp_path: Path,
) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        await equal(session, server)
        gone = [Move(order=f"gone-{at}", technician="li", start=hour(14)) for at in range(300)]
        there = Move(order="o1", technician="li", start=hour(14), state="confirmed")
        published = session.submit(PublishPlan(moves=(there, *gone), reason="plan"))
        assert not published.previewed
        assert isinstance(await published.outcome, Accepted)
        await equal(session, server)
        assert isinstance(await session.undo_last().outcome, Accepted)
        await equal(session, server)
        assert server.world.get(Order, "o1").status == "pending"  # type: ignore[union-attr]
        await session.close()


async def test_a_promise_that_can_not_be_kept_stands_among_the_no_shows_until_somebody_is_sent(
    tmp_path: Path,
) -> None:
    async with StandIn().running() as server:
        for id in ("o1", "o2"):
            server.do(DISPATCHER, booking(id))
        server.do(SYSTEM, MarkPromises(marks=(PromiseMark(order="o2", reason="no_room"),)))
        session = await desk(tmp_path, server)
        await link(session, "online")
        await equal(session, server)
        query = OrderQuery(view="no_show")
        assert [id for _, id in await session.order_keys(query)] == ["o2"]
        assert (await session.view_counts({"no_show": query})) == {"no_show": 1}
        assert isinstance(await session.submit(assign("o2")).outcome, Accepted)
        await equal(session, server)
        assert await session.order_keys(query) == []
        await session.close()
