"""The buttons at the foot of a panel's own window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionEvent
from PySide6.QtWidgets import QToolButton

from ui import theme


class FootButton(QToolButton):
    """Picture and words in a low row; never takes the keys."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.setObjectName(code)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMaximumHeight(theme.current().px(24))


class Possible(FootButton):
    """There only while its action can be done."""

    def __init__(self, code: str, action: QAction) -> None:
        super().__init__(code)
        self.setDefaultAction(action)
        self.setVisible(action.isEnabled())

    def actionEvent(self, event: QActionEvent) -> None:
        super().actionEvent(event)
        if event.action() is self.defaultAction():
            self.setVisible(event.action().isEnabled())
