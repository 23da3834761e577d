"""What every life in the practice city needs: the world, the people, a free hour, and each step as a command."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain.act import Actor
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS, local_date
from dispatcher_app.domain.catalogue import Fault, Item
from dispatcher_app.domain.command import AddAttachment, MarkRead, NewAddress, NewCustomer, SendMessage
from dispatcher_app.domain.customer import Compound
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.matching import Need, unfit, unfree
from dispatcher_app.domain.order import Order, Party, Window
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.talk import Message, Purpose
from dispatcher_app.domain.technician import Technician
from dispatcher_app.simulator.crew import caller
from dispatcher_app.simulator.quarter import REGION, near, region
from dispatcher_app.simulator.rehearsal import Rehearsal
from dispatcher_app.simulator.shot import Scene, Shot, Take

Submit = Callable[[Actor, Any, int], None]
"""Gives a command by an actor, done at a moment (UTC ms), to the real world."""

BETWEEN_MS = 25 * MINUTE_MS
"""What lies at least between two visits that have been."""
FIRST = 2000
"""Callers of these lives are numbered from here on, those of today's calls before."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The city at a moment `now` (UTC ms); `people` are the staff as actors, `compounds` where customers live.

    `present` are the technicians who are at work now: while the past is made, all of them are online.
    """

    do: Submit
    world: Rehearsal
    dice: random.Random
    now: int
    people: dict[str, Actor]
    compounds: Sequence[Compound]
    items: Sequence[Item]
    take: Take
    present: frozenset[str]
    made: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody free at a moment (UTC ms) for something that he can repair, near where he lives."""

    technician: str
    item: Item
    fault: Fault
    start: int
    compound: Compound
    brand: str


@dataclass(frozen=True, slots=True)
class Job:
    """An order in a technician's hands, planned from `start` (UTC ms) on."""

    order: str
    technician: str
    start: int

    @property
    def him(self) -> Actor:
        """The technician speaking for himself."""
        return Actor(kind="technician", id=self.technician, regions=frozenset({REGION}))

    @property
    def page(self) -> Actor:
        """The customer on his page."""
        return Actor(kind="link", id=self.order)


def of(stage: Stage, job: Job) -> Order:
    """The order as it stands."""
    return known(stage, job.order)


def known(stage: Stage, id: str) -> Order:
    """The order of that id."""
    order = stage.world.get(Order, id)
    assert order is not None
    return order


def opening(
    stage: Stage, people: Iterable[Technician], starts: Sequence[int], minutes: int = 90, parts: bool = False
) -> Opening | None:
    """The first of the people who is free at one of these moments for something that takes no longer."""
    for technician in people:
        papers = {each.name for each in technician.certificates}
        work = [
            (item, fault)
            for item in stage.items
            if item.skill in technician.skills and papers.issuperset(item.certificates) and item.id != "other"
            if item.crew == 1
            for fault in item.faults
            if fault.minutes <= minutes and (fault.parts or not parts)
        ]
        if not work:
            continue
        item, fault = stage.dice.choice(work)
        homes = [
            each
            for each in stage.compounds
            if not technician.districts or each.district in technician.districts
        ]
        nearest = sorted(homes, key=lambda each: distance_m(each.point, technician.home))[:30]
        compound = stage.dice.choice(nearest)
        brands = [each for each in item.brands if not technician.brands or each in technician.brands]
        brand = stage.dice.choice(brands) if brands else ""
        for start in starts:
            if free(stage, technician, item, fault, start, compound):
                return Opening(technician.id, item, fault, start, compound, brand)
    return None


def free(
    stage: Stage, technician: Technician, item: Item, fault: Fault, start: int, compound: Compound
) -> bool:
    """Whether he can do it then by all rules, with time to drive before and after."""
    timezone = region().timezone
    date = local_date(start, timezone)
    id = day_id(technician.id, date)
    day = stage.world.get(Day, id) or Day(id=id, region=REGION, technician=technician.id, date=date)
    need = Need(
        order="", skills=frozenset({item.skill}), certificates=frozenset(item.certificates), brands=frozenset(),
        district=compound.district, point=compound.point, minutes=fault.minutes,
    )  # fmt: skip
    end = start + fault.minutes * MINUTE_MS
    return (
        not unfit(technician, need, start)
        and not unfree(technician, day, need, start, stage.now, Policy(), timezone)
        and all(stop.end + BETWEEN_MS <= start or end + BETWEEN_MS <= stop.start for stop in day.stops)
    )


def person(stage: Stage) -> tuple[int, NewCustomer]:
    """A caller nobody knows yet, and his number."""
    number = FIRST + len(stage.made)
    name, phone = caller(stage.dice, number)
    stage.made.append(phone)
    return number, NewCustomer(id=clock.derived_id("practice customer", str(number)), name=name, phone=phone)


def home(stage: Stage, number: int, compound: Compound) -> NewAddress:
    """His home."""
    dice = stage.dice
    return NewAddress(
        id=clock.derived_id("practice address", str(number)), district=compound.district, compound=compound.name,
        building=f"{dice.randint(1, 38)}号楼", unit=f"{dice.randint(1, 24)}{dice.randint(1, 4):02}室",
        point=near(dice, compound.point, 0.0008),
    )  # fmt: skip


def window_of(start: int, now: int | None = None) -> Window:
    """Two hours around a start, longer where they would be over by now (UTC ms)."""
    begin = start // HOUR_MS * HOUR_MS
    end = begin + 2 * HOUR_MS
    while now is not None and end < now + 20 * MINUTE_MS:
        end += HOUR_MS
    return Window(begin, end)


def doorstep(stage: Stage, point: Point) -> Point:
    """A position as a telephone tells it, a few steps away."""
    return Point(round(point.lon + stage.dice.uniform(-4e-4, 4e-4), 6), round(point.lat, 6))


def photo(
    stage: Stage, order: str, actor: Actor, at: int, purpose: Purpose, scene: Scene, line: int | None = None
) -> str:
    """A photo taken in; its id."""
    found = known(stage, order)
    id = clock.derived_id("practice photo", order, str(found.attachments), purpose)
    item = next(each for each in stage.items if each.id == found.lines[0].item)
    taken = stage.take(id, Shot(scene, item.name_en, found.number), order)
    stage.do(
        actor,
        AddAttachment(
            order=order, attachment=id, line=line, purpose=purpose, media=taken.media, size=taken.size,
            sha256=taken.sha256, original_sha256=taken.original_sha256, original_size=taken.original_size,
            width=taken.width, height=taken.height,
        ),
        at,
    )  # fmt: skip
    return id


def talk(
    stage: Stage, order: str, words: Iterable[tuple[Party, str]], actors: dict[str, Actor], at: int
) -> None:
    """A conversation, two minutes between the messages; whoever answers has read what was said to him."""
    for turn, (party, text) in enumerate(words):
        moment = min(stage.now, at + 2 * turn * MINUTE_MS)
        last = [each for each in stage.world.all(Message) if each.order == order]
        talked = known(stage, order).talk
        if last and talked is not None and getattr(talked, party):
            stage.do(actors[party], MarkRead(order=order, party=party, upto=last[-1].id), moment)
        asker: Party = "technician" if last and last[-1].party == "technician" else "customer"
        to: Party = asker if party == "staff" else "staff"
        stage.do(actors[party], SendMessage(order=order, to=(to,), text=text), moment)
