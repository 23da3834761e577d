"""Waiting for conditions instead of for time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from dispatcher_app.client.session import OrderQuery, Session
from dispatcher_app.client.state import LinkState
from dispatcher_app.domain.customer import Address, Customer, Note
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.rows import order_row
from tests.client.stand_in import StandIn

KINDS = (Order, Customer, Address, Note, Day, Technician)


async def until(session: Session, holds: Callable[[], bool]) -> None:
    """Wait for what a desk shows; looked at whenever it says that something changed."""
    woken = asyncio.Event()
    stop = session.subscribe(
        changed=lambda _: woken.set(), link=lambda _: woken.set(), conflict=lambda _: woken.set()
    )
    try:
        while not holds():
            woken.clear()
            await woken.wait()
    finally:
        stop()


async def link(session: Session, state: LinkState) -> None:
    """Wait for the connection to be so."""
    await until(session, lambda: session.link.state == state)


async def equal(session: Session, server: StandIn) -> None:
    """Assert that the desk holds exactly what the server holds, and that its rows are those of its entities."""
    await until(session, lambda: not session.link.waiting)
    world = server.world
    # Whatever the stream still carries is there once a later act has come by.
    await until(
        session, lambda: all(session.get(type(each), each.id) == each for each in world.entities.values())
    )
    for kind in KINDS:
        assert {each.id for each in session.all(kind)} == {each.id for each in world.all(kind)}
        assert not any(session.is_pending(kind.kind, each.id) for each in world.all(kind))
    orders = {each.id: each for each in world.all(Order)}
    found = await session.order_rows(list(orders))
    keys = await session.order_keys(OrderQuery())
    assert {id for _, id in keys} == set(orders)
    for id, order in orders.items():
        made = order_row(
            order, world.get(Customer, order.customer), world.get(Address, order.address),
            world.get(Policy, "policy") or Policy(), "Asia/Shanghai",
        )  # fmt: skip
        assert found[id] == made
