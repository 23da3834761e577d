"""The actions about the till, and about fees that are let off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.share import portions
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from ui.action.scene import Action, Scene, by_life, open_to, who_may


def _where(fits: Callable[[Order], Rejected | None], action: str) -> dict[str, Any]:
    """Possible where the life of the order has it and the order asks for it."""
    possible = by_life(action)

    def refused(scene: Scene) -> Rejected | None:
        if (reason := possible(scene)) is not None:
            return reason
        return fits(scene.order) if scene.order is not None else Rejected("no_order_chosen")

    return {"refused": refused, "who": who_may(action)}


def _unpaid(order: Order) -> Rejected | None:
    fee = order.cancellation is not None and owed(order) > order.paid
    return None if fee else Rejected("nothing_owed")


def _several(order: Order) -> Rejected | None:
    return None if len(portions(order)) > 1 else Rejected("came_alone")


CASHIER: Final[tuple[Action, ...]] = (
    Action(id="till", group="go", text="Go to the till", icon="cashier", keys=("Ctrl+8",),
           **open_to(role.TENDS_TILL)),
    Action(id="waive_fee", group="order", text="Let off the fee…", brief="Let off##do", icon="cancel",
           keys=("Alt+W",), **_where(_unpaid, "waive_fee")),
    Action(id="split_share", group="order", text="How the technicians part it…", brief="Parts##do", icon="team",
           keys=("Alt+Q",), **_where(_several, "split_share")),
)  # fmt: skip
"""In the order of the menu."""
