"""Refunds on their way: asked of whoever carried the payment, once each, until it is known what came of them.

A refund is written down as being sent before anybody is asked, under a key that the provider takes only once. Whoever
finds one that is being sent, after a crash or an answer that never came, first asks what became of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dispatcher_app import clock, codec
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.command import ReportRefund, SendRefund, name_of
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.refunding import ELECTRONIC
from dispatcher_app.integrations.payments.port import Paid, Provider, Refunded, Refused, Unanswered, key_of
from dispatcher_app.server import ask
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.node import Node
from dispatcher_app.server.store import record
from dispatcher_app.server.store import refund as store
from dispatcher_app.server.store.database import Database

log = logging.getLogger(__name__)

EVERY_S = 1.0
AT_ONCE = 16
RARELY = 60
"""What takes long is asked about ever more rarely, at most so many times less often than at first."""
FAULTS: Mapping[str, str] = {
    "NOT_ENOUGH": "funds_short",
    "ACQ.SELLER_BALANCE_NOT_ENOUGH": "funds_short",
    "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL": "amount_refused",
    "ACQ.TRADE_HAS_FINISHED": "too_old",
    "ACQ.REASON_TRADE_REFUND_FEE_ERR": "amount_refused",
    "USER_ACCOUNT_ABNORMAL": "payer_gone",
    "ACQ.BUYER_NOT_EXIST": "payer_gone",
    "ACQ.BUYER_ERROR": "payer_gone",
    "INVALID_REQUEST": "amount_refused",
    "SIGN_ERROR": "not_set_up",
    "NO_AUTH": "not_set_up",
    "MCH_NOT_EXISTS": "not_set_up",
    "TRADE_OVERDUE": "too_old",
    "REFUND_FEE_MISMATCH": "amount_refused",
    "ACQ.DISCORDANT_REPEAT_REQUEST": "amount_refused",
}
"""What providers' codes mean to us; every other one is simply refused."""


@dataclass(slots=True)
class Asking:
    """When each refund was last asked about, in ticks (ms): forgotten with the node, and then asked at once."""

    last: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Errand:
    """A refund, the payment that it goes back to, and the figures in force."""

    refund: Refund
    paid: Paid
    policy: Policy

    @property
    def key(self) -> str:
        """The provider's key of this attempt."""
        refund = self.refund
        return key_of(clock.derived_id(refund.id, str(refund.attempt)) if refund.attempt else refund.id)


async def repay_all(node: Node, asking: Asking) -> int:
    """What a node does about its company's refunds."""
    return await repay(node.database, node.executor, node.payments, asking)


async def repay(
    database: Database, executor: Executor, providers: Mapping[str, Provider], asking: Asking
) -> int:
    """Ask for what is due and about what was asked for; returns how many refunds that were."""
    found = await asyncio.to_thread(errands, database)
    asking.last = {
        each.refund.id: asking.last[each.refund.id] for each in found if each.refund.id in asking.last
    }
    due = [each for each in found if is_due(each, asking)][:AT_ONCE]
    for each in due:
        asking.last[each.refund.id] = clock.ticks_ms()
    await asyncio.gather(*(run(executor, providers, each) for each in due))
    return len(due)


def errands(database: Database) -> list[Errand]:
    """What waits to be sent, is being sent, or wants to be looked at."""
    with database.reading() as cursor:
        refunds = [
            each
            for each in store.under_way(cursor)
            if each.carrier in ELECTRONIC and each.state in ("approved", "sending", "attention")
        ]
        policy = ask.policy(cursor) if refunds else Policy()
        made = []
        for each in refunds:
            payment = record.load(cursor, Payment.kind, each.payment) if each.payment else None
            if isinstance(payment, Payment):
                paid = Paid(
                    key=key_of(payment.id), reference=payment.provider_ref, amount=payment.amount,
                    currency=payment.currency,
                )  # fmt: skip
                made.append(Errand(each, paid, policy))
        return made


def is_due(errand: Errand, asking: Asking) -> bool:
    """Whether it is time to ask: at once for what is new, and ever more rarely for what takes long."""
    last, least = asking.last.get(errand.refund.id), errand.policy.refund_ask_again_s * 1000
    if errand.refund.state == "approved" or last is None:
        return True
    pause = min(max(least, waited(errand.refund) // 10), least * RARELY)
    return clock.ticks_ms() - last >= pause


async def run(executor: Executor, providers: Mapping[str, Provider], errand: Errand) -> None:
    """One step of one refund, whoever else may be about the same: the writer lets only one of two acts pass."""
    refund = errand.refund
    provider = providers.get(refund.carrier)
    try:
        if refund.state == "approved" and provider is None:
            # Nobody was asked, so it has failed for sure.
            refund = await act(executor, refund, sending(refund))
            await report(executor, refund, "failed", fault="not_set_up")
        elif provider is not None:
            await step(executor, provider, errand)
        elif late(refund, errand.policy):
            # It was asked of somebody who is not set up any more: nobody but a person can find out what he did.
            await wanted(executor, refund, "not_set_up")
    except Rejected as rejected:
        log.info("refund goes on elsewhere", extra={"refund": refund.id, "code": rejected.code})


async def step(executor: Executor, provider: Provider, errand: Errand) -> None:
    """Ask what became of it where it was sent before; send it where it was not, or never came there."""
    refund = errand.refund
    asked, fresh = refund.tries > 0, refund.state == "approved"
    try:
        if fresh:
            refund = await act(executor, refund, sending(refund))
        if asked:
            answer = await found(provider, errand)
            if answer.state != "absent":
                return await heard(executor, refund, answer)
            if refund.state == "attention":
                return None
            if late(refund, errand.policy):
                return await wanted(executor, refund, "unanswered")
            if not fresh:
                refund = await act(executor, refund, sending(refund))
        answer = await provider.refund(errand.key, errand.paid, refund.amount)
    except Unanswered as silence:
        log.warning("refund unanswered", extra={"refund": refund.id, "detail": str(silence)})
        return await wanted(executor, refund, "unanswered") if late(refund, errand.policy) else None
    except Refused as no:
        log.warning("refund refused", extra={"refund": refund.id, "code": no.code, "detail": no.detail})
        if refund.state == "sending":
            await report(executor, refund, "failed", fault=FAULTS.get(no.code, "refused"))
        return None
    return await heard(executor, refund, answer)


async def found(provider: Provider, errand: Errand) -> Refunded:
    """How it stands at the provider's; who won't even say that leaves us knowing nothing. Raises Unanswered."""
    try:
        return await provider.query_refund(errand.key, errand.paid)
    except Refused as no:
        raise Unanswered(no.code) from None


def sending(refund: Refund) -> SendRefund:
    """The word that it is about to be asked for."""
    return SendRefund(order=refund.order, refund=refund.id, tries=refund.tries)


def late(refund: Refund, policy: Policy) -> bool:
    """Whether so much time has passed that a person has to look."""
    return refund.sent_at is not None and waited(refund) >= policy.refund_attention_after * MINUTE_MS


def waited(refund: Refund) -> int:
    """Since when (ms) it is on its way."""
    return clock.now_ms() - (refund.sent_at or clock.now_ms())


async def heard(executor: Executor, refund: Refund, answer: Refunded) -> None:
    """What the provider says of it."""
    if answer.state == "done" and answer.amount != refund.amount:
        await wanted(executor, refund, "amount_differs", answer.reference)
    elif answer.state == "done":
        await report(executor, refund, "done", reference=answer.reference)
    elif answer.state == "failed" and "ABNORMAL" in answer.detail:
        await wanted(executor, refund, "refund_abnormal", answer.reference)
    elif answer.state == "failed":
        await report(executor, refund, "failed", fault="refund_closed", reference=answer.reference)


async def wanted(executor: Executor, refund: Refund, fault: str, reference: str = "") -> None:
    """Somebody has to look at it; said once."""
    if refund.state != "attention" or refund.fault != fault:
        await report(executor, refund, "attention", fault=fault, reference=reference)


async def report(
    executor: Executor, refund: Refund, result: Any, *, fault: str = "", reference: str = ""
) -> None:
    """Write down what came of it."""
    made = ReportRefund(
        order=refund.order,
        refund=refund.id,
        tries=refund.tries,
        result=result,
        provider_ref=reference,
        fault=fault,
    )
    await act(executor, refund, made)


async def act(executor: Executor, refund: Refund, command: Any) -> Refund:
    """The system's act about a refund as it stood; returns the refund afterwards. Raises Rejected."""
    id = clock.derived_id(name_of(command), refund.id, str(refund.version))
    made = Act(id=id, actor=SYSTEM, at=clock.now_ms(), command=command, region=refund.region)
    reply = await asyncio.wrap_future(executor.submit(made))
    body = next(
        each.body for each in reply.message.changes if (each.kind, each.id) == (Refund.kind, refund.id)
    )
    found = codec.entity(Refund.kind, body)
    assert isinstance(found, Refund)
    return found
