"""Which pages a wall shows: they turn by themselves until somebody stops them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

PAGES: Final = ("map", "alerts", "board", "figures")
"""In the order in which they turn."""


class Rotation(QObject):
    """Emits `turned` when other pages are shown, or when it stops or goes on."""

    turned = Signal()

    def __init__(self, page_s: int, screens: int, parent: QObject) -> None:
        super().__init__(parent)
        self._screens = max(1, screens)
        self._first = 0
        self._timer = QTimer(self, interval=page_s * 1000)
        self._timer.timeout.connect(lambda: self.step(1))
        self._paused = False
        self._begin()

    @property
    def paused(self) -> bool:
        """Whether somebody has stopped it."""
        return self._paused

    @property
    def still(self) -> bool:
        """Whether there is nothing to turn: a screen for every page."""
        return self._screens >= len(PAGES)

    def page(self, screen: int = 0) -> str:
        """What a screen shows."""
        return PAGES[(self._first + screen) % len(PAGES)]

    def step(self, direction: int) -> None:
        """Turn by as many pages as there are screens."""
        if not self.still:
            self._show((self._first + direction * self._screens) % len(PAGES))

    def choose(self, page: str, screen: int = 0) -> None:
        """Show a page on a screen, and stop there until somebody lets it go on."""
        self._paused = True
        self._show((PAGES.index(page) - screen) % len(PAGES))

    def pause(self, paused: bool) -> None:
        """Stop, or go on."""
        self._paused = paused
        self._begin()
        self.turned.emit()

    def rest(self) -> None:
        """Somebody is at it: count the page's seconds anew."""
        self._begin()

    def _show(self, first: int) -> None:
        self._first = first
        self._begin()
        self.turned.emit()

    def _begin(self) -> None:
        if self._paused or self.still:
            self._timer.stop()
        else:
            self._timer.start()
