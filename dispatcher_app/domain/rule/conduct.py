"""What an act says of a technician's conduct: the steps of his credit that follow from what it did, or took back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from dispatcher_app.domain.act import SYSTEM, Act, Change, Missing, World
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.entity import E, Entity, changed
from dispatcher_app.domain.money import credit as rules
from dispatcher_app.domain.money.complaint import Complaint, upheld
from dispatcher_app.domain.money.credit import Cause, Credit, CreditStep, Suspension, Void, Why
from dispatcher_app.domain.order import Order, Step, Visit
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.facts import policy_of
from dispatcher_app.domain.talk import Review
from dispatcher_app.domain.technician import Technician

TOLD: Final = frozenset({
    "assign", "reassign", "accept", "award", "answer_transfer", "force_transfer", "change_appointment",
})  # fmt: skip
"""Steps of an order after which somebody knows where to be and when."""
OWN_WORD: Final = frozenset({"accept", "award", "answer_transfer"})
"""Steps by which somebody takes an order himself."""
ENDS: Final = frozenset({"finish", "decline_quote", "finish_device"})
"""Steps with which the work is over, however it came out."""
SPEAKS: Final = ENDS | {"arrive", "drop", "cancel"}
"""Steps that may say something of whoever had the order."""
NO_SHOW: Final = "technician_absent"
"""Why an order is cancelled whose technician did not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A step that an act causes for a technician."""

    technician: str
    cause: Cause
    points: int
    order: Order | None = None
    about: str = ""
    why: Why = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """A step that counts no more for a technician: the one of an `act`, or what was said of it before."""

    technician: str
    void: Void
    act: str = ""
    cause: Cause | None = None
    order: str = ""
    about: str = ""

    def means(self, step: CreditStep) -> bool:
        """Whether it is that step."""
        if self.act:
            return step.id == self.act
        return (step.cause, step.order) == (self.cause, self.order) and self.about in ("", step.about)


def conduct(world: World, act: Act, change: Change, now: int) -> Change:
    """The change with the credit of whoever it says something of; a desk, which can't know, leaves it to the server."""
    try:
        policy = policy_of(world)
        said, unsaid = tuple(saying(world, act, change, policy)), tuple(unsaying(world, act, change))
        if not said and not unsaid:
            return change
        made: list[Entity] = []
        for id in dict.fromkeys([*(each.technician for each in said), *(each.technician for each in unsaid)]):
            made += judged(world, act, change, id, said, unsaid, policy, now)
    except Missing:
        return change
    ids = {(each.kind, each.id) for each in made}
    return replace(change, after=(*(each for each in change.after if (each.kind, each.id) not in ids), *made))


# ---------------------------------------------------------------- what it says
def saying(world: World, act: Act, change: Change, policy: Policy) -> Iterator[Said]:
    """The steps that an act causes; nothing of what only declines, plans or waits."""
    for each in change.after:
        if isinstance(each, Order):
            yield from of_order(world, each, policy)
        elif isinstance(each, Review) and each.technician is not None:
            points = policy.credit_stars[each.stars - 1] if each.stars <= len(policy.credit_stars) else 0
            if points:
                order = world.get(Order, each.id)
                yield Said(
                    technician=each.technician,
                    cause="stars",
                    points=points,
                    order=order,
                    about=str(each.stars),
                )
        elif isinstance(each, Complaint):
            before = upheld(world.get(Complaint, each.id))
            for id in upheld(each):
                if id not in before:
                    yield Said(
                        technician=id, cause="complaint", points=-policy.credit_complaint, about=each.id,
                        order=world.get(Order, each.order),
                    )  # fmt: skip


def of_order(world: World, order: Order, policy: Policy) -> Iterator[Said]:
    """What the last step of an order says, if this act has made it."""
    last = order.steps[-1] if order.steps else None
    if last is None or last.action not in SPEAKS:
        return
    before = world.get(Order, order.id)
    if before is None or len(before.steps) >= len(order.steps):
        return
    if last.action == "arrive" and order.technician is not None:
        found = arrived(world, before, order.visit, order.technician, policy)
        if found is not None:
            cause, points, why = found
            yield Said(technician=order.technician, cause=cause, points=points, order=order, why=why)
    elif last.action == "drop" and before.technician is not None and not in_grace(before, last.at, policy):
        yield Said(technician=before.technician, cause="dropped", points=-policy.credit_dropped, order=order)
    elif last.action in ENDS and unfinished(order, policy) and (who := who_worked(order)) is not None:
        yield Said(technician=who, cause="not_completed", points=-policy.credit_not_completed, order=order)
    elif last.action == "cancel" and last.params.get("reason") == NO_SHOW and before.technician is not None:
        yield Said(technician=before.technician, cause="no_show", points=-policy.credit_no_show, order=order)


def who_worked(order: Order) -> str | None:
    """Whose visit it was."""
    return order.visit.technician or order.technician


def unfinished(order: Order, policy: Policy) -> bool:
    """Whether nothing was repaired, and for one line at least he had to give up."""
    excuses = {line.excuse for line in order.lines if line.state == "excused"}
    return order.result != "repaired" and not excuses.isdisjoint(policy.credit_unfinished)


def in_grace(order: Order, at: int, policy: Policy) -> bool:
    """Whether somebody else gave it to him a moment ago: to pass that on is to decline, which costs nothing."""
    told = told_at(order)
    return (
        told is not None
        and told.action not in OWN_WORD
        and at - told.at <= policy.credit_drop_grace * MINUTE_MS
    )


def told_at(order: Order) -> Step | None:
    """The step by which its technician came to know where to be and when."""
    return next((each for each in reversed(order.steps) if each.action in TOLD), None)


def arrived(
    world: World, order: Order, visit: Visit, technician: str, policy: Policy
) -> tuple[Cause, int, Why] | None:
    """On time, late, or late for no fault of his; None where nothing was promised."""
    if visit.window is None or visit.arrival is None:
        return None
    if visit.arrival.at <= visit.window.end:
        return "on_time", policy.credit_on_time, ""
    why = excused(world, order, technician, visit.window.end)
    return "late", 0 if why else -policy.credit_late, why


def excused(world: World, order: Order, technician: str, until: int) -> Why:
    """What made him late, where it was the plan, the customer or the visit before; "" where nothing but he did.

    Whoever could not have been there by `until` (UTC ms), setting out when he was told or when the visit before was
    over, is not to blame.
    """
    day = world.get(Day, day_id(technician, order.planned_on)) if order.planned_on is not None else None
    stop = day.stop_of(order.id) if day is not None else None
    # That the visit before takes too long is marked as well, by forecast; what came of it is looked at below.
    broken = order.unkept is not None and order.unkept.reason != "late"
    if day is None or stop is None or stop.start > until or broken:
        return "planned_late"
    told = told_at(order)
    if told is not None and told.at + stop.travel_s * 1000 > until:
        return "customer_moved" if by_customer(order) else "told_late"
    ended = over_before(world, day, stop)
    return "held_up" if ended is not None and ended + stop.travel_s * 1000 > until else ""


def by_customer(order: Order) -> bool:
    """Whether it was the customer who moved the appointment the last time."""
    moved = next((each for each in reversed(order.steps) if each.action == "change_appointment"), None)
    return moved is not None and moved.params.get("side") == "customer"


def over_before(world: World, day: Day, stop: Stop) -> int | None:
    """When the visit before in his plan was over (UTC ms), None where there was none."""
    former = [each for each in day.stops if each.start < stop.start and each.state == "done"]
    if not former:
        return None
    order = world.get(Order, former[-1].order)
    ended = (
        [each.ended_at for each in order.visits if each.number == former[-1].visit]
        if order is not None
        else []
    )
    return ended[0] if ended and ended[0] is not None else former[-1].end


# ---------------------------------------------------------------- what it takes back
def unsaying(world: World, act: Act, change: Change) -> Iterator[Unsaid]:
    """The steps that count no more: their act is undone, their review or judgement is another one."""
    for each in change.after:
        if isinstance(each, Order) and act.undoes is not None:
            for id in concerned(world, each):
                yield Unsaid(technician=id, void="taken_back", act=act.undoes)
        elif isinstance(each, Review):
            former = world.get(Review, each.id)
            if former is not None and former.technician is not None:
                yield Unsaid(technician=former.technician, void="judged_again", cause="stars", order=each.id)
        elif isinstance(each, Complaint):
            left = frozenset(upheld(each))
            for id in upheld(world.get(Complaint, each.id)):
                if id not in left:
                    yield Unsaid(
                        technician=id, void="judged_again", cause="complaint", order=each.order, about=each.id
                    )


def concerned(world: World, order: Order) -> list[str]:
    """Those who have ever had the order, whose credit an act about it may have changed."""
    before = world.get(Order, order.id)
    named = (step.params.get("technician") for step in (before.steps if before is not None else ()))
    found = (*named, *(visit.technician for visit in order.visits), order.technician)
    return [each for each in dict.fromkeys(found) if isinstance(each, str) and has_credit(world, each)]


def has_credit(world: World, technician: str) -> bool:
    """Whether anything was ever said of him."""
    return world.get(Credit, technician) is not None


# ---------------------------------------------------------------- what becomes of it
def judged(
    world: World,
    act: Act,
    change: Change,
    id: str,
    said: Iterable[Said],
    unsaid: Iterable[Unsaid],
    policy: Policy,
    now: int,
) -> tuple[Entity, ...]:
    """The credit of a technician after an act, and himself with the score that it comes to."""
    technician = latest(world, change, Technician, id)
    if technician is None:
        return ()
    credit = credit_of(world, technician, policy, act.at)
    former = credit
    for one in unsaid:
        for step in credit.steps if one.technician == id else ():
            credit = rules.without(credit, step.id, one.void) if one.means(step) else credit
    for each in said:
        if each.technician == id:
            credit = rules.with_step(credit, step_of(each, act, policy))
    return settled(credit, technician, policy, now) if credit is not former else ()


def step_of(said: Said, act: Act, policy: Policy) -> CreditStep:
    """The step as it is kept."""
    order = said.order
    return CreditStep(
        id=act.id, cause=said.cause, points=said.points, order=order.id if order is not None else "",
        number=order.number if order is not None else "", about=said.about, at=act.at, rules=policy.version,
        why=said.why,
    )  # fmt: skip


def latest(world: World, change: Change, type_: type[E], id: str) -> E | None:
    """The entity as the act leaves it."""
    made = (each for each in change.after if isinstance(each, type_) and each.id == id)
    return next(made, None) or world.get(type_, id)


def credit_of(world: World, technician: Technician, policy: Policy, at: int) -> Credit:
    """What is known of his credit; a figure that he came with, from before there were steps, is the first of them."""
    found = world.get(Credit, technician.id)
    if found is not None:
        return found
    made = Credit(
        id=technician.id, region=technician.region, level=rules.level(technician.credit, policy), since=at
    )
    carried = technician.credit - policy.credit_start
    if not carried:
        return made
    step = CreditStep(
        id=f"carried:{technician.id}", cause="carried_over", points=carried, at=at - 1, rules=policy.version
    )
    return rules.with_step(made, step)


def settled(
    credit: Credit, technician: Technician, policy: Policy, now: int
) -> tuple[Credit, Technician] | tuple[Credit]:
    """The credit with its level and what follows from it, the technician with his score where that has changed."""
    credit = changed(credit, steps=rules.kept(credit.steps, policy, now))
    score = rules.score(credit.steps, policy, now)
    level = rules.level(score, policy)
    if level != credit.level:
        credit = changed(credit, level=level, since=now)
    credit = changed(credit, suspension=suspension(credit, technician, score, now))
    if score == technician.credit:
        return (credit,)
    return credit, replace(technician, credit=score)


def suspension(credit: Credit, technician: Technician, score: int, now: int) -> Suspension | None:
    """The system proposes it on the lowest level, each time he falls there or lower than the last time.

    Above it takes its own word back.
    """
    found = credit.suspension
    if credit.level == rules.LEVELS[-1]:
        lower = found is not None and (found.at < credit.since or score < found.score)
        fresh = found is None or (found.state != "proposed" and lower)
        if fresh and not technician.suspended:
            return Suspension(at=now, by=SYSTEM.name, score=score, reason="low_credit")
    elif credit.proposed is not None and credit.proposed.by == SYSTEM.name:
        return replace(credit.proposed, state="lapsed", decided_by=SYSTEM.name, decided_at=now)
    return found
