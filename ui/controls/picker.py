"""Fields whose Enter, arrows and Escape mean something to the form around them, not to the text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls.choices import Choices
from ui.controls.field import Field
from ui.models.choice import Choice

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Entry(Field):
    """A field; what is not text is left to the form around it, unless an input method composes."""

    moved = Signal(int)
    emptied = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.composing:
            super().keyPressEvent(event)
        elif event.key() in (*_ENTERS, Qt.Key.Key_Escape):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
        else:
            super().keyPressEvent(event)


class Picker(QWidget):
    """A field with a list of proposals below that follows the typing; the focus stays in the field."""

    typed = Signal(str)
    chosen = Signal(object)

    def __init__(self, name: str, hint: str, parent: QWidget | None = None, *, rows: int = 6) -> None:
        super().__init__(parent)
        self.field = Entry()
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(name)
        self.list = Choices(name, rows=rows)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.chosen.connect(self.chosen)
        self.list.hide()
        self.field.textEdited.connect(self.typed)
        self.field.moved.connect(self.list.walk)
        self.setFocusProxy(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self._active = False

    def propose(self, choices: Sequence[Choice], highlight: int | None = 0) -> None:
        """Show these proposals while the field is active."""
        self.list.show_choices(choices, highlight)
        self.list.setVisible(self._active and bool(choices))

    def set_active(self, active: bool) -> None:
        """Show or hide the proposals."""
        self._active = active
        self.list.setVisible(active and bool(self.list.shown))

    def write(self, text: str) -> None:
        """Put text into the field, unless it stands there already or somebody composes in it."""
        if self.field.text() != text and not self.field.composing:
            self.field.setText(text)
