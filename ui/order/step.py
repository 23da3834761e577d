"""What has happened to an order, told as sentences: steps and notes, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispatcher_app.domain.customer import Note
from dispatcher_app.domain.order import Order, Step
from dispatcher_app.domain.standard import Standard
from dispatcher_app.text import fill, t
from ui import format, name, redress
from ui.mark import ALERT
from ui.order.complained import category_words
from ui.order.reason import reason_word
from ui.payment.word import means

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline; `note` is what somebody typed, `actor` who did it as the log names him."""

    at: int
    who: str
    text: str
    icon: str
    note: bool = False
    actor: str = ""


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
    "pool": ("Into the grab pool, {count} told within {radius_m}", "team"),
    "widen": ("Grab pool widened to {radius_m}, {count} more told", "team"),
    "grab": ("{technician} wants it", "accept"),
    "award": ("{technician} has got it, arriving {start}", "state.accepted"),
    "close_pool": ("Grab pool closed", "back"),
    "leave": ("Not dispatched by itself, waits here", "attention"),
    "pin": ("Pinned in the plan", "pin"),
    "arrange": ("{crew} technicians a visit", "team"),
    "unkept": ("The promised time can't be kept", "alert.no_show_risk"),
    "change_appointment": ("Appointment changed, {side}", "change"),
    "change_order": ("Lines or urgency changed, {from_total} → {total}", "edit"),
    "cancel": ("Cancelled, {side}, fee {fee}", "cancel"),
    "reopen": ("Reopened", "reopen"),
    "urge": ("Customer urged, {count} in all", "urge"),
    "depart": ("{technician} set out", "state.en_route"),
    "recall": ("{technician} had not set out after all", "back"),
    "arrive": ("{technician} arrived", "state.in_progress"),
    "absent": ("Customer not at home, {minutes} min waited, {calls} calls", "alert.no_show_risk"),
    "progress": ("{item}: {state}", "accept"),
    "check": ("Check “{check}”: {state}", "checks"),
    "quote": ("Quote {number} proposed, {total} (price book {book_total})", "quote"),
    "confirm_quote": ("Quote {number} agreed, {total}", "accept"),
    "decline_quote": ("Ended without repair", "decline"),
    "withdraw_quote": ("Quote {number} taken back", "back"),
    "lapse_quote": ("Quote {number} lapsed unanswered", "timer"),
    "hold": ("On hold, next contact {date}", "state.on_hold"),
    "resume": ("Goes on, the hold is taken back", "state.in_progress"),
    "new_visit": ("Visit {number} agreed", "change"),
    "finish": ("Repair finished", "state.finished"),
    "confirm": ("Confirmed by the customer", "state.completed"),
    "pay": ("{amount} received, {means}", "payment"),
    "refund": ("{what} of {amount} proposed", "refund"),
    "refund_approved": ("{what} of {amount} agreed to", "refund"),
    "refund_rejected": ("{what} of {amount} turned down", "refund"),
    "refund_withdrawn": ("{what} of {amount} taken back", "refund"),
    "refund_sending": ("{what} of {amount} is on its way, {way}", "refund"),
    "refund_done": ("{what} of {amount} paid, {way}", "refund"),
    "refund_failed": ("{what} of {amount} failed", "refund"),
    "refund_attention": ("{what} of {amount}: nobody knows what became of it", "attention"),
    "refund_retry": ("{what} of {amount} is tried again, {way}", "refund"),
    "pay_started": ("{amount} to be paid by telephone, {means}", "payment"),
    "pay_closed": ("Code for {amount} closed, {means}", "payment"),
    "pay_failed": ("Payment of {amount} did not work, {means}", "payment"),
    "release_share": ("Shares are available", "payment"),
    "split_share": ("The technicians part it as stated", "team"),
    "waive_fee": ("{amount} of the fee let off", "payment"),
    "invoice": ("Invoice for {amount} asked for", "invoice"),
    "invoice_issued": ("Invoice {reference} issued", "invoice"),
    "ask_transfer": ("{from} asks {technician} to take it over", "reassign"),
    "answer_transfer": ("{technician} took it over from {from}, arriving {start}", "reassign"),
    "force_transfer": ("Handed over from {from} to {technician}, arriving {start}", "reassign"),
    "expire_transfer": ("{technician} did not answer the handover in time", "timer"),
    "return_visit": ("Came back under warranty: order {number}", "warranty"),
    "return_device": ("Brought in again under warranty: order {number}", "warranty"),
    "change_number": ("Customer's number changed", "call"),
    "clear_flag": ("Looked at: {flag}", "checks"),
    "complain": ("Complaint opened: {categories}", "alert.complaint"),
    "complaint_closed": ("Complaint closed", "alert.complaint"),
    "complaint_reopened": ("Complaint opened again", "alert.complaint"),
    "snooze": ("Let rest until {until}: {kind}", "timer"),
    "remove_attachment": ("Photo taken away", "photo"),
    "receive": ("Handed in at the counter", "state.received"),
    "diagnose": ("Diagnosis begins", "state.diagnosing"),
    "move_device": ("Moved from shelf {from_shelf} to {shelf}", "folder"),
    "finish_device": ("Ready for pick-up", "state.ready"),
    "cancel_device": ("Repair called off", "cancel"),
    "remind": ("Reminded to pick it up, {count} times in all", "bell"),
    "hand_back": ("Handed back", "state.handed_back"),
    "review": ("Reviewed: {stars} stars", "star"),
    "reply_review": ("Review answered", "star"),
}
_WAYS: Final = {
    "code": "by the code that was sent",
    "page": "on his page",
    "phone": "when called back",
    "time": "by silence",
}
_WHY: Final = {
    "travel": "little extra driving##why",
    "slack": "time to spare##why",
    "load": "few visits that day##why",
    "rating": "good reviews##why",
    "credit": "good credit##why",
    "preference": "known to or wished for by the customer##why",
}
_PLANS: Final = {
    "plan": "with the plan of the day##plan",
    "absence": "because somebody is away##plan",
    "undo": "with a plan that was taken back##plan",
}
_SPITE: Final = {
    "outside_window": "outside the promised time##spite",
    "travel_tight": "too little time to drive##spite",
    "overtime": "overtime##spite",
    "break_lost": "no time for a break##spite",
    "other_requested": "another technician was asked for##spite",
    "overlap": "two visits at a time##spite",
    "daily_limit": "more visits than his limit##spite",
    "area": "outside his area##spite",
    "shift": "outside his shift##spite",
    "held_for_caller": "an hour kept for a caller##spite",
    "after_other": "before another order is done##spite",
    "before_other": "another order comes too early##spite",
}
_LOST: Final = {
    "nearer": "farther away##lost",
    "better_rated": "reviews not as good##lost",
    "more_credit": "less credit##lost",
    "earlier": "a little later##lost",
    "not_free": "not free any more##lost",
}
_STATES: Final = {
    "done": "done##state",
    "waived": "left out##state",
    "excused": "left out##state",
    "open": "open again##state",
}
_RESULTS: Final = {
    "repaired": "Repaired##result",
    "declined": "Customer does not want it repaired",
    "no_fault": "No fault was found",
    "not_repairable": "It can't be repaired",
}
_MONEY: Final = frozenset({"fee", "total", "from_total", "amount", "book_total"})


def events(session: Session, order: Order, notes: Iterable[Note]) -> list[Event]:
    """Steps and notes together, the newest first."""
    typed = [Event(note.at, name.actor(session, note.author), note.text, "note", note=True) for note in notes]
    steps = [event(session, order, step) for step in order.steps if step.action != "note"]
    return sorted(typed + steps, key=lambda each: -each.at)


def event(session: Session, order: Order, step: Step) -> Event:
    """One step as a sentence."""
    template, icon = _TOLD.get(step.action, (f"{step.action}##step", "info"))
    if step.action == "award" and "technician" not in step.params:
        template = "None of those who wanted it can come any more"
    if step.action == "arrange" and "number" in step.params:
        template = (
            "Waits for order {number}" if step.params["number"] else "Waits for no other order any more"
        )
    if step.action == "snooze" and "until" not in step.params:
        template = "Rests no more: {kind}"
    if step.action == "pin" and not step.params.get("pinned"):
        template = "Not pinned in the plan any more"
    if step.action == "reassign" and step.params.get("from") == step.params.get("technician"):
        template = "{technician} comes at another time, {start}"
    if step.action == "answer_transfer" and not step.params.get("agreed"):
        template = "{technician} does not take it over"
    params: dict[str, Any] = {key: _said(session, order, key, value) for key, value in step.params.items()}
    if step.action == "move_device":
        params["from_shelf"] = str(step.params.get("from", ""))
    text = fill(t(template), params)
    if more := _more(session, step, order):
        text = t("{text}, {more}", text=text, more=more)
    if said := spite_of(step.params):
        text = t("{text} (in spite of: {rules})", text=text, rules=said)
    elif step.params.get("override"):
        text = t("{text} (rules overridden)", text=text)
    if reason := step.params.get("reason"):
        text = t("{text}: {reason}", text=text, reason=_why(step.action, str(reason)))
    if fault := step.params.get("fault"):
        text = t("{text}: {reason}", text=text, reason=redress.fault(str(fault)))
    return Event(step.at, name.actor(session, step.actor), text, icon, actor=step.actor)


def _more(session: Session, step: Step, order: Order) -> str:
    """What a sentence says besides, where the step knows it: how far from the door, by which way, with what result."""
    params = step.params
    if step.action == "arrive":
        distance = params.get("distance_m")
        if distance is None:
            return t("without a position")
        return t("{distance} from the door", distance=format.distance(distance))
    if step.action in ("confirm", "confirm_quote") and params.get("confirmation") in _WAYS:
        return t(_WAYS[params["confirmation"]])
    if params.get("helpers"):
        return t("with {who}", who=name.people(name.technician(session, each) for each in params["helpers"]))
    if step.action == "arrange":
        return _arranged(params)
    if step.action == "absent" and params.get("outcome") == "cancel":
        fee = format.money(int(params.get("fee", 0)), order.quote.currency)
        return t("cancelled, door fee {fee}", fee=fee)
    if "plan" in params:
        return t(_PLANS.get(str(params["plan"]), "with a plan##plan"))
    if reasons := why_words(params.get("why")):
        return t("because of {reasons}", reasons=reasons)
    if step.action == "award":
        return _lost(session, params)
    if params.get("result") in _RESULTS:
        return t(_RESULTS[params["result"]])
    if step.action in ("book", "receive") and params.get("source") == "return":
        return t("under warranty of {number}", number=params.get("number", ""))
    return ""


def _arranged(params: dict[str, Any]) -> str:
    """How many come, where that was changed with the order that is waited for; how long is paused after that."""
    said = []
    if params.get("minutes"):
        said.append(t("{n} min after it", n=params["minutes"]))
    if "number" in params and "crew" in params:
        said.append(t("{crew} technicians a visit", crew=params["crew"]))
    return t(", ").join(said)


def why_words(why: object) -> str:
    """What spoke for whoever was chosen, empty where nothing is kept."""
    codes = [why] if isinstance(why, str) else why if isinstance(why, list | tuple) else ()
    return t(", ").join(t(_WHY.get(str(each), str(each))) for each in codes if each)


def spite_of(params: Mapping[str, Any]) -> str:
    """The rules that were not kept, soft ones and those that a supervisor let go; empty where all were."""
    return t(", ").join(t(_SPITE.get(str(each), str(each))) for each in params.get("despite", ()))


def _lost(session: Session, params: dict[str, Any]) -> str:
    """Who wanted it too, and in what the winner was ahead of each."""
    lost = params.get("lost") or ()
    if "technician" not in params:
        return ""
    said = [
        t("{technician}: {why}", technician=name.technician(session, each["technician"]),
          why=t(_LOST.get(each["why"], each["why"])))
        for each in lost
    ]  # fmt: skip
    return t("; ").join(said)


def _said(session: Session, order: Order, key: str, value: Any) -> str:
    if key in _MONEY and isinstance(value, int):
        return format.money(value, order.quote.currency)
    if key in ("technician", "from"):
        return name.technician(session, str(value))
    if key == "categories":
        return category_words(value)
    if key == "side":
        return name.side(str(value))
    if key == "what":
        return redress.what(str(value))
    if key == "way":
        return redress.way(str(value))
    if key == "means":
        return means(str(value))
    if key == "radius_m":
        return f"{int(value) / 1000:g} km"
    if key == "state":
        return t(_STATES.get(str(value), str(value)))
    if key == "kind" and value in ALERT:
        return ALERT[value].label()
    if key == "check":
        return _check(session, order, str(value))
    return name.said(session, {key: value})[key]


def _why(action: str, code: str) -> str:
    """A reason in words; refunds have reasons of their own."""
    if action == "refund":
        return redress.reason(code)
    return redress.refusal(code) if action == "refund_rejected" else reason_word(code)


def _check(session: Session, order: Order, id: str) -> str:
    """What a check of the order's standards asks."""
    found = (session.get(Standard, each) for each in order.standards)
    checks = (check for standard in found if standard is not None for check in standard.checks)
    return next((name.check(check) for check in checks if check.id == id), id)
