"""Text fields that leave their keys to an input method while it composes."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QToolButton, QWidget

from dispatcher_app.text import t
from ui import icons, theme

_SETTLE_MS = 60


class Field(QLineEdit):
    """A line of text; while `composing`, Enter, Escape, arrows and digits belong to the input method."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.composing = False

    def set_invalid(self, reason: str | None) -> None:
        """Mark what is typed as refused, with the reason as its tip; None clears the mark."""
        self.setProperty("invalid", "true" if reason else "false")
        self.setToolTip(reason or "")
        self.setAccessibleDescription(reason or "")
        self.style().unpolish(self)
        self.style().polish(self)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        if self.composing and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.composing:
            event.accept()
        else:
            super().keyPressEvent(event)


def inset(box: QAbstractSpinBox) -> None:
    """Give a spin or time box the left margin of other fields, which a style sheet cannot."""
    box.lineEdit().setTextMargins(theme.current().px(6), 0, 0, 0)


class SearchField(Field):
    """A field with a magnifying glass; `searched` follows the typing once it pauses, Escape empties it."""

    searched = Signal(str)

    def __init__(self, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._on_settled)
        self._glass = QAction(icons.icon("search", "muted"), t("Search"), self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint or t("Search"))
        self.setClearButtonEnabled(True)
        for button in self.findChildren(QToolButton):
            if button.defaultAction() is not self._glass:
                button.setAccessibleName(t("Clear##field"))
        self.textChanged.connect(self._settle.start)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() and not self.composing:
            self.clear()
            event.accept()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._glass.setIcon(icons.icon("search", "muted"))
        super().changeEvent(event)

    def _on_settled(self) -> None:
        self.searched.emit(self.text())
