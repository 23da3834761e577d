"""Devices handed in at the counter."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.command.booking import BookedLine, NewCustomer
from dispatcher_app.domain.order import DataConsent


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveDevice:
    """A device handed in: exactly one of customer/new_customer; accessories and condition as codes or short words."""

    order: str
    store: str
    customer: str | None = None
    new_customer: NewCustomer | None = None
    line: BookedLine
    serial: str = ""
    accessories: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    data_consent: DataConsent = "none"
    shelf: str = ""
    promised_on: str | None = None
    note: str = ""
    temporary_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDiagnosis:
    """A technician (or nobody named) looks at what is wrong with it."""

    order: str
    technician: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDevice:
    """The device stands on another shelf; names the one it was on."""

    order: str
    from_shelf: str
    shelf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishDevice:
    """Repaired, or to be given back as it came; it waits for its owner."""

    order: str
    shelf: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindPickUp:
    """The owner is told once more that the device is ready."""

    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandBack:
    """The device goes back to whoever names the pick-up code; a supervisor may do without, with a reason."""

    order: str
    code: str = ""
    reason: str = ""
