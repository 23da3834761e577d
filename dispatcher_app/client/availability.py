"""How much working time there is and how much of it is taken, by this desk's own copy of the plans."""

from __future__ import annotations

from collections.abc import Sequence

from dispatcher_app.client.question import people, plans, policy_of, region_of
from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import Order
from dispatcher_app.planning.capacity import Capacity, Slot, Wish, capacity, usual_minutes
from dispatcher_app.planning.plan import Plan


def availability(reader: Reader, region: str, slots: Sequence[Slot], now: int) -> Capacity:
    """Every technician of a region in these slots; raises Rejected where the region is not here yet."""
    here, policy = region_of(reader, region), policy_of(reader)
    dates = tuple(dict.fromkeys(each.date for each in slots))
    plan = Plan(here.timezone, dates, people(reader, region), plans(reader, dates).values())
    items = {each.id: each for each in reader.entities(Item)}
    wishes = [
        Wish(frozenset(items[line.item].skill for line in order.lines if line.item in items), order.window)
        for order in homeless(reader, plan, region, slots)
        if order.window is not None
    ]
    return capacity(plan, slots, usual_minutes(items.values()), wishes, policy, now)


def homeless(reader: Reader, plan: Plan, region: str, slots: Sequence[Slot]) -> list[Order]:
    """The promises in these slots that nobody is to keep yet, not even by the planner's own plan."""
    if not slots:
        return []
    begin, end = min(each.start for each in slots), max(each.end for each in slots)
    found = reader.entities(Order, reader.waiting(begin, end))
    zone = plan.timezone
    return [
        order
        for order in found
        if order.region == region
        and (window := order.window) is not None
        and not plan.stands(order.id, {local_date(window.start, zone), local_date(window.end, zone)})
    ]
