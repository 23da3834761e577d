"""What the system does by itself beside the alarms of orders: tokens that end, the nightly backup."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from dispatcher_app import clock
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.server import ask
from dispatcher_app.server.node import Node
from dispatcher_app.server.sight import hidden_from
from dispatcher_app.server.store import replay, run
from dispatcher_app.server.store.backup import BackupFailed, back_up, newest, thin_out
from dispatcher_app.server.store.database import Unavailable

log = logging.getLogger(__name__)

SEATS_S = 2.0
UPLOADS_S = 15.0
HOUSEKEEPING_S = 3600.0
BACKUP_EVERY_MS = 24 * 3_600_000
RUNS_KEPT_MS = 24 * 3_600_000
"""Searches for a plan are shown so long after their end."""


async def check_seats(node: Node) -> None:
    """End the streams of those who were logged out or deactivated, and of those who see other things by now."""
    desks = list(node.hub.desks)
    if not desks:
        return
    seats = await asyncio.to_thread(node.auth.seats, [desk.token for desk in desks])
    for desk in desks:
        seat = seats.get(desk.token)
        if seat is None:
            node.hub.log_out(desk.token)
        elif not desk.logs.issubset(seat.logs) or desk.hidden != hidden_from(seat.actor):
            node.hub.end(desk)


async def keep_house(node: Node, backups: Path | None) -> None:
    """Forget tokens, searches and ways that are over; copy the database once a day and keep a week of copies."""
    now = clock.now_ms()
    await asyncio.wrap_future(
        node.executor.run(lambda cursor: cursor.run("DELETE FROM token WHERE expires_at < ?", (now,)))
    )
    await asyncio.wrap_future(node.executor.run(lambda cursor: run.forget(cursor, now - RUNS_KEPT_MS)))
    await asyncio.wrap_future(
        node.executor.run(lambda cursor: replay.sweep(cursor, now - ask.policy(cursor).track_days * DAY_MS))
    )
    if backups is None or node.database.postgresql:
        return
    last = newest(backups)
    if last is None or now - last[1] > BACKUP_EVERY_MS:
        await asyncio.to_thread(back_up, node.database, backups / f"dispatcher-{now}.db")
        thin_out(backups, keep=7)


async def every(seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do it again and again; a database that is away is tried again later."""
    while True:
        try:
            await work()
        except (Unavailable, BackupFailed, OSError) as error:
            log.warning("job postponed", extra={"job": name, "error": str(error)})
        # Nobody waits for a job: a fault of ours is told here, and must not end the work for good.
        except Exception:
            log.exception("unexpected fault of a job", extra={"job": name})
        await asyncio.sleep(seconds)
