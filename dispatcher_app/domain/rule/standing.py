"""Where an order stands in the plan and with whom, and what it asks of whoever goes, other orders' hours included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dispatcher_app.domain.act import Facts, need
from dispatcher_app.domain.calendar import MINUTE_MS, midnight, next_date
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.matching import NEVER, Need, need_of
from dispatcher_app.domain.order import After, Order, Status
from dispatcher_app.domain.rule.facts import day_of, items_of, region_of

OVER: frozenset[Status] = frozenset({"finished", "completed", "cancelled", "handed_back"})
"""Nobody waits for an order that is so."""

StopOf = Callable[[Order], Stop | None]
"""Where an order stands, dispatched or only planned."""


def stop_of(world: Facts, order: Order) -> Stop | None:
    """The stop that serves an order, None while nobody is planned."""
    if order.technician is None or order.planned_on is None:
        return None
    return day_of(world, order.technician, order.region, order.planned_on).stop_of(order.id)


def tentative_day(world: Facts, order: Order) -> Day | None:
    """The plan in which the order has a tentative stop, None where it has none (any more)."""
    day = world.get(Day, order.tentative) if order.tentative else None
    stop = day.stop_of(order.id) if day is not None else None
    return day if stop is not None and stop.state == "tentative" else None


def standing(world: Facts, order: Order) -> tuple[Day, Stop] | None:
    """Where the order stands in the plan, dispatched or tentative, None where nowhere."""
    if order.technician is not None and order.planned_on is not None:
        day: Day | None = day_of(world, order.technician, order.region, order.planned_on)
    else:
        day = tentative_day(world, order)
    stop = day.stop_of(order.id) if day is not None else None
    return (day, stop) if day is not None and stop is not None else None


def party(world: Facts, day: Day, stop: Stop) -> tuple[Day, ...]:
    """The plans in which a visit stands: of all who come to it, this one first."""
    others = (each for each in stop.together if each != day.technician)
    return (day, *(day_of(world, each, day.region, day.date) for each in others))


def needs_of(world: Facts, order: Order, stop_of: StopOf | None = None) -> Need:
    """What an order asks of a technician, the customer's blocks and the orders before and after it included."""
    customer = need(world, Customer, order.customer, "customer")
    items = items_of(world, (line.item for line in order.lines))
    return need_of(order, items, customer.blocked_technicians, span_left(world, order, stop_of))


def span_left(world: Facts, order: Order, stop_of: StopOf | None = None) -> tuple[int, int]:
    """From when on (UTC ms) an order's visit may begin and until when it has to be over, for other orders' sake.

    Who waits for it counts only where somebody has been sent there: what is merely planned makes room.
    """

    def placed(other: Order) -> Stop | None:
        found = standing(world, other)
        return found[1] if found is not None else None

    where = stop_of or placed
    opens, closes = opens_after(world, order.after, order.region, where), NEVER
    for id in order.then:
        other = world.get(Order, id)
        if other is None or other.after is None or other.status != "accepted":
            continue
        if (stop := where(other)) is not None and stop.state != "tentative":
            closes = min(closes, stop.start - other.after.pause * MINUTE_MS)
    return opens, closes


def opens_after(world: Facts, after: After | None, region: str, stop_of: StopOf | None = None) -> int:
    """From when on (UTC ms) a visit may begin that waits for another order."""
    before = world.get(Order, after.order) if after is not None else None
    if after is None or before is None:
        return 0
    found = standing(world, before) if stop_of is None else None
    stop = stop_of(before) if stop_of is not None else found[1] if found is not None else None
    over = over_at(before, stop, region_of(world, region).timezone)
    return min(over + after.pause * MINUTE_MS, NEVER)


def over_at(order: Order, stop: Stop | None, timezone: str) -> int:
    """When (UTC ms) an order will be over as far as the plan says; NEVER where nobody can say.

    A device at the bench is so when its promised day is, or since it is ready.
    """
    if order.status in OVER:
        ended = order.visit.ended_at if order.service == "home" else order.device and order.device.ready_at
        return ended or 0
    if order.device is not None:
        if order.device.ready_at is not None:
            return order.device.ready_at
        promised = order.device.promised_on
        return midnight(next_date(promised, 1), timezone) if promised is not None else NEVER
    if stop is not None:
        return stop.end
    window = order.window if order.status in ("pending", "offered") else None
    # It has no place yet: it begins when its window ends, at the latest.
    return window.end + order.minutes_left * MINUTE_MS if window is not None else NEVER


def shared(stop: Stop, technician: str, helpers: tuple[str, ...]) -> Stop:
    """The stop of a visit that others come along to."""
    return replace(stop, together=(technician, *helpers) if helpers else ())
