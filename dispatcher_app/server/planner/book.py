"""What the planner knows of a region, kept up to date from its log: technicians, plans, promises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, MINUTE_MS, local_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.matching import NEVER, Need, need_of, out_of_turn
from dispatcher_app.domain.order import After, Order, Status, Unkept, Urgency, Window
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.rule.standing import over_at
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.daily import Wanted
from dispatcher_app.planning.travel import Ground
from dispatcher_app.planning.watch import Threat
from dispatcher_app.server.store import planned, record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.travels import ground_of

NIGHT_MS = 6 * HOUR_MS
"""The plans of a date are looked at so long after its midnight: windows of the evening run on."""
PROMISED: frozenset[Status] = frozenset({"pending", "offered", "accepted", "en_route"})
"""Somebody is still to come."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What the planner remembers of an order to which somebody is still to come; `helpers` are sent along."""

    order: str
    date: str
    status: Status
    window: Window
    urgency: Urgency
    need: Need
    technician: str | None
    day: str
    unkept: Unkept | None
    helpers: tuple[str, ...] = ()
    after: After | None = None
    then: tuple[str, ...] = ()


@dataclass(slots=True)
class Book:
    """A region from yesterday on; filled by `refresh`, read between two of them.

    `head` and `platform` are up to where the two logs have been read.
    `touched` are the plans that are others by now, or whose technician or promises are, until somebody has looked;
    `threats` (by plan) are the promises that broke then, `judged_at` is when all plans were looked at last (UTC ms).
    """

    region: Region
    policy: Policy = field(default_factory=Policy)
    items: dict[str, Item] = field(default_factory=dict)
    technicians: dict[str, Technician] = field(default_factory=dict)
    days: dict[str, Day] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    head: int = 0
    platform: int = -1
    learnt: int = 0
    ground: Ground = field(default_factory=Ground)
    routed: dict[str, int] = field(default_factory=dict)
    firsts: dict[str, Order] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    threats: dict[str, tuple[Threat, ...]] = field(default_factory=dict)
    judged_at: int = 0

    def refresh(self, cursor: Cursor, now: int) -> bool:
        """Take in what has changed; whether anything has."""
        self._learn(cursor)
        first = self.head == 0
        self.head, entities = planned.since(cursor, self.region.id, self.head, now - DAY_MS)
        if first:
            # Others may be reading the former ones: these are left to them as they are.
            self.technicians, self.days, self.promises, self.firsts = {}, {}, {}, {}
            self.touched, self.threats, self.judged_at = set(), {}, 0
        self.ground = ground_of(cursor, self.region)
        today = local_date(now - NIGHT_MS, self.region.timezone)
        orders = []
        for entity in entities:
            match entity:
                case Technician():
                    if entity.id in self.technicians:
                        self.touched.update(
                            id for id, day in self.days.items() if day.technician == entity.id
                        )
                    self.technicians[entity.id] = entity
                case Day() if entity.date >= today:
                    self.days[entity.id] = entity
                    self.touched.add(entity.id)
                case Order():
                    orders.append(entity)
        for id in [id for id, day in self.days.items() if day.date < today]:
            del self.days[id]
            self.touched.add(id)
        self._take_in(cursor, orders)
        return bool(entities)

    def _learn(self, cursor: Cursor) -> None:
        """Take in what the platform has changed of what planning reads; few of its acts change what orders need."""
        head, entities = planned.platform_since(cursor, self.region.id, self.platform)
        self.platform = head
        anew = False
        for entity in entities:
            match entity:
                case Policy():
                    self.policy = entity
                case Region():
                    anew = anew or entity.timezone != self.region.timezone
                    self.region = entity
                case Item():
                    former = self.items.get(entity.id)
                    anew = anew or (former is not None and asks(former) != asks(entity))
                    self.items[entity.id] = entity
        self.learnt += bool(entities)
        if anew:
            self.head = 0

    @property
    def stand(self) -> tuple[int, int]:
        """What is another one when anything is otherwise that planning depends on."""
        return self.head, self.learnt

    def _take_in(self, cursor: Cursor, orders: Iterable[Order]) -> None:
        promised = [each for each in orders if is_promised(each)]
        barred = planned.blocked(cursor, (each.customer for each in promised))
        for order in orders:
            if (former := self.promises.pop(order.id, None)) is not None:
                self.touched.add(former.day)
            if order.then:
                self.firsts[order.id] = order
            else:
                self.firsts.pop(order.id, None)
        for order in promised:
            if order.after is not None and order.after.order not in self.firsts:
                first = record.load(cursor, "order", order.after.order)
                if isinstance(first, Order):
                    self.firsts[first.id] = first
            items = [self.items[line.item] for line in order.lines if line.item in self.items]
            assert order.window is not None
            self.promises[order.id] = Promise(
                order=order.id,
                date=local_date(order.window.start, self.region.timezone),
                status=order.status,
                window=order.window,
                urgency=order.urgency,
                need=need_of(order, items, barred.get(order.customer, ())),
                technician=order.technician,
                day=order.tentative if order.technician is None else f"{order.technician}:{order.planned_on}",
                unkept=order.unkept,
                helpers=order.helpers,
                after=order.after,
                then=order.then,
            )
            self.touched.add(self.promises[order.id].day)

    def stop_of(self, promise: Promise) -> Stop | None:
        """Where the promise stands in the plan, None where it stands nowhere."""
        day = self.days.get(promise.day)
        return day.stop_of(promise.order) if day is not None else None

    def wanted(self, promise: Promise) -> Wanted:
        """The visit as it is to be planned."""
        after = promise.after
        return Wanted(
            need=self.need(promise),
            window=promise.window,
            urgency=promise.urgency,
            after=after.order if after is not None else "",
            pause_s=after.pause * 60 if after is not None else 0,
        )

    def need(self, promise: Promise) -> Need:
        """What it asks, the hours included that the orders before and after it leave it as they stand now."""
        if promise.after is None and not promise.then:
            return promise.need
        opens, closes, after = 0, NEVER, promise.after
        first = self.firsts.get(after.order) if after is not None else None
        if after is not None and first is not None:
            opens = over_at(first, self._place_of(first), self.region.timezone) + after.pause * MINUTE_MS
        for id in promise.then:
            other = self.promises.get(id)
            stop = self.stop_of(other) if other is not None and other.technician is not None else None
            if stop is not None and other is not None and other.after is not None and other.status == "accepted":
                closes = min(closes, stop.start - other.after.pause * MINUTE_MS)
        return replace(promise.need, opens=min(opens, NEVER), closes=closes)

    def amiss(self, promise: Promise) -> str | None:
        """What a place lacks that has nothing to do with who has it: a second man, or another order that comes first."""
        if promise.need.crew == 1 and promise.after is None and not promise.then:
            return None
        if promise.need.crew == 1 and promise.after is None and not promise.then:
            return None
        stop = self.stop_of(promise)
        if stop is None or stop.state == "locked":
            return None
        if promise.need.crew > 1 + len(stop.helpers):
            return "needs_helper"
        broken = out_of_turn(self.need(promise), stop.start, stop.end)
        return broken[0].code if broken else None

    def _place_of(self, order: Order) -> Stop | None:
        """Where an order stands, promised or begun."""
        id = order.tentative if order.technician is None else f"{order.technician}:{order.planned_on}"
        day = self.days.get(id)
        return day.stop_of(order.id) if day is not None else None

    def homeless(self, now: int) -> list[Promise]:
        """Promises without technician that have no place in the plan, the soonest first."""
        found = [
            each
            for each in list(self.promises.values())
            if each.technician is None and each.window.end > now and self.stop_of(each) is None
        ]
        return sorted(found, key=lambda each: (each.window.start, each.order))

    def of_date(self, date: str) -> dict[str, Day]:
        """The plans of a date by id."""
        return {day.id: day for day in list(self.days.values()) if day.date == date}

    def dates(self, now: int) -> list[str]:
        """The dates from today on that have a plan."""
        today = local_date(now, self.region.timezone)
        return sorted({day.date for day in list(self.days.values()) if day.date >= today})

    def stamp(self, date: str) -> int:
        """What is another number when the plans of a date, or the promises that nobody is sent to, are others."""
        plans = frozenset((day.id, day.version) for day in self.of_date(date).values())
        waiting = frozenset((each.order, each.window) for each in self._waiting_on(date))
        return hash((plans, waiting))

    def wanted_on(self, date: str, now: int) -> list[Wanted]:
        """The promises of a date that nobody was assigned to."""
        return [self.wanted(each) for each in self._waiting_on(date) if each.window.end > now]

    def _waiting_on(self, date: str) -> list[Promise]:
        """The promises of a date without technician; one that stands on another date is that date's."""
        return [
            each
            for each in list(self.promises.values())
            if each.technician is None
            and each.date == date
            and (each.day.endswith(f":{date}") or self.stop_of(each) is None)
        ]


def is_promised(order: Order) -> bool:
    """Whether somebody is still to come to a home at a promised hour."""
    return order.status in PROMISED and order.window is not None and order.service == "home"


def asks(item: Item) -> tuple[object, ...]:
    """What an item asks of whoever comes for it."""
    return item.skill, frozenset(item.certificates)
