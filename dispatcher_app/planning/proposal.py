"""What a search for a plan comes to: ways to choose from, each with its figures, its moves, and whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

import msgspec

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.command import Absence, Move
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.order import Window
from dispatcher_app.planning.daily import Daily
from dispatcher_app.planning.figures import Figures, figures
from dispatcher_app.planning.moves import moves_of
from dispatcher_app.planning.pace import paced
from dispatcher_app.planning.problem import Plan

Choice = Literal["best", "least_late", "least_driving", "fewest_calls"]
FlawCode: TypeAlias = Literal[
    "no_coordinates", "no_duration", "window_invalid", "window_passed", "after_other", "after_unknown", "before_other"
]  # fmt: skip
RunKind = Literal["day", "absence"]
RunState = Literal["searching", "done", "failed", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A customer to be called before a plan is in force: he is visited late, or on another day."""

    order: str
    reason: Literal["late", "no_room", "nobody_fit", "nobody_works"] | FlawCode
    minutes: int | None = None
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One way to do it: the plan in force and this one in figures, what has to move, who has to be called."""

    choice: Choice
    before: Figures
    after: Figures
    moves: tuple[Move, ...]
    calls: tuple[Call, ...] = ()
    source: TravelSource = "estimate"
    notes: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRun:
    """A search: how far it is, and what it has found when it is done. `seconds` are those that it takes in all."""

    id: str
    region: str
    kind: RunKind
    by: str
    begun_at: int
    dates: tuple[str, ...]
    seconds: float
    state: RunState = "searching"
    gone_s: float = 0.0
    objective_s: int | None = None
    first_s: int | None = None
    unserved: int | None = None
    proposals: tuple[Proposal, ...] = ()
    absence: Absence | None = None
    detail: str = ""


def proposal(
    choice: Choice, days: Sequence[Daily], plans: Sequence[Plan], promised: Sequence[Daily]
) -> Proposal:
    """The plans of some dates as one proposal; `promised` are the dates with the windows as they were promised."""
    moves: list[Move] = []
    calls: list[Call] = []
    before, after = Figures(), Figures()
    for day, plan, first in zip(days, plans, promised, strict=True):
        before = summed(before, figures(first, first.routes))
        after = summed(after, figures(first, plan.routes))
        moves += moves_of(day, plan)
        calls += calls_of(day, plan, first)
    notes = {note.code: note for day in days for note in day.notes}
    return Proposal(
        choice=choice,
        before=before,
        after=after,
        moves=tuple(moves),
        calls=tuple(sorted(calls, key=lambda each: (each.window.start, each.order))),
        source=days[0].source if days else "estimate",
        notes=tuple(notes.values()),
    )


def summed(a: Figures, b: Figures) -> Figures:
    """The figures of two dates together."""
    return Figures(**{each.name: getattr(a, each.name) + getattr(b, each.name) for each in fields(Figures)})


def calls_of(day: Daily, plan: Plan, promised: Daily) -> list[Call]:
    """Whom to call: whoever is visited after his window, not at all, or can't be planned as he was promised."""
    calls = []
    for at, route in enumerate(plan.routes):
        starts = paced(day.problem, at, route, grid_s=300).starts
        for index, start in zip(route, starts, strict=True):
            window = promised.tasks[index].window
            late = day.zero + start * 1000 - window.end
            if late > 0 and not day.tasks[index].fixed and not day.tasks[index].helps:
                calls.append(
                    Call(
                        order=day.tasks[index].order,
                        reason="late",
                        minutes=-(-late // MINUTE_MS),
                        window=window,
                    )
                )
    calls.extend(
        Call(order=day.tasks[index].order, reason=why_not(day, index), window=promised.tasks[index].window)
        for index in plan.unserved
        if not day.tasks[index].helps  # one call a visit
        and not day.tasks[index].fixed  # it stays where it is, whatever the search thinks of it
    )
    calls.extend(
        Call(order=order, reason=reason_of(flaw), window=promised.promised[order])
        for order, flaw in promised.left_out.items()
    )
    return calls


def reason_of(flaw: Broken) -> FlawCode:
    """Why a visit can't be planned at all, as a call tells it."""
    code: FlawCode = msgspec.convert(flaw.code, FlawCode)
    return code


def why_not(day: Daily, index: int) -> Literal["no_room", "nobody_fit", "nobody_works"]:
    """Why a visit has no place."""
    if not day.rows:
        return "nobody_works"
    return "no_room" if day.problem.allowed[:, index].any() else "nobody_fit"
