"""The repair is finished: what is still open is said here, each with the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from dispatcher_app.domain.act import Missing, Rejected
from dispatcher_app.domain.command import FinishOrder
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.standard import unchecked
from dispatcher_app.text import t
from ui import name
from ui.controls.section import label
from ui.order.form import Form

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class FinishForm(Form):
    """The same function says what is missing here and refuses it there."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(session, order, t("Finish {number}", number=order.number), t("Finished##go"))
        self._missing = label("", "error", wrap=True)
        self._missing.setObjectName("finish_missing")
        self._left_out = label("", "muted", wrap=True)
        self._ready = label(
            t("All lines and checks are done. The customer is asked to confirm."), "", wrap=True
        )
        for part in (self._missing, self._left_out, self._ready):
            self.body.addWidget(part)
        self.ask = lambda: FinishOrder(order=self.order.id, technician=self.order.technician)
        self.setFocusProxy(self.go)
        self.show_order(order)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        missing, left_out = lacking(self.session, order)
        _list(self._missing, t("Still to do, under Checks:"), missing)
        _list(self._left_out, t("Left out, the order will be marked:"), left_out)
        self._ready.setVisible(not missing and not left_out)


def lacking(session: Session, order: Order) -> tuple[list[str], list[str]]:
    """What finishing is refused without, and what it only marks."""
    open_lines = [
        t("Line {n}: {what}", n=at + 1, what=name.item(session, line.item))
        for at, line in enumerate(order.lines)
        if line.state == "open"
    ]
    try:
        checks = unchecked(session, order)
    except (Missing, Rejected):
        return open_lines, []
    words = {
        left_out: [name.check(each.check) for each in checks if each.check.left_out == left_out]
        for left_out in ("refuse", "mark")
    }
    return open_lines + words["refuse"], words["mark"]


def _list(shown: QLabel, head: str, rows: list[str]) -> None:
    shown.setText("\n".join([head, *(f"· {each}" for each in rows)]) if rows else "")
    shown.setVisible(bool(rows))
