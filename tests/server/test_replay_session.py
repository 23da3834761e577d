"""A day is replayed on a desk: every moment shows what a desk held then, forwards and backwards, and nothing changes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dispatcher_app import clock, codec
from dispatcher_app.client.api import Offline, Place
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.reading import Reading
from dispatcher_app.client.replay import ReplaySession, open_replay
from dispatcher_app.client.replica.ask import VIEWS, OrderQuery
from dispatcher_app.client.session import Session, open_session
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.alert import OF_PLANS
from dispatcher_app.domain.calendar import local_date, next_date
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Staff
from dispatcher_app.domain.technician import Technician
from tests.server.city import STAFF, assign, book
from tests.server.desk import log_in
from tests.server.process import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ZONE = "Asia/Shanghai"


async def until(condition: Callable[[], object]) -> None:
    """Let everything go on until the condition holds."""
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def sitting(server: Server, folder: Path, user: str = "lina") -> AsyncIterator[Session]:
    """A desk of that person, caught up."""
    token = log_in(server.url, user).json()["token"]
    staff: Staff = next(each for each in STAFF if each.id == user)

    async def there() -> Place:
        return Place(server.url)

    folder.mkdir(parents=True, exist_ok=True)
    session = await open_session(folder, staff, new_key(), there, token)
    try:
        await until(lambda: session.link.state == "online" and session.region is not None)
        yield session
    finally:
        await session.close()


async def held(session: Reading, orders: list[str]) -> dict[str, Any]:
    """What the screens read: the queue's lists and counts, rows, plans, orders, technicians."""
    today = local_date(clock.now_ms(), ZONE)
    # What depends on the clock to the second, and what a desk asks its plans for only every two seconds, is left out.
    views = [view for view in VIEWS if view != "overdue" and view not in OF_PLANS]
    queries: dict[str, OrderQuery] = {view: OrderQuery(view=view, today=today) for view in views}
    return {
        **{view: await session.order_keys(query) for view, query in queries.items()},
        "counts": await session.view_counts(queries),
        "rows": await session.order_rows(orders),
        "orders": [session.get(Order, id) for id in orders],
        "days": [await session.day_stops(next_date(today, ahead)) for ahead in range(3)],
        "technicians": session.all(Technician),
        "sheet": codec.encode(len((await session.schedule([next_date(today)])).briefs)),
    }


async def live_through(session: Session, dice: random.Random) -> list[tuple[int, list[str], dict[str, Any]]]:
    """A short history, and what the desk held after each step of it."""
    orders: list[str] = []
    seen = []
    for step in range(14):
        if step < 3 or dice.random() < 0.3:
            orders.append(clock.new_id())
            command: Any = book(len(orders), order=orders[-1])
        else:
            order = dice.choice(orders)
            command = dice.choice(
                [
                    assign(order, technician=dice.randrange(4), hour=9.0 + len(orders)),
                    c.UrgeOrder(order=order),
                    c.CancelOrder(order=order, reason="not_needed", side="customer"),
                ]
            )
        try:
            done = session.submit(command)
        except Rejected:
            continue
        await done.outcome
        await until(
            lambda: not session.link.waiting and not any(session.is_pending("order", id) for id in orders)
        )
        await asyncio.sleep(0.01)  # so that the next act is decided in another millisecond
        seen.append((clock.now_ms(), list(orders), await held(session, orders)))
        await asyncio.sleep(0.01)
    return seen


@pytest.mark.parametrize("seed", [1, 2])
async def test_any_moment_equals_what_a_desk_held_then(server: Server, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    async with sitting(server, tmp_path) as session:
        seen = await live_through(session, dice)
        await asyncio.sleep(0.01)
        replay = await open_replay(session, local_date(clock.now_ms(), ZONE))
        try:
            assert replay.missing == 0
            for moment, orders, was in (*seen, *reversed(seen), *dice.sample(seen, len(seen))):
                await replay.go(moment)
                assert replay.now() == moment
                found = await held(replay, orders)
                for what, value in was.items():
                    assert found[what] == value, what
        finally:
            await replay.close()


async def test_nothing_can_be_done_in_the_past_and_nothing_of_it_stays(
    server: Server, tmp_path: Path
) -> None:
    async with sitting(server, tmp_path) as session:
        replay = await open_replay(session, local_date(clock.now_ms(), ZONE))
        with pytest.raises(Rejected, match="read_only"):
            replay.submit(book())
        path = replay._past.path
        assert path.exists()
        await replay.close()
        assert not path.parent.exists()


async def test_screens_are_told_what_is_different_and_marks_say_what_went_wrong(
    server: Server, tmp_path: Path
) -> None:
    async with sitting(server, tmp_path) as session:
        await session.submit(book(order="o-mark")).outcome
        between = clock.now_ms() + 5
        await asyncio.sleep(0.02)
        await session.submit(c.UrgeOrder(order="o-mark")).outcome
        replay: ReplaySession = await open_replay(session, local_date(clock.now_ms(), ZONE))
        try:
            (mark,) = [each for each in replay.marks if each.order == "o-mark"]
            assert mark.what == "urged"
            assert len(await replay.moments_of("o-mark")) == 2
            await replay.go(between)
            told: list[Any] = []
            replay.subscribe(changed=told.append)
            await replay.go(replay.head.end)
            await until(lambda: told)
            assert told[0].ids["order"] == {"o-mark"}
            order = replay.get(Order, "o-mark")
            assert order is not None
            assert order.urged == 1
        finally:
            await replay.close()


async def test_a_dispatcher_is_told_who_may_look_back(server: Server, tmp_path: Path) -> None:
    async with sitting(server, tmp_path, "wangfang") as session:
        with pytest.raises(Rejected, match="not_allowed"):
            await open_replay(session, local_date(clock.now_ms(), ZONE))
        server.stop()
        await until(lambda: session.link.state != "online")
        with pytest.raises(Offline):
            await open_replay(session, local_date(clock.now_ms(), ZONE))
