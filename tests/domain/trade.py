"""A small company to test the trade on: one region, one item of each kind, three technicians, a caller."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatcher_app.catalogue_file import first_prices
from dispatcher_app.domain.act import SYSTEM, Actor, Change
from dispatcher_app.domain.book import LabourPrice, PriceBook
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, MINUTE_MS, midnight
from dispatcher_app.domain.catalogue import Category, Fault, Item
from dispatcher_app.domain.command import (
    AssignTechnician,
    BookedLine,
    BookOrder,
    NewAddress,
    NewCustomer,
    SaveCategory,
    SaveItem,
    SavePolicy,
    SaveRegion,
    SaveTechnician,
)  # fmt: skip
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import District, Policy, Region
from dispatcher_app.domain.technician import Certificate, Shift, Technician
from dispatcher_app.simulator.rehearsal import Rehearsal

TIMEZONE = "Asia/Shanghai"
DATE = "2026-11-23"
MIDNIGHT = midnight(DATE, TIMEZONE)
NOW = MIDNIGHT + 9 * HOUR_MS
"""A Monday, nine in the morning."""
CENTRE = Point(121.47, 31.23)
PHONE = "13800138000"


def hour(hours: float) -> int:
    """That hour of the day under test."""
    return MIDNIGHT + round(hours * HOUR_MS)


def window(start: float, end: float) -> Window:
    return Window(hour(start), hour(end))


def staff(*roles: str, regions: tuple[str, ...] = ("sh",), id: str = "") -> Actor:
    return Actor(kind="staff", id=id or roles[0], roles=frozenset(roles), regions=frozenset(regions))


DISPATCHER, SUPERVISOR, COUNTER = staff("dispatcher"), staff("supervisor"), staff("counter")
ADMINISTRATOR = staff("administrator")
FRIDGE = Item(
    id="fridge", category="appliance", name="冰箱", name_en="Refrigerator", skill="cold", brands=("海尔",),
    faults=(
        Fault(id="warm", name="不制冷", name_en="Warm", minutes=60),
        Fault(id="ice", name="结冰", name_en="Ice", minutes=90),
    ),
)  # fmt: skip
AIR = Item(
    id="air", category="appliance", name="空调", name_en="Air conditioner", skill="cold", certificates=("高处作业",),
    faults=(Fault(id="gas", name="加氟", name_en="Refill", minutes=60),),
)  # fmt: skip
TAP = Item(
    id="tap", category="home", name="水龙头", name_en="Tap", skill="water",
    faults=(Fault(id="drip", name="滴水", name_en="Drips", minutes=40),),
)  # fmt: skip

BOOK = PriceBook(
    id="prices-1", name="价目表",
    labour=(
        LabourPrice(item="fridge", fault="warm", price=12000),
        LabourPrice(item="fridge", fault="ice", price=10000),
        LabourPrice(item="air", fault="gas", price=18000),
        LabourPrice(item="tap", fault="drip", price=7000),
    ),
)  # fmt: skip


def technician(id: str, **changes: Any) -> Technician:
    made = Technician(
        id=id, region="sh", name=f"师傅{id}", status="online", skills=("cold", "water"), home=CENTRE,
        certificates=(Certificate("高处作业", NOW + 400 * DAY_MS),),
        shifts=tuple(Shift(weekday, 8 * 60, 20 * 60) for weekday in range(7)),
    )  # fmt: skip
    return replace(made, **changes)


def company(*technicians: Technician, policy: Policy | None = None) -> Rehearsal:
    """The company before anybody has called."""
    world = Rehearsal("sh")
    districts = (
        District(id="north", name="北区", centre=CENTRE),
        District(id="south", name="南区", centre=CENTRE),
    )
    world.do(SYSTEM, SaveRegion(saved=Region(id="sh", name="上海", centre=CENTRE, districts=districts)), NOW)
    world.do(SYSTEM, SavePolicy(policy=policy or Policy()), NOW)
    world.do(SYSTEM, SaveCategory(category=Category(id="appliance", name="家电", name_en="Appliances")), NOW)
    for item in (FRIDGE, AIR, TAP):
        world.do(SYSTEM, SaveItem(item=item), NOW)
    for command in first_prices(BOOK):
        world.do(SYSTEM, command, NOW)
    for each in technicians or (technician("li"), technician("wang"), technician("zhao")):
        world.do(SYSTEM, SaveTechnician(technician=each, phone="13900139000"), NOW)
    return world


def address(id: str = "home", **changes: Any) -> NewAddress:
    made = NewAddress(
        id=id, district="north", compound="平安新村", building="3号楼", unit="502室", entry="door_code",
        door_code="2580#", point=CENTRE,
    )  # fmt: skip
    return replace(made, **changes)


def booking(order: str = "o1", **changes: Any) -> BookOrder:
    made = BookOrder(
        order=order, new_customer=NewCustomer(id=f"c-{order}", name="张丽华", phone=PHONE),
        new_address=address(f"a-{order}"), lines=(BookedLine(item="fridge", fault="warm", brand="海尔"),),
        window=window(14, 16), note="家里有一只大黑狗",
    )  # fmt: skip
    return replace(made, **changes)


def order_of(world: Rehearsal, id: str = "o1") -> Order:
    found = world.get(Order, id)
    assert found is not None
    return found


def technician_of(world: Rehearsal, id: str) -> Technician:
    found = world.get(Technician, id)
    assert found is not None
    return found


def day_of(world: Rehearsal, technician: str, date: str = DATE) -> Day:
    found = world.get(Day, day_id(technician, date))
    return found or Day(id=day_id(technician, date), region="sh", technician=technician, date=date)


def booked(world: Rehearsal, order: str = "o1", **changes: Any) -> Order:
    world.do(DISPATCHER, booking(order, **changes), NOW)
    return order_of(world, order)


def assign(order: str = "o1", technician: str = "li", start: float = 14, **changes: Any) -> AssignTechnician:
    return replace(AssignTechnician(order=order, technician=technician, start=hour(start)), **changes)


def assigned(world: Rehearsal, order: str = "o1", technician: str = "li", start: float = 14) -> Change:
    booked(world, order)
    return world.do(DISPATCHER, assign(order, technician, start), NOW)


def minutes(count: int) -> int:
    return count * MINUTE_MS
