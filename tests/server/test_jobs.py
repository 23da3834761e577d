"""What the system does by itself, and where technicians are."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.region import Policy
from dispatcher_app.server import alarm, job
from dispatcher_app.server.node import Node, open_node
from dispatcher_app.server.store import query
from dispatcher_app.server.store.backup import newest
from tests.server.city import Gate, Place, actor_of, book
from tests.server.waiting import until


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop of the test's own."""
    made = asyncio.new_event_loop()
    yield made
    made.close()


def offered(gate: Gate, countdown_s: int) -> str:
    """An order offered for so long."""
    policy = replace(Policy(), version=1, offer_countdown_s=countdown_s)
    gate.do(c.SavePolicy(policy=policy), actor=actor_of("guanli"))
    gate.do(book(order="o-offered"))
    gate.do(c.OfferOrder(order="o-offered", technician="sh-t1"))
    return "o-offered"


def status(node: Node | Gate, order: str) -> str:
    with node.database.reading() as cursor:
        return str(cursor.all("SELECT status FROM order_row WHERE id = ?", (order,))[0][0])


def nodes(loop: asyncio.AbstractEventLoop, place: Place) -> list[Node]:
    """As many nodes as the database can have."""
    count = 2 if place.postgresql else 1
    return [open_node(place.url, place.data / "secret.key", loop) for _ in range(count)]


def test_an_offer_runs_out_once_and_the_log_says_by_whom(gate: Gate, loop: asyncio.AbstractEventLoop) -> None:
    order = offered(gate, 0)
    running = nodes(loop, gate.place)

    async def expire() -> None:
        for _ in range(3):
            await asyncio.gather(*(alarm.ring(each) for each in running))

    def ended() -> bool:
        loop.run_until_complete(expire())
        return status(gate, order) == "pending"

    try:
        until(ended, "the offer goes on")
        found = gate.all("SELECT actor, command FROM act WHERE command = 'expire-offer'")
        assert found == [("system:dispatcher", "expire-offer")]
    finally:
        for each in running:
            each.close()


def test_an_offer_that_still_runs_is_left_alone(gate: Gate, loop: asyncio.AbstractEventLoop) -> None:
    order = offered(gate, 600)
    (node, *others) = nodes(loop, gate.place)
    try:
        assert loop.run_until_complete(alarm.ring(node)) == 0
        assert status(gate, order) == "offered"
    finally:
        for each in (node, *others):
            each.close()


def test_the_daily_backup_is_made_once_and_whole(sqlite: Place, loop: asyncio.AbstractEventLoop) -> None:
    node = open_node(sqlite.url, sqlite.data / "secret.key", loop)
    backups = sqlite.data / "backups"
    try:
        for _ in range(2):
            loop.run_until_complete(job.keep_house(node, backups))
        assert len(list(backups.iterdir())) == 1
        assert newest(backups) is not None
    finally:
        node.close()


def test_a_job_that_fails_is_told_and_tried_again(
    loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    async def work() -> None:
        tries.append(1)
        raise ZeroDivisionError

    async def run() -> None:
        task = asyncio.create_task(job.every(0, "broken", work))
        while len(tries) < 3:
            await asyncio.sleep(0)
        task.cancel()

    loop.run_until_complete(run())
    assert "unexpected fault of a job" in caplog.text


def positions_of(node: Node) -> dict[str, tuple[float, int]]:
    with node.database.reading() as cursor:
        return {row[0]: (row[1], row[4]) for row in query.positions(cursor, ["sh", "bj"])}


def test_the_latest_position_counts_and_impossible_ones_do_not(
    place: Place, loop: asyncio.AbstractEventLoop
) -> None:
    node, *others = nodes(loop, place)
    now = clock.now_ms()

    async def pass_on() -> list[str]:
        """What a desk of each node is sent."""
        sent = []
        for each in (node, *others):
            opened = each.hub.stream(["sh"], "t")
            await anext(opened)
            await each.positions.pass_on()
            each.hub.publish([("sh", 1, b"{}")])
            sent.append((await anext(opened)).decode())
            await opened.aclose()
        return sent

    try:
        node.positions.report([
            ("sh-t1", 121.5, 31.2, 5.0, now - 1000), ("sh-t1", 121.4, 31.2, 5.0, now - 2000),
            ("sh-t2", 121.6, 31.2, 5.0, now + 3_600_000), ("sh-t3", 221.6, 31.2, 5.0, now),
            ("nobody", 121.6, 31.2, 5.0, now), ("\0", 121.6, 31.2, 5.0, now), ("bj-t1", 116.0, 39.9, 5.0, now),
        ], frozenset({"sh"}))  # fmt: skip
        sent = loop.run_until_complete(pass_on())
        assert positions_of(node) == {"sh-t1": (121.5, now - 1000)}
        for events in sent:
            told = json.loads(events.split("event: positions\ndata: ")[1].split("\n")[0])
            assert told == {"positions": [["sh-t1", 121.5, 31.2, 5.0, now - 1000]]}
        node.positions.report([("sh-t1", 121.1, 31.2, 5.0, now - 5000)])
        sent = loop.run_until_complete(pass_on())
        assert positions_of(node) == {"sh-t1": (121.5, now - 1000)}
        assert not any("positions" in events for events in sent), "what is older is not streamed"
    finally:
        for each in (node, *others):
            each.close()


def test_a_phone_whose_clock_is_ahead_hides_nobody(place: Place, loop: asyncio.AbstractEventLoop) -> None:
    node, *others = nodes(loop, place)
    now = clock.now_ms()
    try:
        node.positions.report([("sh-t1", 121.5, 31.2, 5.0, now + 50_000)])
        for each in (node, *others):
            loop.run_until_complete(each.positions.pass_on())
        node.positions.report([("sh-t2", 121.6, 31.2, 5.0, now)])
        for each in (node, *others):
            before = dict(each.positions._sent)
            loop.run_until_complete(each.positions.pass_on())
            assert set(each.positions._sent) - set(before) == {"sh-t2"}
    finally:
        for each in (node, *others):
            each.close()


def test_the_key_of_a_place_stays_private(sqlite: Place, tmp_path: Path) -> None:
    fresh = Place(f"sqlite:///{tmp_path / 'new.db'}", tmp_path)
    fresh.open()[0].close()
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
