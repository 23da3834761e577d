"""What a desk holds against what the server holds, byte by byte."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite

from dispatcher_app import codec, rows
from dispatcher_app.client.api import Api
from dispatcher_app.client.replica.writer import Page
from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.order import PLANNED, Order
from dispatcher_app.domain.region import Policy, Region

Key = tuple[str, str]


@dataclass(frozen=True)
class Held:
    """Entities (version and body), the orders' narrow rows, and what is kept aside of pending ones."""

    entities: dict[Key, tuple[int, bytes]]
    rows: dict[str, tuple[Any, ...]]
    aside: frozenset[Key] = frozenset()

    def world(self) -> dict[Key, Entity]:
        """The entities themselves."""
        return {key: codec.entity(key[0], body) for key, (_, body) in self.entities.items()}


@contextlib.contextmanager
def looking(folder: Path) -> Iterator[Any]:
    """One moment of a desk's replica, from outside."""
    db = sqlite.connect(
        f"{(folder / 'replica.db').as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5
    )
    try:
        db.execute("BEGIN")
        yield db
    finally:
        db.close()


def held(folder: Path) -> Held:
    """What a desk holds."""
    with looking(folder) as db:
        entities = {
            (kind, id): (version, bytes(body))
            for kind, id, version, body in db.execute("SELECT kind, id, version, body FROM entity")
        }
        shown = {row[0]: tuple(row) for row in db.execute(f"SELECT {', '.join(rows.COLUMNS)} FROM order_row")}
        aside = frozenset((kind, id) for kind, id in db.execute("SELECT kind, id FROM base"))
    return Held(entities, shown, aside)


async def served(api: Api, logs: list[str]) -> Held:
    """What the server says from the very beginning."""
    found: dict[Key, tuple[int, bytes]] = {}
    for log in logs:
        after, more = 0, True
        while more:
            page = codec.decode(await api.changes(log, after), Page)
            found.update({(each.kind, each.id): (each.version, bytes(each.body)) for each in page.changes})
            after, more = page.upto, page.more
    world = Held(found, {}).world()
    return Held(
        found, {key[1]: row_of(world, each) for key, each in world.items() if isinstance(each, Order)}
    )


def row_of(world: dict[Key, Entity], order: Order) -> tuple[Any, ...]:
    """An order's narrow row as the entities give it."""
    customer, address = world.get(("customer", order.customer)), world.get(("address", order.address))
    policy, region = world.get(("policy", "policy")), world.get(("region", order.region))
    return astuple(
        rows.order_row(
            order,
            customer if isinstance(customer, Customer) else None,
            address if isinstance(address, Address) else None,
            policy if isinstance(policy, Policy) else Policy(),
            region.timezone if isinstance(region, Region) else "",
        )
    )


def differences(mine: Held, theirs: Held) -> list[str]:
    """Where a desk and the server do not agree."""
    found = [f"pending {kind} {id}" for kind, id in sorted(mine.aside)]
    for key in sorted(mine.entities.keys() | theirs.entities.keys()):
        one, other = mine.entities.get(key), theirs.entities.get(key)
        if one != other:
            found.append(f"{key}: desk has {one and one[0]}, server has {other and other[0]}")
    return found + [
        f"row of {id}: desk {mine.rows.get(id)}, server {theirs.rows.get(id)}"
        for id in sorted(mine.rows.keys() | theirs.rows.keys())
        if mine.rows.get(id) != theirs.rows.get(id)
    ]


def half_acts(folder: Path) -> list[str]:
    """Orders without their plan, and plans without their order, as a desk shows them at this moment."""
    try:
        with looking(folder) as db:
            found = db.execute("SELECT kind, body FROM entity WHERE kind IN ('order', 'day')").fetchall()
    # The file is just being thrown away and begun anew.
    except sqlite.OperationalError:
        return []
    entities = [codec.entity(kind, body) for kind, body in found]
    planned = {
        (stop.order, each.technician, each.date)
        for each in entities if isinstance(each, Day) for stop in each.stops if stop.state != "done"
    }  # fmt: skip
    wanted = {
        (each.id, each.technician, each.planned_on)
        for each in entities if isinstance(each, Order) and each.status in PLANNED
    }  # fmt: skip
    return [f"order {order} of {who} on {date}: {what}" for what, some in (
        ("no plan holds it", wanted - planned), ("a plan without the order", planned - wanted),
    ) for order, who, date in sorted(some, key=str)]  # fmt: skip
