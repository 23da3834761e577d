"""Whatever is done with refunds, in any order: never more goes back than came in, and never twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.act import SYSTEM, Rejected
from dispatcher_app.domain.command import (
    ApproveRefund,
    CancelOrder,
    ConfirmOrder,
    PayRefund,
    ProposeRefund,
    RefundPart,
    RejectRefund,
    ReportRefund,
    RetryRefund,
    SendRefund,
    WithdrawRefund,
)
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Allowance, Refund
from dispatcher_app.domain.order import Side
from dispatcher_app.domain.region import Policy
from dispatcher_app.server.repaid_books import refunds as disagreeing
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.paying import LATER, balance, captured
from tests.domain.trade import hour, order_of, staff

PEOPLE = (
    *(staff(role) for role in ("dispatcher", "counter", "complaints", "finance")),
    staff("supervisor"), staff("supervisor", id="boss"), staff("finance", id="treasurer"),
    staff("supervisor", "finance", "counter", id="everything"), SYSTEM,
)  # fmt: skip
IDS = tuple(f"r{number}" for number in range(4))
AMOUNTS = (-5, 0, 1, 900, 3000, 6000, 9000, 12000, 25000)
steps = st.tuples(
    st.sampled_from(
        ("propose", "whole", "compensate", "approve", "reject", "withdraw", "send", "report", "retry", "pay")
    ),
    st.sampled_from(PEOPLE),
    st.sampled_from(IDS),
    st.sampled_from(AMOUNTS),
    st.sampled_from(("original", "cash", "transfer")),
    st.sampled_from(("done", "failed", "attention")),
    st.booleans(),
)


def command_of(world: Rehearsal, step: Any) -> Any:
    what, _who, id, amount, way, result, odd = step
    found = world.get(Refund, id)
    tries = (found.tries if found else 0) + (3 if odd and amount == 1 else 0)
    payment = "p2" if odd else "p1"
    side: Side = "technician" if odd else "platform"
    match what:
        case "propose":
            part = RefundPart(refund=id, amount=amount, payment=payment, way=way)
            return ProposeRefund(order="o1", reason="quality", side=side, parts=(part,))
        case "whole":
            parts = (
                RefundPart(refund=id, amount=8000, payment="p1", way="original"),
                RefundPart(refund=id + "b", amount=4000, payment="p2", way="cash"),
            )
            return ProposeRefund(order="o1", reason="quality", side=side, parts=parts)
        case "compensate":
            part = RefundPart(refund=id, amount=amount, way=way)
            return ProposeRefund(
                order="o1", what="compensation", reason="late", side="platform", parts=(part,)
            )
        case "approve":
            return ApproveRefund(order="o1", refunds=(id,), amount=found.amount if found else 0)
        case "reject":
            return RejectRefund(order="o1", refunds=(id,), reason="no_ground")
        case "withdraw":
            return WithdrawRefund(order="o1", refunds=(id,))
        case "send":
            return SendRefund(order="o1", refund=id, tries=tries)
        case "report":
            return ReportRefund(
                order="o1", refund=id, tries=tries, result=result, provider_ref="n1",
                fault="" if result == "done" else "refused",
            )  # fmt: skip
        case "retry":
            return RetryRefund(order="o1", refund=id, tries=tries, way=way)
    return PayRefund(order="o1", refund=id, amount=found.amount if found else 0, receipt="x1")


def sound(world: Rehearsal) -> None:
    """What must hold after every step."""
    order, policy = order_of(world), Policy()
    refunds = [each for each in world.all(Refund) if each.counts]
    back = [each for each in refunds if each.what == "refund"]
    assert order.refunded == sum(each.amount for each in back) <= order.paid
    assert order.compensated == sum(each.amount for each in refunds if each.what == "compensation")
    for payment in world.all(Payment):
        assert 0 <= payment.refunded <= payment.amount
        assert payment.refunded == sum(each.amount for each in back if each.payment == payment.id)
    for account in world.all(Allowance):
        assert 0 <= account.used <= policy.refund_limit_day
    for posting in world.postings.values():
        assert sum(entry.amount for entry in posting.entries) == 0
    paid = sum(each.amount for each in refunds if each.state == "done")
    gone = sum(
        entry.amount
        for each in world.postings.values()
        if each.cause in ("refund", "compensation")
        for entry in each.entries
        if entry.amount < 0
    )
    assert gone == -paid, "what has left is what is done"
    decided = [each for each in refunds if each.state != "proposed"]
    ours = sum(each.borne if each.what == "refund" else each.amount for each in decided)
    owed_to_him = -balance(world, ledger.customer("c-o1"))
    assert owed_to_him == order.paid - charged(world) + ours - paid, (
        "what he has to get is what he still has to get"
    )
    assert list(disagreeing(set(world.postings), world.entities)) == []
    for each in refunds:
        assert each.decided_by != each.proposed_by or each.alone


def charged(world: Rehearsal) -> int:
    return sum(
        entry.amount
        for each in world.postings.values()
        if each.cause == "charge"
        for entry in each.entries
        if entry.account == ledger.customer("c-o1")
    )


@settings(max_examples=60, deadline=None)
@given(story=st.lists(steps, min_size=5, max_size=40), ended=st.booleans())
def test_money_stays_sound_whatever_is_done_with_refunds(story: list[Any], ended: bool) -> None:
    world = trade.company()
    if ended:
        onsite.finished(world)
        world.do(trade.SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), onsite.FINISHED)
    else:
        trade.assigned(world)
    captured(world, amount=8000)
    captured(world, "p2", 4000, "alipay")
    if not ended:
        world.do(trade.DISPATCHER, CancelOrder(order="o1", reason="not_needed", side="customer"), hour(13))
    sending: Counter[str] = Counter()
    for step in story:
        command = command_of(world, step)
        try:
            world.do(step[1], command, LATER)
        except Rejected:
            continue
        finally:
            sound(world)
        if isinstance(command, ReportRefund) and command.result == "done":
            sending[command.refund] += 1
        if isinstance(command, PayRefund):
            sending[command.refund] += 1
    assert all(times == 1 for times in sending.values())
