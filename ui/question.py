"""A question beside what it is about: fields, what it will do, and one button; Escape steps back without losing it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.state import Outcome, Refused
from dispatcher_app.domain.act import Rejected
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.field import Field
from ui.controls.section import label
from ui.submit import awaited, submit, tell
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.client.state import Submission

_WORD_PX = 64
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CHOOSE = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class Question(QFrame):
    """The frame of a question. It sets `ask` to what makes the command (None: not ready).

    `fields` are those that a refusal may be about, by their names in the command. `touched` tells that somebody has
    typed or chosen something. `typed` is emitted with every key and choice, `left` when it was answered or stepped
    back from.
    """

    left = Signal()
    typed = Signal()

    def __init__(self, session: Session, title: str, go: str, kind: str = "primary") -> None:
        super().__init__()
        self.session = session
        self.ask: Callable[[], Any | None] = lambda: None
        self.answered = False
        self.touched = False
        self.fields: dict[str, Field] = {}
        self._sending = Latest(self)
        look = theme.current()
        self.setProperty("panel", "surface")
        self.body = QVBoxLayout()
        self.body.setSpacing(look.space(2))
        self._error = label("", "error", wrap=True)
        self._error.setObjectName("form_error")
        self._error.hide()
        self.go = QPushButton(go)
        self.go.setObjectName("form_go")
        self.go.setProperty("kind", kind)
        self.go.clicked.connect(self.submit)
        self._back = QPushButton(t("Back"))
        self._back.setProperty("kind", "quiet")
        self._back.clicked.connect(self.left)
        buttons = QHBoxLayout()
        buttons.setSpacing(look.space(2))
        buttons.addWidget(self.go)
        buttons.addWidget(self._back)
        buttons.addStretch()
        buttons.addWidget(label(t("Ctrl+Enter · Esc back"), "small"))
        self._whole = whole = QVBoxLayout(self)
        whole.setContentsMargins(*(look.space(3),) * 4)
        whole.setSpacing(look.space(2))
        whole.addWidget(label(title, "strong"))
        whole.addLayout(self.body)
        whole.addWidget(self._error)
        whole.addLayout(buttons)
        self.setAccessibleName(title)

    def showEvent(self, event: QShowEvent) -> None:
        for part in self.findChildren(QWidget):
            if part is not self.go and part is not self._back:
                part.installEventFilter(self)  # once, however often it is asked for
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        answers = _answers(watched, event)
        self.touched = self.touched or answers
        if answers:
            self.typed.emit()
        # A button is still under the pointer when it is let go: what is said above it goes only then.
        let_go = event.type() is QEvent.Type.MouseButtonRelease
        if let_go if isinstance(watched, QAbstractButton) else answers:
            self.refuse("")
        return super().eventFilter(watched, event)

    def submit(self) -> None:
        """Do what the form says; a refusal is said in it, also one that only the server knows of."""
        if self._sending.busy:
            return
        self.refuse("")
        command = self.ask()
        made = submit(self.session, command, self._refuse, asking=True) if command is not None else None
        if made is None:
            return
        if awaited(self.session, made):
            self.go.setEnabled(False)
            self._sending.ask(_answer(made), lambda outcome: self._on_answer(made, outcome))
            return
        self._leave()

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Say why it can't be done, below the field that it is about where that is one of `fields`."""
        beside = self.fields.get(field or "") if sentence else None
        for each in self.fields.values():
            if each is not beside and each.property("invalid") == "true":
                each.set_invalid(None)
        if beside is not None:
            self.body.insertWidget(self.body.indexOf(beside) + 1, self._error)
            beside.set_invalid(sentence)
            beside.setFocus()
            beside.selectAll()
        elif sentence:
            self._whole.insertWidget(2, self._error)
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _refuse(self, sentence: str, rejected: Rejected) -> None:
        self.refuse(sentence, rejected.field)

    def _leave(self) -> None:
        self.answered = True
        self.left.emit()

    def _on_answer(self, made: Submission, outcome: Outcome) -> None:
        self.go.setEnabled(True)
        if not isinstance(outcome, Refused):
            self._leave()
            return
        said = name.refusal(self.session, outcome.refusal)
        if any(parked.act == made.act for parked in self.session.parked):
            self._leave()  # what wants a decision has a card of its own
        elif self.isVisible():
            self.refuse(said, outcome.refusal.field)
        else:
            tell(self.session, made.command, said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in _ENTER and control:
            self.submit()
        else:
            super().keyPressEvent(event)


async def _answer(made: Submission) -> Outcome:
    """What the server says; the act goes on whoever waits for it."""
    return await asyncio.shield(made.outcome)


def _answers(part: QObject, event: QEvent) -> bool:
    """Whether an event at a part of a form types or chooses something."""
    if isinstance(event, QInputMethodEvent):
        return bool(event.commitString())
    if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
        return event.key() in _CHOOSE or (event.text().isprintable() and bool(event.text()))
    pressed = event.type() is QEvent.Type.MouseButtonPress
    return pressed and not isinstance(part, (QLineEdit, QLabel, QFrame))


def row_of(*parts: QWidget | str) -> QHBoxLayout:
    """Words and fields side by side."""
    row = QHBoxLayout()
    look = theme.current()
    row.setSpacing(look.space(2))
    for at, part in enumerate(parts):
        if isinstance(part, QComboBox):
            part.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            part.setMinimumContentsLength(4)
        word = label(part, "muted") if isinstance(part, str) else part
        if isinstance(word, QLabel):
            if not at:  # the fields of a form begin at one line
                word.setMinimumWidth(look.px(_WORD_PX))
            row.addWidget(word)
        else:
            row.addWidget(word, 1)
    return row
