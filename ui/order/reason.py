"""The reasons that can be given for a change or a cancellation, by code."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain.order import Side
from dispatcher_app.text import t

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

SIDES: Final[tuple[Side, ...]] = ("customer", "technician", "platform", "parts")


def reason_word(code: str) -> str:
    """A reason as people say it; what was typed freely stays as it is."""
    if code == "undo":
        return t("undone")
    if code in PASSED_ON:
        return t(PASSED_ON[code])
    known = CHANGE.get(code) or CANCEL.get(code)
    return t(known[0]) if known else code
