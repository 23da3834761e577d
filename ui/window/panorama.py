"""The wall beside a desk: opened from the palette or by its key, left with Esc."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from ui.layout.shell import Shell

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from ui.wall.wall import Wall


class Panorama(QObject):
    """The wall takes the screens that the desk is not on; with one screen it covers the desk."""

    def __init__(self, session: Session, settings: QSettings, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._settings, self._window = session, settings, window
        self.wall: Wall | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {"wall": self.open}

    def open(self) -> None:
        """Show the wall, or leave it."""
        if self.wall is not None:
            self.close()
            return
        from ui.wall.wall import Wall

        self.wall = wall = Wall(self._session, self._settings, self._screens(), self, leaves=True)
        for done in (wall.left, wall.quit_wanted, wall.log_out_wanted):
            done.connect(self.close, Qt.ConnectionType.QueuedConnection)
        wall.show()

    def _screens(self) -> list[QScreen]:
        """Those on which nobody works; else those beside the desk, else its own."""
        own = self._window.screen()
        others = [each for each in QGuiApplication.screens() if each is not own]
        taken = {shell.screen() for shell in self._window.findChildren(Shell) if shell.isVisible()}
        return [each for each in others if each not in taken] or others or [own]

    def close(self) -> None:
        """Back to the desk alone."""
        if self.wall is not None:
            wall, self.wall = self.wall, None
            wall.close()
            self._window.activateWindow()
