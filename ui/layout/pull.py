"""A tab that is pulled out of its row by the mouse."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabBar

from ui import theme

_AWAY_PX: Final = 24
"""So far from the row nobody comes by mistake."""


class Pull(QObject):
    """Emits `pulled` with the place of the tab and where on the desktop the mouse is, once a pull."""

    pulled = Signal(int, QPoint)

    def __init__(self, bar: QTabBar) -> None:
        super().__init__(bar)
        self._bar, self._at = bar, -1
        bar.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            kind, where = event.type(), event.position().toPoint()
            if kind is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
                self._at = self._bar.tabAt(where)
            elif kind is QEvent.Type.MouseButtonRelease:
                self._at = -1
            elif kind is QEvent.Type.MouseMove and self._at >= 0:
                self._on_move(where)
        return super().eventFilter(watched, event)

    def _on_move(self, where: QPoint) -> None:
        away = theme.current().px(_AWAY_PX)
        if not self._bar.rect().adjusted(-away, -away, away, away).contains(where):
            at, self._at = self._at, -1
            self.pulled.emit(at, self._bar.mapToGlobal(where))
