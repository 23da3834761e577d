"""Orders that wait for others: parts are fetched first, or the workshop has to be done before anybody comes back."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain.act import Rejected, World
from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS
from dispatcher_app.domain.order import After, Order
from dispatcher_app.domain.rule.facts import in_region

PAUSE_MOST = 30 * DAY_MS // MINUTE_MS
"""Minutes."""
CHAIN_MOST = 20
"""So many orders wait for one another at most, one after the other."""


def waiting(world: World, order: Order, after: After | None) -> tuple[Order, list[Order]]:
    """The order waiting for that one (None: for none), and the others whose followers are others now."""
    if after == order.after:
        return order, []
    others: list[Order] = []
    if order.after is not None and (after is None or after.order != order.after.order):
        former = world.get(Order, order.after.order)
        if former is not None:
            others.append(replace(former, then=tuple(id for id in former.then if id != order.id)))
    if after is not None:
        first = in_region(world, Order, after.order, "after", order.region)
        if not 0 <= after.pause <= PAUSE_MOST:
            raise Rejected("time_invalid", "after")
        parted(world, first, order.id)
        if order.id not in first.then:
            others.append(replace(first, then=(*first.then, order.id)))
    return replace(order, after=after), others


def parted(world: World, first: Order, id: str) -> None:
    """Raises Rejected where that order would wait for itself, or for too many."""
    at: Order | None = first
    for _ in range(CHAIN_MOST):
        if at is None:
            return
        if at.id == id:
            raise Rejected("after_itself", "after", number=first.number)
        at = world.get(Order, at.after.order) if at.after is not None else None
    raise Rejected("too_many", "after", limit=CHAIN_MOST)
