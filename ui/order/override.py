"""A supervisor lets a rule go for one visit, with a reason that stays in the audit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import AssignTechnician
from dispatcher_app.text import t
from ui import theme
from ui.controls.field import Field
from ui.controls.section import label
from ui.limit import limit
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Override(QFrame):
    """Hidden until an assignment was refused by rules that may be overridden."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._command: AssignTechnician | None = None
        self.reason = Field()
        limit(self.reason, "override_reason")
        self.reason.setObjectName("override_reason")
        self.reason.setPlaceholderText(t("Reason, kept in the audit"))
        self.reason.setAccessibleName(t("Reason for overriding"))
        self.reason.returnPressed.connect(self._on_go)
        self._go = QPushButton(t("Assign all the same"))
        self._go.setProperty("kind", "danger")
        self._go.clicked.connect(self._on_go)
        self._error = label("", "error", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(theme.current().space(2))
        row.addWidget(self.reason, 1)
        row.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._error)
        self._error.hide()
        self.hide()

    def open_for(self, command: AssignTechnician) -> None:
        """Ask for the reason to do this command in spite of the rules."""
        self._command = command
        self._error.hide()
        self.show()
        self.reason.setFocus()

    def close_quietly(self) -> None:
        """Another order is looked at: the question is void."""
        self._command = None
        self.reason.clear()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _on_go(self) -> None:
        reason = self.reason.text().strip()
        if self._command is None or not reason:
            self.reason.setFocus()
            return
        if submit(self._session, replace(self._command, override_reason=reason), self._refuse):
            self.close_quietly()

    def _refuse(self, sentence: str, _rejected: Rejected) -> None:
        self._error.setText(sentence)
        self._error.show()
