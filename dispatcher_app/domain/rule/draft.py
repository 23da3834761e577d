"""The plans of a region while moves are tried out on them: in by the hard rules, or back where they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dispatcher_app.domain.act import Broken, World
from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS, local_date
from dispatcher_app.domain.catalogue import CREW_MOST
from dispatcher_app.domain.command import Helper, Move
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.matching import (
    GIVES_WAY,
    OVERRIDABLE,
    Need,
    limit_of,
    made_room,
    out_of_turn,
    routed,
    swept,
    unfit,
    unfree,
)
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.facts import day_of
from dispatcher_app.domain.rule.standing import needs_of, shared, standing
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

    @property
    def coming(self) -> tuple[Helper, ...]:
        """Who comes to its new place and how they drive there, the lead first; nobody where it leaves the plan."""
        move = self.move
        if move.technician is None:
            return ()
        lead = Helper(technician=move.technician, travel_s=move.travel_s, source=move.source)
        if move.helpers is not None:
            return (lead, *move.helpers)
        stay = self.stop.helpers if self.stop is not None else ()
        return (lead, *(Helper(technician=each) for each in stay if each != move.technician))

    @property
    def helpers(self) -> tuple[str, ...]:
        """Those who come along to its new place."""
        return tuple(each.technician for each in self.coming[1:])


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
    by_hand: bool = False
    overriding: bool = False
    days: dict[str, Day] = field(default_factory=dict)
    technicians: dict[str, Technician | None] = field(default_factory=dict)
    placed: dict[str, Moving] = field(default_factory=dict)
    pushed: dict[str, tuple[Pushed, ...]] = field(default_factory=dict)
    refused: dict[str, Broken] = field(default_factory=dict)
    homeless: dict[str, Moving] = field(default_factory=dict)
    legs: dict[str, set[str]] = field(default_factory=dict)
    let_go: dict[str, tuple[Broken, ...]] = field(default_factory=dict)
    meant: dict[str, Moving] = field(default_factory=dict)

    def technician(self, id: str) -> Technician | None:
        """The technician with the leave that comes or goes with the plan."""
        if id not in self.technicians:
            found = self.world.get(Technician, id)
            self.technicians[id] = found if found is not None and found.region == self.region else None
        return self.technicians[id]

    def need(self, order: Order) -> Need:
        """What the order asks of whoever goes, with everything else where it is meant to be."""
        return needs_of(self.world, order, self.place_of)

    def place_of(self, order: Order) -> Stop | None:
        """Where another order stands once all is moved that has not been refused."""
        meant = self.meant.get(order.id)
        if meant is None or order.id in self.refused:
            found = standing(self.world, order)
            return found[1] if found is not None else None
        return self.stop(meant) if meant.move.start is not None else None

    def stop(self, moving: Moving, drive: Helper | None = None) -> Stop:
        """The visit at its new place, with somebody's drive to it."""
        move, order = moving.move, moving.order
        assert move.technician is not None
        assert move.start is not None
        made = Stop(
            order=order.id, visit=order.visit.number, start=move.start,
            end=move.start + order.minutes_left * MINUTE_MS, point=order.point, state=move.state, pinned=move.pinned,
            travel_s=drive.travel_s if drive else 0, source=drive.source if drive else "estimate",
        )  # fmt: skip
        return shared(made, move.technician, moving.helpers)

    def day(self, technician: str, date: str) -> Day:
        """His plan as far as the moves have been tried."""
        fresh = day_of(self.world, technician, self.region, date)
        return self.days.setdefault(fresh.id, swept(fresh, self.now))

    def put(self, day: Day) -> None:
        self.days[day.id] = day

    def take_out(self, moving: Moving) -> None:
        """The visit leaves its place, so that others may have it."""
        for day in self.stands_in(moving):
            self.put(day.without(moving.order.id))

    def stands_in(self, moving: Moving) -> tuple[Day, ...]:
        """The plans that the visit leaves: of all who were to come."""
        if moving.stop is None:
            return ()
        lead, _, date = moving.day.rpartition(":")
        return tuple(self.day(each, date) for each in (lead, *moving.stop.helpers))

    def try_in(self, moving: Moving) -> None:
        """The visit at its new place, or refused where a hard rule is broken there."""
        move, order = moving.move, moving.order
        assert move.start is not None
        coming = {each.technician: each for each in moving.coming}
        people = [known for id in coming if (known := self.technician(id)) is not None]
        if len(people) < len(moving.coming) or abs(move.start - self.now) > 400 * DAY_MS:
            self.refuse(moving, Broken("no_such_place"))
            return
        if len(people) > CREW_MOST:
            self.refuse(moving, Broken("too_many_come", {"most": CREW_MOST}))
            return
        need, told = self.need(order), move.state == "confirmed"
        date = local_date(move.start, self.timezone)
        gives_way = GIVES_WAY if told else frozenset()
        broken: tuple[Broken, ...] = ()
        for each in people:
            day = self.day(each.id, date)
            hard = unfree(each, day, need, move.start, self.now, self.policy, self.timezone, gives_way)
            broken = (*broken, *unfit(each, need, move.start), *hard)
        if self.taken_back and not told:
            # It stood there, whatever has become of the technician's day: the planner sees to that, not the undo.
            broken = tuple(each for each in broken if each.code in CLASHES)
        if broken and told and self.overriding and all(each.code in OVERRIDABLE for each in broken):
            self.let_go[order.id], broken = broken, ()
        if broken:
            self.refuse(moving, broken[0])
            return
        for each in people:
            if told:
                day = self.day(each.id, date)
                # What is taken back stood there beside what was planned, however near: only its hours count.
                drives = self.by_hand and not self.taken_back
                roomy = made_room(day, each, need, move.start, self.now, self.policy, drives=drives)
                gone = [stop for stop in day.stops if stop not in roomy.stops]
                self.pushed[order.id] = (*self.pushed.get(order.id, ()), *self.push(day, gone))
            self.put(self.day(each.id, date).with_stop(self.stop(moving, coming[each.id])))
        self.placed[order.id] = moving

    def push(self, day: Day, gone: Iterable[Stop]) -> Iterator[Pushed]:
        """These stops out of a plan, and out of the plans of all who were to come to them."""
        for stop in gone:
            for id in stop.together or (day.technician,):
                his = self.day(id, day.date)
                if (own := his.stop_of(stop.order)) is not None and own.state in GIVES_WAY:
                    self.put(his.without(stop.order))
                    yield Pushed(his.id, own)

    def settle(self) -> None:
        """Refuse what would begin before another order is over that comes first, now that all have their places."""
        turned = True
        while turned:
            turned = False
            for moving in list(self.placed.values()):
                order, start = moving.order, moving.move.start
                if order.id not in self.placed or start is None or not (order.after or order.then):
                    continue
                need = self.need(order)
                broken = out_of_turn(need, start, start + need.minutes * MINUTE_MS)
                if broken and not self.overriding and not self.taken_back:
                    self.refuse(moving, broken[0])
                    turned = True

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
        assert move.start is not None
        date = local_date(move.start, self.timezone)
        for who in moving.coming:
            self.put(self.day(who.technician, date).without(moving.order.id))
        gone = self.pushed.pop(moving.order.id, ())
        for id in dict.fromkeys(each.stop.order for each in gone):
            theirs = [(self.of(each.day), each.stop) for each in gone if each.stop.order == id]
            if not any(hits(other, stop) for day, stop in theirs for other in day.stops):
                for day, stop in theirs:
                    self.put(day.with_stop(stop))

    def put_back(self, moving: Moving, stop: Stop) -> list[Moving]:
        """The visit where it stood; returns the moves that have to go back for that.

        What was only tentative does not come back where somebody is dispatched by now: the planner finds it a place.
        """
        days = self.stands_in(moving)
        ahead = [other for day in days for other in day.stops if hits(other, stop)]
        if stop.state == "tentative" and any(other.state not in GIVES_WAY for other in ahead):
            self.homeless[stop.order] = moving
            return []
        back = [self.placed[other.order] for other in ahead if other.order in self.placed]
        for day in days:
            former = self.world.get(Day, day.id)
            day = day.with_stop((former.stop_of(stop.order) if former is not None else None) or stop)
            known = self.technician(day.technician)
            others = [other for other in day.stops if other.state != "done" and other not in ahead]
            if known is not None and len(others) > limit_of(known, self.policy):
                late = [self.placed[other.order] for other in others if other.order in self.placed]
                back += late[-1:]
            self.put(day)
        return back

    def of(self, id: str) -> Day:
        """The plan of that id as far as the moves have been tried."""
        technician, _, date = id.rpartition(":")
        return self.day(technician, date)

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
