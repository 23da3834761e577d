"""Appeals against credit, what levels bring, and who may do it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain import role
from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    AgeCredit,
    AppealCredit,
    Arrive,
    DecideCredit,
    DecideSuspension,
    Depart,
    GrantBonus,
    LiftSuspension,
    ProposeSuspension,
    RecordMeasure,
    SaveTechnician,
    SetTechnicianStatus,
)  # fmt: skip
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.credit import Credit, CreditStep
from dispatcher_app.domain.region import Policy
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.onsite import LI, WANG
from tests.domain.trade import CENTRE, DISPATCHER, NOW, SUPERVISOR, hour

VETTING, COLLEAGUE = trade.staff("vetting"), trade.staff("vetting", id="vetting2")
FINANCE, COMPLAINTS = trade.staff("finance"), trade.staff("complaints")
LATE = hour(16.2)
MONTH = "2026-11"


def company(points: int = 80, **figures: Any) -> Rehearsal:
    """A company in which Li came too late, and stood at so many points before."""
    world = trade.company(policy=Policy(**figures))
    then = trade.technician_of(world, "li")
    world.do(SYSTEM, SaveTechnician(technician=replace(then, credit=points)), NOW)
    trade.assigned(world)
    world.do(LI, Depart(order="o1", technician="li"), hour(15.8))
    world.do(LI, Arrive(order="o1", technician="li", point=CENTRE, accuracy_m=10), LATE)
    return world


def credit_of(world: Rehearsal) -> Credit:
    found = world.get(Credit, "li")
    assert found is not None
    return found


def late(world: Rehearsal) -> CreditStep:
    return next(each for each in credit_of(world).steps if each.cause == "late")


def points(world: Rehearsal) -> int:
    return trade.technician_of(world, "li").credit


def refused(world: Rehearsal, actor: Actor, command: Any, at: int = LATE) -> str:
    with pytest.raises(Rejected) as caught:
        world.do(actor, command, at)
    return caught.value.code


def appeal(world: Rehearsal, actor: Actor = LI, **changes: Any) -> None:
    made = AppealCredit(technician="li", step=late(world).id, reason="小区封路，绕行二十分钟")
    world.do(actor, replace(made, **changes), LATE + DAY_MS)


def verdict(world: Rehearsal, *, upheld: bool) -> DecideCredit:
    return DecideCredit(technician="li", step=late(world).id, upheld=upheld, answer="轨迹显示封路")


# ---------------------------------------------------------------- appeals
def test_an_appeal_that_is_right_gives_the_points_back_and_leaves_the_step_to_be_seen() -> None:
    world = company()
    appeal(world)
    assert points(world) == 75, "it counts until it is decided"
    assert [each.id for each in credit_of(world).to_decide] == [late(world).id]
    world.do(VETTING, verdict(world, upheld=True), LATE + 2 * DAY_MS)
    step = late(world)
    assert (points(world), step.void) == (80, "appeal")
    assert step.appeal is not None
    assert (step.appeal.state, step.appeal.decided_by, step.appeal.answer) == (
        "upheld",
        "staff:vetting",
        "轨迹显示封路",
    )


def test_an_appeal_that_is_wrong_changes_nothing_and_is_not_heard_twice() -> None:
    world = company()
    appeal(world)
    world.do(VETTING, verdict(world, upheld=False), LATE + 2 * DAY_MS)
    assert points(world) == 75
    assert refused(world, VETTING, verdict(world, upheld=True), LATE + 2 * DAY_MS) == "appeal_decided"
    again = AppealCredit(technician="li", step=late(world).id, reason="再申诉")
    assert refused(world, LI, again, LATE + 2 * DAY_MS) == "appealed_already"


def test_nobody_decides_about_an_appeal_that_he_has_written_down() -> None:
    world = company()
    appeal(world, VETTING)
    assert refused(world, VETTING, verdict(world, upheld=True)) == "same_person"
    world.do(COLLEAGUE, verdict(world, upheld=True), LATE + 2 * DAY_MS)
    assert points(world) == 80


@pytest.mark.parametrize(
    ("actor", "changes", "at", "code"),
    [
        (LI, {"reason": "  "}, LATE, "required"),
        (LI, {"reason": "很" * 501}, LATE, "too_long"),
        (LI, {"step": "nothing"}, LATE, "not_found"),
        (LI, {}, LATE + 15 * DAY_MS, "appeal_too_late"),
        (WANG, {}, LATE, "not_allowed"),
        (LI, {"technician": "wang"}, LATE, "not_found"),
    ],
)
def test_an_appeal_that_is_not_his_or_says_nothing_or_comes_too_late_is_refused(
    actor: Actor, changes: dict[str, Any], at: int, code: str
) -> None:
    world = company()
    made = AppealCredit(technician="li", step=late(world).id, reason="封路")
    assert refused(world, actor, replace(made, **changes), at) == code


def test_what_gives_points_or_was_only_carried_over_is_not_appealed_against() -> None:
    world = company(points=95)
    carried = next(each for each in credit_of(world).steps if each.cause == "carried_over")
    made = AppealCredit(technician="li", step=carried.id, reason="太少")
    assert refused(world, LI, made) == "step_costs_nothing"


# ---------------------------------------------------------------- time
def test_a_step_that_has_become_too_old_gives_its_points_back_by_itself() -> None:
    world = company()
    then = LATE + 90 * DAY_MS
    assert refused(world, SYSTEM, AgeCredit(technician="li"), then - 1) == "is_so_already"
    world.do(SYSTEM, AgeCredit(technician="li"), then)
    assert (points(world), credit_of(world).steps) == (80, ())
    assert refused(world, SUPERVISOR, AgeCredit(technician="li"), then) == "not_allowed"


# ---------------------------------------------------------------- honour
def bonus(**changes: Any) -> GrantBonus:
    return replace(GrantBonus(technician="li", month=MONTH, amount=10_000), **changes)


def test_a_bonus_is_posted_once_a_month() -> None:
    world = company(points=96)
    world.do(FINANCE, bonus(), LATE)
    available = ledger.technician("li", "available")
    assert world.balance("sh", available, "CNY") == -10_000
    assert world.balance("sh", ledger.platform("bonuses"), "CNY") == 10_000
    assert refused(world, FINANCE, bonus()) == "bonus_granted"
    december = LATE + 10 * DAY_MS
    world.do(FINANCE, bonus(month="2026-12"), december)
    assert [each.month for each in credit_of(world).bonuses] == ["2026-11", "2026-12"]


@pytest.mark.parametrize(
    ("stood", "changes", "code"),
    [
        (80, {}, "not_in_honour"),
        (96, {"month": "2026-10"}, "month_unfit"),
        (96, {"month": "2026-13"}, "month_unfit"),
        (96, {"amount": 20_000}, "amount_changed"),
        (96, {"amount": -1}, "amount_changed"),
    ],
)
def test_a_bonus_that_was_not_proposed_is_refused(stood: int, changes: dict[str, Any], code: str) -> None:
    assert refused(company(points=stood), FINANCE, bonus(**changes)) == code


def test_whoever_gets_wages_gets_no_bonus_by_the_ledger() -> None:
    world = company(points=96)
    then = trade.technician_of(world, "li")
    world.do(SYSTEM, SaveTechnician(technician=replace(then, employment="employee")), LATE)
    assert refused(world, FINANCE, bonus()) == "bonus_by_wages"


# ---------------------------------------------------------------- warning, training, suspension
def test_a_level_asks_for_a_measure_until_somebody_has_taken_it() -> None:
    world = company(points=70)
    assert credit_of(world).level == "warning"
    warned = RecordMeasure(technician="li", what="warned", note="已电话提醒准时")
    assert refused(world, SUPERVISOR, replace(warned, what="trained")) == "measure_not_due"
    world.do(SUPERVISOR, warned, LATE)
    assert refused(world, SUPERVISOR, warned) == "measure_not_due"
    (made,) = credit_of(world).measures
    assert (made.what, made.by, made.note) == ("warned", "staff:supervisor", "已电话提醒准时")


def test_a_proposed_suspension_is_decided_by_vetting_and_lifted_by_vetting() -> None:
    world = company(points=50)
    assert credit_of(world).proposed is not None
    decided = DecideSuspension(technician="li", impose=True, answer="连续迟到")
    change = world.do(VETTING, decided, LATE)
    assert [each.code for each in change.warnings] == ["suspended_now"]
    then = trade.technician_of(world, "li")
    assert (then.suspended, then.status) == (True, "offline")
    online = SetTechnicianStatus(technician="li", from_status="offline", status="online")
    assert refused(world, DISPATCHER, online) == "suspended"
    assert refused(world, VETTING, decided) == "nothing_proposed"
    world.do(VETTING, LiftSuspension(technician="li", reason="已完成培训"), LATE)
    assert not trade.technician_of(world, "li").suspended
    asked = credit_of(world).suspension
    assert asked is not None
    assert asked.state == "lifted"


def test_a_suspension_is_decided_and_not_typed_into_a_form() -> None:
    world = company()
    then = trade.technician_of(world, "li")
    world.do(SUPERVISOR, SaveTechnician(technician=replace(then, suspended=True)), LATE)
    assert not trade.technician_of(world, "li").suspended


def test_whoever_proposes_a_suspension_does_not_decide_it() -> None:
    world = company()
    asked = ProposeSuspension(technician="li", reason="客户反映私下收费")
    world.do(VETTING, asked, LATE)
    assert refused(world, COMPLAINTS, asked) == "suspension_proposed"
    decided = DecideSuspension(technician="li", impose=False, answer="查无实据")
    assert refused(world, VETTING, decided) == "same_person"
    world.do(COLLEAGUE, decided, LATE)
    assert not trade.technician_of(world, "li").suspended


def test_somebody_of_whom_nothing_was_ever_said_can_be_proposed_for_suspension() -> None:
    world = trade.company()
    world.do(SUPERVISOR, ProposeSuspension(technician="wang", reason="证件存疑"), NOW)
    world.do(VETTING, DecideSuspension(technician="wang", impose=True, answer="证件过期"), NOW)
    assert trade.technician_of(world, "wang").suspended


# ---------------------------------------------------------------- roles
@pytest.mark.parametrize("who", role.STAFF_ROLES)
def test_what_each_role_may_do_about_credit(who: str) -> None:
    actor = trade.staff(who, id=f"some-{who}")

    def may(world: Rehearsal, command: Any) -> bool:
        try:
            world.do(actor, command, LATE)
        except Rejected as rejected:
            return rejected.code != "not_allowed"
        return True

    world = company()
    step = late(world).id
    appealed = may(world, AppealCredit(technician="li", step=step, reason="封路"))
    other = company()
    appeal(other)
    decided = may(other, verdict(other, upheld=True))
    assert appealed == (who in {"dispatcher", "supervisor", "vetting", "complaints"})
    assert decided == (who == "vetting")
    assert may(company(points=70), RecordMeasure(technician="li", what="warned", note="提醒")) == (
        who in {"supervisor", "vetting"}
    )
    assert may(company(points=96), bonus()) == (who in {"finance", "supervisor"})
    assert may(company(), ProposeSuspension(technician="li", reason="投诉多")) == (
        who in {"supervisor", "complaints", "vetting"}
    )
    assert may(company(points=50), DecideSuspension(technician="li", impose=False, answer="再观察")) == (
        who == "vetting"
    )


def test_people_of_another_region_have_no_say() -> None:
    world = company()
    appeal(world)
    away = trade.staff("vetting", regions=("bj",))
    assert refused(world, away, verdict(world, upheld=True)) == "other_region"
