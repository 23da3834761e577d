"""Invoices: for what was paid, once, to whom the customer says, and told of once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain import role
from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.command import (
    CancelOrder,
    ReportInvoice,
    RequestInvoice,
    SendInvoice,
    WithdrawInvoice,
)  # fmt: skip
from dispatcher_app.domain.money.invoice import Invoice, due, is_outdated
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.trade import COUNTER, DISPATCHER, SUPERVISOR, hour, order_of

FINANCE = trade.staff("finance")
ASKED = RequestInvoice(
    order="o1", amount=12000, buyer="company", title="上海平安物业有限公司", tax_number="91310000MA1FL5TR2X",
    email="caiwu@pingan.example",
)  # fmt: skip


@pytest.fixture
def world() -> Rehearsal:
    """An order that was completed and paid."""
    made = trade.company()
    onsite.completed(made)
    return made


def invoice(world: Rehearsal) -> Invoice:
    found = world.get(Invoice, "o1")
    assert found is not None
    return found


def refused(world: Rehearsal, actor: Actor, command: Any) -> str:
    with pytest.raises(Rejected) as caught:
        world.do(actor, command, hour(17))
    return caught.value.code


def test_an_invoice_is_about_what_was_paid_and_not_given_back(world: Rehearsal) -> None:
    world.do(DISPATCHER, ASKED, hour(16))
    found = invoice(world)
    assert (found.state, found.amount, found.title, found.tax_number) == (
        "requested", 12000, "上海平安物业有限公司", "91310000MA1FL5TR2X",
    )  # fmt: skip
    assert order_of(world).steps[-1].action == "invoice"
    assert not is_outdated(found, order_of(world))
    back = replace(order_of(world), refunded=2000)
    assert (due(back), is_outdated(replace(found, state="issued"), back)) == (10000, True)


def test_an_address_is_kept_as_a_secret_and_shown_as_a_mask(world: Rehearsal) -> None:
    change = world.do(DISPATCHER, ASKED, hour(16))
    assert [(each.kind, each.field, each.value) for each in change.secrets] == [
        ("invoice", "email", "caiwu@pingan.example")
    ]
    assert invoice(world).email_mask == "c***@pingan.example"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 11999}, "amount_changed"),
        ({"title": " "}, "required"),
        ({"title": "很" * 101}, "too_long"),
        ({"tax_number": ""}, "tax_number_invalid"),
        ({"tax_number": "123"}, "tax_number_invalid"),
        ({"tax_number": "91310000MA1FL5TRIO"}, "tax_number_invalid"),
        ({"buyer": "person"}, "tax_number_private"),
        ({"email": "nobody"}, "email_invalid"),
        ({"email": "a@b.c, x@y.z"}, "email_invalid"),
        ({"order": "o9"}, "not_found"),
    ],
)
def test_a_request_that_can_not_be_issued_is_refused(
    world: Rehearsal, changes: dict[str, Any], code: str
) -> None:
    assert refused(world, DISPATCHER, replace(ASKED, **changes)) == code
    assert world.get(Invoice, "o1") is None


def test_nothing_is_invoiced_before_it_is_paid_and_closed() -> None:
    world = trade.company()
    onsite.finished(world)
    assert refused(world, DISPATCHER, ASKED) == "wrong_status"


def test_nothing_is_invoiced_that_cost_nothing() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="not_needed", side="customer"), trade.NOW)
    assert refused(world, DISPATCHER, replace(ASKED, amount=0)) == "nothing_to_invoice"


def test_one_invoice_an_order_until_it_has_failed_or_was_taken_back(world: Rehearsal) -> None:
    world.do(DISPATCHER, ASKED, hour(16))
    assert refused(world, COUNTER, ASKED) == "invoice_requested"
    world.do(DISPATCHER, WithdrawInvoice(order="o1"), hour(16))
    person = replace(ASKED, buyer="person", title="张丽华", tax_number="", email="")
    change = world.do(SUPERVISOR, person, hour(16.5))
    assert [each.value for each in change.secrets] == [""], "nobody is sent it at the address of before"
    assert (invoice(world).attempt, invoice(world).state) == (1, "requested")


def test_it_is_written_down_before_anybody_is_asked_and_reported_once(world: Rehearsal) -> None:
    world.do(DISPATCHER, ASKED, hour(16))
    world.do(SYSTEM, SendInvoice(order="o1", tries=0), hour(16))
    assert (invoice(world).state, invoice(world).tries) == ("sending", 1)
    assert refused(world, SYSTEM, SendInvoice(order="o1", tries=0)) == "invoice_stands"
    assert refused(world, DISPATCHER, WithdrawInvoice(order="o1")) == "invoice_stands"
    told = ReportInvoice(order="o1", tries=1, result="issued", reference="25312000000012345678")
    assert refused(world, SYSTEM, replace(told, tries=0)) == "invoice_stands"
    world.do(SYSTEM, told, hour(16))
    found = invoice(world)
    assert (found.state, found.reference, found.issued_by) == ("issued", told.reference, "system:dispatcher")
    assert order_of(world).steps[-1].action == "invoice_issued"
    assert refused(world, SYSTEM, told) == "invoice_stands"
    assert refused(world, DISPATCHER, ASKED) == "invoice_requested"


def test_finance_types_in_the_number_or_says_why_not(world: Rehearsal) -> None:
    world.do(DISPATCHER, ASKED, hour(16))
    by_hand = ReportInvoice(order="o1", tries=0, result="issued", reference="2531 200")
    assert refused(world, FINANCE, by_hand) == "reference_invalid"
    failed = replace(by_hand, result="failed", reference="", fault="title_wrong")
    world.do(FINANCE, failed, hour(16))
    assert (invoice(world).state, invoice(world).fault) == ("failed", "title_wrong")
    world.do(DISPATCHER, ASKED, hour(16.5))
    world.do(FINANCE, replace(by_hand, reference="25312000"), hour(17))
    assert (invoice(world).issued_by, invoice(world).fault) == ("staff:finance", "")


def test_only_the_system_asks_and_calls_for_help(world: Rehearsal) -> None:
    world.do(DISPATCHER, ASKED, hour(16))
    assert refused(world, FINANCE, SendInvoice(order="o1", tries=0)) == "not_allowed"
    wanted = ReportInvoice(order="o1", tries=0, result="attention", fault="unanswered")
    assert refused(world, FINANCE, wanted) == "not_allowed"
    world.do(SYSTEM, wanted, hour(16))
    assert invoice(world).state == "attention"


@pytest.mark.parametrize("who", role.STAFF_ROLES)
def test_what_each_role_may_do_about_invoices(world: Rehearsal, who: str) -> None:
    actor = trade.staff(who, id=f"some-{who}")

    def may(command: Any) -> bool:
        try:
            world.do(actor, command, hour(17))
        except Rejected as rejected:
            return rejected.code != "not_allowed"
        return True

    assert may(ASKED) == (who in role.ASKS_INVOICE)
    if world.get(Invoice, "o1") is None:
        world.do(DISPATCHER, ASKED, hour(16))
    assert may(ReportInvoice(order="o1", tries=0, result="issued", reference="1")) == (who == "finance")


def test_the_customer_asks_for_his_own_and_a_technician_for_none(world: Rehearsal) -> None:
    assert refused(world, Actor(kind="link", id="o2"), ASKED) == "not_allowed"
    assert refused(world, onsite.LI, ASKED) == "not_allowed"
    world.do(Actor(kind="link", id="o1"), ASKED, hour(16))
    assert invoice(world).requested_by == "link:o1"
