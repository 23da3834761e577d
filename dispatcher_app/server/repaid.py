"""Why money went back: the figures of the regions that somebody sees, over a span of days."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import is_date, midnight, next_date
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money.reasons import given
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Region
from dispatcher_app.server.answer import answer
from dispatcher_app.server.request import read, seat_of
from dispatcher_app.server.store import query, record
from dispatcher_app.server.store import refund as store
from dispatcher_app.server.store.database import Cursor

LONGEST = 800
"""Days that may be asked about at once."""


async def reasons(request: Request) -> Response:
    """GET /refunds/reasons?first=&last=: what was paid back and besides on these local dates, by its reasons."""
    seat = await seat_of(request)
    role.require(seat.actor, role.SEES_REASONS, PLATFORM)
    first, last = date(request, "first"), date(request, "last")
    if not first <= last <= next_date(first, LONGEST):
        raise Rejected("invalid", "last", detail=f"{LONGEST} days at most")

    def work(cursor: Cursor) -> list[Any]:
        places = [record.load(cursor, Region.kind, each) for each in sorted(seat.actor.regions)]
        zones = {each.id: each.timezone for each in places if isinstance(each, Region)}
        found = [
            each
            for region, zone in zones.items()
            for each in store.between(cursor, [region], midnight(first, zone), midnight(next_date(last), zone))
        ]
        orders = query.bodies(cursor, Order.kind, sorted({each.order for each in found}))
        return list(given(found, {each.id: each for each in orders if isinstance(each, Order)}, zones))

    return answer({"given": await read(request, work)})


def date(request: Request, name: str) -> str:
    """A local date of the query; raises Rejected naming it."""
    found = request.query_params.get(name, "")
    if not is_date(found):
        raise Rejected("invalid", name, detail="YYYY-MM-DD")
    return found


ROUTES = [Route("/refunds/reasons", reasons)]
