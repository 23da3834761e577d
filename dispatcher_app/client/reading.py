"""What a desk reads: the replica as it stands, whether there is a server or not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ParamSpec, Protocol, TypeVar

from dispatcher_app.client.alerting import FRESH_MS, Told, told
from dispatcher_app.client.availability import availability
from dispatcher_app.client.bulletin import Bulletin, Listener
from dispatcher_app.client.deskclock import DeskClock
from dispatcher_app.client.lookup import Lookup
from dispatcher_app.client.presence import Attendance
from dispatcher_app.client.replica.ask import OrderQuery, SortKey
from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.client.schedule import Sheet, anew, sheet
from dispatcher_app.client.state import Changed, Conflict, Link, Position, Upload
from dispatcher_app.client.tally import Tally, tally
from dispatcher_app.client.worker import Worker
from dispatcher_app.domain.act import Actor
from dispatcher_app.domain.alert import OF_PLANS
from dispatcher_app.domain.customer import Address, Compound, Note
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import E
from dispatcher_app.domain.money.complaint import Complaint, ComplaintNote
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.region import Region, Staff
from dispatcher_app.domain.talk import Attachment, Message, Review
from dispatcher_app.planning.capacity import Capacity, Slot
from dispatcher_app.rows import OrderRow

T = TypeVar("T")
P = ParamSpec("P")


class Writing(Protocol):
    """Who fills a copy; `faults` is what is raised when its file can't be used."""

    @property
    def faults(self) -> tuple[type[Exception], ...]: ...


class Held(Protocol):
    """A copy that can be read: the thread that asks it, and what is asked."""

    @property
    def worker(self) -> Worker: ...
    @property
    def writer(self) -> Writing: ...
    @property
    def reader(self) -> Reader: ...
    @property
    def lookup(self) -> Lookup: ...


class Reading(ABC):
    """The replica, read one thing at a time in the caller's thread, and asked for many in a thread of its own."""

    positions: dict[str, Position]
    _bulletin: Bulletin

    def __init__(self, parts: Held, staff: Staff) -> None:
        self.staff = staff
        self._worker, self._faults, self._reader = parts.worker, parts.writer.faults, parts.reader
        self._lookup = parts.lookup
        self._clock = DeskClock()
        self._told: Told = {}
        self._told_at = 0

    @property
    def actor(self) -> Actor:
        """Who acts here."""
        roles, regions = frozenset(self.staff.roles), frozenset(self.staff.regions)
        return Actor(kind="staff", id=self.staff.id, roles=roles, regions=regions)

    @property
    def link(self) -> Link:
        """How the connection stands."""
        return self._bulletin.link

    def subscribe(
        self, *, changed: Callable[[Changed], Any] | None = None, link: Callable[[Link], Any] | None = None,
        conflict: Callable[[Conflict], Any] | None = None,
        positions: Callable[[Mapping[str, Position]], Any] | None = None,
        uploads: Callable[[Upload], Any] | None = None,
        presence: Callable[[Attendance], Any] | None = None,
    ) -> Callable[[], None]:  # fmt: skip
        """Hear of changes from now on; the answer is how to stop."""
        return self._bulletin.subscribe(Listener(changed, link, conflict, positions, uploads, presence))

    @abstractmethod
    async def _mend(self, error: Exception) -> None:
        """The replica can't be read: begun anew where it is damaged."""

    @property
    def region_id(self) -> str:
        """The region that new orders belong to."""
        return self.staff.regions[0] if self.staff.regions else ""

    @property
    def region(self) -> Region | None:
        """The same region with its districts, None until it has been read for the first time."""
        return self.get(Region, self.region_id)

    @property
    def timezone(self) -> str:
        """The time zone of the region."""
        region = self.region
        return region.timezone if region else "Asia/Shanghai"

    def now(self) -> int:
        """The present moment by the server's clock, UTC ms."""
        return self._clock.now()

    # one thing

    def get(self, type_: type[E], id: str) -> E | None:
        """The entity as it stands, what is pending included; under 1 ms."""
        return self._lookup.get(type_, id)

    def all(self, type_: type[E]) -> list[E]:
        """All of a small kind: category, item, region, staff, policy, technician."""
        return self._lookup.all(type_)

    def order_row(self, id: str) -> OrderRow | None:
        """An order's narrow row."""
        return self._lookup.order_row(id)

    def addresses_of(self, customer: str) -> list[Address]:
        """The homes of a customer."""
        return self._lookup.children(Address, customer)

    # many

    async def _ask(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The replica's answer; a damaged one is begun anew and answers what it then holds."""
        try:
            return await self._worker.run(job, *args, **kwargs)
        except self._faults as error:
            await self._mend(error)
            return await self._worker.run(job, *args, **kwargs)

    def seen(self) -> dict[str, int] | None:
        """When each technician was last seen (UTC ms), None while positions don't come in."""
        return {id: position.at for id, position in self.positions.items()} or None

    @property
    def told(self) -> Told:
        """The exceptions that plans and positions told of when they were last asked for."""
        return self._told

    async def _telling(self, query: OrderQuery) -> OrderQuery:
        """The query with what plans and positions tell of its view."""
        if query.view not in OF_PLANS:
            return query
        if abs(self.now() - self._told_at) >= FRESH_MS:
            self._told_at = self.now()
            self._told = await self._ask(told, self._reader, self.seen(), self._told_at, self.timezone)
        return replace(query, told=self._told.get(query.view, frozenset()))

    async def order_keys(self, query: OrderQuery) -> list[tuple[SortKey, str]]:
        """The whole sorted key list of a view."""
        query = await self._telling(query)
        return await self._ask(self._reader.order_keys, query, self.now(), self.timezone)

    async def order_list(
        self, query: OrderQuery, first: int
    ) -> tuple[list[tuple[SortKey, str]], dict[str, OrderRow]]:
        """The whole sorted key list of a view, with the narrow rows of its first orders."""
        query = await self._telling(query)
        return await self._ask(self._reader.order_list, query, self.now(), self.timezone, first)

    async def order_news(
        self, query: OrderQuery, ids: Iterable[str]
    ) -> tuple[dict[str, SortKey], dict[str, OrderRow]]:
        """The sort keys and narrow rows of those of these orders that the view shows."""
        query = await self._telling(query)
        return await self._ask(self._reader.order_news, query, list(ids), self.now(), self.timezone)

    async def order_rows(self, ids: Sequence[str]) -> dict[str, OrderRow]:
        """The narrow rows of these orders."""
        return await self._ask(self._reader.order_rows, list(ids))

    async def view_counts(self, queries: Mapping[str, OrderQuery]) -> dict[str, int]:
        """How many orders each query shows."""
        asked = {name: await self._telling(query) for name, query in queries.items()}
        return await self._ask(self._reader.view_counts, asked, self.now(), self.timezone)

    async def orders_of_customer(self, customer: str) -> list[OrderRow]:
        """A customer's orders, the newest first."""
        return await self._ask(self._reader.orders_of_customer, customer)

    async def notes_of(self, order: str) -> list[Note]:
        """An order's notes, the oldest first."""
        notes = await self._ask(self._reader.children, Note, [order])
        return sorted(notes, key=lambda note: (note.at, note.id))

    async def complaint_notes(self, order: str) -> list[ComplaintNote]:
        """What was said about an order's complaints, the oldest first."""
        notes = await self._ask(self._reader.children, ComplaintNote, [order])
        return sorted(notes, key=lambda note: (note.at, note.id))

    def complaints_of(self, order: str) -> list[Complaint]:
        """An order's complaints that this desk knows, the oldest first."""
        return sorted((each for each in self.all(Complaint) if each.order == order), key=lambda each: each.at)

    async def payments_of(self, order: str) -> list[Payment]:
        """What was paid for an order, or is to be, the oldest first."""
        paid = await self._ask(self._reader.children, Payment, [order])
        return sorted(paid, key=lambda each: (each.created_at, each.id))

    async def messages_of(self, order: str) -> list[Message]:
        """What was said about an order, the oldest first."""
        said = await self._ask(self._reader.children, Message, [order])
        return sorted(said, key=lambda each: (each.at, each.id))

    async def attachments_of(self, order: str) -> list[Attachment]:
        """An order's photos and videos, the oldest first, without those that were taken away."""
        kept = await self._ask(self._reader.children, Attachment, [order])
        return sorted((each for each in kept if each.removed is None), key=lambda each: (each.at, each.id))

    def review_of(self, order: str) -> Review | None:
        """The customer's judgement of an order."""
        return self._lookup.get(Review, order)

    async def compounds(self, text: str, limit: int = 20) -> list[Compound]:
        """Compounds by a part of their name or its initials."""
        return await self._ask(self._reader.compounds, text, limit)

    async def day_stops(self, date: str) -> list[Day]:
        """All plans of a local date."""
        return await self._ask(self._reader.children, Day, [date])

    async def schedule(self, dates: Sequence[str]) -> Sheet:
        """The plans of some local dates and a few words about their orders, and about those that nobody goes to."""
        return await self._ask(sheet, self._reader, list(dates), self.timezone)

    async def schedule_anew(self, days: Iterable[str], orders: Iterable[str]) -> Sheet:
        """The same for these plans and orders alone, by their ids."""
        return await self._ask(anew, self._reader, list(days), list(orders))

    async def availability(self, slots: Sequence[Slot]) -> Capacity:
        """How much working time there is in these slots, how much of it is taken, how many visits more would fit."""
        return await self._ask(availability, self._reader, self.region_id, list(slots), self.now())

    async def tally(self, date: str) -> Tally:
        """A local date of this desk's region in figures."""
        return await self._ask(tally, self._reader, self.region_id, date, self.timezone, self.now())
