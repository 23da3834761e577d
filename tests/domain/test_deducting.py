"""Deductions: never without evidence, never more than is there, and given back where an appeal is granted."""

from __future__ import annotations

import dataclasses

import pytest

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import AppealDeduction, DecideAppeal, Deduct, PayDeposit
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.deduction import Deduction
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.payroll import FINANCE, OTHER, SUPERVISOR, account, company, earn, has, settle
from tests.domain.trade import NOW

LI = Actor(kind="technician", id="li", regions=frozenset({"sh"}))
DEDUCT = Deduct(
    deduction="d1",
    technician="li",
    amount=5_000,
    reason="damage",
    text="烧坏了主板",
    order="o1",
    complaint="k1",
)


@pytest.fixture
def world() -> Rehearsal:
    """He has ¥500, all settled, and a complaint stands against him."""
    made = company()
    trade.booked(made)
    earn(made, 1, 50_000)
    settle(made)
    complaint = Complaint(
        id="k1", region="sh", order="o1", customer="c-o1", source="phone", categories=("damage",), at=NOW,
        by="staff:sun", answer_due=NOW, solve_due=NOW,
    )  # fmt: skip
    made.entities["complaint", "k1"] = complaint
    return made


def state(world: Rehearsal) -> str:
    made = world.get(Deduction, "d1")
    assert made is not None
    return made.state


def test_a_deduction_is_taken_from_what_is_available_and_settled(world: Rehearsal) -> None:
    world.do(FINANCE, DEDUCT, NOW)
    assert (has(world, "available"), account(world).settled, state(world)) == (45_000, 45_000, "made")
    posted = world.postings["deduction:d1"]
    assert (posted.order, len(posted.entries)) == ("o1", 2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"complaint": None}, "evidence_missing"),
        ({"complaint": "k9"}, "not_found"),
        ({"complaint": None, "attachments": ("photo",)}, "not_found"),
        ({"complaint": None, "order": None, "attachments": ("photo",)}, "required"),
        ({"amount": 50_001}, "more_than_there"),
        ({"amount": 0}, "amount_invalid"),
        ({"amount": -5}, "amount_invalid"),
        ({"source": "deposit"}, "more_than_there"),
        ({"text": " "}, "required"),
        ({"reason": "他自己弄坏的"}, "reason_unknown"),
    ],
)
def test_a_deduction_without_evidence_reason_or_money_is_refused(
    world: Rehearsal, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Rejected, match=code):
        world.do(FINANCE, dataclasses.replace(DEDUCT, **changes), NOW)  # type: ignore[arg-type]


def test_dispatchers_and_administrators_deduct_nothing(world: Rehearsal) -> None:
    for who in (trade.DISPATCHER, trade.ADMINISTRATOR):
        with pytest.raises(Rejected, match="not_allowed"):
            world.do(who, DEDUCT, NOW)


def test_an_appeal_that_is_granted_gives_the_money_back_by_a_reversal(world: Rehearsal) -> None:
    world.do(FINANCE, DEDUCT, NOW)
    world.do(LI, AppealDeduction(deduction="d1", text="到之前就坏了"), NOW + DAY_MS)
    assert state(world) == "appealed"
    world.do(SUPERVISOR, DecideAppeal(deduction="d1", granted=True, text="照片为证"), NOW + 2 * DAY_MS)
    assert (has(world, "available"), account(world).settled, state(world)) == (50_000, 50_000, "reversed")
    assert world.postings["deduction_reversed:d1"].reverses == "deduction:d1"


def test_an_appeal_that_is_not_granted_changes_nothing(world: Rehearsal) -> None:
    world.do(FINANCE, DEDUCT, NOW)
    world.do(LI, AppealDeduction(deduction="d1", text="不是我"), NOW)
    world.do(SUPERVISOR, DecideAppeal(deduction="d1", granted=False, text="视频为证"), NOW)
    assert (has(world, "available"), state(world)) == (45_000, "upheld")
    with pytest.raises(Rejected, match="deduction_stands"):
        world.do(LI, AppealDeduction(deduction="d1", text="再来"), NOW)


def test_nobody_decides_about_his_own_deduction_or_about_an_appeal_that_he_wrote(world: Rehearsal) -> None:
    world.do(FINANCE, DEDUCT, NOW)
    world.do(OTHER, AppealDeduction(deduction="d1", text="师傅电话里说的"), NOW)
    for who in (FINANCE, OTHER):
        with pytest.raises(Rejected, match="own_deduction"):
            world.do(who, DecideAppeal(deduction="d1", granted=True, text="好"), NOW)


def test_an_appeal_comes_in_time_and_from_nobody_else(world: Rehearsal) -> None:
    world.do(FINANCE, DEDUCT, NOW)
    wang = Actor(kind="technician", id="wang", regions=frozenset({"sh"}))
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(wang, AppealDeduction(deduction="d1", text="x"), NOW)
    with pytest.raises(Rejected, match="appeal_late"):
        world.do(LI, AppealDeduction(deduction="d1", text="x"), NOW + 8 * DAY_MS)


def test_a_deduction_from_the_deposit_touches_nothing_else_and_comes_back_there(world: Rehearsal) -> None:
    world.do(FINANCE, PayDeposit(deposit="p1", technician="li", amount=9_000, means="transfer"), NOW)
    world.do(FINANCE, dataclasses.replace(DEDUCT, source="deposit"), NOW)
    assert (has(world, "deposit"), has(world, "available"), account(world).settled) == (4_000, 50_000, 50_000)
    world.do(LI, AppealDeduction(deduction="d1", text="不是我"), NOW)
    world.do(SUPERVISOR, DecideAppeal(deduction="d1", granted=True, text="是"), NOW)
    assert has(world, "deposit") == 9_000
