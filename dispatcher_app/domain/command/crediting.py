"""A technician's credit: appeals against its steps, and what follows from where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.money.credit import Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealCredit:
    """He says that a step of his credit is wrong, himself or by somebody at a desk."""

    technician: str
    step: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCredit:
    """The appeal is right (`upheld`: the step counts no more) or it is not; `answer` is what he reads."""

    technician: str
    step: str
    upheld: bool
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeCredit:
    """The system counts anew what has become too old to count."""

    technician: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMeasure:
    """Somebody has warned or trained him, as his level asks."""

    technician: str
    what: Taken
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantBonus:
    """He is given the bonus of a month (`2026-11`) that honour brings; `amount` (minor units) is what was proposed."""

    technician: str
    month: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSuspension:
    """Somebody says that he should not work any more, and why."""

    technician: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideSuspension:
    """He is suspended (`impose`), or works on; `answer` says why."""

    technician: str
    impose: bool
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftSuspension:
    """He may work again, and why."""

    technician: str
    reason: str
