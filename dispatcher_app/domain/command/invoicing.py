"""Invoices: asked for, taken back, sent to whoever issues them, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.money.invoice import Buyer, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestInvoice:
    """A customer wants an invoice for what he has paid; `amount` (minor units) is what he was told it would be about."""

    order: str
    amount: int
    buyer: Buyer
    title: str
    tax_number: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawInvoice:
    """It is not wanted after all, or asked for with a mistake; only before anybody was asked to issue it."""

    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendInvoice:
    """Somebody is about to be asked to issue it; `tries` is how often that was so before."""

    order: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInvoice:
    """What came of it: issued under a number, failed for a reason (a code), or somebody has to look."""

    order: str
    tries: int
    result: Result
    reference: str = ""
    fault: str = ""
