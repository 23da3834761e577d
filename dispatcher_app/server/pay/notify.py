"""What providers tell us: `POST /notify/wechatpay` and `POST /notify/alipay`.

A notification is only a hint, however well it is signed: the provider is asked before anything is booked. What is not
believed, or does not fit what we asked for, is refused with a reason that is kept, and answered as the protocol says;
nothing is booked by it. Before its signature is known to be right nothing of it is kept but a count, so that nobody
fills our disk.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import uuid
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dispatcher_app import clock
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.integrations.payments.port import (
    Distrusted,
    Found,
    Provider,
    Refused,
    Told,
    Unanswered,
    key_of,
)
from dispatcher_app.server.answer import answer
from dispatcher_app.server.body import TooLarge, bytes_of
from dispatcher_app.server.node import Node
from dispatcher_app.server.pay.collect import concluded
from dispatcher_app.server.request import node_of
from dispatcher_app.server.store import payment as store
from dispatcher_app.server.store import record
from dispatcher_app.server.store.payment import Heard

log = logging.getLogger(__name__)

LIMIT: Final = 64 * 1024
QUERY_S: Final = 4.0
"""Providers wait five seconds for our answer."""
MINUTE_MS: Final = 60_000

Outcome = tuple[str, str]
"""What becomes of a notification (done, known, later, refused) and the reason."""


async def wechatpay(request: Request) -> Response:
    """POST /notify/wechatpay: 204 where it is done, else an error with the reason, so that it comes again."""
    outcome, reason = await heard(request, "wechat")
    if outcome in ("done", "known"):
        return Response(status_code=204)
    status = {"later": 503, "unknown": 404}.get(outcome, 400)
    return answer({"code": "FAIL", "message": reason}, status)


async def alipay(request: Request) -> Response:
    """POST /notify/alipay: the seven letters `success`, or `fail`, so that it comes again."""
    outcome, _ = await heard(request, "alipay")
    return PlainTextResponse("success" if outcome in ("done", "known") else "fail")


async def heard(request: Request, means: str) -> Outcome:
    """Read, check, ask and book; keeps what became of it."""
    node = node_of(request)
    provider = node.payments.get(means)
    if provider is None:
        return "unknown", "not_set_up"
    try:
        body = await bytes_of(request, LIMIT)
    except TooLarge:
        await keep(node, refused_of(means, "too_large", b""))
        return "refused", "too_large"
    told = None
    try:
        headers = {name.lower(): value for name, value in request.headers.items()}
        told = provider.told(headers, body, clock.now_ms())
        outcome = await followed(node, provider, means, told)
    except Distrusted as distrusted:
        outcome = ("refused", distrusted.reason)
        if not distrusted.genuine:
            await keep(node, refused_of(means, distrusted.reason, body))
            return outcome
    await keep(node, heard_of(means, told, outcome, body))
    return outcome


async def followed(node: Node, provider: Provider, means: str, told: Told) -> Outcome:
    """What a genuine notification leads to."""
    if await asyncio.to_thread(known, node, name(means, told.id)):
        return "known", "replayed"
    if told.kind == "other":
        return "done", "not_about_money"
    if told.kind == "refund":
        # Refunds are asked about by their own job; being told only hurries it.
        return "done", "refund"
    payment = await asyncio.to_thread(payment_of, node, told.key)
    if payment is None or payment.means != means:
        return "refused", "payment_unknown"
    if told.standing != "captured":
        node.collecting.hurry(payment.id)
        return "done", told.standing
    if told.currency != payment.currency or told.amount != payment.amount:
        # The provider himself decides whether that is so: the job asks him at once, and finance has to look.
        node.collecting.hurry(payment.id)
        return "refused", "currency_differs" if told.currency != payment.currency else "amount_differs"
    if payment.state == "captured":
        return (
            ("known", "booked_already")
            if payment.provider_ref == told.reference
            else ("refused", "other_reference")
        )
    found = await asked(provider, payment)
    if found is None:
        node.collecting.hurry(payment.id)
        return "later", "provider_unanswered"
    done = await concluded(node.executor, payment, found)
    if done == "captured":
        return "done", "captured"
    return "refused", "amount_differs" if done == "differs" else "not_paid_says_provider"


async def asked(provider: Provider, payment: Payment) -> Found | None:
    """The provider's own word; None where he gives none in time."""
    try:
        async with asyncio.timeout(QUERY_S):
            return await provider.query(key_of(payment.id))
    except (Unanswered, Refused, TimeoutError):
        return None


def known(node: Node, id: str) -> bool:
    """Whether that very notification was followed before."""
    with node.database.reading() as cursor:
        return store.handled(cursor, id)


def payment_of(node: Node, key: str) -> Payment | None:
    """The payment that a provider's key names."""
    with node.database.reading() as cursor:
        found = record.load(cursor, Payment.kind, id_of(key))
    return found if isinstance(found, Payment) else None


def id_of(key: str) -> str:
    """Our id of a provider's key; a key that is none of ours as it is."""
    try:
        return str(uuid.UUID(key)) if len(key) == 32 else key
    except ValueError:
        return key


def name(means: str, id: str) -> str:
    """What a notification is kept as."""
    return f"{means}:{id}"[:200]


def heard_of(means: str, told: Told | None, outcome: Outcome, body: bytes) -> Heard:
    """A genuine notification as it is kept."""
    digest = hashlib.sha256(body).hexdigest()
    id = told.id if told is not None else digest
    payment = id_of(told.key) if told is not None and told.kind == "payment" else ""
    # What was followed stays so, however often the same comes again.
    state = "done" if outcome[1] == "replayed" else outcome[0]
    return Heard(id=name(means, id), at=clock.now_ms(), provider=means, outcome=state, reason=outcome[1],
                 payment=payment[:100], digest=digest)  # fmt: skip


def refused_of(means: str, reason: str, body: bytes) -> Heard:
    """One that anybody may have sent: counted by minute and reason, with the digest of the last."""
    now = clock.now_ms()
    return Heard(id=f"{means}:{reason}:{now // MINUTE_MS}", at=now, provider=means, outcome="refused", reason=reason,
                 digest=hashlib.sha256(body).hexdigest())  # fmt: skip


async def keep(node: Node, what: Heard) -> None:
    """Write down what became of it."""
    if what.outcome == "refused":
        log.warning("notification refused", extra={"provider": what.provider, "reason": what.reason})
    await asyncio.wrap_future(node.executor.run(lambda cursor: store.note(cursor, what)))


ROUTES = [
    Route("/notify/wechatpay", wechatpay, methods=["POST"]),
    Route("/notify/alipay", alipay, methods=["POST"]),
]
