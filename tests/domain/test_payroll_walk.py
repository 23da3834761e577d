"""Random months of earning, settling, withdrawing and deducting: nothing frozen is paid out, and every sum adds up."""

from __future__ import annotations

import contextlib

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    AppealDeduction,
    ApproveWithdrawal,
    DecideAppeal,
    Deduct,
    PayDeposit,
    RecallWithdrawal,
    RejectWithdrawal,
    ReportWithdrawal,
    RequestWithdrawal,
    ReturnDeposit,
    SendWithdrawals,
)  # fmt: skip
from dispatcher_app.domain.money.account import Account
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.deduction import Deduction
from dispatcher_app.domain.money.statement import SETTLE, Statement, moved
from dispatcher_app.domain.money.withdrawal import OPEN, Withdrawal
from tests.domain import payroll, trade
from tests.domain.payroll import FINANCE, SUPERVISOR, has
from tests.domain.trade import NOW

SUMS = st.integers(min_value=1, max_value=60_000)


class Payroll(RuleBasedStateMachine):
    """One technician, whatever happens to his money, in any order."""

    @initialize()
    def begin(self) -> None:
        self.world = payroll.company()
        trade.booked(self.world)
        self.world.entities["complaint", "k1"] = Complaint(
            id="k1", region="sh", order="o1", customer="c-o1", source="phone", categories=("damage",), at=NOW,
            by="staff:sun", answer_due=NOW, solve_due=NOW,
        )  # fmt: skip
        payroll.card(self.world)
        self.now, self.made, self.frozen = NOW, 0, list[int]()

    def next_id(self) -> str:
        self.made += 1
        return f"n{self.made}"

    def tries(self, command: object, who: Actor = FINANCE) -> None:
        """Whatever a rule says no to changes nothing."""
        before = dict(self.world.postings), dict(self.world.entities)
        try:
            self.world.do(who, command, self.now)
        except Rejected:
            assert before == (self.world.postings, self.world.entities)

    @rule(amount=SUMS)
    def earn(self, amount: int) -> None:
        self.made += 1
        self.frozen.append(self.made)
        payroll.earn(self.world, self.made, amount, released=False)

    @rule()
    def release(self) -> None:
        if self.frozen:
            payroll.release(self.world, self.frozen.pop(0))

    @rule(amount=SUMS)
    def collect(self, amount: int) -> None:
        self.made += 1
        payroll.collect(self.world, self.made, amount)

    @rule()
    def settle(self) -> None:
        self.now += payroll.WEEK
        if len(self.world.postings) > payroll.account(self.world).upto:
            payroll.settle(self.world, self.now)

    @rule(amount=SUMS)
    def ask(self, amount: int) -> None:
        id = self.next_id()
        self.tries(RequestWithdrawal(withdrawal=id, technician="li", amount=amount, way="bank"))

    @rule(step=st.sampled_from(["approve", "reject", "recall", "send", "paid", "failed", "returned"]))
    def move(self, step: str) -> None:
        for each in self.world.all(Withdrawal)[-2:]:
            id = each.id
            if step == "approve":
                self.tries(ApproveWithdrawal(withdrawal=id), SUPERVISOR)
            elif step == "reject":
                self.tries(RejectWithdrawal(withdrawal=id, reason="other"), SUPERVISOR)
            elif step == "recall":
                self.tries(RecallWithdrawal(withdrawal=id))
            elif step == "send":
                self.tries(SendWithdrawals(batch=self.next_id(), withdrawals=(id,)))
            else:
                self.tries(ReportWithdrawal(withdrawal=id, outcome=step, reason="other"))  # type: ignore[arg-type]

    @rule(amount=SUMS, deposit=st.booleans())
    def deduct(self, amount: int, deposit: bool) -> None:
        self.tries(
            Deduct(
                deduction=self.next_id(), technician="li", amount=amount, reason="damage", text="x", complaint="k1",
                source="deposit" if deposit else "available",
            )
        )  # fmt: skip

    @rule(granted=st.booleans())
    def appeal(self, granted: bool) -> None:
        for each in self.world.all(Deduction)[-1:]:
            self.tries(AppealDeduction(deduction=each.id, text="x"))
            self.tries(DecideAppeal(deduction=each.id, granted=granted, text="x"), SUPERVISOR)

    @rule(amount=SUMS, means=st.sampled_from(["transfer", "available"]))
    def deposit(self, amount: int, means: str) -> None:
        self.tries(PayDeposit(deposit=self.next_id(), technician="li", amount=amount, means=means))  # type: ignore[arg-type]

    @rule(amount=SUMS)
    def give_back(self, amount: int) -> None:
        self.tries(ReturnDeposit(deposit=self.next_id(), technician="li", amount=amount, reason="other"))

    @rule()
    def wait(self) -> None:
        self.now += DAY_MS

    @invariant()
    def nothing_is_paid_that_was_not_settled(self) -> None:
        if not hasattr(self, "world"):
            return
        known = self.world.get(Account, "li")
        assert known is not None
        for bucket in ("frozen", "available", "withdrawing", "paid", "deposit", "cash"):
            assert has(self.world, bucket) >= 0, bucket
        settled = sum(each.income - each.tax - each.netted for each in self.world.all(Statement))
        deposits = sum(
            entry.amount
            for posting in self.world.postings.values()
            for entry in posting.entries
            if posting.cause == "deposit" and entry.account == "provider:bank"
        )
        assert has(self.world, "withdrawing") + has(self.world, "paid") <= settled + deposits

    @invariant()
    def every_sum_adds_up(self) -> None:
        if not hasattr(self, "world"):
            return
        for posting in self.world.postings.values():
            assert sum(each.amount for each in posting.entries) == 0
        under_way = [each for each in self.world.all(Withdrawal) if each.state in OPEN]
        known = self.world.get(Account, "li")
        assert known is not None
        assert known.withdrawal == (under_way[0].id if under_way else None)
        assert has(self.world, "withdrawing") == sum(each.amount for each in under_way)
        paid = sum(each.amount for each in self.world.all(Withdrawal) if each.state == "paid")
        assert has(self.world, "paid") == paid

    @invariant()
    def statements_follow_each_other_and_are_sums_of_the_ledger(self) -> None:
        if not hasattr(self, "world"):
            return
        made = sorted(self.world.all(Statement), key=lambda each: each.upto)
        opening = None
        for each in made:
            assert opening is None or each.opening == opening
            assert each.totals == payroll.totals(self.world, "li", each.after, each.upto)
            stood = moved(each.opening, each.totals)
            assert each.closing.available == stood.available - each.tax - each.netted
            assert each.closing.cash == stood.cash - each.netted
            with contextlib.suppress(KeyError):
                posted = self.world.postings[f"{SETTLE}:{each.id}"]
                assert -posted.entries[-1].amount in (each.tax, each.netted)
            opening = each.closing


Payroll.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestPayroll = Payroll.TestCase
