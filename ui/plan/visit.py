"""How a visit of a plan is written: which order, for whom, with whom and when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dispatcher_app.domain.order import Order, Window
from dispatcher_app.text import t
from ui import format, name
from ui.models import column

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def number(session: Session, order: str) -> str:
    """The order's number as the queue shows it."""
    return name.order(session, order)


def customer(session: Session, order: str) -> str:
    """For whom it is, no more of him than the queue shows: "王先生 · 花园小区 · 尾号 8000"."""
    row = session.order_row(order)
    if row is None or name.masked(session):
        return ""
    tail = t("ends in {digits}##phone", digits=row.phone_tail) if row.phone_tail else ""
    return " · ".join(filter(None, (row.name, row.compound, tail)))


def repair(session: Session, order: str) -> str:
    """What is to be repaired."""
    row = session.order_row(order)
    return column.spoken(session, row, "item") if row is not None else ""


def window(session: Session, order: str) -> str:
    """The promised window."""
    found = session.get(Order, order)
    return promised(session, found.window) if found is not None and found.window is not None else ""


def promised(session: Session, said: Window) -> str:
    """A promised window as it was said to the customer."""
    return format.window(said.start, said.end, session.now(), name.timezone(session))


def place(session: Session, technician: str | None, start: int | None, helpers: Iterable[str] = ()) -> str:
    """A place in a plan: "李强 今天 14:20", both where two come; nobody goes where there is none."""
    if technician is None or start is None:
        return t("no place##plan")
    when = format.moment(start, session.now(), name.timezone(session))
    who = name.people(name.technician(session, each) for each in (technician, *helpers))
    return f"{who} {when}"
