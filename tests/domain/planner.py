"""The planner and the desks' plans at random: hours held, visits moved many at once, promises marked, drives said."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM, Actor
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.rule.standing import standing
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import CENTRE, COUNTER, DISPATCHER, SUPERVISOR, minutes

TECHNICIANS = ("li", "wang", "zhao")
STARTS = tuple(range(0, 12 * 30, 30))


def start(now: int, dice: Random) -> int:
    """A half hour of the next ones."""
    half = minutes(30)
    return now - now % half + minutes(dice.choice(STARTS)) + half


def move(world: Rehearsal, order: Order, now: int, dice: Random, *, system: bool) -> c.Move:
    """The order from where it is (mostly) to somewhere, or nowhere."""
    found = standing(world, order)
    former = (found[0].technician, found[1].start) if found else (None, None)
    if dice.random() < 0.05:
        former = ("li", now)
    if dice.random() < 0.15:
        return c.Move(order=order.id, from_technician=former[0], from_start=former[1], why="plan")
    helpers = None
    if dice.random() < 0.4:
        helpers = tuple(c.Helper(technician=each, travel_s=300, source="road") for each in along(dice))
    return c.Move(
        order=order.id, from_technician=former[0], from_start=former[1], technician=dice.choice(TECHNICIANS),
        helpers=helpers,
        start=start(now, dice), state="tentative" if system or dice.random() < 0.5 else "confirmed", why="plan",
        travel_s=600, source=dice.choice(("estimate", "road")),
    )  # fmt: skip


def along(dice: Random) -> tuple[str, ...]:
    """Who comes along: now and then somebody."""
    return (dice.choice(TECHNICIANS),) if dice.random() < 0.6 else ()


def plan(world: Rehearsal, now: int, dice: Random, *, system: bool) -> c.PublishPlan:
    """Some visits moved at once, now and then with somebody's leave."""
    orders = world.all(Order)
    chosen = dice.sample(orders, dice.randrange(1, min(5, len(orders)) + 1))
    absence = None
    if dice.random() < 0.1:
        absence = c.Absence(
            technician=dice.choice(TECHNICIANS), leave=f"l{world.acts}", start=start(now, dice),
            end=start(now, dice) + minutes(400), reason="病假",
        )  # fmt: skip
    moves = tuple(move(world, each, now, dice, system=system) for each in chosen)
    return c.PublishPlan(moves=moves, reason="plan", absence=absence)


def placed(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    return SYSTEM, plan(world, now, dice, system=True)


def published(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    return dice.choice((DISPATCHER, SUPERVISOR)), plan(world, now, dice, system=False)


def moved(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    """Some visits moved by a person's hand, now and then against the rules."""
    moves = plan(world, now, dice, system=False).moves
    if dice.random() < 0.2:
        return SUPERVISOR, c.MoveVisits(moves=moves, override_reason="客户答应了")
    return dice.choice((DISPATCHER, SUPERVISOR)), c.MoveVisits(moves=moves)


def held(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    """An hour for somebody new, for whom the hour is held already, or for an order that is to be moved."""
    begin = start(now, dice)
    waiting = [(day.id, stop.order) for day in world.all(Day) for stop in day.stops if stop.state == "held"]
    orders = [each.id for each in world.all(Order)]
    name, former = f"n{world.acts}", ""
    if waiting and dice.random() < 0.4:
        former, name = dice.choice(waiting)
    elif dice.random() < 0.4:
        name = dice.choice(orders)
    return dice.choice((DISPATCHER, COUNTER)), c.HoldWindow(
        order=name, window=Window(begin, begin + minutes(120)), technician=dice.choice(TECHNICIANS), start=begin,
        lines=(c.BookedLine(item="fridge", fault="ice"),), district="north", point=CENTRE, from_day=former,
        helpers=along(dice),
    )  # fmt: skip


def booked(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    """The caller takes the hour, or another one; one who is known is moved to it."""
    waiting = [(day.id, stop) for day in world.all(Day) for stop in day.stops if stop.state == "held"]
    if not waiting:
        return held(world, now, dice)
    day, stop = dice.choice(waiting)
    window = Window(stop.start, stop.start + minutes(120))
    order = world.get(Order, stop.order)
    if order is not None:
        return DISPATCHER, c.ChangeAppointment(
            order=order.id, from_window=order.window, window=window, side="customer", reason="other_time",
            consent=True, held=day,
        )  # fmt: skip
    lines = (c.BookedLine(item="fridge", fault="ice"),)
    if dice.random() < 0.3:
        lines = (c.BookedLine(item="tap", quantity=2),)
    return DISPATCHER, trade.booking(stop.order, window=window, lines=lines, held=day)


def released(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    waiting = [(day.id, stop.order) for day in world.all(Day) for stop in day.stops if stop.state == "held"]
    day, order = dice.choice(waiting or [(f"li:{trade.DATE}", "o1")])
    return dice.choice((DISPATCHER, SUPERVISOR, COUNTER)), c.ReleaseHold(order=order, day=day)


def marked(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    chosen = dice.sample(world.all(Order), 2)
    marks = (
        c.PromiseMark(order=each.id, reason=dice.choice((None, "nobody_free", "runs_late")), minutes=20)
        for each in chosen
    )
    return SYSTEM, c.MarkPromises(marks=tuple(marks))


def pinned(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    order = dice.choice(world.all(Order))
    return DISPATCHER, c.PinVisit(order=order.id, pinned=dice.random() < 0.4)


def driven(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    days = world.all(Day) or [trade.day_of(world, "li")]
    day = dice.choice(days)
    legs = (c.Leg(order=stop.order, travel_s=dice.randrange(60, 3600), source="road") for stop in day.stops)
    return SYSTEM, c.RouteDay(day=day.id, from_version=day.version, legs=tuple(legs))


WISHES: dict[str, Callable[[Rehearsal, int, Random], tuple[Actor, Any]]] = {
    "place": placed, "publish": published, "move": moved, "hold": held, "book": booked, "release": released,
    "mark": marked, "pin": pinned, "drive": driven,
}  # fmt: skip
OFTEN = (
    "place",
    "place",
    "place",
    "publish",
    "publish",
    "move",
    "move",
    "hold",
    "hold",
    "book",
    "release",
    "mark",
    "pin",
    "drive",
)
COMMANDS = (c.HoldWindow, c.ReleaseHold, c.PublishPlan, c.MoveVisits, c.MarkPromises, c.PinVisit, c.RouteDay)


def next_act(world: Rehearsal, now: int, dice: Random) -> tuple[Actor, Any]:
    """What the planner, or somebody who plans, does next."""
    return WISHES[dice.choice(OFTEN)](world, now, dice)
