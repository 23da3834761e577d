"""Every code of money between us and technicians has a word in both languages, and an unknown one stands as it is."""

from __future__ import annotations

from dispatcher_app import text
from dispatcher_app.domain import command as c
from dispatcher_app.domain.money import ledger, withdrawal
from dispatcher_app.domain.money.account import WAYS
from dispatcher_app.payout.batch import REASONS
from ui.account import word
from ui.account.panel import PAGES

TABLES = (
    word.EMPLOYMENTS, word.BUCKETS, word.CAUSES, word.STATES, word.WAYS, word.DEDUCTED, word.REASONS, word.WHY_BACK,
    PAGES,
)  # fmt: skip


def test_every_word_is_translated() -> None:
    known = text.catalog("zh_CN")
    assert sorted({said for table in TABLES for said in table.values()} - known.keys()) == []


def test_every_code_has_a_word() -> None:
    assert set(ledger.BUCKETS) == word.BUCKETS.keys()
    assert set(WAYS) == word.WAYS.keys()
    assert word.STATES.keys() >= withdrawal.OPEN
    assert {*REASONS, "other"} == word.WHY_NOT_PAID.keys()
    assert word.word(word.CAUSES, "something_new") == "something_new"


def test_what_was_refused_is_named_in_chinese() -> None:
    for command in (
        c.RequestWithdrawal,
        c.SendWithdrawals,
        c.Deduct,
        c.DecideAppeal,
        c.PayDeposit,
        c.SaveWay,
    ):
        assert text.has_cjk(text.t(f"{c.name_of(command)}##command"))
