"""An order in a few words, for whoever mentions it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order
from ui import name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def order_title(session: Session, id: str) -> str:
    """Number, item and name: "1122-031 · 冰箱 · 王先生"."""
    order = session.get(Order, id)
    if order is None:
        return name.order(session, id)
    customer = None if name.masked(session) else session.get(Customer, order.customer)
    parts = (order.number, name.item(session, order.lines[0].item), customer.name if customer else "")
    return " · ".join(filter(None, parts))
