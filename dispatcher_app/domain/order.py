"""The order: what is broken, for whom, promised when, and everything that has happened to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

from dispatcher_app.domain.place import Point

Status = Literal[
    "pending",
    "offered",
    "accepted",
    "en_route",
    "in_progress",
    "on_hold",
    "finished",
    "completed",
    "cancelled",
]
Urgency = Literal["normal", "same_day", "emergency"]
Mode = Literal["direct", "offer", "grab", "auto"]
Side = Literal["customer", "technician", "platform", "parts"]

STATUSES: tuple[Status, ...] = (
    "pending", "offered", "accepted", "en_route", "in_progress", "on_hold", "finished", "completed", "cancelled",
)  # fmt: skip
CLOSED: frozenset[Status] = frozenset({"completed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Window:
    """A promised window, UTC ms."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to repair: minutes on site and labour (minor units) as they stood when it was booked."""

    item: str
    fault: str | None = None
    brand: str = ""
    model: str = ""
    quantity: int = 1
    minutes: int
    labour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """One amount of a quote (minor units) and the reason for it: a code and what its sentence needs."""

    what: Literal["labour", "parts", "door_fee", "inspection_fee", "urgency", "night", "holiday", "discount"]
    amount: int
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """An itemised price; `if_declined` is what is due when the customer declines the repair on site."""

    lines: tuple[QuoteLine, ...]
    total: int
    if_declined: int
    currency: str
    policy_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One coming of a technician: the promised window moves only with the customer's consent."""

    number: int = 1
    window: Window | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An order offered to one technician until `expires_at`; `declined` are those who have passed it on."""

    technician: str
    expires_at: int
    declined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """Why, by whom and at what fee (minor units) an order was cancelled."""

    reason: str
    side: Side
    fee: int
    from_status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to an order: when, who (`staff:wangfang`), which action, with what."""

    at: int
    actor: str
    action: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. It holds ids, a district, a coarse point and masks, never a name, number or typed text.

    `planned_on` is the local date of the technician's `Day` that holds its stop; planned times are read there.
    """

    kind: ClassVar[str] = "order"
    id: str
    region: str
    version: int = 0
    number: str
    temporary_number: str | None = None
    status: Status = "pending"
    since: int
    created_at: int
    closed_at: int | None = None
    source: str = "phone"
    external_id: str | None = None
    mode: Mode = "direct"
    urgency: Urgency = "normal"
    customer: str
    address: str
    district: str
    point: Point
    approximate: bool = False
    lines: tuple[Line, ...]
    visits: tuple[Visit, ...]
    quote: Quote
    provisional: bool = False
    requested_technician: str | None = None
    technician: str | None = None
    planned_on: str | None = None
    offer: Offer | None = None
    urged: int = 0
    urged_at: int | None = None
    rebooked: int = 0
    notes: int = 0
    cancellation: Cancellation | None = None
    steps: tuple[Step, ...] = ()

    @property
    def visit(self) -> Visit:
        """The visit in hand."""
        return self.visits[-1]

    @property
    def window(self) -> Window | None:
        """The promised window of the visit in hand, None while nothing is promised."""
        return self.visits[-1].window

    @property
    def minutes(self) -> int:
        """Minutes on site for all lines."""
        return sum(line.minutes * line.quantity for line in self.lines)

    def with_window(self, window: Window | None) -> Order:
        """The order with another promise for the visit in hand."""
        return replace(self, visits=(*self.visits[:-1], replace(self.visits[-1], window=window)))
