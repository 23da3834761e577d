"""The reasons that can be given for a change or a cancellation, by code."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain.command.quoting import QUOTE_REASONS
from dispatcher_app.domain.order import Side
from dispatcher_app.domain.talk import REMOVALS
from dispatcher_app.text import t
from ui import name

CHANGE: Final[dict[str, tuple[str, Side]]] = {
    "other_time": ("Customer wants another time", "customer"),
    "nobody_home": ("Nobody at home", "customer"),
    "window_agreed": ("Window agreed on call back", "customer"),
    "technician_late": ("Technician can't make it", "technician"),
    "technician_ill": ("Technician is ill", "technician"),
    "no_capacity": ("Nobody free", "platform"),
    "weather": ("Weather or closed roads", "platform"),
    "parts_missing": ("Waiting for parts", "parts"),
}
"""Why an appointment moves, and from whose side that comes."""

CANCEL: Final[dict[str, tuple[str, Side]]] = {
    "not_needed": ("Not needed any more", "customer"),
    "solved_itself": ("Works again", "customer"),
    "bought_new": ("Bought a new one", "customer"),
    "went_elsewhere": ("Went elsewhere", "customer"),
    "too_expensive": ("Too expensive", "customer"),
    "too_late": ("Waited too long", "platform"),
    "no_technician": ("No technician can do it", "platform"),
    "duplicate": ("Booked twice", "platform"),
    "wrong_details": ("Wrong details", "platform"),
    "technician_absent": ("Technician did not come", "technician"),
    "parts_missing": ("No parts to be had", "parts"),
}
"""Why an order is cancelled, and from whose side that comes."""

PASSED_ON: Final[dict[str, str]] = {
    "too_far": "Too far away",
    "busy": "Has no time",
    "ill": "Ill",
    "no_skill": "Can't do it",
    "no_parts": "Lacks the parts",
}
"""Why a technician passes an order on or gives it back."""

ARRIVED: Final[dict[str, str]] = {
    "no_signal": "His telephone finds no position",
    "underground": "Garage or basement, no reception",
    "gate_far": "The gate is far from the building",
    "address_wrong": "The address stands elsewhere on the map",
    "phone_off": "He reports by phone",
}
"""Why a technician is there without a position near the door."""

HELD: Final[dict[str, str]] = {
    "parts_missing": "Waiting for parts",
    "customer_time": "Customer has no more time today",
    "customer_decides": "Customer wants to think about it",
    "second_person": "Needs a second person",
    "other_skill": "Needs another trade",
    "access": "No access: water, power or keys",
}
"""Why the work rests."""

EXCUSED: Final[dict[str, str]] = {
    "no_fault": "No fault found",
    "not_repairable": "Can't be repaired",
    "not_able": "Beyond what he can do",
    "customer_declined": "Customer does not want it done",
    "other_visit": "Done on another visit",
    "wrong_booked": "Was booked by mistake",
}
"""Why a line is left undone."""

WAIVED: Final[dict[str, str]] = {
    "does_not_apply": "Does not apply here",
    "customer_refused": "Customer refused it",
    "not_possible": "Not possible on site",
    "camera_broken": "The camera is broken",
}
"""Why a check of the standard is left out."""

QUOTED: Final[dict[str, str]] = {code: f"{code}##quote_reason" for code in QUOTE_REASONS}
"""Why there is another quote."""

RETURNED: Final[dict[str, str]] = {
    "same_fault": "The same fault again",
    "part_failed": "A fitted part failed",
    "not_solved": "Was never really solved",
    "new_damage": "Something else broke since",
}
"""Why a repair comes back under warranty."""

LET_OFF: Final[dict[str, str]] = {
    "goodwill": "Goodwill##waive",
    "not_told": "The fee was not told at booking",
    "our_fault": "We were to blame",
    "hardship": "The customer can't pay it",
    "not_collectable": "Not worth collecting",
}
"""Why a fee is let off."""

LOOKED_AT: Final[dict[str, str]] = {
    "explained": "The technician has explained it",
    "checked_by_call": "The customer confirms it by phone",
    "customer_agreed": "The customer agrees to it",
    "photo_shows": "The photos show that it is right",
    "address_wrong": ARRIVED["address_wrong"],
    "entered_wrong": "Was entered by mistake",
    "warned": "The technician has been warned",
}
"""Why what an order was flagged for may go."""

SNOOZED: Final[dict[str, str]] = {
    "told_customer": "The customer knows",
    "being_handled": "Somebody is seeing to it",
    "waiting_customer": "Waiting for the customer to call back",
    "waiting_technician": "Waiting for the technician to answer",
    "waiting_supervisor": "Waiting for a supervisor",
    "not_urgent": "Can wait",
}
"""Why an exception may rest."""

HANDED_OVER: Final[dict[str, str]] = {
    "too_far": "Too far away",
    "busy": "Has no time",
    "ill": "Ill",
    "no_skill": "Can't do it",
    "no_parts": "Lacks the parts",
    "vehicle": "His vehicle broke down",
    "closer": "The other one is closer",
}
"""Why one technician hands an order over to another."""

REMOVED: Final[dict[str, str]] = {code: f"{code}##removal" for code in REMOVALS}
"""Why a photo is taken away."""

UNDISPATCHED: Final[dict[str, str]] = {
    "nobody_fit": "Nobody can keep this promise by all rules",
    "nobody_left": "Everybody who could go has passed it on",
    "nobody_near": "Nobody who is online, fit and free is near",
    "only_late": "Whoever could go would be late or make others late",
    "nobody_wanted": "Nobody wanted it",
}
"""Why an order that is dispatched by itself waits for a person."""

UNKEPT: Final[dict[str, str]] = {
    "late": "The visit before it takes too long",
    "away": "The technician is away",
    "leave": "The technician is away",
    "shift": "The technician does not work then",
    "suspended": "The technician is suspended",
    "offline": "The technician is offline",
    "certificate": "The technician's certificate has expired",
    "no_room": "Everybody who could go is busy then",
    "nobody_works": "Nobody works then",
    "window_passed": "The window is over and nobody was sent",
    "needs_helper": "A second technician is missing",
    "nobody_along": "Nobody else is free at the same time",
    "after_other": "The order before it is over later",
    "after_unknown": "Nobody knows when the order before it is over",
    "before_other": "The order after it needs it over sooner",
}
"""Why a promised time can't be kept."""

_WORDS: Final[dict[str, str]] = {
    **UNKEPT,
    **UNDISPATCHED,
    "undo": "undone",
    "customer_absent": "Customer not at home",
    **REMOVED,
    **LET_OFF,
    **LOOKED_AT,
    **SNOOZED,
    **RETURNED,
    **QUOTED,
    **WAIVED,
    **EXCUSED,
    **HELD,
    **ARRIVED,
    **HANDED_OVER,
    **PASSED_ON,
    **{code: word for code, (word, _side) in (CANCEL | CHANGE).items()},
}

SIDES: Final[tuple[Side, ...]] = ("customer", "technician", "platform", "parts")


def reason_word(code: str) -> str:
    """A reason as people say it; what was typed freely stays as it is."""
    if code not in _WORDS:
        return code
    said = t(_WORDS[code])
    return said if code == "undo" else name.capital(said)
