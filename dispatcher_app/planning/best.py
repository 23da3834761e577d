"""The best start of every technician on a date: calm before late, without pushing anything aside before pushing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.matching import Need
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.planning.crew import Flags
from dispatcher_app.planning.gap import (
    Cell,
    Gaps,
    Reach,
    Rows,
    Seen,
    Strips,
    absent_from,
    drives_to,
    figure_of,
    gaps_of,
    picked,
    reach_of,
    strips_of,
)
from dispatcher_app.planning.place import Milliseconds, Placements, placements, pushed, some
from dispatcher_app.planning.plan import FAR, TENTATIVE, Plan, Sheet, lasting
from dispatcher_app.planning.rest import rests_of
from dispatcher_app.planning.span import Span
from dispatcher_app.planning.spots import sound
from dispatcher_app.planning.travel import TravelOf

NEAR_MS = 2 * 60 * MINUTE_MS
"""A planned visit further away in time than that is in nobody's way, however long the drive."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every technician of a plan alike; `seen` is None where nobody asks where they are."""

    plan: Plan
    order: Order
    need: Need
    span: Span
    policy: Policy
    now: int
    seen: Seen | None


@dataclass(frozen=True, slots=True)
class Best:
    """One placement a technician; `aside` marks (by column of the sheet) what each would push aside.

    `reach` holds the drives to and from what is around these placements, and nothing else.
    """

    strips: Strips
    placements: Placements
    aside: Flags
    reach: Reach


def flaws(order: Order, need: Need) -> Iterator[Broken]:
    """What makes it impossible to say who could go."""
    if not sound(need.point):
        yield Broken("no_coordinates")
    if order.window is not None and order.window.end < order.window.start:
        yield Broken("window_impossible")


def best(
    question: Question,
    sheet: Sheet,
    who: Rows,
    travel: TravelOf,
    latest: int,
    *,
    near: bool,
    soft: bool = True,
) -> Best:
    """The best start up to `latest` (UTC ms) of each of these technicians who has one that keeps every rule.

    Nobody late comes first, then who keeps his break, then nothing pushed aside, then little driving (`near`), then an
    early start. `soft` also looks for starts that leave every tentative visit where it is.
    """
    plan, absent = question.plan, absent_from(sheet, question.now, question.need.order)
    limits = plan.crew.limits(question.policy.daily_limit)
    firm = np.ones(len(who), np.bool_)
    if soft:
        yielding = who[((sheet.state[who] == TENTATIVE) & (sheet.start[who] < FAR)).any(axis=1)]
        who = np.concatenate([who, yielding])
        firm = np.concatenate([firm, np.zeros(len(yielding), np.bool_)])
    strips = strips_of(sheet, who, absent, firm)
    duration = lasting(question.need.minutes)
    gaps = gaps_of(strips, duration)
    first, last = bounds(question, sheet, latest)
    who = strips.who[gaps.strip]
    usable = (gaps.begin <= last[who]) & (gaps.end - duration >= first[who])
    gaps = picked(gaps, usable & (strips.count < limits[strips.who])[gaps.strip])
    moment = max(question.span.earliest, sheet.midnight)
    reach = reach_of(
        question.need.point, plan.spots, travel, moment, around(sheet, strips, gaps, first, last)
    )
    drives = drives_to(sheet, strips, gaps, reach, question.now, question.seen)
    rests = rests_of(sheet, strips, question.policy, plan.timezone, question.now)
    found = placements(sheet, strips, gaps, drives, reach, duration, first, last, rests)
    calm = (found.late == 0) & (found.arrival <= found.start) & ~found.rest
    found = some(found, strips.firm[found.gaps.strip] | calm)
    aside = pushed(sheet, found, reach, absent, limits)
    driving = found.added if near else np.zeros(len(found.who), np.int64)
    ranked = np.lexsort((found.start, driving, aside.sum(axis=1), found.rest, found.late, found.who))
    each = np.ones(len(ranked), np.bool_)
    each[1:] = found.who[ranked][1:] != found.who[ranked][:-1]
    return Best(strips, some(found, ranked[each]), aside[ranked[each]], reach)


def around(
    sheet: Sheet, strips: Strips, gaps: Gaps, first: Milliseconds, last: Milliseconds
) -> NDArray[np.int32]:
    """The places from and to which somebody may drive for a visit in these gaps: nobody asks about all the others."""
    strip = gaps.strip
    who = np.unique(strips.who[strip])
    between = [
        figure_of(strips.spot, strip[column >= 0], column[column >= 0])
        for column in (gaps.before, gaps.after)
    ]
    start, end = sheet.start[who], sheet.end[who]
    close = (start < last[who, None] + NEAR_MS) & (end > first[who, None] - NEAR_MS)
    planned = close & (sheet.state[who] == TENTATIVE) & (start < FAR)
    return np.concatenate([*between, sheet.home[who], sheet.spot[who][planned]])


def bounds(question: Question, sheet: Sheet, latest: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Between which offsets each technician (by row of the plan) may begin: status and certificates count."""
    crew, now, need = question.plan.crew, question.now, question.need
    gate = sheet.offset(now + question.policy.status_gate * MINUTE_MS)
    earliest = max(sheet.offset(question.span.earliest), sheet.offset(need.opens))
    first = np.where(crew.offline, max(earliest, gate), earliest)
    latest = min(latest, need.closes - need.minutes * MINUTE_MS)
    # A certificate that expires at a moment is worth nothing from then on.
    until = np.clip(crew.certified(question.need) - 1 - sheet.midnight, -FAR, FAR)
    return first, np.minimum(until, sheet.offset(latest))


def others(sheet: Sheet, absent: Sequence[Cell]) -> NDArray[np.int64]:
    """How many stops count on the date, by row of the plan."""
    count = sheet.count.astype(np.int64)
    for row, _ in absent:
        count[row] -= 1
    return count
