"""What an order posts: charge, shares by the figures of the policy, their release, fees and what lets them off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.calendar import HOUR_MS
from dispatcher_app.domain.command import (
    AnswerComplaint,
    BookedLine,
    CancelOrder,
    CloseComplaint,
    ConfirmOrder,
    ConfirmQuote,
    DeclineQuote,
    Depart,
    FinishOrder,
    HandBack,
    JudgeComplaint,
    MarkLine,
    OpenComplaint,
    QuotedLine,
    QuotedPart,
    RecordPayment,
    ReleaseShare,
    ReopenOrder,
    ResolveComplaint,
    ReturnVisit,
    ReviseQuote,
    SplitShare,
    StartDiagnosis,
    WaiveFee,
)
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import alarm, released_at
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.onsite import FINISHED, LI, WANG
from tests.domain.trade import COUNTER, DISPATCHER, NOW, SUPERVISOR, hour, order_of, technician, window
from tests.money.books import balances, causes, check

REVENUE, SHARES = ledger.platform("revenue"), ledger.platform("shares")
FROZEN, AVAILABLE = ledger.technician("li", "frozen"), ledger.technician("li", "available")
DAYS2 = 48 * HOUR_MS


def completed() -> Rehearsal:
    world = trade.company()
    onsite.completed(world)
    return world


def paid(world: Rehearsal, amount: int, actor: Actor = LI, means: str = "cash", at: int = FINISHED) -> None:
    world.do(actor, RecordPayment(order="o1", amount=amount, means=means), at)  # type: ignore[arg-type]


def test_a_completed_order_is_charged_captured_and_shared() -> None:
    world = completed()
    assert balances(world) == {
        ledger.technician("li", "cash"): 12000,
        REVENUE: -12000,
        SHARES: 8400,
        FROZEN: -8400,
    }
    assert sorted(causes(world)) == ["capture", "charge", "share"]
    assert order_of(world).share == "frozen"
    check(world)


def test_money_received_is_a_payment_that_says_whose_pocket_it_is_in() -> None:
    world = completed()
    (payment,) = world.all(Payment)
    assert (payment.order, payment.amount, payment.state, payment.technician) == (
        "o1",
        12000,
        "captured",
        "li",
    )


def test_nothing_is_shared_before_the_customer_has_paid() -> None:
    world = trade.company()
    onsite.finished(world)
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), FINISHED)
    paid(world, 5000)
    assert causes(world) == ["capture"]
    paid(world, 7000)
    assert causes(world) == ["capture", "capture", "charge", "share"]
    check(world)


def test_coupons_are_the_platforms_and_lessen_no_share() -> None:
    world = trade.company()
    onsite.finished(world)
    before = order_of(world)
    lines = (*before.quote.lines, replace(before.quote.lines[0], what="coupon", amount=-2000))
    quote = replace(before.quote, lines=lines, total=before.quote.total - 2000)
    world.entities["order", "o1"] = replace(before, quote=quote)
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), FINISHED)
    paid(world, 10000)
    found = balances(world)
    assert (found[REVENUE], found[ledger.platform("coupons")], found[FROZEN]) == (-12000, 2000, -8400)
    check(world)


def test_surcharges_are_shared_by_half() -> None:
    world = trade.company()
    trade.booked(world, urgency="emergency")
    world.do(DISPATCHER, trade.assign(), NOW)
    onsite.departed(world)
    onsite.arrived(world)
    onsite.done(world)
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), FINISHED)
    paid(world, owed(order_of(world)))
    assert owed(order_of(world)) == 17000
    assert balances(world)[FROZEN] == -(8400 + 2500)


def test_parts_are_shared_at_what_they_cost_or_were_sold_for() -> None:
    world = trade.company()
    onsite.parts(world)
    onsite.working(world)
    lines = (QuotedLine(item="fridge", fault="warm", brand="海尔", labour=12000),)
    parts = (QuotedPart(part="seal", price=3000),)
    world.do(
        LI, ReviseQuote(order="o1", number=1, lines=lines, parts=parts, reason="other_fault"), hour(14.2)
    )
    world.do(SUPERVISOR, ConfirmQuote(order="o1", number=1, confirmation="phone"), hour(14.3))
    onsite.done(world)
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), FINISHED)
    paid(world, 15000)
    assert balances(world)[FROZEN] == -(8400 + 3000)


def test_who_came_for_nothing_earns_the_fee_that_is_paid_for_coming() -> None:
    world = trade.company()
    onsite.working(world)
    world.do(SUPERVISOR, DeclineQuote(order="o1", number=0), FINISHED)
    order = order_of(world)
    assert order.result == "declined"
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), FINISHED)
    paid(world, owed(order))
    assert balances(world)[FROZEN] == -owed(order)
    check(world)


def test_two_who_came_part_it_equally_unless_they_state_percents() -> None:
    world = trade.company()
    trade.booked(world)
    world.do(DISPATCHER, trade.assign(helpers=("wang",)), NOW)
    onsite.departed(world)
    onsite.arrived(world)
    stated = SplitShare(order="o1", percents=(("li", 67), ("wang", 33)))
    with pytest.raises(Rejected, match="percents_stranger"):
        world.do(DISPATCHER, replace(stated, percents=(("li", 50), ("zhao", 50))), NOW)
    for wrong in ((("li", 50), ("wang", 49)), (("li", 50), ("li", 50)), (("li", 101), ("wang", -1))):
        with pytest.raises(Rejected, match="percents_invalid"):
            world.do(DISPATCHER, replace(stated, percents=wrong), NOW)
    world.do(DISPATCHER, stated, hour(14.5))
    onsite.done(world)
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), FINISHED)
    paid(world, 12000)
    assert balances(world)[FROZEN] == -5628
    assert balances(world)[ledger.technician("wang", "frozen")] == -2772
    check(world)


def test_an_employee_has_wages_and_no_share() -> None:
    world = trade.company(technician("li", employment="employee"))
    onsite.completed(world)
    assert SHARES not in balances(world)
    assert order_of(world).share == ""


def test_shares_are_released_two_days_after_the_end_and_only_then() -> None:
    world = completed()
    order = order_of(world)
    due = released_at(order, Policy())
    assert due == alarm(order, Policy()) == FINISHED + DAYS2
    with pytest.raises(Rejected, match="share_not_due"):
        world.do(SYSTEM, ReleaseShare(order="o1"), due - 1)
    world.do(SYSTEM, ReleaseShare(order="o1"), due)
    assert FROZEN not in balances(world)
    assert balances(world)[AVAILABLE] == -8400
    assert (order_of(world).share, alarm(order_of(world), Policy())) == ("available", None)
    with pytest.raises(Rejected, match="share_not_due"):
        world.do(SYSTEM, ReleaseShare(order="o1"), due)


def test_nobody_but_the_system_releases_shares() -> None:
    world = completed()
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(SUPERVISOR, ReleaseShare(order="o1"), FINISHED + DAYS2)


def complaint(world: Rehearsal, id: str = "k1", at: int = FINISHED) -> None:
    world.do(
        DISPATCHER, OpenComplaint(complaint=id, order="o1", categories=("quality",), text="又不制冷"), at
    )


def answered(world: Rehearsal, id: str, at: int) -> None:
    """Heard, found to be nobody's fault, and closed."""
    handler = trade.staff("complaints")
    for step in (
        AnswerComplaint(complaint=id, text="x"),
        JudgeComplaint(complaint=id, responsibility="none", text="x"),
        ResolveComplaint(complaint=id, text="x"),
        CloseComplaint(complaint=id, call_back="satisfied", text="x"),
    ):
        world.do(handler, step, at)


def test_nothing_is_released_while_somebody_complains() -> None:
    world = completed()
    complaint(world)
    assert released_at(order_of(world), Policy()) is None
    with pytest.raises(Rejected, match="share_not_due"):
        world.do(SYSTEM, ReleaseShare(order="o1"), FINISHED + DAYS2)
    answered(world, "k1", FINISHED + DAYS2)
    assert alarm(order_of(world), Policy()) == FINISHED + DAYS2
    world.do(SYSTEM, ReleaseShare(order="o1"), FINISHED + DAYS2)
    assert balances(world)[AVAILABLE] == -8400


def test_what_was_released_is_frozen_again_by_each_complaint_and_comes_back_each_time() -> None:
    world, at = completed(), FINISHED + DAYS2
    world.do(SYSTEM, ReleaseShare(order="o1"), at)
    for id in ("k1", "k2"):
        complaint(world, id, at)
        assert AVAILABLE not in balances(world)
        assert balances(world)[FROZEN] == -8400
        check(world)
        answered(world, id, at)
        world.do(SYSTEM, ReleaseShare(order="o1"), at)
        assert balances(world)[AVAILABLE] == -8400
        check(world)
    assert {"freeze:o1", "freeze:o1:1", "release:o1", "release:o1:1", "release:o1:2"} <= world.postings.keys()


def returned(
    world: Rehearsal, who: Actor, order: str = "o2", of: str = "o1", begins: float = 16, at: float = 15.5
) -> None:
    command = ReturnVisit(
        order=order, of=of, reason="same_fault", window=window(int(begins), int(begins) + 2)
    )
    world.do(DISPATCHER, command, hour(at))
    world.do(DISPATCHER, trade.assign(order, who.id, begins + 1), hour(at))
    onsite.departed(world, order, who)
    onsite.arrived(world, order, who)
    onsite.done(world, order, who, hour(begins + 2))
    world.do(SUPERVISOR, ConfirmOrder(order=order, confirmation="phone"), hour(begins + 2))


def test_whoever_comes_again_under_warranty_is_not_paid_twice() -> None:
    world = completed()
    returned(world, LI)
    assert order_of(world, "o2").status == "completed"
    assert causes(world, "o2") == []
    assert balances(world)[FROZEN] == -8400
    check(world)


def test_another_one_is_paid_normal_labour_for_a_return_visit() -> None:
    world = completed()
    returned(world, WANG)
    assert balances(world)[ledger.technician("wang", "frozen")] == -8400
    assert balances(world)[SHARES] == 16800
    check(world)


def test_two_who_take_turns_under_one_warranty_are_each_paid_once() -> None:
    world = completed()
    returned(world, WANG)
    returned(world, LI, "o3", "o2", 18, 18)
    assert order_of(world, "o3").status == "completed"
    assert causes(world, "o3") == []
    assert balances(world)[SHARES] == 16800
    check(world)


def late(policy: Policy | None = None) -> Rehearsal:
    """Called off after the technician had set out."""
    world = trade.company(policy=policy)
    trade.assigned(world)
    onsite.departed(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="no_need", side="customer"), hour(13.6))
    return world


def test_a_late_cancellation_is_charged_and_earns_the_fee_when_it_is_paid() -> None:
    world = late()
    customer = ledger.customer(order_of(world).customer)
    assert balances(world) == {customer: 3000, REVENUE: -3000}
    paid(world, 3000, SUPERVISOR)
    assert balances(world)[FROZEN] == -3000
    check(world)


def test_a_fee_before_anybody_set_out_is_nobodys_but_ours() -> None:
    world = trade.company()
    trade.assigned(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="no_need", side="customer"), hour(13))
    paid(world, 1000, SUPERVISOR)
    assert SHARES not in balances(world)


def test_a_supervisor_lets_off_what_is_unpaid_of_a_fee() -> None:
    world = late()
    waived = WaiveFee(order="o1", fee=3000, reason="goodwill")
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, waived, hour(14))
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(SUPERVISOR, replace(waived, fee=2000), hour(14))
    world.do(SUPERVISOR, waived, hour(14))
    assert owed(order_of(world)) == 0
    assert balances(world) == {REVENUE: -3000, ledger.platform("waived"): 3000}
    with pytest.raises(Rejected, match="nothing_owed"):
        world.do(SUPERVISOR, waived, hour(14))
    check(world)


@pytest.mark.parametrize("then", ["paid", "waived", "owed"])
def test_an_order_taken_up_again_reverses_its_fee_and_what_it_earned(then: str) -> None:
    world = late()
    if then == "paid":
        paid(world, 3000, SUPERVISOR)
    if then == "waived":
        world.do(SUPERVISOR, WaiveFee(order="o1", fee=3000, reason="goodwill"), hour(14))
    world.do(SUPERVISOR, ReopenOrder(order="o1", window=window(16, 18)), hour(14))
    found = balances(world)
    assert {REVENUE, SHARES, FROZEN, ledger.platform("waived")}.isdisjoint(found)
    assert found.get(ledger.customer(order_of(world).customer), 0) == (-3000 if then == "paid" else 0)
    assert order_of(world).share == ""
    check(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="no_need", side="platform"), hour(14.1))
    world.do(SUPERVISOR, ReopenOrder(order="o1", window=window(16, 18)), hour(14.2))
    world.do(DISPATCHER, trade.assign(start=16), hour(14.2))
    world.do(LI, Depart(order="o1", technician="li"), hour(15.5))
    world.do(DISPATCHER, CancelOrder(order="o1", reason="no_need", side="customer"), hour(15.6))
    assert "charge:o1:2" in world.postings
    check(world)


def test_an_order_taken_up_again_leaves_nothing_of_what_was_released_and_frozen_again() -> None:
    world = late(Policy(share_release=1))
    paid(world, 3000, SUPERVISOR, at=hour(13.7))
    world.do(SYSTEM, ReleaseShare(order="o1"), hour(14))
    complaint(world, "k1", hour(14.1))
    assert balances(world)[FROZEN] == -3000
    world.do(SUPERVISOR, ReopenOrder(order="o1", window=window(16, 18)), hour(14.2))
    assert {FROZEN, AVAILABLE, SHARES}.isdisjoint(balances(world))
    check(world)


def test_a_device_is_charged_when_it_goes_back_and_its_letting_off_counts_once() -> None:
    world = trade.company()
    onsite.shop(world)
    world.do(COUNTER, onsite.handed_in("w1"), NOW)
    world.do(COUNTER, StartDiagnosis(order="w1"), NOW)
    world.do(COUNTER, CancelOrder(order="w1", reason="too_dear", side="customer"), NOW)
    fee = owed(order_of(world, "w1"))
    assert fee > 0
    check(world)
    world.do(SUPERVISOR, WaiveFee(order="w1", fee=fee, reason="goodwill"), NOW)
    check(world)
    world.do(COUNTER, HandBack(order="w1", code=onsite.code(world, "pickup_code", "w1")), NOW)
    assert balances(world) == {REVENUE: -fee, ledger.platform("waived"): fee}
    check(world)


def test_cash_beyond_the_limit_is_taken_down_and_warned_of() -> None:
    world = trade.company(policy=Policy(cash_limit=11_999))
    onsite.finished(world)
    change = world.do(LI, RecordPayment(order="o1", amount=11_999, means="cash"), FINISHED)
    assert change.warnings == ()
    change = world.do(LI, RecordPayment(order="o1", amount=1, means="cash"), FINISHED)
    (warning,) = change.warnings
    assert (warning.code, warning.params["amount"]) == ("cash_limit", 12_000)


def test_money_of_another_country_is_refused() -> None:
    world = trade.company()
    onsite.finished(world)
    with pytest.raises(Rejected, match="payment_currency"):
        world.do(LI, RecordPayment(order="o1", amount=100, means="cash", currency="USD"), FINISHED)
    assert balances(world) == {}


def test_lines_left_out_earn_nothing() -> None:
    world = trade.company()
    trade.booked(world, lines=(BookedLine(item="fridge", fault="warm"), BookedLine(item="tap", fault="drip")))
    world.do(DISPATCHER, trade.assign(), NOW)
    onsite.departed(world)
    onsite.arrived(world)
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), FINISHED)
    world.do(
        LI, MarkLine(order="o1", line=1, from_state="open", state="excused", reason="no_fault"), FINISHED
    )
    world.do(LI, FinishOrder(order="o1", technician="li"), FINISHED)
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), FINISHED)
    paid(world, owed(order_of(world)))
    assert balances(world)[FROZEN] == -8400
    check(world)
