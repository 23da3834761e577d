"""The inspector's place: beside the others where there is room, else a drawer over the middle."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from ui import theme

DRAWER_BELOW: Final = 1600
"""Narrower windows show the inspector as a drawer over the middle."""
_WIDTH_PX: Final = 420
_STRIP_PX: Final = 120


class Place:
    """Where a panel is shown: the last part of a splitter, or over it at its right edge."""

    def __init__(self, panel: QWidget, split: QSplitter) -> None:
        self._panel, self._split = panel, split
        self.drawer = self._away = False

    def leave(self) -> None:
        """The panel has gone into a window of its own."""
        self._away, self.drawer = True, False

    def come_back(self) -> None:
        """It stands in the splitter again."""
        self._away = False

    def arrange(self, width: int) -> bool:
        """Choose by the window's width; whether that has changed."""
        if self._away:
            return False
        changed = (width < DRAWER_BELOW) != self.drawer
        if changed:
            held: QWidget | None = QApplication.focusWidget()
            held = held if held is not None and self._panel.isAncestorOf(held) else None
            self.drawer = not self.drawer
            if self.drawer:
                self._panel.setParent(self._split.parentWidget())
                self._panel.hide()
            else:
                self._split.addWidget(self._panel)
                self._panel.show()
                if held is not None:
                    held.setFocus()  # a new parent takes it away
        self._put()
        return changed

    def show(self, shown: bool) -> None:
        """Open the drawer or put it away; a panel beside the others stays."""
        self._panel.setVisible(shown or not self.drawer)
        if shown:
            self._put()
            self._panel.raise_()

    def _put(self) -> None:
        if self.drawer:
            look, area = theme.current(), self._split.geometry()
            width = min(look.px(_WIDTH_PX), area.width() - look.px(200))
            # A strip of the middle that is too narrow to read would only look like a mistake.
            first = self._split.widget(0)
            beside = area.width() - first.geometry().right() - 1 if first else 0
            if width < beside < width + look.px(_STRIP_PX):
                width = beside
            self._panel.setGeometry(area.right() - width + 1, area.top(), width, area.height())
