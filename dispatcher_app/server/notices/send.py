"""Handing notices to the provider: again and again with growing pauses, until they are taken or given up."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from dispatcher_app import clock
from dispatcher_app.integrations.notice import Delivery, Notice, Provider
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.notices import word
from dispatcher_app.server.store import notice as store
from dispatcher_app.server.store.database import Database
from dispatcher_app.server.store.notice import Kept

log = logging.getLogger(__name__)

AT_ONCE = 64
LEASE_MS = 60_000
"""How long a notice belongs to whoever sends it: afterwards it is sent again, under the same key."""

PAUSES_MS = (5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000)
"""Before the second, third … try; after the last one a notice counts as undelivered."""

LAST = len(PAUSES_MS) + 1
"""The number of the last try; a notice claimed yet again is one that our own fault never let go."""


async def send(database: Database, executor: Executor, provider: Provider, writer: word.Writer) -> int:
    """Send what is due; returns how many notices were tried."""
    now = clock.now_ms()

    def waiting() -> list[Kept]:
        with database.reading() as cursor:
            return store.due(cursor, now, AT_ONCE)

    if not (found := await asyncio.to_thread(waiting)):
        return 0
    mine = await asyncio.wrap_future(
        executor.run(lambda cursor: store.claim(cursor, found, now, now + LEASE_MS))
    )

    def put_into_words() -> list[Notice | str]:
        with database.reading() as cursor:
            return [
                word.composed(cursor, writer, each, now) if each.tries <= LAST + 1 else "fault"
                for each in mine
            ]

    said = await asyncio.to_thread(put_into_words)
    settled = await asyncio.gather(
        *(one(provider, each, words) for each, words in zip(mine, said, strict=True))
    )
    await asyncio.wrap_future(executor.run(lambda cursor: store.settle(cursor, settled)))
    return len(mine)


async def one(provider: Provider, notice: Kept, words: Notice | str) -> Kept:
    """A notice after a try."""
    if isinstance(words, str):
        return replace(notice, state="failed", detail=words)
    return after(notice, await provider.send(words), provider.name, clock.now_ms())


def after(notice: Kept, delivery: Delivery, provider: str, now: int) -> Kept:
    """A notice as the provider's answer leaves it."""
    made = replace(notice, provider=provider, detail=delivery.detail or None)
    if delivery.outcome == "sent":
        return replace(made, state="sent", sent_at=now)
    if delivery.outcome == "refused":
        log.warning("notice refused", extra={"notice": notice.id, "detail": delivery.detail})
        return replace(made, state="failed")
    if notice.tries >= LAST:
        log.warning("notice undelivered", extra={"notice": notice.id, "detail": delivery.detail})
        return replace(made, state="undelivered")
    return replace(made, next_at=now + PAUSES_MS[notice.tries - 1])
