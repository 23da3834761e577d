"""Invoices (发票) as customers ask for them: to whom, for how much, and what became of the request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias, get_args

from dispatcher_app.domain.order import Order

Buyer: TypeAlias = Literal["person", "company"]
InvoiceState: TypeAlias = Literal["requested", "sending", "issued", "failed", "attention", "withdrawn"]
Result: TypeAlias = Literal["issued", "failed", "attention"]

BUYERS: tuple[Buyer, ...] = get_args(Buyer)
UNDER_WAY: frozenset[InvoiceState] = frozenset({"requested", "sending", "attention"})
"""Somebody or something has still to issue it."""
AGAIN: frozenset[InvoiceState] = frozenset({"failed", "withdrawn"})
"""It can be asked for once more."""
TAX_NUMBER: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}|[0-9A-Z]{15}|[0-9A-Z]{20}")
"""A credit code of today (统一社会信用代码), or one of the tax numbers before it."""
EMAIL: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """The invoice of one order, whose id it has; amounts in minor units.

    `tries` counts how often somebody was asked to issue it, `attempt` how often it was asked for anew. `title` is who
    it is made out to, `reference` the number of what was issued, `fault` a code for why not.
    """

    kind: ClassVar[str] = "invoice"
    id: str
    region: str
    version: int = 0
    number: str
    customer: str
    amount: int
    currency: str
    buyer: Buyer
    title: str
    tax_number: str = ""
    email_mask: str = ""
    state: InvoiceState = "requested"
    requested_by: str
    requested_at: int
    attempt: int = 0
    tries: int = 0
    sent_at: int | None = None
    issued_at: int | None = None
    issued_by: str = ""
    reference: str = ""
    fault: str = ""
    closed_at: int | None = None


def due(order: Order) -> int:
    """What an invoice for the order is about: what was received and not given back (minor units)."""
    return max(0, order.paid - order.refunded)


def is_outdated(invoice: Invoice, order: Order) -> bool:
    """Whether money went back, or came in, after it was issued: it has to be reversed (红冲) and issued anew."""
    return invoice.state == "issued" and invoice.amount != due(order)


def email_mask(email: str) -> str:
    """As much of an address as anybody may see."""
    name, _, host = email.partition("@")
    return f"{name[:1]}***@{host}" if host else ""
