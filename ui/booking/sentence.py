"""What the dispatcher says to the caller once it is booked."""

from __future__ import annotations

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import Order, Quote
from dispatcher_app.text import language, t
from ui import format, name
from ui.booking.form import Form
from ui.booking.window import said


def sentence(form: Form, order: Order, caller: str, number: str) -> str:
    """The whole sentence: number, window, price, what is due when the repair is declined, whether materials are in it."""
    line = order.lines[0]
    what = f"{name.item(form.session, line.item)} {name.fault(form.session, line.item, line.fault)}".strip()
    if len(order.lines) > 1:
        what = t("{what} and {count} more", what=what, count=len(order.lines) - 1)
    parts = [t("{caller}, your repair is booked: {what}. Your order number is {number}.", caller=caller, what=what,
               number=number)]  # fmt: skip
    if order.window is None:
        parts.append(t("We will call you back shortly to agree on a time."))
    elif order.provisional:
        parts.append(
            t("We have noted {window}; a confirmation will follow.", window=said(form, order.window))
        )
    else:
        parts.append(t("The technician's visit: {window}.", window=said(form, order.window)))
    parts.append(price(order.quote))
    parts.append(materials(form, order))
    return "".join(parts) if language() == "zh_CN" else " ".join(parts)


def materials(form: Form, order: Order) -> str:
    """Whether small materials are in the price of everything that was booked."""
    items = [form.session.get(Item, line.item) for line in order.lines]
    if all(each is not None and each.materials == "included" for each in items):
        return t("Small materials are included, parts are not.")
    return t("Materials and parts are charged extra, and only after you have agreed.")


def price(quote: Quote) -> str:
    """The price in one sentence."""
    return t(
        "The repair is expected to cost {total}; if you decline it on site, only {declined} is due.",
        total=format.money(quote.total, quote.currency), declined=format.money(quote.if_declined, quote.currency),
    )  # fmt: skip
