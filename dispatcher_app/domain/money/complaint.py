"""A complaint (投诉工单): what somebody was not content with on an order, by when we answer, and who was at fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias, get_args

from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS, local_date, moment, next_date
from dispatcher_app.domain.entity import changed
from dispatcher_app.domain.order import Order, Step
from dispatcher_app.domain.region import Policy

State: TypeAlias = Literal["open", "in_progress", "waiting", "resolved", "closed", "reopened"]
Severity: TypeAlias = Literal["normal", "serious", "urgent"]
Source: TypeAlias = Literal["phone", "counter", "message", "review", "page", "authority", "visit"]
Category: TypeAlias = Literal[
    "late",
    "no_show",
    "price",
    "quality",
    "attitude",
    "damage",
    "injury",
    "parts",
    "privacy",
    "refund",
    "other",
]
Responsible: TypeAlias = Literal["customer", "technician", "platform", "none"]
Awaited: TypeAlias = Literal["customer", "technician", "insurer", "maker", "parts"]
CallBack: TypeAlias = Literal["satisfied", "accepted", "dissatisfied", "unreached"]
Said: TypeAlias = Literal["told", "answer", "note", "judged", "agreed", "call_back", "reopened"]

STATES: tuple[State, ...] = get_args(State)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
SOURCES: tuple[Source, ...] = get_args(Source)
CATEGORIES: tuple[Category, ...] = get_args(Category)
RESPONSIBLE: tuple[Responsible, ...] = get_args(Responsible)
AWAITED: tuple[Awaited, ...] = get_args(Awaited)
CALL_BACKS: tuple[CallBack, ...] = get_args(CallBack)
LIVE: frozenset[State] = frozenset({"open", "in_progress", "waiting", "reopened"})
"""Somebody still has to do something about it; what is resolved waits for the call-back alone."""
CLAIMS: frozenset[Category] = frozenset({"damage", "injury"})
"""What a supervisor and the insurer settle, not bound by what was paid for the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One complaint about an order, in codes only: what was said stands in `ComplaintNote`.

    `answer_due` and `solve_due` (UTC ms) were worked out when it was opened or opened again. While it waits for somebody
    since `waiting_since`, the time for the solution stands still; `contact_at` is when we ask after it, and once it is
    resolved when we call back. `compensation` and `penalty` (minor units) are what was judged right, not what was paid.
    """

    kind: ClassVar[str] = "complaint"
    id: str
    region: str
    version: int = 0
    order: str
    customer: str
    technicians: tuple[str, ...] = ()
    source: Source
    categories: tuple[Category, ...]
    severity: Severity = "normal"
    state: State = "open"
    at: int
    by: str
    owner: str | None = None
    answer_due: int
    answered_at: int | None = None
    solve_due: int
    waiting_for: Awaited | None = None
    waiting_since: int | None = None
    contact_at: int | None = None
    responsibility: Responsible | None = None
    judged_by: str = ""
    judged_at: int | None = None
    compensation: int = 0
    penalty: int = 0
    currency: str = "CNY"
    resolved_at: int | None = None
    resolved_by: str = ""
    call_back: CallBack | None = None
    calls: int = 0
    closed_at: int | None = None
    closed_by: str = ""
    reopened: int = 0
    notes: int = 0
    attachments: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintNote:
    """What somebody said or typed about a complaint; kept as notes are, never in the log."""

    kind: ClassVar[str] = "complaint_note"
    id: str
    region: str
    version: int = 0
    complaint: str
    order: str
    said: Said
    text: str
    author: str
    at: int
    attachments: tuple[str, ...] = ()


def answer_minutes(policy: Policy, severity: Severity) -> int:
    """Working minutes to the first answer."""
    return policy.complaint_answer[SEVERITIES.index(severity)]


def solve_minutes(policy: Policy, severity: Severity) -> int:
    """Minutes to the solution."""
    return policy.complaint_solve[SEVERITIES.index(severity)]


def at_work(at: int, policy: Policy, timezone: str) -> int:
    """The moment itself within working hours, else the next time that they begin (UTC ms)."""
    date = local_date(at, timezone)
    begins, ends = hours(date, policy, timezone)
    if at < begins:
        return begins
    return at if at < ends else hours(next_date(date), policy, timezone)[0]


def worked(at: int, minutes: int, policy: Policy, timezone: str) -> int:
    """So many working minutes after a moment (UTC ms): nights count nothing."""
    at, left = at_work(at, policy, timezone), minutes * MINUTE_MS
    while True:
        ends = hours(local_date(at, timezone), policy, timezone)[1]
        if at + left <= ends:
            return at + left
        left -= ends - at
        at = at_work(ends, policy, timezone)


def hours(date: str, policy: Policy, timezone: str) -> tuple[int, int]:
    """When people are at work on a local date (UTC ms); the whole day where the policy names no hours."""
    first, last = policy.window_first_hour, policy.window_last_hour
    if not 0 <= first < last <= 24:
        first, last = 0, 24
    return moment(date, first * 60, timezone), moment(date, last * 60, timezone)


def due_times(severity: Severity, at: int, policy: Policy, timezone: str) -> tuple[int, int]:
    """By when a complaint of that moment is answered and solved (UTC ms).

    The answer is timed in working minutes. A solution within 24 hours is meant by the clock; it begins to run with
    working hours, and what would fall into a night is due when they begin.
    """
    begun = at_work(at, policy, timezone)
    answer = worked(begun, answer_minutes(policy, severity), policy, timezone)
    solved = at_work(begun + solve_minutes(policy, severity) * MINUTE_MS, policy, timezone)
    return answer, max(solved, answer)


def pressing(complaint: Complaint) -> int | None:
    """From when on (UTC ms) it stands among the exceptions: at once while nobody has answered, then from the moment that
    the countdown runs to. None once it is closed.
    """
    unanswered = complaint.state in LIVE and complaint.answered_at is None
    return since_opened(complaint) if unanswered else next_due(complaint)


def since_opened(complaint: Complaint) -> int:
    """When it was opened, or opened again (UTC ms)."""
    again = (step.at for step in reversed(complaint.steps) if step.action == "reopen")
    return next(again, complaint.at)


def next_due(complaint: Complaint) -> int | None:
    """What the countdown runs to (UTC ms): the first answer, the contact that was promised, or the solution."""
    if complaint.state == "closed":
        return None
    if complaint.state in ("waiting", "resolved"):
        return complaint.contact_at
    return complaint.answer_due if complaint.answered_at is None else complaint.solve_due


def is_overdue(complaint: Complaint, now: int) -> bool:
    """Whether its next moment is past."""
    until = next_due(complaint)
    return until is not None and until < now


def of_order(order: Order, complaint: Complaint | None) -> Order:
    """The order as its complaint has it: open, it freezes the share until the call-back has ended it."""
    if complaint is None or complaint.closed_at is not None:
        shown: tuple[str | None, int | None] = None, None
    else:
        shown = complaint.id, pressing(complaint)
    if (order.complaint, order.complaint_due) == shown:
        return order
    return changed(order, complaint=shown[0], complaint_due=shown[1])


def meant(order: Order) -> tuple[str, ...]:
    """The technicians a complaint is about where nobody is named: whoever came last, or is to come."""
    last = (order.technician, order.visit.technician, *order.along)
    return tuple(dict.fromkeys(each for each in last if each))


def upheld(complaint: Complaint | None) -> tuple[str, ...]:
    """The technicians against whom it stands: judged to be at fault, and the case over for us."""
    if complaint is None or complaint.responsibility != "technician" or complaint.state in LIVE:
        return ()
    return complaint.technicians


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How many complaints there were of late: about whom or by whom, and how many of them were upheld."""

    of: str
    complaints: int = 0
    upheld: int = 0

    def repeats(self, policy: Policy) -> bool:
        """Whether that is often enough to be pointed out."""
        return self.complaints >= policy.complaint_repeat


def since(policy: Policy, now: int) -> int:
    """The moment (UTC ms) from which complaints count as of late."""
    return now - policy.complaint_repeat_days * DAY_MS
