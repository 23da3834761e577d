"""What finance asks the ledger: accounts and what stands on them, the entries of one, all that an order has posted."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import ask
from dispatcher_app.server.answer import answer
from dispatcher_app.server.auth import Seat
from dispatcher_app.server.question import number
from dispatcher_app.server.request import read, seat_of
from dispatcher_app.server.store import books
from dispatcher_app.server.store import ledger as tables

PAGE = 200
NAME_LIMIT = 400


class Carried(msgspec.Struct, frozen=True):
    """Customers' cash that a technician carries, and how much he may (minor units)."""

    technician: str
    amount: int
    limit: int
    currency: str


async def accounts(request: Request) -> Response:
    """GET /ledger/accounts?region=&begins=&after=&limit=: what stands on the accounts whose names begin so."""
    seat = await reading(request)
    regions = [asked(request, seat)] if "region" in request.query_params else sorted(seat.actor.regions)
    begins, after = word(request, "begins"), word(request, "after")
    limit = number(request, "limit", PAGE, 1, 2000)
    found = await read(request, lambda cursor: books.accounts(cursor, regions, begins, after, limit))
    return answer({"accounts": found})


async def lines(request: Request) -> Response:
    """GET /ledger/entries?region=&account=&before=&posting=&limit=: an account's entries, the newest first."""
    seat = await reading(request)
    region, account = asked(request, seat), word(request, "account")
    before = number(request, "before", 1 << 60, 0, 1 << 60), word(request, "posting")
    limit = number(request, "limit", PAGE, 1, 2000)
    found = await read(request, lambda cursor: books.lines(cursor, region, account, before, limit))
    return answer({"entries": found})


async def of_order(request: Request) -> Response:
    """GET /ledger/orders/{id}: everything that was posted about an order."""
    seat = await reading(request)
    id = request.path_params["id"]

    def work(cursor: Any) -> list[books.Line]:
        ask.found(cursor, Order, id, list(seat.actor.regions))
        return books.lines_of(cursor, id)

    return answer({"entries": await read(request, work)})


async def carried(request: Request) -> Response:
    """GET /ledger/cash?technician=: how much of the customers' cash he carries, and may."""
    seat = await seat_of(request)
    role.require(seat.actor, role.BOOKS | role.READS_LEDGER, PLATFORM)
    id = word(request, "technician")

    def work(cursor: Any) -> Carried:
        technician = ask.found(cursor, Technician, id, list(seat.actor.regions))
        currency = ask.found(cursor, Region, technician.region).currency
        account = ledger.technician(id, "cash")
        amount = tables.balance(cursor, technician.region, account, currency)
        return Carried(id, amount, ask.policy(cursor).cash_limit, currency)

    return answer(await read(request, work))


async def reading(request: Request) -> Seat:
    """Whoever may read the books."""
    seat = await seat_of(request)
    role.require(seat.actor, role.READS_LEDGER, PLATFORM)
    return seat


def asked(request: Request, seat: Seat) -> str:
    """The region that is asked about; raises Rejected for another one's."""
    region = request.query_params.get("region", "")
    if region not in seat.actor.regions:
        raise Rejected("other_region", "region", region=region)
    return region


def word(request: Request, name: str) -> str:
    """A name in the query."""
    value = request.query_params.get(name, "")
    if len(value) > NAME_LIMIT:
        raise Rejected("too_long", name, limit=NAME_LIMIT)
    return value


ROUTES = [
    Route("/ledger/accounts", accounts),
    Route("/ledger/entries", lines),
    Route("/ledger/orders/{id}", of_order),
    Route("/ledger/cash", carried),
]
