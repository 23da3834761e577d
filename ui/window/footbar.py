"""The foot of the window: the keys that are used most, what undo would take back, and what redo would do again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStatusBar, QToolButton, QWidget

from ui import theme
from ui.action.deck import ACTIONS, Deck
from ui.controls.keyhint import KeyHint


class FootBar(QStatusBar):
    """F-keys at the left, redo and undo at the right."""

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
        self._redo, self._undo = self._button(deck, "redo"), self._button(deck, "undo")

    def show_undo(self, undo: str, redo: str = "") -> None:
        """Say what undo would take back and what redo would do again; nothing hides either."""
        for button, words in ((self._redo, redo), (self._undo, undo)):
            button.setVisible(bool(words))
            # The button repeats its action's words whenever anything about the action changes.
            button.defaultAction().setIconText(words)

    def _button(self, deck: Deck, id: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(id)
        button.setDefaultAction(deck[id])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setMaximumHeight(theme.current().px(24))
        self.addPermanentWidget(button)
        return button
