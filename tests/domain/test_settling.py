"""Settling: every week once, each line in one statement, cash netted, tax withheld, employees left out."""

from __future__ import annotations

import pytest

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import StartSettlement
from dispatcher_app.domain.money.account import Account, Balances, Total, card_fits
from dispatcher_app.domain.money.period import before, last_over, period_of
from dispatcher_app.domain.money.statement import Settlement, reckon
from dispatcher_app.domain.money.terms import (
    CONTRACTORS,
    ShareRule,
    TaxBand,
    bands_of,
    share_rule,
    tax_of,
)
from tests.domain import payroll, trade
from tests.domain.payroll import FINANCE, WEEK, account, collect, company, earn, has, settle
from tests.domain.trade import NOW


def test_weeks_and_months_have_names_and_follow_each_other() -> None:
    week = period_of("2026-11-25", "weekly")
    assert (week.name, week.first, week.until) == ("2026-W48", "2026-11-23", "2026-11-30")
    assert before(week, "weekly").name == "2026-W47"
    assert period_of("2027-01-01", "weekly").name == "2026-W53"
    month = period_of("2026-12-31", "monthly")
    assert (month.name, month.first, month.until) == ("2026-12", "2026-12-01", "2027-01-01")
    assert last_over(NOW, "weekly", trade.TIMEZONE).name == "2026-W47"


def test_tax_is_that_of_remuneration_for_labour() -> None:
    """The cases of the official table: 20 % above 800, of four fifths above 4,000, with its quick deductions."""
    for income, tax in ((80_000, 0), (300_000, 44_000), (400_000, 64_000), (1_000_000, 160_000)):
        assert tax_of(CONTRACTORS, income) == tax
    assert tax_of(CONTRACTORS, 3_000_000) == round(3_000_000 * 0.8 * 0.3) - 200_000
    assert tax_of(CONTRACTORS, 10_000_000) == round(10_000_000 * 0.8 * 0.4) - 700_000


def test_a_firm_pays_its_own_tax_and_a_younger_table_counts_from_its_day() -> None:
    assert bands_of(CONTRACTORS, "partner", NOW) == ()
    younger = (*CONTRACTORS, TaxBand(since=NOW, above=0, percent=3))
    assert bands_of(younger, "contractor", NOW - 1) == CONTRACTORS
    assert tax_of(bands_of(younger, "contractor", NOW), 10_000) == 300


def test_the_most_exact_share_rule_counts_and_never_before_its_day() -> None:
    usual = ShareRule(since=0, labour_percent=70, surcharge_percent=50)
    honour = ShareRule(since=0, level="honour", labour_percent=75, surcharge_percent=50)
    fridge = ShareRule(since=NOW, item="fridge", labour_percent=65, surcharge_percent=40)
    rules = (honour, fridge)
    assert share_rule(rules, "tap", "normal", NOW, usual) is usual
    assert share_rule(rules, "tap", "honour", NOW, usual) is honour
    assert share_rule(rules, "fridge", "honour", NOW, usual) is fridge
    assert share_rule(rules, "fridge", "honour", NOW - 1, usual) is honour


def test_a_statement_tells_what_was_earned_netted_withheld_and_can_be_withdrawn() -> None:
    world = company()
    earn(world, 1, 90_000)
    earn(world, 2, 40_000, released=False)
    collect(world, 1, 20_000)
    made = settle(world)
    assert (made.income, made.tax, made.netted) == (90_000, 2_000, 20_000)
    assert made.opening == Balances()
    assert made.closing == Balances(frozen=40_000, available=68_000)
    assert made.payable == 68_000 == account(world).settled
    assert Total("share", "frozen", 130_000, 2) in made.totals
    assert (has(world, "available"), has(world, "cash"), has(world, "frozen")) == (68_000, 0, 40_000)


def test_the_next_statement_opens_where_the_last_one_closed() -> None:
    world = company()
    earn(world, 1, 90_000)
    first = settle(world)
    earn(world, 2, 10_000)
    second = settle(world, NOW + WEEK)
    assert second.opening == first.closing
    assert (second.after, second.upto) == (first.upto, len(world.postings) - 1)
    assert second.income == 10_000
    assert second.payable == first.payable + 10_000 - second.tax


def test_tax_adds_up_over_the_month_however_often_is_settled() -> None:
    world = company()
    withheld = 0
    for week in range(3):
        earn(world, week, 200_000)
        withheld += settle(world, NOW + week * WEEK).tax
    # Two of the three weeks end in November, the third in December.
    assert withheld == tax_of(CONTRACTORS, 400_000) + tax_of(CONTRACTORS, 200_000)


def test_cash_beyond_what_he_earned_stays_his_debt() -> None:
    world = company()
    earn(world, 1, 30_000)
    collect(world, 1, 50_000)
    made = settle(world)
    assert (made.netted, made.closing.available, made.closing.cash) == (30_000, 0, 20_000)
    assert made.payable == 0
    earn(world, 2, 50_000)
    assert settle(world, NOW + WEEK).closing == Balances(available=30_000)


def test_what_was_handed_in_since_the_period_ended_is_not_netted_again() -> None:
    account_ = Account(id="li", region="sh")
    sums = (Total("release", "available", 30_000, 1), Total("capture", "cash", 10_000, 1))
    found = reckon(account_, sums, "2026-11", (), cash_now=0, available_now=30_000)
    assert (found.netted, found.settled) == (0, 30_000)


def test_a_period_is_settled_once_and_not_before_it_is_over() -> None:
    world = company()
    earn(world, 1, 10_000)
    settle(world)
    with pytest.raises(Rejected, match="settled_already"):
        payroll.begin(world, NOW)
    with pytest.raises(Rejected, match="period_not_over"):
        world.do(FINANCE, StartSettlement(cadence="weekly", first="2026-11-23", upto=9), NOW)
    with pytest.raises(Rejected, match="period_invalid"):
        world.do(FINANCE, StartSettlement(cadence="weekly", first="2026-11-17", upto=9), NOW)


def test_a_technician_has_one_statement_a_run_however_often_it_is_resumed() -> None:
    world = company()
    earn(world, 1, 10_000)
    upto = len(world.postings)
    run = payroll.begin(world, NOW)
    payroll.settle_one(world, run, upto, NOW)
    with pytest.raises(Rejected, match="settled_already"):
        payroll.settle_one(world, run, upto, NOW)
    assert world.get(Settlement, run) is not None


def test_an_employee_has_no_statement() -> None:
    world = company(trade.technician("li", employment="employee"))
    run = payroll.begin(world, NOW)
    with pytest.raises(Rejected, match="has_wages"):
        payroll.settle_one(world, run, 0, NOW)


def test_only_finance_settles() -> None:
    world = company()
    for who in (trade.DISPATCHER, trade.SUPERVISOR, trade.ADMINISTRATOR):
        with pytest.raises(Rejected, match="not_allowed"):
            world.do(who, StartSettlement(cadence="weekly", first="2026-11-16", upto=0), NOW)


def test_what_comes_while_a_run_is_under_way_belongs_to_the_next_one() -> None:
    world = company()
    earn(world, 1, 10_000)
    upto = len(world.postings)
    run = payroll.begin(world, NOW, upto)
    earn(world, 2, 5_000)
    payroll.settle_one(world, run, upto, NOW + DAY_MS)
    assert account(world).settled == 10_000
    assert has(world, "available") == 15_000


def test_a_cards_number_is_checked_by_its_last_digit() -> None:
    assert card_fits(payroll.CARD)
    assert not card_fits(payroll.CARD[:-1] + str((int(payroll.CARD[-1]) + 1) % 10))
    assert not card_fits("123")
