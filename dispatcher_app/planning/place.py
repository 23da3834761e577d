"""Where in a technician's free time a visit stands best, and what it costs the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.day import Stop
from dispatcher_app.planning.gap import Free, Gap, Leg, Reach, leg_to

STEP_MS = 5 * MINUTE_MS
"""Starts are proposed on a grid that a person would say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A later visit of the same day that would begin that many minutes after its planned start."""

    order: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One possible start (UTC ms). `slack_s` is what is spare before the next visit or the end of work."""

    start: int
    end: int
    arrival: int
    drive_s: int
    distance_m: int
    travel_s: int
    slack_s: int
    late: tuple[Late, ...]
    after_order: str | None

    @property
    def late_minutes(self) -> int:
        """Minutes that this visit and all later ones are late together."""
        return sum(each.minutes for each in self.late) + max(0, self.arrival - self.start) // MINUTE_MS


def placements(
    free: Free, reach: Reach, minutes: int, earliest: int, latest: int, now: int
) -> Iterator[Placement]:
    """Every gap's first start between `earliest` and `latest`: as the drives allow, else a tight one."""
    duration = minutes * MINUTE_MS
    for gap in free.gaps:
        lowest = max(gap.begin, earliest)
        highest = min(latest, gap.end - duration)
        if lowest > highest:
            continue
        leg = leg_to(gap, free.technician.id, reach, now)
        arrival = arrival_in(gap, leg[0], now)
        soonest = max(lowest, arrival)
        # Rounding up to what a person would say never costs the next visit its punctuality.
        limits = (min(highest, calm_until(gap, reach) - duration), highest)
        wanted = (on_grid(soonest), soonest)
        start = next((each for limit in limits for each in wanted if each <= limit), highest)
        yield placement(free, reach, gap, leg, start, start + duration, arrival)


def calm_until(gap: Gap, reach: Reach) -> int:
    """Until when (UTC ms) a visit in the gap may last so that the next one begins in time."""
    return gap.end if gap.after is None else gap.after.start - reach.stops[gap.after.order][0] * 1000


def arrival_in(gap: Gap, drive_s: int, now: int) -> int:
    """When he can stand at the door (UTC ms); the first drive of a day ends as work begins where it can."""
    if gap.before is not None:
        return max(gap.before.end, now) + drive_s * 1000
    return max(gap.begin, now + drive_s * 1000)


def on_grid(at: int) -> int:
    """The next moment of the grid."""
    return -(-at // STEP_MS) * STEP_MS


def placement(free: Free, reach: Reach, gap: Gap, leg: Leg, start: int, end: int, arrival: int) -> Placement:
    """The cost of a start: added driving, spare time, and whom it makes late."""
    came_from = reach.stops[gap.before.order] if gap.before else reach.homes[free.technician.id]
    onward_s = saved_s = 0
    done = max(end, arrival + end - start)
    room_ms = gap.end - done
    late: tuple[Late, ...] = ()
    if gap.after is not None:
        onward_s, saved_s = reach.stops[gap.after.order][0], gap.after.travel_s
        room_ms = min(room_ms, gap.after.start - done - onward_s * 1000)
        if done + onward_s * 1000 > gap.after.start:
            late = tuple(late_after(free, gap.after, done + onward_s * 1000))
    return Placement(
        start=start,
        end=end,
        arrival=arrival,
        drive_s=leg[0],
        distance_m=leg[1],
        travel_s=max(0, came_from[0] + onward_s - saved_s),
        slack_s=room_ms // 1000,
        late=late,
        after_order=gap.before.order if gap.before is not None else None,
    )


def late_after(free: Free, first: Stop, arrival: int) -> Iterator[Late]:
    """The delay handed on from one visit to the next until the day has swallowed it."""
    later = free.stops[next(index for index, stop in enumerate(free.stops) if stop is first) :]
    for stop, following in zip_longest(later, later[1:]):
        delay = arrival - stop.start
        if delay <= 0:
            return
        yield Late(order=stop.order, minutes=-(-delay // MINUTE_MS))
        if following is not None:
            arrival = stop.end + delay + following.travel_s * 1000
