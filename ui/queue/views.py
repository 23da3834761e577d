"""The saved views of the queue with their counts, one button each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from dispatcher_app.text import t
from ui import format, theme
from ui.models.counts import VIEWS


class ViewBar(QWidget):
    """Emits `view_chosen` with the view's code."""

    view_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(0.5))
        for code in VIEWS:
            self._buttons[code] = button = QToolButton()
            button.setObjectName(f"view_{code}")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, code=code: self.view_chosen.emit(code))
            self._group.addButton(button)
            row.addWidget(button)
        row.addStretch()
        self.say({})

    def check(self, code: str | None) -> None:
        """Show which view is seen; None while a search looks through all of them."""
        self._group.setExclusive(False)
        for known, button in self._buttons.items():
            button.setChecked(known == code)
        self._group.setExclusive(code is not None)

    def say(self, counts: Mapping[str, int]) -> None:
        """Write the counts beside the names."""
        for code, button in self._buttons.items():
            count = counts.get(code)
            said = t(VIEWS[code])
            button.setText(said if count is None else f"{said} {format.count(count)}")
            button.setAccessibleName(button.text())
