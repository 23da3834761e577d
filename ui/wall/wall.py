"""A wall on all screens of this computer, or on those beside the desk: pages turn together, nothing can be changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

from ui import format, name, theme
from ui.settings import choice
from ui.wall import setting
from ui.wall.drift import Drift
from ui.wall.news import News
from ui.wall.pointer import Pointer
from ui.wall.rotation import Rotation
from ui.wall.size import diagonal_of, scale_of
from ui.wall.window import WallWindow

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_LOOK_MS = 60_000


class Wall(QObject):
    """Emits `left` when somebody goes back to the desk, else what its windows do; `leaves` says that there is a desk.

    A wall beside a desk looks as the desk does; one by itself is light or dark by the time of day.
    """

    left = Signal()
    quit_wanted = Signal()
    log_out_wanted = Signal()
    log_in_wanted = Signal()

    def __init__(
        self, session: Session, settings: QSettings, screens: Sequence[QScreen] | None = None,
        parent: QObject | None = None, *, leaves: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.session, self._leaves, self._kept = session, leaves, settings
        self.settings = setting.read(settings)
        shown = list(screens or QGuiApplication.screens())
        if self.settings.one_screen:
            del shown[1:]
        self.news = News(session, self)
        self.rotation = Rotation(self.settings.page_s, len(shown), self)
        self.drift = Drift(self)
        self.pointer = Pointer(self._under_pointer, self)
        self.windows = [self._window(at, screen) for at, screen in enumerate(shown)]
        if not leaves:
            self.dress()
            minute = QTimer(self, interval=_LOOK_MS)
            minute.timeout.connect(self.dress)
            minute.start()

    def show(self) -> None:
        """Fill the screens."""
        for window in self.windows:
            window.showFullScreen()
        self.windows[0].activateWindow()
        self.windows[0].setFocus()

    def dress(self) -> None:
        """Light or dark, by the time of day in the region."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        hour = format.local(self.session.now(), name.timezone(self.session)).hour
        if theme.current().mode != self.settings.mode(hour):
            theme.apply(app, self.settings.mode(hour), choice.scale(self._kept))

    def close(self) -> None:
        """Leave all screens, now."""
        self.pointer.show()
        windows, self.windows = self.windows, []
        for window in windows:
            window.hide()
            window.deleteLater()
            QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
        self.deleteLater()
        QCoreApplication.sendPostedEvents(self, QEvent.Type.DeferredDelete)

    def _window(self, at: int, screen: QScreen) -> WallWindow:
        size = screen.size()
        scale = scale_of(size.width(), size.height(), diagonal_of(screen, self.settings.diagonal_in))
        window = WallWindow(
            self.session, self.news, self.rotation, self.drift, at, scale, self.settings, leaves=self._leaves
        )
        window.setScreen(screen)
        window.setGeometry(screen.geometry())
        window.left.connect(self.left)
        window.quit_wanted.connect(self.quit_wanted)
        window.log_out_wanted.connect(self.log_out_wanted)
        window.log_in_wanted.connect(self.log_in_wanted)
        return window

    def _under_pointer(self) -> bool:
        return any(window.geometry().contains(QCursor.pos()) for window in self.windows)
