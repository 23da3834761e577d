"""Where the map's page runs: starts the web engine, begins again after a crash, says so where there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import theme
from ui.map.bridge import Bridge
from ui.map.marks import MapSettings

if TYPE_CHECKING:
    from PySide6.QtWebEngineWidgets import QWebEngineView

_CRASHES_BEFORE_GIVING_UP = 3
_CRASHES_FORGOTTEN_AFTER_MS = 60_000


class Stage(QWidget):
    """Emits `emptied` whenever what the page showed is gone; the bridge says when the next one is ready."""

    emptied = Signal()

    def __init__(
        self, settings: MapSettings, bridge: Bridge, now_ms: Callable[[], int], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._settings, self._bridge, self._now_ms = settings, bridge, now_ms
        self._engine: QWebEngineView | None = None
        self._crashes: list[int] = []
        self._began = False
        self._factor = 1.0
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    @property
    def available(self) -> bool:
        """Whether there is a map at all: the web engine runs on this machine."""
        return self._engine is not None

    def start(self) -> None:
        """Start the web engine, which takes a second the first time; one that runs already goes on."""
        if not self._began:
            self._began = True
            self._start()

    def dress(self) -> None:
        """Show the theme's ground until the page is there."""
        if self._engine is not None:
            self._engine.page().setBackgroundColor(theme.current().colour("canvas"))

    def enlarge(self, factor: float) -> None:
        """Show the page so many times as large."""
        self._factor = factor
        if self._engine is not None:
            self._engine.setZoomFactor(factor)

    def take_keys(self) -> None:
        """Give the page the focus."""
        if self._engine is not None:
            self._engine.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_screen(self, x: float, y: float) -> QPoint:
        """A point of the page on the screen."""
        return self.mapToGlobal(QPoint(round(x), round(y)))

    def _start(self) -> None:
        try:
            from ui.map import engine

            view = engine.open_view(self, self._bridge)
        except (ImportError, OSError) as error:
            self._say(
                t("The map cannot be shown on this machine. Everything else goes on as usual."), str(error)
            )
            return
        view.renderProcessTerminated.connect(self._on_crashed)
        view.setAcceptDrops(False)  # what is dropped on the map is the desk's, never the page's
        self._engine = view
        self.enlarge(self._factor)
        self._box.addWidget(view)
        self.setFocusProxy(view)
        self.dress()
        self._load()

    def _load(self) -> None:
        if self._engine is not None:
            # folium is 20 MB, and a fifth of a second of the start, that a desk without a map can do without.
            from ui.map.page import address, build

            self.emptied.emit()
            self._engine.setHtml(build(self._settings), QUrl(address(self._settings)))

    def _on_crashed(self) -> None:
        now = self._now_ms()
        self._crashes = [at for at in self._crashes if now - at < _CRASHES_FORGOTTEN_AFTER_MS] + [now]
        self.emptied.emit()
        if len(self._crashes) >= _CRASHES_BEFORE_GIVING_UP:
            self._drop_engine()
            self._say(t("The map stopped several times. Everything else goes on as usual."), "")
        else:
            # Out of the engine's own signal: loading inside it is refused.
            QTimer.singleShot(0, self._load)

    def _drop_engine(self) -> None:
        if self._engine is not None:
            self._box.removeWidget(self._engine)
            self._engine.deleteLater()
            self._engine = None

    def _say(self, sentence: str, reason: str) -> None:
        text = sentence if not reason else f"{sentence}\n{t('Reason: {reason}', reason=reason)}"
        label = QLabel(text, self, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._box.addWidget(label, 1)
        again = QPushButton(t("Try again"), self)
        again.clicked.connect(lambda: self._try_again(label, again))
        self._box.addWidget(again, 0, Qt.AlignmentFlag.AlignHCenter)
        self._box.addSpacing(theme.current().space(6))

    def _try_again(self, *said: QWidget) -> None:
        for widget in said:
            self._box.removeWidget(widget)
            widget.deleteLater()
        self._crashes.clear()
        self._start()
