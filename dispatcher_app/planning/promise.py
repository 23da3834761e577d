"""What a caller asks for, and what is promised already to orders that have no place in the plan yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.matching import NEVER, Need
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.pricing import minutes_of
from dispatcher_app.planning.crew import Crew
from dispatcher_app.planning.gap import Cell, gaps_of, strips_of
from dispatcher_app.planning.plan import Sheet, lasting


@dataclass(frozen=True, slots=True)
class Promise:
    """A window promised to an order that has no technician yet: it uses up somebody."""

    need: Need
    window: Window


def need_for(
    lines: Iterable[BookedLine],
    items: Mapping[str, Item],
    district: str,
    point: Point,
    blocked: Iterable[str] = (),
    order: str = "",
    crew: int = 1,
    span: tuple[int, int] = (0, NEVER),
) -> Need:
    """What lines being booked would ask of a technician; `order` where an existing one is rebooked.

    `crew` is how many it takes at least, `span` what other orders leave it.
    """
    lines = tuple(lines)
    wanted = [items[line.item] for line in lines]
    return Need(
        order=order,
        skills=frozenset(item.skill for item in wanted),
        certificates=frozenset(name for item in wanted for name in item.certificates),
        brands=frozenset(line.brand for line in lines if line.brand),
        district=district,
        point=point,
        minutes=sum(
            minutes_of(item, line.fault) * line.quantity for item, line in zip(wanted, lines, strict=True)
        ),
        blocked=frozenset(blocked),
        crew=max([crew, *(item.crew for item in wanted)]),
        opens=span[0],
        closes=span[1],
    )


def promises_of(orders: Iterable[Order], needs: Mapping[str, Need]) -> tuple[Promise, ...]:
    """The promises among these orders that nobody has been assigned to; `needs` by order id."""
    return tuple(
        Promise(needs[order.id], order.window)
        for order in orders
        for _ in range(order.crew)
        if order.technician is None and order.window is not None and order.status in ("pending", "offered")
    )


def keepers(
    crew: Crew, sheet: Sheet, promises: Sequence[Promise], absent: Sequence[Cell]
) -> tuple[NDArray[np.bool_], ...]:
    """For each promise, which technicians (by row of the plan) have the skill and the free time on that date for it."""
    if not promises:
        return ()
    who = np.arange(len(crew))
    strips = strips_of(sheet, who, absent)
    made = []
    for promise in promises:
        duration = lasting(promise.need.minutes)
        gaps = gaps_of(strips, duration)
        first = np.maximum(gaps.begin, sheet.offset(promise.window.start))
        last = np.minimum(gaps.end - duration, sheet.offset(promise.window.end))
        keeps = np.zeros(len(crew), np.bool_)
        keeps[strips.who[gaps.strip[first <= last]]] = True
        made.append(keeps & crew.fit(promise.need, promise.window.start))
    return tuple(made)


def promised_in(
    window: Window, promises: Sequence[Promise], keeping: Sequence[NDArray[np.bool_]], able: NDArray[np.bool_]
) -> int:
    """How many of those able to come are needed for promises without a place in the same hours.

    Whoever could not come to this caller anyway keeps such a promise first; nobody is counted twice.
    """
    running = [
        (promise.window.start, promise.need.order, keeps)
        for promise, keeps in zip(promises, keeping, strict=True)
        if promise.window.start < window.end and window.start < promise.window.end
    ]
    free = np.ones(len(able), np.bool_)
    used = 0
    for _, _, keeps in sorted(running, key=lambda each: each[:2]):
        mine = keeps & free
        spared = mine & ~able
        pick = spared if spared.any() else mine
        if pick.any():
            one = int(np.argmax(pick))
            free[one] = False
            used += bool(able[one])
    return used
