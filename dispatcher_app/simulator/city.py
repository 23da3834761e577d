"""The practice city: forty technicians, and orders at every point of their life, made by real commands."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dispatcher_app import clock
from dispatcher_app.catalogue_file import commands, first_catalogue
from dispatcher_app.domain.act import SYSTEM, Actor
from dispatcher_app.domain.calendar import MINUTE_MS, local_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import (
    AcceptOrder,
    AddLeave,
    AssignTechnician,
    CancelOrder,
    ChangeAppointment,
    IssueParts,
    OfferOrder,
    SaveCompound,
    SavePolicy,
    SaveRegion,
    SaveStaff,
    SaveTechnician,
    SetPortrait,
    SetTechnicianStatus,
    UnassignTechnician,
    UrgeOrder,
)  # fmt: skip
from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Staff
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.van import Stocked
from dispatcher_app.holiday_source import known_from
from dispatcher_app.planning.rank import Eligible, dates_concerned, rank
from dispatcher_app.simulator import bench, crew, face, grievance, past, reckoning
from dispatcher_app.simulator.call import Call, calls, wanted
from dispatcher_app.simulator.quarter import REGION, compounds, near, region
from dispatcher_app.simulator.rehearsal import Rehearsal
from dispatcher_app.simulator.shot import Take, imagined
from dispatcher_app.simulator.stage import Stage, Submit

MARGIN_MS = 10 * MINUTE_MS
"""Starts are chosen so that they still hold when the real world decides a little later."""

STANDARDS_MS = 36 * 60 * MINUTE_MS
"""The standards are that new: what was begun before needed no photos."""

__all__ = ["REGION", "build", "positions", "staff"]


def staff() -> tuple[Staff, ...]:
    """The people at the desks; the first one is the administrator."""
    return crew.staff()


def build(
    submit: Submit, seed: int, now: int, take: Take = imagined, hang: face.Hang | None = None
) -> dict[str, Point]:
    """Make the city as it stands at `now` (UTC ms), the same for the same seed and moment.

    `take` keeps its photos, `hang` the technicians' portraits; without one they have none.

    Gives where those are who work on an order or drive to one, by technician.

    Every command is decided in a rehearsal first, so that the real world accepts them all in this order.
    """
    dice = random.Random(seed)
    world = Rehearsal(REGION)

    def do(actor: Actor, command: Any, at: int) -> None:
        world.do(actor, command, at, now)
        submit(actor, command, at)

    away = found(do, world, dice, now)
    if hang is not None:
        portrayed(do, world, now, hang)
    phone = {each.id: actor_of(each) for each in staff()}
    desks = (phone["wangfang"], phone["lina"])
    technicians = [each.id for each in world.all(Technician)]
    present = frozenset(technicians).difference(away)
    compounds_known, items = compounds(dice), world.all(Item)
    for compound in compounds_known:
        do(SYSTEM, SaveCompound(compound=compound), now)
    stage = Stage(do, world, random.Random(seed + 2), now, phone, compounds_known, items, take, present)
    stocked(stage)
    past.lives(stage)
    bench.devices(stage)
    for id in away:
        do(phone["wangfang"], SetTechnicianStatus(technician=id, from_status="online", status="offline"), now)
    policy = world.get(Policy, "policy") or Policy()
    for call in calls(dice, items, compounds_known, technicians, policy, region().timezone, now):
        booker = phone["zhaomin"] if dice.random() < 0.1 else dice.choice(desks)
        do(booker, call.booking, call.at)
        follow(do, world, dice, call, dice.choice(desks), now)
    past.handed_over(stage)
    past.conversations(stage)
    grievance.complained(stage)
    reckoning.billed(stage)
    return {
        order.technician: place_of(world, order)
        for order in world.all(Order)
        if order.technician is not None and order.status in ("en_route", "in_progress")
    }


def place_of(world: Rehearsal, order: Order) -> Point:
    """Where the technician of an order is: at the door, or half-way there from home."""
    address, technician = world.get(Address, order.address), world.get(Technician, order.technician or "")
    assert address is not None
    assert technician is not None
    if order.status == "in_progress":
        return address.point
    middle = (technician.home.lon + address.point.lon) / 2, (technician.home.lat + address.point.lat) / 2
    return Point(round(middle[0], 6), round(middle[1], 6))


def found(do: Submit, world: Rehearsal, dice: random.Random, now: int) -> list[str]:
    """What is there before anybody calls: region, policy, people, catalogue; the technicians who are off now."""
    away: list[str] = []
    do(SYSTEM, SaveRegion(saved=region()), now)
    do(SYSTEM, SavePolicy(policy=Policy()), now)
    for person in staff():
        do(SYSTEM, SaveStaff(staff=person), now)
    year = int(local_date(now, region().timezone)[:4])
    catalogue = replace(first_catalogue(), holidays=known_from(year, region().timezone))
    for command in commands(catalogue, region().currency, now - STANDARDS_MS):
        do(SYSTEM, command, now)
    for technician, phone in crew.technicians(dice, now):
        if technician.status == "offline":
            away.append(technician.id)
        # Whoever is off now was not when the last days were lived.
        do(SYSTEM, SaveTechnician(technician=at_work(technician), phone=phone), now)
    for number, technician in enumerate(world.all(Technician)):
        if number in (5, 23):
            start = now + (20 + number) * 60 * MINUTE_MS
            leave = AddLeave(
                technician=technician.id,
                leave=f"practice {number}",
                start=start,
                end=start + 24 * 60 * MINUTE_MS,
                reason=("年假", "事假")[number % 2],
            )
            do(SYSTEM, leave, now)
    return away


def portrayed(do: Submit, world: Rehearsal, now: int, hang: face.Hang) -> None:
    """Every technician with his portrait, but the last one: his card shows what stands there without."""
    for number, technician in enumerate(world.all(Technician)[:-1]):
        name = hang(clock.derived_id("practice portrait", technician.id), face.drawn(number))
        do(SYSTEM, SetPortrait(technician=technician.id, portrait=name), now)


def at_work(technician: Technician) -> Technician:
    """The technician online, unless he stands otherwise at work already."""
    return replace(technician, status="online") if technician.status == "offline" else technician


def stocked(stage: Stage) -> None:
    """The technicians' vans, with parts for what they repair."""
    for technician in stage.world.all(Technician):
        likely = {
            part: None
            for item in stage.items
            if item.skill in technician.skills
            for fault in item.faults
            for part in fault.parts
        }
        chosen = stage.dice.sample(sorted(likely), min(len(likely), stage.dice.randint(4, 9)))
        parts = tuple(Stocked(each, stage.dice.randint(1, 4)) for each in chosen)
        if parts:
            issued = IssueParts(technician=technician.id, parts=parts)
            stage.do(stage.people["zhaomin"], issued, stage.now - 13 * 24 * 60 * MINUTE_MS)


def actor_of(person: Staff) -> Actor:
    """The person as an actor."""
    return Actor(kind="staff", id=person.id, roles=frozenset(person.roles), regions=frozenset(person.regions))


def follow(do: Submit, world: Rehearsal, dice: random.Random, call: Call, desk: Actor, now: int) -> None:
    """What becomes of an order after the call."""
    id, at = call.booking.order, call.at

    def later(minutes: int) -> int:
        return min(now, at + minutes * MINUTE_MS)

    if call.fate in ("assigned", "reassigned", "unassigned", "rebooked", "cancelled"):
        assign(do, world, dice, id, desk, later(3), now)
    if call.fate == "reassigned":
        assign(do, world, dice, id, desk, later(9), now)
    order = known(world, id)
    if call.fate == "unassigned" and order.technician is not None:
        do(desk, UnassignTechnician(order=id, from_technician=order.technician, reason="too_far"), later(7))
    if call.fate == "rebooked" and order.window is not None:
        window = wanted(dice, "normal", Policy(), region().timezone, now)
        moved = ChangeAppointment(
            order=id,
            from_window=order.window,
            window=window,
            side="customer",
            reason="other_time",
            consent=True,
        )
        do(desk, moved, later(12))
        assign(do, world, dice, id, desk, later(14), now)
    if call.fate == "cancelled":
        reason = dice.choice(("solved_itself", "too_expensive", "bought_new"))
        do(desk, CancelOrder(order=id, reason=reason, side="customer"), later(11))
    if call.fate in ("offered", "accepted") and (chosen := choice(world, dice, order, now, reachable=True)):
        do(desk, OfferOrder(order=id, technician=chosen.technician), later(2))
        if call.fate == "accepted":
            taken = AcceptOrder(order=id, technician=chosen.technician, start=chosen.start)
            do(technician_actor(chosen.technician), taken, later(3))
    if call.urged:
        do(desk, UrgeOrder(order=id), later(8))


def technician_actor(id: str) -> Actor:
    """A technician speaking for himself."""
    return Actor(kind="technician", id=id, regions=frozenset({REGION}))


def known(world: Rehearsal, id: str) -> Order:
    """The order as it stands in the rehearsal."""
    order = world.get(Order, id)
    assert order is not None
    return order


def assign(
    do: Submit, world: Rehearsal, dice: random.Random, id: str, desk: Actor, at: int, now: int
) -> None:
    """One of the best technicians for an order, where anybody is free."""
    order = known(world, id)
    chosen = choice(world, dice, order, now)
    if chosen is None:
        return
    command = AssignTechnician(
        order=id, technician=chosen.technician, from_technician=order.technician, start=chosen.start,
        helpers=chosen.helpers,
    )  # fmt: skip
    do(desk, command, at)


def choice(
    world: Rehearsal, dice: random.Random, order: Order, now: int, reachable: bool = False
) -> Eligible | None:
    """One of the three who suit best and make nobody late; None where there is nobody."""
    people, here = world.all(Technician), region()
    if reachable:
        people = [each for each in people if each.status != "offline"]
    ids = [day_id(each.id, date) for each in people for date in dates_concerned(order, here, now)]
    days = {id: day for id in ids if (day := world.get(Day, id)) is not None}
    items = [item for line in order.lines if (item := world.get(Item, line.item)) is not None]
    customer = world.get(Customer, order.customer)
    blocked = customer.blocked_technicians if customer else ()
    ranking = rank(order, items, blocked, people, days, {}, Policy(), here, now + MARGIN_MS)
    fitting = [each for each in ranking.eligible if not each.late and not each.warnings and not each.current]
    return dice.choice(fitting[:3]) if fitting else None


def positions(
    seed: int, now: int, known: Mapping[str, Point] | None = None
) -> list[tuple[str, float, float, float, int]]:
    """Where the technicians at work were last seen: id, lon, lat (WGS-84), accuracy in metres, when (UTC ms).

    `known` are those of whom that is known already.
    """
    people = [each for each, _ in crew.technicians(random.Random(seed), now)]
    dice = random.Random(seed + 1)
    seen = []
    for technician in people:
        if technician.status == "offline":
            continue
        place = near(dice, technician.home, 0.014)
        age = 45 if dice.random() < 0.06 else dice.randint(0, 4)
        if known is not None and technician.id in known:
            place, age = near(dice, known[technician.id], 0.0002), 0
        seen.append((technician.id, place.lon, place.lat, float(dice.randint(6, 60)), now - age * MINUTE_MS))
    return seen
