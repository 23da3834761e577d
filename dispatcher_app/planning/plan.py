"""A region's plan as arrays: a sheet a date, a row a technician, a column a stop; one entity replaces one row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, get_args
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.calendar import MINUTE_MS, midnight, working
from dispatcher_app.domain.day import Day, Stop, StopState
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.crew import Crew
from dispatcher_app.planning.spots import Spots, place_of

Offsets = NDArray[np.int32]
"""Times in milliseconds from the local midnight of a date."""

STATES: tuple[StopState, ...] = get_args(StopState)
"""The states of stops in the order of their numbers in a sheet."""
TENTATIVE, HELD, DONE = (STATES.index(each) for each in ("tentative", "held", "done"))
FAR = 2**30
"""Beyond every time of a date (12 days, in ms): the empty places of a row; sums of two of them still fit."""
LONGEST = FAR // 4
"""A visit longer than this (three days, in ms) fits in nobody's day; beyond it sums would not fit either."""
BETWEEN = "\n"
"""Between the ids of a row's orders: no id holds it."""
ROOM = 4096
"""So many places are numbered before it is looked which of them are still needed."""


def lasting(minutes: int) -> int:
    """How long a visit of that many minutes lasts, in the milliseconds of a sheet."""
    return min(max(0, minutes) * MINUTE_MS, LONGEST)


@dataclass(frozen=True, slots=True)
class Kept:
    """An hour kept until a moment (UTC ms): in which column, and by whom (an actor's name)."""

    column: int
    until: int
    by: str


@dataclass(slots=True, eq=False)
class Sheet:
    """All plans of a local date; times are offsets from its midnight (UTC ms), empty places stand at `FAR`.

    `marks` are check sums of the ids of orders, by which a stop is found; `begin` and `finish` are the pieces of
    each one's working time less his leave, `close` is when his last shift ends, `home` his home among the plan's
    `spots`, where every place is known by its number.
    """

    date: str
    midnight: int
    start: Offsets
    end: Offsets
    spot: NDArray[np.int32]
    travel: NDArray[np.int32]
    state: NDArray[np.int8]
    marks: NDArray[np.uint32]
    begin: Offsets
    finish: Offsets
    close: Offsets
    home: NDArray[np.int32]
    count: NDArray[np.int32]
    spots: Spots
    ids: list[str] = field(default_factory=list)
    kept: dict[int, tuple[Kept, ...]] = field(default_factory=dict)

    def offset(self, at: int) -> int:
        """A moment (UTC ms) as an offset, kept within what a sheet can hold."""
        return max(-FAR, min(FAR - 1, at - self.midnight))

    def order_at(self, row: int, column: int) -> str:
        """The order of a stop."""
        return self.ids[row].split(BETWEEN)[column]

    def places_of(self, order: str) -> list[tuple[int, int]]:
        """The rows and columns of an order's stops."""
        rows, columns = np.nonzero(self.marks[: len(self.ids)] == mark(order))
        return [
            (row, column)
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
            if column < self.count[row] and self.order_at(row, column) == order
        ]


class Plan:
    """The plan of a region on its dates, as far as it has been told; not to be read while it is told more."""

    def __init__(
        self,
        timezone: str,
        dates: Iterable[str] = (),
        technicians: Iterable[Technician] = (),
        days: Iterable[Day] = (),
    ) -> None:
        self.timezone = timezone
        self.crew = Crew()
        self.spots = Spots()
        self._room = ROOM
        self.sheets: dict[str, Sheet] = {}
        for technician in technicians:
            self.crew.put(technician)
        for date in dates:
            self.open(date)
        for day in days:
            self.put_day(day)

    def open(self, date: str) -> Sheet:
        """The sheet of a date, everybody's free one where it was not there."""
        if (found := self.sheets.get(date)) is not None:
            return found
        sheet = blank(date, midnight(date, self.timezone), self.spots, max(1, len(self.crew)))
        self.sheets[date] = sheet
        for row, technician in enumerate(self.crew.people):
            put_hours(sheet, row, technician, self.timezone)
        return sheet

    def close(self, before: str) -> None:
        """Forget the dates before that one."""
        for date in [each for each in self.sheets if each < before]:
            del self.sheets[date]

    def put_technician(self, technician: Technician) -> None:
        """Take in a technician as he is now: what he can do, when he works."""
        row = self.crew.put(technician)
        for sheet in self.sheets.values():
            put_hours(sheet, row, technician, self.timezone)

    def put_day(self, day: Day) -> None:
        """Take in somebody's plan as it stands now; dates that are not open and strangers are nothing to us."""
        sheet, row = self.sheets.get(day.date), self.crew.rows.get(day.technician)
        if sheet is not None and row is not None:
            put_stops(sheet, row, day.stops)
            if self.spots.size > self._room:
                self.renumber()

    def renumber(self) -> None:
        """Forget the places that nothing stands at any more."""
        homes = [sheet.home[: len(sheet.ids)] for sheet in self.sheets.values()]
        stops = [sheet.spot[sheet.start < FAR] for sheet in self.sheets.values()]
        used = np.unique(np.concatenate([*homes, *stops]))
        if len(used) <= self.spots.size // 2:
            fresh = Spots()
            new = np.zeros(self.spots.size, np.int32)
            new[used] = fresh.add([(lon, lat) for lon, lat in self.spots.degrees[used].tolist()])
            self.spots = fresh
            for sheet in self.sheets.values():
                sheet.home, sheet.spot, sheet.spots = new[sheet.home], new[sheet.spot], fresh
        self._room = max(ROOM, 2 * self.spots.size)

    def stands(self, order: str, dates: Iterable[str]) -> bool:
        """Whether an order has a stop on one of these dates: somebody is to go there."""
        return any(
            sheet.state[row, column] not in (HELD, DONE)
            for date in dates
            if (sheet := self.sheets.get(date)) is not None
            for row, column in sheet.places_of(order)
        )

    def stop(self, sheet: Sheet, row: int, column: int) -> Stop:
        """A stop as rules read it: which visit of its order it is, the plan does not know."""
        kept = next((each for each in sheet.kept.get(row, ()) if each.column == column), None)
        return Stop(
            order=sheet.order_at(row, column),
            visit=1,
            start=sheet.midnight + int(sheet.start[row, column]),
            end=sheet.midnight + int(sheet.end[row, column]),
            point=sheet.spots.point(int(sheet.spot[row, column])),
            travel_s=int(sheet.travel[row, column]) // 1000,
            state=STATES[sheet.state[row, column]],
            expires_at=kept.until if kept else None,
            held_by=kept.by if kept else "",
        )


def mark(order: str) -> int:
    """The check sum by which an order's stops are found."""
    return crc32(order.encode())


def blank(date: str, midnight: int, spots: Spots, rows: int, columns: int = 4) -> Sheet:
    """An empty sheet."""
    shape = (rows, columns)
    return Sheet(
        date=date,
        midnight=midnight,
        start=np.full(shape, FAR, np.int32),
        end=np.full(shape, FAR, np.int32),
        spot=np.zeros(shape, np.int32),
        travel=np.zeros(shape, np.int32),
        state=np.zeros(shape, np.int8),
        marks=np.zeros(shape, np.uint32),
        begin=np.full((rows, 1), FAR, np.int32),
        finish=np.full((rows, 1), -FAR, np.int32),
        close=np.full(rows, -FAR, np.int32),
        home=np.zeros(rows, np.int32),
        count=np.zeros(rows, np.int32),
        spots=spots,
    )


def put_hours(sheet: Sheet, row: int, technician: Technician, timezone: str) -> None:
    """Write when somebody works on the date, and whence he sets out."""
    while row >= len(sheet.ids):
        sheet.ids.append("")
    if row >= len(sheet.count):
        more = max(8, len(sheet.count))
        for name, fill in (*STOP_COLUMNS, ("begin", FAR), ("finish", -FAR)):
            setattr(sheet, name, wider(getattr(sheet, name), more, 0, fill))
        for name, fill in (("close", -FAR), ("home", 0), ("count", 0)):
            setattr(sheet, name, wider(getattr(sheet, name), more, None, fill))
    home = place_of(technician.home)
    sheet.home[row] = sheet.spots.add((home,))[0]
    shifts = working(technician, sheet.date, timezone)
    pieces = [piece for begin, end in shifts for piece in less_leave(begin, end, technician)]
    if (missing := len(pieces) - sheet.begin.shape[1]) > 0:
        sheet.begin = wider(sheet.begin, 0, missing, FAR)
        sheet.finish = wider(sheet.finish, 0, missing, -FAR)
    sheet.begin[row], sheet.finish[row] = FAR, -FAR
    sheet.begin[row, : len(pieces)] = [sheet.offset(begin) for begin, _ in pieces]
    sheet.finish[row, : len(pieces)] = [sheet.offset(end) for _, end in pieces]
    sheet.close[row] = max((sheet.offset(end) for _, end in shifts), default=-FAR)


STOP_COLUMNS: tuple[tuple[str, int], ...] = (
    ("start", FAR), ("end", FAR), ("spot", 0), ("travel", 0), ("state", 0), ("marks", 0),
)  # fmt: skip
"""The arrays of stops, and what stands where there is none."""


def wider(array: NDArray[Any], rows: int, columns: int | None, fill: int) -> NDArray[Any]:
    """The array with that many more rows and columns."""
    more = ((0, rows),) if columns is None else ((0, rows), (0, columns))
    return np.pad(array, more, constant_values=fill)


def less_leave(begin: int, end: int, technician: Technician) -> list[tuple[int, int]]:
    """What his leaves leave of a shift."""
    pieces = [(begin, end)]
    for leave in technician.leaves:
        pieces = [
            (first, last)
            for one, other in pieces
            for first, last in ((one, min(other, leave.start)), (max(one, leave.end), other))
            if first < last
        ]
    return sorted(set(pieces))


def put_stops(sheet: Sheet, row: int, stops: Iterable[Stop]) -> None:
    """Write somebody's stops; a place that was there before keeps its number."""
    ordered = sorted(stops, key=lambda stop: (stop.start, stop.end))
    count = len(ordered)
    if (missing := count - sheet.start.shape[1]) > 0:
        more = max(missing, sheet.start.shape[1])
        for name, fill in STOP_COLUMNS:
            setattr(sheet, name, wider(getattr(sheet, name), 0, more, fill))
    for name, fill in STOP_COLUMNS:
        getattr(sheet, name)[row] = fill
    sheet.start[row, :count] = [sheet.offset(stop.start) for stop in ordered]
    sheet.end[row, :count] = [sheet.offset(max(stop.start, stop.end)) for stop in ordered]
    sheet.spot[row, :count] = sheet.spots.add([place_of(stop.point) for stop in ordered])
    sheet.travel[row, :count] = [min(max(0, stop.travel_s), 86_400) * 1000 for stop in ordered]
    sheet.state[row, :count] = [STATES.index(stop.state) for stop in ordered]
    sheet.marks[row, :count] = [mark(stop.order) for stop in ordered]
    sheet.count[row] = count
    sheet.ids[row] = BETWEEN.join(stop.order for stop in ordered)
    kept = tuple(
        Kept(column, stop.expires_at, stop.held_by)
        for column, stop in enumerate(ordered)
        if stop.expires_at is not None
    )
    if kept:
        sheet.kept[row] = kept
    else:
        sheet.kept.pop(row, None)
