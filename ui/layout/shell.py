"""A window of its own for one panel: the panel, and below it the connection, the undo and the way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import theme


class Shell(QWidget):
    """Belongs to the main window and ends with it, but stands on the desktop like any other window.

    Emits `closed` where a person closes it, `stepped_back` on Escape, `moved` when it stands elsewhere.
    """

    closed = Signal()
    stepped_back = Signal()
    moved = Signal()

    def __init__(self, window: QWidget, panel: QWidget, title: str) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self.panel = panel
        look = theme.current()
        self.setObjectName(f"shell_{panel.objectName()}")
        self.foot = QFrame()
        self.foot.setProperty("panel", "bar")
        self._row = QHBoxLayout(self.foot)
        self._row.setContentsMargins(look.space(2), 0, look.space(2), 0)
        self._row.setSpacing(look.space(2))
        self._row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(panel, 1)
        column.addWidget(self.foot)
        self.say(title)
        panel.installEventFilter(self)

    def say(self, title: str) -> None:
        """Call the window after what stands in it."""
        self.setWindowTitle(f"{title} — {t('Dispatcher##app')}")
        self.setAccessibleName(title)

    def add_left(self, widget: QWidget) -> None:
        """Put something at the left of the foot."""
        self._row.insertWidget(self._row.count() - 1, widget)

    def add_right(self, widget: QWidget) -> None:
        """Put something at the right of the foot."""
        self._row.addWidget(widget)

    def come(self) -> None:
        """To the front, with the keys."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def fill(self) -> None:
        """Fill the whole monitor, or no longer."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def let_go(self) -> QWidget:
        """Give the panel back; the window is not needed any more."""
        self.panel.removeEventFilter(self)
        self._leave()
        self.deleteLater()
        return self.panel

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.stepped_back.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # a panel is never lost: it goes back
        self.closed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        self._stand_alone()
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.WinIdChange:
            self._stand_alone()
        elif event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange):
            self.moved.emit()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A panel that is put away, as a booking is when it is done, takes its window along.
        if watched is self.panel and event.type() is QEvent.Type.HideToParent:
            self._leave()
        elif watched is self.panel and event.type() is QEvent.Type.ShowToParent:
            parent = self.parentWidget()
            self.setVisible(parent is not None and parent.isVisible())
        return super().eventFilter(watched, event)

    def _leave(self) -> None:
        """Whoever has worked here goes on in the main window."""
        active, parent = self.isActiveWindow(), self.parentWidget()
        self.hide()
        if active and parent is not None:
            parent.activateWindow()

    def _stand_alone(self) -> None:
        """Free it from the main window, over which the desktop would keep it, and with which it would be minimised."""
        if (handle := self.windowHandle()) is not None:
            handle.setTransientParent(None)  # type: ignore[arg-type]  # the stubs know no absent one
