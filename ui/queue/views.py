"""The saved views of the queue with their counts: a button each for the daily ones, the others in a menu."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from dispatcher_app.text import t
from ui import format, theme
from ui.models.counts import RARE, VIEWS


class ViewBar(QWidget):
    """Emits `view_chosen` with the view's code."""

    view_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._rare: dict[str, QAction] = {}
        self._counts: Mapping[str, int] = {}
        self._seen: str | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(0.5))
        for code in VIEWS:
            if code in RARE:
                continue
            self._buttons[code] = button = QToolButton()
            button.setObjectName(f"view_{code}")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, code=code: self.view_chosen.emit(code))
            self._group.addButton(button)
            row.addWidget(button)
        self.more = QToolButton()
        self.more.setObjectName("view_more")
        self.more.setCheckable(True)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._group.addButton(self.more)
        menu = QMenu(self.more)
        for code in RARE:
            self._rare[code] = action = QAction(menu)
            action.setObjectName(f"view_{code}")
            action.setCheckable(True)
            action.triggered.connect(lambda _checked, code=code: self.view_chosen.emit(code))
            menu.addAction(action)
        self.more.setMenu(menu)
        row.addWidget(self.more)
        row.addStretch()
        self.say({})

    def check(self, code: str | None) -> None:
        """Show which view is seen; None while a search looks through all of them."""
        self._seen = code
        self._group.setExclusive(False)
        for known, button in self._buttons.items():
            button.setChecked(known == code)
        for known, action in self._rare.items():
            action.setChecked(known == code)
        self.more.setChecked(code in RARE)
        self._group.setExclusive(code is not None and code not in RARE)
        self._name_more()

    def say(self, counts: Mapping[str, int]) -> None:
        """Write the counts beside the names."""
        self._counts = counts
        for code, button in self._buttons.items():
            button.setText(self._said(code))
            button.setAccessibleName(button.text())
        for code, action in self._rare.items():
            action.setText(self._said(code))
        self._name_more()

    def _said(self, code: str) -> str:
        count = self._counts.get(code)
        said = t(VIEWS[code])
        return said if count is None else f"{said} {format.count(count)}"

    def _name_more(self) -> None:
        """The button says which of its views is seen."""
        self.more.setText(self._said(self._seen) if self._seen in RARE and self._seen else t("More##views"))
        self.more.setAccessibleName(self.more.text())
