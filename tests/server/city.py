"""The small company that the server's tests happen in, and the commands they say most."""

import shutil
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dispatcher_app import clock, codec
from dispatcher_app.catalogue_file import first_prices
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM, Act, Actor
from dispatcher_app.domain.book import LabourPrice, PriceBook
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, local_date, midnight
from dispatcher_app.domain.catalogue import Category, Fault, Item
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Policy, Region, Staff
from dispatcher_app.domain.technician import Shift, Technician
from dispatcher_app.server.auth import set_password
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.node import prepared
from dispatcher_app.server.store.database import Database
from dispatcher_app.server.vault import Vault

ZONE = "Asia/Shanghai"
PASSWORD = "a-long-passphrase"
WEEK = tuple(Shift(day, 6 * 60, 22 * 60) for day in range(7))
TECHNICIANS = 8

STAFF = (
    Staff(id="wangfang", name="王芳", roles=("dispatcher",), regions=("sh",)),
    Staff(id="lina", name="李娜", roles=("supervisor",), regions=("sh",)),
    Staff(id="chen", name="陈晨", roles=("counter",), regions=("sh",)),
    Staff(id="zhao", name="赵敏", roles=("finance",), regions=("sh",)),
    Staff(id="wall", name="大屏", roles=("wall",), regions=("sh",)),
    Staff(id="sun", name="孙丽", roles=("complaints",), regions=("sh",)),
    Staff(id="guanli", name="管理员", roles=("administrator",), regions=()),
    Staff(id="beijing", name="京生", roles=("dispatcher", "supervisor"), regions=("bj",)),
    Staff(id="gone", name="已离职", roles=("dispatcher",), regions=("sh",), active=False),
)


@dataclass(frozen=True)
class Place:
    """Where a company's database is: its URL, and the folder with its key."""

    url: str
    data: Path

    @property
    def postgresql(self) -> bool:
        """Whether several nodes may share it."""
        return self.url.startswith("postgresql")

    def open(self) -> tuple[Database, Vault]:
        """The database and its vault; the database must be closed."""
        return prepared(self.url, self.data / "secret.key")


@dataclass
class Gate:
    """A writer on a place: what was acted, and every message it told."""

    place: Place
    database: Database
    vault: Vault
    executor: Executor
    told: list[tuple[str, int, bytes]] = field(default_factory=list)

    def act(self, command: Any, **other: Any) -> Act:
        """A dispatcher's act now, unless told otherwise."""
        actor = other.pop("actor", actor_of("lina"))
        region = PLATFORM if type(command) in c.PLATFORM_COMMANDS else "sh"
        given = {"id": clock.new_id(), "at": clock.now_ms(), "region": region, "actor": actor}
        return Act(command=command, **{**given, **other})

    def submit(self, command: Any, **other: Any) -> Future[codec.Reply]:
        """Put an act in line."""
        return self.executor.submit(self.act(command, **other))

    def do(self, command: Any, **other: Any) -> codec.Reply:
        """An act's answer."""
        return self.submit(command, **other).result(20)

    def all(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with self.database.reading() as cursor:
            return cursor.all(statement, values)

    def close(self) -> None:
        """Stop writing."""
        self.executor.close()
        self.database.close()


def open_gate(place: Place) -> Gate:
    """A writer of a place's own, without any node around it."""
    database, vault = place.open()
    told: list[tuple[str, int, bytes]] = []
    return Gate(place, database, vault, Executor(database, vault, told.extend), told)


def actor_of(id: str) -> Actor:
    """A person of the company as the gate knows them."""
    staff = next(each for each in STAFF if each.id == id)
    return Actor(kind="staff", id=id, roles=frozenset(staff.roles), regions=frozenset(staff.regions))


def seed(place: Place) -> None:
    """Make the company, through the gate."""
    with closing(open_gate(place)) as gate:
        waiting = [gate.submit(each, actor=SYSTEM) for each in platform()]
        for region, count in (("sh", TECHNICIANS), ("bj", 2)):
            for number in range(count):
                made = technician(region, number)
                waiting.append(
                    gate.submit(
                        c.SaveTechnician(technician=made, phone=f"1370000{number:04d}"),
                        actor=SYSTEM,
                        region=region,
                    )
                )
        for each in waiting:
            each.result(30)
        with gate.database.writing() as cursor:
            for staff in STAFF:
                set_password(cursor, staff.id, staff.id, PASSWORD)


def platform() -> list[Any]:
    """The commands that make what belongs to the whole company."""
    middle = Point(121.44, 31.19)
    ac = Item(
        id="ac", category="jd", name="空调", name_en="AC", skill="ac", brands=("格力",),
        faults=(Fault(id="cool", name="不制冷", name_en="no cooling", minutes=30),),
    )  # fmt: skip
    return [
        c.SaveRegion(
            saved=Region(
                id="sh",
                name="上海",
                centre=middle,
                districts=(District(id="xh", name="徐汇", centre=middle),),
            )
        ),
        c.SaveRegion(saved=Region(id="bj", name="北京", centre=Point(116.4, 39.9))),
        c.SavePolicy(policy=Policy(daily_limit=30)),
        c.SaveCategory(category=Category(id="jd", name="家电", name_en="Appliances")),
        c.SaveItem(item=ac),
        *first_prices(PriceBook(id="prices-1", labour=(LabourPrice(item="ac", fault="cool", price=12000),))),
        *(c.SaveStaff(staff=each) for each in STAFF),
    ]


def technician(region: str, number: int) -> Technician:
    """A technician who can come any day."""
    home = Point(121.45 + number / 1000, 31.2)
    return Technician(
        id=f"{region}-t{number}", region=region, name=f"李{number}工", status="online", skills=("ac",), home=home,
        shifts=WEEK,
    )  # fmt: skip


def tomorrow(hour: float) -> int:
    """The moment (UTC ms) of an hour of tomorrow in Shanghai."""
    return midnight(local_date(clock.now_ms() + DAY_MS, ZONE), ZONE) + round(hour * HOUR_MS)


def book(number: int = 0, **other: Any) -> c.BookOrder:
    """A booking by a new customer with a phone, a unit and a door code, for tomorrow's morning."""
    order = str(other.pop("order", clock.new_id()))
    phone = str(other.pop("phone", f"138{number:08d}"))
    home = c.NewAddress(
        id="a-" + order, district="xh", compound="枫林苑", building="3栋", unit="1802室", door_code="4711#",
        entry="door_code", point=Point(121.4412, 31.1934),
    )  # fmt: skip
    given: dict[str, Any] = {
        "new_customer": c.NewCustomer(id="c-" + order, name="周先生", phone=phone),
        "new_address": home,
        "lines": (c.BookedLine(item="ac", fault="cool", brand="格力"),),
        "window": Window(tomorrow(9), tomorrow(11)),
    }
    return c.BookOrder(order=order, **{**given, **other})


def assign(order: str, technician: int = 0, hour: float = 9.0, **other: Any) -> c.AssignTechnician:
    """A technician for an order, tomorrow at that hour."""
    return c.AssignTechnician(order=order, technician=f"sh-t{technician}", start=tomorrow(hour), **other)


def copy_of(seeded: Path, data: Path) -> Place:
    """A SQLite company of a test's own."""
    shutil.copytree(seeded, data)
    return Place(f"sqlite:///{data / 'dispatcher.db'}", data)
