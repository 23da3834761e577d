"""The order: what is broken, for whom, promised when, and everything that has happened to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

from dispatcher_app.domain.entity import changed
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
    "received",
    "diagnosing",
    "quoted",
    "repairing",
    "ready",
    "handed_back",
]
Urgency = Literal["normal", "same_day", "emergency"]
Mode = Literal["direct", "offer", "grab", "auto"]
Side = Literal["customer", "technician", "platform", "parts"]

STATUSES: tuple[Status, ...] = (
    "pending", "offered", "accepted", "en_route", "in_progress", "on_hold", "finished", "completed", "cancelled",
    "received", "diagnosing", "quoted", "repairing", "ready", "handed_back",
)  # fmt: skip
WORKSHOP: frozenset[Status] = frozenset(
    {"received", "diagnosing", "quoted", "repairing", "ready", "handed_back"}
)
"""The life of a device that was handed in at the counter."""
PLANNED: frozenset[Status] = frozenset({"accepted", "en_route", "in_progress"})
"""A stop in a technician's plan serves the order."""
CLOSED: frozenset[Status] = frozenset({"completed", "cancelled", "handed_back"})

Service = Literal["home", "workshop"]
LineState = Literal["open", "done", "excused"]
Result = Literal["repaired", "declined", "no_fault", "not_repairable"]
Party = Literal["customer", "technician", "staff"]
Confirmation = Literal["code", "page", "phone", "time"]
"""How a customer's word came: a code he was sent, his page, a call-back by staff, or silence until the time was over."""
DataConsent = Literal["none", "keep", "may_erase", "owner_erased"]
PaymentMeans = Literal["cash", "card", "transfer", "other"]
ShareState = Literal["", "frozen", "available"]


@dataclass(frozen=True, slots=True)
class Window:
    """A promised window, UTC ms."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to repair: minutes on site, labour (minor units, one piece) and days of warranty as when it was quoted.

    Orders from before the days were kept have None. `maker_until` is the local date to which the maker's own warranty
    runs.
    """

    item: str
    fault: str | None = None
    brand: str = ""
    model: str = ""
    quantity: int = 1
    minutes: int
    labour: int
    state: LineState = "open"
    excuse: str = ""
    warranty_days: int | None = None
    maker_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """A part to be fitted: the price of one (minor units) and its days of warranty as quoted; `line` is the index of the
    line it is for.
    """

    part: str
    quantity: int = 1
    price: int
    line: int = 0
    used: bool = False
    warranty_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """One amount of a quote (minor units) and the reason for it: a code and what its sentence needs."""

    what: Literal["labour", "parts", "door_fee", "inspection_fee", "urgency", "night", "holiday", "period", "package",
                  "coupon", "discount", "warranty"]  # fmt: skip
    amount: int
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """An itemised price from a price book; what is due instead when the customer declines, or nothing was broken.

    `warnings` are codes of what the price rests on that is not sure (`holidays_unknown`).
    """

    lines: tuple[QuoteLine, ...]
    total: int
    if_declined: int
    door_fee: int = 0
    currency: str
    policy_version: int = 0
    book: str = ""
    package: str | None = None
    coupon: str | None = None
    warnings: tuple[str, ...] = ()


RevisionState = Literal["proposed", "accepted", "declined", "lapsed", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A quote made on site or at the bench. The accepted one is stored with its price book and never recomputed.

    `book_total` is what the price book says for the same work; `over_percent` how far the total is above it.
    """

    number: int
    at: int
    actor: str
    lines: tuple[Line, ...]
    parts: tuple[PartLine, ...] = ()
    discount: int = 0
    quote: Quote
    book_total: int
    over_percent: int = 0
    reason: str
    photos: tuple[str, ...] = ()
    state: RevisionState = "proposed"
    lapses_at: int
    decided_at: int | None = None
    confirmation: Confirmation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """When and how far from the door (metres; None without a position) he arrived; a reason code where it was too far."""

    at: int
    distance_m: int | None = None
    accuracy_m: int | None = None
    exception: str = ""
    photo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One coming of a technician: the promised window moves only with the customer's consent."""

    number: int = 1
    window: Window | None = None
    outcome: str | None = None
    technician: str | None = None
    helpers: tuple[str, ...] = ()
    departed_at: int | None = None
    arrival: Arrival | None = None
    ended_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An order offered to one technician until `expires_at`; `declined` are those who have passed it on."""

    technician: str
    expires_at: int
    declined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A technician who was told of an order in the pool: from how far (metres), when he could start, in which ring."""

    technician: str
    distance_m: int
    start: int
    ring: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grab:
    """A technician who wants an order from the pool: when he said so, and the score that decides (higher wins)."""

    technician: str
    at: int
    start: int
    distance_m: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """An order in the grab pool: `told` are the technicians of the rings up to now, nearest first.

    The ring widens at `widens_at` (None: it is the last one, then the pool closes at `closes_at`); `decides_at` is
    set by the first grab.
    """

    ring: int = 0
    since: int
    told: tuple[Told, ...] = ()
    widens_at: int | None = None
    closes_at: int
    grabs: tuple[Grab, ...] = ()
    decides_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Somebody lets an exception of this kind rest until a moment (UTC ms), for a coded reason."""

    kind: str
    until: int
    reason: str
    at: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unkept:
    """A promise that has no feasible place in the plan: why (a code), since when, minutes late where that is known."""

    reason: str
    since: int
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """Another order whose visit must be over, and for how many minutes, before this one's begins."""

    order: str
    pause: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """Why, by whom and at what fee (minor units) an order was cancelled; `waived` is what was let off of it."""

    reason: str
    side: Side
    fee: int
    from_status: Status
    waived: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A technician asks another to take the order; it ends by itself at `expires_at`."""

    to: str
    reason: str
    asked_at: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why an order rests, the parts it waits for, and the local date of the next contact with the customer."""

    reason: str
    next_contact: str
    since: int
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A check of a standard that was done on a line, or waived with a reason code; the photo where it asks for one."""

    standard: str
    check: str
    line: int = 0
    state: Literal["done", "waived"] = "done"
    at: int
    actor: str
    photo: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warranty:
    """Until when (UTC ms) labour or a fitted part of a line is repaired again for nothing."""

    line: int
    part: str | None = None
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device in our custody: what was handed in with it, where it stands, and what the owner says of its data."""

    store: str
    serial: str = ""
    accessories: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    data_consent: DataConsent = "none"
    shelf: str = ""
    promised_on: str | None = None
    ready_at: int | None = None
    reminded: int = 0
    reminded_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """How many messages there are and how many each party has not read."""

    total: int = 0
    customer: int = 0
    technician: int = 0
    staff: int = 0
    last_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to an order: when, who (`staff:wangfang`), which action, with what."""

    at: int
    actor: str
    action: str
    params: dict[str, Any] = field(default_factory=dict)


# Without slots: an act copies its order three or four times, and a dictionary is copied in a tenth of the time.
@dataclass(frozen=True, kw_only=True)
class Order:
    """One order. It holds ids, a district, a coarse point and masks, never a name, number or typed text.

    `planned_on` is the local date of the technician's `Day` that holds its stop; planned times are read there.
    `tentative` is the id of the `Day` where the planner last put it; whether it still stands there, only the `Day` says.
    `unheard` are the versions (from, to) between which only the planner has changed it, which hinders nobody's form.
    `lines`, `parts` and `quote` are those in force: as booked, then as the accepted revision has them. `standards`
    are the editions in force when work began; `booked_total` is what the order came to before the first quote was
    agreed to (minor units), None while none was; `flags` are exceptions that somebody has to look at, `snoozed` lets
    some rest; `paid` is money received (minor units), `refunded` what was paid back of it or is on its way; `share` says
    whether its technicians' shares are still frozen, `split` their stated percents, `complaint` is the open
    ticket, `complaint_due` the moment (UTC ms) from which it wants somebody. Workshop orders have no address (""), their
    place is the store's.
    `crew` is how many technicians the visit takes, `helpers` those who come along with `technician`. `after` is what
    must be over before its visit begins, `then` the orders that wait for this one. `refunds` are what was proposed to be
    given back or as compensation (`compensated`, minor units, counts from the proposal on, as `refunded` does);
    `refunding` is the state of the most pressing one that is under way, "" where none is. `paying` is the payment by a
    code that the customer could pay now.
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
    crew: int = 1
    helpers: tuple[str, ...] = ()
    planned_on: str | None = None
    after: After | None = None
    then: tuple[str, ...] = ()
    offer: Offer | None = None
    pool: Pool | None = None
    tentative: str = ""
    unkept: Unkept | None = None
    unheard: tuple[int, int] = (0, 0)
    urged: int = 0
    urged_at: int | None = None
    rebooked: int = 0
    notes: int = 0
    cancellation: Cancellation | None = None
    steps: tuple[Step, ...] = ()
    service: Service = "home"
    revisions: tuple[Revision, ...] = ()
    parts: tuple[PartLine, ...] = ()
    transfer: Transfer | None = None
    transfers: int = 0
    hold: Hold | None = None
    standards: tuple[str, ...] = ()
    checks: tuple[Checked, ...] = ()
    result: Result | None = None
    confirmed_at: int | None = None
    confirmation: Confirmation | None = None
    paid: int = 0
    warranty: tuple[Warranty, ...] = ()
    return_of: str | None = None
    returns: tuple[str, ...] = ()
    device: Device | None = None
    talk: Talk | None = None
    attachments: int = 0
    review: str | None = None
    flags: tuple[str, ...] = ()
    booked_total: int | None = None
    snoozed: tuple[Snooze, ...] = ()
    refunds: tuple[str, ...] = ()
    refunding: str = ""
    compensated: int = 0
    refunded: int = 0
    paying: str | None = None
    share: ShareState = ""
    split: tuple[tuple[str, int], ...] = ()
    complaint: str | None = None
    complaint_due: int | None = None

    @property
    def visit(self) -> Visit:
        """The visit in hand."""
        return self.visits[-1]

    @property
    def window(self) -> Window | None:
        """The promised window of the visit in hand, None while nothing is promised."""
        return self.visits[-1].window

    @property
    def along(self) -> tuple[str, ...]:
        """Those who come along with its technician, or came where the visit is over."""
        return self.helpers or self.visit.helpers

    @property
    def missing(self) -> int:
        """How many more technicians the visit takes than are to come; nobody is missing any more once they go."""
        waits = self.status in ("pending", "offered", "accepted")
        return max(0, self.crew - 1 - len(self.helpers)) if waits else 0

    @property
    def minutes(self) -> int:
        """Minutes on site for all lines."""
        return sum(line.minutes * line.quantity for line in self.lines)

    @property
    def minutes_left(self) -> int:
        """Minutes on site for what is still to be done; where that is only to be looked at again, for all lines."""
        left = sum(line.minutes * line.quantity for line in self.lines if line.state == "open")
        return left or self.minutes

    @property
    def proposed(self) -> Revision | None:
        """The revision that waits for the customer's word, None where none does."""
        last = self.revisions[-1] if self.revisions else None
        return last if last is not None and last.state == "proposed" else None

    def stands_as_read(self, version: int) -> bool:
        """Whether nothing but the planner has changed it since somebody read that version."""
        begun, last = self.unheard
        return version == self.version or (last == self.version and begun <= version < last)

    def with_visit(self, **changes: Any) -> Order:
        """The order with the visit in hand changed."""
        return changed(self, visits=(*self.visits[:-1], replace(self.visits[-1], **changes)))

    def with_window(self, window: Window | None) -> Order:
        """The order with another promise for the visit in hand."""
        return self.with_visit(window=window)
