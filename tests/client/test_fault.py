"""Full disks, damaged files, jumping clocks and a process that is killed: a clear word and no loss."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import sys
from dataclasses import replace
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

import pytest

from dispatcher_app.client.deskclock import DeskClock
from dispatcher_app.client.outbox.box import Box
from dispatcher_app.client.session import Accepted
from dispatcher_app.domain.order import Order
from tests.client import child
from tests.client.stand_in import StandIn
from tests.client.town import KEY, LI, WANG, booking, desk, fresh
from tests.client.wait import equal, link, until
from tests.domain.trade import DISPATCHER

KILLS = 20
posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of this kind exist on POSIX systems only")


def processes() -> SpawnContext | ForkServerContext:
    """Processes that start quickly and share nothing with this one."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.client.child"])
    return context


@pytest.mark.parametrize("part", ["header", "middle", "wal", "everything"])
async def test_a_damaged_replica_is_fetched_anew_and_what_waits_is_kept(tmp_path: Path, part: str) -> None:
    town = StandIn()
    async with town.running() as server:
        for number in range(60):
            server.do(DISPATCHER, booking(f"o{number}"))
        session = await desk(tmp_path, server)
        await link(session, "online")
    await link(session, "offline")
    waiting = session.submit(booking(fresh()))
    await waiting.saved
    await session.close()
    damage(tmp_path / "replica.db", part)
    async with town.running() as server:
        session = await desk(tmp_path, server)
        await until(session, lambda: session.link.state == "online" and not session.link.waiting)
        server.do(DISPATCHER, booking("last"))
        await until(session, lambda: session.get(Order, "last") is not None)
        await equal(session, server)
        assert waiting.act in server.done
        await session.close()


def damage(file: Path, part: str) -> None:
    """Write nonsense over a part of the file."""
    content = bytearray(file.read_bytes())
    dice = random.Random(1)
    span = {
        "header": range(100), "middle": range(len(content) // 4, len(content) // 2), "wal": range(0),
        "everything": range(len(content)),
    }[part]  # fmt: skip
    for at in span:
        content[at] = dice.randrange(256)
    file.write_bytes(content)
    if part == "wal":
        file.with_name("replica.db-wal").write_bytes(dice.randbytes(5000))


async def test_a_replica_that_is_damaged_while_it_is_open_is_begun_anew(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        for number in range(60):
            server.do(DISPATCHER, booking(f"o{number}"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        db = session._parts.writer._store.db
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("DROP TABLE order_row")
        server.do(DISPATCHER, booking("last"))
        await until(session, lambda: session.get(Order, "last") is not None)
        await equal(session, server)
        await session.close()


async def test_another_persons_replica_is_not_shown(tmp_path: Path) -> None:
    town = StandIn()
    async with town.running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        await session.close()
    session = await desk(tmp_path, town, LI)
    assert session.get(Order, "o1") is None
    assert session.link.reason == "replica_other_user"
    await session.close()


async def test_other_roles_begin_the_replica_anew(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        server.do(DISPATCHER, booking("o1"))
        session = await desk(tmp_path, server)
        await link(session, "online")
        token = next(iter(server.staff))
        server.staff[token] = replace(WANG, roles=("counter",))
        pages = server.pages
        server.hang_up()
        await until(session, lambda: session.staff.roles == ("counter",) and session.link.state == "online")
        assert server.pages > pages
        assert session.actor.roles == {"counter"}
        await equal(session, server)
        await session.close()


async def test_a_damaged_outbox_is_kept_aside_and_said(tmp_path: Path) -> None:
    town = StandIn()
    session = await desk(tmp_path, town)
    await session.submit(booking(fresh())).saved
    await session.close()
    damage(tmp_path / "outbox.db", "everything")
    session = await desk(tmp_path, town)
    assert session.link.reason == "outbox_damaged"
    assert list(tmp_path.glob("outbox.db.damaged-*"))
    await session.submit(booking(fresh())).saved
    await session.close()


@posix
def test_a_full_disk_is_said_at_once_and_nothing_is_shown_as_done(tmp_path: Path) -> None:
    here, there = multiprocessing.Pipe()
    process = processes().Process(target=child.starve, args=(tmp_path, KEY, 300_000, there))
    process.start()
    code, safe, outcome, shown, reason = here.recv()
    assert code == "disk_full"
    assert reason == "disk_full"
    assert "disk_full" in outcome
    assert not shown
    after = here.recv()
    process.join()
    assert process.exitcode == 0
    box = Box(tmp_path / "outbox.db", KEY)
    assert [entry.act for entry in box.entries()] == after
    assert after[:-1] == safe
    box.close()


@posix
@pytest.mark.timeout(60)
async def test_killing_the_desk_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    town, dice, context = StandIn(), random.Random(7), processes()
    safe: list[str] = []

    async def live_and_die(token: str | None) -> None:
        here, there = context.Pipe()
        process = context.Process(target=child.work, args=(tmp_path, KEY, town.url, token, there))
        process.start()
        there.close()
        wanted = len(safe) + dice.randrange(1, 12)
        while len(safe) < wanted:
            safe.extend(await asyncio.to_thread(here.recv))
        process.kill()
        await asyncio.to_thread(process.join)
        while here.poll():
            try:
                safe.extend(here.recv())
            except EOFError:
                break

    for _ in range(KILLS // 2):
        await live_and_die(None)
    async with town.running() as server:
        token = server.token_of(WANG)
        for _ in range(KILLS // 2):
            await live_and_die(token)
        session = await desk(tmp_path, server)
        await until(session, lambda: session.link.state == "online" and not session.link.waiting)
        assert set(safe) <= set(server.done)
        assert len(server.world.all(Order)) == len(server.done)
        await equal(session, server)
        await session.close()


def test_the_clock_of_the_computer_may_jump() -> None:
    wall, ticks = [1_000_000], [50]
    clock = DeskClock(0, lambda: wall[0], lambda: ticks[0])
    first = clock.act_time()
    wall[0] -= 500_000
    ticks[0] += 10
    assert clock.act_time() == first + 10
    clock.hear(2_000_000)
    wall[0] += 9_000_000
    ticks[0] += 10
    assert clock.now() == 2_000_010
    clock.hear(1_500_000)
    assert clock.now() == 1_500_000
    assert clock.act_time() >= first + 10


def test_time_never_runs_before_what_the_replica_has_seen() -> None:
    clock = DeskClock(5_000_000, lambda: 1_000_000, lambda: 7)
    assert clock.now() == 5_000_000


async def test_acts_are_dated_by_the_servers_clock_and_never_backwards(tmp_path: Path) -> None:
    async with StandIn(skew_ms=3_600_000).running() as server:
        session = await desk(tmp_path, server)
        await link(session, "online")
        assert abs(session.now() - server.time()) < 1_000
        first, second = fresh(), fresh()
        assert isinstance(await session.submit(booking(first)).outcome, Accepted)
        server.skew_ms = 0
        server.tell("heartbeat", server.hello())
        server.do(DISPATCHER, booking("o1"))
        await until(session, lambda: session.get(Order, "o1") is not None)
        assert abs(session.now() - server.time()) < 1_000
        session.submit(booking(second))
        one, other = session.get(Order, first), session.get(Order, second)
        assert one is not None
        assert other is not None
        assert other.created_at >= one.created_at
        await session.close()
