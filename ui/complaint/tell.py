"""What became of a complaint, told as sentences: its steps and what was said, with the order's own story between."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from dispatcher_app.domain.money.complaint import Complaint, ComplaintNote
from dispatcher_app.domain.order import Step
from dispatcher_app.text import fill, t
from ui import format, name
from ui.complaint.word import AWAITED, CALL_BACKS, RESPONSIBLE, SAID, word
from ui.order.complained import category_words, severity_word
from ui.order.step import Event

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_TOLD: Final[dict[str, tuple[str, str]]] = {
    "open": ("Complaint opened: {categories}, {severity}", "alert.complaint"),
    "take": ("{owner} takes care of it", "assign"),
    "answer": ("Customer answered", "call"),
    "wait": ("Waits for {waiting_for}, asked again {contact_at}", "timer"),
    "go_on": ("Goes on##complaint", "state.in_progress"),
    "judge": ("At fault: {responsibility}; compensation {compensation}, fine {penalty}", "checks"),
    "resolve": ("Settled with the customer", "accept"),
    "call_back": ("Called back: {result}, try {n}", "call"),
    "close": ("Closed after the call-back: {result}", "state.completed"),
    "reopen": ("Opened again##complaint_step", "reopen"),
}
TOLD_HERE: Final = frozenset({"complain", "complaint_closed", "complaint_reopened", "note"})
"""Steps of the order that the complaint's own story tells already."""
_QUIET: Final = frozenset({"note"})
"""Steps that their note tells already."""


def story(session: Session, complaint: Complaint, notes: Iterable[ComplaintNote]) -> list[Event]:
    """Everything about it, the newest first."""
    typed = [
        Event(
            each.at,
            name.actor(session, each.author),
            f"{t(SAID[each.said])}: {words_of(each)}",
            "note",
            note=True,
        )
        for each in notes
    ]
    steps = [event(session, complaint, step) for step in complaint.steps if step.action not in _QUIET]
    return sorted(steps + typed, key=lambda each: -each.at)


def words_of(note: ComplaintNote) -> str:
    """What was typed, and how many photos came with it."""
    photos = t("{n} photos##complaint", n=len(note.attachments)) if note.attachments else ""
    return t(", ").join(filter(None, (note.text, photos)))


def event(session: Session, complaint: Complaint, step: Step) -> Event:
    """One step as a sentence."""
    template, icon = _TOLD.get(step.action, (step.action, "info"))
    if step.action == "take" and not step.params.get("owner"):
        template = "Nobody takes care of it any more"
    params = {key: _said(session, complaint, key, value) for key, value in step.params.items()}
    return Event(step.at, name.actor(session, step.actor), fill(t(template), params), icon, actor=step.actor)


def _said(session: Session, complaint: Complaint, key: str, value: Any) -> str:
    match key:
        case "categories":
            return category_words(value)
        case "severity":
            return severity_word(str(value))
        case "owner":
            return name.actor(session, f"staff:{value}") if value else ""
        case "waiting_for":
            return word(AWAITED, str(value))
        case "responsibility":
            return word(RESPONSIBLE, str(value))
        case "result":
            return word(CALL_BACKS, str(value))
        case "compensation" | "penalty":
            return format.money(int(value), complaint.currency)
        case "contact_at":
            return format.moment(int(value), session.now(), name.timezone(session))
    return str(value)
