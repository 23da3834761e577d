"""What people, providers and the system might do next with money, as it stands: beside what happens to orders."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Literal

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM, Actor
from dispatcher_app.domain.calendar import DAY_MS, local_date
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.account import Account
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.deduction import Deduction
from dispatcher_app.domain.money.invoice import Invoice
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.period import last_over
from dispatcher_app.domain.money.refund import WAYS, Refund
from dispatcher_app.domain.money.statement import Settlement
from dispatcher_app.domain.money.till import till_of
from dispatcher_app.domain.money.withdrawal import Withdrawal
from dispatcher_app.domain.order import Order, PaymentMeans, Side
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import released_at
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import payroll, trade
from tests.domain.trade import COUNTER, DISPATCHER, SUPERVISOR, staff

FINANCE, TREASURER, COMPLAINTS = staff("finance"), staff("finance", id="treasurer"), staff("complaints")
BOSS = staff("supervisor", id="boss")
PROVIDER = Actor(kind="provider", id="wechat")
LEAST = 1_000
"""Withdrawn at least; the policy of the walk."""
TECHNICIANS = ("li", "wang", "zhao")
RESULTS: tuple[Literal["done", "failed", "attention"], ...] = ("done", "done", "failed", "attention")
OUTCOMES: tuple[Literal["paid", "failed", "returned"], ...] = ("paid", "paid", "failed", "returned")
SIDES: tuple[Side, ...] = ("technician", "platform")
TAKEN: tuple[PaymentMeans, ...] = ("cash", "cash", "card")
Wish = tuple[Actor, Any]


def one(dice: Random, found: list[Any]) -> Any:
    """One of them, the last ones more often; None where there is none."""
    return found[-1 - min(int(dice.expovariate(0.5)), len(found) - 1)] if found else None


def pay(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """A code for what an order still costs, or cash for it."""
    left = [each for each in world.all(Order) if owed(each) > each.paid]
    order = one(dice, left)
    if order is None:
        return None
    amount = dice.choice((owed(order) - order.paid,) * 3 + (1, 5000))
    if dice.random() < 0.3:
        who = dice.choice((COUNTER, DISPATCHER, Actor(kind="technician", id=order.technician or "li")))
        means = dice.choice(TAKEN)
        return who, c.RecordPayment(order=order.id, amount=amount, means=means)
    id = clock.derived_id("pay", str(world.acts))
    return COUNTER, c.StartPayment(
        payment=id, order=order.id, amount=amount, means=dice.choice(("wechat", "alipay"))
    )


def carry(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """What a provider tells of a payment, late, twice, out of turn or wrong."""
    payment = one(dice, [each for each in world.all(Payment) if each.means in ("wechat", "alipay")])
    if payment is None:
        return None
    who = dice.choice((PROVIDER, SYSTEM, SYSTEM, COUNTER))
    amount = payment.amount if dice.random() < 0.8 else payment.amount + dice.choice((-1, 1, 10_000))
    currency = "CNY" if dice.random() < 0.95 else "USD"
    made: tuple[Any, ...] = (
        c.PaymentOffered(payment=payment.id, code="weixin://x"),
        *(c.CapturePayment(payment=payment.id, amount=amount, currency=currency, reference="42"),) * 3,
        c.ClosePayment(payment=payment.id),
        c.FailPayment(payment=payment.id, problem="refused"),
        c.FailPayment(payment=payment.id, problem="amount", amount=amount, currency=currency, reference="42"),
    )
    return who, dice.choice(made)


def repay(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """Another step with a refund, by anybody."""
    found = one(dice, world.all(Refund))
    if found is None:
        return None
    results = dice.choice(RESULTS)
    fault = "" if results == "done" else "refused"
    agree = c.ApproveRefund(order=found.order, refunds=(found.id,), amount=found.amount)
    send = c.SendRefund(order=found.order, refund=found.id, tries=found.tries)
    report = c.ReportRefund(
        order=found.order, refund=found.id, tries=found.tries, result=results, fault=fault
    )
    again = c.RetryRefund(order=found.order, refund=found.id, tries=found.tries, way=found.way)
    paid = c.PayRefund(order=found.order, refund=found.id, amount=found.amount, store="s1", receipt="R-1")
    given_up = (
        c.RejectRefund(order=found.order, refunds=(found.id,), reason="no_ground"),
        c.WithdrawRefund(order=found.order, refunds=(found.id,)),
    )
    fitting: dict[str, tuple[Wish, ...]] = {
        "proposed": ((FINANCE, agree), (TREASURER, agree), (BOSS, agree), (FINANCE, given_up[0])),
        "approved": ((SYSTEM, send), (COUNTER, paid), (FINANCE, paid), (FINANCE, given_up[1])),
        "sending": ((SYSTEM, report),),
        "failed": ((SUPERVISOR, again),),
        "attention": ((FINANCE, report), (SUPERVISOR, again)),
    }
    if found.state in fitting and dice.random() < 0.8:
        return dice.choice(fitting[found.state])
    who = dice.choice((SUPERVISOR, BOSS, FINANCE, TREASURER, COUNTER, COMPLAINTS, SYSTEM))
    return who, dice.choice((agree, send, report, again, paid, *given_up))


def give_back(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """A refund of a payment, or something for the customer's trouble."""
    payment = one(dice, [each for each in world.all(Payment) if each.state == "captured"])
    if payment is None:
        return None
    id = f"b{world.acts}"
    amount = dice.choice((payment.amount - payment.refunded, 500, 3000, payment.amount + 1))
    way = dice.choice(WAYS)
    part = c.RefundPart(refund=id, amount=amount, payment=payment.id, way=way)
    side = dice.choice(SIDES)
    return dice.choice((SUPERVISOR, DISPATCHER, FINANCE)), c.ProposeRefund(
        order=payment.order, reason=dice.choice(("quality", "goodwill", "overpaid")), side=side, parts=(part,)
    )


def complain(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """A complaint about an order that was shared, or the next step with one."""
    found = one(dice, [each for each in world.all(Complaint) if each.closed_at is None])
    order = one(dice, [each for each in world.all(Order) if each.share and not each.complaint])
    if order is not None and (found is None or dice.random() < 0.3):
        id = f"q{world.acts}"
        return DISPATCHER, c.OpenComplaint(complaint=id, order=order.id, categories=("quality",), text="x")
    if found is None:
        return None
    made = (
        c.TakeComplaint(complaint=found.id, owner="complaints", from_owner=found.owner),
        c.AnswerComplaint(complaint=found.id, text="x"),
        c.JudgeComplaint(
            complaint=found.id, responsibility=dice.choice(("technician", "none")), text="x",
            from_responsibility=found.responsibility,
        ),
        c.ResolveComplaint(complaint=found.id, text="x"),
        c.CloseComplaint(complaint=found.id, call_back="satisfied", text="x"),
    )  # fmt: skip
    return COMPLAINTS, dice.choice(made)


def release(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """The alarm of a share."""
    due = [each for each in world.all(Order) if (at := released_at(each, Policy())) is not None and at <= now]
    order = one(dice, due)
    if order is None and dice.random() < 0.1:
        order = one(dice, [each for each in world.all(Order) if each.share == "frozen"])
    return None if order is None else (SYSTEM, c.ReleaseShare(order=order.id))


def tend(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """The till of the first store, counted right or wrong."""
    till = till_of(world, "sh", "s1")
    counted = max(0, till.cash + dice.choice((0, 0, 0, -100, 50)))
    who = dice.choice((COUNTER, SUPERVISOR, FINANCE))
    technician = dice.choice(TECHNICIANS)
    held = world.balance("sh", ledger.technician(technician, "cash"), "CNY") or 0
    made = (
        c.OpenTill(store="s1", counted=counted),
        c.CloseTill(store="s1", counted=counted, expected=till.cash),
        c.BankCash(store="s1", amount=dice.choice((1, till.cash, till.cash + 1))),
        c.HandInCash(technician=technician, store="s1", amount=dice.choice((held, held // 2, held + 1))),
    )
    return who, dice.choice(made)


def settle(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """A period that is over, one technician of it, or its end."""
    run = one(dice, [each for each in world.all(Settlement) if each.state == "running"])
    if run is None:
        period = last_over(now, "weekly", trade.TIMEZONE)
        return FINANCE, c.StartSettlement(cadence="weekly", first=period.first, upto=len(world.postings))
    waiting = [id for id in TECHNICIANS if (known := world.get(Account, id)) is None or known.upto < run.upto]
    if not waiting or dice.random() < 0.05:
        over = c.FinishSettlement(
            settlement=run.id, technicians=3, done=3, earned=0, tax=0, netted=0, payable=0, over=True
        )
        return SYSTEM, over
    technician = dice.choice(waiting if dice.random() < 0.9 else TECHNICIANS)
    known = world.get(Account, technician)
    after = known.upto if known is not None else 0
    totals = payroll.totals(world, technician, after, run.upto)
    return SYSTEM, c.SettleTechnician(settlement=run.id, technician=technician, after=after, totals=totals)


def withdraw(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """His money on its way to him, a step at a time, each by whoever may or may not."""
    technician = dice.choice(TECHNICIANS)
    known = world.get(Account, technician)
    found = one(dice, world.all(Withdrawal))
    if known is None or not known.mask("bank") or dice.random() < 0.05:
        return FINANCE, c.SaveWay(technician=technician, way="bank", number=payroll.CARD, bank="招商银行")
    if known.settled >= LEAST or dice.random() < 0.05:
        amount = dice.choice((LEAST, known.settled, known.settled, known.settled + 1, LEAST - 1))
        return dice.choice((FINANCE, Actor(kind="technician", id=technician))), c.RequestWithdrawal(
            withdrawal=f"w{world.acts}", technician=technician, amount=amount, way="bank"
        )
    if found is None:
        return None
    outcome = dice.choice(OUTCOMES)
    agree, send = (
        c.ApproveWithdrawal(withdrawal=found.id),
        c.SendWithdrawals(batch=f"x{world.acts}", withdrawals=(found.id,)),
    )
    report = c.ReportWithdrawal(withdrawal=found.id, outcome=outcome, reason="other")
    fitting: dict[str, Wish] = {
        "asked": (SUPERVISOR, agree), "approved": (FINANCE, send), "sending": (FINANCE, report),
        "paid": (FINANCE, report),
    }  # fmt: skip
    if found.state in fitting and dice.random() < 0.7:
        return fitting[found.state]
    given_up = (
        c.RejectWithdrawal(withdrawal=found.id, reason="other"), c.RecallWithdrawal(withdrawal=found.id),
    )  # fmt: skip
    return dice.choice((SUPERVISOR, FINANCE, TREASURER, SYSTEM)), dice.choice(
        (agree, send, report, *given_up)
    )


def deduct(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """A deduction with its appeal, a deposit and its return."""
    found, complaint = one(dice, world.all(Deduction)), one(dice, world.all(Complaint))
    technician = dice.choice(TECHNICIANS)
    made: list[Any] = [
        c.PayDeposit(
            deposit=f"d{world.acts}",
            technician=technician,
            amount=5000,
            means=dice.choice(("transfer", "available")),
        ),
        c.ReturnDeposit(deposit=f"d{world.acts}", technician=technician, amount=3000, reason="other"),
    ]
    if complaint is not None:
        made += [
            c.Deduct(
                deduction=f"d{world.acts}", technician=technician, amount=2000, reason="damage", text="x",
                complaint=complaint.id, source=dice.choice(("available", "deposit")),
            )
        ] * 2  # fmt: skip
    if found is not None:
        made += [
            c.AppealDeduction(deduction=found.id, text="x"),
            c.DecideAppeal(deduction=found.id, granted=dice.random() < 0.5, text="x"),
        ]
    return dice.choice((FINANCE, SUPERVISOR, Actor(kind="technician", id=technician))), dice.choice(made)


def reward(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """A bonus for somebody's honour, granted in its month or not, once or again."""
    technician = dice.choice(TECHNICIANS)
    month = local_date(now if dice.random() < 0.9 else now - 40 * DAY_MS, trade.TIMEZONE)[:7]
    amount = dice.choice((10_000, 10_000, 10_000, 99))
    return dice.choice((FINANCE, BOSS, COMPLAINTS)), c.GrantBonus(
        technician=technician, month=month, amount=amount
    )


def invoice(world: Rehearsal, now: int, dice: Random) -> Wish | None:
    """An invoice asked for, or another step with one."""
    found = one(dice, world.all(Invoice))
    order = one(dice, [each for each in world.all(Order) if each.closed_at is not None and each.paid])
    if found is None or dice.random() < 0.3:
        return order and (
            DISPATCHER,
            c.RequestInvoice(
                order=order.id, amount=order.paid - order.refunded, buyer="person", title="张丽华"
            ),
        )
    report = c.ReportInvoice(
        order=found.id, tries=found.tries, result=dice.choice(("issued", "failed")), reference="25310000",
        fault="refused",
    )  # fmt: skip
    made: tuple[Any, ...] = (
        c.SendInvoice(order=found.id, tries=found.tries), report, c.WithdrawInvoice(order=found.id)
    )  # fmt: skip
    return dice.choice((SYSTEM, SYSTEM, FINANCE, DISPATCHER)), dice.choice(made)


WISHES: tuple[Callable[[Rehearsal, int, Random], Wish | None], ...] = (
    pay, pay, carry, carry, carry, repay, repay, give_back, complain, release, release, tend, settle, settle, withdraw,
    withdraw, deduct, reward, invoice,
)  # fmt: skip
LONG = (DAY_MS, 3 * DAY_MS, 7 * DAY_MS)
"""How long it is now and then until the next thing: shares are released, periods are over."""
