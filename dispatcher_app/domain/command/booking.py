"""What a caller wants: bookings, changes, cancellations."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.customer import Entry
from dispatcher_app.domain.order import After, DataConsent, Side, Urgency, Window
from dispatcher_app.domain.place import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedLine:
    """What the caller says is broken; `maker_until` is the local date to which the maker's own warranty runs."""

    item: str
    fault: str | None = None
    brand: str = ""
    model: str = ""
    quantity: int = 1
    maker_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """A caller not known yet."""

    id: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddress:
    """A home not known yet; unit and door code are kept as secrets."""

    id: str
    district: str
    compound: str
    building: str = ""
    unit: str = ""
    entry: Entry = "unknown"
    door_code: str = ""
    point: Point
    approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOrder:
    """A booking. Exactly one of customer/new_customer and of address/new_address is given.

    `held` is the id of the `Day` in which an hour is held for this order (X3), "" where none is; `after`, what has to
    be over before its visit begins.
    """

    order: str
    customer: str | None = None
    new_customer: NewCustomer | None = None
    address: str | None = None
    new_address: NewAddress | None = None
    lines: tuple[BookedLine, ...]
    urgency: Urgency = "normal"
    window: Window | None = None
    provisional: bool = False
    requested_technician: str | None = None
    note: str = ""
    source: str = "phone"
    temporary_number: str | None = None
    coupon: str | None = None
    package: str | None = None
    held: str = ""
    after: After | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """An order that another system already knows, as a record or still to be served."""

    order: str
    external_id: str
    source: str
    new_customer: NewCustomer
    new_address: NewAddress
    line: BookedLine
    note: str = ""
    created_at: int
    closed_at: int | None = None
    window: Window | None = None
    urgency: Urgency = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrder:
    """Other lines, urgency or requested technician, on top of the version that was read."""

    order: str
    from_version: int
    lines: tuple[BookedLine, ...]
    urgency: Urgency
    requested_technician: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAppointment:
    """Another promised window, with the customer's consent and who asked for it.

    With `technician` and `start` the order is planned at once with him, else it waits to be planned anew.
    """

    order: str
    from_window: Window | None
    window: Window | None
    side: Side
    reason: str
    consent: bool
    provisional: bool = False
    technician: str | None = None
    start: int | None = None
    helpers: tuple[str, ...] = ()
    held: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """The end of an order before anybody has come."""

    order: str
    reason: str
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenOrder:
    """A cancelled order taken up again, with a window as it can be promised now."""

    order: str
    window: Window | None = None
    technician: str | None = None
    start: int | None = None
    helpers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgeOrder:
    """The customer asks where we are (催单)."""

    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCustomer:
    """Another name or number; a number that is not given stays as it is."""

    customer: str
    from_version: int
    name: str
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAddress:
    """One more home of a customer."""

    customer: str
    address: NewAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnVisit:
    """A repair that did not last (返修): a linked order that costs nothing; `order` is the new one's id.

    `lines` are indexes of the first order's lines that failed again; none means all of them. A device that was handed
    back comes in again instead of a window being agreed: with what, and how it looks, as when it was first received.
    `maker_until` is the local date to which the maker's own warranty runs, "" where nobody knows of one.
    """

    order: str
    of: str
    lines: tuple[int, ...] = ()
    window: Window | None = None
    same_technician: bool = True
    reason: str
    note: str = ""
    accessories: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    data_consent: DataConsent = "none"
    shelf: str = ""
    promised_on: str | None = None
    maker_until: str = ""
