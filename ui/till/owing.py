"""What a cashier may be given money for: finished work, devices to fetch, fees of what was called off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.domain import life
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.rows import OrderRow
from ui import format, name
from ui.mark import mark
from ui.models.choice import Choice

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_MOST: Final = 200
_QUERIES: Final = (
    OrderQuery(statuses=frozenset({"ready"}), sort="created_at", descending=True),
    OrderQuery(view="owing"),
    OrderQuery(statuses=frozenset({"finished"}), sort="created_at", descending=True),
    OrderQuery(statuses=frozenset({"cancelled"}), sort="created_at", descending=True),
)
"""Who stands at the counter first."""


def left(order: Order) -> int:
    """What is still to be paid (minor units)."""
    return owed(order) - order.paid


def due(session: Session, order: Order) -> int:
    """What can be paid now (minor units): nothing while the life of the order has no payment."""
    unfit = life.refusal(order.status, "pay", session.actor, order.region) is not None
    return 0 if unfit else max(left(order), 0)


async def owing(session: Session, text: str, store: str) -> list[tuple[Order, OrderRow]]:
    """The orders that something is to be paid for and that every word fits; devices of other stores stay theirs."""
    words = text.lower().split()
    found: dict[str, tuple[Order, OrderRow]] = {}
    for query in _QUERIES:
        ids = [id for _key, id in (await session.order_keys(query))[:_MOST]]
        for id, row in (await session.order_rows(ids)).items():
            order = session.get(Order, id)
            if order is None or due(session, order) <= 0 or not all(word in row.search for word in words):
                continue
            if order.device is None or order.device.store == store:
                found.setdefault(id, (order, row))
    return list(found.values())


def choice(session: Session, order: Order, row: OrderRow) -> Choice:
    """An order as a row: its number and caller, what it is about, how much is left."""
    what = name.item(session, order.lines[0].item) if order.lines else ""
    return Choice(
        title=f"{name.split_number(order.number)[1]}  {row.name}",
        value=order.id,
        detail=format.money(left(order), order.quote.currency),
        note=" · ".join(filter(None, (mark("order", order.status).label(), what, order.number))),
    )
