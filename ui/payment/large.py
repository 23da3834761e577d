"""The code in a window of its own, to be turned to the customer: the amount, whom to scan with, and that it is paid."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.text import t
from ui import format, theme
from ui.controls.section import label
from ui.payment import word
from ui.payment.code import CodeView

EDGE_PX: Final = 480
_AMOUNT_PX: Final = 40
_SAID_PX: Final = 22


class LargeCode(QWidget):
    """A window that Escape closes; it says when the money is there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("pay_large")
        self.setWindowTitle(t("Code to pay by"))
        look = theme.current()
        self.amount = label("", "title")
        self.amount.setObjectName("pay_large_amount")
        self.amount.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.said = label("", "strong", wrap=True)
        self.said.setObjectName("pay_large_said")
        self.said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        for each, size in ((self.amount, _AMOUNT_PX), (self.said, _SAID_PX)):
            # The sheet sets type by roles, none of which is read across a counter.
            each.setStyleSheet(f"font-size: {look.px(size)}px; font-weight: 600;")
        self.code = CodeView(EDGE_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(look.space(6),) * 4)
        column.setSpacing(look.space(3))
        column.addWidget(self.amount)
        column.addWidget(self.code, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.said)

    def show_payment(self, payment: Payment, text: str) -> None:
        """A payment with its code, "" where there is none any more."""
        self.amount.setText(format.money(payment.amount, payment.currency))
        self.code.show_code(text)
        self.code.setVisible(payment.state == "pending")
        self.said.setText(t("Received. Thank you.") if payment.state == "captured" else word.scan(payment))
        if payment.state in ("closed", "failed", "attention"):
            self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
