"""Two columns: what it is, and what it says. Only what has changed is drawn anew."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from ui import theme
from ui.controls.section import label


class Facts(QWidget):
    """Rows by a code; `say` writes one, an empty text hides it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme.current()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.space(3))
        self._grid.setVerticalSpacing(look.space(1))
        self._grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QLabel, QLabel]] = {}

    def add(self, code: str, word: str, beside: QWidget | None = None) -> QLabel:
        """One more row; `beside` stands at its right end."""
        row = self._grid.rowCount()
        key, value = label(word, "muted"), label("", wrap=True)
        key.setAlignment(Qt.AlignmentFlag.AlignTop)
        key.setMinimumWidth(theme.current().px(60))
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        value.setObjectName(f"fact_{code}")
        key.setBuddy(value)
        self._grid.addWidget(key, row, 0)
        self._grid.addWidget(value, row, 1)
        if beside is not None:
            self._grid.addWidget(beside, row, 2, Qt.AlignmentFlag.AlignTop)
        self._rows[code] = key, value
        return value

    def add_widget(self, word: str, widget: QWidget) -> None:
        """A row whose value is a widget."""
        row = self._grid.rowCount()
        key = label(word, "muted")
        key.setMinimumWidth(theme.current().px(60))
        key.setBuddy(widget)
        self._grid.addWidget(key, row, 0)
        self._grid.addWidget(widget, row, 1, 1, 2)

    def show_widget(self, widget: QWidget, shown: bool) -> None:
        """Show or hide the row of a widget, its word included."""
        row = self._grid.getItemPosition(self._grid.indexOf(widget))
        key = self._grid.itemAtPosition(int(row[0]), 0)  # type: ignore[index]
        widget.setVisible(shown)
        if key is not None and (word := key.widget()):
            word.setVisible(shown)

    def say(self, code: str, text: str, role: str = "") -> None:
        """Write a value in one of the sheet's roles."""
        key, value = self._rows[code]
        key.setVisible(bool(text))
        value.setVisible(bool(text))
        if value.text() != text:
            value.setText(text)
            value.setAccessibleName(f"{key.text()}: {text}")
        if value.property("role") != role:
            value.setProperty("role", role)
            value.style().unpolish(value)
            value.style().polish(value)
