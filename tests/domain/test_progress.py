"""On site: the standard, lines, finishing, the customer's word, the money."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS
from dispatcher_app.domain.command import (
    Arrive,
    AssignTechnician,
    BookedLine,
    ConfirmOrder,
    ConfirmQuote,
    FinishOrder,
    MarkLine,
    PublishStandard,
    QuotedLine,
    QuotedPart,
    RecordPayment,
    SaveStandard,
)
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.standard import Check, Standard
from dispatcher_app.domain.timer import alarm, confirmed_by_silence, due
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, site, trade
from tests.domain.onsite import ARRIVED, FINISHED, LI, WANG
from tests.domain.trade import CENTRE, COUNTER, DISPATCHER, NOW, SUPERVISOR, hour, order_of, staff


def codes(world: Rehearsal, order: str = "o1") -> list[str]:
    return [step.action for step in order_of(world, order).steps]


def standard(world: Rehearsal, left_out: str = "refuse") -> None:
    """Taps are looked at after the work."""
    made = Standard(
        id="st1", series="standard:tap", name="水龙头", items=("tap",),
        checks=(Check(id="leak", text="通水试漏", left_out=left_out),),  # type: ignore[arg-type]
    )  # fmt: skip
    world.do(SYSTEM, SaveStandard(standard=made), NOW)
    world.do(SYSTEM, PublishStandard(standard="st1", from_version=1, starts_at=NOW), NOW)


def tap(world: Rehearsal) -> None:
    trade.booked(world, lines=(BookedLine(item="tap", fault="drip"),))
    world.do(DISPATCHER, trade.assign(), NOW)
    onsite.departed(world)


def test_work_is_held_to_the_standard_of_the_moment_of_arrival() -> None:
    world = trade.company()
    standard(world)
    tap(world)
    onsite.arrived(world)
    assert order_of(world).standards == ("st1",)


def test_lines_are_done_excused_with_a_reason_and_opened_again() -> None:
    world = trade.company()
    onsite.working(world)
    change = world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), ARRIVED)
    assert order_of(world).lines[0].state == "done"
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(
            LI, MarkLine(order="o1", line=0, from_state="open", state="excused", reason="no_fault"), ARRIVED
        )
    world.do(LI, change.undo, ARRIVED)
    with pytest.raises(Rejected, match="required"):
        world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="excused"), ARRIVED)
    change = world.do(
        LI, MarkLine(order="o1", line=0, from_state="open", state="excused", reason="no_fault"), ARRIVED
    )
    assert (order_of(world).lines[0].state, order_of(world).lines[0].excuse) == ("excused", "no_fault")
    world.do(LI, change.undo, ARRIVED)
    assert (order_of(world).lines[0].state, order_of(world).lines[0].excuse) == ("open", "")
    with pytest.raises(Rejected, match="not_found"):
        world.do(LI, MarkLine(order="o1", line=1, from_state="open", state="done"), ARRIVED)


def test_finishing_frees_the_rest_of_the_hour_and_begins_the_warranty() -> None:
    world = trade.company()
    onsite.working(world)
    change = onsite.done(world, at=hour(14.5))
    order, day = order_of(world), trade.day_of(world, "li")
    assert (order.status, order.result, order.technician, order.planned_on) == (
        "finished",
        "repaired",
        "li",
        None,
    )
    assert (order.visit.ended_at, order.visit.outcome) == (hour(14.5), "repaired")
    assert [(stop.state, stop.end) for stop in day.stops] == [("done", hour(14.5))]
    assert [(each.line, each.until) for each in order.warranty] == [(0, hour(14.5) + 30 * DAY_MS)]
    assert [each.field for each in change.codes] == ["confirm_code"]
    trade.booked(world, "o2")
    world.do(DISPATCHER, trade.assign("o2", "li", 14.5), NOW)


def test_what_was_excused_is_not_paid() -> None:
    world = site.shop(None)
    lines = (BookedLine(item="fridge", fault="warm"), BookedLine(item="tap", fault="drip"))
    site.on_site(world, lines=lines)
    quote = site.revised(
        lines=(QuotedLine(item="fridge", fault="warm"), QuotedLine(item="tap", fault="drip")),
        parts=(QuotedPart(part="board"), QuotedPart(part="valve", line=1)),
    )
    world.do(LI, quote, site.AT)
    world.do(SUPERVISOR, ConfirmQuote(order="o1", number=1, confirmation="phone"), site.AT)
    world.do(LI, MarkLine(order="o1", line=1, from_state="open", state="excused", reason="no_fault"), site.AT)
    onsite.done(world)
    order = order_of(world)
    assert (order.quote.total, owed(order)) == (12000 + 30000 + 7000 + 8000, 12000 + 30000)
    with pytest.raises(Rejected, match="paid_too_much"):
        world.do(COUNTER, RecordPayment(order="o1", amount=42001, means="cash"), FINISHED)


def test_finishing_with_an_open_line_is_refused_and_with_only_excuses_nothing_was_repaired() -> None:
    world = trade.company()
    onsite.working(world)
    with pytest.raises(Rejected) as refused:
        world.do(LI, FinishOrder(order="o1", technician="li"), FINISHED)
    assert (refused.value.code, refused.value.params["lines"]) == ("lines_open", [1])
    world.do(
        LI, MarkLine(order="o1", line=0, from_state="open", state="excused", reason="no_fault"), FINISHED
    )
    world.do(LI, FinishOrder(order="o1"), FINISHED)
    order = order_of(world)
    assert (order.result, order.warranty) == ("not_repairable", ())
    assert confirmed_by_silence(order, Policy()) is None


def test_finishing_for_another_technician_is_refused() -> None:
    world = trade.company()
    onsite.working(world)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(DISPATCHER, FinishOrder(order="o1", technician="wang"), FINISHED)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(WANG, FinishOrder(order="o1"), FINISHED)


def test_finishing_without_a_check_is_refused_or_marked_as_the_standard_says() -> None:
    world = trade.company()
    standard(world)
    tap(world)
    onsite.arrived(world)
    with pytest.raises(Rejected) as refused:
        onsite.done(world)
    assert (refused.value.code, refused.value.params["checks"]) == ("checks_missing", ["通水试漏"])
    world = trade.company()
    standard(world, "mark")
    tap(world)
    onsite.arrived(world)
    change = onsite.done(world)
    assert order_of(world).flags == ("standard_marked",)
    assert [each.code for each in change.warnings] == ["standard_marked"]


def test_the_customer_s_word_and_the_money_complete_an_order_in_either_order() -> None:
    for paid_first in (False, True):
        world = trade.company()
        total = onsite.finished(world).quote.total
        pay = RecordPayment(order="o1", amount=total, means="card", receipt="2026-17")
        word = ConfirmOrder(order="o1", confirmation="phone")
        for command in (pay, word) if paid_first else (word, pay):
            assert order_of(world).status == "finished"
            world.do(SUPERVISOR, command, FINISHED + 1)
        order = order_of(world)
        assert (order.status, order.closed_at, order.paid) == ("completed", FINISHED + 1, total)
        assert (order.confirmed_at, order.confirmation) == (FINISHED + 1, "phone")


@pytest.mark.parametrize(
    ("actor", "confirmation", "refused"),
    [
        (Actor(kind="customer", id="c-o1"), "page", None),
        (Actor(kind="link", id="o1"), "page", None),
        (LI, "code", None),
        (DISPATCHER, "phone", None),
        (DISPATCHER, "code", None),
        (LI, "phone", "confirmation_unfit"),
        (LI, "page", "confirmation_unfit"),
        (LI, "time", "confirmation_unfit"),
        (DISPATCHER, "page", "confirmation_unfit"),
        (Actor(kind="customer", id="c-o1"), "time", "confirmation_unfit"),
        (SYSTEM, "phone", "confirmation_unfit"),
        (Actor(kind="customer", id="c-o2"), "page", "not_allowed"),
        (Actor(kind="link", id="o2"), "page", "not_allowed"),
        (COUNTER, "phone", "not_allowed"),
    ],
)
def test_each_gives_the_customer_s_word_in_his_own_way(
    actor: Actor, confirmation: Any, refused: str | None
) -> None:
    world = trade.company()
    onsite.finished(world)
    command = ConfirmOrder(order="o1", confirmation=confirmation, code=onsite.code(world, "confirm_code"))
    if refused is None:
        world.do(actor, command, FINISHED)
        assert order_of(world).confirmation == confirmation
        with pytest.raises(Rejected, match="confirmed_already"):
            world.do(actor, command, FINISHED)
        return
    with pytest.raises(Rejected, match=refused):
        world.do(actor, command, FINISHED)


@pytest.mark.parametrize("wrong", ["", "0", "０００００１", "wrong"])
def test_a_wrong_code_confirms_nothing(wrong: str) -> None:
    world = trade.company()
    onsite.finished(world)
    with pytest.raises(Rejected, match="code_wrong"):
        world.do(LI, ConfirmOrder(order="o1", confirmation="code", code=wrong), FINISHED)


def test_silence_confirms_after_two_days_and_not_a_moment_before() -> None:
    world = trade.company()
    onsite.finished(world)
    over = FINISHED + 48 * HOUR_MS
    assert alarm(order_of(world), Policy()) == over
    assert due(order_of(world), Policy(), trade.TIMEZONE) == over
    with pytest.raises(Rejected, match="confirm_too_early"):
        world.do(SYSTEM, ConfirmOrder(order="o1", confirmation="time"), over - 1)
    world.do(SYSTEM, ConfirmOrder(order="o1", confirmation="time"), over)
    order = order_of(world)
    assert (order.status, order.confirmation, order.steps[-1].actor) == (
        "finished",
        "time",
        "system:dispatcher",
    )
    assert alarm(order, Policy()) is None


def test_silence_never_confirms_what_was_marked_or_left_undone() -> None:
    world = trade.company()
    standard(world, "mark")
    tap(world)
    onsite.arrived(world)
    onsite.done(world)
    with pytest.raises(Rejected, match="confirm_too_early"):
        world.do(SYSTEM, ConfirmOrder(order="o1", confirmation="time"), FINISHED + 10 * DAY_MS)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 0}, "amount_invalid"),
        ({"amount": -5}, "amount_invalid"),
        ({"amount": 12001}, "paid_too_much"),
        ({"receipt": "张丽华 付"}, "receipt_invalid"),
    ],
)
def test_a_payment_that_can_not_be_is_refused(changes: dict[str, Any], code: str) -> None:
    world = trade.company()
    onsite.finished(world)
    made = replace(RecordPayment(order="o1", amount=12000, means="cash"), **changes)
    with pytest.raises(Rejected, match=code):
        world.do(DISPATCHER, made, FINISHED)


def test_payments_add_up_and_never_beyond_what_is_owed() -> None:
    world = trade.company()
    onsite.finished(world)
    for amount in (5000, 7000):
        world.do(LI, RecordPayment(order="o1", amount=amount, means="cash"), FINISHED)
    with pytest.raises(Rejected) as refused:
        world.do(staff("finance"), RecordPayment(order="o1", amount=1, means="card"), FINISHED)
    assert (refused.value.code, refused.value.params["amount"]) == ("paid_too_much", 0)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(WANG, RecordPayment(order="o1", amount=1, means="cash"), FINISHED)


def test_the_story_tells_every_step_with_who_and_when() -> None:
    world = trade.company()
    onsite.completed(world)
    assert codes(world) == [
        "book", "assign", "depart", "arrive", "progress", "finish", "confirm", "pay",
    ]  # fmt: skip
    ats = [step.at for step in order_of(world).steps]
    assert ats == sorted(ats)
    assert all(":" in step.actor for step in order_of(world).steps)


def test_nobody_reassigns_a_visit_that_is_under_way() -> None:
    world = trade.company()
    onsite.working(world)
    command = AssignTechnician(order="o1", technician="wang", from_technician="li", start=hour(16))
    with pytest.raises(Rejected, match="wrong_status"):
        world.do(SUPERVISOR, command, ARRIVED)
    with pytest.raises(Rejected, match="wrong_status"):
        world.do(LI, Arrive(order="o1", technician="li", point=CENTRE), ARRIVED)
