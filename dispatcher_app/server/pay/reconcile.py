"""A provider's bill compared with what we booked: what only one of us has, and what has different amounts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dispatcher_app import clock
from dispatcher_app.domain.calendar import DAY_MS, midnight
from dispatcher_app.domain.command import RecordBill
from dispatcher_app.domain.money.discrepancy import Difference, Found
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.paying import SETTLED
from dispatcher_app.integrations.payments.bill import DayBill, Row
from dispatcher_app.integrations.payments.port import key_of
from dispatcher_app.server.pay.notify import id_of
from dispatcher_app.server.store import payment as store
from dispatcher_app.server.store import record
from dispatcher_app.server.store import refund as refund_store
from dispatcher_app.server.store.database import Cursor

PROVIDERS_ZONE = "Asia/Shanghai"
"""A day of both providers' books begins and ends in China."""


LISTED = frozenset({"amount_differs", "currency_differs", SETTLED})
"""Problems of payments that finance was shown when they came up."""


@dataclass(frozen=True, slots=True)
class Books:
    """What we have of a bill's date in a region: payments by their key, refunds by theirs.

    `elsewhere` are keys of payments that other regions took; `expected` are the keys that the bill should hold.
    """

    payments: dict[str, Payment]
    refunds: dict[str, Refund]
    elsewhere: frozenset[str]
    expected: dict[tuple[str, str], Payment | Refund]


def span(date: str) -> tuple[int, int]:
    """A date of the providers' books, UTC ms."""
    begin = midnight(date, PROVIDERS_ZONE)
    return begin, begin + DAY_MS


def unbooked(cursor: Cursor, bill: DayBill) -> list[Payment]:
    """The payments that a bill calls paid and we don't: the provider is asked about each before anything is listed."""
    found = (record.load(cursor, Payment.kind, id_of(row.key)) for row in bill.rows if row.moved == "payment")
    return [
        each
        for each in found
        if isinstance(each, Payment)
        and each.means == bill.provider
        and each.state not in ("captured", "attention")
    ]


def books(cursor: Cursor, bill: DayBill, region: str) -> Books:
    """What we have that the bill may be about."""
    payments, refunds, elsewhere = dict[str, Payment](), dict[str, Refund](), set[str]()
    for row in bill.rows:
        found = payments.get(row.key) or record.load(cursor, Payment.kind, id_of(row.key))
        if not isinstance(found, Payment) or found.means != bill.provider:
            continue
        if found.region != region:
            elsewhere.add(row.key)
            continue
        payments[row.key] = found
        if row.moved == "refund":
            refunds |= {key: each for each in refunds_of(cursor, found) for key in keys(each)}
    begin, end = span(bill.date)
    expected: dict[tuple[str, str], Payment | Refund] = {}
    for payment in store.captured(cursor, region, bill.provider, begin, end):
        expected["payment", key_of(payment.id)] = payment
    for refund in refund_store.between(cursor, [region], begin, end + DAY_MS):
        if (
            refund.state == "done"
            and refund.carrier == bill.provider
            and begin <= (refund.sent_at or 0) < end
        ):
            expected["refund", keys(refund)[-1]] = refund
    return Books(payments, refunds, frozenset(elsewhere), expected)


def refunds_of(cursor: Cursor, payment: Payment) -> Iterator[Refund]:
    """The refunds of a payment's order."""
    order = record.load(cursor, Order.kind, payment.order)
    for id in order.refunds if isinstance(order, Order) else ():
        found = record.load(cursor, Refund.kind, id)
        if isinstance(found, Refund):
            yield found


def keys(refund: Refund) -> list[str]:
    """The keys under which a refund was sent: of its first try and of each that followed a refusal."""
    later = (clock.derived_id(refund.id, str(number)) for number in range(1, refund.attempt + 1))
    return [key_of(id) for id in (refund.id, *later)]


def compared(bill: DayBill, known: Books) -> Iterator[Found]:
    """Every difference, with an id that is the same whenever it is found."""
    seen: set[tuple[str, str]] = set()
    for row in bill.rows:
        if row.key in known.elsewhere:
            continue
        seen.add((row.moved, row.refund if row.moved == "refund" else row.key))
        found = of_refund(bill, row, known) if row.moved == "refund" else of_payment(bill, row, known)
        if found is not None:
            yield found
    for (moved, key), ours in known.expected.items():
        if (moved, key) not in seen:
            yield made(
                bill, "ours_only", "refund" if moved == "refund" else "payment", key, ours.provider_ref, ours=ours,
                amount=ours.amount, theirs=0, currency=ours.currency,
            )  # fmt: skip


def of_payment(bill: DayBill, row: Row, known: Books) -> Found | None:
    """How a payment of the bill differs from ours."""
    ours = known.payments.get(row.key)
    if ours is not None and ours.state != "captured" and ours.problem in LISTED:
        # The provider has said so himself before, and somebody looks, or has looked, into it.
        return None
    booked = ours.amount if ours is not None and ours.state == "captured" else 0
    if booked == row.amount and ours is not None and ours.currency == row.currency:
        return None
    what: Difference = "theirs_only" if not booked else "amount_differs"
    if booked and ours is not None and ours.currency != row.currency:
        what = "currency_differs"
    return made(bill, what, "payment", row.key, row.reference, ours=ours, amount=booked, theirs=row.amount,
                currency=row.currency)  # fmt: skip


def of_refund(bill: DayBill, row: Row, known: Books) -> Found | None:
    """How a refund of the bill differs from ours; one that is on its way is no difference."""
    ours = known.refunds.get(row.refund)
    if ours is not None and (
        ours.state in ("sending", "attention") or (ours.state, ours.amount) == ("done", row.amount)
    ):
        return None
    booked = ours.amount if ours is not None and ours.state == "done" else 0
    return made(
        bill, "amount_differs" if booked else "theirs_only", "refund", row.refund, row.reference,
        ours=ours or known.payments.get(row.key), amount=booked, theirs=row.amount, currency=row.currency,
    )  # fmt: skip


def made(
    bill: DayBill, what: Difference, moved: Literal["payment", "refund"], key: str, reference: str, *,
    ours: Payment | Refund | None, amount: int, theirs: int, currency: str,
) -> Found:  # fmt: skip
    """A difference as it is listed."""
    payment = ours.id if isinstance(ours, Payment) else ours.payment if isinstance(ours, Refund) else None
    return Found(
        id=clock.derived_id("difference", bill.provider, bill.date, moved, key, reference), what=what, moved=moved,
        payment=payment, refund=ours.id if isinstance(ours, Refund) else None,
        order=ours.order if ours is not None else None, key=key[:64], reference=reference[:64], ours=amount,
        theirs=theirs, currency=currency[:8],
    )  # fmt: skip


def recorded(cursor: Cursor, bill: DayBill, data: bytes, region: str) -> RecordBill:
    """The command that keeps a bill and what differs in a region."""
    known = books(cursor, bill, region)
    here = [row for row in bill.rows if row.key not in known.elsewhere]
    payments, refunds = of(here, "payment"), of(here, "refund")
    return RecordBill(
        provider=bill.provider, date=bill.date, digest=hashlib.sha256(data).hexdigest(), payments=len(payments),
        paid=total(payments), refunds=len(refunds), refunded=total(refunds), fees=bill.fees,
        found=tuple(compared(bill, known)),
    )  # fmt: skip


def of(rows: Iterable[Row], moved: str) -> list[Row]:
    """The rows of one kind."""
    return [row for row in rows if row.moved == moved]


def total(rows: Sequence[Row]) -> int:
    """What they come to, minor units."""
    return sum(row.amount for row in rows)
