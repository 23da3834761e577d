"""A desk and its server: what one does the other shows, whatever happens between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatcher_app.client.session import Accepted, Changed, OrderQuery, Session
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    AddNote,
    BookedLine,
    ChangeCustomer,
    ImportOrder,
    NewCustomer,
    UrgeOrder,
)
from dispatcher_app.domain.order import Order
from tests.client.stand_in import StandIn
from tests.client.town import LI, assign, booking, desk, fresh
from tests.client.wait import equal, link, until
from tests.domain import trade
from tests.domain.trade import DISPATCHER, SUPERVISOR


async def test_a_desk_shows_what_the_server_holds(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        await equal(session, server)
        assert [id for _, id in await session.order_keys(OrderQuery(text="zlh"))] == ["o1"]
        await session.close()


async def test_an_act_is_shown_at_once_and_confirmed_by_its_reply(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        session, order = await desk(tmp_path, server), fresh()
        await link(session, "online")
        done = session.submit(booking(order))
        assert session.get(Order, order) is not None
        assert session.is_pending("order", order)
        assert isinstance(await done.outcome, Accepted)
        await until(session, lambda: not session.is_pending("order", order))
        await equal(session, server)
        assert session.link.waiting == 0
        await session.close()


async def test_what_one_desk_does_another_one_shows(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        one, other = await desk(tmp_path / "1", server), await desk(tmp_path / "2", server, LI)
        await link(one, "online")
        await link(other, "online")
        order = fresh()
        one.submit(booking(order))
        await until(other, lambda: other.get(Order, order) is not None)
        await other.submit(assign(order)).outcome
        await until(one, lambda: technician_of(one, order) == "li")
        await equal(one, server)
        await equal(other, server)
        await one.close()
        await other.close()


def technician_of(session: Session, order: str) -> str | None:
    found = session.get(Order, order)
    return found.technician if found else None


async def test_a_refused_act_changes_nothing_and_is_not_sent(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        with pytest.raises(Rejected) as refused:
            session.submit(assign("o1", "nobody"))
        assert refused.value.code == "not_found"
        assert session.link.waiting == 0
        assert server.received == []
        await session.close()


async def test_the_last_step_can_be_undone_and_not_twice(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        await session.submit(assign("o1")).outcome
        found = session.undoable()
        assert found is not None
        assert found.commands == (assign("o1"),)
        await session.undo_last().outcome
        assert technician_of(session, "o1") is None
        with pytest.raises(Rejected, match="nothing_to_undo"):
            session.undo_last()
        await equal(session, server)
        await session.close()


async def test_a_bulk_action_is_undone_as_a_whole(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        for order in ("o1", "o2"):
            server.do(DISPATCHER, booking(order))
        session = await desk(tmp_path, server)
        await link(session, "online")
        session.submit(assign("o1", at=14), batch="b")
        await session.submit(assign("o2", at=15), batch="b").outcome
        await session.undo_last().outcome
        assert [technician_of(session, order) for order in ("o1", "o2")] == [None, None]
        await equal(session, server)
        await session.close()


async def test_a_message_lost_on_the_stream_is_fetched_when_the_next_one_shows_the_gap(
    tmp_path: Path,
) -> None:
    async with StandIn().running() as server:
        session = await desk(tmp_path, server)
        await link(session, "online")
        server.silent = True
        server.do(DISPATCHER, booking("o1"))
        server.silent = False
        server.do(DISPATCHER, booking("o2"))
        await until(session, lambda: session.get(Order, "o2") is not None)
        await equal(session, server)
        await session.close()


async def test_a_heartbeat_tells_of_a_message_that_never_came(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        session = await desk(tmp_path, server)
        await link(session, "online")
        server.silent = True
        server.do(DISPATCHER, booking("o1"))
        server.tell("heartbeat", server.hello())
        await until(session, lambda: session.get(Order, "o1") is not None)
        await equal(session, server)
        await session.close()


async def test_a_cut_between_two_pages_leaves_the_replica_as_it_was(tmp_path: Path) -> None:
    async with StandIn(page_size=3).running() as server:
        for number in range(5):
            server.do(DISPATCHER, booking(f"o{number}"))
        server.break_page = 4
        session = await desk(tmp_path, server)
        await link(session, "online")
        assert server.pages > 4
        await equal(session, server)
        await session.close()


async def test_a_restored_server_is_read_anew_and_what_waits_is_kept(tmp_path: Path) -> None:
    first = StandIn()
    async with first.running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        token = next(iter(server.staff))
    await link(session, "offline")
    order = fresh()
    waiting = session.submit(booking(order))
    restored = StandIn(port=first.port, staff={token: first.staff[token]})
    async with restored.running() as server:
        assert isinstance(await waiting.outcome, Accepted)
        await until(session, lambda: session.get(Order, "o1") is None)
        await equal(session, server)
        assert session.get(Order, order) is not None
        await session.close()


async def test_one_notice_names_everything_a_message_changed(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        session = await desk(tmp_path, server)
        await link(session, "online")
        heard: list[Changed] = []
        stop = session.subscribe(changed=heard.append)
        server.do(DISPATCHER, booking("o1"))
        await until(session, lambda: bool(heard))
        assert heard[0].ids["order"] == {"o1"}
        assert {"customer", "address", "note"} <= heard[0].ids.keys()
        stop()
        server.do(DISPATCHER, UrgeOrder(order="o1"))
        await until(session, lambda: (found := session.get(Order, "o1")) is not None and found.urged == 1)
        assert len(heard) == 1
        await session.close()


async def test_a_new_name_of_a_customer_is_found_in_the_queue(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        await session.submit(ChangeCustomer(customer="c-o1", from_version=1, name="欧阳修")).outcome
        row = session.order_row("o1")
        assert row is not None
        assert row.name == "欧阳修"
        assert [id for _, id in await session.order_keys(OrderQuery(text="oyx"))] == ["o1"]
        await session.close()


async def test_notes_of_an_order_come_in_their_order(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1", note=""))
        session = await desk(tmp_path, server)
        await link(session, "online")
        for text in ("先打电话", "带梯子"):
            await session.submit(AddNote(order="o1", text=text)).outcome
        assert [note.text for note in await session.notes_of("o1")] == ["先打电话", "带梯子"]
        await session.close()


async def test_what_grew_too_old_for_a_desk_leaves_it_and_can_still_be_worked_on(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        long_ago = server.time() - 50 * DAY_MS
        server.do(
            SUPERVISOR,
            ImportOrder(
                order="old", external_id="7", source="paper", note="旧单",
                created_at=long_ago, closed_at=long_ago + 1,
                new_customer=NewCustomer(id="c", name="张丽华", phone=""), new_address=trade.address("a"),
                line=BookedLine(item="fridge"),
            ),
        )  # fmt: skip
        session = await desk(tmp_path, server)
        await link(session, "online")
        await session.close()
        session = await desk(tmp_path, server)
        assert session.get(Order, "old") is None
        assert await session.order_keys(OrderQuery()) == []
        done = session.submit(AddNote(order="old", text="回访"))
        assert not done.previewed
        assert isinstance(await done.outcome, Accepted)
        await session.close()


async def test_a_message_that_cannot_be_read_is_said_and_the_desk_goes_on(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        session = await desk(tmp_path, server)
        await link(session, "online")
        server.tell("message", b'{"log": 7}')
        await until(session, lambda: session.link.reason == "answer_unreadable")
        session.reconnect()
        await link(session, "online")
        await session.close()
