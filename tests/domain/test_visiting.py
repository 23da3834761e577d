"""Orders that rest and come again, and repairs that did not last."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    AddVisit,
    Arrive,
    AssignTechnician,
    BookedLine,
    CancelOrder,
    ChangeOrder,
    ConfirmOrder,
    ConfirmQuote,
    Depart,
    HoldOrder,
    MarkLine,
    QuotedLine,
    QuotedPart,
    RecordPayment,
    ReopenOrder,
    ReturnVisit,
    ReviseQuote,
    SavePolicy,
    WithdrawQuote,
)  # fmt: skip
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import due
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.onsite import ARRIVED, FINISHED, LI
from tests.domain.trade import COUNTER, DISPATCHER, NOW, SUPERVISOR, assign, hour, minutes, order_of, window

NEXT = "2026-11-25"
HOLD = HoldOrder(order="o1", reason="parts_missing", next_contact=NEXT)
AGAIN = AddVisit(order="o1", window=window(18, 20))


def rested(world: Rehearsal) -> Order:
    onsite.working(world)
    world.do(LI, HOLD, hour(14.5))
    return order_of(world)


def test_an_order_that_rests_keeps_its_technician_and_frees_his_hour() -> None:
    world = trade.company()
    onsite.parts(world)
    onsite.working(world)
    world.do(LI, replace(HOLD, parts=("seal",)), hour(14.5))
    order, day = order_of(world), trade.day_of(world, "li")
    assert order.hold is not None
    assert (order.status, order.hold.parts, order.hold.since) == ("on_hold", ("seal",), hour(14.5))
    assert (order.technician, order.planned_on, order.visit.outcome) == ("li", None, "on_hold")
    assert [(stop.order, stop.state, stop.end) for stop in day.stops] == [("o1", "done", hour(14.5))]
    assert due(order, Policy(), trade.TIMEZONE) == trade.MIDNIGHT + 2 * DAY_MS + minutes(8 * 60)
    trade.booked(world, "o2")
    world.do(DISPATCHER, assign("o2", "li", 14.5), NOW)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": ""}, "required"),
        ({"reason": "客户张丽华没空"}, "reason_unknown"),
        ({"next_contact": "bald"}, "date_invalid"),
        ({"next_contact": "2026-11-22"}, "contact_unfit"),
        ({"next_contact": "2028-11-22"}, "contact_unfit"),
        ({"parts": ("ghost",)}, "not_found"),
    ],
)
def test_a_rest_without_a_reason_or_a_next_contact_is_refused(changes: dict[str, Any], code: str) -> None:
    world = trade.company()
    onsite.working(world)
    with pytest.raises(Rejected, match=code):
        world.do(LI, replace(HOLD, **changes), ARRIVED)
    assert order_of(world).status == "in_progress"


def test_another_visit_stands_beside_the_first_and_takes_the_technician_along_only_where_he_is_planned() -> (
    None
):
    world = trade.company()
    rested(world)
    world.do(DISPATCHER, AGAIN, hour(15))
    order = order_of(world)
    assert (order.status, order.technician, order.hold) == ("pending", None, None)
    assert [(each.number, each.outcome) for each in order.visits] == [(1, "on_hold"), (2, None)]
    assert (order.window, order.visits[0].window) == (window(18, 20), window(14, 16))
    world = trade.company()
    rested(world)
    world.do(DISPATCHER, replace(AGAIN, technician="li", start=hour(18)), hour(15))
    order, day = order_of(world), trade.day_of(world, "li")
    assert (order.status, order.technician, order.planned_on) == ("accepted", "li", trade.DATE)
    assert [(stop.visit, stop.state) for stop in day.stops] == [(1, "done"), (2, "confirmed")]
    world.do(SUPERVISOR, assign("o1", "wang", 18.5, from_technician="li"), hour(15))
    assert [(stop.visit, stop.state) for stop in trade.day_of(world, "li").stops] == [(1, "done")]


def test_a_second_visit_goes_the_same_way_to_the_end() -> None:
    world = trade.company()
    rested(world)
    world.do(DISPATCHER, replace(AGAIN, technician="li", start=hour(18)), hour(15))
    onsite.departed(world)
    onsite.arrived(world)
    onsite.done(world, at=hour(18.5))
    order = order_of(world)
    assert (order.status, [each.outcome for each in order.visits]) == ("finished", ["on_hold", "repaired"])
    assert [stop.state for stop in trade.day_of(world, "li").stops] == ["done", "done"]


def test_what_the_customer_has_agreed_to_is_not_changed_between_two_visits() -> None:
    world = trade.company()
    quoted(world)
    world.do(SUPERVISOR, ConfirmQuote(order="o1", number=1, confirmation="phone"), ARRIVED)
    world.do(LI, HOLD, ARRIVED)
    world.do(DISPATCHER, AGAIN, hour(15))
    order = order_of(world)
    other = ChangeOrder(
        order="o1", from_version=order.version, lines=(BookedLine(item="tap"),), urgency="normal"
    )
    with pytest.raises(Rejected, match="work_begun"):
        world.do(DISPATCHER, other, hour(15))
    assert order_of(world).quote == order.revisions[0].quote


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"consent": False}, "consent_missing"),
        ({"window": window(6, 8)}, "window_over"),
        ({"technician": "li", "start": hour(22)}, "technician_unfit"),
        ({"technician": "ghost", "start": hour(18)}, "not_found"),
    ],
)
def test_a_visit_that_nobody_agreed_to_or_can_make_is_refused(changes: dict[str, Any], code: str) -> None:
    world = trade.company()
    rested(world)
    with pytest.raises(Rejected, match=code):
        world.do(DISPATCHER, replace(AGAIN, **changes), hour(15))
    assert order_of(world).status == "on_hold"


def test_a_rest_is_taken_back_by_whoever_said_it_while_the_hour_is_free() -> None:
    world = trade.company()
    onsite.working(world)
    order, day = order_of(world), trade.day_of(world, "li")
    change = world.do(LI, HOLD, hour(14.5))
    world.do(LI, change.undo, hour(14.6), undoes="x")
    after = order_of(world)
    assert replace(after, version=0, steps=(), since=0) == replace(order, version=0, steps=(), since=0)
    assert trade.day_of(world, "li").stops == day.stops
    change = world.do(LI, HOLD, hour(14.7))
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(Actor(kind="technician", id="wang"), change.undo, hour(14.7), undoes="x")
    trade.booked(world, "o2")
    world.do(DISPATCHER, assign("o2", "li", 14.8), hour(14.7))
    with pytest.raises(Rejected, match="technician_unfit"):
        world.do(LI, change.undo, hour(14.8), undoes="x")


def quoted(world: Rehearsal) -> None:
    """A quote with a new part, a part warranted for ten days and a used one, waiting for the customer."""
    onsite.parts(world)
    onsite.working(world)
    command = ReviseQuote(
        order="o1", number=1, reason="part_needed", lines=(QuotedLine(item="fridge", fault="warm", brand="海尔"),),
        parts=(
            QuotedPart(part="seal", price=5000), QuotedPart(part="bulb", price=900),
            QuotedPart(part="seal", price=100, used=True),
        ),
    )  # fmt: skip
    world.do(LI, command, ARRIVED)


def test_nothing_is_done_or_put_to_rest_while_a_quote_waits() -> None:
    world = trade.company()
    quoted(world)
    for command in (HOLD, MarkLine(order="o1", line=0, from_state="open", state="done")):
        with pytest.raises(Rejected, match="quote_open"):
            world.do(LI, command, ARRIVED)
    excused = MarkLine(order="o1", line=0, from_state="open", state="excused", reason="no_fault")
    world.do(LI, excused, ARRIVED)
    world.do(LI, WithdrawQuote(order="o1", number=1), ARRIVED)
    world.do(LI, HOLD, ARRIVED)


def repaired(world: Rehearsal) -> Order:
    """Completed with two new parts fitted."""
    quoted(world)
    code = onsite.code(world, "quote_code")
    world.do(LI, ConfirmQuote(order="o1", number=1, confirmation="code", code=code), ARRIVED)
    onsite.done(world)
    total = order_of(world).quote.total
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), FINISHED)
    world.do(COUNTER, RecordPayment(order="o1", amount=total, means="cash"), FINISHED)
    return order_of(world)


def test_labour_and_new_parts_are_warranted_each_for_its_time_and_used_ones_not() -> None:
    world = trade.company()
    order = repaired(world)
    assert (order.status, order.quote.total) == ("completed", 18000)
    assert [(each.part, (each.until - FINISHED) // DAY_MS) for each in order.warranty] == [
        (None, 30), ("seal", 180), ("bulb", 10),
    ]  # fmt: skip


BACK = ReturnVisit(order="r1", of="o1", reason="same_fault", window=window(18, 20))


def test_another_visit_takes_the_time_of_what_is_still_to_be_done() -> None:
    world = trade.company()
    lines = (BookedLine(item="fridge", fault="warm"), BookedLine(item="fridge", fault="ice"))
    trade.booked(world, lines=lines)
    world.do(DISPATCHER, assign(), NOW)
    onsite.departed(world)
    onsite.arrived(world)
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), ARRIVED)
    world.do(LI, HoldOrder(order="o1", reason="parts_missing", next_contact=trade.DATE), hour(14.5))
    again = AddVisit(order="o1", window=window(17, 19), technician="li", start=hour(17))
    world.do(DISPATCHER, again, hour(14.5))
    stop = next(each for each in trade.day_of(world, "li").stops if each.visit == 2)
    assert (stop.start, stop.end) == (hour(17), hour(18.5))
    world.do(LI, Depart(order="o1", technician="li"), hour(16.5))
    onsite.arrived(world)
    more = QuotedLine(item="tap", fault="drip")
    kept = tuple(QuotedLine(item=each.item, fault=each.fault) for each in lines)
    quote = ReviseQuote(order="o1", number=1, lines=(*kept, more), reason="extra_fault")
    world.do(LI, quote, hour(17))
    world.do(SUPERVISOR, ConfirmQuote(order="o1", number=1, confirmation="phone"), hour(17))
    stop = next(each for each in trade.day_of(world, "li").stops if each.visit == 2)
    assert (stop.start, stop.end) == (hour(17), hour(18.5) + minutes(40))


def test_a_return_visit_costs_nothing_and_asks_for_the_same_technician() -> None:
    world = trade.company()
    onsite.completed(world)
    change = world.do(DISPATCHER, replace(BACK, note="又不制冷"), hour(16))
    order, first = order_of(world, "r1"), order_of(world)
    assert (order.status, order.return_of, order.requested_technician, first.returns) == (
        "pending",
        "o1",
        "li",
        ("r1",),
    )
    assert (order.quote.total, order.quote.if_declined, order.quote.door_fee, owed(order)) == (0, 0, 0, 0)
    assert [(line.what, line.amount) for line in order.quote.lines] == [("warranty", 0)]
    assert [(line.state, line.labour) for line in order.lines] == [("open", 0)]
    assert (order.notes, order.steps[0].action, first.steps[-1].action) == (1, "book", "return_visit")
    world.do(DISPATCHER, change.undo, hour(16))
    assert (order_of(world, "r1").status, order_of(world).returns) == ("cancelled", ())
    world.do(DISPATCHER, ReopenOrder(order="r1"), hour(16))
    assert order_of(world).returns == ("r1",)


def test_a_return_visit_is_completed_by_the_customer_s_word_alone_and_its_warranty_runs_on() -> None:
    world = trade.company()
    repaired(world)
    world.do(DISPATCHER, replace(BACK, same_technician=False), hour(16))
    assert order_of(world, "r1").requested_technician is None
    world.do(DISPATCHER, assign("r1", "li", 18), hour(16))
    world.do(LI, Depart(order="r1", technician="li"), hour(17.5))
    onsite.arrived(world, "r1")
    onsite.done(world, "r1", at=hour(18.5))
    order = order_of(world, "r1")
    assert [(each.part, each.until) for each in order.warranty] == [
        (None, hour(18.5) + 30 * DAY_MS),
        ("bulb", FINISHED + 10 * DAY_MS),
        ("seal", FINISHED + 180 * DAY_MS),
    ]
    world.do(SUPERVISOR, ConfirmOrder(order="r1", confirmation="phone"), hour(19))
    assert order_of(world, "r1").status == "completed"
    world.do(DISPATCHER, replace(BACK, order="r2", of="r1", window=None), hour(19))
    assert order_of(world, "r1").returns == ("r2",)


def test_a_return_visit_after_the_warranty_of_the_part_or_of_all_is_refused() -> None:
    world = trade.company()
    trade.booked(world, lines=(BookedLine(item="fridge", fault="warm"), BookedLine(item="tap")))
    world.do(DISPATCHER, assign(), NOW)
    onsite.departed(world)
    onsite.arrived(world)
    world.do(LI, MarkLine(order="o1", line=1, from_state="open", state="excused", reason="no_fault"), ARRIVED)
    onsite.done(world)
    with pytest.raises(Rejected, match="wrong_status"):
        world.do(DISPATCHER, BACK, FINISHED)
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), FINISHED)
    total = order_of(world).quote.total - order_of(world).lines[1].labour
    world.do(COUNTER, RecordPayment(order="o1", amount=total, means="cash"), FINISHED)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, replace(BACK, lines=(0, 1)), FINISHED)
    assert (refused.value.code, refused.value.params["lines"]) == ("warranty_over", [2])
    with pytest.raises(Rejected, match="not_found"):
        world.do(DISPATCHER, replace(BACK, lines=(7,)), FINISHED)
    # Finished at three: at eleven in the evening of the last day that he was told it still is the last day.
    other = replace(world, entities=dict(world.entities), numbers=dict(world.numbers))
    other.do(DISPATCHER, replace(BACK, window=None), hour(23) + 30 * DAY_MS)
    with pytest.raises(Rejected, match="warranty_over"):
        world.do(DISPATCHER, replace(BACK, window=None), hour(24) + 30 * DAY_MS)
    late = FINISHED + 31 * DAY_MS
    with pytest.raises(Rejected, match="warranty_over"):
        world.do(DISPATCHER, replace(BACK, window=None), late)
    world.do(DISPATCHER, BACK, FINISHED)
    assert [line.item for line in order_of(world, "r1").lines] == ["fridge"]
    with pytest.raises(Rejected, match="exists"):
        world.do(DISPATCHER, BACK, FINISHED)


def policy(world: Rehearsal, **figures: Any) -> None:
    """Other figures from now on."""
    version = world.get(Policy, "policy").version  # type: ignore[union-attr]
    world.do(trade.ADMINISTRATOR, SavePolicy(policy=replace(Policy(version=version), **figures)), NOW)


def test_the_warranty_is_the_one_that_the_order_was_quoted_with_whatever_the_policy_says_since() -> None:
    world = trade.company()
    quoted(world)
    policy(world, warranty_labour_days=7, warranty_parts_days=9)
    code = onsite.code(world, "quote_code")
    world.do(LI, ConfirmQuote(order="o1", number=1, confirmation="code", code=code), ARRIVED)
    onsite.done(world)
    assert [(each.part, (each.until - FINISHED) // DAY_MS) for each in order_of(world).warranty] == [
        (None, 30), ("seal", 180), ("bulb", 10),
    ]  # fmt: skip


@pytest.mark.parametrize(("first_days", "return_days", "left"), [(90, 30, 89), (20, 30, 30), (90, 120, 120)])
def test_after_a_return_the_longer_of_what_was_left_and_thirty_days_runs_on(
    first_days: int, return_days: int, left: int
) -> None:
    world = trade.company(policy=Policy(warranty_labour_days=first_days, warranty_return_days=return_days))
    onsite.completed(world)
    again = hour(15) + DAY_MS
    world.do(DISPATCHER, replace(BACK, window=None), again)
    world.do(DISPATCHER, AssignTechnician(order="r1", technician="li", start=again), again)
    world.do(LI, Depart(order="r1", technician="li"), again)
    world.do(LI, Arrive(order="r1", technician="li", point=trade.CENTRE, accuracy_m=10), again)
    onsite.done(world, "r1", at=again)
    (warranty,) = order_of(world, "r1").warranty
    assert (warranty.until - again) // DAY_MS == left


def test_the_maker_s_own_warranty_is_pointed_out_first_as_long_as_it_runs() -> None:
    world = trade.company()
    line = BookedLine(item="fridge", fault="warm", maker_until=trade.DATE)
    change = world.do(DISPATCHER, trade.booking(lines=(line,)), NOW)
    assert [(each.code, each.params) for each in change.warnings] == [
        ("maker_warranty", {"date": trade.DATE})
    ]
    assert order_of(world).lines[0].maker_until == trade.DATE
    over = replace(line, maker_until="2026-11-22")
    assert world.do(DISPATCHER, trade.booking("o2", lines=(over,)), NOW).warnings == ()
    with pytest.raises(Rejected, match="date_invalid"):
        world.do(DISPATCHER, trade.booking("o3", lines=(replace(line, maker_until="明年"),)), NOW)


def test_what_the_customer_says_of_the_maker_s_warranty_on_a_return_is_kept_with_its_lines() -> None:
    world = trade.company()
    onsite.completed(world)
    change = world.do(DISPATCHER, replace(BACK, maker_until="2027-01-31"), hour(16))
    assert [each.code for each in change.warnings] == ["maker_warranty"]
    assert [line.maker_until for line in order_of(world, "r1").lines] == ["2027-01-31"]
    with pytest.raises(Rejected, match="date_invalid"):
        world.do(DISPATCHER, replace(BACK, order="r2", maker_until="31.01."), hour(16))


def test_the_customer_asks_for_his_own_return_visit_only() -> None:
    world = trade.company()
    onsite.completed(world)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(Actor(kind="customer", id="c-o2"), BACK, FINISHED)
    world.do(Actor(kind="customer", id="c-o1"), BACK, FINISHED)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(COUNTER, CancelOrder(order="r1", reason="undo", side="platform"), FINISHED)
