"""What desks ask about payments by a code: by which means one can pay, what to scan; bills brought by finance."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app import clock
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import is_date
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money.payment import CODE, Payment
from dispatcher_app.integrations.payments.alipay import unpacked
from dispatcher_app.integrations.payments.bill import BadBill
from dispatcher_app.integrations.payments.port import Unanswered
from dispatcher_app.server.answer import answer
from dispatcher_app.server.body import bytes_of
from dispatcher_app.server.pay import fetch
from dispatcher_app.server.question import number
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.store import payment as store
from dispatcher_app.server.store import query, record
from dispatcher_app.server.store.database import Cursor

BILL_LIMIT: Final = 64 * 1024 * 1024
STUCK_MS: Final = 300_000
"""So long after its end a payment that nobody has closed is worth a look."""


async def means(request: Request) -> Response:
    """GET /payments/means: by which telephones customers can pay here."""
    await seat_of(request)
    return answer({"means": sorted(node_of(request).payments)})


async def code(request: Request) -> Response:
    """GET /payments/{id}/code: the text of the code that the customer scans, as long as he can pay by it."""
    seat, id = await seat_of(request), request.path_params["id"]
    role.require(seat.actor, role.TAKES_PAYMENTS, PLATFORM)

    def work(cursor: Cursor) -> bytes:
        payment = record.load(cursor, Payment.kind, id)
        if not isinstance(payment, Payment) or payment.region not in seat.actor.regions:
            raise Rejected("not_found", "id", kind=Payment.kind, id=id)
        found = query.secret(cursor, Payment.kind, id, CODE)
        if payment.state != "pending" or found is None:
            raise Rejected("payment_no_code", "id", state=payment.state)
        return found[1]

    sealed = await read(request, work)
    return answer({"code": node_of(request).vault.open(Payment.kind, id, CODE, sealed)})


async def bill(request: Request) -> Response:
    """POST /bills?region=&date=: a provider's bill as he publishes it, a table or an archive with one."""
    seat, node = await seat_of(request), node_of(request)
    region, date = request.query_params.get("region", ""), request.query_params.get("date", "")
    role.require(seat.actor, role.RECONCILES, region)
    if region not in seat.actor.regions:
        raise Rejected("other_region", "region", region=region)
    if date and not is_date(date):
        raise Rejected("date_invalid", "date")
    data = await bytes_of(request, BILL_LIMIT)
    try:
        if data[:2] == b"PK":
            data = await asyncio.to_thread(unpacked, data)
        reply, command = await fetch.take(node, data, date, region, seat.actor)
    except BadBill as bad:
        raise Rejected(bad.code, "file", **bad.params) from None
    except Unanswered:
        raise Rejected("bill_unknown", "file") from None
    return answer({
        "seq": reply.message.seq, "provider": command.provider, "date": command.date, "payments": command.payments,
        "paid": command.paid, "refunds": command.refunds, "refunded": command.refunded,
        "differences": len(command.found),
    })  # fmt: skip


async def notices(request: Request) -> Response:
    """GET /payments/notices?before=&limit=: what providers told us, and why some of it was not believed."""
    seat = await seat_of(request)
    role.require(seat.actor, role.RECONCILES, PLATFORM)
    before, limit = number(request, "before", 1 << 60, 0, 1 << 60), number(request, "limit", 200, 1, 1000)
    found: Any = await read(request, lambda cursor: store.notices(cursor, before, limit))
    return answer({"notices": found, "now": clock.now_ms()})


async def stuck(request: Request) -> Response:
    """GET /payments/stuck: open payments whose time is long over, for the provider does not answer about them."""
    seat = await seat_of(request)
    role.require(seat.actor, role.RECONCILES, PLATFORM)
    now = clock.now_ms()

    def work(cursor: Cursor) -> list[Payment]:
        return [
            each
            for each in store.open_payments(cursor, now)
            if each.state in ("starting", "pending")
            and each.region in seat.actor.regions
            and (each.payable_until or 0) + STUCK_MS < now
        ]

    return answer({"payments": await read(request, work)})


ROUTES = [
    Route("/payments/means", means),
    Route("/payments/notices", notices),
    Route("/payments/stuck", stuck),
    Route("/payments/{id}/code", code),
    Route("/bills", bill, methods=["POST"]),
]
