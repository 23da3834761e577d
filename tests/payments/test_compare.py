"""A bill beside our books: what only one of us has, what has another amount, and what is no difference at all."""

from dataclasses import replace
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.integrations.payments.bill import DayBill, Row
from dispatcher_app.integrations.payments.port import key_of
from dispatcher_app.server.pay.notify import id_of
from dispatcher_app.server.pay.reconcile import Books, compared, keys

P1, R1 = clock.derived_id("payment", "1"), clock.derived_id("refund", "1")
PAID = Payment(
    id=P1, region="sh", order="o1", amount=12000, currency="CNY", means="wechat", state="captured", created_at=1,
    captured_at=2, provider_ref="42",
)  # fmt: skip
BACK = Refund(
    id=R1, region="sh", order="o1", payment=P1, amount=500, currency="CNY", reason="goodwill", side="platform",
    carrier="wechat", state="done", proposed_by="staff:lina", proposed_at=3, sent_at=4, provider_ref="50",
)  # fmt: skip


def bill(*rows: Row) -> DayBill:
    return DayBill(provider="wechat", date="2026-11-22", rows=rows, fees=0, merchants=frozenset())


def row(amount: int = 12000, **changes: Any) -> Row:
    return replace(Row(moved="payment", key=key_of(P1), reference="42", amount=amount), **changes)


def back(amount: int = 500, **changes: Any) -> Row:
    made = Row(moved="refund", key=key_of(P1), refund=key_of(R1), reference="50", amount=amount)
    return replace(made, **changes)


def books(payment: Payment = PAID, refund: Refund | None = None, elsewhere: str = "") -> Books:
    expected: dict[tuple[str, str], Any] = {}
    if payment.state == "captured":
        expected["payment", key_of(payment.id)] = payment
    if refund is not None and refund.state == "done":
        expected["refund", keys(refund)[-1]] = refund
    refunds = dict.fromkeys(keys(refund), refund) if refund is not None else {}
    return Books({key_of(P1): payment}, refunds, frozenset({elsewhere}), expected)


def said(bill_: DayBill, known: Books) -> list[tuple[str, str, int, int]]:
    """The differences in short."""
    return [(each.moved, each.what, each.ours, each.theirs) for each in compared(bill_, known)]


def test_what_agrees_is_no_difference() -> None:
    assert said(bill(row(), back()), books(refund=BACK)) == []
    assert id_of(key_of(P1)) == P1


def test_what_only_one_of_us_has_is_listed() -> None:
    assert said(bill(), books(refund=BACK)) == [
        ("payment", "ours_only", 12000, 0), ("refund", "ours_only", 500, 0),
    ]  # fmt: skip
    stranger = row(900, key="f" * 32)
    assert said(bill(row(), stranger), books()) == [("payment", "theirs_only", 0, 900)]
    assert said(bill(row(), back()), books()) == [("refund", "theirs_only", 0, 500)]


def test_another_amount_or_currency_is_listed() -> None:
    assert said(bill(row(11000)), books()) == [("payment", "amount_differs", 12000, 11000)]
    assert said(bill(row(currency="USD")), books()) == [("payment", "currency_differs", 12000, 12000)]
    assert said(bill(row(), back(400)), books(refund=BACK)) == [("refund", "amount_differs", 500, 400)]


def test_what_is_on_its_way_or_looked_into_is_not_listed_again() -> None:
    assert said(bill(row(), back()), books(refund=replace(BACK, state="sending"))) == []
    looked = replace(PAID, state="attention", problem="amount_differs")
    assert said(bill(row(11000)), books(looked)) == []
    settled = replace(PAID, state="failed", problem="settled_otherwise")
    assert said(bill(row()), books(settled)) == []


def test_what_another_region_took_is_its_own() -> None:
    assert said(bill(row(key="e" * 32), row()), books(elsewhere="e" * 32)) == []


def test_a_refund_that_was_sent_again_after_a_refusal_is_known_by_each_of_its_keys() -> None:
    again = replace(BACK, attempt=2)
    assert len(keys(again)) == 3
    assert keys(again)[0] == key_of(R1)
    assert said(bill(row(), back(refund=keys(again)[2])), books(refund=again)) == []


def test_the_same_difference_has_the_same_id_whenever_it_is_found() -> None:
    (first,) = compared(bill(row(11000)), books())
    (second,) = compared(bill(row(11000)), books())
    assert first.id == second.id
