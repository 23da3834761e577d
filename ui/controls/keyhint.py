"""A key and what it does, as in the bar at the foot of the window."""

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import theme
from ui.controls.section import label


class KeyHint(QWidget):
    """The first shortcut of an action as a key cap, then its name; greyed with the action."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self._cap = label("", "key")
        self._word = label("", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(1))
        row.addWidget(self._cap)
        row.addWidget(self._word)
        action.changed.connect(self._on_changed)
        self._on_changed()

    def _on_changed(self) -> None:
        self._cap.setText(self._action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        self._cap.setVisible(bool(self._cap.text()))
        self._word.setText(self._action.iconText())
        self.setEnabled(self._action.isEnabled())
        if self.parentWidget() is not None or not self._action.isVisible():  # else it would be a window
            self.setVisible(self._action.isVisible())
