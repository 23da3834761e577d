"""Invoices: one an order, for what was paid and not given back; issued by a provider or by finance, told of once."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, Rejected, Secret, World
from dispatcher_app.domain.command import ReportInvoice, RequestInvoice, SendInvoice, WithdrawInvoice
from dispatcher_app.domain.money import invoice as rules
from dispatcher_app.domain.money.invoice import Invoice
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.facts import coded, in_region, may, own_store, required_text, stepped, text

TITLE_LIMIT = 100
REFERENCE_LIMIT = 30


def request(command: RequestInvoice, act: Act, world: World, now: int) -> Change:
    """For a closed order that was paid; again only after it has failed or was taken back."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "invoice", act)
    own_store(world, order, act)
    former = world.get(Invoice, order.id)
    if former is not None and former.state not in rules.AGAIN:
        raise Rejected("invoice_requested", None, at=former.requested_at)
    amount = rules.due(order)
    if amount <= 0:
        raise Rejected("nothing_to_invoice", None)
    if command.amount != amount:
        raise Rejected("amount_changed", "amount", amount=amount, currency=order.quote.currency)
    number, email = tax_number(command), text(command.email, "email", TITLE_LIMIT)
    if email and rules.EMAIL.fullmatch(email) is None:
        raise Rejected("email_invalid", "email")
    made = Invoice(
        id=order.id, region=order.region, version=former.version if former else 0, number=order.number,
        customer=order.customer, amount=amount, currency=order.quote.currency, buyer=command.buyer,
        title=required_text(command.title, "title", TITLE_LIMIT), tax_number=number,
        email_mask=rules.email_mask(email), requested_by=act.actor.name, requested_at=act.at,
        attempt=former.attempt + 1 if former else 0,
    )  # fmt: skip
    secrets = (Secret(Invoice.kind, order.id, "email", email),) if email or former is not None else ()
    after = stepped(order, act, "invoice", amount=amount)
    return Change(after=(after, made), secrets=secrets)


def tax_number(command: RequestInvoice) -> str:
    """A company's number, none for a person: what looks like one would be an identity card."""
    given = text(command.tax_number, "tax_number", REFERENCE_LIMIT).upper().replace(" ", "")
    if command.buyer == "person":
        if given:
            raise Rejected("tax_number_private", "tax_number")
        return ""
    if rules.TAX_NUMBER.fullmatch(given) is None:
        raise Rejected("tax_number_invalid", "tax_number")
    return given


def withdraw(command: WithdrawInvoice, act: Act, world: World, now: int) -> Change:
    """As long as nobody was asked to issue it."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "invoice", act)
    own_store(world, order, act)
    found = invoice_of(world, order)
    if found.state != "requested":
        raise stands(found)
    return Change(after=(replace(found, state="withdrawn", closed_at=act.at),))


def send(command: SendInvoice, act: Act, world: World, now: int) -> Change:
    """Written down before anybody is asked, so that nobody asks twice without knowing."""
    found = by_system(world, act, command.order)
    if found.tries != command.tries or found.state not in ("requested", "sending"):
        raise stands(found)
    sent = replace(found, state="sending", tries=found.tries + 1, sent_at=found.sent_at or now)
    return Change(after=(sent,))


def report(command: ReportInvoice, act: Act, world: World, now: int) -> Change:
    """By the provider's answer, or by finance who has issued it by hand."""
    order = in_region(world, Order, command.order, "order", act.region)
    role.require(act.actor, role.ISSUES_INVOICES, act.region)
    found = invoice_of(world, order)
    if found.state not in rules.UNDER_WAY or found.tries != command.tries:
        raise stands(found)
    if command.result == "attention":
        if act.actor.kind != "system":
            raise Rejected("not_allowed", None, needs=["system"])
        return Change(after=(replace(found, state="attention", fault=coded(command.fault, "fault")),))
    if command.result == "failed":
        failed = replace(found, state="failed", fault=coded(command.fault, "fault"), closed_at=act.at)
        return Change(after=(failed,))
    reference = required_text(command.reference, "reference", REFERENCE_LIMIT)
    if not reference.replace("-", "").isalnum() or not reference.isascii():
        raise Rejected("reference_invalid", "reference")
    issued = replace(
        found, state="issued", reference=reference, fault="", issued_at=act.at, issued_by=act.actor.name,
        closed_at=act.at,
    )  # fmt: skip
    return Change(after=(stepped(order, act, "invoice_issued", reference=reference), issued))


def by_system(world: World, act: Act, id: str) -> Invoice:
    """The invoice of an order; raises Rejected for anybody but the system."""
    if act.actor.kind != "system":
        raise Rejected("not_allowed", None, needs=["system"])
    return invoice_of(world, in_region(world, Order, id, "order", act.region))


def invoice_of(world: World, order: Order) -> Invoice:
    """The invoice of an order; raises Rejected where none was asked for."""
    found = world.get(Invoice, order.id)
    if found is None:
        raise Rejected("not_found", "order", kind="invoice", id=order.id)
    return found


def stands(found: Invoice) -> Rejected:
    """The conflict with what became of it meanwhile."""
    return Rejected("invoice_stands", None, state=found.state)
