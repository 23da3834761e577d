"""A visit in the hand of a dispatcher: what would come of dropping it, by this desk's own copy of the plans."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dispatcher_app.client.ground import ground
from dispatcher_app.client.question import Replica, people, plans, policy_of, region_of, seen
from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.client.state import Position
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.matching import Need, need_of
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.rule.standing import span_left
from dispatcher_app.planning.ghost import dragged
from dispatcher_app.planning.handful import Handful
from dispatcher_app.planning.plan import Plan
from dispatcher_app.planning.rank import dates_concerned


def handful(
    reader: Reader, orders: Collection[str], dates: Collection[str], positions: Mapping[str, Position], now: int
) -> Handful:
    """The visits of some orders of one region, in the hand together, over the plans of these dates.

    Those they are ranked on serve where none is named. `planning.handful.ghosts` then answers for each technician and
    start, quickly enough to be asked while the mouse moves. Drives are this desk's own estimate (`drives.by_server`
    brings better ones). Raises Rejected where one of them is not here, or another region's than the first.
    """
    found = [order_of(reader, each) for each in orders]
    region = region_of(reader, found[0].region)
    if other := next((each for each in found if each.region != region.id), None):
        raise Rejected("other_region", "order", region=other.region)
    asked = tuple(dates) or tuple(
        sorted({date for each in found for date in dates_concerned(each, region, now)})
    )
    days = plans(reader, asked)
    planned = {stop.order for day in days.values() for stop in day.stops}
    windows = {
        row.id: Window(row.window_start, row.window_end)
        for row in reader.order_rows(sorted(planned)).values()
        if row.window_start is not None and row.window_end is not None
    }
    plan = Plan(region.timezone, asked, people(reader, region.id), days.values())
    policy, travel = policy_of(reader), ground(reader, region).travel
    drags = {
        each.id: dragged(plan, each, asks(reader, each), policy, now, windows, seen(positions), travel)
        for each in found
    }
    return Handful(drags, days, windows)


def order_of(reader: Reader, id: str) -> Order:
    """The order; raises Rejected where the replica has none."""
    found = reader.entity("order", id)
    if not isinstance(found, Order):
        raise Rejected("not_found", "order", kind="order", id=id)
    return found


def asks(reader: Reader, order: Order) -> Need:
    """What the order asks of whoever goes."""
    customer = reader.entity("customer", order.customer)
    return need_of(
        order,
        reader.entities(Item, {line.item for line in order.lines}),
        customer.blocked_technicians if isinstance(customer, Customer) else (),
        span_left(Replica(reader), order),
    )
