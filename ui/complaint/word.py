"""What the complaint desk says of codes: who was at fault, who is waited for, what the call-back gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from dispatcher_app.domain.money.complaint import (
    Awaited,
    CallBack,
    Complaint,
    Responsible,
    Said,
    is_overdue,
    next_due,
)
from dispatcher_app.text import t
from ui import format, name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

RESPONSIBLE: Final[dict[Responsible, str]] = {
    "technician": "The technician##fault",
    "platform": "We##fault",
    "customer": "The customer##fault",
    "none": "Nobody##fault",
}
AWAITED: Final[dict[Awaited, str]] = {
    "customer": "the customer##awaited",
    "technician": "the technician##awaited",
    "insurer": "the insurer##awaited",
    "maker": "the maker##awaited",
    "parts": "parts##awaited",
}
CALL_BACKS: Final[dict[CallBack, str]] = {
    "satisfied": "Content##call_back",
    "accepted": "Accepts it##call_back",
    "dissatisfied": "Not content##call_back",
    "unreached": "Not reached##call_back",
}
SAID: Final[dict[Said, str]] = {
    "told": "What he complains about",
    "answer": "Answer to the customer",
    "note": "Note##complaint_note",
    "judged": "Why it was judged so",
    "agreed": "What was agreed",
    "call_back": "Call-back##complaint_note",
    "reopened": "Why it was opened again",
}
DUE: Final[dict[str, str]] = {
    "answer": "answer##due",
    "solve": "solution##due",
    "contact": "ask again##due",
    "call_back": "call back##due",
}


def word(words: Mapping[Any, str], code: str) -> str:
    """What a code is called; one of a newer server stands as it is."""
    return t(words.get(code, code))


def due_what(complaint: Complaint) -> str:
    """What is due next, by code; "" once it is closed."""
    if complaint.state == "closed":
        return ""
    if complaint.state in ("waiting", "resolved"):
        return "contact" if complaint.state == "waiting" else "call_back"
    return "answer" if complaint.answered_at is None else "solve"


def due_word(complaint: Complaint, now: int, zone: str) -> str:
    """How long there is for what is due next, "" where nothing is."""
    until = next_due(complaint)
    if until is None:
        return ""
    left = until - now
    what = t(DUE[due_what(complaint)])
    if abs(left) < 24 * 3_600_000:
        return f"{what} {format.countdown(left)}"
    if left < 0:
        return t("{what} over {duration}", what=what, duration=format.duration(-left // 1000))
    return f"{what} {format.moment(until, now, zone)}"


def due_hue(complaint: Complaint, now: int) -> str:
    """Its colour: red where it is over, orange in its last quarter of an hour."""
    until = next_due(complaint)
    if until is None:
        return "muted"
    if is_overdue(complaint, now):
        return "red"
    return "orange" if until - now < 15 * 60_000 else ""


def owner(session: Session, complaint: Complaint) -> str:
    """Whose it is."""
    return name.actor(session, f"staff:{complaint.owner}") if complaint.owner else t("Nobody's##owner")
