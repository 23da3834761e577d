"""What somebody at a desk would do by what they see there."""

from __future__ import annotations

from typing import Any

from dispatcher_app import clock
from dispatcher_app.client.session import Session
from dispatcher_app.domain import command as c
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, local_date
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.technician import Shift, ShiftException, Technician
from tests.server.city import ZONE, book, tomorrow

ACTS = (
    "book", "book_known", "assign", "assign", "unassign", "appoint", "cancel", "reopen", "note", "urge", "change",
    "offer", "withdraw", "rename", "status", "shifts", "exception", "leave", "back", "undo", "bulk",
)  # fmt: skip


def order_id(number: int) -> str:
    """The id of an order that is there from the beginning."""
    return f"order-{number}"


def command(session: Session, what: str, number: int, figure: int, fresh: str = "") -> Any:
    """One command about one of the orders seen; `fresh` is for what is new, `figure` for whatever else it needs."""
    orders = session.all(Order)
    order = orders[number % len(orders)] if orders else None
    id, who = order.id if order else order_id(number), f"{session.region_id or 'sh'}-t{figure % 2}"
    technician, window = session.get(Technician, who), Window(tomorrow(9 + figure), tomorrow(11 + figure))
    given = order.technician if order else None
    match what:
        case "book":
            return book(number, order=fresh, note="按门铃", window=window if figure else None)
        case "book_known":
            if order is None:
                return book(number, order=fresh)
            known = {"customer": order.customer, "address": order.address}
            return book(number, order=fresh, new_customer=None, new_address=None, window=window, **known)
        case "assign":
            return c.AssignTechnician(
                order=id, technician=who, from_technician=given, start=tomorrow(9 + figure * 2)
            )
        case "unassign":
            return c.UnassignTechnician(order=id, from_technician=given or who)
        case "appoint":
            return c.ChangeAppointment(
                order=id, from_window=order.window if order else None, window=window, side="customer",
                reason="other_time", consent=True,
            )  # fmt: skip
        case "cancel":
            return c.CancelOrder(order=id, reason="not_needed", side="customer")
        case "reopen":
            return c.ReopenOrder(order=id, window=window)
        case "note":
            return c.AddNote(order=id, text="听到了")
        case "urge":
            return c.UrgeOrder(order=id)
        case "change":
            return c.ChangeOrder(
                order=id, from_version=order.version if order else 1, urgency="normal",
                lines=(c.BookedLine(item="ac", fault="cool", quantity=1 + figure % 2),),
            )  # fmt: skip
        case "offer":
            return c.OfferOrder(order=id, technician=who)
        case "withdraw":
            return c.WithdrawOffer(order=id, from_technician=who)
        case "rename":
            caller = order.customer if order else "c-nobody"
            customer = session.get(Customer, caller)
            return c.ChangeCustomer(
                customer=caller, from_version=customer.version if customer else 1, name=f"陈{figure}"
            )
        case "status":
            status = technician.status if technician else "online"
            return c.SetTechnicianStatus(
                technician=who, from_status=status, status="offline" if status == "online" else "online"
            )
        case "shifts":
            week = tuple(Shift(day, (6 + figure) * 60, 22 * 60) for day in range(7))
            return c.SetShifts(
                technician=who, from_version=technician.version if technician else 1, shifts=week
            )
        case "exception":
            date = local_date(clock.now_ms() + DAY_MS, ZONE)
            return c.SetShiftException(
                technician=who,
                exception=ShiftException(date, 8 * 60, 20 * 60),
                back_to_pattern=figure % 2 == 1,
            )
        case "leave":
            start = tomorrow(12) + figure * HOUR_MS
            return c.AddLeave(
                technician=who, leave=f"leave-{number}", start=start, end=start + HOUR_MS, reason="看病"
            )
        case "back":
            return c.RemoveLeave(technician=who, leave=f"leave-{number}")
    raise AssertionError(what)
