"""A visit in the hand of a dispatcher: what would come of dropping it, by this desk's own copy of the plans."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dispatcher_app.client.ground import ground
from dispatcher_app.client.question import people, plans, policy_of, region_of, seen
from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.client.state import Position
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.matching import need_of
from dispatcher_app.domain.order import Order
from dispatcher_app.planning.ghost import Dragged, dragged
from dispatcher_app.planning.plan import Plan
from dispatcher_app.planning.rank import dates_concerned


def drag(
    reader: Reader, order: str, dates: Collection[str], positions: Mapping[str, Position], now: int
) -> Dragged:
    """The visit of an order over the plans of these dates, of those it is ranked on where none is named.

    `planning.ghost.ghost` then answers for each technician and start, quickly enough to be asked while the mouse
    moves. Drives are this desk's own estimate. Raises Rejected where the order is not here.
    """
    found = reader.entity("order", order)
    if not isinstance(found, Order):
        raise Rejected("not_found", "order", kind="order", id=order)
    region = region_of(reader, found.region)
    asked = tuple(dates) or dates_concerned(found, region, now)
    days = plans(reader, asked)
    planned = {stop.order for day in days.values() for stop in day.stops}
    customer = reader.entity("customer", found.customer)
    return dragged(
        Plan(region.timezone, asked, people(reader, region.id), days.values()),
        found,
        need_of(
            found,
            reader.entities(Item, {line.item for line in found.lines}),
            customer.blocked_technicians if isinstance(customer, Customer) else (),
        ),
        policy_of(reader),
        now,
        {each.id: each.window for each in reader.entities(Order, sorted(planned)) if each.window is not None},
        seen(positions),
        ground(reader, region).travel,
    )
