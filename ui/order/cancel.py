"""Cancelling an order: why, from whose side, and what it costs; and taking a cancelled one up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

from dispatcher_app.domain.command import CancelOrder, ReopenOrder
from dispatcher_app.domain.order import Order, Side
from dispatcher_app.domain.pricing import cancel_fee, moved_by_us
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import format, name
from ui.controls.section import label
from ui.order.form import Form, row_of
from ui.order.reason import CANCEL, SIDES

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class CancelForm(Form):
    """The fee is shown before it is done: the same function decides it."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Cancel order {number}", number=order.number), t("Cancel the order"), "danger"
        )
        self.reason, self.side = QComboBox(), QComboBox()
        self.reason.setObjectName("cancel_reason")
        self.reason.setAccessibleName(t("Reason"))
        self.side.setAccessibleName(t("From whose side"))
        for code, (word, _side) in CANCEL.items():
            self.reason.addItem(t(word), code)
        for code in SIDES:
            self.side.addItem(name.side(code), code)
        self._fee = label("", wrap=True)
        self._fee.setObjectName("cancel_fee")
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addLayout(row_of(t("From whose side"), self.side))
        self.body.addWidget(self._fee)
        self.reason.currentIndexChanged.connect(self._on_reason)
        self.side.currentIndexChanged.connect(self._say_fee)
        self._on_reason()
        self.ask = self._command
        self.setFocusProxy(self.reason)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        self._say_fee()

    def _on_reason(self) -> None:
        _word, side = CANCEL[self.reason.currentData()]
        self.side.setCurrentIndex(SIDES.index(side))
        self._say_fee()

    def _say_fee(self) -> None:
        order, side = self.order, self.side.currentData()
        fee = cancel_fee(
            self.session.get(Policy, "policy") or Policy(),
            departed=order.status == "en_route",
            accepted=order.technician is not None,
            ours=side != "customer" or moved_by_us(order),
            created_at=order.created_at,
            window=order.window,
            at=self.session.now(),
        )
        if fee:
            self._fee.setText(
                t("Costs the customer {fee}. Say so now.", fee=format.money(fee, order.quote.currency))
            )
        else:
            self._fee.setText(t("Free of charge."))

    def _command(self) -> CancelOrder:
        side: Side = self.side.currentData()
        return CancelOrder(order=self.order.id, reason=self.reason.currentData(), side=side)


class ReopenForm(Form):
    """Back into the queue, with the former window if it can still be kept."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(session, order, t("Reopen order {number}", number=order.number), t("Reopen##go"))
        self.choice = QComboBox()
        self.choice.setAccessibleName(t("Window"))
        window = order.window
        if window is not None and window.end > session.now():
            said = format.window(window.start, window.end, session.now(), name.timezone(session))
            self.choice.addItem(t("{window}, as promised before", window=said), window)
        self.choice.addItem(t("no window yet, call the customer back"), None)
        self.body.addLayout(row_of(t("Window"), self.choice))
        if order.cancellation is not None and order.cancellation.fee:
            fee = format.money(order.cancellation.fee, order.quote.currency)
            self.body.addWidget(label(t("The fee of {fee} is reversed.", fee=fee), "muted", wrap=True))
        self.ask = lambda: ReopenOrder(order=self.order.id, window=self.choice.currentData())
        self.setFocusProxy(self.choice)
