"""A draft as the command that books it, and what is still missing."""

from __future__ import annotations

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import BookedLine, BookOrder, NewAddress, NewCustomer
from dispatcher_app.domain.customer import normal_phone
from dispatcher_app.domain.order import After, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.text import sentence, t
from ui.booking.draft import Draft

STEP_OF_FIELD = {
    "new_customer.phone": "phone",
    "phone": "phone",
    "customer": "phone",
    "new_customer.name": "name",
    "new_customer": "name",
    "lines": "what",
    "urgency": "urgency",
    "address": "where",
    "new_address": "where",
    "new_address.compound": "where",
    "new_address.district": "where",
    "new_address.point": "where",
    "new_address.building": "building",
    "new_address.unit": "unit",
    "new_address.door_code": "code",
    "window": "when",
    "after": "when",
    "provisional": "when",
    "note": "note",
    "coupon": "coupon",
    "package": "coupon",
}
"""Beside which field a refusal is said."""


def missing(draft: Draft) -> tuple[str, str] | None:
    """The first step that lacks something, and the sentence to say beside it; None when it can be booked."""
    if draft.customer is None:
        try:
            normal_phone(draft.phone)
        except Rejected as rejected:
            if not draft.phone.strip():
                return "phone", t("The caller's number is missing.")
            return "phone", sentence(rejected.code, rejected.params)
        if not draft.name.strip():
            return "name", t("How is the caller called?")
    if not draft.taken:
        return "what", t("What is broken? Type a few words or letters and press Enter.")
    if draft.line.item is None and draft.line.said.strip():
        return "what", t("Choose what is meant, or clear the field.")
    if draft.address is None and draft.lon is None:
        return "where", t("Where shall we come to?")
    if draft.window_start is None and not draft.call_back:
        return "when", t("Choose a window, or 0 to call back.")
    return None


def window_of(draft: Draft) -> Window | None:
    """The window chosen, None while there is none."""
    if draft.window_start is None or draft.window_end is None:
        return None
    return Window(draft.window_start, draft.window_end)


def after_of(draft: Draft) -> After | None:
    """What has to be over before its visit begins."""
    return After(order=draft.after, pause=draft.pause) if draft.after else None


def booked_lines(draft: Draft) -> tuple[BookedLine, ...]:
    """The lines as they are booked."""
    return tuple(
        BookedLine(
            item=line.item, fault=line.fault, brand=line.brand.strip(), model=line.model.strip(),
            quantity=line.quantity,
        )
        for line in draft.lines
        if line.item is not None
    )  # fmt: skip


def command(draft: Draft, offline: bool) -> BookOrder:
    """The command that books a complete draft; made offline, its window is provisional."""
    window = window_of(draft)
    return BookOrder(
        order=draft.order,
        customer=draft.customer,
        new_customer=None if draft.customer else new_customer(draft),
        address=draft.address,
        new_address=None if draft.address else _new_address(draft),
        lines=booked_lines(draft),
        urgency=draft.urgency,
        window=window,
        provisional=window is not None and (draft.provisional or offline),
        held=draft.held if window is not None else "",
        after=after_of(draft),
        note=draft.note.strip(),
        source=draft.source,
        coupon=draft.coupon.strip() or None,
        package=draft.package,
    )


def new_customer(draft: Draft) -> NewCustomer:
    """Who is not known yet."""
    return NewCustomer(id=draft.new_customer, name=draft.name.strip(), phone=draft.phone.strip())


def _new_address(draft: Draft) -> NewAddress:
    assert draft.lon is not None
    assert draft.lat is not None
    return NewAddress(
        id=draft.new_address,
        district=draft.district,
        compound=draft.compound.strip() or draft.place.strip(),
        building=draft.building.strip(),
        unit=draft.unit.strip(),
        entry=draft.entry,
        door_code=draft.door_code.strip() if draft.entry == "door_code" else "",
        point=Point(draft.lon, draft.lat),
        approximate=draft.approximate,
    )
