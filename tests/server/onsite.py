"""An order on its way through the day, said as desks say it."""

import re
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.place import Point
from dispatcher_app.server import link
from tests.server.city import Place, assign, book
from tests.server.desk import Desk

DOOR = Point(121.4412, 31.1934)


def token_of(place: Place, order: str, now: int | None = None, days: int = 7) -> str:
    """The token that a customer of that order would be sent."""
    database, vault = place.open()
    database.close()
    return link.made(vault, order, now or clock.now_ms(), days)


def begun(desk: Desk, order: str = "o-1") -> str:
    """An order that a technician is working on."""
    desk.do(book(order=order))
    desk.do(assign(order))
    desk.do(c.Depart(order=order, technician="sh-t0"))
    desk.do(c.Arrive(order=order, technician="sh-t0", point=DOOR, accuracy_m=10))
    return order


def quoted(desk: Desk, order: str = "o-1", labour: int = 15000) -> str:
    """An order with a quote that waits for the customer's word."""
    begun(desk, order)
    line = c.QuotedLine(item="ac", fault="cool", brand="格力", labour=labour)
    desk.do(c.ReviseQuote(order=order, number=1, lines=(line,), reason="other_fault"))
    return order


def finished(desk: Desk, order: str = "o-1") -> str:
    """An order that waits for the customer to check it."""
    begun(desk, order)
    desk.do(c.MarkLine(order=order, line=0, from_state="open", state="done"))
    desk.do(c.FinishOrder(order=order, technician="sh-t0"))
    return order


def completed(desk: Desk, order: str = "o-1") -> str:
    """An order that is confirmed and paid."""
    finished(desk, order)
    desk.do(c.ConfirmOrder(order=order, confirmation="phone"))
    desk.do(c.RecordPayment(order=order, amount=state(desk, order)["quote"]["total"], means="cash"))
    return order


def state(desk: Desk, order: str) -> dict[str, Any]:
    """The order as it stands."""
    body: dict[str, Any] = desk.state()["order", order][1]
    return body


def form_of(html: str, what: str) -> dict[str, str]:
    """The hidden fields of one of a page's forms."""
    (form,) = re.findall(rf'<form method="post" action="[^"]*/{what}\?[^"]*">(.*?)</form>', html, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
