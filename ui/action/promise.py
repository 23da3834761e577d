"""The actions about an order's place in the plan: sent as planned, pinned, a broken promise mended."""

from __future__ import annotations

from typing import Any, Final

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import AssignTechnician, PinVisit
from dispatcher_app.domain.order import CLOSED
from ui.action.scene import Action, Scene, by_life, by_order, step, who_may
from ui.models.planned import planned, tentative

_may_assign, _may_pin, _may_change = by_life("assign"), by_life("pin"), by_life("assign", "reassign")


def _unplanned(scene: Scene) -> Rejected | None:
    """Why it can't be sent as the planner has it."""
    if (reason := _may_assign(scene)) is not None or scene.order is None:
        return reason
    return None if tentative(scene.session, scene.order) else Rejected("not_tentative")


def _as_planned(scene: Scene) -> Any:
    found = tentative(scene.session, scene.order) if scene.order else None
    if scene.order is None or found is None:
        return None
    day, stop = found
    return AssignTechnician(
        order=scene.order.id, technician=day.technician, from_technician=None, start=stop.start,
        helpers=stop.helpers,
    )  # fmt: skip


def _unpinnable(scene: Scene) -> Rejected | None:
    if (reason := _may_pin(scene)) is not None or scene.order is None:
        return reason
    return None if planned(scene.session, scene.order) else Rejected("not_planned")


def pinned(scene: Scene) -> bool:
    """Whether no planner moves the visit in hand."""
    found = planned(scene.session, scene.order) if scene.order else None
    return found is not None and found[1].pinned


def _pin(scene: Scene) -> Any:
    return scene.order and PinVisit(order=scene.order.id, pinned=not pinned(scene))


def _unfollowed(scene: Scene) -> Rejected | None:
    """Why nothing can be booked that waits for it."""
    if (reason := by_order(scene)) is not None or scene.order is None:
        return reason
    return Rejected("order_over") if scene.order.status in CLOSED or not scene.order.address else None


def _kept(scene: Scene) -> Rejected | None:
    if (reason := _may_change(scene)) is not None or scene.order is None:
        return reason
    return None if scene.order.unkept else Rejected("promise_kept")


PLANNED: Final[tuple[Action, ...]] = (
    Action(id="dispatch_planned", group="order", text="Assign as planned", brief="As planned", icon="accept",
           keys=("Shift+F3",), refused=_unplanned, who=who_may("assign"), command=_as_planned),
    Action(id="keep_promise", group="order", text="Mend the broken promise…", brief="Mend##promise",
           icon="alert.no_show_risk", keys=("Shift+F4",), refused=_kept, who=who_may("assign")),
    Action(id="show_ways", group="order", text="Ways to the customer", brief="Ways##customer", icon="route",
           keys=("Alt+F3",), refused=_may_change, who=who_may("assign")),
    Action(id="pin_visit", group="order", text="Pin in the plan", brief="Pin", icon="lock", keys=("Shift+F7",),
           refused=_unpinnable, who=step("pin")["who"], command=_pin),
    Action(id="arrange", group="order", text="Technicians and turn…", brief="Two men##do", icon="team",
           keys=("Ctrl+Shift+F8",), **step("arrange")),
    Action(id="follow_up", group="order", text="Book what comes after it…", brief="Follow-up", icon="book",
           keys=("Ctrl+Shift+F2",), refused=_unfollowed, who=role.BOOKS),
)  # fmt: skip
"""In the order of the menu."""
