"""Orders, quotes, payments, notifications, refunds, complaints, tills, settlements and withdrawals at random.

After every step the books balance, refunds never exceed what was captured, nothing frozen is paid out, and whatever a
provider was asked to do was booked once.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS
from dispatcher_app.domain.command import ConfirmOrder, RecordPayment
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.money.withdrawal import OPEN, Withdrawal
from dispatcher_app.domain.region import Policy
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade, walk
from tests.domain.onsite import FINISHED, WANG
from tests.money import wishes
from tests.money.books import balances, check

SHORT = (0, MINUTE_MS, 5 * MINUTE_MS, HOUR_MS)


def company() -> Rehearsal:
    """An order that is paid, one that is not yet, two just booked, and a device at the counter."""
    world = trade.company(policy=Policy(withdrawal_least=wishes.LEAST, credit_on_time=10))
    onsite.shop(world)
    onsite.parts(world)
    onsite.finished(world)
    onsite.finished(world, "o2", WANG)
    for id in ("o1", "o2"):
        world.do(trade.SUPERVISOR, ConfirmOrder(order=id, confirmation="phone"), FINISHED)
    world.do(trade.COUNTER, RecordPayment(order="o1", amount=12000, means="card"), FINISHED)
    trade.booked(world, "o3", window=trade.window(17, 19))
    trade.booked(world, "o4", window=trade.window(17, 19))
    world.do(trade.COUNTER, onsite.handed_in("w1"), trade.NOW)
    return world


def sound(world: Rehearsal) -> None:
    """The promises of the books, of refunds, and of what is paid out to technicians."""
    check(world)
    for payment in world.all(Payment):
        posted = world.posted(f"capture:{payment.id}")
        assert (posted is not None) == (payment.captured_at is not None)
        assert 0 <= payment.refunded <= payment.amount
        assert posted is None or max(each.amount for each in posted.entries) == payment.amount
    found = balances(world)
    given_back: Counter[str] = Counter()
    for refund in world.all(Refund):
        paid = [world.posted(f"{cause}:{refund.id}") for cause in ("refund", "compensation")]
        assert sum(each is not None for each in paid) == (refund.state == "done")
        if refund.what == "refund" and refund.counts:
            given_back[refund.order] += refund.amount
    for order, amount in given_back.items():
        assert amount <= trade.order_of(world, order).paid
    for technician in wishes.TECHNICIANS:
        withdrawals = [each for each in world.all(Withdrawal) if each.technician == technician]
        paid_out = -found.get(ledger.technician(technician, "paid"), 0)
        assert paid_out == sum(each.amount for each in withdrawals if each.state == "paid")
        moving = -found.get(ledger.technician(technician, "withdrawing"), 0)
        assert moving == sum(each.amount for each in withdrawals if each.state in OPEN)
        # Nothing frozen is paid out: what has left or is leaving was released before.
        released = sum(
            entry.amount
            for posting in world.postings.values()
            for entry in posting.entries
            if posting.cause == "release" and entry.account == ledger.technician(technician, "frozen")
        )
        besides = sum(
            -entry.amount
            for posting in world.postings.values()
            for entry in posting.entries
            if posting.cause
            in ("bonus", "deposit", "deduction_reversed", "withdrawal_returned", "withdrawal_failed")
            and entry.amount < 0
            and technician in entry.account
        )
        assert paid_out + moving <= released + besides
        assert found.get(ledger.technician(technician, "frozen"), 0) <= 0
        assert found.get(ledger.technician(technician, "deposit"), 0) <= 0


def walked(dice: Random, steps: int, seen: Counter[str]) -> None:
    """One walk; counts the commands that were taken, and why others were not."""
    world, now = company(), FINISHED
    for _ in range(steps):
        now += dice.choice(SHORT if dice.random() < 0.9 else wishes.LONG)
        wish = (
            walk.next_wish(world, now, dice)
            if dice.random() < 0.3
            else dice.choice(wishes.WISHES)(world, now, dice)
        )
        if wish is None:
            continue
        actor, command = wish
        entities, postings = dict(world.entities), dict(world.postings)
        try:
            world.do(actor, command, now)
        except Rejected as refused:
            assert (world.entities, world.postings) == (entities, postings)
            seen[f"refused {refused.code}"] += 1
            continue
        seen[type(command).__name__] += 1
        # What was posted stands as it was posted.
        assert postings.items() <= world.postings.items()
        sound(world)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.integers(60, 160))
def test_the_books_are_sound_after_every_step_whatever_happens_to_money(seed: int, steps: int) -> None:
    walked(Random(seed), steps, Counter())


def test_the_walks_do_everything_that_can_be_done_with_money() -> None:
    seen: Counter[str] = Counter()
    for seed in range(60):
        walked(Random(seed), 220, seen)
    wanted = {
        "RecordPayment", "StartPayment", "PaymentOffered", "CapturePayment", "ClosePayment", "FailPayment",
        "ProposeRefund", "ApproveRefund", "SendRefund", "ReportRefund", "PayRefund", "OpenComplaint", "JudgeComplaint",
        "ReleaseShare", "OpenTill", "CloseTill", "BankCash", "HandInCash", "StartSettlement", "SettleTechnician",
        "FinishSettlement", "SaveWay", "RequestWithdrawal", "ApproveWithdrawal", "SendWithdrawals", "ReportWithdrawal",
        "Deduct", "PayDeposit", "CancelOrder", "HandBack", "GrantBonus", "RequestInvoice", "SendInvoice", "ReportInvoice",
    }  # fmt: skip
    assert sorted(wanted - seen.keys()) == []
