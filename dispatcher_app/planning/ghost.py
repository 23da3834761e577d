"""What would come of it if a visit were dropped here: told while it is dragged, by the functions that rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.calendar import MINUTE_MS, local_date
from dispatcher_app.domain.day import Day, TravelSource, day_id
from dispatcher_app.domain.matching import Need, unfit, unfree
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.place import distance_m
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.remark import KEPT, remarks
from dispatcher_app.planning.best import flaws
from dispatcher_app.planning.gap import (
    Cell,
    Gaps,
    Position,
    Reach,
    Seen,
    Strips,
    absent_from,
    drives_to,
    figure_of,
    reach_of,
    strips_with,
)
from dispatcher_app.planning.place import Late, Placements, delays, placed, pushed
from dispatcher_app.planning.plan import BETWEEN, Plan, Sheet, lasting
from dispatcher_app.planning.travel import Ground, TravelOf, estimate_note
from dispatcher_app.planning.travel.answer import ERROR_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Ghost:
    """A visit as it would stand at `start` (UTC ms) with a technician, and what that does to his day.

    `travel_s` and `travel_m` are driving more than before (metres by road, estimated), `shifted` every later visit
    that begins later, `unkept` promises that would not be kept (this order's own too) and by how many minutes,
    `displaces` orders that were only planned there, `broken` hard rules. Without `broken` it can be dropped; `remarks`
    are what its story will keep.
    """

    order: str
    technician: str
    start: int
    end: int
    arrival: int
    drive_s: int
    distance_m: int
    travel_s: int
    travel_m: int
    slack_s: int
    overtime_minutes: int
    shifted: tuple[Late, ...] = ()
    unkept: tuple[Late, ...] = ()
    displaces: tuple[str, ...] = ()
    broken: tuple[Broken, ...] = ()
    remarks: tuple[Broken, ...] = ()
    source: TravelSource = "estimate"
    notes: tuple[Broken, ...] = ()
    error_percent: int = ERROR_PERCENT["estimate"]


@dataclass(frozen=True, slots=True)
class Dragged:
    """A visit in the hand: what it needs, and the drives to it on each date, asked for once when the drag begins."""

    plan: Plan
    order: Order
    need: Need
    policy: Policy
    now: int
    windows: Mapping[str, Window]
    seen: Seen | None
    travel: TravelOf
    reach: dict[str, Reach]
    absent: dict[str, list[Cell]]


def dragged(
    plan: Plan,
    order: Order,
    need: Need,
    policy: Policy,
    now: int,
    windows: Mapping[str, Window] | None = None,
    positions: Mapping[str, Position] | None = None,
    travel: TravelOf | None = None,
) -> Dragged:
    """Begin a drag; `windows` are what is promised to other orders, by id."""
    travel = travel or Ground(policy, plan.timezone).travel
    people = [each.id for each in plan.crew.people]
    seen = Seen(positions, people, need.point, travel, now) if positions else None
    return Dragged(plan, order, need, policy, now, windows or {}, seen, travel, {}, {})


def ghost(drag: Dragged, technician: str, start: int) -> Ghost:
    """The visit at that start (UTC ms) with that technician; raises KeyError for somebody who is not in the plan."""
    plan, need = drag.plan, drag.need
    row = plan.crew.rows[technician]
    sheet = plan.open(local_date(start, plan.timezone))
    end = start + need.minutes * MINUTE_MS
    wrong = tuple(flaws(drag.order, need))
    if wrong:
        return Ghost(
            order=need.order, technician=technician, start=start, end=end, arrival=start, drive_s=0, distance_m=0,
            travel_s=0, travel_m=0, slack_s=0, overtime_minutes=0, broken=wrong, notes=(estimate_note(),),
        )  # fmt: skip
    reach, absent = known(drag, sheet)
    strips, gaps = dropped(sheet, row, sheet.offset(start), sheet.offset(end), absent)
    drives = drives_to(sheet, strips, gaps, reach, drag.now, drag.seen)
    at = np.array([sheet.offset(start)], np.int64)
    found = placed(sheet, strips, gaps, drives, reach, lasting(need.minutes), at)
    aside = pushed(sheet, found, reach, absent, plan.crew.limits(drag.policy.daily_limit))[0]
    ids = sheet.ids[row].split(BETWEEN)
    shifted, unkept = shifts(drag, sheet, strips, found, reach, ids)
    broken, said = rules(drag, sheet, row, start, absent)
    return Ghost(
        order=need.order,
        technician=technician,
        start=start,
        end=end,
        arrival=sheet.midnight + int(found.arrival[0]),
        drive_s=int(found.drive[0]) // 1000,
        distance_m=int(found.metres[0]),
        travel_s=int(found.added[0]) // 1000,
        travel_m=metres_more(drag, sheet, strips, gaps, reach),
        slack_s=int(found.slack[0]) // 1000,
        overtime_minutes=int(found.over[0]),
        shifted=shifted,
        unkept=unkept,
        displaces=tuple(ids[column] for column in np.flatnonzero(aside).tolist()),
        broken=broken,
        remarks=said,
        source=reach.source,
        notes=reach.notes,
        error_percent=reach.error_percent,
    )


def known(drag: Dragged, sheet: Sheet) -> tuple[Reach, list[Cell]]:
    """The drives to the visit on a date and the stops that don't count there, found out the first time."""
    if sheet.date not in drag.reach:
        moment = max(drag.now, sheet.midnight + 12 * 60 * MINUTE_MS)
        drag.reach[sheet.date] = reach_of(drag.need.point, sheet.spots, drag.travel, moment)
    if sheet.date not in drag.absent:
        drag.absent[sheet.date] = absent_from(sheet, drag.now, drag.need.order)
    return drag.reach[sheet.date], drag.absent[sheet.date]


def dropped(sheet: Sheet, row: int, start: int, end: int, absent: list[Cell]) -> tuple[Strips, Gaps]:
    """His day without what gives way, and the visits between which this one falls (offsets, ms)."""
    rows = np.array([row])
    pieces = sheet.begin[row] <= start
    begin = int(sheet.begin[row][pieces].max()) if pieces.any() else start
    close = int(sheet.finish[row].max())
    strips = strips_with(
        sheet,
        rows,
        np.array([begin], np.int32),
        np.array([close], np.int32),
        np.ones(1, np.bool_),
        absent,
    )
    count = int(strips.count[0])
    earlier = np.flatnonzero(strips.end[0, :count] <= start)
    later = np.flatnonzero(strips.start[0, :count] >= end)
    before = int(earlier[np.argmax(strips.end[0, earlier])]) if len(earlier) else -1
    after = int(later[0]) if len(later) else -1
    free = max(begin, int(strips.end[0, before])) if before >= 0 else begin
    until = int(strips.start[0, after]) if after >= 0 else max(close, end)
    gaps = Gaps(
        np.zeros(1, np.intp),
        np.array([free], np.int32),
        np.array([until], np.int32),
        np.array([before]),
        np.array([after]),
    )
    return strips, gaps


def shifts(
    drag: Dragged, sheet: Sheet, strips: Strips, found: Placements, reach: Reach, ids: list[str]
) -> tuple[tuple[Late, ...], tuple[Late, ...]]:
    """Every later visit that begins later, and every promise that is not kept for it, this order's own first."""
    onward = reach.onward[figure_of(strips.spot, found.gaps.strip, found.gaps.after)]
    later = delays(strips, found.gaps, found.done + onward)[0].tolist()
    columns = strips.column[0].tolist()
    shifted, unkept = [], []
    begun = sheet.midnight + max(int(found.arrival[0]), int(found.start[0]))
    own = drag.order.window
    if own is not None and begun > own.end:
        unkept.append(Late(order=drag.need.order, minutes=-(-(begun - own.end) // MINUTE_MS)))
    for at, delay in enumerate(later):
        if delay <= 0:
            continue
        order = ids[columns[at]]
        shifted.append(Late(order=order, minutes=-(-delay // MINUTE_MS)))
        promised = drag.windows.get(order)
        over = sheet.midnight + int(strips.start[0, at]) + delay - promised.end if promised else 0
        if over > 0:
            unkept.append(Late(order=order, minutes=-(-over // MINUTE_MS)))
    return tuple(shifted), tuple(unkept)


def metres_more(drag: Dragged, sheet: Sheet, strips: Strips, gaps: Gaps, reach: Reach) -> int:
    """Metres by road that the visit adds, estimated from straight lines."""
    came = int(strips.spot[0, gaps.before[0]]) if gaps.before[0] >= 0 else int(sheet.home[strips.who[0]])
    metres = int(reach.metres[came])
    if gaps.after[0] >= 0:
        on = int(strips.spot[0, gaps.after[0]])
        spared = distance_m(sheet.spots.point(came), sheet.spots.point(on))
        metres += int(reach.metres[on]) - round(spared)
    return max(0, round(metres * drag.policy.detour))


def rules(
    drag: Dragged, sheet: Sheet, row: int, start: int, absent: list[Cell]
) -> tuple[tuple[Broken, ...], tuple[Broken, ...]]:
    """The hard rules that the drop would break, and what its story would keep, by the functions that assigning asks."""
    plan = drag.plan
    technician = plan.crew.people[row]
    gone = {column for at, column in absent if at == row}
    stops = [plan.stop(sheet, row, column) for column in range(int(sheet.count[row])) if column not in gone]
    day = Day(
        id=day_id(technician.id, sheet.date),
        region=technician.region,
        technician=technician.id,
        date=sheet.date,
        stops=tuple(stops),
    )
    broken = (
        *unfit(technician, drag.need, start),
        *unfree(technician, day, drag.need, start, drag.now, drag.policy, plan.timezone),
    )
    said = remarks(day, technician, drag.order, drag.need, start, drag.now, drag.policy, plan.timezone)
    return broken, tuple(each for each in said if each.code in KEPT)
