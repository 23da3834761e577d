"""The mark on an order that somebody complains about: what about, how it stands, and the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import theme
from ui.controls.chip import Chip
from ui.controls.section import label
from ui.mark import ALERT, mark
from ui.order.complained import category_words

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Grievance(QFrame):
    """Shown as long as a complaint about the order is open; whoever is not sent complaints reads that there is one."""

    def __init__(self, session: Session, tool: QToolButton) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("order_complaint")
        self.setProperty("panel", "surface")
        look = theme.current()
        self.state = Chip(ALERT["complaint"])
        self.words = label("", "", wrap=True)
        self.words.setObjectName("order_complaint_words")
        row = QHBoxLayout(self)
        row.setContentsMargins(*(look.space(2),) * 4)
        row.setSpacing(look.space(2))
        row.addWidget(self.state)
        row.addWidget(self.words, 1)
        row.addWidget(tool)
        self.hide()

    def show_order(self, order: Order) -> None:
        """Say what is complained about."""
        self.setVisible(order.complaint is not None)
        if order.complaint is None:
            return
        found = self._session.get(Complaint, order.complaint)
        shown = ALERT["complaint"] if found is None else mark("complaint", found.state)
        self.state.show_mark(shown, t("Complaint: {state}##order", state=shown.label()) if found else None)
        self.words.setText(category_words(found.categories) if found else t("The share of this order waits."))
