"""A day of 10,000 orders replayed: fetching it once, then any minute of it until board and queue are painted."""

from __future__ import annotations

import asyncio
import gc
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act
from dispatcher_app.domain.calendar import local_date, midnight
from dispatcher_app.domain.command import UrgeOrder
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.node import prepared
from dispatcher_app.server.serve import sqlite_url
from tests.bench import desk
from tests.bench.board import painted
from tests.bench.busy_day import ZONE, busy_day, tomorrow
from tests.bench.company import REGION, Served, serving
from tests.bench.figure import percentile

if TYPE_CHECKING:
    from ui.window.replaying import Room

TECHNICIANS, ORDERS, JUMPS, STEPS = 1_000, 10_000, 60, 60


def lived(data: Path) -> int:
    """The company after its day: every order booked, sent to somebody and urged, spread evenly; how many acts."""
    busy_day(data, TECHNICIANS, ORDERS, waiting=200)
    database, vault = prepared(sqlite_url(data), data / "secret.key")
    executor = Executor(database, vault, lambda messages: None)
    with database.reading() as cursor:
        orders = [row[0] for row in cursor.all("SELECT id FROM order_row")]
    for first in range(0, len(orders), 2000):
        acts = [
            Act(
                id=clock.new_id(),
                actor=SYSTEM,
                at=clock.now_ms(),
                command=UrgeOrder(order=order),
                region=REGION,
            )
            for order in orders[first : first + 2000]
        ]
        executor.submit_all(acts).result(300)
    executor.close()
    now = clock.now_ms()
    begin = midnight(local_date(now, ZONE), ZONE)
    with database.writing() as cursor:
        cursor.run("UPDATE act SET decided_at = ? WHERE log <> ?", (begin - 1, REGION))
        ((count,),) = cursor.all("SELECT max(seq) FROM act WHERE log = ?", (REGION,))
        # The technicians were there before; everything else happens from midnight until now.
        cursor.run(
            "UPDATE act SET decided_at = CASE WHEN seq <= ? THEN ? ELSE ? + (seq - ?) * ? / ? END WHERE log = ?",
            (TECHNICIANS, begin - 1, begin, TECHNICIANS, now - begin, count - TECHNICIANS, REGION),
        )
    database.close()
    return int(count)


async def shown(room: Room) -> None:
    """Wait until everything that follows the moment has been read and painted."""
    schedule, model = room.board.schedule, room.queue.model
    while True:
        await asyncio.sleep(0)
        busy = (
            schedule._reading.busy or schedule._following.busy or model._asking.busy or model._following.busy
        )
        if not busy and not room.lateness.isActive():
            painted(room.board)
            if room.board.view.picture.complete:
                return


async def sit(folder: Path, served: Served) -> dict[str, Any]:
    """Open the day and move in it."""
    from dispatcher_app.client.replay import open_replay
    from ui.window.replaying import Room

    session = await desk.sit_down(folder / "desk", served)
    begun = time.perf_counter()
    past = await open_replay(session, local_date(session.now(), ZONE))
    result: dict[str, Any] = {"fetch_s": round(time.perf_counter() - begun, 1), "acts": past.head.acts}
    room = Room(past, session)
    room.resize(1900, 1000)
    room.show()
    room.board.dates.go(tomorrow())
    await past.go(past.head.end)
    await asyncio.sleep(1)
    await shown(room)
    dice = random.Random(5)
    gc.collect()
    gc.disable()  # as at a desk, where it runs while nothing is painted

    async def go(at: int) -> float:
        started = time.perf_counter()
        anew = await past.go(at)
        room.follow(anew=anew)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await shown(room)
        return (time.perf_counter() - started) * 1000

    jumps = [await go(dice.randrange(past.head.begin, past.head.end)) for _ in range(JUMPS)]
    far = [await go(at) for _ in range(5) for at in (past.head.begin, past.head.end)]
    middle = (past.head.begin + past.head.end) // 2
    await go(middle)
    steps = [await go(middle + at * 60_000) for at in range(1, STEPS + 1)]
    gc.enable()
    for name, taken in (("minute", jumps), ("whole_day", far), ("next_minute", steps)):
        result[f"{name}_p50_ms"] = round(percentile(taken, 0.5), 1)
        result[f"{name}_p99_ms"] = round(percentile(taken, 0.99), 1)
    room.close()
    room.deleteLater()
    await past.close()
    await session.close()
    return {**result, "orders": ORDERS, "technicians": TECHNICIANS}


def measure() -> dict[str, Any]:
    """Times from choosing a minute until board and queue (offscreen, 1900 × 1000) are painted as they were then."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "company"
        lived(data)
        with serving(data) as served:
            return desk.run(lambda: sit(Path(folder), served))
