"""What a supervisor has to look at: the flags of an order in words, and the question why one may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from dispatcher_app.domain.command import ClearFlag
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.chip import Chip
from ui.mark import mark
from ui.order.form import Form, row_of
from ui.order.reason import LOOKED_AT

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Flags(QWidget):
    """One amber mark for each flag, and beside them what a supervisor can do about it."""

    def __init__(self, tool: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[str, Chip] = {}
        look = theme.current()
        self._column = QVBoxLayout()
        self._column.setSpacing(look.space(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.space(2))
        row.addLayout(self._column)
        row.addStretch()
        row.addWidget(tool, 0, Qt.AlignmentFlag.AlignTop)
        self.setObjectName("order_flags")
        self.setAccessibleName(t("Exceptions to look at"))

    def show_order(self, order: Order) -> None:
        """Show what an order is flagged for."""
        for code in order.flags:
            if code not in self._chips:
                self._chips[code] = Chip(mark("flag", code))
                self._column.addWidget(self._chips[code])
        for code, chip in self._chips.items():
            chip.setVisible(code in order.flags)

    def words(self) -> list[str]:
        """What is said, for tests and whoever reads it out."""
        return [chip.accessibleName() for chip in self._chips.values() if chip.isVisible()]


class ClearFlagForm(Form):
    """Which flag, and what was found: it stays in the order's story under the supervisor's name."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Exception of {number} looked at", number=order.number), t("Looked at##go")
        )
        self.flag, self.reason = QComboBox(), QComboBox()
        self.flag.setObjectName("flag_which")
        self.flag.setAccessibleName(t("Exception"))
        self.reason.setObjectName("flag_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, word in LOOKED_AT.items():
            self.reason.addItem(t(word), code)
        self.body.addLayout(row_of(t("Exception"), self.flag))
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.ask = self._command
        self.setFocusProxy(self.reason)
        self.show_order(order)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        if [self.flag.itemData(at) for at in range(self.flag.count())] == list(order.flags):
            return
        chosen = self.flag.currentData()
        self.flag.clear()
        for code in order.flags:
            self.flag.addItem(name.flag(code), code)
        self.flag.setCurrentIndex(max(0, self.flag.findData(chosen)))

    def _command(self) -> ClearFlag | None:
        if self.flag.currentData() is None:
            self.refuse(t("Somebody has looked at it already."))
            return None
        return ClearFlag(order=self.order.id, flag=self.flag.currentData(), reason=self.reason.currentData())
