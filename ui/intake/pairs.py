"""Fields with values that a person types: fixed values, and which rows are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from dispatcher_app.intake.columns import FIELDS
from dispatcher_app.text import t
from ui import icons, theme
from ui.controls.field import Field
from ui.intake import field
from ui.intake.columns import StillCombo


@dataclass(frozen=True, slots=True)
class _Line:
    """One field with its value."""

    whole: QWidget
    field: QComboBox
    value: Field
    remove: QToolButton


class Pairs(QWidget):
    """Lines of a field and its text; emits `changed` when one is finished or taken away."""

    changed = Signal()

    def __init__(self, add: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = hint
        self._lines: list[_Line] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.current().space(1))
        self.add = QPushButton(icons.icon("add"), add)
        self.add.setProperty("kind", "quiet")
        self.add.clicked.connect(lambda: self._append("", ""))
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show these instead."""
        for line in tuple(self._lines):
            self._drop(line)
        for name, value in values.items():
            self._append(name, value)

    def values(self) -> dict[str, str]:
        """Field → text, of the lines that are filled in."""
        return {
            line.field.currentData(): line.value.text().strip()
            for line in self._lines
            if line.field.currentData() and line.value.text().strip()
        }

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self.add.setIcon(icons.icon("add"))
            for line in self._lines:
                line.remove.setIcon(icons.icon("close", "muted"))
        super().changeEvent(event)

    def _append(self, name: str, value: str) -> None:
        line = _Line(QWidget(), StillCombo(), Field(value), QToolButton())
        line.field.addItem(t("choose a field"), "")
        for each in FIELDS:
            line.field.addItem(field.name(each), each)
        line.field.setCurrentIndex(max(line.field.findData(name), 0))
        line.field.setAccessibleName(t("Field"))
        line.value.setPlaceholderText(self._hint)
        line.value.setAccessibleName(self._hint)
        line.remove.setIcon(icons.icon("close", "muted"))
        line.remove.setAccessibleName(t("Take away##import"))
        row = QHBoxLayout(line.whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(1))
        row.addWidget(line.field, 2)
        row.addWidget(line.value, 3)
        row.addWidget(line.remove)
        self._lines.append(line)
        self._column.insertWidget(self._column.count() - 1, line.whole)
        line.field.activated.connect(lambda _index: self.changed.emit())
        line.value.editingFinished.connect(self.changed)
        line.remove.clicked.connect(lambda: self._on_removed(line))

    def _on_removed(self, line: _Line) -> None:
        self._drop(line)
        self.changed.emit()

    def _drop(self, line: _Line) -> None:
        self._lines.remove(line)
        self._column.removeWidget(line.whole)
        line.whole.hide()
        line.whole.deleteLater()
