"""Invoices on their way: asked of whoever issues them, once each, until it is known what came of it.

One is written down as being sent before anybody is asked, under a key that is taken only once. Whoever finds one that is
being sent, after a crash or an answer that never came, first asks what became of it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from dispatcher_app import clock, codec
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import ReportInvoice, SendInvoice, name_of
from dispatcher_app.domain.money.invoice import Invoice, Result
from dispatcher_app.integrations.invoicing import Answer, Asked, Invoicing, Unanswered
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.store import invoice as store
from dispatcher_app.server.store import query
from dispatcher_app.server.store.database import Database
from dispatcher_app.server.vault import Vault

log = logging.getLogger(__name__)

EVERY_S = 2.0
AGAIN_MS = 15_000
RARELY_MS = 600_000
AT_ONCE = 8
PATIENCE_MS = DAY_MS
"""So long nobody is bothered with one that is not answered."""
SUBJECT = "repair"


@dataclass(slots=True)
class Asking:
    """When each invoice was last asked about, in ticks (ms): forgotten with the node, and then asked at once."""

    last: dict[str, int] = field(default_factory=dict)


async def issue(
    database: Database, executor: Executor, vault: Vault, invoicing: Invoicing, asking: Asking
) -> int:
    """Ask for what is due and about what was asked for; returns how many invoices that were."""
    found = await asyncio.to_thread(waiting, database)
    asking.last = {each.id: asking.last[each.id] for each in found if each.id in asking.last}
    due = [each for each in found if is_due(each, asking)][:AT_ONCE]
    for each in due:
        asking.last[each.id] = clock.ticks_ms()
        try:
            await step(database, executor, vault, invoicing, each)
        except Rejected as rejected:
            log.info("invoice goes on elsewhere", extra={"invoice": each.id, "code": rejected.code})
    return len(due)


def waiting(database: Database) -> list[Invoice]:
    """What waits to be sent, or is being issued; what wants a person is his."""
    with database.reading() as cursor:
        return [each for each in store.under_way(cursor) if each.state != "attention"]


def is_due(invoice: Invoice, asking: Asking) -> bool:
    """Whether it is time to ask: at once for what is new, and ever more rarely for what takes long."""
    last = asking.last.get(invoice.id)
    if last is None or invoice.state == "requested":
        return True
    pause = min(max(AGAIN_MS, waited(invoice) // 10), RARELY_MS)
    return clock.ticks_ms() - last >= pause


async def step(
    database: Database, executor: Executor, vault: Vault, invoicing: Invoicing, invoice: Invoice
) -> None:
    """Ask what became of it where it was sent before; send it where it was not, or never came there."""
    asked = invoice.state == "sending"
    try:
        if asked:
            answer = await invoicing.find(key_of(invoice))
            if answer.standing != "absent":
                return await heard(executor, invoice, answer)
        sent = await act(executor, invoice, SendInvoice(order=invoice.id, tries=invoice.tries))
        email = await asyncio.to_thread(email_of, database, vault, invoice)
        return await heard(executor, sent, await invoicing.issue(asked_for(sent, email)))
    except Unanswered as silence:
        log.warning("invoice unanswered", extra={"invoice": invoice.id, "detail": str(silence)})
        if asked and waited(invoice) >= PATIENCE_MS:
            await report(executor, invoice, "attention", fault="unanswered")


def key_of(invoice: Invoice) -> str:
    """What whoever issues it knows it by: another one each time it is asked for anew."""
    return clock.derived_id("invoice", invoice.id, str(invoice.attempt)).replace("-", "")


def asked_for(invoice: Invoice, email: str) -> Asked:
    """The invoice as it is asked for."""
    return Asked(
        key=key_of(invoice), order=invoice.number, amount=invoice.amount, currency=invoice.currency,
        buyer=invoice.buyer, subject=SUBJECT, title=invoice.title, tax_number=invoice.tax_number, email=email,
    )  # fmt: skip


def email_of(database: Database, vault: Vault, invoice: Invoice) -> str:
    """Where it is to be sent, "" where nobody said."""
    if not invoice.email_mask:
        return ""
    with database.reading() as cursor:
        found = query.secret(cursor, Invoice.kind, invoice.id, "email")
    return vault.open(Invoice.kind, invoice.id, "email", found[1]) if found is not None else ""


def waited(invoice: Invoice) -> int:
    """Since when (ms) it is on its way."""
    return clock.now_ms() - (invoice.sent_at or clock.now_ms())


async def heard(executor: Executor, invoice: Invoice, answer: Answer) -> None:
    """What is said of it by whoever issues it; one that is only taken over goes on."""
    if answer.standing == "issued":
        await report(executor, invoice, "issued", reference=answer.reference)
    elif answer.standing == "refused":
        await report(executor, invoice, "failed", fault=answer.fault or "refused")


async def report(
    executor: Executor, invoice: Invoice, result: Result, *, reference: str = "", fault: str = ""
) -> None:
    """Write down what came of it."""
    made = ReportInvoice(
        order=invoice.id, tries=invoice.tries, result=result, reference=reference, fault=fault
    )
    await act(executor, invoice, made)


async def act(executor: Executor, invoice: Invoice, command: Any) -> Invoice:
    """The system's act about an invoice as it stood; returns the invoice afterwards. Raises Rejected."""
    id = clock.derived_id(name_of(command), invoice.id, str(invoice.version))
    made = Act(id=id, actor=SYSTEM, at=clock.now_ms(), command=command, region=invoice.region)
    reply = await asyncio.wrap_future(executor.submit(made))
    body = next(
        each.body for each in reply.message.changes if (each.kind, each.id) == (Invoice.kind, invoice.id)
    )
    found = codec.entity(Invoice.kind, body)
    assert isinstance(found, Invoice)
    return found
