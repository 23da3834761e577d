"""One step of the column: a title at the left, the field, and what is wrong with it below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.booking.form import Form
from ui.controls.picker import Entry
from ui.controls.section import label
from ui.limit import limit

TITLE_PX: Final = 68


class Step(QWidget):
    """What every step can do; the panel moves the focus, the step keeps the draft."""

    finished = Signal()
    grown = Signal()

    def __init__(self, form: Form, name: str, title: str) -> None:
        super().__init__()
        look = theme.current()
        self.form, self.name, self.active = form, name, False
        self._title = label(title, "section")
        self._title.setFixedWidth(look.px(TITLE_PX))
        self._title.setMinimumHeight(look.control_height)
        self._problem = label("", "error", wrap=True)
        self._problem.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._problem.hide()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(look.space(1))
        right = QVBoxLayout()
        right.setSpacing(look.space(1))
        right.addLayout(self.body)
        right.addWidget(self._problem)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.space(2))
        row.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(right, 1)
        self.setAccessibleName(title)
        self.setObjectName(f"step-{name}")

    def applies(self) -> bool:
        """Whether this call needs the step at all."""
        return True

    def target(self) -> QWidget:
        """What gets the focus when the step is entered."""
        raise AssertionError(f"{self.name} has nothing to enter")

    def commit(self, *, more: bool = False) -> bool:
        """Take what is typed or highlighted, Enter having been pressed; False stays here."""
        return True

    def settle(self) -> bool:
        """Take what was typed when booking from anywhere: never a choice that nobody made."""
        return True

    def back(self) -> bool:
        """One step back within this step; False where there is none."""
        return False

    def set_active(self, active: bool) -> None:
        """The focus came or went."""
        self.active = active
        self.refresh(frozenset())

    def refresh(self, touched: frozenset[str]) -> None:
        """Show the draft; `touched` names the fields that changed."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.active and event.size().height() > event.oldSize().height():
            self.grown.emit()

    def say(self, problem: str | None) -> None:
        """Say beside the field what is wrong; None takes it back."""
        self._problem.setText(problem or "")
        self._problem.setVisible(bool(problem))
        for field in self.findChildren(Entry):
            field.set_invalid(problem)

    @property
    def problem(self) -> str:
        """What is said to be wrong."""
        return "" if self._problem.isHidden() else self._problem.text()


class Summary(QLabel):
    """What was chosen, while its step is not the active one; a click goes back there."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMinimumHeight(theme.current().control_height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        event.accept()

    def show_choice(self, chosen: str, otherwise: str) -> None:
        """Say what was chosen, or in quiet type what to do."""
        self.setText(chosen or otherwise)
        role = "" if chosen else "muted"
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)


class TextStep(Step):
    """A step that is one line of text of the draft."""

    def __init__(self, form: Form, name: str, title: str, field: str, hint: str = "") -> None:
        super().__init__(form, name, title)
        self._field = field
        self.entry = Entry()
        limit(self.entry, field)
        self.entry.setPlaceholderText(hint)
        self.entry.setAccessibleName(title)
        self.entry.textEdited.connect(self._on_edited)
        self.body.addWidget(self.entry)

    def target(self) -> QWidget:
        return self.entry

    def typed(self) -> str:
        """What the draft holds."""
        return str(getattr(self.form.draft, self._field))

    def store(self, text: str) -> None:
        """Put what is typed into the draft."""
        self.form.change(**{self._field: text})

    def refresh(self, touched: frozenset[str]) -> None:
        if self.entry.text() != self.typed() and not self.entry.composing:
            self.entry.setText(self.typed())

    def _on_edited(self, text: str) -> None:
        self.say(None)
        self.store(text)
