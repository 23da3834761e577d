"""The plans of a region while moves are tried out on them: in by the hard rules, or back where they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dispatcher_app.domain.act import Broken, World
from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS, local_date
from dispatcher_app.domain.command import Move
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.matching import (
    GIVES_WAY,
    OVERRIDABLE,
    Need,
    limit_of,
    made_room,
    routed,
    swept,
    unfit,
    unfree,
)
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.facts import day_of, needs_of
from dispatcher_app.domain.technician import Technician

DRIVE_MOST_S = 24 * 3600
CLASHES = frozenset({"overlap", "held_for_caller"})


@dataclass(frozen=True, slots=True)
class Moving:
    """A move that fits how its order stands, and the place that it leaves: a plan's id and the stop in it."""

    move: Move
    order: Order
    day: str
    stop: Stop | None


@dataclass(frozen=True, slots=True)
class Pushed:
    """A tentative stop that a dispatched one has pushed out of a plan."""

    day: str
    stop: Stop


@dataclass(slots=True)
class Draft:
    """The plans of a region while moves are tried out on them; nothing here is seen by anybody before all fit.

    `by_hand`, a person moves single visits: drives count as when he assigns one, and what is `overriding` lets go of
    what a supervisor may let go of, kept in `let_go` by order.
    """

    world: World
    region: str
    now: int
    policy: Policy
    timezone: str
    taken_back: bool = False
    days: dict[str, Day] = field(default_factory=dict)
    by_hand: bool = False
    overriding: bool = False
    technicians: dict[str, Technician | None] = field(default_factory=dict)
    placed: dict[str, Moving] = field(default_factory=dict)
    pushed: dict[str, tuple[Pushed, ...]] = field(default_factory=dict)
    refused: dict[str, Broken] = field(default_factory=dict)
    homeless: dict[str, Moving] = field(default_factory=dict)
    legs: dict[str, set[str]] = field(default_factory=dict)

    let_go: dict[str, tuple[Broken, ...]] = field(default_factory=dict)
    def technician(self, id: str) -> Technician | None:
        """The technician with the leave that comes or goes with the plan."""
        if id not in self.technicians:
            found = self.world.get(Technician, id)
            self.technicians[id] = found if found is not None and found.region == self.region else None
        return self.technicians[id]

    def day(self, technician: str, date: str) -> Day:
    def need(self, order: Order) -> Need:
        """What the order asks of whoever goes."""
        return needs_of(self.world, order)

        """His plan as far as the moves have been tried."""
        fresh = day_of(self.world, technician, self.region, date)
        return self.days.setdefault(fresh.id, swept(fresh, self.now))

    def put(self, day: Day) -> None:
        self.days[day.id] = day

    def take_out(self, moving: Moving) -> None:
        """The visit leaves its place, so that others may have it."""
        if moving.stop is not None:
            technician, _, date = moving.day.rpartition(":")
            self.put(self.day(technician, date).without(moving.order.id))

    def try_in(self, moving: Moving) -> None:
        """The visit at its new place, or refused where a hard rule is broken there."""
        move, order = moving.move, moving.order
        assert move.technician is not None
        assert move.start is not None
        technician = self.technician(move.technician)
        if technician is None or abs(move.start - self.now) > 400 * DAY_MS:
            self.refuse(moving, Broken("no_such_place"))
            return
        need, told = needs_of(self.world, order), move.state == "confirmed"
        day = self.day(technician.id, local_date(move.start, self.timezone))
        gives_way = GIVES_WAY if told else frozenset()
        broken = (
            *unfit(technician, need, move.start),
            *unfree(technician, day, need, move.start, self.now, self.policy, self.timezone, gives_way),
        )
        if self.taken_back and not told:
            # It stood there, whatever has become of the technician's day: the planner sees to that, not the undo.
            broken = tuple(each for each in broken if each.code in CLASHES)
        if broken:
        if broken and self.overriding and all(each.code in OVERRIDABLE for each in broken):
            self.let_go[order.id], broken = broken, ()
            self.refuse(moving, broken[0])
            return
        if told:
            roomy = made_room(day, technician, need, move.start, self.now, self.policy, drives=self.by_hand)
            gone = tuple(Pushed(day.id, each) for each in day.stops if each not in roomy.stops)
            self.pushed[order.id] = gone
            day = roomy
        stop = Stop(
            order=order.id, visit=order.visit.number, start=move.start, end=move.start + need.minutes * MINUTE_MS,
            point=order.point, travel_s=move.travel_s, source=move.source, state=move.state, pinned=move.pinned,
        )  # fmt: skip
        self.put(day.with_stop(stop))
        self.placed[order.id] = moving

    def refuse(self, moving: Moving, why: Broken) -> None:
        """The visit back where it was; whatever has taken that place meanwhile goes back as well, and so on."""
        waiting = [(moving, why)]
        while waiting:
            each, broken = waiting.pop()
            id = each.order.id
            if id in self.refused:
                continue
            self.refused[id] = broken
            if (was := self.placed.pop(id, None)) is not None:
                self.leave(was)
            if each.stop is not None:
                stays = {"order": id, "start": each.stop.start, "end": each.stop.end}
                waiting += ((other, Broken("overlap", stays)) for other in self.put_back(each, each.stop))

    def leave(self, moving: Moving) -> None:
        """A placed visit out again; what it had pushed aside stands where it stood, if nobody else does."""
        move = moving.move
        assert move.technician is not None
        assert move.start is not None
        day = self.day(move.technician, local_date(move.start, self.timezone)).without(moving.order.id)
        for each in self.pushed.pop(moving.order.id, ()):
            if not any(hits(other, each.stop) for other in day.stops):
                day = day.with_stop(each.stop)
        self.put(day)

    def put_back(self, moving: Moving, stop: Stop) -> list[Moving]:
        """The visit where it stood; returns the moves that have to go back for that.

        What was only tentative does not come back where somebody is dispatched by now: the planner finds it a place.
        """
        technician, _, date = moving.day.rpartition(":")
        day = self.day(technician, date)
        ahead = [other for other in day.stops if hits(other, stop)]
        if stop.state == "tentative" and any(other.state not in GIVES_WAY for other in ahead):
            self.homeless[stop.order] = moving
            return []
        day = day.with_stop(stop)
        back = [self.placed[other.order] for other in ahead if other.order in self.placed]
        known = self.technician(technician)
        others = [other for other in day.stops if other.state != "done" and other not in ahead]
        if known is not None and len(others) > limit_of(known, self.policy):
            late = [self.placed[other.order] for other in others if other.order in self.placed]
            back += late[-1:]
        self.put(day)
        return back

    def written(self) -> Iterator[Day]:
        """The plans that are others than before, their drives counted anew where a move does not say them."""
        for id, day in self.days.items():
            former = self.world.get(Day, id)
            technician = self.technician(day.technician)
            stood = swept(former, self.now).stops if former is not None else ()
            if technician is None or day.stops == stood:
                continue
            given = {
                stop.order
                for stop in day.stops
                if stop.order in self.placed or stop.order in self.legs.get(id, ())
            }
            made = routed(day, technician.home, self.policy, former, given)
            if made.stops != stood:
                yield made


def hits(one: Stop, other: Stop) -> bool:
    """Whether two stops of different visits stand at the same time; what is over stands nowhere."""
    return (
        one.order != other.order
        and "done" not in (one.state, other.state)
        and one.start < other.end
        and other.start < one.end
    )
