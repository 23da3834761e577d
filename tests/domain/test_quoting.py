"""Quotes on site and at the bench."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import (
    ConfirmOrder,
    ConfirmQuote,
    DeclineQuote,
    FinishOrder,
    LapseQuote,
    MarkCheck,
    MarkLine,
    QuotedLine,
    QuotedPart,
    RecordPayment,
    SaveItem,
    SendMessage,
    WithdrawQuote,
)
from dispatcher_app.domain.customer import Note
from dispatcher_app.domain.pricing import owed
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.site import (
    AT,
    ICE,
    LI,
    LINK,
    NEW_BOARD,
    WARM,
    agreed,
    at_bench,
    code,
    on_site,
    photo,
    quoted,
    refused,
    revised,
    shop,
)
from tests.domain.trade import ADMINISTRATOR, COUNTER, DISPATCHER, NOW, order_of


@pytest.fixture
def world() -> Rehearsal:
    """An order in Li's hands."""
    made = shop()
    on_site(made)
    return made


def test_a_quote_has_the_books_prices_and_waits_for_the_customer(world: Rehearsal) -> None:
    made = quoted(world)
    assert (made.quote.total, made.book_total, made.over_percent, made.state) == (42000, 42000, 0, "proposed")
    assert made.quote.book == "prices-2"
    assert made.lapses_at == AT + 60 * MINUTE_MS
    order = order_of(world)
    assert (order.status, order.proposed, order.flags) == ("in_progress", made, ())
    assert order.quote.total == 12000
    assert len(code(world)) == 6


def test_what_it_was_booked_for_is_known_after_quotes_were_agreed_to(world: Rehearsal) -> None:
    booked = order_of(world).quote.total
    assert order_of(world).booked_total is None
    for labour in (50000, 60000):
        quoted(world, lines=(replace(WARM, labour=labour),))
        after = agreed(world)
        assert (after.booked_total, after.quote.total > booked) == (booked, True)


def test_what_the_booking_said_about_declining_stays_however_dear_the_quote(world: Rehearsal) -> None:
    told = order_of(world).quote
    made = quoted(world, lines=(replace(WARM, labour=90000),))
    assert (made.quote.if_declined, made.quote.door_fee) == (told.if_declined, told.door_fee)


def test_a_confirmed_quote_is_what_the_order_is_from_then_on(world: Rehearsal) -> None:
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), AT)
    made = quoted(world, lines=(ICE, WARM), parts=(replace(NEW_BOARD, line=1),))
    order = agreed(world)
    assert order.quote == made.quote
    assert order.parts == made.parts
    assert [(line.fault, line.state) for line in order.lines] == [("ice", "open"), ("warm", "done")]
    last = order.revisions[-1]
    assert (last.state, last.confirmation, last.decided_at) == ("accepted", "code", AT)


def test_checks_go_with_the_line_they_were_done_on(world: Rehearsal) -> None:
    world.do(LI, MarkCheck(order="o1", line=0, check="power", state="done"), AT)
    quoted(world, lines=(ICE, WARM), parts=())
    assert [each.line for each in agreed(world).checks] == [1]


def test_the_plan_holds_as_long_as_the_agreed_work_takes_and_says_whom_it_hits(world: Rehearsal) -> None:
    trade.booked(world, "o2", window=trade.window(15, 17))
    world.do(DISPATCHER, trade.assign("o2", "li", 15), NOW)
    quoted(world, lines=(WARM, ICE), parts=())
    change = world.do(LI, ConfirmQuote(order="o1", number=1, confirmation="code", code=code(world)), AT)
    stop = trade.day_of(world, "li").stop_of("o1")
    assert stop is not None
    assert stop.end - stop.start == 150 * MINUTE_MS
    assert [(each.code, each.params["order"]) for each in change.warnings] == [("runs_into", "o2")]


def test_a_customer_is_told_nothing_of_the_plan_of_others(world: Rehearsal) -> None:
    trade.booked(world, "o2", window=trade.window(15, 17))
    world.do(DISPATCHER, trade.assign("o2", "li", 15), NOW)
    quoted(world, lines=(WARM, ICE), parts=())
    change = world.do(LINK, ConfirmQuote(order="o1", number=1, confirmation="page"), AT)
    assert change.warnings == ()


def test_another_quote_takes_the_waiting_one_back(world: Rehearsal) -> None:
    quoted(world)
    quoted(world, parts=())
    assert [each.state for each in order_of(world).revisions] == ["withdrawn", "proposed"]


def test_two_people_never_both_write_the_second_quote(world: Rehearsal) -> None:
    quoted(world)
    quoted(world, DISPATCHER)
    assert refused(world, LI, revised(2)) == "changed_meanwhile"


def test_a_quote_that_is_no_longer_the_one_is_not_confirmed(world: Rehearsal) -> None:
    quoted(world)
    quoted(world)
    assert (
        refused(world, LINK, ConfirmQuote(order="o1", number=1, confirmation="page")) == "changed_meanwhile"
    )


def test_a_quote_is_not_confirmed_after_its_time_even_before_it_has_lapsed(world: Rehearsal) -> None:
    made = quoted(world)
    late = made.lapses_at + 1
    assert (
        refused(world, LINK, ConfirmQuote(order="o1", number=1, confirmation="page"), late) == "quote_lapsed"
    )


def test_a_quote_lapses_when_its_time_is_over_and_the_work_goes_on(world: Rehearsal) -> None:
    made = quoted(world)
    lapse = LapseQuote(order="o1", number=1, lapses_at=made.lapses_at)
    assert refused(world, SYSTEM, lapse, made.lapses_at - 1) == "quote_running"
    assert refused(world, SYSTEM, replace(lapse, lapses_at=5), made.lapses_at) == "quote_running"
    assert refused(world, SYSTEM, lapse, made.lapses_at) == "ok"
    order = order_of(world)
    assert (order.status, order.revisions[0].state, order.quote.total) == ("in_progress", "lapsed", 12000)
    assert refused(world, SYSTEM, lapse, made.lapses_at) == "changed_meanwhile"


def test_a_quote_taken_back_leaves_what_was_agreed(world: Rehearsal) -> None:
    quoted(world)
    agreed(world)
    quoted(world, parts=(replace(NEW_BOARD, quantity=2),))
    world.do(LI, WithdrawQuote(order="o1", number=2), AT)
    order = order_of(world)
    assert (order.quote.total, [each.state for each in order.revisions]) == (42000, ["accepted", "withdrawn"])


def test_undoing_a_quote_takes_it_back(world: Rehearsal) -> None:
    change = world.do(LI, revised(), AT)
    world.do(LI, change.undo, AT, undoes="x")
    assert order_of(world).proposed is None


def test_work_does_not_go_on_while_a_quote_waits(world: Rehearsal) -> None:
    quoted(world)
    assert refused(world, LI, MarkLine(order="o1", line=0, from_state="open", state="done")) == "quote_open"
    assert refused(world, LI, FinishOrder(order="o1", technician="li")) == "quote_open"


def test_declining_ends_the_repair_at_the_fee_that_was_told(world: Rehearsal) -> None:
    quoted(world, lines=(replace(WARM, labour=50000),))
    world.do(LINK, DeclineQuote(order="o1", number=1), AT)
    order = order_of(world)
    assert (order.status, order.result, order.revisions[0].state) == ("finished", "declined", "declined")
    assert (owed(order), order.visit.outcome, order.visit.ended_at) == (3600, "declined", AT)
    assert [line.state for line in order.lines] == ["excused"]
    world.do(LI, ConfirmOrder(order="o1", confirmation="code", code=code(world, "confirm_code")), AT)
    world.do(LI, RecordPayment(order="o1", amount=3600, means="cash"), AT)
    assert order_of(world).status == "completed"


@pytest.mark.parametrize("result", ["no_fault", "not_repairable"])
def test_nothing_to_repair_costs_the_door_fee_and_takes_no_quote(world: Rehearsal, result: Any) -> None:
    world.do(DISPATCHER, DeclineQuote(order="o1", number=0, result=result), AT)
    assert (order_of(world).status, order_of(world).result, owed(order_of(world))) == (
        "finished",
        result,
        2000,
    )


def test_a_customer_declines_a_quote_and_nothing_else(world: Rehearsal) -> None:
    assert refused(world, LINK, DeclineQuote(order="o1", number=0)) == "changed_meanwhile"
    quoted(world)
    assert refused(world, DISPATCHER, DeclineQuote(order="o1", number=0)) == "changed_meanwhile"


def test_declining_more_work_leaves_what_is_repaired_to_be_finished_and_paid(world: Rehearsal) -> None:
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), AT)
    quoted(world, lines=(WARM, ICE))
    assert refused(world, DISPATCHER, DeclineQuote(order="o1", number=1, result="no_fault")) == "work_done"
    world.do(LINK, DeclineQuote(order="o1", number=1), AT)
    order = order_of(world)
    assert (order.status, order.result, order.quote.total) == ("in_progress", None, 12000)
    assert order.revisions[0].state == "declined"
    assert refused(world, DISPATCHER, DeclineQuote(order="o1", number=0)) == "work_done"


def test_work_that_is_done_stays_in_the_quote(world: Rehearsal) -> None:
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="done"), AT)
    assert refused(world, LI, revised(lines=(ICE,), parts=())) == "work_missing"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "他想多收钱"}, "reason_unknown"),
        ({"reason": "other"}, "required"),
        ({"lines": ()}, "lines_missing"),
        ({"lines": (replace(WARM, labour=-1),)}, "price_invalid"),
        ({"lines": (replace(WARM, labour=10**9),)}, "price_invalid"),
        ({"lines": (replace(WARM, quantity=0),)}, "quantity_invalid"),
        ({"lines": (replace(WARM, fault="x"),)}, "fault_unknown"),
        ({"lines": (QuotedLine(item="x"),)}, "not_found"),
        ({"parts": (QuotedPart(part="x"),)}, "not_found"),
        ({"parts": (replace(NEW_BOARD, line=1),)}, "line_unknown"),
        ({"parts": (replace(NEW_BOARD, quantity=0),)}, "quantity_invalid"),
        ({"parts": (replace(NEW_BOARD, price=-1),)}, "price_invalid"),
        ({"parts": (replace(NEW_BOARD, used=True),)}, "part_unpriced"),
        ({"parts": (QuotedPart(part="gasket"),)}, "part_unpriced"),
        ({"parts": (NEW_BOARD,) * 61}, "too_many"),
        ({"discount": -1}, "discount_invalid"),
        ({"discount": 42001}, "discount_invalid"),
        ({"photos": ("nowhere",)}, "not_found"),
        ({"photos": ("p",) * 10}, "too_many"),
        ({"number": 2}, "changed_meanwhile"),
    ],
)
def test_a_quote_that_makes_no_sense_is_refused(world: Rehearsal, change: dict[str, Any], code: str) -> None:
    assert refused(world, LI, replace(revised(), **change)) == code


def test_what_is_no_longer_offered_is_still_quoted_where_it_was_booked(world: Rehearsal) -> None:
    for item in ("fridge", "tap"):
        known = world.get(Item, item)
        assert known is not None
        world.do(ADMINISTRATOR, SaveItem(item=replace(known, retired=True)), AT)
    assert refused(world, LI, revised()) == "ok"
    assert refused(world, LI, revised(2, lines=(WARM, QuotedLine(item="tap")))) == "item_retired"


def test_photos_of_a_quote_are_the_orders_own(world: Rehearsal) -> None:
    trade.booked(world, "o2")
    photo(world, "theirs", "fault", "o2", DISPATCHER)
    photo(world, "ours", "quote")
    assert refused(world, LI, revised(photos=("theirs",))) == "not_found"
    assert quoted(world, photos=("ours",)).photos == ("ours",)


def test_what_was_typed_to_a_quote_is_a_note_and_not_in_the_order(world: Rehearsal) -> None:
    quoted(world, reason="other", note="客户张丽华同意先拆开看")
    order = order_of(world)
    assert "张丽华" not in repr(order)
    assert [each.text for each in world.all(Note)][-1:] == ["客户张丽华同意先拆开看"]
    assert order.notes == 2


def test_a_part_that_the_book_does_not_have_is_looked_at(world: Rehearsal) -> None:
    made = quoted(world, parts=(QuotedPart(part="gasket", price=5000),))
    assert (made.quote.total, made.book_total, made.over_percent) == (17000, 12000, 42)
    assert order_of(world).flags == ("quote_over",)


@pytest.mark.parametrize(("labour", "percent", "flags"), [(14400, 20, ()), (14401, 21, ("quote_over",))])
def test_a_quote_over_the_book_by_more_than_the_policy_says_is_flagged(
    world: Rehearsal, labour: int, percent: int, flags: tuple[str, ...]
) -> None:
    made = quoted(world, lines=(replace(WARM, labour=labour),), parts=())
    assert (made.over_percent, order_of(world).flags) == (percent, flags)


def test_the_flag_goes_with_the_quote_that_was_over(world: Rehearsal) -> None:
    quoted(world, lines=(replace(WARM, labour=30000),), parts=())
    world.do(LI, WithdrawQuote(order="o1", number=1), AT)
    assert order_of(world).flags == ()


def test_an_agreed_quote_stays_flagged_while_it_is_over(world: Rehearsal) -> None:
    quoted(world, lines=(replace(WARM, labour=30000),), parts=())
    assert agreed(world).flags == ("quote_over",)


DEAR = (replace(WARM, labour=20000),)


@pytest.mark.parametrize(
    ("first", "second", "minutes", "flagged"),
    [
        ({"lines": DEAR, "parts": ()}, {"parts": (), "discount": 0}, 9, True),
        ({"lines": DEAR, "parts": ()}, {"lines": DEAR, "parts": (), "discount": 2000}, 10, True),
        ({"lines": DEAR, "parts": ()}, {"lines": DEAR, "parts": (), "discount": 1999}, 10, False),
        ({"lines": DEAR, "parts": ()}, {"lines": DEAR, "parts": (), "discount": 2000}, 11, False),
        ({}, {"discount": 4200}, 5, True),
        ({"parts": ()}, {"parts": (), "discount": 6000}, 5, False),
    ],
    ids=[
        "raised and back",
        "raised and discounted",
        "a little less",
        "a while later",
        "more than was booked and discounted",
        "never raised",
    ],
)
def test_raised_and_discounted_within_minutes_is_an_exception(
    world: Rehearsal, first: dict[str, Any], second: dict[str, Any], minutes: int, flagged: bool
) -> None:
    quoted(world, **first)
    quoted(world, at=AT + minutes * MINUTE_MS, **second)
    assert ("quote_dropped" in order_of(world).flags) is flagged


def test_the_trick_is_seen_through_a_quote_between(world: Rehearsal) -> None:
    quoted(world, lines=DEAR, parts=())
    quoted(world, lines=DEAR, parts=(), discount=1000, at=AT + MINUTE_MS)
    quoted(world, lines=DEAR, parts=(), discount=2000, at=AT + 2 * MINUTE_MS)
    assert "quote_dropped" in order_of(world).flags


def test_a_device_waits_for_its_owners_word_and_then_is_repaired() -> None:
    world = shop()
    at_bench(world)
    world.do(COUNTER, revised(), NOW)
    order = order_of(world)
    assert (order.status, order.revisions[0].lapses_at) == ("quoted", NOW + 3 * 24 * 60 * MINUTE_MS)
    world.do(LINK, ConfirmQuote(order="o1", number=1, confirmation="page"), NOW)
    assert order_of(world).status == "repairing"


@pytest.mark.parametrize("agreed_before", [False, True])
def test_a_device_whose_quote_waits_no_longer_goes_back_to_where_it_was(agreed_before: bool) -> None:
    world = shop()
    at_bench(world)
    if agreed_before:
        world.do(COUNTER, revised(), NOW)
        world.do(LINK, ConfirmQuote(order="o1", number=1, confirmation="page"), NOW)
    number = 2 if agreed_before else 1
    back = "repairing" if agreed_before else "diagnosing"
    world.do(COUNTER, revised(number), NOW)
    assert order_of(world).status == "quoted"
    world.do(COUNTER, WithdrawQuote(order="o1", number=number), NOW)
    assert order_of(world).status == back
    world.do(COUNTER, revised(number + 1), NOW)
    due = order_of(world).revisions[-1].lapses_at
    world.do(SYSTEM, LapseQuote(order="o1", number=number + 1, lapses_at=due), due)
    assert order_of(world).status == back


def test_a_device_whose_owner_declines_waits_to_be_taken_back() -> None:
    world = shop()
    at_bench(world)
    world.do(COUNTER, revised(), NOW)
    world.do(LINK, DeclineQuote(order="o1", number=1), NOW)
    order = order_of(world)
    assert (order.status, order.result, owed(order)) == ("ready", "declined", 3600)
    assert order.device is not None
    assert order.device.ready_at == NOW


def test_a_quote_before_the_work_begins_is_refused() -> None:
    world = shop()
    trade.assigned(world)
    assert refused(world, LI, revised()) == "wrong_status"


def test_the_story_names_no_more_than_numbers_and_codes(world: Rehearsal) -> None:
    quoted(world)
    agreed(world)
    world.do(LINK, SendMessage(order="o1", to=("staff",), text="请快一点"), AT)
    said = [(step.action, step.params) for step in order_of(world).steps[-2:]]
    assert said == [
        ("quote", {"number": 1, "total": 42000, "book_total": 42000, "reason": "part_needed"}),
        ("confirm_quote", {"number": 1, "total": 42000, "confirmation": "code"}),
    ]
