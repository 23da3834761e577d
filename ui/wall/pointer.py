"""The pointer disappears from a wall a few seconds after somebody has moved it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication

_LOOK_MS: Final = 250
_REST_LOOKS: Final = 12


class Pointer(QObject):
    """Hides it while it rests over one of the wall's windows (`over` says so).

    It looks where the pointer is: a filter for all events of the application, in Python, ends the process as soon as
    the map's web engine makes objects in threads of its own.
    """

    def __init__(self, over: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._over = over
        self.hidden = False
        self._at, self._rested = QCursor.pos(), 0
        look = QTimer(self, interval=_LOOK_MS)
        look.timeout.connect(self._look)
        look.start()

    def hide(self) -> None:
        """Nobody has moved it for a while."""
        if not self.hidden and self._over():
            self.hidden = True
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)

    def show(self) -> None:
        """Somebody moves it, or the wall ends."""
        self._rested = 0
        if self.hidden:
            self.hidden = False
            QGuiApplication.restoreOverrideCursor()

    def _look(self) -> None:
        if (at := QCursor.pos()) != self._at:
            self._at = at
            self.show()
        elif self._rested < _REST_LOOKS:
            self._rested += 1
        else:
            self.hide()
