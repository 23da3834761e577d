"""What goes back to the customer of an order, and what he is given besides: where each stands, and what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import format, name, theme
from ui import redress as word
from ui.controls.chip import Chip
from ui.controls.section import Section, label
from ui.mark import mark

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Repaid(Section):
    """Stands on orders for which something was proposed; those who decide go on from its tool."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Refunds##section"), parent)
        self.setObjectName("order_refunds")
        self._session = session
        self._rows: dict[str, _Row] = {}
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.current().space(2))
        self.body.addLayout(self._column)

    def show_order(self, order: Order) -> None:
        """Show an order's refunds, the last proposed first; nothing on a wall."""
        found = [each for id in order.refunds if (each := self._session.get(Refund, id)) is not None]
        self.setVisible(bool(found) and not name.masked(self._session))
        for at, each in enumerate(reversed(found)):
            row = self._rows.get(each.id)
            if row is None:
                row = self._rows[each.id] = _Row(self._session)
                self._column.insertWidget(at, row)
            row.show_refund(each)
        for id, row in self._rows.items():
            row.setVisible(any(each.id == id for each in found))

    def words(self) -> list[str]:
        """What is said, for tests and whoever reads it out."""
        return [row.words() for row in self._rows.values() if row.isVisible()]


class _Row(QWidget):
    """One refund: state, amount and reason; below it what is next, or what came of it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.state = Chip(mark("refund", "proposed"))
        self._what, self._next = label("", "", wrap=True), label("", "small", wrap=True)
        look = theme.current()
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        head.addWidget(self.state)
        head.addWidget(self._what, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._next)

    def show_refund(self, refund: Refund) -> None:
        """As it stands now."""
        self.state.show_mark(mark("refund", refund.state))
        amount = format.money(refund.amount, refund.currency)
        self._what.setText(
            t("{what} {amount}: {reason}", what=word.what(refund.what), amount=amount, reason=word.reason(refund.reason))
        )  # fmt: skip
        wrong = word.fault(refund.fault) if refund.fault else ""
        if refund.state == "rejected":
            wrong = word.refusal(refund.refused_for)
        parts = (word.goes(refund.carrier, refund.way), wrong, word.next_step(refund))
        self._next.setText(" · ".join(filter(None, parts)))
        self.setAccessibleName(self.words())

    def words(self) -> str:
        """The whole row."""
        return f"{self.state.accessibleName()} {self._what.text()} {self._next.text()}"
