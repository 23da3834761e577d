"""The code that the customer scans: black on white in every look, each module on whole dots."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dispatcher_app.text import t
from ui.paper import code

LEAST_PX: Final = 200
"""A telephone reads it from an arm's length."""


class CodeView(QWidget):
    """Blank until there is a code."""

    def __init__(self, edge_px: int = LEAST_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self._edge = edge_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(t("Code to pay by"))

    def show_code(self, text: str) -> None:
        """Another code, "" for none."""
        if text != self.text:
            self.text = text
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._edge, self._edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if self.text:
            module = code.module_for(self.text, min(self.width(), self.height()))
            left = (self.width() - code.edge(self.text, module)) // 2
            top = (self.height() - code.edge(self.text, module)) // 2
            code.draw(painter, left, top, module, self.text)
        painter.end()
