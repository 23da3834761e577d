"""Who should go: every technician for one order, the fit sorted, the others with every reason why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS, local_date, midnight, next_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.day import Day, TravelSource
from dispatcher_app.domain.matching import OVERRIDABLE, Need, need_of, tight_travel, unfit, unfree
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.gap import Free, Position, Reach, free_of, reach_of
from dispatcher_app.planning.place import Late, Placement, placements
from dispatcher_app.planning.score import Part, Weights, parts_of
from dispatcher_app.planning.travel import estimate_note

OPEN_DAYS = 3
"""How many dates are searched for an order without a promise, and after a promise that nobody can keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """A technician who can go at `start` (UTC ms) by all hard rules, and how well that suits."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A technician who can't go: every broken rule, and what would have to be otherwise."""

    technician: str
    broken: tuple[Broken, ...]
    would_be_eligible_if: tuple[Broken, ...] = ()
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All technicians for an order; starts were looked for from `earliest` to `latest` (UTC ms)."""

    order: str
    at: int
    earliest: int
    latest: int
    eligible: tuple[Eligible, ...]
    excluded: tuple[Excluded, ...]
    source: TravelSource = "estimate"
    notes: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Between which moments a start is looked for, on which dates, and where one is looked for after that."""

    earliest: int
    latest: int
    dates: tuple[str, ...]
    later: tuple[str, ...]
    overdue: bool = False


def span_of(order: Order, region: Region, now: int, date: str | None = None) -> Span:
    """The promised window while it runs; else from now on; else the date that is asked for."""
    today = local_date(now, region.timezone)
    window = order.window
    if date is None and window is not None and window.end >= now:
        first = local_date(max(window.start, now), region.timezone)
        last = local_date(window.end, region.timezone)
        dates: tuple[str, ...] = (first,) if first == last else (first, last)
        later = tuple(next_date(last, each) for each in range(1, OPEN_DAYS))
        return Span(max(window.start, now), window.end, dates, later)
    first = max(date or today, today)
    dates = (first,) if date else tuple(next_date(first, each) for each in range(OPEN_DAYS))
    latest = midnight(next_date(dates[-1]), region.timezone)
    overdue = date is None and window is not None
    later = tuple(next_date(dates[-1], each) for each in range(1, OPEN_DAYS)) if date else ()
    return Span(max(now, midnight(first, region.timezone)), latest, dates, later, overdue)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every technician alike."""

    order: Order
    need: Need
    span: Span
    reach: Reach
    policy: Policy
    region: Region
    now: int

    def broken(self, technician: Technician, free: Free, start: int) -> tuple[Broken, ...]:
        """Every rule that a start breaks, by the functions that decide uses."""
        timezone = self.region.timezone
        return (
            *unfit(technician, self.need, start),
            *unfree(technician, free.day, self.need, start, self.now, self.policy, timezone),
        )

    def places(self, technician: Technician, free: Free, latest: int) -> list[Placement]:
        """His starts on a date, the best first: nobody late, then near (early where nothing is promised)."""
        earliest = self.span.earliest
        if technician.status == "offline":
            earliest = max(earliest, self.now + self.policy.status_gate * MINUTE_MS)
        found = placements(free, self.reach, self.need.minutes, earliest, latest, self.now)
        near = self.order.window is not None and latest == self.span.latest and not self.span.overdue
        return sorted(found, key=lambda each: (each.late_minutes, each.travel_s if near else 0, each.start))


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
) -> Ranking:
    """All technicians for an order; `days` by id for `dates_concerned`, `previous` the customer knows."""
    need = need_of(order, items, customer_blocked)
    span = span_of(order, region, now, date)

    def asked(people: Iterable[Technician], dates: Iterable[str]) -> tuple[Question, list[list[Free]]]:
        frees = [[free_of(each, on, days, order.id, now, region.timezone) for on in dates] for each in people]
        reach = reach_of(need.point, (free for each in frees for free in each), positions, policy, now)
        return Question(order, need, span, reach, policy, region, now), frees

    eligible: list[Eligible] = []
    out: list[Technician] = []
    people = list(technicians)
    question, frees = asked(people, span.dates)
    for technician, found in zip(people, frees, strict=True):
        best = first_kept(question, technician, found, span.latest)
        if best is None:
            out.append(technician)
        else:
            eligible.append(eligibility(question, technician, *best, previous, weights or Weights()))
    question, frees = asked(out, (*span.dates, *span.later))
    excluded = [exclusion(question, *each) for each in zip(out, frees, strict=True)]
    eligible.sort(key=lambda each: (-each.score, each.start, each.technician))
    excluded.sort(key=lambda each: (not each.would_be_eligible_if, len(each.broken), each.technician))
    notes = [estimate_note()]
    if span.overdue:
        notes.append(Broken("window_passed"))
    elif order.window is None:
        notes.append(Broken("no_promise"))
    return Ranking(
        order=order.id,
        at=now,
        earliest=span.earliest,
        latest=span.latest,
        eligible=tuple(eligible),
        excluded=tuple(excluded),
        notes=tuple(notes),
    )


def first_kept(
    question: Question, technician: Technician, frees: Iterable[Free], latest: int
) -> tuple[Free, Placement] | None:
    """His best start on the first date that has one which keeps every rule; None where there is none."""
    if unfit(technician, question.need, question.span.earliest):
        return None
    for free in frees:
        for place in question.places(technician, free, latest):
            if not question.broken(technician, free, place.start):
                return free, place
    return None


def eligibility(
    question: Question,
    technician: Technician,
    free: Free,
    place: Placement,
    previous: Collection[str],
    weights: Weights,
) -> Eligible:
    """His best start with its score."""
    load, wished = len(free.stops), question.order.requested_technician
    parts = parts_of(technician, place, load, question.policy, wished, previous, weights)
    return Eligible(
        technician=technician.id,
        date=free.date,
        start=place.start,
        end=place.end,
        arrival=place.arrival,
        drive_s=place.drive_s,
        distance_m=place.distance_m,
        travel_s=place.travel_s,
        slack_s=place.slack_s,
        late=place.late,
        after_order=place.after_order,
        load=load,
        score=round(sum(part.points for part in parts), 1),
        parts=parts,
        warnings=tuple(tight_travel(free.day, question.need, place.start, question.now, question.policy)),
        current=question.order.technician == technician.id,
    )


def exclusion(question: Question, technician: Technician, frees: list[Free]) -> Excluded:
    """Why he can't go, judged at the first moment asked for, and what would let him."""
    span = question.span
    broken = question.broken(technician, frees[0], span.earliest)
    if not broken:
        tried = question.places(technician, frees[0], span.latest)
        broken = next(filter(None, (question.broken(technician, frees[0], each.start) for each in tried)), ())
    ways: list[Broken] = []
    if all(each.code in OVERRIDABLE for each in broken):
        ways.append(Broken("if_overridden", {"rules": [each.code for each in broken]}))
    other = first_kept(question, technician, frees, span.latest + OPEN_DAYS * DAY_MS)
    if other is not None:
        ways.append(Broken("if_started", {"start": other[1].start, "date": other[0].date}))
    if any(each.code == "offline" for each in broken):
        ways.append(Broken("if_online"))
    return Excluded(
        technician=technician.id,
        broken=broken,
        would_be_eligible_if=tuple(ways),
        current=question.order.technician == technician.id,
    )
