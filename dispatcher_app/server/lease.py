"""What only one of several nodes may do: whoever has the lease does it, until he dies or stops.

A lease lasts some seconds and is renewed in good time. A node that hangs knows by its own clock that its leases have
run out before another may have taken them, and lets go. Acts of jobs carry derived ids or say how things stood, so
that even whoever was a moment too late does nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from dispatcher_app import clock
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.store import lease
from dispatcher_app.server.store.database import Database, Unavailable
from dispatcher_app.server.store.lease import Work

log = logging.getLogger(__name__)

LASTS_MS = 6_000
RENEW_S = 2.0


@dataclass(frozen=True, slots=True)
class Asked:
    """When a lease was asked for, in ticks (ms), and whether it was given."""

    at: int
    given: bool

    @property
    def holds(self) -> bool:
        """Whether it is still ours: reckoned from before we asked, so that we let go first."""
        return self.given and clock.ticks_ms() - self.at < LASTS_MS

    @property
    def fresh(self) -> bool:
        """Whether there is no need to ask again yet."""
        return clock.ticks_ms() - self.at < RENEW_S * 1000


class Leases:
    """The leases of a node."""

    def __init__(self, database: Database, executor: Executor, name: str) -> None:
        self.database = database
        self.executor = executor
        self.name = name
        self._asked: dict[Work, Asked] = {}
        self._turn = asyncio.Lock()

    async def held(self, job: str, region: str = "") -> bool:
        """Whether this node is to do a job now; what nobody does it takes."""
        work = (job, region)
        if work not in self._asked or not self._asked[work].fresh:
            await self._ask([work])
        return self.still(job, region)

    def still(self, job: str, region: str = "") -> bool:
        """Whether a lease taken before is still ours: asked between two steps of longer work."""
        return (asked := self._asked.get((job, region))) is not None and asked.holds

    async def renew(self) -> None:
        """Keep what we have, however long its work takes, and look whether something has become free."""
        await self._ask(list(self._asked))

    async def _ask(self, wanted: list[Work]) -> None:
        async with self._turn:
            wanted = [work for work in wanted if work not in self._asked or not self._asked[work].fresh]
            if not wanted:
                return
            at = clock.ticks_ms()
            mine = await asyncio.to_thread(self._free, wanted)
            if mine:
                mine = await asyncio.wrap_future(
                    self.executor.run(lambda cursor: lease.take(cursor, mine, self.name, LASTS_MS))
                )
            for work in wanted:
                given = work in mine
                if given != (work in self._asked and self._asked[work].given):
                    log.info(
                        "lease taken" if given else "lease of another node",
                        extra={"job": work[0], "region": work[1], "node": self.name},
                    )
                self._asked[work] = Asked(at, given)

    def _free(self, wanted: list[Work]) -> list[Work]:
        # Asking costs a reader; only who may have something goes through the writer.
        with self.database.reading() as cursor:
            return lease.free(cursor, wanted, self.name)

    async def end(self) -> None:
        """Leave everything to the others, without waiting for the time to run out."""
        self._asked.clear()
        try:
            await asyncio.wrap_future(self.executor.run(lambda cursor: lease.give_back(cursor, self.name)))
        except Unavailable as error:
            log.info("leases run out by themselves", extra={"error": str(error)})


def once(leases: Leases, job: str, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """A job that only one of several nodes does."""

    async def done() -> None:
        if await leases.held(job):
            await work()

    return done


def node_name(database: Database, data: Path) -> str:
    """What a node is called in its leases.

    A file has one server a data folder, which a new one follows without waiting; else every start is another node.
    """
    if not database.postgresql:
        return f"file:{data.resolve()}"
    return f"{socket.gethostname()}:{os.getpid()}:{clock.new_id()[-12:]}"
