"""One screen of a wall: the page in its turn, alone on the screen, with everything that says how live it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dispatcher_app.client.state import Link
from dispatcher_app.text import t
from ui import theme
from ui.wall.alert_page import AlertPage
from ui.wall.board_page import BoardPage
from ui.wall.chrome import Foot, Head, Stale
from ui.wall.drift import Drift
from ui.wall.figure_page import FigurePage
from ui.wall.map_page import MapPage
from ui.wall.news import News
from ui.wall.rotation import PAGES, Rotation
from ui.wall.setting import WallSettings
from ui.wall.size import Scale

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_CHOOSE: Final = dict(zip((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4), PAGES, strict=True))
_MARGIN: Final = 0.5


class WallWindow(QWidget):
    """Emits `left` when somebody wants to leave, `quit_wanted`, `log_out_wanted`, `log_in_wanted`; `touched` at a key."""

    left = Signal()
    quit_wanted = Signal()
    log_out_wanted = Signal()
    log_in_wanted = Signal()
    touched = Signal()

    def __init__(
        self, session: Session, news: News, rotation: Rotation, drift: Drift, screen: int, scale: Scale,
        settings: WallSettings, *, leaves: bool,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("wall_window")
        self.setWindowTitle(t("Dispatcher##app"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scale, self._session = scale, session
        self._rotation, self._drift, self._screen, self._leaves = rotation, drift, screen, leaves
        self._inner = QWidget(self)
        self.map = MapPage(session, scale, settings.release_min)
        self.pages: dict[str, QWidget] = {
            "map": self.map,
            "alerts": AlertPage(news, scale),
            "board": BoardPage(session, news, scale),
            "figures": FigurePage(news, scale),
        }
        self.head, self.stale = Head(session, scale, self._inner), Stale(session, scale, self._inner)
        self.foot = Foot(rotation, screen, scale, lambda: self.map.held, leaves, self._inner)
        self._stack = QStackedWidget()
        for page in PAGES:
            self._stack.addWidget(self.pages[page])
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(*(scale.px(_MARGIN),) * 4)
        column.setSpacing(scale.px(0.35))
        column.addWidget(self.head)
        column.addWidget(self.stale)
        column.addWidget(self._stack, 1)
        column.addWidget(self.foot)
        rotation.turned.connect(self._on_turned)
        drift.moved.connect(self._place)
        self.map.holding.connect(lambda _held: self.foot.draw())
        stop = session.subscribe(link=self._on_link)
        self.destroyed.connect(lambda: stop())
        self._on_turned()

    @property
    def page(self) -> str:
        """Which page is in sight."""
        return self._rotation.page(self._screen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.touched.emit()
        self.foot.hint()
        self._rotation.rest()
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and key == Qt.Key.Key_Q:
            wants_out = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.log_out_wanted if wants_out else self.quit_wanted).emit()
        elif key in _CHOOSE:
            self._rotation.choose(_CHOOSE[Qt.Key(key)], self._screen)
        elif key == Qt.Key.Key_Space:
            self._rotation.pause(not self._rotation.paused)
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_PageDown):
            self._rotation.step(1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_PageUp):
            self._rotation.step(-1)
        elif key == Qt.Key.Key_F:
            self.map.release()
        elif key == Qt.Key.Key_Escape and self._leaves:
            self.left.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._session.link.state == "logged_out":
            self.log_in_wanted.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def closeEvent(self, event: QCloseEvent) -> None:
        # The system's own way to close it: the same as leaving, or the other screens would stay.
        if self.isVisible():
            (self.left if self._leaves else self.quit_wanted).emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().colour("canvas"))
        if self._session.link.state != "online":
            edge = self.scale.px(0.2)
            for place in (
                self.rect().adjusted(0, 0, 0, edge - self.height()), self.rect().adjusted(0, self.height() - edge, 0, 0),
                self.rect().adjusted(0, 0, edge - self.width(), 0), self.rect().adjusted(self.width() - edge, 0, 0, 0),
            ):  # fmt: skip
                painter.fillRect(place, theme.current().colour("red"))

    def _on_link(self, _link: Link) -> None:
        self.update()

    def _on_turned(self) -> None:
        self._stack.setCurrentWidget(self.pages[self.page])
        self.head.show_page(self.page)
        self.setFocus()

    def _place(self) -> None:
        self._inner.setGeometry(self._drift.place(self.rect()))
