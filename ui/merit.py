"""How a technician's credit is said: his level as a mark, a step and what it is about, what somebody has still to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatcher_app.domain import role
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.money.credit import (
    Cause,
    Credit,
    CreditStep,
    Level,
    Suspension,
    Taken,
    Void,
    Why,
    bonus_due,
    level,
    measure_due,
)  # fmt: skip
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import name
from ui.mark import Mark

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

LEVELS: Final[dict[Level, Mark]] = {
    "honour": Mark("honour", "Honour##credit", "★", "credit", "green"),
    "normal": Mark("normal", "Normal##credit", "●", "success", "blue"),
    "warning": Mark("warning", "Warning##credit", "!", "warning", "amber"),
    "training": Mark("training", "Training##credit", "◆", "shift", "orange"),
    "suspension": Mark("suspension", "Suspension##credit", "⊘", "cancel", "red"),
}
CAUSES: Final[dict[Cause, str]] = {
    "stars": "{stars} stars##credit",
    "on_time": "There in time##credit",
    "late": "Late##credit",
    "dropped": "Gave an order back##credit",
    "no_show": "Did not come##credit",
    "not_completed": "Could not complete it##credit",
    "complaint": "Complaint upheld##credit",
    "carried_over": "Carried over##credit",
}
WHY: Final[dict[Why, str]] = {
    "planned_late": "the plan was too tight##credit",
    "told_late": "told too late##credit",
    "customer_moved": "the customer moved it##credit",
    "held_up": "held up by the visit before##credit",
}
VOID: Final[dict[Void, str]] = {
    "taken_back": "Taken back##credit",
    "judged_again": "Judged again##credit",
    "appeal": "Appeal upheld##credit",
}
TAKEN: Final[dict[Taken, str]] = {"warned": "Warned##measure", "trained": "Trained##measure"}
DUE: Final[dict[str, str]] = {
    "suspension": "Suspension proposed##due",
    "appeal": "{n} appeals##due",
    "warned": "To warn##due",
    "trained": "To train##due",
    "bonus": "Bonus proposed##due",
}
"""What somebody has to do, the most pressing first."""


DOES: Final[dict[str, frozenset[str]]] = {
    "suspension": role.DECIDES_CREDIT,
    "appeal": role.DECIDES_CREDIT,
    "warned": role.TAKES_MEASURES,
    "trained": role.TAKES_MEASURES,
    "bonus": role.GRANTS_BONUS,
}
"""Who does it."""


def policy_of(session: Session) -> Policy:
    """The figures in force."""
    return session.get(Policy, "policy") or Policy()


def month_of(session: Session) -> str:
    """The month that runs, as bonuses name it."""
    return local_date(session.now(), name.timezone(session))[:7]


def level_of(session: Session, technician: Technician) -> Level:
    """The level that he stands on now."""
    return level(technician.credit, policy_of(session))


def due_of(session: Session, credit: Credit | None, technician: Technician) -> tuple[str, ...]:
    """The codes of what somebody has to do about him, the most pressing first."""
    if credit is None:
        return ()
    waits = {
        "suspension": credit.proposed is not None,
        "appeal": bool(credit.to_decide),
        measure_due(credit) or "": True,
        "bonus": bonus_due(credit, month_of(session)) and technician.employment != "employee",
    }
    return tuple(code for code in DUE if waits.get(code))


def mine(session: Session, codes: tuple[str, ...]) -> bool:
    """Whether this person can do anything of it."""
    return any(role.holds(session.actor, DOES[code]) for code in codes)


def due_words(codes: tuple[str, ...], credit: Credit | None) -> str:
    """The same in words."""
    n = len(credit.to_decide) if credit is not None else 0
    return t(", ").join(t(DUE[code], n=n) for code in codes)


def step_words(step: CreditStep) -> str:
    """What a step is about, and what excuses it."""
    said = t(CAUSES[step.cause], stars=step.about)
    return t("{what} ({why})", what=said, why=t(WHY[step.why])) if step.why else said


def points_words(points: int) -> str:
    """Points with their sign."""
    return f"+{points}" if points > 0 else str(points).replace("-", "−")


def state_words(step: CreditStep) -> str:
    """Whether it counts, and how an appeal stands."""
    if step.void:
        return t(VOID[step.void])
    if step.appeal is None:
        return ""
    return t("Appeal waits##credit") if step.appealed else t("Appeal dismissed##credit")


def suspension_words(session: Session, found: Suspension) -> str:
    """Who has proposed it, and why."""
    if found.by.startswith("system:"):
        return t("Proposed by the system: credit fell to {score}", score=found.score)
    return t("Proposed by {who}: {reason}", who=name.actor(session, found.by), reason=found.reason)
