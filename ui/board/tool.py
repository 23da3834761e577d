"""One button above the board: a picture, a word for whoever can't see it, and the key that does the same."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from dispatcher_app.text import t
from ui import icons, theme
from ui.action.sight import SIGHT


class Tool(QToolButton):
    """Does what an action of `ui.sight` does, by its name; `words` are written on it."""

    def __init__(
        self, action: str, done: Callable[[], object], words: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._action = next(each for each in SIGHT if each.id == action)
        keys = QKeySequence(self._action.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
        said = t(self._action.text)
        self.setObjectName(f"do_{action}")
        self.setToolTip(f"{said} ({keys})")
        self.setAccessibleName(said)
        self.setText(words)
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextOnly if words else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        self.clicked.connect(lambda: done())
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        edge = theme.current().icon_size
        self.setIcon(icons.icon(self._action.icon))
        self.setIconSize(QSize(edge, edge))
