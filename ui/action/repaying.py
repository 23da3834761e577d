"""The actions about refunds: the desk of them, why money went back, and what is done with the one in hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.refund import DRAFT, Refund
from dispatcher_app.domain.rule.refunding import ELECTRONIC
from ui.action.scene import Action, Scene, by_role, open_to


def refunds_of(scene: Scene) -> list[Refund]:
    """The refunds of the order in hand."""
    ids = scene.order.refunds if scene.order is not None else ()
    return [found for id in ids if (found := scene.session.get(Refund, id)) is not None]


def _where(roles: frozenset[str], fits: Callable[[Refund], bool]) -> dict[str, Any]:
    """Possible for these roles where one of the order's refunds stands so."""
    allowed = by_role(roles)

    def refused(scene: Scene) -> Rejected | None:
        if (reason := allowed(scene)) is not None:
            return reason
        if scene.order is None:
            return Rejected("no_order_chosen")
        return None if any(map(fits, refunds_of(scene))) else Rejected("no_refund_so")

    return {"refused": refused, "who": roles}


FITS: Final[dict[str, Callable[[Refund], bool]]] = {
    "refund_agree": lambda each: each.state == "proposed",
    "refund_turn_down": lambda each: each.state == "proposed",
    "refund_pay": lambda each: each.state == "approved" and each.carrier not in ELECTRONIC,
    "refund_retry": lambda each: each.state in ("failed", "attention"),
    "refund_withdraw": lambda each: each.state in DRAFT,
}
"""Which refunds each action is about."""

REPAYING: Final[tuple[Action, ...]] = (
    Action(id="refunds", group="go", text="Refunds and approvals", icon="refund", keys=("Ctrl+9",),
           **open_to(role.SEES_REFUNDS)),
    Action(id="refund_reasons", group="go", text="Why money went back", icon="charts", keys=("Alt+Shift+F",),
           **open_to(role.SEES_REASONS)),
    Action(id="refund_agree", group="order", text="Agree to the refund", brief="Agree##refund", icon="accept",
           keys=("Alt+Shift+Y",), **_where(role.APPROVES_COMPENSATION, FITS["refund_agree"])),
    Action(id="refund_turn_down", group="order", text="Turn the refund down…", brief="Turn down##refund",
           icon="decline", keys=("Alt+Shift+X",), **_where(role.APPROVES_COMPENSATION, FITS["refund_turn_down"])),
    Action(id="refund_pay", group="order", text="Refund was paid by hand…", brief="Paid out##refund", icon="payment",
           keys=("Alt+Shift+D",), **_where(role.PAYS_REFUNDS, FITS["refund_pay"])),
    Action(id="refund_retry", group="order", text="Try the refund again", brief="Try again##refund", icon="refresh",
           keys=("Alt+Shift+E",), **_where(role.APPROVES_REFUNDS, FITS["refund_retry"])),
    Action(id="refund_withdraw", group="order", text="Take the refund back", brief="Take back##refund", icon="back",
           keys=("Alt+Shift+U",), **_where(role.PROPOSES_REFUNDS, FITS["refund_withdraw"])),
)  # fmt: skip
"""In the order of the menu."""
