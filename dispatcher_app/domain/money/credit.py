"""A technician's credit (信用分): what was to his credit or not of late, step by step, and what follows from it.

The score itself stands in `Technician.credit`, where rankings read it; it is worked out here and written at the gate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import ClassVar, Literal, TypeAlias, get_args

from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.entity import changed
from dispatcher_app.domain.region import Policy

Cause: TypeAlias = Literal[
    "stars", "on_time", "late", "dropped", "no_show", "not_completed", "complaint", "carried_over"
]
Why: TypeAlias = Literal["", "planned_late", "told_late", "customer_moved", "held_up"]
"""Why a step costs nothing: the plan, the customer or the visit before was the cause, not he."""
Void: TypeAlias = Literal["", "taken_back", "judged_again", "appeal"]
Level: TypeAlias = Literal["honour", "normal", "warning", "training", "suspension"]
Verdict: TypeAlias = Literal["open", "upheld", "dismissed"]
Taken: TypeAlias = Literal["warned", "trained"]
SuspensionState: TypeAlias = Literal["proposed", "imposed", "dismissed", "lapsed", "lifted"]

CAUSES: tuple[Cause, ...] = get_args(Cause)
LEVELS: tuple[Level, ...] = get_args(Level)
"""From the best to the worst; what each but the last begins at stands in `Policy.credit_levels`."""
WHEN = attrgetter("at", "id")
"""In which order steps came."""
MOST = 100
SPARE_ORDERS = 10
"""Orders kept beyond those that count: one comes back in when a later one is taken back."""
MEASURES_KEPT = 20
ASKED_FOR: dict[Level, Taken] = {"warning": "warned", "training": "trained"}
"""What somebody has to do about a technician of that level, and to say that it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """He says that a step is wrong; `by` wrote it down, `decided_by` somebody else."""

    at: int
    by: str
    reason: str
    state: Verdict = "open"
    decided_by: str = ""
    decided_at: int | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditStep:
    """One step of the score. Its id is that of the act that caused it, `rules` the version of the policy it was by.

    `about` is the complaint, or how many stars; `void` says why it counts no more.
    """

    id: str
    cause: Cause
    points: int
    order: str = ""
    number: str = ""
    about: str = ""
    at: int
    rules: int
    why: Why = ""
    void: Void = ""
    appeal: Appeal | None = None

    @property
    def appealed(self) -> bool:
        """Whether somebody has still to decide about it."""
        return self.appeal is not None and self.appeal.state == "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What was done about his level: when, by whom, in a few words."""

    what: Taken
    at: int
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus:
    """What he was given for a month (`2026-11`) of honour, in minor units."""

    month: str
    amount: int
    currency: str
    at: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Somebody, or the score, says that he should not work any more; another person decides."""

    at: int
    by: str
    score: int
    reason: str
    state: SuspensionState = "proposed"
    decided_by: str = ""
    decided_at: int | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """All that is known of a technician's credit, its id is his; `since` is when he came to his `level` (UTC ms)."""

    kind: ClassVar[str] = "credit"
    id: str
    region: str
    version: int = 0
    steps: tuple[CreditStep, ...] = ()
    level: Level = "normal"
    since: int = 0
    measures: tuple[Measure, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    suspension: Suspension | None = None

    def find(self, id: str) -> CreditStep | None:
        """The step of that id."""
        return next((each for each in self.steps if each.id == id), None)

    @property
    def to_decide(self) -> tuple[CreditStep, ...]:
        """The steps that he has appealed against and nobody has decided about."""
        return tuple(each for each in self.steps if each.appealed)

    @property
    def proposed(self) -> Suspension | None:
        """The suspension that somebody has to decide about."""
        found = self.suspension
        return found if found is not None and found.state == "proposed" else None


def counted(steps: Iterable[CreditStep], policy: Policy, now: int) -> tuple[CreditStep, ...]:
    """Those that count now, the latest first: of the last days, of the last orders, not taken back."""
    since = now - policy.credit_days * DAY_MS
    return within([each for each in steps if each.at > since and not each.void], policy.credit_orders)


def within(steps: Iterable[CreditStep], orders: int) -> tuple[CreditStep, ...]:
    """The steps of the latest so many orders, the latest first; what is about no order counts as none."""
    found: list[CreditStep] = []
    known: set[str] = set()
    for each in sorted(steps, key=WHEN, reverse=True):
        if (order := each.order) and order not in known:
            if len(known) >= orders:
                continue
            known.add(order)
        found.append(each)
    return tuple(found)


def score(steps: Iterable[CreditStep], policy: Policy, now: int) -> int:
    """Out of 100, by the steps that count now."""
    points = sum(each.points for each in counted(steps, policy, now))
    return min(MOST, max(0, policy.credit_start + points))


def level(score: int, policy: Policy) -> Level:
    """The level that a score stands for."""
    reached = (name for name, least in zip(LEVELS, policy.credit_levels, strict=False) if score >= least)
    return next(reached, LEVELS[-1])


def kept(steps: Iterable[CreditStep], policy: Policy, now: int) -> tuple[CreditStep, ...]:
    """What is still to be seen, the earliest first: what may count again, and what somebody has still to decide."""
    steps = tuple(steps)
    since = now - policy.credit_days * DAY_MS
    recent = within([each for each in steps if each.at > since], policy.credit_orders + SPARE_ORDERS)
    if len(recent) == len(steps):
        return recent[::-1]
    ids = {each.id for each in recent}
    return tuple(sorted((each for each in steps if each.id in ids or each.appealed), key=WHEN))


def with_step(credit: Credit, step: CreditStep) -> Credit:
    """The credit with one step more, or instead of the one of that id."""
    return changed(credit, steps=(*(each for each in credit.steps if each.id != step.id), step))


def without(credit: Credit, id: str, void: Void) -> Credit:
    """The credit with a step that counts no more; it stays to be seen."""
    steps = tuple(
        replace(each, void=void) if each.id == id and not each.void else each for each in credit.steps
    )
    return credit if steps == credit.steps else changed(credit, steps=steps)


def lapses_at(credit: Credit, policy: Policy) -> int | None:
    """When (UTC ms) the earliest step that counts does so no more, None where none does."""
    live = [each.at for each in credit.steps if not each.void]
    return min(live) + policy.credit_days * DAY_MS if live else None


def bonus_due(credit: Credit, month: str) -> bool:
    """Whether a bonus is proposed for that month: he stands in honour, and has not had one for it."""
    return credit.level == "honour" and all(each.month != month for each in credit.bonuses)


def measure_due(credit: Credit) -> Taken | None:
    """What somebody has still to do about his level, None where nothing is or it was done since he came to it."""
    asked = ASKED_FOR.get(credit.level)
    done = any(each.what == asked and each.at >= credit.since for each in credit.measures)
    return None if done else asked
