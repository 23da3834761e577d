"""What the rules of the trade give back for an order, and amounts that may not be given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import (
    AssignTechnician,
    CancelOrder,
    Depart,
    DropOrder,
    FinishOrder,
    MarkLine,
)
from dispatcher_app.domain.money.payment import Means, Payment
from dispatcher_app.domain.money.redress import (
    Portion,
    beyond,
    checked,
    drops,
    of_lines,
    portions,
    redress,
    stood_up,
)
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.paying import captured
from tests.domain.trade import DISPATCHER, NOW, hour, order_of

POLICY = Policy()


@pytest.fixture
def world() -> Rehearsal:
    return trade.company()


def rules(order: Order, *given: Refund) -> list[tuple[str, int]]:
    return [(each.rule, each.amount) for each in redress(order, given, POLICY)]


def given(rule: str, amount: int, **changes: Any) -> Refund:
    made = Refund(
        id="r1", region="sh", order="o1", amount=amount, currency="CNY", reason="goodwill", side="platform", rule=rule,
        proposed_by="staff:dispatcher", proposed_at=NOW,
    )  # fmt: skip
    return replace(made, **changes)


def cancelled(world: Rehearsal, at: int, side: Any = "customer", reason: str = "not_needed") -> Order:
    world.do(DISPATCHER, CancelOrder(order="o1", reason=reason, side=side), at)
    return order_of(world)


def test_what_was_paid_and_used_gives_nothing_back(world: Rehearsal) -> None:
    assert rules(onsite.completed(world)) == []


def test_an_order_that_nobody_paid_gives_nothing_back(world: Rehearsal) -> None:
    trade.assigned(world)
    assert rules(cancelled(world, hour(9.1))) == []


def test_cancelling_in_time_gives_all_of_it_back(world: Rehearsal) -> None:
    trade.assigned(world)
    captured(world)
    assert rules(cancelled(world, hour(9.1))) == [("cancel_free", 12000)]


def test_cancelling_late_gives_it_back_less_the_fee(world: Rehearsal) -> None:
    trade.assigned(world)
    captured(world)
    (due,) = redress(cancelled(world, hour(13)), (), POLICY)
    assert (due.rule, due.amount) == ("cancel_fee", 12000 - POLICY.cancel_fee)
    assert due.params == {"fee": POLICY.cancel_fee, "departed": False}
    assert due.side == "customer"


def test_cancelling_once_he_is_on_his_way_keeps_the_higher_fee(world: Rehearsal) -> None:
    trade.assigned(world)
    captured(world)
    world.do(onsite.LI, Depart(order="o1", technician="li"), hour(13.5))
    assert rules(cancelled(world, hour(13.6))) == [("cancel_fee", 12000 - POLICY.cancel_fee_departed)]


def test_what_we_cancel_goes_back_as_a_whole(world: Rehearsal) -> None:
    trade.assigned(world)
    captured(world)
    assert rules(cancelled(world, hour(13), "platform", "no_technician")) == [("cancelled_by_us", 12000)]


def test_whoever_was_stood_up_gets_everything_back_and_something_for_it(world: Rehearsal) -> None:
    trade.assigned(world)
    captured(world)
    order = cancelled(world, hour(15), "technician", "technician_absent")
    found = redress(order, (), POLICY)
    assert rules(order) == [("no_show", 12000), ("no_show_paid", POLICY.no_show_compensation)]
    assert found[0].whole
    assert all(each.side == "technician" for each in found)


def test_the_story_alone_says_that_nobody_came(world: Rehearsal) -> None:
    trade.assigned(world)
    captured(world)
    assert stood_up(cancelled(world, hour(16.5), "customer", "not_needed"))


def test_nobody_is_stood_up_before_the_promised_time_is_over(world: Rehearsal) -> None:
    trade.assigned(world)
    assert not stood_up(cancelled(world, hour(15.9), "customer", "not_needed"))


def test_nobody_is_stood_up_by_whom_had_never_accepted(world: Rehearsal) -> None:
    trade.booked(world)
    assert not stood_up(cancelled(world, hour(16.5), "customer", "not_needed"))


def test_being_stood_up_is_made_good_once(world: Rehearsal) -> None:
    trade.assigned(world)
    order = cancelled(world, hour(15), "technician", "technician_absent")
    assert rules(order, given("no_show_paid", 3000, what="compensation")) == []
    back = given("no_show_paid", 3000, what="compensation", state="rejected")
    assert rules(order, back) == [("no_show_paid", 3000)]


def test_a_technician_who_gives_it_back_costs_ten_yuan_each_time(world: Rehearsal) -> None:
    trade.assigned(world)
    world.do(onsite.LI, DropOrder(order="o1", technician="li", reason="busy"), hour(10))
    assert rules(order_of(world)) == [("dropped", 1000)]
    world.do(DISPATCHER, trade.assign(technician="wang"), hour(10.1))
    world.do(onsite.WANG, DropOrder(order="o1", technician="wang", reason="ill"), hour(11))
    assert rules(order_of(world)) == [("dropped", 2000)]
    once = given("dropped", 1000, what="compensation", params={"times": 1})
    assert rules(order_of(world), once) == [("dropped", 1000)]


def test_what_was_given_back_by_mistake_and_taken_again_costs_nothing(world: Rehearsal) -> None:
    trade.assigned(world)
    world.do(onsite.LI, DropOrder(order="o1", technician="li", reason="busy"), hour(10))
    world.do(DISPATCHER, AssignTechnician(order="o1", technician="li", start=hour(14)), hour(10))
    assert drops(order_of(world)) == 0


def test_lines_that_were_left_out_are_not_paid_for(world: Rehearsal) -> None:
    trade.booked(world, lines=(*trade.booking().lines, *trade.booking().lines))
    world.do(DISPATCHER, trade.assign(), NOW)
    onsite.departed(world)
    onsite.arrived(world)
    captured(world, amount=24000)
    world.do(onsite.LI, MarkLine(order="o1", line=0, from_state="open", state="done"), onsite.FINISHED)
    excuse = MarkLine(order="o1", line=1, from_state="open", state="excused", reason="no_parts")
    world.do(onsite.LI, excuse, onsite.FINISHED)
    world.do(onsite.LI, FinishOrder(order="o1", technician="li"), onsite.FINISHED)
    (due,) = redress(order_of(world), (), POLICY)
    assert (due.rule, due.amount, due.params["lines"]) == ("not_done", 12000, [2])


def test_a_line_that_turned_out_not_to_be_done_costs_what_it_was_charged(world: Rehearsal) -> None:
    order = onsite.completed(world)
    due = of_lines(order, (0,), ())
    assert (due.rule, due.amount, due.reason) == ("lines", order.lines[0].labour, "not_done")
    again = given("lines", due.amount, lines=(0,))
    with pytest.raises(Rejected, match="line_refunded"):
        of_lines(order, (0,), (again,))
    with pytest.raises(Rejected, match="not_found"):
        of_lines(order, (7,), ())


def refused(order: Order, amount: int, **changes: Any) -> str:
    asked: dict[str, Any] = {"what": "refund", "reason": "goodwill", "due": None, "policy": POLICY, **changes}
    try:
        checked(order, amount=amount, **asked)
    except Rejected as rejected:
        return rejected.code
    return "ok"


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (12000, "ok"), (9000, "ok"), (1, "ok"), (9001, "refund_remainder"), (11999, "refund_remainder"),
        (12001, "refund_too_much"), (0, "refund_amount"), (-1, "refund_amount"), (10**18, "refund_too_much"),
    ],
)  # fmt: skip
def test_a_part_may_go_back_where_enough_is_left(world: Rehearsal, amount: int, code: str) -> None:
    assert refused(onsite.completed(world), amount) == code


def test_a_part_never_stands_for_the_whole_that_a_no_show_takes(world: Rehearsal) -> None:
    trade.assigned(world)
    captured(world)
    order = cancelled(world, hour(15), "technician", "technician_absent")
    assert refused(order, 6000) == "refund_whole"
    assert refused(order, 12000) == "ok"


def test_what_a_rule_gives_may_leave_less_than_a_person_may(world: Rehearsal) -> None:
    trade.assigned(world)
    captured(world)
    order = cancelled(world, hour(13))
    due = redress(order, (), POLICY)[0]
    assert owed(order) < POLICY.refund_remainder
    assert refused(order, due.amount, due=due) == "ok"
    assert refused(order, due.amount) == "refund_remainder"


def test_compensation_is_bound_by_what_the_order_comes_to_and_a_claim_is_not(world: Rehearsal) -> None:
    order = onsite.completed(world)
    assert refused(order, 12000, what="compensation") == "ok"
    assert refused(order, 12001, what="compensation") == "compensation_too_much"
    assert refused(order, 500_000, what="compensation", reason="damage") == "ok"
    assert (
        refused(order, POLICY.claim_most + 1, what="compensation", reason="injury") == "compensation_too_much"
    )


def test_the_limits_of_one_person_count_the_order_and_the_day(world: Rehearsal) -> None:
    order = replace(onsite.completed(world), refunded=5000, compensated=5000)
    assert beyond(order, 10000, 0, POLICY) == ()
    assert beyond(order, 10001, 0, POLICY) == ("limit_order",)
    assert beyond(order, 10000, 190_001, POLICY) == ("limit_day",)
    assert beyond(order, 10001, 190_000, POLICY) == ("limit_order", "limit_day")


def payment(id: str, amount: int, at: int, **changes: Any) -> Payment:
    made = Payment(
        id=id, region="sh", order="o1", amount=amount, currency="CNY", means="wechat", state="captured",
        created_at=at, captured_at=at,
    )  # fmt: skip
    return replace(made, **changes)


def test_money_goes_back_to_what_was_paid_last_first() -> None:
    paid = (
        payment("p1", 5000, 1),
        payment("p2", 3000, 2, refunded=1000),
        payment("p3", 900, 3, state="pending"),
    )
    assert portions(4000, paid) == (Portion("p2", 2000, "original"), Portion("p1", 2000, "original"))
    assert portions(1000, paid, "cash") == (Portion("p2", 1000, "cash"),)


def test_each_payment_goes_back_the_way_it_came() -> None:
    means: tuple[Means, ...] = ("wechat", "cash", "transfer", "card")
    paid = [payment(each, 1000, at, means=each) for at, each in enumerate(means)]
    assert [(each.payment, each.way) for each in portions(4000, paid)] == [
        ("card", "original"), ("transfer", "transfer"), ("cash", "cash"), ("wechat", "original")
    ]  # fmt: skip


def test_what_was_received_before_payments_were_kept_goes_back_in_cash() -> None:
    assert portions(500, ()) == (Portion(None, 500, "cash"),)
    assert portions(500, (), "transfer") == (Portion(None, 500, "transfer"),)
