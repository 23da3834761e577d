"""Progress on site: from departing to the customer's word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dispatcher_app.domain.order import Confirmation, LineState, PaymentMeans, Window
from dispatcher_app.domain.place import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart:
    """The technician is on his way."""

    order: str
    technician: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """A departure that was said by mistake taken back."""

    order: str
    technician: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive:
    """He is at the door: his position with its accuracy, or a photo and a reason where that is too far or missing."""

    order: str
    technician: str
    point: Point | None = None
    accuracy_m: int | None = None
    reason: str = ""
    photo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAbsence:
    """Nobody is there: waiting since `waited_from`, with the moments of the calls and a photo; what follows."""

    order: str
    technician: str
    waited_from: int
    calls: tuple[int, ...]
    photo: str
    outcome: Literal["hold", "cancel"]
    next_contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLine:
    """A line of the order is done, excused with a reason code, or open again; names the state it replaces."""

    order: str
    line: int
    from_state: LineState
    state: LineState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkCheck:
    """A check of the standard done (with its photo where it asks for one), waived with a reason, or open again."""

    order: str
    line: int
    check: str
    state: Literal["done", "waived", "open"]
    photo: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOrder:
    """The work rests: for parts, for time, or as the customer wishes, with the local date of the next contact."""

    order: str
    reason: str
    next_contact: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddVisit:
    """Another visit for an order that rests, at a window agreed with the customer; with technician and start planned."""

    order: str
    window: Window | None
    consent: bool = True
    technician: str | None = None
    start: int | None = None
    helpers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishOrder:
    """All is done that can be; the standard's checks hold."""

    order: str
    technician: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOrder:
    """The customer's word that it is done: on his page, by a code, in a call-back, or because the time is over."""

    order: str
    confirmation: Confirmation
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearFlag:
    """A supervisor has looked at what an order was flagged for (`order.flags`), and says with a code why it may go."""

    order: str
    flag: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeAlert:
    """An exception of this kind (`domain.alert`) rests until a moment (UTC ms) for a coded reason, None wakes it."""

    order: str
    kind: str
    until: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayment:
    """Money received for an order (minor units), with the receipt's number where there is one.

    Cash is in the pocket of `technician` or in the till of `store`; where neither is named it follows from who records
    it. `currency` is what was given, the order's own unless named.
    """

    order: str
    amount: int
    means: PaymentMeans
    receipt: str = ""
    technician: str | None = None
    store: str | None = None
    currency: str = ""
