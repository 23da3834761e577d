"""Where a promise fits without anybody noticing: nobody late, nothing pushed aside. Places only, without reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import cos, radians

import numpy as np

from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.matching import Need
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.planning.best import Best, Question, best, flaws
from dispatcher_app.planning.crew import Flags
from dispatcher_app.planning.gap import Position, Rows, Seen
from dispatcher_app.planning.plan import FAR, Plan, Sheet
from dispatcher_app.planning.rank import judged, missing_of
from dispatcher_app.planning.score import Weights
from dispatcher_app.planning.span import span_of
from dispatcher_app.planning.travel import TravelOf

MOST = 12
"""So many places are named: others may want some of them at the same time."""
CLOSE = 200
"""Of more technicians than that, those are asked first who are nearest that day."""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A technician's free place on a date: from when (UTC ms), the drive there with its source, and who comes along."""

    technician: str
    date: str
    start: int
    drive_s: int
    source: TravelSource
    helpers: tuple[str, ...] = ()


def vacancies(
    plan: Plan,
    order: Order,
    need: Need,
    positions: Mapping[str, Position],
    policy: Policy,
    region: Region,
    now: int,
    *,
    previous: Collection[str] = (),
    travel: TravelOf,
) -> list[Vacancy]:
    """The best places within the order's promise, best first, as `ranked` would order them."""
    span = span_of(order, region, now)
    if order.window is None or span.overdue or any(flaws(order, need)):
        return []
    people = plan.crew.people
    seen = Seen(positions, [each.id for each in people], need.point, travel, now) if positions else None
    question = Question(plan, order, need, span, policy, now, seen)
    fit = np.flatnonzero(plan.crew.fit(need, span.earliest))
    sheets = [plan.open(on) for on in span.dates]
    close = [close_by(sheet, fit, need.point) for sheet in sheets]
    # Hardly ever does nobody close by have time.
    for chosen in (close, [fit] * len(sheets)):
        scored = [
            each
            for sheet, who in zip(sheets, chosen, strict=True)
            for each in places_on(question, sheet, who, previous, travel)
        ]
        if scored:
            break
    scored.sort(key=lambda each: (-each[0], each[1].start, each[1].technician))
    return [place for _, place in scored[:MOST]]


def places_on(
    question: Question, sheet: Sheet, who: Rows, previous: Collection[str], travel: TravelOf
) -> Iterator[tuple[float, Vacancy]]:
    """The best free places of a date with their scores."""
    chosen = best(question, sheet, who, travel, question.span.latest, near=True)
    found = chosen.placements
    _, _, points = judged(question, sheet, chosen, previous, Weights())
    score = np.where(unnoticed(question, chosen), sum(points.values()), -np.inf)
    for at in np.lexsort((found.start, -score))[:MOST].tolist():
        if not np.isfinite(score[at]):
            return
        yield (
            float(score[at]),
            Vacancy(
                question.plan.crew.people[int(found.who[at])].id,
                sheet.date,
                sheet.midnight + int(found.start[at]),
                int(found.drive[at]) // 1000,
                chosen.reach.source,
            ),
        )


def close_by(sheet: Sheet, who: Rows, point: Point) -> Rows:
    """Those of these technicians who live or have a visit nearest to a place."""
    if len(who) <= CLOSE:
        return who
    degrees = sheet.spots.degrees[: sheet.spots.size]
    away = ((degrees - (point.lon, point.lat)) * (cos(radians(point.lat)), 1.0)) ** 2
    far = away.sum(axis=1)
    visits = np.where(sheet.start[who] < FAR, far[sheet.spot[who]], np.inf).min(axis=1)
    nearest = np.minimum(far[sheet.home[who]], visits)
    return who[np.sort(np.argpartition(nearest, CLOSE)[:CLOSE])]


def unnoticed(question: Question, chosen: Best) -> Flags:
    """Which starts make nobody late, push nothing aside, keep to the shift and leave time to drive."""
    found = chosen.placements
    free: Flags = (found.late == 0) & (found.over == 0) & ~found.rest & ~chosen.aside.any(axis=1)
    for column, missing in missing_of(chosen, question.need.minutes):
        free &= (column < 0) | (missing <= 0)
    return free
