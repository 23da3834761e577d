"""The actions about complaints: opened from an order or a call, and what is done with the one in hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import TakeComplaint
from dispatcher_app.domain.money.complaint import LIVE, Complaint
from ui.action.scene import Action, Scene, by_life, by_role, open_to, who_may


def complaint_of(scene: Scene) -> Complaint | None:
    """The complaint in hand: the one that is looked at, else the open one of the order in hand."""
    order = scene.order
    chosen = scene.session.get(Complaint, scene.complaint) if scene.complaint else None
    if chosen is not None and (order is None or chosen.order == order.id):
        return chosen
    return scene.session.get(Complaint, order.complaint) if order is not None and order.complaint else None


def _where(roles: frozenset[str], refusing: Callable[[Complaint], Rejected | None]) -> dict[str, Any]:
    """Possible for these roles where nothing about the complaint in hand is in the way."""
    allowed = by_role(roles)

    def refused(scene: Scene) -> Rejected | None:
        if (reason := allowed(scene)) is not None:
            return reason
        found = complaint_of(scene)
        return Rejected("no_complaint_chosen") if found is None else refusing(found)

    return {"refused": refused, "who": roles}


def _any(_complaint: Complaint) -> Rejected | None:
    return None


def _live(complaint: Complaint) -> Rejected | None:
    return None if complaint.state in LIVE else Rejected("complaint_state", state=complaint.state)


def _answered(complaint: Complaint) -> Rejected | None:
    return _live(complaint) or (None if complaint.answered_at else Rejected("complaint_unanswered"))


def _judged(complaint: Complaint) -> Rejected | None:
    return _live(complaint) or (None if complaint.responsibility else Rejected("complaint_unjudged"))


def _resolved(complaint: Complaint) -> Rejected | None:
    return None if complaint.state == "resolved" else Rejected("complaint_state", state=complaint.state)


def _over(complaint: Complaint) -> Rejected | None:
    return Rejected("is_so_already") if complaint.state in LIVE else None


_complain = by_life("complain")


def _complains(scene: Scene) -> Rejected | None:
    if (reason := _complain(scene)) is not None or scene.order is None:
        return reason
    open_ = scene.order.complaint
    return Rejected("complaint_open", "order", complaint=open_) if open_ else None


_takes = _where(role.TAKES_COMPLAINTS, _live)


def _takeable(scene: Scene) -> Rejected | None:
    reason: Rejected | None = _takes["refused"](scene)
    found = complaint_of(scene)
    mine = found is not None and found.owner == scene.session.staff.id
    return reason or (Rejected("is_so_already") if mine else None)


def _take(scene: Scene) -> Any:
    found = complaint_of(scene)
    return found and TakeComplaint(complaint=found.id, owner=scene.session.staff.id, from_owner=found.owner)


COMPLAINING: Final[tuple[Action, ...]] = (
    Action(id="complain", group="order", text="Customer complains…", brief="Complains", icon="alert.complaint",
           keys=("Ctrl+T",), refused=_complains, who=who_may("complain")),
    Action(id="complaints", group="go", text="Go to the complaints", brief="See it##complaint",
           icon="alert.complaint", keys=("Ctrl+6",), **open_to(role.NOTES_COMPLAINTS)),
    Action(id="complaint_take", group="order", text="Complaint: take it", brief="Take##complaint", icon="assign",
           keys=("Alt+Shift+T",), refused=_takeable, who=role.TAKES_COMPLAINTS, command=_take),
    Action(id="complaint_answer", group="order", text="Complaint: customer was answered…", brief="Answer##complaint",
           icon="call", keys=("Alt+Shift+A",), **_where(role.TAKES_COMPLAINTS, _live)),
    Action(id="complaint_wait", group="order", text="Complaint: wait for somebody…", brief="Wait##complaint",
           icon="timer", keys=("Alt+Shift+W",), **_where(role.TAKES_COMPLAINTS, _answered)),
    Action(id="complaint_judge", group="order", text="Complaint: who was at fault…", brief="Judge##complaint",
           icon="checks", keys=("Alt+Shift+J",), **_where(role.HANDLES_COMPLAINTS, _answered)),
    Action(id="complaint_resolve", group="order", text="Complaint: settled…", brief="Settle##complaint", icon="accept",
           keys=("Alt+Shift+R",), **_where(role.HANDLES_COMPLAINTS, _judged)),
    Action(id="complaint_close", group="order", text="Complaint: call back and close…", brief="Call back##complaint",
           icon="call", keys=("Alt+Shift+C",), **_where(role.HANDLES_COMPLAINTS, _resolved)),
    Action(id="complaint_reopen", group="order", text="Complaint: open again…", brief="Open again##complaint",
           icon="reopen", keys=("Alt+Shift+O",), **_where(role.TAKES_COMPLAINTS, _over)),
    Action(id="complaint_note", group="order", text="Complaint: add note or photos…", brief="Note##complaint",
           icon="note", keys=("Alt+Shift+N",), **_where(role.NOTES_COMPLAINTS, _any)),
    Action(id="complaint_report", group="order", text="Complaint: evidence as a PDF", brief="Evidence##complaint",
           icon="print", keys=("Alt+Shift+P",), **_where(role.HANDLES_COMPLAINTS, _any)),
)  # fmt: skip
"""In the order of the menu."""
