"""The actions that move visits about: one, several, two against each other, a whole day."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain import life, role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.order import Order
from ui.action.scene import Action, Scene, by_role, who_may
from ui.models.planned import planned

_MOVES: Final = who_may("assign", "reassign")


def chosen(scene: Scene) -> tuple[str, ...]:
    """The orders that an action moves: those chosen together, else the one in hand."""
    return scene.several or ((scene.order.id,) if scene.order is not None else ())


def _movable(scene: Scene) -> Rejected | None:
    """Why none of them can be moved by hand now."""
    orders = [order for id in chosen(scene) if (order := scene.session.get(Order, id)) is not None]
    if not orders:
        return Rejected("no_order_chosen")
    reasons = [_refusal(scene, order) for order in orders]
    return None if None in reasons else reasons[0]


def _refusal(scene: Scene, order: Order) -> Rejected | None:
    step = "reassign" if order.technician is not None else "assign"
    return life.refusal(order.status, step, scene.session.actor, order.region)


def _placed(scene: Scene) -> Rejected | None:
    if (reason := _movable(scene)) is not None:
        return reason
    orders = [order for id in chosen(scene) if (order := scene.session.get(Order, id)) is not None]
    return None if any(planned(scene.session, each) for each in orders) else Rejected("not_in_plan")


def _sent(scene: Scene) -> Rejected | None:
    if (reason := _movable(scene)) is not None:
        return reason
    orders = [order for id in chosen(scene) if (order := scene.session.get(Order, id)) is not None]
    return None if any(each.technician for each in orders) else Rejected("not_dispatched")


def _two(scene: Scene) -> Rejected | None:
    return _placed(scene) or (None if len(chosen(scene)) == 2 else Rejected("not_two_chosen"))


def _whole_day(scene: Scene) -> Rejected | None:
    reason = by_role(role.DISPATCHES)(scene)
    return reason or (None if scene.technician else Rejected("no_technician_chosen"))


VISITS: Final[tuple[Action, ...]] = (
    Action(id="take_visit", group="order", text="Take in the hand on the board", brief="Take##visit", icon="widen",
           keys=("Alt+T",), refused=_movable, who=_MOVES),
    Action(id="visit_earlier", group="order", text="15 minutes earlier", icon="previous", keys=("Alt+Left",),
           refused=_placed, who=_MOVES),
    Action(id="visit_later", group="order", text="15 minutes later", icon="next", keys=("Alt+Right",),
           refused=_placed, who=_MOVES),
    Action(id="move_visits", group="order", text="Move by…", icon="timer", keys=("Alt+M",),
           refused=_placed, who=_MOVES),
    Action(id="swap_visits", group="order", text="Swap two visits", icon="reassign", keys=("Alt+S",),
           refused=_two, who=_MOVES),
    Action(id="take_off_visits", group="order", text="Take technicians off those chosen", brief="Take off",
           icon="unassign", keys=("Ctrl+Del",), refused=_sent, who=_MOVES),
    Action(id="pin_visits", group="order", text="Pin those chosen", icon="lock", keys=("Ctrl+Shift+F7",),
           refused=_placed, who=_MOVES),
    Action(id="move_day", group="technician", text="Move his whole day to others…", brief="Move the day",
           icon="team", keys=("Ctrl+Shift+F3",), refused=_whole_day, who=role.DISPATCHES),
)  # fmt: skip
"""In the order of the menu."""
