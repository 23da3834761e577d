"""The board's tab: dates, grouping and filters above, the board below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.board.schedule import Schedule
from ui.board.view import BoardView

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class BoardPanel(QWidget):
    """Emits what is chosen or opened on the board."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)
    technician_opened = Signal(str)

    def __init__(self, session: Session, *, read_only: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.read_only = read_only
        self.setObjectName("board_panel")
        self.schedule = Schedule(session, self)
        self.view = BoardView(self.schedule)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.view.order_chosen.connect(self.order_chosen)
        self.view.order_opened.connect(self.order_opened)
        self.view.technician_chosen.connect(self.technician_chosen)
        self.view.technician_opened.connect(self.technician_opened)
        self.schedule.reload()

    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere."""
        self.view.show_order(id)

    def show_technician(self, id: str | None) -> None:
        """The technician who is looked at everywhere."""
        self.view.show_technician(id)
