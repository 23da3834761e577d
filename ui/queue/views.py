"""The saved views of the queue with their counts: a button each for the daily ones, the others in a menu.

Where there is little room the last of the daily ones stand in the menu too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
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
        self._listed: dict[str, QAction] = {}
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
        menu = QMenu(self.more)
        for code in (*self._buttons, *RARE):
            self._listed[code] = action = QAction(menu)
            action.setObjectName(f"view_{code}" if code in RARE else f"more_{code}")
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
        for known, action in self._listed.items():
            action.setChecked(known == code)
        self._group.setExclusive(code is not None and code not in RARE)
        self._fit()

    def say(self, counts: Mapping[str, int]) -> None:
        """Write the counts beside the names."""
        self._counts = counts
        for code, button in self._buttons.items():
            button.setText(self._said(code))
            button.setAccessibleName(button.text())
        for code, action in self._listed.items():
            action.setText(self._said(code))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        least = next(iter(self._buttons.values()))
        return QSize(
            least.sizeHint().width() + self.more.sizeHint().width(), super().minimumSizeHint().height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As many buttons as have room, the others in the menu."""
        self._name_more(())
        folded = self._without_room(self.more.sizeHint().width())
        if folded:  # the menu's button may have to name one of them
            folded = self._without_room(max(self.more.sizeHint().width(), self._widest_more()))
        for code, button in self._buttons.items():
            button.setVisible(code not in folded)
            self._listed[code].setVisible(code in folded)
        self._name_more(folded)

    def _without_room(self, menu: int) -> set[str]:
        left, folded = self.width() - menu, set[str]()
        for code, button in self._buttons.items():
            left -= button.sizeHint().width() + theme.current().space(0.5)
            if left < 0:
                folded.add(code)
        return folded

    def _said(self, code: str) -> str:
        count = self._counts.get(code)
        said = t(VIEWS[code])
        return said if count is None else f"{said} {format.count(count)}"

    def _widest_more(self) -> int:
        """The room that the menu's button needs with a longer name in it."""
        names = [self._said(code) for code in self._buttons if code == self._seen]
        extra = self.more.sizeHint().width() - self.more.fontMetrics().horizontalAdvance(self.more.text())
        return extra + max((self.more.fontMetrics().horizontalAdvance(each) for each in names), default=0)

    def _name_more(self, folded: Collection[str]) -> None:
        """The button says which of its views is seen."""
        inside = self._seen is not None and (self._seen in RARE or self._seen in folded)
        self.more.setText(self._said(self._seen) if inside and self._seen else t("More##views"))
        self.more.setAccessibleName(self.more.text())
        self.more.setChecked(inside)
