"""The job that carries payments by a code: asks for the code, asks how they stand, closes what nobody will pay.

A payment is written down before anybody is asked, under a key that the provider takes once. Whoever finds one of which
nobody knows what became, after a crash or an answer that never came, asks how it stands before it asks for a code again.
What was closed is asked about until its code has run out for certain: Alipay can't close what nobody has scanned.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain import life
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.command import (
    CapturePayment,
    ClosePayment,
    FailPayment,
    PaymentOffered,
    name_of,
)
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from dispatcher_app.integrations.payments.port import Asked, Found, Provider, Refused, Unanswered, key_of
from dispatcher_app.server import ask
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.store import payment as store
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Database
from dispatcher_app.text import t

log = logging.getLogger(__name__)

EVERY_S = 0.5
AT_ONCE = 16
FIRST_MS, MOST_MS = 1_000, 30_000
"""The pause after a question that was not answered, twice as long each time, up to the last."""
DONE_BEFORE = frozenset({"is_so_already", "act_id_reused"})
"""Refusals of what another node, or a notification, has done just before."""
CLOSED_MS = 60_000
"""How often a payment that was closed is asked about."""


@dataclass(slots=True)
class Watch:
    """When each payment was last asked about, in ticks (ms), and how often in vain: forgotten with the node."""

    last: dict[str, int] = field(default_factory=dict)
    vain: dict[str, int] = field(default_factory=dict)

    def hurry(self, payment: str) -> None:
        """Ask about it at once: somebody has said that it is paid."""
        self.last.pop(payment, None)
        self.vain.pop(payment, None)


@dataclass(frozen=True, slots=True)
class Case:
    """A payment with its order and the figures in force."""

    payment: Payment
    order: Order
    policy: Policy

    @property
    def unwanted(self) -> bool:
        """Whether nobody is to pay it any more: somebody asked so, its time is over, the order is paid or goes on."""
        payment, order = self.payment, self.order
        late = payment.payable_until is not None and payment.payable_until <= clock.now_ms()
        covered = owed(order) - order.paid < payment.amount or life.step_for(order.status, "pay") is None
        return payment.closing or late or covered


async def collect(
    database: Database, executor: Executor, providers: Mapping[str, Provider], watch: Watch
) -> int:
    """Do what is due for every open payment; returns for how many."""
    found = await asyncio.to_thread(cases, database)
    open_ = {each.payment.id for each in found}
    watch.last = {id: at for id, at in watch.last.items() if id in open_}
    watch.vain = {id: count for id, count in watch.vain.items() if id in open_}
    due = [each for each in found if is_due(each, watch)][:AT_ONCE]
    for each in due:
        watch.last[each.payment.id] = clock.ticks_ms()
    await asyncio.gather(*(step(executor, providers, watch, each) for each in due))
    return len(due)


def cases(database: Database) -> list[Case]:
    """Every payment of which something can still come."""
    with database.reading() as cursor:
        found = [
            each
            for each in store.open_payments(cursor, clock.now_ms())
            if each.state in ("starting", "pending", "closed") and each.means in ("wechat", "alipay")
        ]
        policy = ask.policy(cursor) if found else Policy()
        made = []
        for each in found:
            order = record.load(cursor, Order.kind, each.order)
            if isinstance(order, Order):
                made.append(Case(each, order, policy))
        return made


def is_due(case: Case, watch: Watch) -> bool:
    """Whether it is time to ask about it."""
    id = case.payment.id
    if (last := watch.last.get(id)) is None:
        return True
    waited = clock.ticks_ms() - last
    if vain := watch.vain.get(id, 0):
        return waited >= min(MOST_MS, FIRST_MS << min(vain - 1, 10))
    if case.payment.state == "closed":
        return waited >= CLOSED_MS
    return case.unwanted or waited >= case.policy.payment_ask_s * 1000


async def step(executor: Executor, providers: Mapping[str, Provider], watch: Watch, case: Case) -> None:
    """One question about one payment, and what follows from the answer."""
    payment = case.payment
    provider = providers.get(payment.means)
    try:
        if provider is None:
            # Another node, or a later start, may know the provider of what is open there already.
            if payment.state == "starting":
                await give(executor, payment, FailPayment(payment=payment.id, problem="no_provider"), "fail")
        elif payment.state != "closed" and case.unwanted:
            await shut(executor, provider, payment)
        elif payment.state == "starting":
            await begin(executor, provider, case)
        else:
            await concluded(executor, payment, await provider.query(key_of(payment.id)))
        watch.vain.pop(payment.id, None)
    except Unanswered as error:
        watch.vain[payment.id] = watch.vain.get(payment.id, 0) + 1
        log.info("payment unanswered", extra={"payment": payment.id, "detail": str(error)})
    except Refused as refused:
        watch.vain[payment.id] = watch.vain.get(payment.id, 0) + 1
        log.warning("payment refused", extra={"payment": payment.id, "code": refused.code})


async def begin(executor: Executor, provider: Provider, case: Case) -> None:
    """Ask for the code; but first how it stands, for somebody who is gone may have asked before us."""
    payment = case.payment
    key = key_of(payment.id)
    found = await provider.query(key)
    if found.standing in ("captured", "closed"):
        await concluded(executor, payment, found)
        return
    assert payment.payable_until is not None
    asked = Asked(
        key=key, amount=payment.amount, currency=payment.currency, expires_at=payment.payable_until,
        subject=t("Repair order {number}", number=case.order.number),
    )  # fmt: skip
    try:
        code = await provider.offer(asked)
    except Refused as refused:
        found = await provider.query(key)
        if found.standing in ("captured", "closed"):
            await concluded(executor, payment, found)
            return
        failed = FailPayment(payment=payment.id, problem="refused", said=refused.code)
        await give(executor, payment, failed, "fail")
        return
    await give(executor, payment, PaymentOffered(payment=payment.id, code=code), "offered")


async def shut(executor: Executor, provider: Provider, payment: Payment) -> None:
    """Have it closed; what was paid meanwhile is paid."""
    found = await provider.close(key_of(payment.id))
    if found.standing == "captured":
        await concluded(executor, payment, found)
    elif found.standing in ("closed", "absent"):
        await give(executor, payment, ClosePayment(payment=payment.id), "close")


async def concluded(executor: Executor, payment: Payment, found: Found) -> str:
    """What the provider's own word makes of a payment; returns what was done: captured, differs, closed or nothing."""
    if found.standing == "captured":
        if found.currency != payment.currency or found.amount != payment.amount:
            problem = "currency_differs" if found.currency != payment.currency else "amount_differs"
            failed = FailPayment(
                payment=payment.id, problem=problem, amount=found.amount, currency=found.currency,
                reference=found.reference,
            )  # fmt: skip
            return "differs" if await give(executor, payment, failed, "differs") else "nothing"
        captured = CapturePayment(
            payment=payment.id, amount=found.amount, currency=found.currency, reference=found.reference,
            captured_at=found.at,
        )  # fmt: skip
        return "captured" if await give(executor, payment, captured, "capture") else "nothing"
    if found.standing == "closed" and payment.state in ("starting", "pending"):
        await give(executor, payment, ClosePayment(payment=payment.id), "close")
        return "closed"
    return "nothing"


async def give(executor: Executor, payment: Payment, command: Any, what: str) -> bool:
    """The provider's act: whoever learns the same gives the same one, so that it happens once; whether it has."""
    act = Act(
        id=clock.derived_id("payment", payment.id, what, str(payment.version) if what != "capture" else ""),
        actor=Actor(kind="provider", id=payment.means), at=clock.now_ms(), command=command, region=payment.region,
    )  # fmt: skip
    try:
        await asyncio.wrap_future(executor.submit(act))
        return True
    except Rejected as rejected:
        log.info(
            "payment act refused",
            extra={"act": name_of(command), "payment": payment.id, "code": rejected.code},
        )
        return rejected.code in DONE_BEFORE
