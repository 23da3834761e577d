"""An order's way through the writer of a real database, up to its end."""

from __future__ import annotations

from typing import Any

from dispatcher_app.domain import command as c
from dispatcher_app.domain.order import Order
from dispatcher_app.server.store import record
from tests.server.city import Gate, assign, book
from tests.server.onsite import DOOR


def order_of(gate: Gate, id: str = "o-1") -> Order:
    """The order as it stands."""
    with gate.database.reading() as cursor:
        found = record.load(cursor, Order.kind, id)
    assert isinstance(found, Order)
    return found


def finished(gate: Gate, order: str = "o-1", technician: int = 0, hour: float = 9.0, **other: Any) -> Order:
    """Booked, gone to, repaired and confirmed: only the money is missing."""
    who = f"sh-t{technician}"
    number = int("".join(filter(str.isdigit, order)) or 0)
    for command in (
        book(number, order=order, **other),
        assign(order, technician, hour),
        c.Depart(order=order, technician=who),
        c.Arrive(order=order, technician=who, point=DOOR, accuracy_m=10),
        c.MarkLine(order=order, line=0, from_state="open", state="done"),
        c.FinishOrder(order=order, technician=who),
        c.ConfirmOrder(order=order, confirmation="phone"),
    ):
        gate.do(command)
    return order_of(gate, order)


def completed(
    gate: Gate,
    order: str = "o-1",
    technician: int = 0,
    hour: float = 9.0,
    at: int | None = None,
    **other: Any,
) -> Order:
    """Finished and paid in cash to the technician, at a moment (UTC ms) where one is named."""
    total = finished(gate, order, technician, hour, **other).quote.total
    when = {} if at is None else {"at": at}
    gate.do(c.RecordPayment(order=order, amount=total, means="cash"), **when)
    return order_of(gate, order)
