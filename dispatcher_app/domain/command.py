"""Every command there is. The name on the wire is the class name with hyphens: `assign-technician`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dispatcher_app.domain.catalogue import Category, Item
from dispatcher_app.domain.customer import Compound, Entry
from dispatcher_app.domain.order import Side, Urgency, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region, Staff
from dispatcher_app.domain.technician import Shift, ShiftException, Technician, TechnicianStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedLine:
    """What the caller says is broken."""

    item: str
    fault: str | None = None
    brand: str = ""
    model: str = ""
    quantity: int = 1


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
    """A booking. Exactly one of customer/new_customer and of address/new_address is given."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTechnician:
    """A technician for an order, starting at `start` (UTC ms); names the technician that he replaces."""

    order: str
    technician: str
    from_technician: str | None = None
    start: int
    override_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnassignTechnician:
    """Nobody any more; names the technician who is taken off."""

    order: str
    from_technician: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOrder:
    """One technician is asked whether he takes it, with a countdown."""

    order: str
    technician: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOrder:
    """The technician takes the offered order, starting at `start`; staff may say it on his behalf."""

    order: str
    technician: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineOrder:
    """The technician passes the offered order on."""

    order: str
    technician: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer:
    """The desk takes an offer back."""

    order: str
    from_technician: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireOffer:
    """The countdown of an offer has run out; only the system says so."""

    order: str
    technician: str
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """Something worth knowing about an order."""

    order: str
    text: str


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
class SetTechnicianStatus:
    """Online, busy or offline; names the status it replaces."""

    technician: str
    from_status: TechnicianStatus
    status: TechnicianStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SetShifts:
    """Another weekly pattern, on top of the version that was read."""

    technician: str
    from_version: int
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetShiftException:
    """Another working time on one date; `back_to_pattern` takes the exception away."""

    technician: str
    exception: ShiftException
    back_to_pattern: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLeave:
    """A technician is away; the visits it hits stay and are reported."""

    technician: str
    leave: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLeave:
    """A leave that is not taken after all."""

    technician: str
    leave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveTechnician:
    """A technician as staff enter or correct him."""

    technician: Technician
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCompound:
    """A compound that address search shall know."""

    compound: Compound


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCategory:
    """A category as administrators edit it."""

    category: Category


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveItem:
    """An item with its faults and prices as administrators edit it."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePolicy:
    """The figures of the trade as administrators edit them."""

    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRegion:
    """A region as administrators edit it."""

    saved: Region


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveStaff:
    """A person at a desk and the roles held."""

    staff: Staff


COMMANDS: tuple[type, ...] = (
    BookOrder, ImportOrder, ChangeOrder, ChangeAppointment, CancelOrder, ReopenOrder,
    AssignTechnician, UnassignTechnician, OfferOrder, AcceptOrder, DeclineOrder, WithdrawOffer, ExpireOffer,
    AddNote, UrgeOrder, ChangeCustomer, AddAddress,
    SetTechnicianStatus, SetShifts, SetShiftException, AddLeave, RemoveLeave,
    SaveTechnician, SaveCompound, SaveCategory, SaveItem, SavePolicy, SaveRegion, SaveStaff,
)  # fmt: skip

PLATFORM_COMMANDS = frozenset({SaveCategory, SaveItem, SavePolicy, SaveRegion, SaveStaff})
"""Commands that belong to the platform's log; every other one belongs to a region's."""


def name_of(command: type | Any) -> str:
    """The name of a command on the wire."""
    cls = command if isinstance(command, type) else type(command)
    return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


BY_NAME: dict[str, type] = {name_of(each): each for each in COMMANDS}
