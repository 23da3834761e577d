"""The questions that need a search: who could go, which windows can be promised."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import msgspec

from dispatcher_app import clock
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import is_date, local_date, next_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.entity import E
from dispatcher_app.domain.matching import NEVER, Need, need_of
from dispatcher_app.domain.order import After, Order, Urgency
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.rule.standing import opens_after, span_left
from dispatcher_app.planning.choose import calm
from dispatcher_app.planning.plan import Plan
from dispatcher_app.planning.promise import Promise, need_for, promises_of
from dispatcher_app.planning.rank import Ranking, dates_concerned, ranked
from dispatcher_app.planning.vacancy import Vacancy
from dispatcher_app.planning.vacancy import vacancies as free_places
from dispatcher_app.planning.windows import Offered, dates_of
from dispatcher_app.planning.windows import offered as windows_of
from dispatcher_app.server.plans import Plans
from dispatcher_app.server.store import planned, query, record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.travels import Travels, ground_of

FURTHEST = 366
"""So many days ahead somebody may ask who could go."""


class WindowsAsked(msgspec.Struct, kw_only=True):
    """For what windows are asked: lines and place, or an order that is to be moved."""

    region: str
    lines: list[BookedLine]
    district: str
    point: Point
    urgency: Urgency = "normal"
    order: str = ""
    after: After | None = None


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


def items(cursor: Cursor, ids: Iterable[str]) -> dict[str, Item]:
    """These items of the catalogue."""
    found = query.bodies(cursor, Item.kind, sorted(set(ids)))
    return {each.id: each for each in found if isinstance(each, Item)}


def positions(cursor: Cursor, region: str) -> dict[str, tuple[Point, int]]:
    """Where technicians were last, and when."""
    return {row[0]: (Point(row[1], row[2]), row[4]) for row in query.positions(cursor, [region])}


def need(cursor: Cursor, order: Order, catalogue: Mapping[str, Item]) -> Need:
    """What an order asks of a technician."""
    customer = record.load(cursor, "customer", order.customer)
    blocked = customer.blocked_technicians if isinstance(customer, Customer) else ()
    known = [catalogue[line.item] for line in order.lines if line.item in catalogue]
    return need_of(order, known, blocked, span_left(Records(cursor), order))


@dataclass(frozen=True, slots=True)
class Records:
    """The entities of a database as rules look them up."""

    cursor: Cursor

    def get(self, type_: type[E], id: str) -> E | None:
        """The entity, None where it does not exist."""
        return cast("E | None", record.load(self.cursor, type_.kind, id))


@contextmanager
def plan_of(
    cursor: Cursor, region: Region, dates: Collection[str], now: int, plans: Plans | None
) -> Iterator[Plan]:
    """The region's plan of these dates: the node's own arrays, else read for this question only."""
    with (plans or Plans()).reading(cursor, region, dates, now) as plan:
        yield plan


def ranking(
    cursor: Cursor,
    order_id: str,
    regions: list[str],
    date: str | None = None,
    *,
    plans: Plans | None = None,
    travels: Travels | None = None,
) -> Ranking:
    """Every technician of the region for an order, on its promised date or the one asked for."""
    order = found(cursor, Order, order_id, regions)
    region, figures, now = found(cursor, Region, order.region), policy(cursor), clock.now_ms()
    if date is not None and not (
        is_date(date) and date <= next_date(local_date(now, region.timezone), FURTHEST)
    ):
        raise Rejected("date_invalid", "date", date=date)
    asked = need(cursor, order, items(cursor, (line.item for line in order.lines)))
    with plan_of(cursor, region, dates_concerned(order, region, now, date), now, plans) as plan:
        return ranked(
            plan,
            order,
            asked,
            positions(cursor, region.id),
            figures,
            region,
            now,
            date,
            previous=query.technicians_of(cursor, region.id, order.customer, order.id),
            travel=travels.on(ground_of(cursor, region)) if travels else None,
        )


def vacancies(
    cursor: Cursor, order_ids: Iterable[str], region_id: str, plans: Plans, travels: Travels
) -> Iterator[tuple[str, list[Vacancy]]]:
    """Free places for these promises of a region, each looked for on its own, the best first."""
    region, figures, now = found(cursor, Region, region_id), policy(cursor), clock.now_ms()
    orders = [each for each in query.bodies(cursor, Order.kind, list(order_ids)) if isinstance(each, Order)]
    catalogue = items(cursor, (line.item for order in orders for line in order.lines))
    travel, seen = travels.on(ground_of(cursor, region)), positions(cursor, region.id)
    for order in orders:
        asked = need(cursor, order, catalogue)
        known = query.technicians_of(cursor, region.id, order.customer, order.id)
        with plan_of(cursor, region, dates_concerned(order, region, now), now, plans) as plan:
            if asked.crew == 1:
                places = free_places(
                    plan, order, asked, seen, figures, region, now, previous=known, travel=travel
                )
            else:
                ranking = ranked(plan, order, asked, seen, figures, region, now, previous=known, travel=travel)
                places = [
                    Vacancy(each.technician, each.date, each.start, each.drive_s, ranking.source, each.helpers)
                    for each in ranking.eligible
                    if calm(each) and not each.displaces
                ]
        yield order.id, places


def offered(
    cursor: Cursor,
    asked: WindowsAsked,
    regions: list[str],
    *,
    plans: Plans | None = None,
    travels: Travels | None = None,
) -> Offered:
    """The windows of the horizon for lines at a place."""
    region = found(cursor, Region, asked.region, None)
    if region.id not in regions:
        raise Rejected("other_region", "region", region=region.id)
    figures, now = policy(cursor), clock.now_ms()
    catalogue = items(cursor, (line.item for line in asked.lines))
    for line in asked.lines:
        if line.item not in catalogue:
            raise Rejected("not_found", "lines", kind="item", id=line.item)
    wanted = asked_for(cursor, asked, catalogue)
    with plan_of(cursor, region, dates_of(figures, region, now), now, plans) as plan:
        return windows_of(
            plan,
            wanted,
            asked.urgency,
            homeless(cursor, plan, region, now),
            figures,
            region,
            now,
            positions(cursor, region.id),
            travel=travels.on(ground_of(cursor, region)) if travels else None,
        )


def asked_for(cursor: Cursor, asked: WindowsAsked, catalogue: Mapping[str, Item]) -> Need:
    """What the visit would ask; where an order is to be moved, by whom it must not be, and what it waits for."""
    facts = Records(cursor)
    order = facts.get(Order, asked.order) if asked.order else None
    customer = facts.get(Customer, order.customer) if order is not None else None
    span = span_left(facts, order) if order is not None else (opens_after(facts, asked.after, asked.region), NEVER)
    return need_for(
        asked.lines, catalogue, asked.district, asked.point, customer.blocked_technicians if customer else (),
        asked.order, crew=order.crew if order is not None else 1, span=span,
    )  # fmt: skip


def homeless(cursor: Cursor, plan: Plan, region: Region, now: int) -> list[Promise]:
    """The promises that have no place in the plan yet; only their orders are read."""
    ids = [
        each.id
        for each in planned.waiting(cursor, region.id, now)
        if not plan.stands(
            each.id, {local_date(each.start, region.timezone), local_date(each.end, region.timezone)}
        )
    ]
    orders = [each for each in query.bodies(cursor, Order.kind, ids) if isinstance(each, Order)]
    catalogue = items(cursor, (line.item for order in orders for line in order.lines))
    customers = {
        each.id: each.blocked_technicians
        for each in query.bodies(cursor, Customer.kind, sorted({order.customer for order in orders}))
        if isinstance(each, Customer)
    }
    needs = {
        order.id: need_of(
            order,
            [catalogue[line.item] for line in order.lines if line.item in catalogue],
            customers.get(order.customer, ()),
        )
        for order in orders
    }
    return list(promises_of(orders, needs))
