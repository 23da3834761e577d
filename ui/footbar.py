"""The foot of the window: the keys that are used most, and what undo would take back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStatusBar, QToolButton, QWidget

from ui import theme
from ui.actions import ACTIONS, Deck
from ui.controls.keyhint import KeyHint


class FootBar(QStatusBar):
    """F-keys at the left, undo at the right."""

    def __init__(self, deck: Deck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footbar")
        self.setSizeGripEnabled(False)
        look = theme.current()
        hints = QWidget()
        row = QHBoxLayout(hints)
        row.setContentsMargins(look.space(2), 0, 0, 0)
        row.setSpacing(look.space(4))
        for hint in (KeyHint(deck[action.id]) for action in ACTIONS if action.bar):
            row.addWidget(hint)
        self.addWidget(hints)
        self._undo = QToolButton()
        self._undo.setObjectName("undo")
        self._undo.setDefaultAction(deck["undo"])
        self._undo.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._undo.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._undo.setMaximumHeight(look.px(24))
        self.addPermanentWidget(self._undo)

    def show_undo(self, words: str) -> None:
        """Say what undo would take back; nothing hides it."""
        self._undo.setVisible(bool(words))
        # The button repeats its action's words whenever anything about the action changes.
        self._undo.defaultAction().setIconText(words)
