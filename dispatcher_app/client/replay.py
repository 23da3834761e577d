"""A session on a day that is over: the same screens read it, the minute is chosen, and nothing can be changed."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from dispatcher_app.client import alerting
from dispatcher_app.client.api import Offline
from dispatcher_app.client.bulletin import Bulletin
from dispatcher_app.client.lookup import Lookup
from dispatcher_app.client.reading import Reading
from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.replica.past import Head, Mark, Past, PastReader, open_past
from dispatcher_app.client.schedule import Brief, Sheet, briefs, told
from dispatcher_app.client.state import Link, Position
from dispatcher_app.client.worker import Worker
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.alert import OF_PLANS
from dispatcher_app.domain.calendar import midnight, next_date
from dispatcher_app.domain.day import Day as Plan
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.planning.travel import Routes
from dispatcher_app.rows import OrderRow

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

KNOWN_MOST = 150_000
"""So many plans and orders are kept as the board reads them: whoever goes back and forth reads them once."""


@dataclass(frozen=True, slots=True)
class Day:
    """The open file of a day."""

    worker: Worker
    writer: Past
    reader: PastReader
    lookup: Lookup
    counting: PastReader


async def open_replay(
    live: Session, date: str, region: str = "", heard: Callable[[float], object] = lambda share: None
) -> ReplaySession:
    """A day of a region from the server's log, `heard` is told how much of it is here; raises Offline, Rejected."""
    loop, worker = asyncio.get_running_loop(), Worker("replay")
    folder = tempfile.TemporaryDirectory(prefix="replay-", ignore_cleanup_errors=True)
    region = region or live.region_id
    past, reader, points, counting = await worker.run(open_past, Path(folder.name) / "day.db")

    def keep(chunk: bytes) -> None:
        past.feed(chunk)
        loop.call_soon_threadsafe(heard, past.share)

    session = ReplaySession(
        Day(worker, past, reader, Lookup(past.path, points), counting), live, region, folder
    )
    try:
        await live.fetch_replay(region, date, keep)
        if not past.whole or past.head is None:
            raise Offline("cut")
        await session.prepare()
        await session.go(past.head.begin)
    except BaseException:
        await session.close()
        raise
    return session


def counted(
    reader: PastReader,
    queries: Mapping[str, OrderQuery],
    seen: Mapping[str, int] | None,
    now: int,
    timezone: str,
) -> dict[str, int]:
    """`Reading.view_counts`, with what plans and positions tell of."""
    found = alerting.told(reader, seen, now, timezone)
    asked = {
        name: replace(query, told=found.get(query.view, frozenset())) if query.view in OF_PLANS else query
        for name, query in queries.items()
    }
    return reader.view_counts(asked, now, timezone)


def briefs_of_day(reader: PastReader) -> dict[tuple[str, int], Brief]:
    """The few words about every version of every order."""
    return {
        (id, version): told(body, (name, compound, tail))
        for id, version, body, name, compound, tail in reader.bodies_of_day()
    }


def sheet_of(
    reader: PastReader, dates: Sequence[str], timezone: str, known: dict[tuple[str, int], Brief | Plan]
) -> Sheet:
    """`schedule.sheet`, from what is known of these versions as far as it goes."""
    if len(known) > KNOWN_MOST:
        known.clear()
    plans = reader.versions_under(Plan, dates)
    missing = [key for key in plans if key not in known]
    known.update({(each.id, each.version): each for each in reader.entities(Plan, [id for id, _ in missing])})
    days = tuple(cast(Plan, known[key]) for key in plans)
    begin, end = midnight(min(dates), timezone), midnight(next_date(max(dates)), timezone)
    wanted = {stop.order for day in days for stop in day.stops} | set(reader.waiting(begin, end))
    orders = reader.versions(Order, wanted)
    fresh = briefs(reader, [id for id, version in orders if (id, version) not in known])
    known.update({(id, version): fresh[id] for id, version in orders if id in fresh})
    return Sheet(days, {id: cast(Brief, known[id, version]) for id, version in orders})


class ReplaySession(Reading):
    """What screens know of the moment chosen. Called in the loop's thread only."""

    def __init__(
        self, day: Day, live: Session, region: str, folder: tempfile.TemporaryDirectory[str]
    ) -> None:
        super().__init__(day, replace(live.staff, regions=(region,)))
        self._past, self._live, self._folder = day.writer, live, folder
        self._counting, self._counter = day.counting, Worker("replay counts")
        self._bulletin = Bulletin(Link("online", live.now()))
        self.positions: dict[str, Position] = {}
        self.moment = 0
        self._wanted: int | None = None
        self._going: asyncio.Task[bool] | None = None
        self.closed = False
        self._known: dict[tuple[str, int], Brief | Plan] = {}

    async def _mend(self, error: Exception) -> NoReturn:
        raise error

    # ------------------------------------------------------------ the day
    @property
    def head(self) -> Head:
        """Whose day it is, from when until when."""
        assert self._past.head is not None
        return self._past.head

    @property
    def marks(self) -> Sequence[Mark]:
        """What went wrong in the day, the first one first."""
        return self._past.marks

    @property
    def missing(self) -> int:
        """How many changes the log has let go of: what they made is not shown until it changed again."""
        return self._past.missing

    async def prepare(self) -> None:
        """Read all orders as the board shows them: then no minute takes longer than another."""
        self._known.update(await self._ask(briefs_of_day, cast(PastReader, self._reader)))

    async def moments_of(self, order: str) -> list[int]:
        """When an order changed in the day (UTC ms)."""
        return await self._ask(self._past.moments_of, order)

    async def go(self, at: int) -> bool:
        """Show the day as it stood at a moment (UTC ms), of several wishes the last; whether all is read anew."""
        self._wanted = max(self.head.begin, min(at, self.head.end))
        if self._going is None or self._going.done():
            self._going = asyncio.create_task(self._go(), name="replay")
        return await asyncio.shield(self._going)

    async def _go(self) -> bool:
        anew = False
        while self._wanted is not None and not self.closed:
            at, self._wanted = self._wanted, None
            changed = await self._worker.run(self._past.go, at)
            seen = await self._worker.run(self._past.positions)
            self.moment = at
            anew |= (several := changed is None)
            changed = changed or frozenset()
            self._lookup.forget(changed, everything=several)
            gone = self.positions.keys() - seen.keys()
            self.positions.clear()
            self.positions.update(seen)
            self._bulletin.tell_changed(changed, everything=several or bool(gone))
            self._bulletin.tell_positions(seen)
        return anew

    def now(self) -> int:
        """The moment that is shown."""
        return self.moment

    async def schedule(self, dates: Sequence[str]) -> Sheet:
        """The plans of some local dates as they stood, with their orders: only versions not met before are read."""
        return await self._ask(
            sheet_of, cast(PastReader, self._reader), list(dates), self.timezone, self._known
        )

    async def view_counts(self, queries: Mapping[str, OrderQuery]) -> dict[str, int]:
        """How many orders each query shows, beside everything else: nobody waits for the counts."""
        return await self._counter.run(
            counted, self._counting, dict(queries), self.seen(), self.now(), self.timezone
        )

    # ------------------------------------------------------------ what a session is asked
    def is_pending(self, kind: str, id: str) -> bool:
        """Nothing is on its way in the past."""
        return False

    def submit(self, command: Any, *, undoes: str | None = None, batch: str | None = None) -> NoReturn:
        """Raises Rejected("read_only"): the past can't be changed."""
        raise Rejected("read_only")

    def preview(self, command: Any) -> NoReturn:
        """Raises Rejected("read_only")."""
        raise Rejected("read_only")

    async def search_server(self, text: str) -> list[OrderRow]:
        """The server searches what is now, which does not belong here."""
        raise Rejected("read_only")

    async def portrait(self, technician: str) -> Path | None:
        """A technician's picture, as it is now."""
        return await self._live.portrait(technician)

    async def way(self, origin: Point, target: Point, wanted: int = 1) -> Routes:
        """How one drives from place to place, by the roads of today."""
        return await self._live.way(origin, target, wanted)

    async def close(self) -> None:
        """Leave nothing of the day on this computer."""
        if self.closed:
            return
        self.closed = True
        if self._going is not None:
            await asyncio.gather(self._going, return_exceptions=True)
        self._lookup.close()
        await self._worker.run(self._reader.close)
        await self._worker.run(self._past.close)
        await self._counter.run(self._counting.close)
        self._worker.close()
        self._counter.close()
        self._folder.cleanup()
