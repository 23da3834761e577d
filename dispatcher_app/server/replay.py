"""A day of a region as the log knows it, so that a desk can show any minute of it."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from dispatcher_app import clock, codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import DAY_MS, is_date, midnight, next_date
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.region import Region
from dispatcher_app.server import ask
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.store import replay as store
from dispatcher_app.server.store.database import Database

T = TypeVar("T")

KEPT_DAYS: Final = 180
"""So far back the log holds how things stood."""
LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


async def replay(request: Request) -> Response:
    """GET /replay?region=&date=: lines of JSON, the first one says what follows, the last one that nothing is missing."""
    seat = await seat_of(request)
    region, date = request.query_params.get("region", ""), request.query_params.get("date", "")
    role.require(seat.actor, role.REPLAYS, region)
    if not is_date(date):
        raise Rejected("date_invalid", "date", date=date)
    found: Region = await read(request, lambda cursor: ask.found(cursor, Region, region))
    begin, now = midnight(date, found.timezone), clock.now_ms()
    if begin >= now:
        raise Rejected("replay_ahead", "date", date=date)
    if begin < now - KEPT_DAYS * DAY_MS:
        raise Rejected("replay_too_old", "date", date=date, days=KEPT_DAYS)
    end = min(midnight(next_date(date), found.timezone), now)
    database = node_of(request).database
    lines = told(database, region, date, begin, end)
    near = request.client is not None and request.client.host in LOOPBACK
    headers = {"cache-control": "no-store", **({} if near else {"content-encoding": "gzip"})}
    return StreamingResponse(
        lines if near else zipped(lines), headers=headers, media_type="application/x-ndjson"
    )


async def told(database: Database, region: str, date: str, begin: int, end: int) -> AsyncIterator[bytes]:
    """The day line by line; each piece is read by itself, for the log never changes what it has said."""
    lines = day(database, region, date, begin, end)
    while (line := await asyncio.to_thread(next, lines, None)) is not None:
        yield codec.encode(line) + b"\n"


def asked(database: Database, question: Callable[..., T], *args: Any) -> T:
    """The answer of one moment of the database."""
    with database.reading() as cursor:
        return question(cursor, *args)


def day(database: Database, region: str, date: str, begin: int, end: int) -> Iterator[dict[str, Any]]:
    """How everything stood when the day began, then what changed in it, then where people were."""
    ask_ = partial(asked, database)
    dates = [next_date(date, ahead) for ahead in range(store.LATER_DAYS + 1)]
    spans = {log: ask_(store.span, log, begin, end) for log in (PLATFORM, region)}
    wanted = {
        PLATFORM: {kind: ask_(store.ids_of, kind, PLATFORM) for kind in store.COMMON},
        region: {
            "technician": ask_(store.ids_of, "technician", region),
            "order": ask_(store.orders_of, region, begin, end),
            "day": ask_(store.plans_of, region, dates),
        },
    }
    orders, plans = wanted[region]["order"], wanted[region]["day"]
    acts = sum(each.last - each.before for each in spans.values())
    yield {"region": region, "date": date, "begin": begin, "end": end, "orders": len(orders), "acts": acts}
    for part in store.parts(orders):
        customers, addresses = ask_(store.people_of, part)
        yield {"versions": ask_(store.as_now, "customer", customers)}
        yield {"versions": ask_(store.as_now, "address", addresses)}
    for log, kinds in wanted.items():
        for kind, ids in kinds.items():
            for part in store.parts(ids):
                yield {"versions": ask_(store.standing, log, kind, part, spans[log].before)}
    shown = {"order": set(orders), "day": set(plans)}
    for log, span in spans.items():
        after = span.before
        while after < span.last:
            found, upto = ask_(store.changed, span, after, tuple(wanted[log]))
            yield {
                "versions": [each for each in found if each[0] not in shown or each[1] in shown[each[0]]],
                "acts": upto - after,
            }
            after = upto
    for part in store.parts(wanted[region]["technician"]):
        yield {"tracks": ask_(store.tracks, part, begin - store.TRACK_BEFORE_MS, end)}
    yield {"whole": True}


async def zipped(lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same for who is further away."""
    packer = zlib.compressobj(1, wbits=31)
    async for line in lines:
        if packed := packer.compress(line):
            yield packed
    yield packer.flush()


ROUTES = [Route("/replay", replay)]
