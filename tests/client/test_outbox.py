"""What a desk does while the server is gone, slow or faulty is there afterwards: all of it, once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from dispatcher_app import codec
from dispatcher_app.client.outbox.box import Box
from dispatcher_app.client.session import Accepted, Conflict, OrderQuery, Parked, Refused, Session, Unsent
from dispatcher_app.domain.act import Actor
from dispatcher_app.domain.command import AddNote, CancelOrder, UrgeOrder
from dispatcher_app.domain.order import Order
from tests.client.stand_in import StandIn
from tests.client.town import KEY, LI, WANG, assign, booking, desk, fresh
from tests.client.wait import equal, link, until
from tests.domain.trade import DISPATCHER

OTHER_DESK = Actor(kind="staff", id="chen", roles=frozenset({"dispatcher"}), regions=frozenset({"sh"}))


def order_of(session: Session, id: str) -> Order:
    found = session.get(Order, id)
    assert found is not None
    return found


async def test_what_is_done_offline_survives_a_restart_and_is_sent_once(tmp_path: Path) -> None:
    town, order = StandIn(), fresh()
    async with town.running() as server:
        session = await desk(tmp_path, server)
        await link(session, "online")
    await link(session, "offline")
    booked, assigned = session.submit(booking(order)), session.submit(assign(order))
    await booked.saved
    await assigned.saved
    await session.close()

    session = await desk(tmp_path, town)
    assert order_of(session, order).technician == "li"
    assert session.is_pending("order", order)
    assert session.link.waiting == 2
    assert [id for _, id in await session.order_keys(OrderQuery(text="A3-001"))] == [order]
    async with town.running() as server:
        await link(session, "online")
        await equal(session, server)
        assert Counter(server.received) == {booked.act: 1, assigned.act: 1}
        assert order_of(session, order).temporary_number == "A3-001"
        assert order_of(session, order).number != "A3-001"
        await session.close()


async def test_numbers_given_offline_are_never_given_again(tmp_path: Path) -> None:
    town = StandIn()
    async with town.running() as server:
        session = await desk(tmp_path, server)
        await link(session, "online")
    await link(session, "offline")
    first = session.submit(booking(fresh()))
    await first.saved
    await session.close()
    session = await desk(tmp_path, town)
    second = session.submit(booking(fresh()))
    assert [first.command.temporary_number, second.command.temporary_number] == ["A3-001", "A3-002"]
    await session.close()


@pytest.mark.parametrize("fault", ["lose", "cut", 500, 503, 408, 429])
async def test_an_act_whose_answer_is_lost_is_done_once(tmp_path: Path, fault: str | int) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        faults = [fault, fault]
        server.fault = lambda name, sent: faults.pop() if faults else None
        assert isinstance(await session.submit(UrgeOrder(order="o1")).outcome, Accepted)
        await equal(session, server)
        assert order_of(session, "o1").urged == 1
        assert len(server.received) == 3
        await session.close()


async def test_a_poisoned_act_rests_with_its_order_while_others_proceed(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        for order in ("o1", "o2"):
            server.do(DISPATCHER, booking(order))
        session = await desk(tmp_path, server)
        await link(session, "online")
        server.fault = lambda name, sent: 500 if name == "assign-technician" else None
        poisoned = session.submit(assign("o1"))
        behind = session.submit(AddNote(order="o1", text="带梯子"))
        other = session.submit(AddNote(order="o2", text="狗"))
        assert await poisoned.outcome == Parked("unexpected")
        assert isinstance(await other.outcome, Accepted)
        assert not behind.outcome.done()
        assert server.received.count(poisoned.act) == 5
        assert behind.act not in server.received
        assert (session.link.waiting, session.link.attention) == (1, 1)
        assert [each.act for each in session.parked] == [poisoned.act]
        assert order_of(session, "o1").technician == "li"
        server.fault = None
        session.retry(poisoned.act)
        assert isinstance(await behind.outcome, Accepted)
        await equal(session, server)
        assert session.parked == []
        await session.close()


async def test_giving_a_resting_act_up_shows_how_the_server_has_it(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        server.fault = lambda name, sent: 413
        resting = session.submit(assign("o1"))
        assert isinstance(await resting.outcome, Parked)
        session.discard(resting.act)
        await until(session, lambda: order_of(session, "o1").technician is None)
        await until(session, lambda: session.link.attention == 0)
        await equal(session, server)
        await session.close()


@pytest.mark.parametrize("decision", ["take over", "keep theirs"])
async def test_two_desks_assign_one_order_and_the_second_gets_a_conflict(
    tmp_path: Path, decision: str
) -> None:
    town = StandIn()
    token = town.token_of(WANG)
    async with town.running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server, token=token)
        await link(session, "online")
    await link(session, "offline")
    conflicts: list[Conflict] = []
    session.subscribe(conflict=conflicts.append)
    mine = session.submit(assign("o1", "li"))
    later = session.submit(AddNote(order="o1", text="改派"))
    assert order_of(session, "o1").technician == "li"
    town.do(OTHER_DESK, assign("o1", "wang", 15))
    async with town.running() as server:
        outcome = await mine.outcome
        assert isinstance(outcome, Refused)
        await until(session, lambda: bool(conflicts))
        assert conflicts[0].rejected.rejected == "changed_meanwhile"
        assert conflicts[0].who == "staff:chen"
        theirs = [step for step in order_of(session, "o1").steps if step.action == "assign"]
        assert conflicts[0].when == theirs[-1].at
        assert order_of(session, "o1").technician == "wang"
        assert session.link.attention == 1
        if decision == "take over":
            assert isinstance(await session.take_over(mine.act).outcome, Accepted)
            assert order_of(session, "o1").technician == "li"
        else:
            session.discard(mine.act)
        assert isinstance(await later.outcome, Accepted)
        await equal(session, server)
        assert session.link.attention == 0
        await session.close()


async def test_a_conflict_not_decided_is_there_after_a_restart(tmp_path: Path) -> None:
    town = StandIn()
    async with town.running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        server.silent = True
        server.do(OTHER_DESK, assign("o1", "wang", 15))
        outcome = await session.submit(assign("o1", "li")).outcome
        assert isinstance(outcome, Refused)
        await session.close()
    session = await desk(tmp_path, town)
    assert [each.state for each in session.parked] == ["refused"]
    assert session.parked[0].refusal == outcome.refusal
    assert order_of(session, "o1").technician is None
    await session.close()


async def test_an_act_on_top_of_a_pending_one_follows_the_truth(tmp_path: Path) -> None:
    town = StandIn()
    token = town.token_of(WANG)
    async with town.running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server, token=token)
        await link(session, "online")
        server.fault = lambda name, sent: 503
        waiting = session.submit(UrgeOrder(order="o1"))
        await until(session, lambda: order_of(session, "o1").urged == 1)
        server.do(OTHER_DESK, UrgeOrder(order="o1"))
        await until(session, lambda: order_of(session, "o1").urged == 2)
        server.do(OTHER_DESK, CancelOrder(order="o1", reason="not_needed", side="customer"))
        await until(session, lambda: order_of(session, "o1").status == "cancelled")
        assert order_of(session, "o1").urged == 1
        server.fault = None
        assert isinstance(await waiting.outcome, Refused)
        session.discard(waiting.act)
        await equal(session, server)
        await session.close()


async def test_an_expired_token_stops_a_full_outbox_until_the_same_person_logs_in(tmp_path: Path) -> None:
    town = StandIn()
    async with town.running() as server:
        session = await desk(tmp_path, server)
        await link(session, "online")
    await link(session, "offline")
    town.staff.clear()
    acts = [session.submit(booking(fresh())) for _ in range(20)]
    async with town.running() as server:
        await link(session, "logged_out")
        assert session.link.waiting == 20
        assert server.received == []
        session.submit(booking(fresh()))
        session.renew(server.token_of(WANG))
        for act in acts:
            assert isinstance(await act.outcome, Accepted)
        await equal(session, server)
        await session.close()


async def test_a_token_taken_back_in_the_midst_pauses_the_outbox(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        session = await desk(tmp_path, server)
        await link(session, "online")
        server.staff.clear()
        act = session.submit(booking(fresh()))
        await link(session, "logged_out")
        session.renew(server.token_of(WANG))
        assert isinstance(await act.outcome, Accepted)
        await session.close()


async def test_acts_go_with_their_own_persons_token_only(tmp_path: Path) -> None:
    town, order = StandIn(), fresh()
    session = await desk(tmp_path, town)
    await session.submit(booking(order)).saved
    await session.close()
    async with town.running() as server:
        session = await desk(tmp_path, server, LI)
        await link(session, "online")
        assert (session.link.waiting, session.link.others_waiting) == (0, 1)
        assert isinstance(await session.submit(booking(fresh())).outcome, Accepted)
        assert len(server.received) == 1
        assert session.get(Order, order) is None
        await session.close()
        session = await desk(tmp_path, server, WANG)
        await until(session, lambda: session.link.state == "online" and not session.link.waiting)
        await equal(session, server)
        assert order_of(session, order).steps[0].actor == "staff:wang"
        await session.close()


async def test_a_server_with_a_newer_protocol_is_told_nothing_and_nothing_is_lost(tmp_path: Path) -> None:
    async with StandIn(protocol=codec.PROTOCOL + 1).running() as server:
        session = await desk(tmp_path, server)
        await link(session, "outdated")
        act = session.submit(booking(fresh()))
        await act.saved
        assert session.link.waiting == 1
        assert server.received == []
        server.protocol = codec.PROTOCOL
        session.reconnect()
        assert isinstance(await act.outcome, Accepted)
        await session.close()


async def test_an_act_of_a_command_that_this_version_does_not_know_rests(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        session = await desk(tmp_path, server, token=None)
        await session.submit(booking(fresh())).saved
        await session.close()
        box = Box(tmp_path / "outbox.db", KEY)
        box.save([replace(box.entries()[0], name="fly-to-the-moon")])
        box.close()
        session = await desk(tmp_path, server)
        await until(session, lambda: session.link.attention == 1)
        assert session.parked[0].reason == "unreadable"
        assert isinstance(await session.submit(booking(fresh())).outcome, Accepted)
        await session.close()


async def test_before_the_first_word_of_a_server_acts_go_without_a_preview(tmp_path: Path) -> None:
    town = StandIn()
    town.do(DISPATCHER, booking("o1"))
    session = await desk(tmp_path, town)
    done = session.submit(assign("o1"))
    assert not done.previewed
    async with town.running() as server:
        assert isinstance(await done.outcome, Accepted)
        await equal(session, server)
        await session.close()


async def test_logging_out_asks_before_acts_are_lost_and_leaves_no_replica(tmp_path: Path) -> None:
    session = await desk(tmp_path, StandIn())
    await session.submit(booking(fresh())).saved
    with pytest.raises(Unsent) as unsent:
        await session.log_out()
    assert unsent.value.count == 1
    await session.log_out(discard_unsent=True)
    assert not (tmp_path / "replica.db").exists()


async def test_drafts_survive_a_restart_and_belong_to_their_writer(tmp_path: Path) -> None:
    town = StandIn()
    session = await desk(tmp_path, town)
    session.put_draft("d1", {"name": "张丽华", "at": 3})
    session.put_draft("d2", {"name": "陈"})
    session.drop_draft("d2")
    await session.close()
    assert "张丽华".encode() not in (tmp_path / "outbox.db").read_bytes()
    session = await desk(tmp_path, town)
    assert session.drafts() == {"d1": {"name": "张丽华", "at": 3}}
    await session.close()
    session = await desk(tmp_path, town, LI)
    assert session.drafts() == {}
    await session.close()
