"""It is booked: the number, the sentence for the caller, and where to go from here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import icons, theme
from ui.controls.section import label


class Done(QFrame):
    """Shown at once after Ctrl+Enter, in place of the column."""

    opened = Signal()
    renewed = Signal()

    def __init__(self) -> None:
        super().__init__()
        look = theme.current()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._picture = label("")
        self._kind = label("", "muted")
        self._number = label("", "number")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._state = label("", "muted", wrap=True)
        self._caption = label(t("Say to the caller"), "section")
        self._sentence = label("", wrap=True)
        self._sentence.setFont(look.font(15))
        self._open = QPushButton(t("Open the order") + "  ⏎")
        self._new = QPushButton(t("New booking") + "  F2")
        for button in (self._open, self._new):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._open.setProperty("kind", "primary")
        self._open.clicked.connect(self.opened)
        self._new.clicked.connect(self.renewed)
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        head.addWidget(self._picture)
        head.addWidget(self._kind, 1)
        keys = QHBoxLayout()
        keys.addWidget(self._open)
        keys.addWidget(self._new)
        keys.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space(4), look.space(4), look.space(4), look.space(4))
        column.setSpacing(look.space(2))
        column.addLayout(head)
        column.addWidget(self._number)
        column.addWidget(self._state)
        column.addSpacing(look.space(3))
        column.addWidget(self._caption)
        column.addWidget(self._sentence)
        column.addSpacing(look.space(4))
        column.addLayout(keys)
        column.addStretch()

    def show_booking(
        self, number: str, sentence: str, *, temporary: bool, waiting: bool, offline: bool
    ) -> None:
        """Show the number and the sentence; `waiting` while the server has not answered."""
        icon, hue = ("pending_sync", "amber") if temporary else ("success", "green")
        self._picture.setPixmap(icons.pixmap(icon, hue))
        if temporary:
            self._kind.setText(t("Temporary number, good for searching for ever"))
        else:
            self._kind.setText(t("Booked##booking"))
        self._number.setText(number)
        if offline:
            self._state.setText(t("Offline: it is kept here and sent as soon as the server answers."))
        else:
            self._state.setText(t("Waiting for the server…") if waiting else "")
        self._state.setVisible(bool(self._state.text()))
        self._sentence.setText(sentence)
        self.setAccessibleName(f"{number}. {sentence}")

    @property
    def number(self) -> str:
        """The number shown."""
        return self._number.text()

    @property
    def sentence(self) -> str:
        """The sentence shown."""
        return self._sentence.text()

    def target(self) -> QWidget:
        """What gets the focus, so that Enter opens the order."""
        return self
