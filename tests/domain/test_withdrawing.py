"""Withdrawals: settled money only, approved by another person, sent once, back again where they come to nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.command import (
    ApproveWithdrawal,
    PayDeposit,
    RecallWithdrawal,
    RejectWithdrawal,
    ReportWithdrawal,
    RequestWithdrawal,
    ReturnDeposit,
    SaveTechnician,
    SaveWay,
    SendWithdrawals,
)  # fmt: skip
from dispatcher_app.domain.money.withdrawal import ALONE_MS, SENT_MS, Withdrawal
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.payroll import (
    CARD,
    FINANCE,
    OTHER,
    SUPERVISOR,
    WEEK,
    account,
    approve,
    ask,
    card,
    collect,
    company,
    earn,
    has,
    settle,
)  # fmt: skip
from tests.domain.trade import NOW

VETTING = trade.staff("vetting")


@pytest.fixture
def world() -> Rehearsal:
    """He has ¥500 that are settled, ¥300 that are not, ¥200 that are frozen, and a card."""
    made = company()
    earn(made, 1, 50_000)
    settle(made)
    earn(made, 2, 30_000)
    earn(made, 3, 20_000, released=False)
    card(made)
    return made


def found(world: Rehearsal, id: str = "w1") -> Withdrawal:
    made = world.get(Withdrawal, id)
    assert made is not None
    return made


def sent(world: Rehearsal, id: str = "w1") -> None:
    ask(world, 40_000, id)
    approve(world, id)
    world.do(FINANCE, SendWithdrawals(batch="b1", withdrawals=(id,)), NOW)


def buckets(world: Rehearsal) -> tuple[int, int, int]:
    return has(world, "available"), has(world, "withdrawing"), has(world, "paid")


def test_settled_money_goes_to_his_card_and_is_paid(world: Rehearsal) -> None:
    ask(world, 40_000)
    assert (buckets(world), account(world).settled) == ((40_000, 40_000, 0), 10_000)
    approve(world)
    world.do(FINANCE, SendWithdrawals(batch="b1", withdrawals=("w1",)), NOW)
    world.do(FINANCE, ReportWithdrawal(withdrawal="w1", outcome="paid", reference="R1"), NOW)
    assert (buckets(world), account(world).withdrawal) == ((40_000, 0, 40_000), None)
    assert (found(world).state, found(world).reference) == ("paid", "R1")


def test_neither_frozen_nor_unsettled_money_nor_customers_cash_is_paid_out(world: Rehearsal) -> None:
    with pytest.raises(Rejected) as refused:
        ask(world, 50_001)
    assert (refused.value.code, refused.value.params["amount"]) == ("withdrawal_too_much", 50_000)
    collect(world, 1, 45_000)
    with pytest.raises(Rejected) as refused:
        ask(world, 50_000)
    assert refused.value.params["amount"] == 35_000


def test_a_withdrawal_begins_at_a_hundred_yuan(world: Rehearsal) -> None:
    for amount, code in ((9_999, "withdrawal_too_little"), (0, "amount_invalid"), (-1, "amount_invalid")):
        with pytest.raises(Rejected, match=code):
            ask(world, amount)
    ask(world, 10_000)


def test_there_is_one_at_a_time_and_one_needs_a_card(world: Rehearsal) -> None:
    wallet = RequestWithdrawal(withdrawal="w1", technician="li", amount=20_000, way="wechat")
    with pytest.raises(Rejected, match="way_missing"):
        world.do(FINANCE, wallet, NOW)
    ask(world, 20_000)
    with pytest.raises(Rejected, match="withdrawal_open"):
        ask(world, 20_000, "w2")


def test_nobody_approves_what_he_asked_for_nor_a_card_that_he_entered(world: Rehearsal) -> None:
    ask(world, 20_000)
    with pytest.raises(Rejected, match="own_withdrawal"):
        world.do(FINANCE, ApproveWithdrawal(withdrawal="w1"), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(trade.DISPATCHER, ApproveWithdrawal(withdrawal="w1"), NOW)
    world.do(FINANCE, RecallWithdrawal(withdrawal="w1"), NOW)
    world.do(OTHER, SaveWay(technician="li", way="bank", number=CARD, bank="工商银行"), NOW)
    ask(world, 20_000, "w2")
    with pytest.raises(Rejected, match="own_withdrawal"):
        world.do(OTHER, ApproveWithdrawal(withdrawal="w2"), NOW)
    world.do(SUPERVISOR, ApproveWithdrawal(withdrawal="w2"), NOW)


def test_what_is_rejected_or_taken_back_is_his_again(world: Rehearsal) -> None:
    before = buckets(world), account(world).settled
    ask(world, 20_000)
    world.do(SUPERVISOR, RejectWithdrawal(withdrawal="w1", reason="card_doubtful"), NOW)
    assert (buckets(world), account(world).settled) == before
    ask(world, 20_000, "w2")
    approve(world, "w2")
    world.do(FINANCE, RecallWithdrawal(withdrawal="w2"), NOW)
    assert (buckets(world), account(world).settled) == before
    assert account(world).withdrawal is None


def test_what_failed_is_his_again_and_what_came_back_too(world: Rehearsal) -> None:
    before = buckets(world), account(world).settled
    sent(world)
    world.do(FINANCE, ReportWithdrawal(withdrawal="w1", outcome="failed", reason="account_closed"), NOW)
    assert (buckets(world), account(world).settled) == before
    sent(world, "w2")
    world.do(FINANCE, ReportWithdrawal(withdrawal="w2", outcome="paid"), NOW)
    sent_again = NOW + WEEK
    world.do(
        FINANCE, ReportWithdrawal(withdrawal="w2", outcome="returned", reason="name_differs"), sent_again
    )
    assert (buckets(world), account(world).settled) == before


def test_a_withdrawal_is_sent_once_and_reported_once(world: Rehearsal) -> None:
    sent(world)
    with pytest.raises(Rejected, match="nothing_to_send"):
        world.do(FINANCE, SendWithdrawals(batch="b2", withdrawals=("w1",)), NOW)
    world.do(FINANCE, ReportWithdrawal(withdrawal="w1", outcome="paid"), NOW)
    for outcome in ("paid", "failed"):
        with pytest.raises(Rejected, match="withdrawal_stands"):
            world.do(FINANCE, ReportWithdrawal(withdrawal="w1", outcome=outcome, reason="x"), NOW)
    with pytest.raises(Rejected, match="withdrawal_stands"):
        world.do(SUPERVISOR, RejectWithdrawal(withdrawal="w1", reason="other"), NOW)


def test_what_a_provider_has_in_hand_is_told_by_him_alone_until_he_is_sent_nothing_any_more(
    world: Rehearsal,
) -> None:
    ask(world, 40_000)
    approve(world)
    world.do(FINANCE, SendWithdrawals(batch="b1", withdrawals=("w1",), channel="provider"), NOW)
    failed = ReportWithdrawal(withdrawal="w1", outcome="failed", reason="other")
    assert found(world).sent_within(SENT_MS, NOW + SENT_MS - 1)
    for at in (NOW, NOW + SENT_MS):
        with pytest.raises(Rejected, match="withdrawal_at_provider"):
            world.do(FINANCE, failed, at)
    assert not found(world).sent_within(SENT_MS, NOW + SENT_MS)
    world.do(FINANCE, failed, NOW + ALONE_MS)
    assert buckets(world) == (80_000, 0, 0)


def test_of_a_batch_only_what_is_approved_goes_out_and_the_rest_is_named(world: Rehearsal) -> None:
    ask(world, 20_000)
    approve(world)
    change = world.do(FINANCE, SendWithdrawals(batch="b1", withdrawals=("w1",)), NOW)
    assert [each.id for each in change.after] == ["w1"]
    with pytest.raises(Rejected, match="nothing_to_send"):
        world.do(FINANCE, SendWithdrawals(batch="b2", withdrawals=("w9",)), NOW)


def test_the_card_stays_while_money_is_on_its_way_to_it(world: Rehearsal) -> None:
    sent(world)
    with pytest.raises(Rejected, match="withdrawal_open"):
        card(world)


def test_numbers_are_secrets_and_wrong_ones_are_refused(world: Rehearsal) -> None:
    assert account(world).bank_mask == "****" + CARD[-4:]
    assert CARD not in repr(world.entities)
    assert (world.secrets[-1].kind, world.secrets[-1].field) == ("account", "bank")
    with pytest.raises(Rejected, match="card_invalid"):
        world.do(FINANCE, SaveWay(technician="li", way="bank", number="6222020200112233440", bank="x"), NOW)


def test_a_technician_asks_for_himself_and_for_nobody_else(world: Rehearsal) -> None:
    li, wang = (Actor(kind="technician", id=id, regions=frozenset({"sh"})) for id in ("li", "wang"))
    asked = RequestWithdrawal(withdrawal="w1", technician="li", amount=20_000, way="bank")
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(wang, asked, NOW)
    world.do(li, asked, NOW)
    assert found(world).asked_by == "technician:li"


def test_employees_have_no_withdrawals_no_cards_and_no_deposit() -> None:
    world = company(trade.technician("li", employment="employee"))
    for command in (
        RequestWithdrawal(withdrawal="w1", technician="li", amount=20_000, way="bank"),
        SaveWay(technician="li", way="bank", number=CARD, bank="x"),
    ):
        with pytest.raises(Rejected, match="has_wages"):
            world.do(FINANCE, command, NOW)
    with pytest.raises(Rejected, match="no_deposit"):
        world.do(FINANCE, PayDeposit(deposit="d1", technician="li", amount=1, means="transfer"), NOW)


def test_nobody_becomes_an_employee_while_something_stands_on_his_accounts(world: Rehearsal) -> None:
    li = trade.technician_of(world, "li")
    with pytest.raises(Rejected, match="account_open"):
        world.do(VETTING, SaveTechnician(technician=replace(li, employment="employee")), NOW)
    world.do(VETTING, SaveTechnician(technician=trade.technician("wang"), phone="13900139001"), NOW)
    wang = trade.technician_of(world, "wang")
    world.do(VETTING, SaveTechnician(technician=replace(wang, employment="employee")), NOW)


def test_a_deposit_is_an_account_of_its_own_until_it_is_given_back(world: Rehearsal) -> None:
    world.do(FINANCE, PayDeposit(deposit="d1", technician="li", amount=20_000, means="transfer"), NOW)
    world.do(FINANCE, PayDeposit(deposit="d2", technician="li", amount=5_000, means="available"), NOW)
    assert (has(world, "deposit"), has(world, "available"), account(world).settled) == (
        25_000,
        75_000,
        45_000,
    )
    with pytest.raises(Rejected, match="posted_already"):
        world.do(FINANCE, PayDeposit(deposit="d1", technician="li", amount=1, means="transfer"), NOW)
    with pytest.raises(Rejected, match="more_than_there"):
        world.do(FINANCE, ReturnDeposit(deposit="d3", technician="li", amount=25_001, reason="leaves"), NOW)
    world.do(FINANCE, ReturnDeposit(deposit="d3", technician="li", amount=25_000, reason="leaves"), NOW)
    assert (has(world, "deposit"), account(world).settled) == (0, 70_000)


def test_a_counter_takes_deposits_in_cash_at_its_own_till_alone(world: Rehearsal) -> None:
    onsite.shop(world)
    paid = PayDeposit(deposit="d1", technician="li", amount=20_000, means="transfer")
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(trade.COUNTER, paid, NOW)
    with pytest.raises(Rejected, match="other_store"):
        world.do(trade.COUNTER, replace(paid, means="cash", store="s2"), NOW)
    world.do(trade.COUNTER, replace(paid, means="cash", store="s1"), NOW)
    assert has(world, "deposit") == 20_000
