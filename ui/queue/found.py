"""Old orders that only the server has, found by a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import format, name
from ui.controls.section import label
from ui.models import column

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_ROW: Final = Qt.ItemDataRole.UserRole


class FoundOnServer(QWidget):
    """One line an order; Enter or a click opens it (its row is emitted)."""

    order_opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._list = QListWidget()
        self._list.setObjectName("found_on_server")
        self._list.setAccessibleName(t("Found on the server"))
        self._list.itemActivated.connect(lambda item: self.order_opened.emit(item.data(_ROW)))
        self._list.itemClicked.connect(lambda item: self.order_opened.emit(item.data(_ROW)))
        self._head = label("", "muted")
        whole = QVBoxLayout(self)
        whole.addWidget(self._head)
        whole.addWidget(self._list, 1)

    def show_rows(self, rows: list[OrderRow]) -> None:
        """Show what was found."""
        self._head.setText(t("{n} found on the server", n=format.count(len(rows))))
        self._list.clear()
        timezone, now = name.timezone(self._session), self._session.now()
        for row in rows:
            said = (row.number, name.status(row.status), format.day(row.created_at, now, timezone), row.name)
            item = QListWidgetItem("  ·  ".join((*said, row.compound, column.repair(self._session, row))))
            item.setData(_ROW, row)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
