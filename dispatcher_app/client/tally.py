"""Today in figures, by this desk's own copy: what was booked and finished, what is open, what promises were kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from dispatcher_app.client.availability import availability
from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.client.schedule import Brief, Sheet, sheet
from dispatcher_app.domain.alert import TO_COME, late
from dispatcher_app.domain.calendar import HOUR_MS, leave_during, midnight, moment, next_date, working
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.capacity import Capacity, date_slot

FIRST_HOUR: Final = 7
LAST_HOUR: Final = 22
"""The hours that an overview of the day shows."""
STEPS: Final = (LAST_HOUR - FIRST_HOUR) * 2
"""They are told by the half hour."""


@dataclass(frozen=True, slots=True)
class TeamTally:
    """A team today: people of it with a shift, those at work now, visits in all, done, under way and late.

    `load` is the share of those with a shift who are on a visit or on the way to one, by the half hour.
    """

    team: str
    people: int
    at_work: int
    visits: int
    done: int
    under_way: int
    late: int
    load: tuple[float, ...]
    taken: float | None


@dataclass(frozen=True, slots=True)
class Tally:
    """A local date as it stands: `booked` and `finished` by hour from midnight, open orders by status.

    `kept` of `promised` are the promises of which is known by now whether they were kept: somebody came in time, too
    late, or has not come although the time is over. `taken` is the share of working time with visits and drives in it,
    None where nobody works.
    """

    date: str
    at: int
    booked: tuple[int, ...]
    finished: tuple[int, ...]
    open: Mapping[str, int]
    kept: int
    promised: int
    teams: tuple[TeamTally, ...]
    taken: float | None

    @property
    def at_work(self) -> int:
        """Technicians whose shift is now."""
        return sum(each.at_work for each in self.teams)

    @property
    def people(self) -> int:
        """Technicians with a shift today."""
        return sum(each.people for each in self.teams)


def tally(reader: Reader, region: str, date: str, timezone: str, now: int) -> Tally:
    """The figures of a region on a local date; raises Rejected where the region is not here yet."""
    begin, end = midnight(date, timezone), midnight(next_date(date), timezone)
    plans = sheet(reader, [date], timezone)
    visits = [each for brief in plans.briefs.values() for each in brief.visits]
    come = [(each.arrival.at, each.window) for each in visits if each.arrival and each.window]
    arrived = [at <= window.end for at, window in come if begin <= at < end]
    overdue = sum(_overdue(each, None, now) for each in plans.briefs.values())
    free = availability(reader, region, [date_slot(date, timezone)], now)
    return Tally(
        date=date,
        at=now,
        booked=by_hour(reader.booked(begin, end), begin),
        finished=by_hour((each.ended_at for each in visits if each.ended_at is not None), begin),
        open=reader.open_by_status(),
        kept=sum(arrived),
        promised=len(arrived) + overdue,
        teams=_teams(reader, region, plans, free, date, timezone, now),
        taken=share(free, free.people),
    )


def by_hour(moments: Iterable[int], begin: int) -> tuple[int, ...]:
    """How many of these (UTC ms) fall into each of the 24 hours that begin at `begin`."""
    counts = Counter((at - begin) // HOUR_MS for at in moments)
    return tuple(counts[hour] for hour in range(24))


def share(free: Capacity, people: Iterable[str]) -> float | None:
    """How much of the working time of these people is taken by visits and drives."""
    wanted = set(people)
    rows = np.array([each in wanted for each in free.people], dtype=bool)
    if not rows.any():
        return None
    there = int((free.shift[rows] - free.away[rows]).sum())
    return float(free.load[rows].sum()) / there if there > 0 else None


def _overdue(brief: Brief, start: int | None, now: int) -> bool:
    return brief.status in TO_COME and late(brief.window, start, now)


def _teams(
    reader: Reader, region: str, plans: Sheet, free: Capacity, date: str, timezone: str, now: int
) -> tuple[TeamTally, ...]:
    days = {each.technician: each for each in plans.days if each.date == date}
    teams: dict[str, list[Technician]] = {}
    for each in reader.entities(Technician):
        if each.region == region and (working(each, date, timezone) or each.id in days):
            teams.setdefault(each.team, []).append(each)
    return tuple(
        _team(name, people, days, plans, free, date, timezone, now) for name, people in sorted(teams.items())
    )


def _team(
    name: str, people: list[Technician], days: Mapping[str, Day], plans: Sheet, free: Capacity,
    date: str, timezone: str, now: int,
) -> TeamTally:  # fmt: skip
    stops = [
        stop for each in people if each.id in days for stop in days[each.id].stops if stop.state != "held"
    ]
    begin = moment(date, FIRST_HOUR * 60, timezone)
    busy = [0] * STEPS
    for each in people:
        if each.id in days:
            spans = [(stop.start - stop.travel_s * 1000, stop.end) for stop in days[each.id].stops]
            for step in range(STEPS):
                since = begin + step * HOUR_MS // 2
                busy[step] += any(first < since + HOUR_MS // 2 and since < last for first, last in spans)
    briefs = [(plans.briefs.get(stop.order), stop) for stop in stops]
    return TeamTally(
        team=name,
        people=len(people),
        at_work=sum(_at_work(each, date, timezone, now) for each in people),
        visits=len(stops),
        done=sum(stop.state == "done" for stop in stops),
        under_way=sum(stop.state == "locked" for stop in stops),
        late=sum(
            brief is not None and stop.state != "done" and _overdue(brief, stop.start, now)
            for brief, stop in briefs
        ),
        load=tuple(count / len(people) for count in busy),
        taken=share(free, (each.id for each in people)),
    )


def _at_work(technician: Technician, date: str, timezone: str, now: int) -> bool:
    return leave_during(technician, now, now + 1) is None and any(
        begin <= now < end for begin, end in working(technician, date, timezone)
    )
