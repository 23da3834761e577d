"""Buttons of the inspector that do what an action does."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton


def link(action: QAction, kind: str = "") -> QToolButton:
    """A button for an action, quiet beside a heading or (`kind` plain, primary) as one among others."""
    button = QToolButton()
    button.setDefaultAction(action)
    if not action.isVisible():  # shown before it stands anywhere it would be a window
        button.hide()
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setObjectName(f"do_{action.objectName()}")
    if kind:
        button.setProperty("kind", kind)
    return button
