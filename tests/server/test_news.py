"""What is news to whom, for every turn of an order's life."""

import re
from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app import text
from dispatcher_app.domain.order import (
    STATUSES,
    Cancellation,
    Device,
    Hold,
    Line,
    Offer,
    Order,
    Pool,
    Quote,
    Revision,
    Step,
    Talk,
    Told,
    Transfer,
    Visit,
    Window,
)
from dispatcher_app.domain.place import Point
from dispatcher_app.server.notices.news import CODES, News, news
from dispatcher_app.server.notices.word import texts

NOW = 1_790_000_000_000
PRICE = Quote(lines=(), total=12000, if_declined=3000, currency="CNY")
PROPOSED = Revision(
    number=1,
    at=NOW,
    actor="technician:li",
    lines=(),
    quote=PRICE,
    book_total=10000,
    reason="worse",
    lapses_at=NOW + 1,
)
ORDER = Order(
    id="o-1", region="sh", number="261122-0001", since=NOW, created_at=NOW, customer="c-1", address="a-1",
    district="xh", point=Point(121.4, 31.2), lines=(), visits=(Visit(window=Window(NOW, NOW + 7_200_000)),),
    quote=PRICE, steps=(Step(at=NOW, actor="staff:lina", action="book"),),
)  # fmt: skip
COMING = replace(ORDER, status="accepted", technician="li", planned_on="2026-11-23")
WORKING = replace(COMING, status="in_progress")
LINE = Line(item="ac", minutes=30, labour=12000)
DONE = replace(LINE, state="done")
TWO_LINES = replace(WORKING, lines=(LINE, LINE))
BENCH = replace(ORDER, service="workshop", status="received", device=Device(store="s-1"))


def told(before: Order | None, after: Order, actor: str = "staff:lina") -> dict[str, str]:
    """What is told, by party and what, to whom."""
    return {f"{each.party}.{each.what}": each.recipient for each in news(actor, before, after, NOW)}


def with_revision(order: Order, state: Any) -> Order:
    return replace(order, revisions=(replace(PROPOSED, state=state),))


def then(order: Order, action: str, **changes: Any) -> Order:
    params = {name: changes.pop(name) for name in ("lost",) if name in changes}
    step = Step(at=NOW, actor="staff:lina", action=action, params=params)
    return replace(order, steps=(*order.steps, step), **changes)


POOL = Pool(since=NOW, told=(Told(technician="wang", distance_m=900, start=NOW),), closes_at=NOW + 1)
POOLED = replace(ORDER, status="offered", pool=POOL)


TURNS = [
    (None, ORDER, {"customer.booked"}),
    (None, BENCH, {"customer.device_received"}),
    (ORDER, COMING, {"customer.accepted", "technician.assigned"}),
    (COMING, replace(COMING, technician="wang"),
     {"customer.technician_changed", "technician.assigned", "technician.taken_off"}),
    (COMING, replace(ORDER, status="pending"), {"technician.taken_off"}),
    (COMING, replace(COMING, status="en_route"), {"customer.departed"}),
    (replace(COMING, status="en_route"), COMING, {"customer.recalled"}),
    (replace(COMING, status="en_route"), WORKING, {"customer.arrived"}),
    (WORKING, with_revision(WORKING, "proposed"), {"customer.quote_proposed"}),
    (with_revision(WORKING, "proposed"), with_revision(WORKING, "accepted"),
     {"customer.quote_accepted", "technician.quote_accepted"}),
    (with_revision(WORKING, "proposed"), replace(with_revision(WORKING, "declined"), status="finished",
     result="declined"), {"customer.quote_declined", "technician.quote_declined"}),
    (WORKING, replace(WORKING, status="finished", result="not_repairable"), {"customer.ended"}),
    (with_revision(WORKING, "proposed"), with_revision(WORKING, "lapsed"),
     {"customer.quote_lapsed", "technician.quote_lapsed"}),
    (with_revision(WORKING, "proposed"), with_revision(WORKING, "withdrawn"), {"customer.quote_withdrawn"}),
    (WORKING, replace(WORKING, status="on_hold", hold=Hold(reason="parts", next_contact="2026-11-25", since=NOW)),
     {"customer.on_hold"}),
    (replace(ORDER, status="on_hold"), then(replace(ORDER, status="pending"), "new_visit",
     visits=(*ORDER.visits, Visit(number=2))), {"customer.visit_added"}),
    (WORKING, replace(WORKING, status="finished"), {"customer.finished"}),
    (replace(WORKING, status="finished"), replace(WORKING, status="completed", closed_at=NOW), {"customer.completed"}),
    (COMING, replace(ORDER, status="cancelled", cancellation=Cancellation(
        reason="x", side="customer", fee=1000, from_status="accepted")), {"customer.cancelled", "technician.cancelled"}),
    (replace(ORDER, status="cancelled"), ORDER, {"customer.reopened"}),
    (ORDER, replace(ORDER, status="offered", offer=Offer(technician="li", expires_at=NOW + 1)), {"technician.offer"}),
    (replace(ORDER, status="offered", offer=Offer(technician="li", expires_at=NOW + 1)),
     then(ORDER, "withdraw", offer=Offer(technician="", expires_at=0)), {"technician.offer_withdrawn"}),
    (ORDER, POOLED, {"technician.pool"}),
    (POOLED, replace(POOLED, pool=replace(POOL, ring=1)), set()),
    (POOLED, then(COMING, "award",
                  lost=[{"technician": "wang", "why": "nearer"}]),
     {"customer.accepted", "technician.assigned", "technician.pool_lost_nearer"}),
    (POOLED, then(ORDER, "close_pool"), set()),
    (COMING, replace(COMING, transfer=Transfer(to="wang", reason="ill", asked_at=NOW, expires_at=NOW + 1)),
     {"technician.transfer_asked"}),
    (replace(COMING, transfer=Transfer(to="wang", reason="ill", asked_at=NOW, expires_at=NOW + 1)), COMING,
     {"technician.transfer_not_taken"}),
    (BENCH, replace(BENCH, status="ready"), {"customer.device_ready"}),
    (replace(BENCH, status="ready"), replace(BENCH, status="ready", device=Device(store="s-1", reminded=1)),
     {"customer.reminder"}),
    (replace(BENCH, status="ready"), replace(BENCH, status="handed_back"), {"customer.handed_back"}),
    (ORDER, replace(ORDER, talk=Talk(total=1, customer=1)), {"customer.message"}),
    (ORDER, replace(ORDER, talk=Talk(total=1, staff=1)), set()),
    (TWO_LINES, replace(TWO_LINES, lines=(DONE, LINE)), {"customer.progress"}),
    (replace(TWO_LINES, lines=(DONE, LINE)), replace(TWO_LINES, lines=(DONE, DONE)), set()),
    (replace(TWO_LINES, lines=(DONE, LINE)), TWO_LINES, set()),
    (ORDER, replace(ORDER, urged=1), set()),
    (ORDER, replace(ORDER, notes=1), set()),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), TURNS)
def test_each_turn_is_told_to_those_it_concerns(
    before: Order | None, after: Order, expected: set[str]
) -> None:
    assert set(told(before, after)) == expected


@pytest.mark.parametrize(("before", "after", "expected"), TURNS)
def test_every_news_has_its_words_in_both_languages(
    before: Order | None, after: Order, expected: set[str]
) -> None:
    for each in expected:
        assert each in texts("zh_CN")
        assert each in texts("en")


def test_a_technician_is_not_told_what_he_did_himself() -> None:
    offered = replace(ORDER, status="offered", offer=Offer(technician="li", expires_at=NOW + 1))
    assert set(told(offered, COMING, actor="technician:li")) == {"customer.accepted"}


def test_a_customer_is_told_of_his_own_word_as_a_receipt() -> None:
    found = told(with_revision(WORKING, "proposed"), with_revision(WORKING, "accepted"), actor="link:o-1")
    assert found["customer.quote_accepted"] == "c-1"


def test_the_fee_of_a_cancellation_goes_to_the_customer_alone() -> None:
    after = replace(ORDER, status="cancelled",
                    cancellation=Cancellation(reason="x", side="customer", fee=1000, from_status="accepted"))  # fmt: skip
    found = {each.party: each for each in news("staff:lina", COMING, after, NOW)}
    assert found["customer"].params["fee"] == 1000
    assert "fee" not in found["technician"].params


def test_news_carry_ids_and_figures_only() -> None:
    allowed = (int, str)
    for before, after, _ in TURNS:
        for each in news("staff:lina", before, after, NOW):
            assert isinstance(each, News)
            assert all(isinstance(value, allowed) for value in each.params.values()), each


def test_both_languages_say_the_same_things_with_the_same_slots() -> None:
    chinese, english = texts("zh_CN"), texts("en")
    assert list(chinese) == list(english)
    for name, words in chinese.items():
        assert text.slots(words) == text.slots(english[name]), name
        assert text.has_cjk(words)
        assert not re.search(r"[一-鿿]", english[name]), name


def test_every_status_and_code_has_its_words() -> None:
    for language in text.LANGUAGES:
        assert {f"status.{each}" for each in STATUSES} <= set(texts(language))
        assert {f"code.{each}" for each in CODES} <= set(texts(language))


def test_whoever_comes_along_is_told_so_and_when_he_does_not_any_more() -> None:
    with_wang = replace(COMING, helpers=("wang",))
    assert told(COMING, with_wang) == {"technician.helping": "wang"}
    assert told(with_wang, COMING) == {"technician.taken_off": "wang"}
    swapped = replace(with_wang, technician="wang", helpers=())
    assert told(with_wang, swapped)["technician.assigned"] == "wang"
    over = replace(COMING, status="in_progress", visits=(replace(COMING.visit, ended_at=NOW),))
    working = replace(with_wang, status="in_progress")
    assert "technician.taken_off" not in told(working, replace(over, status="finished"))


def told_to_come(order: Order, start: int) -> Order:
    step = Step(
        at=NOW,
        actor="staff:lina",
        action="reassign",
        params={"technician": "li", "from": "li", "start": start},
    )
    return replace(order, steps=(*order.steps, step))


def test_a_technician_who_is_to_come_at_another_hour_is_told_and_the_customer_is_not() -> None:
    known = told_to_come(COMING, NOW + 3_600_000)
    moved = told_to_come(known, NOW + 7_200_000)
    (said,) = news("staff:lina", known, moved, NOW)
    assert (said.party, said.recipient, said.what) == ("technician", COMING.technician, "rescheduled")
    assert said.params == {"at": NOW + 7_200_000}
    assert news("staff:lina", known, told_to_come(known, NOW + 3_600_000), NOW) == []
