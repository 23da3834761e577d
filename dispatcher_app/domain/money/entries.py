"""What is posted when: each thing that happens to money has one function here, and nowhere else is an entry made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.ledger import Bucket, Posting, ProviderName, What, platform, posting
from dispatcher_app.domain.money.payment import Means, Payment
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.money.share import Share
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import left_out, owed

PROVIDERS: dict[Means, ProviderName] = {"wechat": "wechat", "alipay": "alipay", "card": "card"}


def holder(payment: Payment) -> str:
    """Where the money of a payment lies: a pocket, a till, or with whoever carries payments."""
    if payment.means == "cash":
        if payment.technician is not None:
            return ledger.technician(payment.technician, "cash")
        return ledger.till(payment.store or "")
    return ledger.provider(PROVIDERS.get(payment.means, "bank"))


def captured(payment: Payment, customer: str) -> Posting:
    """A customer's money is here."""
    entries = ((holder(payment), payment.amount), (ledger.customer(customer), -payment.amount))
    return posting("capture", f"capture:{payment.id}", payment.currency, entries, payment.order)


def turn(order: Order) -> str:
    """Which life of the order this is: an order that was taken up again is charged and shared anew."""
    again = [step.action for step in order.steps].count("reopen")
    return f"{order.id}:{again}" if again else order.id


def charge_id(order: Order) -> str:
    """The posting of what an order cost."""
    return f"charge:{turn(order)}"


def share_id(order: Order) -> str:
    """The posting of what an order's technicians earned."""
    return f"share:{turn(order)}"


def waive_id(order: Order) -> str:
    """The posting of what was let off of its fee."""
    return f"waive:{turn(order)}"


def charged(order: Order) -> Posting | None:
    """The customer owes what the order came to, a fee included; what coupons took off is the platform's cost.

    None where nothing is to be paid.
    """
    # What is let off of a fee is posted where that is done.
    due = owed(order) if order.cancellation is None else order.cancellation.fee
    gross = due
    if order.cancellation is None and order.result == "repaired" and due:
        taken_off = -sum([each.amount for each in order.quote.lines if each.what == "coupon"])
        if taken_off:
            gross = max(due, order.quote.total + taken_off - left_out(order))
    if gross == 0:
        return None
    entries = (
        (ledger.customer(order.customer), due),
        (platform("coupons"), gross - due),
        (platform("revenue"), -gross),
    )
    return posting("charge", charge_id(order), order.quote.currency, entries, order.id)


def shared(order: Order, shares: Iterable[Share]) -> Posting | None:
    """The technicians have earned their shares, which stay frozen for a time; None where nobody has earned any."""
    earned = [(each.technician, each.total) for each in shares if each.total]
    if not earned:
        return None
    entries = (
        (platform("shares"), sum(total for _, total in earned)),
        *((ledger.technician(id, "frozen"), -total) for id, total in earned),
    )
    return posting("share", share_id(order), order.quote.currency, entries, order.id)


def release_id(order: Order, number: int = 0) -> str:
    """The posting that released its shares; the first one, or the `number`th after they were frozen again."""
    return f"release:{turn(order)}" + (f":{number}" if number else "")


def freeze_id(order: Order, number: int = 0) -> str:
    """The posting that froze its shares again."""
    return f"freeze:{turn(order)}" + (f":{number}" if number else "")


def held(standing: Mapping[str, int], bucket: Bucket) -> dict[str, int]:
    """What technicians have of an order in a bucket, by technician, from the sums of its accounts."""
    mark = ledger.technician("", bucket)
    return {
        account.removeprefix(mark): -amount
        for account, amount in standing.items()
        if account.startswith(mark) and amount < 0
    }


def released(order: Order, frozen: Mapping[str, int], number: int = 0) -> Posting:
    """What is still frozen of an order, by technician, is available."""
    return _moved("release", release_id(order, number), order, frozen, "frozen", "available")


def frozen_again(order: Order, available: Mapping[str, int], number: int = 0) -> Posting:
    """Somebody complains after the release: what an order has brought is frozen until that is decided."""
    return _moved("freeze", freeze_id(order, number), order, available, "available", "frozen")


def _moved(
    cause: str, id: str, order: Order, amounts: Mapping[str, int], source: Bucket, target: Bucket
) -> Posting:
    entries = [
        pair
        for technician, amount in amounts.items()
        for pair in (
            (ledger.technician(technician, source), amount),
            (ledger.technician(technician, target), -amount),
        )
    ]
    return posting(cause, id, order.quote.currency, entries, order.id)


def waived(order: Order, amount: int) -> Posting:
    """A fee that a supervisor has let off."""
    entries = ((platform("waived"), amount), (ledger.customer(order.customer), -amount))
    return posting("waive", waive_id(order), order.quote.currency, entries, order.id)


def refund_due(refund: Refund, order: Order) -> Posting:
    """A refund was decided: we owe the customer what he had owed of it; what he paid besides is his already."""
    return _owing(refund, order, "refund_due", "refunds", refund.borne)


def refund_paid(refund: Refund, order: Order, source: str) -> Posting:
    """A refund has left `source`, the account of whoever gave the money back."""
    return _given(refund, order, "refund", source)


def compensation_due(refund: Refund, order: Order) -> Posting:
    """A compensation was decided."""
    return _owing(refund, order, "compensation_due", "compensation", refund.amount)


def compensation_paid(refund: Refund, order: Order, source: str) -> Posting:
    """A compensation has left `source`."""
    return _given(refund, order, "compensation", source)


def _owing(refund: Refund, order: Order, cause: str, what: What, amount: int) -> Posting:
    entries = ((platform(what), amount), (ledger.customer(order.customer), -amount))
    return posting(cause, f"{cause}:{refund.id}", refund.currency, entries, order.id)


def _given(refund: Refund, order: Order, cause: str, source: str) -> Posting:
    entries = ((ledger.customer(order.customer), refund.amount), (source, -refund.amount))
    return posting(cause, f"{cause}:{refund.id}", refund.currency, entries, order.id)


def deducted(id: str, technician: str, amount: int, currency: str, order: str | None = None) -> Posting:
    """A penalty or damage that a technician pays from what is available to him."""
    entries = ((ledger.technician(technician, "available"), amount), (platform("penalties"), -amount))
    return posting("deduction", f"deduction:{id}", currency, entries, order)


def bonus(id: str, technician: str, amount: int, currency: str, order: str | None = None) -> Posting:
    """A bonus, available at once."""
    entries = ((platform("bonuses"), amount), (ledger.technician(technician, "available"), -amount))
    return posting("bonus", f"bonus:{id}", currency, entries, order)


def withdrawal_asked(id: str, technician: str, amount: int, currency: str) -> Posting:
    """What he wants to have paid out is set aside."""
    entries = (
        (ledger.technician(technician, "available"), amount),
        (ledger.technician(technician, "withdrawing"), -amount),
    )
    return posting("withdrawal", f"withdrawal:{id}", currency, entries)


def withdrawal_paid(id: str, technician: str, amount: int, currency: str) -> Posting:
    """It was paid to him from our bank account."""
    entries = (
        (ledger.technician(technician, "withdrawing"), amount),
        (ledger.technician(technician, "paid"), -amount),
        (platform("paid_out"), amount),
        (ledger.provider("bank"), -amount),
    )
    return posting("withdrawal_paid", f"withdrawal_paid:{id}", currency, entries)


def withdrawal_failed(id: str, technician: str, amount: int, currency: str) -> Posting:
    """It was never paid: he has it again."""
    entries = (
        (ledger.technician(technician, "withdrawing"), amount),
        (ledger.technician(technician, "available"), -amount),
    )
    return posting("withdrawal_failed", f"withdrawal_failed:{id}", currency, entries)


def withdrawal_returned(id: str, technician: str, amount: int, currency: str) -> Posting:
    """His bank sent it back after it was paid: he has it again."""
    entries = (
        (ledger.technician(technician, "paid"), amount),
        (ledger.technician(technician, "available"), -amount),
        (ledger.provider("bank"), amount),
        (platform("paid_out"), -amount),
    )
    return posting("withdrawal_returned", f"withdrawal_returned:{id}", currency, entries)


def settled(id: str, technician: str, cash: int, tax: int, currency: str) -> Posting | None:
    """A statement: the cash in his pocket is netted against what is available to him, tax is withheld from it."""
    if cash + tax == 0 and not cash:
        return None
    entries = (
        (ledger.technician(technician, "available"), cash + tax),
        (ledger.technician(technician, "cash"), -cash),
        (platform("tax"), -tax),
    )
    return posting("settle", f"settle:{id}", currency, entries)


def cash_handed_in(id: str, technician: str, amount: int, currency: str, store: str) -> Posting:
    """A technician has brought customers' cash to a till."""
    entries = ((ledger.till(store), amount), (ledger.technician(technician, "cash"), -amount))
    return posting("cash_in", f"cash_in:{id}", currency, entries)


def deposit_in(id: str, technician: str, amount: int, currency: str, source: str) -> Posting:
    """A deposit (质保金) that a technician pays: from `source`, a till, the bank or what is available to him."""
    entries = ((source, amount), (ledger.technician(technician, "deposit"), -amount))
    return posting("deposit", f"deposit:{id}", currency, entries)


def deposit_out(id: str, technician: str, amount: int, currency: str) -> Posting:
    """A deposit is given back: it is available to him, and can be withdrawn."""
    entries = (
        (ledger.technician(technician, "deposit"), amount),
        (ledger.technician(technician, "available"), -amount),
    )
    return posting("deposit_out", f"deposit_out:{id}", currency, entries)


def deposit_deducted(
    id: str, technician: str, amount: int, currency: str, order: str | None = None
) -> Posting:
    """A deduction that is paid from the deposit."""
    entries = ((ledger.technician(technician, "deposit"), amount), (platform("penalties"), -amount))
    return posting("deposit_deduction", f"deposit_deduction:{id}", currency, entries, order)


def reconciled(id: str, provider: ProviderName, gap: int, currency: str) -> Posting:
    """A provider has so much more (or less) of ours than our books said, and finance has found no order for it."""
    entries = ((ledger.provider(provider), gap), (platform("difference"), -gap))
    return posting("reconcile", f"reconcile:{id}", currency, entries)


def counted(id: str, store: str, difference: int, currency: str) -> Posting:
    """A till was counted and holds so much more (or less) than it should."""
    entries = ((ledger.till(store), difference), (platform("difference"), -difference))
    return posting("count", f"count:{id}", currency, entries)


def till_filled(id: str, store: str, amount: int, currency: str) -> Posting:
    """Cash from the company's bank account into a till; below zero the other way."""
    entries = ((ledger.till(store), amount), (ledger.provider("bank"), -amount))
    return posting("bank_cash", f"bank_cash:{id}", currency, entries)
