"""A picture that stands still for weeks burns in: everything moves a little, and nobody sees it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QRect, QTimer, Signal

PIXELS: Final = 4
"""How far things move to each side."""
_STEP_MS: Final = 60_000
_WAY: Final = ((0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))


class Drift(QObject):
    """Emits `moved` when the place of everything is another one."""

    moved = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._at = 0
        timer = QTimer(self, interval=_STEP_MS)
        timer.timeout.connect(self.step)
        timer.start()

    def step(self) -> None:
        """Move on."""
        self._at = (self._at + 1) % len(_WAY)
        self.moved.emit()

    def place(self, whole: QRect) -> QRect:
        """Where things stand now: always of one size, so that nothing has to be laid out anew."""
        x, y = _WAY[self._at]
        return whole.adjusted(PIXELS, PIXELS, -PIXELS, -PIXELS).translated(x * PIXELS, y * PIXELS)
