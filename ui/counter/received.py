"""It is received: the number, the shelf, and the papers with one key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import icons, theme
from ui.controls.section import label


class Received(QFrame):
    """Shown at once after Ctrl+Enter, in place of the column."""

    print_wanted = Signal()
    renewed = Signal()

    def __init__(self) -> None:
        super().__init__()
        look = theme.current()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._picture = label("")
        self._kind = label("", "muted")
        self.number = label("", "number")
        self.number.setObjectName("received_number")
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._shelf = label("", "title")
        self.state = label("", "muted", wrap=True)
        self._print = QPushButton(t("Print receipt and label") + "  ⏎")
        self._print.setObjectName("received_print")
        self._print.setProperty("kind", "primary")
        self._new = QPushButton(t("Next device") + "  F6")
        for button in (self._print, self._new):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._print.clicked.connect(self.print_wanted)
        self._new.clicked.connect(self.renewed)
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        head.addWidget(self._picture)
        head.addWidget(self._kind, 1)
        keys = QHBoxLayout()
        keys.addWidget(self._print)
        keys.addWidget(self._new)
        keys.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(*(look.space(4),) * 4)
        column.setSpacing(look.space(2))
        column.addLayout(head)
        for part in (self.number, self._shelf, self.state):
            column.addWidget(part)
        column.addSpacing(look.space(4))
        column.addLayout(keys)
        column.addStretch()

    def show_order(self, order: Order, *, waiting: bool, offline: bool) -> None:
        """Show an order; `waiting` while the server has not answered."""
        temporary = order.number == order.temporary_number
        self._picture.setPixmap(
            icons.pixmap(*(("pending_sync", "amber") if waiting else ("success", "green")))
        )
        said = t("Temporary number, good for searching for ever") if temporary else t("Received##counter")
        self._kind.setText(said)
        self.number.setText(order.number)
        shelf = order.device.shelf if order.device else ""
        self._shelf.setText(t("Shelf {shelf}", shelf=shelf) if shelf else t("Not on a shelf yet"))
        if offline:
            self.state.setText(
                t(
                    "Offline: it is kept here and sent later. The receipt says that the code follows by message."
                )
            )
        else:
            self.state.setText(t("Waiting for the server…") if waiting else "")
        self.state.setVisible(bool(self.state.text()))
        self.setAccessibleName(f"{self._kind.text()} {order.number}. {self._shelf.text()}")
