"""What has happened to an order, told as sentences: steps and notes, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispatcher_app.domain.customer import Note
from dispatcher_app.domain.order import Order, Step
from dispatcher_app.text import fill, t
from ui import format, name
from ui.order.reason import reason_word

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline; `note` is what somebody typed."""

    at: int
    who: str
    text: str
    icon: str
    note: bool = False


_TOLD: Final[dict[str, tuple[str, str]]] = {
    "book": ("Booked##event", "book"),
    "import": ("Taken over from {source}", "import"),
    "assign": ("Assigned to {technician}, arriving {start}", "assign"),
    "reassign": ("Assigned to {technician} instead of {from}, arriving {start}", "reassign"),
    "unassign": ("{technician} taken off", "unassign"),
    "drop": ("{technician} gave it back", "unassign"),
    "offer": ("Offered to {technician}", "state.offered"),
    "accept": ("{technician} accepted, arriving {start}", "accept"),
    "decline": ("{technician} declined", "decline"),
    "expire": ("{technician} did not answer in time", "timer"),
    "withdraw": ("Offer to {technician} taken back", "back"),
    "change_appointment": ("Appointment changed, {side}", "change"),
    "change_order": ("Lines or urgency changed, {from_total} → {total}", "edit"),
    "cancel": ("Cancelled, {side}, fee {fee}", "cancel"),
    "reopen": ("Reopened", "reopen"),
    "urge": ("Customer urged, {count} in all", "urge"),
    "depart": ("On the way", "state.en_route"),
    "arrive": ("Arrived, repair begins", "state.in_progress"),
    "hold": ("On hold", "state.on_hold"),
    "finish": ("Repair finished", "state.finished"),
    "confirm": ("Confirmed by the customer", "state.completed"),
}
_MONEY: Final = frozenset({"fee", "total", "from_total"})


def events(session: Session, order: Order, notes: Iterable[Note]) -> list[Event]:
    """Steps and notes together, the newest first."""
    typed = [Event(note.at, name.actor(session, note.author), note.text, "note", note=True) for note in notes]
    steps = [event(session, order, step) for step in order.steps if step.action != "note"]
    return sorted(typed + steps, key=lambda each: -each.at)


def event(session: Session, order: Order, step: Step) -> Event:
    """One step as a sentence."""
    template, icon = _TOLD.get(step.action, (f"{step.action}##step", "info"))
    params: dict[str, Any] = {key: _said(session, order, key, value) for key, value in step.params.items()}
    text = fill(t(template), params)
    if step.params.get("override"):
        text = t("{text} (rules overridden)", text=text)
    if reason := step.params.get("reason"):
        text = t("{text}: {reason}", text=text, reason=reason_word(str(reason)))
    return Event(step.at, name.actor(session, step.actor), text, icon)


def _said(session: Session, order: Order, key: str, value: Any) -> str:
    if key in _MONEY and isinstance(value, int):
        return format.money(value, order.quote.currency)
    if key in ("technician", "from"):
        return name.technician(session, str(value))
    if key == "side":
        return name.side(str(value))
    return name.said(session, {key: value})[key]
