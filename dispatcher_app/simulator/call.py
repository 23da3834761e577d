"""What the callers of the practice city want: faults, homes, hours, words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dispatcher_app import clock
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS, local_date, next_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import BookedLine, BookOrder, NewAddress, NewCustomer
from dispatcher_app.domain.customer import Compound, Entry
from dispatcher_app.domain.order import Urgency, Window
from dispatcher_app.domain.region import Policy
from dispatcher_app.planning.windows import grid
from dispatcher_app.simulator.crew import caller
from dispatcher_app.simulator.quarter import near

Fate = Literal[
    "assigned", "accepted", "reassigned", "unassigned", "rebooked", "cancelled", "offered", "pending"
]

# How many of today's calls come to what.
FATES: tuple[tuple[Fate, int], ...] = (
    ("assigned", 64),
    ("accepted", 12),
    ("reassigned", 5),
    ("unassigned", 3),
    ("rebooked", 7),
    ("cancelled", 11),
    ("offered", 6),
    ("pending", 28),
)
# Of 20 orders, how many are for today, tomorrow and the days after.
DATES = (0,) * 9 + (1,) * 6 + (2,) * 3 + (3,) * 2
NOTES = (
    "家里有老人,敲门请轻一点",
    "电话打不通请发短信",
    "上次修过一次,没几天又坏了",
    "小区要登记,从东门进",
    "地库限高两米,师傅注意",
    "下午三点要接孩子,尽量早点到",
    "客户自己买好了配件",
    "家里有狗,会拴好",
    "先报价,客户同意再修",
    "需要带梯子",
    "物业要求提前报备",
    "机器过保了,客户知道收费",
)
URGED = 6
COMMON = 4
"""Household appliances are called about that many times as often as the rest."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the booking it leads to, when it came (UTC ms), and what becomes of the order."""

    at: int
    fate: Fate
    urged: bool
    booking: BookOrder


@dataclass(frozen=True, slots=True)
class Home:
    """A customer who has called before, and where."""

    customer: str
    address: str


def calls(
    dice: random.Random,
    items: Sequence[Item],
    compounds: Sequence[Compound],
    technicians: Sequence[str],
    policy: Policy,
    timezone: str,
    now: int,
) -> list[Call]:
    """The calls of the last hours in the order in which they came."""
    fates = [fate for fate, count in FATES for _ in range(count)]
    dice.shuffle(fates)
    waiting = ("pending", "offered")
    times = sorted(
        (now - dice.randint(1, 13 if fate in waiting and dice.random() < 0.85 else 300) * MINUTE_MS, number)
        for number, fate in enumerate(fates)
    )
    homes: list[Home] = []
    made = []
    patience = []
    for at, number in times:
        booking = book(dice, number, items, compounds, technicians, homes, policy, timezone, now)
        fate = fates[number]
        patience.append(dice.random() if fate not in ("cancelled", "rebooked") else 1.0)
        made.append(Call(at, fate, False, booking))
    # So many ask again in every city, whatever the dice say: whoever practises shall meet them.
    restless = sorted(range(len(made)), key=lambda each: patience[each])[:URGED]
    return [replace(each, urged=number in restless) for number, each in enumerate(made)]


def book(
    dice: random.Random,
    number: int,
    items: Sequence[Item],
    compounds: Sequence[Compound],
    technicians: Sequence[str],
    homes: list[Home],
    policy: Policy,
    timezone: str,
    now: int,
) -> BookOrder:
    """One booking: every fourth caller is known already."""
    item = dice.choice([item for item in items for _ in range(COMMON if item.category == "appliance" else 1)])
    fault = dice.choice(item.faults)
    brand = dice.choice(item.brands) if item.brands and dice.random() < 0.8 else ""
    urgency: Urgency = dice.choices(("normal", "same_day", "emergency"), (86, 10, 4))[0]
    home = dice.choice(homes) if homes and dice.random() < 0.25 else None
    customer = address = None
    if home is None:
        name, phone = caller(dice, number)
        customer = NewCustomer(id=clock.derived_id("practice customer", str(number)), name=name, phone=phone)
        address = new_home(dice, number, dice.choice(compounds))
        homes.append(Home(customer.id, address.id))
    return BookOrder(
        order=clock.derived_id("practice order", str(number)),
        customer=home.customer if home else None,
        new_customer=customer,
        address=home.address if home else None,
        new_address=address,
        lines=(BookedLine(item=item.id, fault=fault.id if dice.random() < 0.9 else None, brand=brand),),
        urgency=urgency,
        window=wanted(dice, urgency, policy, timezone, now) if dice.random() < 0.94 else None,
        requested_technician=dice.choice(technicians) if dice.random() < 0.04 else None,
        note=dice.choice(NOTES) if dice.random() < 0.3 else "",
    )


def new_home(dice: random.Random, number: int, compound: Compound) -> NewAddress:
    """A home in a compound, some with a door code, some of whose place only the district is sure."""
    entry: Entry = dice.choices(("unknown", "free", "intercom", "door_code", "guard"), (3, 3, 2, 1, 1))[0]
    return NewAddress(
        id=clock.derived_id("practice address", str(number)),
        district=compound.district,
        compound=compound.name,
        building=f"{dice.randint(1, 38)}号楼" if dice.random() < 0.8 else f"{dice.randint(1, 220)}弄",
        unit=f"{dice.randint(1, 24)}{dice.randint(1, 4):02}室",
        entry=entry,
        door_code=f"{dice.randint(1000, 9999)}#" if entry == "door_code" else "",
        point=near(dice, compound.point, 0.0008),
        approximate=dice.random() < 0.03,
    )


def wanted(dice: random.Random, urgency: Urgency, policy: Policy, timezone: str, now: int) -> Window:
    """A window that is not nearly over: the first one when it is urgent."""
    today = local_date(now, timezone)
    days = range(5)
    open_ones = [
        [each for each in grid(next_date(today, day), policy, timezone) if each.end - now > HOUR_MS]
        for day in days
    ]
    if urgency != "normal":
        return next(each for windows in open_ones for each in windows)
    day = dice.choice(DATES)
    if day == 0 and dice.random() * 4 > len(open_ones[0]):
        day = dice.randint(1, 2)
    return dice.choice(open_ones[day])
