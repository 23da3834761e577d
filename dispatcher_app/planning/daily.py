"""A region's date as arrays for the improver, and the improver's answer as moves of the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import MINUTE_MS, midnight, working
from dispatcher_app.domain.catalogue import CREW_MOST
from dispatcher_app.domain.day import Day, Stop, TravelSource, day_id
from dispatcher_app.domain.matching import Need, live_stops, out_of_turn, unfit
from dispatcher_app.domain.order import Urgency, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.remark import LONG_SHIFT_S
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.plan import less_leave
from dispatcher_app.planning.problem import NOBODY, Problem, problem_of
from dispatcher_app.planning.travel import Points, Travel
from dispatcher_app.planning.turn import hours_of, links_of

LEFT_OUT_S: Mapping[Urgency, int] = {"normal": 4 * 3600, "same_day": 8 * 3600, "emergency": 24 * 3600}
"""What it costs to leave a promised visit without a place, in seconds of driving."""
UNTHINKABLE_S = 10_000 * 3600
"""What it costs to leave out a visit that somebody has been sent to."""
MOVED_S = 5 * 60
"""What it costs to give a visit that nobody was told about to another technician."""
RESENT_S = 30 * 60
"""What it costs to send another technician than the one who has been told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A promised visit to be planned: what it asks and when it may begin (UTC ms).

    `after` is the order that must be over first, and for `pause_s` (seconds): where that is planned along, the plan
    keeps them apart, else what the need says of the hour counts.
    """

    need: Need
    window: Window
    urgency: Urgency = "normal"
    after: str = ""
    pause_s: int = 0

    @property
    def order(self) -> str:
        """The order it serves."""
        return self.need.order


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A row of the problem: a visit, its stop in the plan in force, and whose it is there.

    `fixed` keeps technician and start; `told` says that a technician has been sent to it; `helps` that it is the row of
    somebody who comes along.
    """

    order: str
    point: Point
    minutes: int
    window: Window
    stop: Stop | None = None
    technician: str | None = None
    fixed: bool = False
    told: bool = False
    helps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A technician's span of work (UTC ms) on the date, from where it begins; `count` of his stops are done already."""

    technician: Technician
    begin: int
    end: int
    start: Point
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Daily:
    """A date to plan: the arrays, what their rows are, the plan in force as routes, and what could not be taken in.

    Seconds in `problem` count from local midnight, which is `zero` (UTC ms). `promised` are the windows of `left_out`.
    """

    date: str
    zero: int
    problem: Problem
    tasks: tuple[Task, ...]
    rows: tuple[Row, ...]
    routes: tuple[tuple[int, ...], ...]
    metres: NDArray[np.int64]
    source: TravelSource = "estimate"
    notes: tuple[Broken, ...] = ()
    left_out: Mapping[str, Broken] = field(default_factory=dict)
    promised: Mapping[str, Window] = field(default_factory=dict)


def daily(
    date: str,
    technicians: Iterable[Technician],
    days: Mapping[str, Day],
    wanted: Iterable[Wanted],
    policy: Policy,
    timezone: str,
    now: int,
    travel: Callable[[Points, Points, int], Travel],
    *,
    resend: Mapping[str, Wanted] | None = None,
) -> Daily:
    """The date as a problem. Dispatched visits keep technician and start, but for those in `resend` (by order).

    `wanted` are promised visits without a technician; their tentative stops are where the improver begins.
    """
    zero = midnight(date, timezone)
    free = {each.order: each for each in wanted} | dict(resend or {})
    along = {each.order for each in free.values() if each.after in free}
    left_out = {
        order: flaw
        for order, each in free.items()
        if (flaw := flaw_of(each, now) or (None if order in along else out_of_hours(each))) is not None
    }
    technicians = sorted(technicians, key=lambda each: each.id)
    here = {each.id for each in technicians}
    rows: list[Row] = []
    tasks: list[Task] = []
    routes: list[list[int]] = []
    placed: Counter[str] = Counter()
    for technician in technicians:
        day = days.get(day_id(technician.id, date))
        stops = live_stops(day, now) if day is not None else ()
        own = rows_of(technician, date, timezone, stops, now)
        mine: list[int] = []
        for stop in stops:
            asked = free.get(stop.order)
            if stop.state in ("done", "locked"):
                continue
            # Whoever was sent stays sent also to a visit that can't be planned: his hour is taken.
            past_help = asked is None or stop.order in left_out
            if past_help and stop.state == "tentative":
                continue
            # Somebody who comes along is not here to be asked: nobody moves the visit without him.
            alone = not here.issuperset(stop.together)
            fixed = past_help or stop.pinned or stop.state == "held" or alone
            if fixed:
                own = with_room(own, technician, stop)
            if own:
                mine.append(len(tasks))
            placed[stop.order] += CREW_MOST if fixed else 1
            tasks.append(
                Task(
                    order=stop.order,
                    point=stop.point,
                    minutes=(stop.end - stop.start) // MINUTE_MS,
                    window=asked.window if asked and not fixed else Window(stop.start, stop.start),
                    stop=stop,
                    technician=technician.id,
                    fixed=fixed,
                    told=stop.state != "tentative",
                    helps=technician.id in stop.helpers,
                )
            )
        theirs: list[list[int]] = [[] for _ in own]
        for index in mine:
            theirs[max(range(len(own)), key=lambda at: overlap(own[at], tasks[index]))].append(index)
        rows.extend(own)
        routes.extend(theirs)
    for order, each in free.items():
        for number in range(placed[order], 0 if order in left_out else each.need.crew):
            told = any(task.told for task in tasks if task.order == order) if number else False
            tasks.append(
                Task(
                    order=order, point=each.need.point, minutes=each.need.minutes, window=each.window, told=told,
                    helps=number > 0,
                )
            )  # fmt: skip
    return made(date, zero, tasks, rows, routes, free, policy, now, travel, left_out)


def flaw_of(wanted: Wanted, now: int) -> Broken | None:
    """Why a visit can't be planned at all, None where it can."""
    point = wanted.need.point
    if not (-180 <= point.lon <= 180 and -90 <= point.lat <= 90) or (point.lon, point.lat) == (0, 0):
        return Broken("no_coordinates")
    if wanted.need.minutes <= 0:
        return Broken("no_duration")
    if wanted.window.end < wanted.window.start:
        return Broken("window_invalid")
    if wanted.window.end < now:
        return Broken("window_passed")
    return None


def out_of_hours(wanted: Wanted) -> Broken | None:
    """What keeps a visit from beginning in its window for other orders' sake, None where nothing does."""
    need, window = wanted.need, wanted.window
    first = max(window.start, need.opens)
    latest = min(window.end, need.closes - need.minutes * MINUTE_MS)
    if first <= latest:
        return None
    broken = out_of_turn(need, window.end, window.end + need.minutes * MINUTE_MS)
    return broken[0] if broken else Broken("before_other", {"until": need.closes})


def rows_of(technician: Technician, date: str, timezone: str, stops: Sequence[Stop], now: int) -> list[Row]:
    """The spans that he works on the date from now on, leaves taken out; the first begins where he is."""
    spans = [
        piece
        for begin, end in working(technician, date, timezone)
        for piece in less_leave(begin, end, technician)
    ]
    busy = [stop for stop in stops if stop.state in ("done", "locked")]
    last = max(busy, key=lambda each: each.end, default=None)
    free_from = max([now, *(stop.end for stop in busy if stop.state == "locked")])
    rows = []
    for opens, end in spans:
        begin = max(opens, free_from)
        if begin < end and not technician.suspended:
            start = last.point if last is not None and last.end <= begin else technician.home
            rows.append(Row(technician=technician, begin=begin, end=end, start=start, count=len(busy)))
    return rows


def with_room(rows: list[Row], technician: Technician, stop: Stop) -> list[Row]:
    """The spans, made wide enough for a stop that people have agreed on outside of them."""
    if not rows:
        return [Row(technician=technician, begin=stop.start, end=stop.end, start=technician.home)]
    at = max(
        range(len(rows)), key=lambda each: min(rows[each].end, stop.end) - max(rows[each].begin, stop.start)
    )
    row = rows[at]
    wide = Row(
        technician=technician, begin=min(row.begin, stop.start), end=max(row.end, stop.end), start=row.start,
        count=row.count,
    )  # fmt: skip
    return [*rows[:at], wide, *rows[at + 1 :]]


def overlap(row: Row, task: Task) -> int:
    """How much (ms) of a task's stop lies in a span; negative is how far it is away."""
    assert task.stop is not None
    return min(row.end, task.stop.end) - max(row.begin, task.stop.start)


def made(
    date: str,
    zero: int,
    tasks: list[Task],
    rows: list[Row],
    routes: list[list[int]],
    free: Mapping[str, Wanted],
    policy: Policy,
    now: int,
    travel: Callable[[Points, Points, int], Travel],
    left_out: dict[str, Broken],
) -> Daily:
    """The arrays of these rows."""
    n, m = len(tasks), len(rows)
    points = [
        *(task.point for task in tasks),
        *(row.start for row in rows),
        *(row.technician.home for row in rows),
    ]
    drives = travel(points, points, max(now, zero + 10 * 3_600_000))
    number = {row.technician.id: index for index, row in enumerate(rows)}
    holders = {index: at for at, route in enumerate(routes) for index in route}
    pair, after, pause = links_of(tasks, free)
    opens, closes = hours_of(tasks, free, after, now)
    lead = lead_of(tasks, rows, routes, drives, n)
    begins = np.array(
        [(row.begin - zero) // 1000 - spare for row, spare in zip(rows, lead, strict=True)], dtype=np.int64
    )
    ends = np.array([(row.end - zero) // 1000 for row in rows], dtype=np.int64)
    tail = tail_of(tasks, rows, routes, drives, n, m, zero)
    long = ends - begins >= LONG_SHIFT_S
    early, late = policy.break_from * 60, policy.break_until * 60
    has_break = long & (begins <= early) & (ends >= late + policy.break_minutes * 60)
    limits = [
        max(
            0,
            (policy.daily_limit if row.technician.daily_limit is None else row.technician.daily_limit)
            - row.count,
        )
        for row in rows
    ]
    problem = problem_of(
        travel=drives.seconds,
        service=[task.minutes * 60 for task in tasks],
        earliest=[(each - zero) // 1000 for each in opens],
        latest=[(each - zero) // 1000 for each in closes],
        penalty=[
            UNTHINKABLE_S if task.fixed or task.told else LEFT_OUT_S[free[task.order].urgency]
            for task in tasks
        ],
        allowed=allowed(tasks, rows, free),
        start_place=range(n, n + m),
        end_place=range(n + m, n + 2 * m),
        shift_start=begins,
        shift_end=ends,
        overtime_end=np.maximum(ends + policy.overtime_minutes * 60, tail),
        overtime_cost=2,
        break_earliest=early,
        break_latest=late,
        break_length=np.where(has_break, policy.break_minutes * 60, 0),
        limit=np.maximum(limits, [len(route) for route in routes]) if rows else [],
        former=[NOBODY if task.technician is None else number.get(task.technician, NOBODY) for task in tasks],
        move_cost=[RESENT_S if task.told else MOVED_S if task.stop is not None else 0 for task in tasks],
        pinned=[holders[index] if task.fixed else NOBODY for index, task in enumerate(tasks)],
        pair=pair,
        after=after,
        pause=pause,
    )
    return Daily(
        date=date, zero=zero, problem=problem, tasks=tuple(tasks), rows=tuple(rows),
        routes=tuple(tuple(route) for route in routes), metres=drives.metres, source=drives.source,
        notes=drives.notes, left_out=left_out, promised={order: free[order].window for order in left_out},
    )  # fmt: skip


def lead_of(
    tasks: Sequence[Task], rows: Sequence[Row], routes: Sequence[Sequence[int]], drives: Travel, n: int
) -> list[int]:
    """Seconds that each must leave before his span begins, so that a fixed first visit is reached."""
    leads = [0] * len(rows)
    for at, route in enumerate(routes):
        if fixed := [index for index in route if tasks[index].fixed]:
            first = min(fixed, key=lambda each: tasks[each].window.start)
            spare = (tasks[first].window.start - rows[at].begin) // 1000
            leads[at] = max(0, int(drives.seconds[n + at, first]) - spare)
    return leads


def tail_of(
    tasks: Sequence[Task],
    rows: Sequence[Row],
    routes: Sequence[Sequence[int]],
    drives: Travel,
    n: int,
    m: int,
    zero: int,
) -> NDArray[np.int64]:
    """When (seconds) each is home again after his last fixed visit."""
    homes = np.zeros(len(rows), dtype=np.int64)
    for at, route in enumerate(routes):
        if fixed := [index for index in route if tasks[index].fixed]:
            last = max(fixed, key=lambda each: tasks[each].window.start)
            end = (tasks[last].window.start - zero) // 1000 + tasks[last].minutes * 60
            homes[at] = end + int(drives.seconds[last, n + m + at])
    return homes


def allowed(tasks: Sequence[Task], rows: Sequence[Row], free: Mapping[str, Wanted]) -> NDArray[np.bool_]:
    """Who may do what, by the rules that decide uses; a fixed visit stays where it is."""
    may = np.ones((len(rows), len(tasks)), dtype=bool)
    known: dict[tuple[object, ...], NDArray[np.bool_]] = {}
    areas = any(row.technician.area for row in rows)
    for index, task in enumerate(tasks):
        if task.fixed:
            continue
        need = free[task.order].need
        place = need.point if areas else None
        key = (
            need.skills,
            need.certificates,
            need.brands,
            need.district,
            need.blocked,
            task.window.start,
            place,
        )
        if key not in known:
            known[key] = np.array(
                [not unfit(row.technician, need, task.window.start) for row in rows], dtype=bool
            )
        may[:, index] = known[key]
    return may
