"""A masked value with "reveal…": asks why, shows it for half a minute, masks it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.field import Field
from ui.controls.section import label
from ui.limit import limit
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

SHOWN_S: Final = 30


class Secret(QWidget):
    """One value of one entity: `show_mask` says which."""

    revealed = Signal()

    def __init__(self, session: Session, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._word = session, word
        self._kind = self._id = self._field = self._mask = ""
        self._left = 0
        self._asking = Latest(self)
        self._value = label("")
        self._value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._rest = label("", "small")
        self._button = QPushButton(t("Reveal…"))
        self._button.setProperty("kind", "link")
        self._button.setProperty("compact", True)
        self._button.setAccessibleName(t("Reveal {what}", what=word))
        self._button.clicked.connect(self.ask)
        self._reason = Reason()
        limit(self._reason, "reveal_reason")
        self._reason.setPlaceholderText(t("Why do you need it? Enter shows it for {n} s", n=SHOWN_S))
        self._reason.setAccessibleName(t("Reason for revealing {what}", what=word))
        self._reason.returnPressed.connect(self._on_reason)
        self._reason.left.connect(self._reason.hide)
        self._reason.hide()
        self._error = label("", "error", wrap=True)
        self._error.hide()
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._on_second)
        self._lay_out()

    def show_mask(self, kind: str, id: str, field: str, mask: str) -> None:
        """Which value of which entity stands here; a revealed one stays while it is the same."""
        if (kind, id, field) != (self._kind, self._id, self._field):
            self._asking.forget()
            self._reason.clear()
            self._reason.hide()
            self._error.hide()
            self._left = 0
        self._kind, self._id, self._field, self._mask = kind, id, field, mask
        if not self._left:
            self._hide_again()
        self._button.setVisible(
            bool(mask) and not self._left and role.holds(self._session.actor, role.REVEALS)
        )

    def ask(self) -> None:
        """Ask for the reason."""
        self._reason.show()
        self._reason.setFocus()

    def _on_reason(self) -> None:
        reason = self._reason.text().strip()
        if not reason:
            return
        self._reason.setEnabled(False)

        async def ask() -> tuple[str, str]:
            try:
                return await self._session.reveal(self._kind, self._id, self._field, reason), ""
            except Offline:
                return "", t("Only the server knows it, and it can't be reached now.")
            except Rejected as rejected:
                return "", name.refusal(self._session, rejected)

        self._asking.ask(ask(), self._on_answer)

    def _on_answer(self, answer: tuple[str, str]) -> None:
        value, refused = answer
        self._reason.setEnabled(True)
        self._error.setText(refused)
        self._error.setVisible(bool(refused))
        if refused:
            self._reason.setFocus()
            return
        self._reason.clear()
        self._reason.hide()
        self._button.hide()
        self._value.setText(format.phone(value) if self._field == "phone" else value)
        self._value.setAccessibleName(f"{self._word}: {value}")
        self._left = SHOWN_S
        self._second.start()
        self._on_second(0)
        self.revealed.emit()

    def _on_second(self, step: int = 1) -> None:
        self._left -= step
        self._rest.setText(t("{n} s", n=self._left))
        if self._left <= 0:
            self._left = 0
            self._hide_again()
            self._button.show()

    def _hide_again(self) -> None:
        self._second.stop()
        self._rest.clear()
        self._value.setText(self._mask)
        self._value.setAccessibleName(t("{what}, masked", what=self._word))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(2))
        for part in (self._value, self._rest, self._button):
            row.addWidget(part)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(1))
        column.addLayout(row)
        column.addWidget(self._reason)
        column.addWidget(self._error)

    def value_label(self) -> QLabel:
        """Where the value stands."""
        return self._value


class Reason(Field):
    """A line for why somebody needs to see something; `left` by Escape."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.composing:
            self.left.emit()
        else:
            super().keyPressEvent(event)
