"""What came in out of sight: a small pill at the upper or lower edge of the list."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from dispatcher_app.text import t
from ui import theme

Edge = Literal["above", "below"]


class EdgePill(QPushButton):
    """ "▲ 3 new above": never takes the focus; a click is for the list to scroll there."""

    def __init__(self, edge: Edge, over: QWidget) -> None:
        super().__init__(over)
        self._edge, self._over = edge, over
        self.setObjectName(f"queue_pill_{edge}")
        self.setProperty("kind", "primary")
        self.setProperty("compact", True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        over.installEventFilter(self)
        self.hide()

    def say(self, count: int) -> None:
        """Show how many there are; none hides it."""
        above = self._edge == "above"
        words = t("▲ {n} new above", n=count) if above else t("▼ {n} new below", n=count)
        self.setText(f"  {words}  ")
        self.setAccessibleName(words)
        self.setVisible(count > 0)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        margin = theme.current().space(2)
        top = margin if self._edge == "above" else self._over.height() - self.height() - margin
        self.move((self._over.width() - self.width()) // 2, top)
        self.raise_()
