"""Refunds and compensation: proposed, decided within limits, sent once, and where their money comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.command import (
    ApproveRefund,
    CancelOrder,
    ConfirmOrder,
    DropOrder,
    PayRefund,
    ProposeRefund,
    RefundPart,
    RejectRefund,
    ReopenOrder,
    RetryRefund,
    SendRefund,
    WithdrawRefund,
)
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Allowance, allowance_id
from dispatcher_app.domain.region import Policy
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.paying import (
    FINANCE,
    LATER,
    OTHER_FINANCE,
    OTHER_SUPERVISOR,
    balance,
    captured,
    compensation,
    proposal,
    refund_of,
    sent,
    standing,
    told,
)
from tests.domain.trade import COUNTER, DATE, DISPATCHER, SUPERVISOR, hour, order_of, staff

POLICY = Policy()


@pytest.fixture
def world() -> Rehearsal:
    """An order of ¥120 that was done and paid by WeChat."""
    made = trade.company()
    onsite.finished(made)
    captured(made)
    made.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), onsite.FINISHED)
    return made


def no(world: Rehearsal, actor: Actor, command: Any, at: int = LATER) -> str:
    then = dict(world.entities)
    try:
        world.do(actor, command, at)
    except Rejected as rejected:
        assert world.entities == then
        return rejected.code
    return "ok"


def approval(amount: int, *ids: str) -> ApproveRefund:
    return ApproveRefund(order="o1", refunds=ids or ("r1",), amount=amount)


def used(world: Rehearsal, person: str = "supervisor") -> int:
    found = world.get(Allowance, allowance_id(person, "sh", DATE))
    return found.used if found else 0


# ---------------------------------------------------------------- who decides
def test_a_supervisor_decides_alone_within_his_limit(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    made = refund_of(world)
    assert (made.state, made.alone, made.decided_by) == ("approved", True, "staff:supervisor")
    assert used(world) == 5000
    assert standing(world) == (5000, 0, "approved")
    payment = world.get(Payment, "p1")
    assert payment is not None
    assert payment.refunded == 5000


@pytest.mark.parametrize("role", ["dispatcher", "counter", "complaints", "finance"])
def test_everybody_elses_refund_waits_for_a_second_person(world: Rehearsal, role: str) -> None:
    world.do(staff(role), proposal(5000), LATER)
    assert refund_of(world).state == "proposed"
    assert used(world, role) == 0
    assert standing(world) == (5000, 0, "proposed")


@pytest.mark.parametrize("role", ["vetting", "administrator", "wall"])
def test_who_has_nothing_to_do_with_money_proposes_none(world: Rehearsal, role: str) -> None:
    assert no(world, staff(role), proposal(5000)) == "not_allowed"


APPROVERS = {
    # role: refund within the limit, compensation within it, claim within it, refund beyond it
    "dispatcher": ("not_allowed", "not_allowed", "not_allowed", "not_allowed"),
    "counter": ("not_allowed", "not_allowed", "not_allowed", "not_allowed"),
    "supervisor": ("ok", "ok", "ok", "refund_over_limit"),
    "complaints": ("not_allowed", "ok", "not_allowed", "not_allowed"),
    "finance": ("ok", "ok", "ok", "ok"),
    "vetting": ("not_allowed", "not_allowed", "not_allowed", "not_allowed"),
    "administrator": ("not_allowed", "not_allowed", "not_allowed", "not_allowed"),
    "wall": ("not_allowed", "not_allowed", "not_allowed", "not_allowed"),
}


@pytest.mark.parametrize("role", APPROVERS)
def test_who_may_agree_to_what(role: str) -> None:
    cases = (
        (DISPATCHER, proposal(5000)),
        (DISPATCHER, compensation(5000)),
        (staff("supervisor", id="first"), compensation(5000, reason="damage")),
        (DISPATCHER, proposal(30000)),
    )
    for (proposer, command), expected in zip(cases, APPROVERS[role], strict=True):
        world = trade.company()
        trade.booked(world, lines=trade.booking().lines * 3)
        captured(world, amount=36000)
        world.do(proposer, command, LATER)
        amount = refund_of(world).amount
        assert no(world, staff(role, id="second"), approval(amount)) == expected, (role, command)
        again = RejectRefund(order="o1", refunds=("r1",), reason="no_ground")
        if expected == "not_allowed":
            assert no(world, staff(role, id="second"), again) == "not_allowed"


@pytest.mark.parametrize("role", ["supervisor", "finance", "complaints"])
def test_nobody_agrees_to_his_own_proposal(world: Rehearsal, role: str) -> None:
    both = staff(role, "dispatcher", "finance", id="both")
    command = compensation(30000, reason="damage") if role == "supervisor" else proposal(5000)
    world.do(both, command, LATER)
    assert refund_of(world).state == "proposed"
    assert no(world, both, approval(refund_of(world).amount)) == "own_refund"
    assert no(world, both, RejectRefund(order="o1", refunds=("r1",), reason="no_ground")) == "own_refund"
    assert no(world, OTHER_FINANCE, approval(refund_of(world).amount)) == "ok"


def test_an_order_has_one_limit_however_many_refunds_it_takes(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(8000), LATER)
    world.do(OTHER_SUPERVISOR, compensation(12000, id="r2"), LATER)
    assert refund_of(world, "r2").state == "approved"
    world.do(SUPERVISOR, proposal(1000, id="r3"), LATER)
    assert refund_of(world, "r3").state == "proposed"
    assert refund_of(world, "r3").limited == ("limit_order",)
    assert no(world, OTHER_SUPERVISOR, approval(1000, "r3")) == "refund_over_limit"
    assert no(world, FINANCE, approval(1000, "r3")) == "ok"


def test_a_day_has_one_limit_however_many_orders_it_takes() -> None:
    world = trade.company(policy=Policy(refund_limit_day=12000))
    for order, payment in (("o1", "p1"), ("o2", "p2")):
        trade.booked(world, order)
        captured(world, payment, 12000, order=order)
    world.do(SUPERVISOR, proposal(9000), LATER)
    world.do(SUPERVISOR, proposal(4000, order="o2", payment="p2", id="r2"), LATER)
    assert (refund_of(world, "r2").state, refund_of(world, "r2").limited) == ("proposed", ("limit_day",))
    world.do(SUPERVISOR, WithdrawRefund(order="o1", refunds=("r1",)), LATER)
    assert used(world) == 0
    world.do(SUPERVISOR, proposal(4000, order="o2", payment="p2", id="r3"), LATER)
    assert refund_of(world, "r3").state == "approved"


def test_the_next_day_begins_at_nothing() -> None:
    world = trade.company(policy=Policy(refund_limit_day=5000))
    trade.booked(world)
    captured(world)
    world.do(SUPERVISOR, proposal(4000), LATER)
    world.do(SUPERVISOR, proposal(4000, id="r2"), LATER + 24 * 3_600_000)
    assert refund_of(world, "r2").state == "approved"


def test_a_claim_takes_a_supervisor_and_a_second_person(world: Rehearsal) -> None:
    claim = compensation(30000, reason="damage", claim="PICC-2026-77")
    assert no(world, DISPATCHER, claim) == "not_allowed"
    assert no(world, SUPERVISOR, replace(claim, what="refund")) == "claim_no_refund"
    world.do(SUPERVISOR, claim, LATER)
    assert refund_of(world).state == "proposed"
    assert refund_of(world).claim == "PICC-2026-77"
    assert no(world, OTHER_SUPERVISOR, approval(30000)) == "refund_over_limit"
    assert no(world, FINANCE, approval(30000)) == "ok"


def test_who_agrees_agrees_to_the_sum_that_he_saw(world: Rehearsal) -> None:
    world.do(DISPATCHER, proposal(5000), LATER)
    assert no(world, SUPERVISOR, approval(4000)) == "changed_meanwhile"
    world.do(SUPERVISOR, approval(5000), LATER)
    assert no(world, FINANCE, approval(5000)) == "changed_meanwhile"


# ---------------------------------------------------------------- what may be given
def test_more_than_was_paid_never_goes_back(world: Rehearsal) -> None:
    assert no(world, FINANCE, proposal(12001)) == "refund_too_much"
    world.do(FINANCE, proposal(9000), LATER)
    assert no(world, FINANCE, proposal(3001, id="r2")) == "refund_too_much"
    assert no(world, FINANCE, proposal(3000, id="r2")) == "ok"
    assert no(world, FINANCE, proposal(1, id="r3")) == "refund_too_much"


def test_more_than_a_payment_was_never_goes_back_to_it(world: Rehearsal) -> None:
    captured(world, "p2", 4000, "alipay")
    assert no(world, FINANCE, proposal(5000, payment="p2")) == "refund_too_much"
    parts = (
        RefundPart(refund="r1", amount=12000, payment="p1"),
        RefundPart(refund="r2", amount=4000, payment="p2"),
    )
    whole = ProposeRefund(order="o1", reason="quality", side="platform", parts=parts)
    assert no(world, FINANCE, whole) == "ok"
    assert [refund_of(world, id).carrier for id in ("r1", "r2")] == ["wechat", "alipay"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payment": "p9"}, "not_found"), ({"payment": "p2"}, "not_found"), ({"payment": "p3"}, "payment_not_captured"),
        ({"payment": "p4", "way": "original"}, "refund_way"), ({"payment": "p4", "way": "cash"}, "ok"),
        ({"payment": None, "way": "original"}, "refund_way"), ({"payment": "p5"}, "refund_currency"),
    ],
)  # fmt: skip
def test_a_refund_goes_back_the_way_it_can(world: Rehearsal, changes: dict[str, Any], code: str) -> None:
    trade.booked(world, "o2")
    captured(world, "p2", 5000, order="o2")
    captured(world, "p4", 5000, "cash", store="")
    for id, other in (("p3", {"state": "pending"}), ("p5", {"currency": "HKD"})):
        world.entities["payment", id] = replace(captured(world, id, 5000), **other)  # type: ignore[arg-type]
    assert no(world, FINANCE, proposal(2000, **changes)) == code


def test_a_proposal_by_a_rule_is_worked_out_again(world: Rehearsal) -> None:
    assert no(world, DISPATCHER, proposal(1000, rule="cancel_free")) == "refund_no_rule"
    made = trade.company()
    trade.assigned(made)
    captured(made)
    made.do(DISPATCHER, CancelOrder(order="o1", reason="not_needed", side="customer"), hour(13))
    change = made.do(DISPATCHER, proposal(11000, rule="cancel_fee"), hour(13))
    found = refund_of(made)
    assert (found.rule, found.due, found.reason, found.borne) == ("cancel_fee", 11000, "cancelled", 0)
    assert not change.warnings


def test_an_amount_that_differs_from_the_rule_is_said(world: Rehearsal) -> None:
    made = trade.company()
    trade.assigned(made)
    captured(made)
    made.do(DISPATCHER, CancelOrder(order="o1", reason="not_needed", side="customer"), hour(9.1))
    change = made.do(DISPATCHER, proposal(6000, rule="cancel_free"), hour(9.2))
    assert [each.code for each in change.warnings] == ["refund_differs"]
    assert refund_of(made).due == 12000


def test_a_proposal_is_made_once(world: Rehearsal) -> None:
    world.do(DISPATCHER, proposal(1000), LATER)
    assert no(world, DISPATCHER, proposal(1000)) == "exists"


# ---------------------------------------------------------------- taking it back
def test_a_draft_is_taken_back_with_all_that_it_set_aside(world: Rehearsal) -> None:
    change = world.do(SUPERVISOR, proposal(5000), LATER)
    assert change.undo == WithdrawRefund(order="o1", refunds=("r1",))
    world.do(SUPERVISOR, change.undo, LATER)
    payment = world.get(Payment, "p1")
    assert payment is not None
    assert payment.refunded == 0
    assert standing(world) == (0, 0, "")
    assert used(world) == 0
    assert balance(world, ledger.platform("refunds")) == 0
    assert refund_of(world).state == "withdrawn"


def test_what_was_sent_is_not_taken_back(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    sent(world)
    back = WithdrawRefund(order="o1", refunds=("r1",))
    assert no(world, SUPERVISOR, back) == "refund_sent"
    told(world, "done")
    assert no(world, SUPERVISOR, back) == "refund_sent"


def test_only_its_proposer_or_a_supervisor_takes_a_draft_back(world: Rehearsal) -> None:
    world.do(DISPATCHER, proposal(5000), LATER)
    back = WithdrawRefund(order="o1", refunds=("r1",))
    assert no(world, COUNTER, back) == "not_allowed"
    assert no(world, DISPATCHER, back) == "ok"
    assert no(world, DISPATCHER, back) == "is_so_already"


def test_a_refused_proposal_frees_its_amount(world: Rehearsal) -> None:
    world.do(DISPATCHER, proposal(12000), LATER)
    world.do(SUPERVISOR, RejectRefund(order="o1", refunds=("r1",), reason="no_ground"), LATER)
    assert standing(world) == (0, 0, "")
    assert refund_of(world).refused_for == "no_ground"
    assert no(world, DISPATCHER, proposal(12000, id="r2")) == "ok"


# ---------------------------------------------------------------- sending
def test_it_is_written_down_before_it_is_sent_and_done_once(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    sent(world)
    assert (refund_of(world).state, refund_of(world).tries) == ("sending", 1)
    told(world, "done", provider_ref="50300107")
    made = refund_of(world)
    assert (made.state, made.provider_ref, standing(world)) == ("done", "50300107", (5000, 0, ""))
    with pytest.raises(Rejected, match="changed_meanwhile"):
        told(world, "done")
    assert balance(world, ledger.provider("wechat")) == 12000 - 5000


def test_only_the_system_sends(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    assert no(world, FINANCE, SendRefund(order="o1", refund="r1", tries=0)) == "not_allowed"
    assert no(world, SYSTEM, SendRefund(order="o1", refund="r1", tries=3)) == "changed_meanwhile"


def test_nothing_is_sent_before_somebody_agreed(world: Rehearsal) -> None:
    world.do(DISPATCHER, proposal(5000), LATER)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        sent(world)


def test_what_failed_says_what_to_do_next_and_goes_another_way(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    sent(world)
    told(world, "failed", fault="payer_gone")
    assert (refund_of(world).step, standing(world)[2]) == ("other_way", "failed")
    assert "refund_attention" in order_of(world).flags
    world.do(FINANCE, RetryRefund(order="o1", refund="r1", tries=1, way="cash"), LATER)
    assert no(world, FINANCE, PayRefund(order="o1", refund="r1", amount=5000)) == "own_payout"
    assert refund_of(world).carrier == "till"
    assert order_of(world).flags == ()
    world.do(COUNTER, PayRefund(order="o1", refund="r1", amount=5000, receipt="A-1"), LATER)
    assert balance(world, ledger.till("")) == -5000
    assert balance(world, ledger.provider("wechat")) == 12000


def test_what_nobody_knows_the_end_of_never_goes_another_way(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    sent(world)
    told(world, "attention", fault="unanswered")
    retry = RetryRefund(order="o1", refund="r1", tries=1, way="cash")
    assert no(world, FINANCE, retry) == "refund_uncertain"
    assert no(world, SUPERVISOR, WithdrawRefund(order="o1", refunds=("r1",))) == "refund_sent"
    assert no(world, FINANCE, replace(retry, way="original")) == "ok"
    assert refund_of(world).state == "sending"


def test_finance_says_by_hand_what_the_providers_books_say(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    sent(world)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        told(world, "done", actor=FINANCE, provider_ref="503")
    told(world, "attention", fault="unanswered")
    with pytest.raises(Rejected, match="not_allowed"):
        told(world, "done", actor=DISPATCHER, provider_ref="503")
    with pytest.raises(Rejected, match="required"):
        told(world, "done", actor=FINANCE)
    told(world, "done", actor=FINANCE, provider_ref="503")
    assert refund_of(world).state == "done"


# ---------------------------------------------------------------- by hand
def test_cash_is_handed_over_by_somebody_else_than_who_decided_it(world: Rehearsal) -> None:
    both = staff("supervisor", "counter", id="both")
    world.do(both, compensation(3000), LATER)
    pay = PayRefund(order="o1", refund="r1", amount=3000)
    assert no(world, both, pay) == "own_payout"
    assert no(world, DISPATCHER, pay) == "not_allowed"
    assert no(world, COUNTER, replace(pay, amount=2999)) == "changed_meanwhile"
    assert no(world, COUNTER, replace(pay, store="moon")) == "not_found"
    world.do(COUNTER, pay, LATER)
    assert no(world, COUNTER, pay) == "is_so_already"
    assert balance(world, ledger.platform("compensation")) == 3000
    assert balance(world, ledger.till("")) == -3000
    assert balance(world, ledger.customer("c-o1")) == 0


def test_who_agreed_to_a_colleagues_proposal_may_pay_it(world: Rehearsal) -> None:
    world.do(DISPATCHER, compensation(3000, way="transfer"), LATER)
    world.do(FINANCE, approval(3000), LATER)
    assert no(world, FINANCE, PayRefund(order="o1", refund="r1", amount=3000, receipt="ICBC-1")) == "ok"


def test_a_transfer_is_finances_and_has_a_number(world: Rehearsal) -> None:
    world.do(SUPERVISOR, compensation(3000, way="transfer"), LATER)
    pay = PayRefund(order="o1", refund="r1", amount=3000)
    assert no(world, COUNTER, pay) == "not_allowed"
    assert no(world, FINANCE, pay) == "required"
    assert no(world, FINANCE, replace(pay, receipt="ICBC-1")) == "ok"
    assert balance(world, ledger.provider("bank")) == -3000


def test_an_electronic_refund_is_not_paid_by_hand(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    assert no(world, FINANCE, PayRefund(order="o1", refund="r1", amount=5000, receipt="x")) == "refund_way"


# ---------------------------------------------------------------- the books
def test_what_was_never_owed_goes_back_without_costing_us_anything() -> None:
    world = trade.company()
    trade.assigned(world)
    captured(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="not_needed", side="customer"), hour(13))
    world.do(SUPERVISOR, proposal(11000, rule="cancel_fee"), hour(13))
    sent(world)
    told(world, "done")
    assert balance(world, ledger.platform("refunds")) == 0
    assert balance(world, ledger.customer("c-o1")) == 0
    assert balance(world, ledger.provider("wechat")) == POLICY.cancel_fee


def test_an_order_whose_money_went_back_is_not_taken_up_again() -> None:
    world = trade.company()
    trade.assigned(world)
    captured(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="not_needed", side="customer"), hour(9.1))
    world.do(SUPERVISOR, proposal(12000, rule="cancel_free"), hour(9.2))
    again = ReopenOrder(order="o1")
    assert no(world, SUPERVISOR, again, hour(9.3)) == "refunded_since"
    world.do(SUPERVISOR, WithdrawRefund(order="o1", refunds=("r1",)), hour(9.3))
    assert no(world, SUPERVISOR, again, hour(9.3)) == "ok"


def called_off_late() -> Rehearsal:
    """Cancelled after the technician had set out, and the fee of ¥30 is paid."""
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="no_need", side="customer"), hour(13.6))
    captured(world, amount=3000)
    return world


def test_a_fee_that_was_given_back_does_not_pay_the_order_when_it_is_taken_up_again() -> None:
    world = called_off_late()
    world.do(SUPERVISOR, proposal(3000), hour(13.7))
    assert refund_of(world).borne == 3000
    assert no(world, SUPERVISOR, ReopenOrder(order="o1"), hour(13.8)) == "refunded_since"


def test_a_fee_that_pays_the_order_once_it_goes_on_is_not_given_back_too() -> None:
    world = called_off_late()
    world.do(SUPERVISOR, ReopenOrder(order="o1", window=trade.window(16, 18)), hour(13.7))
    assert no(world, SUPERVISOR, proposal(3000), hour(13.8)) == "refund_too_much"
    world.do(DISPATCHER, CancelOrder(order="o1", reason="late", side="platform"), hour(13.9))
    assert no(world, SUPERVISOR, proposal(3000), hour(14)) == "ok"
    assert refund_of(world).borne == 0


def test_what_he_had_owed_is_ours_to_bear(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000), LATER)
    assert balance(world, ledger.platform("refunds")) == 5000 == -balance(world, ledger.customer("c-o1"))
    sent(world)
    told(world, "done")
    assert balance(world, ledger.customer("c-o1")) == 0


def test_a_technicians_fault_lessens_his_share_in_proportion_and_never_below_nothing(
    world: Rehearsal,
) -> None:
    share = -balance(world, ledger.technician("li", "frozen"))
    assert share == 8400
    for at, amount in enumerate((3333, 3333, 5334)):
        world.do(FINANCE, proposal(amount, id=f"r{at}", side="technician"), LATER)
        world.do(OTHER_FINANCE, approval(amount, f"r{at}"), LATER)
        sent(world, f"r{at}")
        told(world, "done", f"r{at}")
    assert (
        balance(world, ledger.technician("li", "frozen"))
        == 0
        == balance(world, ledger.technician("li", "available"))
    )


def test_what_went_back_before_he_had_earned_anything_comes_off_when_he_does() -> None:
    world = trade.company()
    onsite.finished(world)
    captured(world)
    world.do(SUPERVISOR, proposal(3000, side="technician"), LATER)
    sent(world)
    told(world, "done")
    assert balance(world, ledger.technician("li", "frozen")) == 0
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), LATER)
    assert balance(world, ledger.technician("li", "frozen")) == -8400 * 9000 // 12000
    assert balance(world, ledger.platform("shares")) == 8400 * 9000 // 12000


def test_an_order_whose_fee_went_back_through_their_fault_stays_over_and_its_share_cut() -> None:
    world = called_off_late()
    assert balance(world, ledger.technician("li", "frozen")) == -3000
    world.do(SUPERVISOR, proposal(3000, side="technician"), LATER)
    sent(world)
    told(world, "done")
    assert balance(world, ledger.technician("li", "frozen")) == 0
    assert no(world, SUPERVISOR, ReopenOrder(order="o1"), LATER) == "refunded_since"
    assert balance(world, ledger.platform("shares")) == 0


def test_compensation_for_one_who_gave_the_order_back_takes_nothing_off_who_did_it() -> None:
    world = trade.company()
    trade.assigned(world)
    world.do(onsite.LI, DropOrder(order="o1", technician="li", reason="ill"), hour(9.5))
    world.do(SUPERVISOR, compensation(1000, rule="dropped", reason="dropped", side="technician"), hour(9.6))
    world.do(COUNTER, PayRefund(order="o1", refund="r1", amount=1000), hour(9.7))
    world.do(DISPATCHER, trade.assign(technician="wang"), hour(9.8))
    onsite.departed(world, actor=onsite.WANG)
    onsite.arrived(world, actor=onsite.WANG)
    onsite.done(world, actor=onsite.WANG)
    captured(world)
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), onsite.FINISHED)
    assert balance(world, ledger.technician("wang", "frozen")) == -8400


def test_nobody_elses_fault_touches_the_share(world: Rehearsal) -> None:
    world.do(SUPERVISOR, proposal(5000, side="platform"), LATER)
    sent(world)
    told(world, "done")
    assert balance(world, ledger.technician("li", "frozen")) == -8400
