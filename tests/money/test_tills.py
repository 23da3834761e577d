"""Tills: opened and closed with a count, filled by cash and technicians, emptied into the bank; their receipts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.command import (
    BankCash,
    CloseTill,
    ConfirmOrder,
    HandInCash,
    OpenTill,
    RecordPayment,
)
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.till import Till, TillCount, next_receipt, number_of, till_of
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.onsite import FINISHED, LI
from tests.domain.trade import COUNTER, DISPATCHER, NOW, SUPERVISOR, staff
from tests.money.books import balances, check

BANK, TILL = ledger.provider("bank"), ledger.till("s1")
DIFFERENCE = ledger.platform("difference")
FINANCE = staff("finance")


def counter(order: str = "") -> Rehearsal:
    """A till that was opened with 500 yuan, and an order that waits for its money."""
    world = trade.company()
    onsite.shop(world)
    world.do(COUNTER, OpenTill(store="s1", counted=50_000), NOW)
    onsite.finished(world)
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), FINISHED)
    return world


def till(world: Rehearsal) -> Till:
    return till_of(world, "sh", "s1")


def take(
    world: Rehearsal, amount: int, means: str = "cash", receipt: str = "", actor: Actor = COUNTER
) -> Payment:
    command = RecordPayment(order="o1", amount=amount, means=means, receipt=receipt)  # type: ignore[arg-type]
    change = world.do(actor, command, FINISHED)
    (payment,) = (each for each in change.after if isinstance(each, Payment))
    return payment


def test_what_a_till_is_first_opened_with_comes_from_the_bank() -> None:
    world = counter()
    assert balances(world) == {TILL: 50_000, BANK: -50_000}
    assert (till(world).cash, till(world).by, till(world).begun_with) == (50_000, "counter", 50_000)
    check(world)


def test_cash_goes_into_the_till_of_whoever_takes_it_and_card_to_its_provider() -> None:
    world = counter()
    take(world, 5_000)
    take(world, 7_000, "card")
    found = till(world)
    assert (found.cash, found.taken, found.card, found.payments) == (55_000, 5_000, 7_000, 2)
    assert balances(world)[ledger.provider("card")] == 7_000
    check(world)


def test_closing_posts_the_difference_and_keeps_the_count() -> None:
    world = counter()
    take(world, 12_000)
    world.do(COUNTER, CloseTill(store="s1", counted=61_900, expected=62_000), FINISHED)
    (count,) = world.all(TillCount)
    assert (count.expected, count.counted, count.difference, count.taken) == (62_000, 61_900, -100, 12_000)
    assert (till(world).opened_at, till(world).cash) == (None, 61_900)
    assert balances(world)[DIFFERENCE] == 100
    check(world)
    change = world.do(COUNTER, OpenTill(store="s1", counted=62_000), FINISHED)
    assert [each.code for each in change.warnings] == ["till_differs"]
    assert DIFFERENCE not in balances(world)
    check(world)


def test_money_that_came_while_it_was_counted_asks_for_another_count() -> None:
    world = counter()
    take(world, 12_000)
    with pytest.raises(Rejected, match="till_moved"):
        world.do(COUNTER, CloseTill(store="s1", counted=50_000, expected=50_000), FINISHED)


def test_a_till_is_opened_once_and_closed_by_whoever_opened_it_or_a_supervisor() -> None:
    world = counter()
    with pytest.raises(Rejected, match="till_open"):
        world.do(COUNTER, OpenTill(store="s1", counted=0), NOW)
    other = replace(COUNTER, id="other")
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(other, CloseTill(store="s1", counted=50_000, expected=50_000), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, CloseTill(store="s1", counted=50_000, expected=50_000), NOW)
    world.do(SUPERVISOR, CloseTill(store="s1", counted=50_000, expected=50_000), NOW)
    with pytest.raises(Rejected, match="till_closed"):
        world.do(SUPERVISOR, CloseTill(store="s1", counted=50_000, expected=50_000), NOW)


def test_the_counter_of_one_store_leaves_the_till_of_another_alone() -> None:
    world = counter()
    with pytest.raises(Rejected, match="other_store"):
        world.do(COUNTER, OpenTill(store="s2", counted=0), NOW)
    with pytest.raises(Rejected, match="not_found"):
        world.do(SUPERVISOR, OpenTill(store="s9", counted=0), NOW)


@pytest.mark.parametrize(
    ("actor", "given", "code"),
    [
        (COUNTER, {"store": "s2"}, "other_store"),
        (DISPATCHER, {"store": "s1"}, "not_allowed"),
        (COUNTER, {"technician": "wang"}, "cash_stranger"),
    ],
)
def test_nobody_says_that_cash_is_with_somebody_who_has_not_seen_it(
    actor: Actor, given: dict[str, str], code: str
) -> None:
    world = counter()
    with pytest.raises(Rejected, match=code):
        world.do(actor, RecordPayment(order="o1", amount=5_000, means="cash", **given), FINISHED)
    world.do(COUNTER, RecordPayment(order="o1", amount=5_000, means="cash", store="s1"), FINISHED)
    world.do(COUNTER, RecordPayment(order="o1", amount=2_000, means="cash", technician="li"), FINISHED)
    world.do(SUPERVISOR, RecordPayment(order="o1", amount=1_000, means="cash", store="s2"), FINISHED)
    assert (till(world).cash, balances(world)[ledger.technician("li", "cash")]) == (55_000, 2_000)
    check(world)


@pytest.mark.parametrize("counted", [-1, 10**12])
def test_nobody_has_counted_that(counted: int) -> None:
    world = counter()
    with pytest.raises(Rejected, match="amount_invalid"):
        world.do(COUNTER, CloseTill(store="s1", counted=counted, expected=50_000), NOW)


def test_cash_is_banked_and_never_more_than_lies_there() -> None:
    world = counter()
    with pytest.raises(Rejected, match="cash_not_there"):
        world.do(FINANCE, BankCash(store="s1", amount=50_001), NOW)
    world.do(FINANCE, BankCash(store="s1", amount=20_000), NOW)
    assert (till(world).cash, till(world).given, balances(world)[BANK]) == (30_000, 0, -30_000)
    check(world)


def test_a_technician_hands_in_the_cash_that_he_carries_and_no_more() -> None:
    world = counter()
    take(world, 12_000, actor=LI)
    pocket = ledger.technician("li", "cash")
    assert balances(world)[pocket] == 12_000
    with pytest.raises(Rejected, match="cash_not_owed"):
        world.do(COUNTER, HandInCash(technician="li", store="s1", amount=12_001), FINISHED)
    world.do(COUNTER, HandInCash(technician="li", store="s1", amount=12_000), FINISHED)
    assert pocket not in balances(world)
    assert till(world).cash == 62_000
    check(world)


def test_receipts_follow_the_series_of_the_till() -> None:
    world = counter()
    assert next_receipt(till(world)) == "S1-00001"
    assert take(world, 100, receipt="S1-00001").receipt == "S1-00001"
    assert next_receipt(till(world)) == "S1-00002"
    assert take(world, 100, receipt="own-7").receipt == "own-7"
    assert next_receipt(till(world)) == "S1-00002"


def test_a_number_that_another_desk_has_used_meanwhile_becomes_the_next_one_and_is_said() -> None:
    world = counter()
    take(world, 100, receipt="S1-00001")
    command = RecordPayment(order="o1", amount=100, means="cash", receipt="S1-00001")
    change = world.do(COUNTER, command, FINISHED)
    assert [(each.code, each.params["receipt"]) for each in change.warnings] == [
        ("receipt_renumbered", "S1-00002")
    ]
    assert [each.receipt for each in world.all(Payment)] == ["S1-00001", "S1-00002"]


@pytest.mark.parametrize(
    "receipt", ["S1-1", "S1-00000", "S2-00001", "", "S1-", "-00001", "S1-0000000001", "S1-٠٠٠٠١"]
)
def test_what_is_not_of_the_series_has_no_place_in_it(receipt: str) -> None:
    assert number_of(Till(id="sh:s1", region="sh", store="s1"), receipt) is None
