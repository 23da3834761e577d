"""Who should go: every technician for one order, the fit sorted, the others with every reason why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.day import Day, TravelSource
from dispatcher_app.domain.matching import NEVER, Need, need_of
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.best import Best, Question, best, flaws, others
from dispatcher_app.planning.chance import Caller
from dispatcher_app.planning.gap import Position, Rows, Seen, absent_from, figure_of, reach_of
from dispatcher_app.planning.pair import Meeting, free_times, meetings
from dispatcher_app.planning.place import Late, Milliseconds, delays, minutes, some
from dispatcher_app.planning.plan import BETWEEN, DONE, TENTATIVE, Plan, Sheet
from dispatcher_app.planning.refusal import Excluded as Excluded
from dispatcher_app.planning.refusal import excluded
from dispatcher_app.planning.score import COSTS, SHARES, Part, PartName, Points, Weights, points_of
from dispatcher_app.planning.span import Span, span_of
from dispatcher_app.planning.travel import Ground, TravelOf, estimate_note
from dispatcher_app.planning.travel.answer import ERROR_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """Whoever comes along with the one who leads: driving more, and how far from where he is before."""

    technician: str
    travel_s: int
    distance_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """A technician who can go at `start` (UTC ms) by all hard rules, and how well that suits.

    `displaces` are orders that were only planned there and would be planned elsewhere; `planned` says that the planner
    has put this order with him; `overtime_minutes` is how much later his day ends than his shift. `along` comes with
    him where the visit takes two.
    """

    technician: str
    date: str
    start: int
    end: int
    arrival: int
    drive_s: int
    distance_m: int
    travel_s: int
    slack_s: int
    late: tuple[Late, ...]
    after_order: str | None
    load: int
    score: float
    parts: tuple[Part, ...]
    warnings: tuple[Broken, ...] = ()
    current: bool = False
    planned: bool = False
    overtime_minutes: int = 0
    displaces: tuple[str, ...] = ()
    along: Along | None = None

    @property
    def helpers(self) -> tuple[str, ...]:
        """Those who come along."""
        return (self.along.technician,) if self.along is not None else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All technicians for an order; starts were looked for from `earliest` to `latest` (UTC ms).

    `error_percent` is what nine in ten drives are missed by at most, as far as `source` is known here.
    """

    order: str
    at: int
    earliest: int
    latest: int
    eligible: tuple[Eligible, ...]
    excluded: tuple[Excluded, ...]
    source: TravelSource = "estimate"
    notes: tuple[Broken, ...] = ()
    error_percent: int = ERROR_PERCENT["estimate"]


def dates_concerned(order: Order, region: Region, now: int, date: str | None = None) -> tuple[str, ...]:
    """The local dates whose plans `rank` looks at: give it the `Day`s of all technicians on these."""
    span = span_of(order, region, now, date)
    return (*span.dates, *span.later)


def rank(
    order: Order,
    items: Iterable[Item],
    customer_blocked: Iterable[str],
    technicians: Iterable[Technician],
    days: Mapping[str, Day],
    positions: Mapping[str, Position],
    policy: Policy,
    region: Region,
    now: int,
    date: str | None = None,
    *,
    previous: Collection[str] = (),
    weights: Weights | None = None,
    travel: TravelOf | None = None,
    span_left: tuple[int, int] = (0, NEVER),
) -> Ranking:
    """All technicians for an order; `days` by id for `dates_concerned`, `previous` the customer knows.

    `span_left` is what the orders around it leave it.
    """
    dates = dates_concerned(order, region, now, date)
    plan = Plan(region.timezone, dates, technicians, days.values())
    need = need_of(order, items, customer_blocked, span_left)
    return ranked(
        plan, order, need, positions, policy, region, now, date,
        previous=previous, weights=weights, travel=travel,
    )  # fmt: skip


def ranked(
    plan: Plan,
    order: Order,
    need: Need,
    positions: Mapping[str, Position],
    policy: Policy,
    region: Region,
    now: int,
    date: str | None = None,
    *,
    previous: Collection[str] = (),
    weights: Weights | None = None,
    travel: TravelOf | None = None,
) -> Ranking:
    """All technicians of a plan for an order; a date that is not open in the plan is everybody's free one."""
    span = span_of(order, region, now, date)
    travel = travel or Ground(policy, region.timezone).travel
    people = [each.id for each in plan.crew.people]
    seen = Seen(positions, people, need.point, travel, now) if positions else None
    question = Question(plan, order, need, span, policy, now, seen)
    wrong = tuple(flaws(order, need))
    fit = np.zeros(len(people), np.bool_) if wrong else plan.crew.fit(need, span.earliest)
    left, eligible = fit.copy(), []
    source: TravelSource | None = None
    error = 0
    notes = list(wrong)
    for on in span.dates:
        if not left.any():
            break
        sheet = plan.open(on)
        # Whoever can't keep a promise is not looked for nearby, but soon.
        near = order.window is not None and not span.overdue
        chosen = best(question, sheet, np.flatnonzero(left), travel, span.latest, near=near)
        found = rows_of(question, sheet, chosen, previous, weights or Weights())
        if need.crew > 1:
            found = accompanied(question, sheet, found, previous, weights or Weights(), travel, near=near)
        eligible += found
        left[plan.crew.rows_of(each.technician for each in found)] = False
        if len(chosen.placements.who):
            source, error = chosen.reach.source, max(error, chosen.reach.error_percent)
            notes += [note for note in chosen.reach.notes if note not in notes]
    if source is None:
        notes.append(estimate_note())
    notes += said_of(order, need, span)
    out = np.ones(len(people), np.bool_)
    out[plan.crew.rows_of(each.technician for each in eligible)] = False
    return Ranking(
        order=order.id,
        at=now,
        earliest=span.earliest,
        latest=span.latest,
        eligible=tuple(sorted(eligible, key=lambda each: (-each.score, each.start, each.technician))),
        excluded=tuple(
            each if each.broken else replace(each, broken=(Broken("nobody_along"),), would_be_eligible_if=())
            for each in excluded(question, np.flatnonzero(out), np.flatnonzero(left), wrong)
        ),
        source=source or "estimate",
        notes=tuple(notes),
        error_percent=error or ERROR_PERCENT["estimate"],
    )


def accompanied(
    question: Question,
    sheet: Sheet,
    found: Iterable[Eligible],
    previous: Collection[str],
    weights: Weights,
    travel: TravelOf,
    *,
    near: bool,
) -> list[Eligible]:
    """Those of them with whom somebody else can begin, at his start where one can, else at the best they share."""
    plan, span, order = question.plan, question.span, question.order
    starts = {plan.crew.rows[each.technician]: each for each in found}
    caller = Caller(
        plan, np.flatnonzero(plan.crew.fit(question.need, span.earliest)), question.need, question.policy,
        question.now, question.seen,
    )  # fmt: skip
    reach = reach_of(question.need.point, plan.spots, travel, max(span.earliest, sheet.midnight))
    wished = {row: sheet.offset(each.start) for row, each in starts.items()}
    lead = plan.crew.rows.get(order.technician or "")
    for row, column in sheet.places_of(order.id):
        if row == lead and sheet.state[row, column] != DONE:
            wished[row] = int(sheet.start[row, column])
    bounds = sheet.offset(span.earliest), sheet.offset(span.latest)
    met: dict[int, Meeting] = {}
    for firm in (False, True):
        times = free_times(caller, sheet, reach, firm=firm)
        missing = [row for row in starts if row not in met]
        met |= {each.lead: each for each in meetings(times, *bounds, missing, wished, near=near)}
    by_start: dict[int, list[int]] = {}
    for row, meeting in met.items():
        by_start.setdefault(sheet.midnight + meeting.at, []).append(row)
    made = []
    for start, rows in by_start.items():
        others = [row for row in rows if starts[row].start != start]
        again = replace(question, span=replace(span, earliest=start))
        chosen = best(again, sheet, np.array(others, np.intp), travel, start, near=near) if others else None
        moved = rows_of(question, sheet, chosen, previous, weights) if chosen is not None else []
        for each in (*(starts[row] for row in rows if starts[row].start == start), *moved):
            meeting = met[plan.crew.rows[each.technician]]
            who = plan.crew.people[meeting.helper].id
            along = Along(technician=who, travel_s=meeting.added // 1000, distance_m=meeting.metres)
            made.append(replace(each, along=along))
    return made


def said_of(order: Order, need: Need, span: Span) -> Iterator[Broken]:
    """What whoever reads a ranking has to know about the order."""
    if span.overdue:
        yield Broken("window_passed")
    elif order.window is None:
        yield Broken("no_promise")
    if need.minutes <= 0:
        yield Broken("no_duration")


def rows_of(
    question: Question,
    sheet: Sheet,
    chosen: Best,
    previous: Collection[str],
    weights: Weights,
) -> list[Eligible]:
    """Each technician's best start with its score, built once everything is known as arrays."""
    found, strips, crew, order = chosen.placements, chosen.strips, question.plan.crew, question.order
    displaced, load, points = judged(question, sheet, chosen, previous, weights)
    parts = parts_of(points, weights)
    late, tight = late_of(sheet, chosen), tight_of(sheet, chosen, question.need.minutes)
    planned = {row for row, column in sheet.places_of(order.id) if sheet.state[row, column] == TENTATIVE}
    start = (found.start.astype(np.int64) + sheet.midnight).tolist()
    arrival = (found.arrival.astype(np.int64) + sheet.midnight).tolist()
    columns = zip(
        found.who.tolist(),
        start,
        arrival,
        (found.drive // 1000).tolist(),
        found.metres.tolist(),
        (found.added // 1000).tolist(),
        (found.slack // 1000).tolist(),
        figure_of(strips.column, found.gaps.strip, found.gaps.before).tolist(),
        (found.gaps.before >= 0).tolist(),
        load.tolist(),
        np.round(sum(points.values()), 1).tolist(),
        found.over.tolist(),
        displaced.tolist(),
        found.rest.tolist(),
        strict=True,
    )
    made = []
    for at, each in enumerate(columns):
        row, begin, there, drive, metres, added, slack, before, follows, taken, score, over, moved, rest = (
            each
        )
        ids = sheet.ids[row].split(BETWEEN)
        warnings = tight.get(at, [])
        if over:
            warnings = [*warnings, Broken("overtime", {"minutes": over})]
        if moved:
            warnings = [*warnings, Broken("displaces", {"n": moved})]
        if rest:
            warnings = [*warnings, Broken("break_lost", {"minutes": question.policy.break_minutes})]
        made.append(
            Eligible(
                technician=crew.people[row].id,
                date=sheet.date,
                start=begin,
                end=begin + question.need.minutes * MINUTE_MS,
                arrival=there,
                drive_s=drive,
                distance_m=metres,
                travel_s=added,
                slack_s=slack,
                late=late.get(at, ()),
                after_order=ids[before] if follows else None,
                load=taken,
                score=score,
                parts=parts[at],
                warnings=tuple(warnings),
                current=order.technician == crew.people[row].id,
                planned=row in planned,
                overtime_minutes=over,
                displaces=tuple(ids[aside] for aside in np.flatnonzero(chosen.aside[at]).tolist())
                if moved
                else (),
            )
        )
    return made


def judged(
    question: Question, sheet: Sheet, chosen: Best, previous: Collection[str], weights: Weights
) -> tuple[NDArray[np.int64], NDArray[np.int64], dict[PartName, Points]]:
    """What each start pushes aside, how many other visits count on that day, and the points of its parts."""
    found, order = chosen.placements, question.order
    displaced = chosen.aside.sum(axis=1)
    load = others(sheet, absent_from(sheet, question.now, order.id))[found.who] - displaced
    limit, wished = question.policy.daily_limit, order.requested_technician
    points = points_of(
        question.plan.crew, found, load, displaced, limit, wished, previous, weights,
        again=order.return_of is not None,
    )  # fmt: skip
    return displaced, load, points


def late_of(sheet: Sheet, chosen: Best) -> dict[int, tuple[Late, ...]]:
    """Whom each start makes late and by how much, by its number; nothing where it makes nobody."""
    which = np.flatnonzero(chosen.placements.late)
    found, strips = some(chosen.placements, which), chosen.strips
    onward = chosen.reach.onward[figure_of(strips.spot, found.gaps.strip, found.gaps.after)]
    later = minutes(delays(strips, found.gaps, found.done + onward)).tolist()
    columns = strips.column[found.gaps.strip].tolist()
    made = {}
    for at, row in enumerate(found.who.tolist()):
        ids = sheet.ids[row].split(BETWEEN)
        late = [
            Late(order=ids[column], minutes=delay)
            for column, delay in zip(columns[at], later[at], strict=True)
            if delay
        ]
        made[int(which[at])] = tuple(late)
    return made


def tight_of(sheet: Sheet, chosen: Best, visit_minutes: int) -> dict[int, list[Broken]]:
    """Drives before and after each start that take longer than the gap there; they warn, never refuse."""
    found, strips = chosen.placements, chosen.strips
    strip = found.gaps.strip
    made: dict[int, list[Broken]] = {}
    for column, missing in missing_of(chosen, visit_minutes):
        for at in np.flatnonzero((column >= 0) & (missing > 0)).tolist():
            order = sheet.order_at(int(found.who[at]), int(strips.column[strip[at], column[at]]))
            late = -(-int(missing[at]) // MINUTE_MS)
            made.setdefault(at, []).append(Broken("travel_tight", {"order": order, "minutes": late}))
    return made


def missing_of(chosen: Best, visit_minutes: int) -> Iterator[tuple[Rows, Milliseconds]]:
    """How much longer (ms) the drives before and after each start take than the gap there, with the stop's column."""
    found, strips = chosen.placements, chosen.strips
    gaps, strip = found.gaps, found.gaps.strip
    end = found.start + visit_minutes * MINUTE_MS
    there = chosen.reach.there[figure_of(strips.spot, strip, gaps.before)]
    onward = chosen.reach.onward[figure_of(strips.spot, strip, gaps.after)]
    yield gaps.before, there - (found.start - figure_of(strips.end, strip, gaps.before))
    yield gaps.after, onward - (figure_of(strips.start, strip, gaps.after) - end)


def parts_of(points: Mapping[PartName, Points], weights: Weights) -> list[tuple[Part, ...]]:
    """The parts of every score; what costs points is only named where it does."""
    given = [(name, getattr(weights, name), points[name].tolist()) for name in SHARES]
    taken = [(name, points[name].tolist()) for name in COSTS]
    return [
        (
            *[Part(name, column[at], most) for name, most, column in given],
            *[Part(name, column[at], 0.0) for name, column in taken if column[at]],
        )
        for at in range(len(points["travel"]))
    ]
