"""Letting off what is unpaid of a fee, and how those who came part what the visit brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QSpinBox

from dispatcher_app.domain.command import SplitShare, WaiveFee
from dispatcher_app.domain.money.share import portions
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.text import t
from ui import format, name
from ui.controls.field import inset
from ui.controls.section import label
from ui.order.form import Form, row_of
from ui.order.reason import LET_OFF

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class WaiveForm(Form):
    """All that is still unpaid, or nothing."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Let off the fee of {number}", number=order.number), t("Let it off"), "danger"
        )
        self.reason = QComboBox()
        self.reason.setObjectName("waive_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, word in LET_OFF.items():
            self.reason.addItem(t(word), code)
        self._left = label("", wrap=True)
        self._left.setObjectName("waive_left")
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addWidget(self._left)
        self.ask = self._command
        self.setFocusProxy(self.reason)
        self.show_order(order)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        amount = format.money(max(0, owed(order) - order.paid), order.quote.currency)
        self._left.setText(t("{amount} will not be asked for any more.", amount=amount))

    def _command(self) -> WaiveFee:
        left = owed(self.order) - self.order.paid
        return WaiveFee(order=self.order.id, fee=left, reason=self.reason.currentData())


class SplitForm(Form):
    """A percent for each who came; they make a hundred."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(session, order, t("Shares of {number}", number=order.number), t("State them##go"))
        self.percents: dict[str, QSpinBox] = {}
        for id, percent in portions(order).items():
            box = QSpinBox()
            box.setObjectName(f"split_{id}")
            box.setAccessibleName(name.technician(session, id))
            box.setRange(0, 100)
            box.setSuffix(" %")
            box.setValue(percent)
            inset(box)
            box.valueChanged.connect(lambda _value: self._say())
            self.percents[id] = box
            self.body.addLayout(row_of(name.technician(session, id), box))
        self._sum = label("", "muted", wrap=True)
        self._sum.setObjectName("split_sum")
        self.body.addWidget(self._sum)
        self.ask = self._command
        if self.percents:
            self.setFocusProxy(next(iter(self.percents.values())))
        self._say()

    def _say(self) -> None:
        total = sum(box.value() for box in self.percents.values())
        self._sum.setText(t("{percent} % in all; it must be 100 %.", percent=total) if total != 100 else "")

    def _command(self) -> SplitShare:
        stated = tuple((id, box.value()) for id, box in self.percents.items())
        return SplitShare(order=self.order.id, percents=stated, from_percents=self.order.split)
