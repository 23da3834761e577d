"""Whom the rings of the grab pool reach as things stand in the database."""

from __future__ import annotations

from dispatcher_app import clock
from dispatcher_app.domain.order import Order, Told
from dispatcher_app.planning import choose
from dispatcher_app.server import ask
from dispatcher_app.server.node import Node
from dispatcher_app.server.position import technicians
from dispatcher_app.server.store.database import Cursor


def reached(cursor: Cursor, order: Order, node: Node) -> tuple[Told, ...]:
    """All whom the rings reach, each with his ring, nearest first."""
    return choose.reached(
        ask.ranking(cursor, order.id, [order.region], plans=node.plans, travels=node.travels),
        order,
        technicians(cursor, order.region),
        ask.positions(cursor, order.region),
        ask.policy(cursor),
        clock.now_ms(),
    )
