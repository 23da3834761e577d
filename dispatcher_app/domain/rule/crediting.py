"""Credit: appeals that somebody else decides, and what each level brings: bonus, warning, training, suspension."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, World
from dispatcher_app.domain.calendar import DAY_MS, local_date
from dispatcher_app.domain.command import (
    AgeCredit,
    AppealCredit,
    DecideCredit,
    DecideSuspension,
    GrantBonus,
    LiftSuspension,
    ProposeSuspension,
    RecordMeasure,
)  # fmt: skip
from dispatcher_app.domain.entity import changed
from dispatcher_app.domain.money import credit as rules
from dispatcher_app.domain.money import entries
from dispatcher_app.domain.money.credit import Appeal, Bonus, Credit, CreditStep, Measure, Suspension
from dispatcher_app.domain.rule.conduct import credit_of, settled
from dispatcher_app.domain.rule.dispatching import own
from dispatcher_app.domain.rule.facts import in_region, policy_of, region_of, required_text
from dispatcher_app.domain.technician import Technician

REASON_LIMIT: Final = 500
BONUSES_KEPT: Final = 24
MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def appeal(command: AppealCredit, act: Act, world: World, now: int) -> Change:
    """Within the days for it, once, and only against what took something from him."""
    technician, credit = credit_in(world, command.technician, act)
    if act.actor.kind == "technician":
        own(act, technician.id)
    else:
        role.require(act.actor, role.APPEALS_CREDIT, act.region)
    step = step_in(credit, command.step)
    if step.void or step.points >= 0 or step.cause == "carried_over":
        raise Rejected("step_costs_nothing", "step")
    if step.appeal is not None:
        raise Rejected("appealed_already", "step", at=step.appeal.at)
    days = policy_of(world).credit_appeal_days
    if act.at - step.at > days * DAY_MS:
        raise Rejected("appeal_too_late", "step", days=days)
    reason = required_text(command.reason, "reason", REASON_LIMIT)
    made = replace(step, appeal=Appeal(at=act.at, by=act.actor.name, reason=reason))
    return Change(after=(with_step(credit, made),))


def decide_appeal(command: DecideCredit, act: Act, world: World, now: int) -> Change:
    """Vetting decides, and never about what the same person has written down or caused."""
    role.require(act.actor, role.DECIDES_CREDIT, act.region)
    technician, credit = credit_in(world, command.technician, act)
    step = step_in(credit, command.step)
    if step.appeal is None or step.appeal.state != "open":
        raise Rejected("appeal_decided", "step")
    not_his_own(act, step.appeal.by)
    answer = required_text(command.answer, "answer", REASON_LIMIT)
    decided = replace(
        step.appeal, state="upheld" if command.upheld else "dismissed", decided_by=act.actor.name, decided_at=act.at,
        answer=answer,
    )  # fmt: skip
    made = with_step(credit, replace(step, appeal=decided))
    if command.upheld:
        made = rules.without(made, step.id, "appeal")
    return Change(after=settled(made, technician, policy_of(world), now))


def age(command: AgeCredit, act: Act, world: World, now: int) -> Change:
    """What is too old counts no more; said by the system alone, where it makes a difference."""
    if act.actor.kind != "system":
        raise Rejected("not_allowed", None, needs=["system"])
    technician, credit = credit_in(world, command.technician, act)
    after = settled(credit, technician, policy_of(world), now)
    if after == (credit,):
        raise Rejected("is_so_already", None)
    return Change(after=after)


def measure(command: RecordMeasure, act: Act, world: World, now: int) -> Change:
    """He was warned or trained; once since he came to the level that asks for it."""
    role.require(act.actor, role.TAKES_MEASURES, act.region)
    _, credit = credit_in(world, command.technician, act)
    if rules.measure_due(credit) != command.what:
        raise Rejected("measure_not_due", "what")
    note = required_text(command.note, "note", REASON_LIMIT)
    # Never before he came to the level, or a clock that is slow would leave it asked for.
    at = max(act.at, credit.since)
    made = (*credit.measures, Measure(what=command.what, at=at, by=act.actor.name, note=note))
    return Change(after=(changed(credit, measures=made[-rules.MEASURES_KEPT :]),))


def grant_bonus(command: GrantBonus, act: Act, world: World, now: int) -> Change:
    """The system proposes it, a person grants it: this month's, as long as he stands in honour, once."""
    role.require(act.actor, role.GRANTS_BONUS, act.region)
    technician, credit = credit_in(world, command.technician, act)
    policy, region = policy_of(world), region_of(world, act.region)
    if MONTH.fullmatch(command.month) is None or command.month != local_date(now, region.timezone)[:7]:
        raise Rejected("month_unfit", "month", month=local_date(now, region.timezone)[:7])
    if credit.level != "honour":
        raise Rejected("not_in_honour", None, score=technician.credit)
    if not rules.bonus_due(credit, command.month):
        raise Rejected("bonus_granted", None, month=command.month)
    if technician.employment == "employee":
        raise Rejected("bonus_by_wages", None)
    if command.amount != policy.credit_bonus:
        raise Rejected("amount_changed", "amount", amount=policy.credit_bonus, currency=region.currency)
    if command.amount <= 0:
        raise Rejected("amount_invalid", "amount")
    made = Bonus(
        month=command.month, amount=command.amount, currency=region.currency, at=act.at, by=act.actor.name
    )
    posted = entries.bonus(f"{technician.id}:{command.month}", technician.id, command.amount, region.currency)
    return Change(
        after=(changed(credit, bonuses=(*credit.bonuses, made)[-BONUSES_KEPT:]),), postings=(posted,)
    )


def propose_suspension(command: ProposeSuspension, act: Act, world: World, now: int) -> Change:
    """A person asks for it, whatever the score says; another one decides."""
    role.require(act.actor, role.PROPOSES_SUSPENSION, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    if technician.suspended:
        raise Rejected("is_so_already", None)
    credit = credit_of(world, technician, policy_of(world), act.at)
    if credit.proposed is not None:
        raise Rejected("suspension_proposed", None, who=credit.proposed.by, when=credit.proposed.at)
    reason = required_text(command.reason, "reason", REASON_LIMIT)
    asked = Suspension(at=act.at, by=act.actor.name, score=technician.credit, reason=reason)
    return Change(after=(changed(credit, suspension=asked),))


def decide_suspension(command: DecideSuspension, act: Act, world: World, now: int) -> Change:
    """Vetting decides; who has proposed it does not. His visits stay and are listed until somebody else has them."""
    role.require(act.actor, role.DECIDES_CREDIT, act.region)
    technician, credit = credit_in(world, command.technician, act)
    asked = credit.proposed
    if asked is None:
        raise Rejected("nothing_proposed", None)
    not_his_own(act, asked.by)
    answer = required_text(command.answer, "answer", REASON_LIMIT)
    decided = replace(
        asked, state="imposed" if command.impose else "dismissed", decided_by=act.actor.name, decided_at=act.at,
        answer=answer,
    )  # fmt: skip
    after = changed(credit, suspension=decided)
    if not command.impose:
        return Change(after=(after,))
    stopped = replace(technician, suspended=True, status="offline")
    return Change(after=(after, stopped), warnings=(Broken("suspended_now", {"technician": technician.id}),))


def lift_suspension(command: LiftSuspension, act: Act, world: World, now: int) -> Change:
    """He may work again; his score stays what it is."""
    role.require(act.actor, role.DECIDES_CREDIT, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    if not technician.suspended:
        raise Rejected("is_so_already", None)
    reason = required_text(command.reason, "reason", REASON_LIMIT)
    credit = credit_of(world, technician, policy_of(world), act.at)
    former = credit.suspension or Suspension(
        at=act.at, by=act.actor.name, score=technician.credit, reason=reason
    )
    lifted = replace(
        former,
        state="lifted",
        score=technician.credit,
        decided_by=act.actor.name,
        decided_at=act.at,
        answer=reason,
    )
    return Change(after=(changed(credit, suspension=lifted), replace(technician, suspended=False)))


def credit_in(world: World, id: str, act: Act) -> tuple[Technician, Credit]:
    """A technician and his credit; raises Rejected where there is no such technician, or nothing was ever said of him."""
    technician = in_region(world, Technician, id, "technician", act.region)
    return technician, in_region(world, Credit, id, "technician", act.region)


def step_in(credit: Credit, id: str) -> CreditStep:
    """The step that a command names."""
    found = credit.find(id)
    if found is None:
        raise Rejected("not_found", "step", kind="credit_step", id=id)
    return found


def with_step(credit: Credit, made: CreditStep) -> Credit:
    """The credit with a step as it stands now, where it stood."""
    return changed(credit, steps=tuple(made if each.id == made.id else each for each in credit.steps))


def not_his_own(act: Act, by: str) -> None:
    """Nobody decides about what he has asked for himself."""
    if act.actor.name == by:
        raise Rejected("same_person", None)
