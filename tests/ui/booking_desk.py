"""A desk in memory for the booking panel: the trade's own rules on a dictionary, answers when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from dispatcher_app.client.state import (
    Accepted,
    Changed,
    KnownCaller,
    Link,
    LinkState,
    Outcome,
    Refused,
    Submission,
)
from dispatcher_app.clock import new_id
from dispatcher_app.codec import Message, Refusal, Reply
from dispatcher_app.domain.act import Act, Actor, Change, Missing, Rejected
from dispatcher_app.domain.book import LabourPrice, PriceBook
from dispatcher_app.domain.calendar import local_date, midnight
from dispatcher_app.domain.catalogue import Category, Fault, Item
from dispatcher_app.domain.command import BookedLine, HoldWindow, ReleaseHold
from dispatcher_app.domain.customer import Address, Compound, Customer, normal_phone
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.decide import decide
from dispatcher_app.domain.edition import Edition, Series
from dispatcher_app.domain.money.ledger import Posting
from dispatcher_app.domain.order import After, Order, Urgency
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Policy, Region
from dispatcher_app.domain.technician import Certificate, Shift, Technician
from dispatcher_app.pinyin import initials
from dispatcher_app.planning.promise import need_for
from dispatcher_app.planning.windows import Offered, windows
from dispatcher_app.rows import OrderRow, order_row

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

T = TypeVar("T")

ZONE = "Asia/Shanghai"
TODAY = "2026-11-24"
NOW = midnight(TODAY, ZONE) + 9 * 3_600_000
HOUR = 3_600_000


class Desk:
    """What the panel asks of a session, answered from memory; `hold` keeps every answer back until `release`."""

    def __init__(self) -> None:
        self.region_id = "shanghai"
        self.link = Link("online", NOW)
        self.entities: dict[tuple[str, str], Any] = {}
        self.phones: dict[str, list[str]] = {}
        self.kept: dict[str, dict[str, Any]] = {}
        self.submitted: list[Any] = []
        self.holds: list[Any] = []
        self.snatched = 0
        self.refuse: Refusal | None = None
        self.held: asyncio.Event | None = None
        self.answering = True
        self.later_ms = 0
        self.listeners: list[Callable[[Link], Any]] = []
        self.readers: list[Callable[[Changed], Any]] = []
        self._count = 230
        for made in city():
            self.entities[made.kind, made.id] = made

    @property
    def session(self) -> Session:
        """The desk where a session is wanted."""
        return cast("Session", self)

    @property
    def actor(self) -> Actor:
        """Who sits here."""
        return Actor(
            kind="staff", id="wangfang", roles=frozenset({"dispatcher"}), regions=frozenset({"shanghai"})
        )

    def now(self) -> int:
        return NOW + self.later_ms

    def get(self, type_: type[Any], id: str) -> Any:
        return self.entities.get((type_.kind, id))

    def all(self, type_: type[Any]) -> list[Any]:
        return [made for (kind, _), made in self.entities.items() if kind == type_.kind]

    def addresses_of(self, customer: str) -> list[Address]:
        return [each for each in self.all(Address) if each.customer == customer]

    def put_draft(self, id: str, data: dict[str, Any]) -> None:
        self.kept[id] = data

    def drafts(self) -> dict[str, dict[str, Any]]:
        return dict(self.kept)

    def drop_draft(self, id: str) -> None:
        self.kept.pop(id, None)

    def subscribe(
        self, *, link: Callable[[Link], Any], changed: Callable[[Changed], Any] | None = None
    ) -> Callable[[], None]:
        self.listeners.append(link)
        if changed is not None:
            self.readers.append(changed)
        return lambda: self.listeners.remove(link)

    def tell(self, *kinds: str) -> None:
        """Something of these kinds has come from colleagues."""
        for read in self.readers:
            read(Changed({kind: frozenset() for kind in kinds}))

    def go(self, state: LinkState) -> None:
        self.link = Link(state, NOW)
        for tell in self.listeners:
            tell(self.link)

    def orders_of(self, customer: str) -> list[str]:
        return []

    def code(self, kind: str, id: str, field: str) -> str | None:
        return None

    def balance(self, region: str, account: str, currency: str) -> int | None:
        return None

    def standing(self, order: str) -> Mapping[str, int]:
        raise Missing("ledger", order)

    def posted(self, id: str) -> Posting | None:
        raise Missing("ledger", id)

    def number(self, region: str, date: str, temporary: str | None) -> str:
        self._count += 1
        return f"T3-{self._count}" if self.link.state != "online" else f"1124-{self._count}"

    def submit(self, command: Any, *, undoes: str | None = None, batch: str | None = None) -> Submission:
        act = Act(id=new_id(), actor=self.actor, at=NOW, command=command, region=self.region_id)
        change = decide(self, act, self.now())
        if isinstance(command, HoldWindow | ReleaseHold):
            return self._hour(act, change)
        self.submitted.append(command)
        loop = asyncio.get_event_loop()
        outcome: asyncio.Future[Outcome] = loop.create_future()
        saved: asyncio.Future[None] = loop.create_future()
        saved.set_result(None)
        if self.refuse is None:
            for made in change.after:
                self.entities[made.kind, made.id] = made
        if self.link.state == "online" and self.answering:
            loop.call_soon(outcome.set_result, self._outcome(act))
        return Submission(act.id, command, change.undo, change.warnings, True, outcome, saved)

    def _hour(self, act: Act, change: Change) -> Submission:
        """An hour kept for a caller, or given back: it ends with the call, and is no booking."""
        self.holds.append(act.command)
        loop = asyncio.get_event_loop()
        outcome: asyncio.Future[Outcome] = loop.create_future()
        saved: asyncio.Future[None] = loop.create_future()
        saved.set_result(None)
        if self.snatched:
            self.snatched -= 1
            loop.call_soon(
                outcome.set_result, Refused(Refusal("technician_unfit", "technician", {"broken": []}))
            )
        else:
            for made in change.after:
                self.entities[made.kind, made.id] = made
            loop.call_soon(outcome.set_result, self._accepted(act))
        return Submission(act.id, act.command, None, (), True, outcome, saved)

    async def customers_by_phone(self, phone: str) -> list[KnownCaller]:
        await self._wait()
        offline = self.link.state != "online"
        sure = [] if offline else self.phones.get(phone, [])
        unsure = [each.id for each in self.all(Customer) if offline and each.phone_mask[-4:] == phone[-4:]]
        return [
            KnownCaller(
                self.get(Customer, id), tuple(self.addresses_of(id)), tuple(self.rows_of(id)), id in sure
            )
            for id in (*sure, *unsure)
        ]

    async def compounds(self, text: str, limit: int = 20) -> list[Compound]:
        await self._wait()
        low = text.casefold()
        return [
            each
            for each in self.all(Compound)
            if low in each.name.casefold()
            or any(form.startswith(low) for form in initials(each.name).split())
        ][:limit]

    async def windows(
        self,
        lines: Sequence[BookedLine],
        district: str,
        point: Point,
        urgency: Urgency,
        order: str | None = None,
        after: After | None = None,
    ) -> Offered:
        await self._wait()
        items = {each.id: each for each in self.all(Item)}
        need = need_for(lines, items, district, point, order=order or "")
        people, days = self.all(Technician), {each.id: each for each in self.all(Day)}
        return windows(
            need, urgency, people, days, (), Policy(), self.get(Region, self.region_id), self.now()
        )

    def rows_of(self, customer: str) -> list[OrderRow]:
        return [
            order_row(each, self.get(Customer, customer), self.get(Address, each.address), Policy(), ZONE)
            for each in self.all(Order)
            if each.customer == customer
        ]

    def know(self, phone: str, customer: Customer, *homes: Address) -> None:
        """A customer with this number and these homes."""
        self.entities["customer", customer.id] = customer
        for home in homes:
            self.entities["address", home.id] = home
        self.phones.setdefault(normal_phone(phone), []).append(customer.id)

    def keep(self, technician: str, start: int, end: int) -> None:
        """A colleague keeps an hour of somebody for a caller of his."""
        stop = Stop(
            order=new_id(), visit=1, start=start, end=end, point=Point(121.5, 31.22), state="held",
            expires_at=self.now() + 272_000, held_by="staff:liting",
        )  # fmt: skip
        date = local_date(start, ZONE)
        id = day_id(technician, date)
        day = self.get(Day, id) or Day(id=id, region="shanghai", technician=technician, date=date)
        self.entities["day", id] = day.with_stop(stop)

    def nobody_works(self) -> None:
        """Everybody is off for the whole horizon."""
        for each in self.all(Technician):
            self.entities["technician", each.id] = replace(each, shifts=())

    def hold(self) -> None:
        """Answer no question until `release`."""
        self.held = asyncio.Event()

    def release(self) -> None:
        """Answer what was asked."""
        if self.held is not None:
            self.held.set()
            self.held = None

    async def _wait(self) -> None:
        if self.held is not None:
            await self.held.wait()
        await asyncio.sleep(0)

    def _outcome(self, act: Act) -> Outcome:
        if self.refuse is not None:
            return Refused(self.refuse)
        return self._accepted(act)

    def _accepted(self, act: Act) -> Accepted:
        return Accepted(Reply(Message(self.region_id, 1, NOW, act.actor.name, act.id, "book-order", [])))


def city() -> list[Any]:
    """A region with two districts, a short catalogue and people who work every day."""
    pudong = District(id="pudong", name="浦东新区", name_en="Pudong", centre=Point(121.544, 31.221))
    xuhui = District(id="xuhui", name="徐汇区", name_en="Xuhui", centre=Point(121.437, 31.188))
    region = Region(
        id="shanghai", name="上海", name_en="Shanghai", timezone=ZONE, centre=Point(121.47, 31.23),
        service_points=(Point(121.48, 31.21),), districts=(pudong, xuhui),
    )  # fmt: skip
    everyday = tuple(Shift(day, 8 * 60, 20 * 60) for day in range(7))
    people = [
        Technician(
            id=f"t{each}", region="shanghai", name=name, status="online", skills=("ac", "fridge", "tap", "hob"),
            certificates=(Certificate("refrigeration", NOW * 2),),
            home=Point(121.49 + each / 100, 31.22), shifts=everyday,
        )
        for each, name in enumerate(("李建国", "王海", "赵敏"))
    ]  # fmt: skip
    places = [
        Compound(id=f"c{each}", region="shanghai", name=name, district=district, point=point)
        for each, (name, district, point) in enumerate(
            (
                ("世茂滨江花园", "pudong", Point(121.512, 31.236)),
                ("仁恒滨江园", "pudong", Point(121.515, 31.239)),
                ("万体馆小区", "xuhui", Point(121.440, 31.185)),
            )
        )
    ]
    return [region, Policy(), *catalogue(), *people, *places]


def catalogue() -> list[Any]:
    """Four items with the faults that callers name most."""
    home = Category(id="home", name="家电", name_en="Appliances")

    def fault(id: str, name: str, english: str, minutes: int, labour: int, *words: str) -> Fault:
        costs.append((id, labour))
        return Fault(id=id, name=name, name_en=english, minutes=minutes, words=words)

    costs: list[tuple[str, int]] = []
    items = [
        Item(
            id="ac", category="home", name="空调", name_en="Air conditioner", skill="ac",
            brands=("格力", "美的", "海尔", "大金"),
            faults=(
                fault("not_cooling", "不制冷", "Not cooling", 60, 12000, "不冷", "没冷气", "吹热风"),
                fault("leak", "漏水", "Leaking water", 60, 10000, "滴水"),
                fault("noise", "噪音大", "Noisy", 60, 9000),
                fault("gas", "加氟", "Refill refrigerant", 90, 20000),
            ),
        ),
        Item(
            id="fridge", category="home", name="冰箱", name_en="Fridge", skill="fridge",
            brands=("海尔", "西门子"),
            faults=(fault("not_cooling", "不制冷", "Not cooling", 60, 11000, "不冷"),),
        ),
        Item(
            id="tap", category="home", name="水龙头", name_en="Tap", skill="tap",
            faults=(fault("leak", "漏水", "Leaking", 30, 6000, "滴水", "关不紧"),),
        ),
        Item(
            id="hob", category="home", name="燃气灶", name_en="Gas hob", skill="hob", brands=("方太", "老板"),
            faults=(fault("ignition", "打不着火", "Won't ignite", 45, 8000, "点不着"),),
        ),
    ]  # fmt: skip
    pairs = [(item.id, each.id) for item in items for each in item.faults]
    labour = tuple(
        LabourPrice(item=item, fault=id, price=price)
        for (item, id), (_, price) in zip(pairs, costs, strict=True)
    )
    book = PriceBook(id="prices-1", labour=labour, state="published", starts_at=0)
    return [home, *items, book, Series(id="prices", editions=(Edition(book.id, 0),))]


def zhang(desk: Desk) -> Customer:
    """张女士 of 138 1234 8000, with two homes."""
    customer = Customer(
        id="zhang", region="shanghai", name="张女士", phone_mask="138****8000", addresses=("home", "office")
    )
    desk.know(
        "13812348000",
        customer,
        Address(
            id="home", region="shanghai", customer="zhang", district="pudong", compound="世茂滨江花园",
            building="3号楼", unit_mask="2***", entry="intercom", point=Point(121.512, 31.236),
        ),
        Address(
            id="office", region="shanghai", customer="zhang", district="xuhui", compound="徐家汇国贸中心",
            building="A座", point=Point(121.438, 31.193), approximate=True,
        ),
    )  # fmt: skip
    return customer


async def until(condition: Callable[[], T]) -> T:
    """Let Qt and asyncio go on until the condition holds; the test's own time limit ends a vain wait."""
    while not (found := condition()):
        await asyncio.sleep(0.002)
    return found


def today() -> str:
    """The date on which the desk stands."""
    return local_date(NOW, ZONE)


__all__ = ["HOUR", "NOW", "ZONE", "Desk", "Rejected", "today", "until", "zhang"]
