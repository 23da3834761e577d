"""The actions about credit and about what a repair ends with: its voucher and its invoice."""

from __future__ import annotations

from typing import Any, Final

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import WithdrawInvoice
from dispatcher_app.domain.money.invoice import AGAIN, Invoice, due
from ui.action.scene import Action, Scene, by_life, by_order, by_role, open_to, who_may

_invoices = by_life("invoice")


def _vouches(scene: Scene) -> Rejected | None:
    """A voucher says what came of a repair."""
    if scene.order is None:
        return by_order(scene)
    over = scene.order.result is not None and scene.order.status in (
        "finished",
        "completed",
        "ready",
        "handed_back",
    )
    return None if over else Rejected("wrong_status", None, status=scene.order.status, action="voucher")


def _invoice(scene: Scene) -> Rejected | None:
    if (reason := _invoices(scene)) is not None or scene.order is None:
        return reason
    found = scene.session.get(Invoice, scene.order.id)
    if found is not None and found.state not in AGAIN:
        return Rejected("invoice_requested", None, at=found.requested_at)
    return None if due(scene.order) > 0 else Rejected("nothing_to_invoice")


def _withdraws(scene: Scene) -> Rejected | None:
    if (reason := _invoices(scene)) is not None or scene.order is None:
        return reason
    found = scene.session.get(Invoice, scene.order.id)
    if found is None:
        return Rejected("no_invoice")
    return None if found.state == "requested" else Rejected("invoice_stands", None, state=found.state)


def _withdraw(scene: Scene) -> Any:
    return scene.order and WithdrawInvoice(order=scene.order.id)


def _sees(scene: Scene) -> Rejected | None:
    return by_role(role.SEES_CREDIT)(scene) or (
        None if scene.technician is not None else Rejected("no_technician_chosen")
    )


HONOURS: Final[tuple[Action, ...]] = (
    Action(id="credit", group="go", text="Credit of technicians", icon="credit", keys=("Alt+K",),
           **open_to(role.SEES_CREDIT)),
    Action(id="technician_credit", group="technician", text="Credit, step by step", brief="Credit##do", icon="credit",
           keys=("Alt+Shift+K",), refused=_sees, who=role.SEES_CREDIT),
    Action(id="voucher", group="order", text="Repair voucher", brief="Voucher##do", icon="certificate",
           keys=("Alt+V",), refused=_vouches, who=role.SEES_PEOPLE),
    Action(id="invoice", group="order", text="Ask for an invoice…", brief="Invoice##do", icon="invoice",
           keys=("Alt+I",), refused=_invoice, who=who_may("invoice")),
    Action(id="withdraw_invoice", group="order", text="Take the request for an invoice back", brief="Take back",
           icon="back", keys=("Alt+Shift+I",), refused=_withdraws, who=who_may("invoice"), command=_withdraw),
    Action(id="invoices", group="go", text="Invoices to issue", icon="invoice", keys=("Alt+U",),
           **open_to(role.ISSUES_INVOICES)),
)  # fmt: skip
"""In the order of the menu."""
