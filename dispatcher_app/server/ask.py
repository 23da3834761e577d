"""The questions that need a search: who could go, which windows can be promised."""

from __future__ import annotations

from typing import Any

import msgspec

from dispatcher_app import clock
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import E
from dispatcher_app.domain.matching import Need, need_of
from dispatcher_app.domain.order import Order, Urgency
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.planning.promise import need_for, promises_of
from dispatcher_app.planning.rank import Ranking, rank
from dispatcher_app.planning.windows import Offered, windows
from dispatcher_app.server.position import technicians
from dispatcher_app.server.store import query, record
from dispatcher_app.server.store.database import Cursor


class WindowsAsked(msgspec.Struct, kw_only=True):
    """For what windows are asked: lines and place, or an order that is to be moved."""

    region: str
    lines: list[BookedLine]
    district: str
    point: Point
    urgency: Urgency = "normal"
    order: str = ""


def found(cursor: Cursor, type_: type[E], id: str, regions: list[str] | None = None) -> E:
    """The entity of that id, within these regions; raises Rejected where there is none."""
    made = record.load(cursor, type_.kind, id)
    if not isinstance(made, type_) or (regions is not None and made.region not in regions):
        raise Rejected("not_found", type_.kind, kind=type_.kind, id=id)
    return made


def policy(cursor: Cursor) -> Policy:
    """The figures in force."""
    made = record.load(cursor, "policy", "policy")
    return made if isinstance(made, Policy) else Policy()


def items(cursor: Cursor) -> dict[str, Item]:
    """The catalogue."""
    return {each.id: each for each in record.load_all(cursor, "item", "platform") if isinstance(each, Item)}


def days(cursor: Cursor, region: str, now: int, horizon_days: int) -> dict[str, Day]:
    """The plans from yesterday to the horizon, by id."""
    return {
        day.id: day
        for day in query.days_between(cursor, region, now - DAY_MS, now + (horizon_days + 3) * DAY_MS)
    }


def positions(cursor: Cursor, region: str) -> dict[str, tuple[Point, int]]:
    """Where technicians were last, and when."""
    return {row[0]: (Point(row[1], row[2]), row[4]) for row in query.positions(cursor, [region])}


def need(cursor: Cursor, order: Order, catalogue: dict[str, Item]) -> Need:
    """What an order asks of a technician."""
    customer = record.load(cursor, "customer", order.customer)
    blocked = customer.blocked_technicians if isinstance(customer, Customer) else ()
    return need_of(order, [catalogue[line.item] for line in order.lines], blocked)


def ranking(cursor: Cursor, order_id: str, regions: list[str]) -> Ranking:
    """Every technician of the region for an order."""
    order = found(cursor, Order, order_id, regions)
    figures, now, catalogue = policy(cursor), clock.now_ms(), items(cursor)
    customer = record.load(cursor, "customer", order.customer)
    return rank(
        order,
        [catalogue[line.item] for line in order.lines],
        customer.blocked_technicians if isinstance(customer, Customer) else (),
        technicians(cursor, order.region),
        days(cursor, order.region, now, figures.horizon_days),
        positions(cursor, order.region),
        figures,
        found(cursor, Region, order.region),
        now,
        previous=query.technicians_of(cursor, order.region, order.customer, order.id),
    )


def offered(cursor: Cursor, asked: WindowsAsked, regions: list[str]) -> Offered:
    """The windows of the horizon for lines at a place."""
    region = found(cursor, Region, asked.region, None)
    if region.id not in regions:
        raise Rejected("other_region", "region", region=region.id)
    figures, now, catalogue = policy(cursor), clock.now_ms(), items(cursor)
    for line in asked.lines:
        if line.item not in catalogue:
            raise Rejected("not_found", "lines", kind="item", id=line.item)
    orders = [each for each in query.promised_unassigned(cursor, region.id, now) if each.id != asked.order]
    promised: dict[str, Any] = {order.id: need(cursor, order, catalogue) for order in orders}
    return windows(
        need_for(asked.lines, catalogue, asked.district, asked.point, order=asked.order),
        asked.urgency,
        technicians(cursor, region.id),
        days(cursor, region.id, now, figures.horizon_days),
        promises_of(orders, promised),
        figures,
        region,
        now,
        positions(cursor, region.id),
    )
