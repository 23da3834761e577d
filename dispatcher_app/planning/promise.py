"""What a caller asks for, and what is promised already to orders that nobody has been assigned to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.matching import Need, unfit
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.pricing import minutes_of
from dispatcher_app.planning.gap import Free


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
) -> Need:
    """What lines being booked would ask of a technician; `order` where an existing one is rebooked."""
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
    )


def promises_of(orders: Iterable[Order], needs: Mapping[str, Need]) -> tuple[Promise, ...]:
    """The promises among these orders that nobody has been assigned to; `needs` by order id."""
    return tuple(
        Promise(needs[order.id], order.window)
        for order in orders
        if order.technician is None and order.window is not None and order.status in ("pending", "offered")
    )


def promised_in(
    promises: Sequence[Promise],
    window: Window,
    able: Collection[str],
    working: Sequence[Free],
    others: Sequence[Free],
) -> int:
    """How many of those able to come are needed for promises without a technician in the same hours.

    Whoever could not come to this caller anyway keeps such a promise first; nobody is counted twice.
    """
    running = [each for each in promises if each.window.start < window.end and window.start < each.window.end]
    first = [*others, *(free for free in working if free.technician.id not in able)]
    second = [free for free in working if free.technician.id in able]
    taken: set[str] = set()
    used = 0
    for promise in sorted(running, key=lambda each: (each.window.start, each.need.order)):
        kept = next((free for free in (*first, *second) if keeps(free, promise, taken)), None)
        if kept is not None:
            taken.add(kept.technician.id)
            used += kept.technician.id in able
    return used


def keeps(free: Free, promise: Promise, taken: Collection[str]) -> bool:
    """Whether the technician, not needed elsewhere, has the skill and the free time for a promise."""
    duration = promise.need.minutes * MINUTE_MS
    window = promise.window
    return (
        free.technician.id not in taken
        and any(max(gap.begin, window.start) <= min(gap.end - duration, window.end) for gap in free.gaps)
        and not unfit(free.technician, promise.need, window.start)
    )
