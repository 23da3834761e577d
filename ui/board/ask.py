"""What has to be asked before visits are let go of: a line at the foot of the board, never a window over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import theme
from ui.controls.field import Field
from ui.controls.section import label
from ui.limit import limit

_MOST_MIN: Final = 24 * 60


class Ask(QFrame):
    """Lies over the foot of a board while it asks. Emits `left` when it is stepped back from, not when answered."""

    left = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("board_ask")
        self._said = label("", "strong", wrap=True)
        self._said.setObjectName("board_ask_said")
        self.reason = Field()
        limit(self.reason, "override_reason")
        self.reason.setObjectName("board_reason")
        self.reason.setPlaceholderText(t("Reason, kept in the audit"))
        self.reason.setAccessibleName(t("Reason for overriding"))
        self.minutes = QSpinBox()
        self.minutes.setObjectName("board_minutes")
        self.minutes.setRange(-_MOST_MIN, _MOST_MIN)
        self.minutes.setSingleStep(15)
        self.minutes.setPrefix("+")
        self.minutes.setSuffix(t(" min"))
        self.minutes.setAccessibleName(t("Minutes later, below zero earlier"))
        self.minutes.valueChanged.connect(lambda value: self.minutes.setPrefix("+" if value >= 0 else ""))
        self._go, self._also, self._back = QPushButton(), QPushButton(), QPushButton(t("Leave it"))
        for button, called in (
            (self._go, "board_go"),
            (self._also, "board_also"),
            (self._back, "board_back"),
        ):
            button.setObjectName(called)
            button.setAutoDefault(True)
        self._do: Callable[[], object] = lambda: None
        self._do_also: Callable[[], object] = lambda: None
        self._go.clicked.connect(lambda: self._answer(self._do))
        self._also.clicked.connect(lambda: self._answer(self._do_also))
        self._back.clicked.connect(self.step_back)
        self.reason.returnPressed.connect(self._go.click)
        self._lay_out()
        over.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        look = theme.current()
        row = QHBoxLayout()
        row.setSpacing(look.space(2))
        row.addWidget(self.reason, 1)
        row.addWidget(self.minutes)
        row.addStretch()
        for button in (self._go, self._also, self._back):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.addWidget(self._said)
        column.addLayout(row)

    # ------------------------------------------------------------ asking
    def for_reason(self, said: str, do: Callable[[str], object]) -> None:
        """Why a supervisor lets rules go."""

        def answered() -> None:
            if words := self.reason.text().strip():
                self.close_quietly()
                do(words)
            else:
                self.reason.setFocus()

        self._open(said, t("Do it all the same"), "danger", answered)
        self.reason.clear()
        self.reason.show()
        self.reason.setFocus()

    def for_consent(self, said: str, change: Callable[[], object] | None, move: Callable[[], object]) -> None:
        """Whether the promise moves as well, or stays while the visit is moved."""
        if change is None:
            self._open(said, t("Move all the same"), "primary", move)
        else:
            self._open(said, t("The customer agrees: change the appointment…"), "primary", change)
            self._also.setText(t("Move all the same"))
            self._do_also = move
            self._also.show()
        self._go.setFocus()

    def for_minutes(self, said: str, do: Callable[[int], object]) -> None:
        """By how much visits are moved."""

        def answered() -> None:
            if minutes := self.minutes.value():
                self.close_quietly()
                do(minutes)

        self._open(said, t("Move##visits"), "primary", answered)
        self.minutes.setValue(15)
        self.minutes.show()
        self.minutes.setFocus()
        self.minutes.selectAll()

    def _open(self, said: str, go: str, kind: str, do: Callable[[], object]) -> None:
        for each in (self.reason, self.minutes, self._also):
            each.hide()
        self._said.setText(said)
        self._go.setText(go)
        self._go.setProperty("kind", kind)
        self._go.style().unpolish(self._go)
        self._go.style().polish(self._go)
        self._do = do
        self.show()
        self._place()
        self.raise_()

    @property
    def asks(self) -> bool:
        """Whether an answer is waited for."""
        return self.isVisibleTo(self._over)

    def _answer(self, do: Callable[[], object]) -> None:
        if not self.reason.isVisibleTo(self) and not self.minutes.isVisibleTo(self):
            self.close_quietly()
        do()

    def close_quietly(self) -> None:
        """The question is answered, or void."""
        self.hide()

    def step_back(self) -> None:
        """No answer: nothing happens."""
        if self.asks:
            self.hide()
            self.left.emit()

    # ------------------------------------------------------------ where it lies
    def _place(self) -> None:
        over = self._over
        gap = theme.current().space(3)
        width = min(over.width() - 2 * gap, theme.current().px(860))
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((over.width() - width) // 2, over.height() - self.height() - gap - theme.current().px(16))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() is QEvent.Type.Resize and self.asks:
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.minutes.isVisibleTo(self):
            self._go.click()
        else:
            super().keyPressEvent(event)
