"""Garbage is collected in Qt's thread only.

Python collects cycles in whatever thread happens to allocate. A widget that dies in a worker's thread takes
its timers and children with it there, which Qt answers with warnings or a crash.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 500


class Garbage(QObject):
    """Collects when Python would have, a little later and in this thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._due = QTimer(self, interval=_EVERY_MS)
        self._due.timeout.connect(self.collect)

    def start(self) -> None:
        """From now on no other thread collects."""
        gc.disable()
        self._due.start()

    def stop(self) -> None:
        """As Python does it again."""
        self._due.stop()
        gc.enable()

    def collect(self) -> None:
        """Collect the oldest generation whose time has come."""
        over = [at for at, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
                if count > limit]  # fmt: skip
        if over:
            gc.collect(max(over))
