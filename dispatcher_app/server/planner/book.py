"""What the planner knows of a region, kept up to date from its log: technicians, plans, promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dispatcher_app.domain.calendar import DAY_MS, local_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.matching import Need, need_of
from dispatcher_app.domain.order import Order, Status, Unkept, Urgency, Window
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.daily import Wanted
from dispatcher_app.planning.travel import Ground
from dispatcher_app.server.store import plan as kept
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.travels import ground_of

PROMISED: frozenset[Status] = frozenset({"pending", "offered", "accepted", "en_route"})
"""Somebody is still to come."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What the planner remembers of an order to which somebody is still to come."""

    order: str
    version: int
    status: Status
    window: Window
    urgency: Urgency
    need: Need
    technician: str | None
    day: str
    unkept: Unkept | None

    @property
    def wanted(self) -> Wanted:
        """The visit as it is to be planned."""
        return Wanted(need=self.need, window=self.window, urgency=self.urgency)


@dataclass(slots=True)
class Book:
    """A region from yesterday on; filled by `refresh`, read between two of them."""

    region: Region
    policy: Policy = field(default_factory=Policy)
    items: dict[str, Item] = field(default_factory=dict)
    technicians: dict[str, Technician] = field(default_factory=dict)
    days: dict[str, Day] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    head: int = 0
    platform: int = -1
    ground: Ground = field(default_factory=Ground)
    routed: dict[str, int] = field(default_factory=dict)

    def refresh(self, cursor: Cursor, now: int) -> bool:
        """Take in what has changed; whether anything has."""
        found = cursor.one("SELECT seq FROM log_head WHERE log = ?", ("platform",))
        if found is not None and found[0] != self.platform:
            self.platform, self.head = found[0], 0
            self.policy = loaded_policy(cursor)
            self.items = {
                each.id: each
                for each in record.load_all(cursor, "item", "platform")
                if isinstance(each, Item)
            }
            region = record.load(cursor, "region", self.region.id)
            self.region = region if isinstance(region, Region) else self.region
        first = self.head == 0
        self.head, entities = kept.since(cursor, self.region.id, self.head, now - DAY_MS)
        if first:
            self.technicians, self.days, self.promises = {}, {}, {}
        self.ground = ground_of(cursor, self.region)
        today = local_date(now, self.region.timezone)
        orders = []
        for entity in entities:
            match entity:
                case Technician():
                    self.technicians[entity.id] = entity
                case Day() if entity.date >= today:
                    self.days[entity.id] = entity
                case Order():
                    orders.append(entity)
        for id in [id for id, day in self.days.items() if day.date < today]:
            del self.days[id]
        self._take_in(cursor, orders)
        return bool(entities)

    def _take_in(self, cursor: Cursor, orders: Iterable[Order]) -> None:
        promised = [each for each in orders if is_promised(each)]
        barred = kept.blocked(cursor, (each.customer for each in promised))
        for order in orders:
            self.promises.pop(order.id, None)
        for order in promised:
            items = [self.items[line.item] for line in order.lines if line.item in self.items]
            assert order.window is not None
            self.promises[order.id] = Promise(
                order=order.id,
                version=order.version,
                status=order.status,
                window=order.window,
                urgency=order.urgency,
                need=need_of(order, items, barred.get(order.customer, ())),
                technician=order.technician,
                day=order.tentative if order.technician is None else f"{order.technician}:{order.planned_on}",
                unkept=order.unkept,
            )

    def stop_of(self, promise: Promise) -> Stop | None:
        """Where the promise stands in the plan, None where it stands nowhere."""
        day = self.days.get(promise.day)
        return day.stop_of(promise.order) if day is not None else None

    def homeless(self, now: int) -> list[Promise]:
        """Promises without technician that have no place in the plan, the soonest first."""
        found = [
            each
            for each in self.promises.values()
            if each.technician is None and each.window.end > now and self.stop_of(each) is None
        ]
        return sorted(found, key=lambda each: (each.window.start, each.order))

    def of_date(self, date: str) -> dict[str, Day]:
        """The plans of a date by id."""
        return {id: day for id, day in self.days.items() if day.date == date}

    def wanted_on(self, date: str, now: int) -> list[Wanted]:
        """The promises of a date that nobody was assigned to."""
        return [
            each.wanted
            for each in self.promises.values()
            if each.technician is None
            and each.window.end > now
            and local_date(each.window.start, self.region.timezone) == date
        ]

    def windows(self) -> Mapping[str, Window]:
        """The promised windows by order."""
        return {id: each.window for id, each in self.promises.items()}


def is_promised(order: Order) -> bool:
    """Whether somebody is still to come to a home at a promised hour."""
    return order.status in PROMISED and order.window is not None and order.service == "home"


def loaded_policy(cursor: Cursor) -> Policy:
    """The figures in force."""
    found = record.load(cursor, "policy", "policy")
    return found if isinstance(found, Policy) else Policy()
