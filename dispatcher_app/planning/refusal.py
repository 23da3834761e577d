"""Why somebody can't go, by the very rules that assigning checks, and what would let him."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.matching import OVERRIDABLE, unfit, unfree
from dispatcher_app.planning.best import Question, best
from dispatcher_app.planning.gap import Rows, absent_from
from dispatcher_app.planning.plan import FAR, TENTATIVE, Sheet
from dispatcher_app.planning.span import OPEN_DAYS
from dispatcher_app.planning.travel import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A technician who can't go: every broken rule, and what would have to be otherwise."""

    technician: str
    broken: tuple[Broken, ...]
    would_be_eligible_if: tuple[Broken, ...] = ()
    current: bool = False


def excluded(question: Question, out: Rows, fit: Rows, flaws: tuple[Broken, ...]) -> list[Excluded]:
    """Everybody who can't go, those first whom something would help; `fit` are those of them without a lasting reason."""
    sheet = question.plan.open(question.span.dates[0])
    started = {} if flaws else first_starts(question, fit)
    stops = stops_looked_at(question, sheet, out)
    made = [exclusion(question, sheet, row, stops.get(row), started.get(row), flaws) for row in out.tolist()]
    return sorted(made, key=lambda each: (not each.would_be_eligible_if, len(each.broken), each.technician))


def exclusion(
    question: Question,
    sheet: Sheet,
    row: int,
    stops: tuple[Stop, ...] | None,
    started: tuple[int, str] | None,
    flaws: tuple[Broken, ...],
) -> Excluded:
    """Why he can't go, judged at the first moment asked for, and what would let him."""
    technician = question.plan.crew.people[row]
    need, start, timezone = question.need, question.span.earliest, question.plan.timezone
    broken = [*flaws, *unfit(technician, need, start)]
    if stops is not None:
        id = day_id(technician.id, sheet.date)
        day = Day(id=id, region=technician.region, technician=technician.id, date=sheet.date, stops=stops)
        broken += unfree(technician, day, need, start, question.now, question.policy, timezone)
    ways: list[Broken] = []
    codes = [each.code for each in broken]
    if OVERRIDABLE.issuperset(codes):
        ways.append(Broken("if_overridden", {"rules": codes}))
    if started is not None:
        ways.append(Broken("if_started", {"start": started[0], "date": started[1]}))
    if "offline" in codes:
        ways.append(Broken("if_online"))
    return Excluded(
        technician=technician.id,
        broken=tuple(broken),
        would_be_eligible_if=tuple(ways),
        current=question.order.technician == technician.id,
    )


def stops_looked_at(question: Question, sheet: Sheet, out: Rows) -> dict[int, tuple[Stop, ...]]:
    """By row, the stops that rules about time look at; who is not named breaks none of these rules.

    Those in the way are enough, but where there are too many: then all of them.
    """
    crew, policy = question.plan.crew, question.policy
    start = sheet.offset(question.span.earliest)
    end = start + question.need.minutes * MINUTE_MS
    there = sheet.start[out] < FAR
    for row, column in absent_from(sheet, question.now, question.need.order):
        there[out == row, column] = False
    clash = there & (sheet.start[out] < end) & (start < sheet.end[out])
    many = (there & (sheet.state[out] != TENTATIVE)).sum(axis=1) >= crew.limits(policy.daily_limit)[out]
    works = ((sheet.begin[out] <= start) & (end <= sheet.finish[out])).any(axis=1)
    looked = ~works | clash.any(axis=1) | many | crew.offline[out]
    wanted = np.where(many[:, None], there, clash)
    found: dict[int, list[Stop]] = {row: [] for row in out[looked].tolist()}
    for at, column in zip(*(each.tolist() for each in np.nonzero(wanted)), strict=True):
        row = int(out[at])
        found[row].append(question.plan.stop(sheet, row, column))
    return {row: tuple(stops) for row, stops in found.items()}


def first_starts(question: Question, fit: Rows) -> dict[int, tuple[int, str]]:
    """When each of these could begin first, on which date, were the promise another one; drives are estimated."""
    span, found = question.span, dict[int, tuple[int, str]]()
    travel = Ground(question.policy, question.plan.timezone).travel
    for date in (*span.dates, *span.later):
        if not len(fit):
            break
        sheet = question.plan.open(date)
        latest = span.latest + OPEN_DAYS * DAY_MS
        chosen = best(question, sheet, fit, travel, latest, near=False, soft=False).placements
        for row, start in zip(chosen.who.tolist(), chosen.start.tolist(), strict=True):
            found[row] = (sheet.midnight + start, date)
        fit = np.setdiff1d(fit, chosen.who)
    return found
