"""What a list says when it has nothing: why, and what to do."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui import icons, theme
from ui.controls.section import label


class EmptyState(QWidget):
    """A quiet picture, one sentence, a hint and perhaps a button, in the middle of the room there is."""

    def __init__(
        self, title: str, hint: str = "", icon: str = "empty", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._picture = QLabel()
        self._title = label(title, "strong", wrap=True)
        self._hint = label(hint, "muted", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(theme.current().space(2))
        self._column.addStretch(2)
        for part in (self._picture, self._title, self._hint):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._column.addWidget(part)
        self._column.addStretch(3)
        self.say(title, hint)
        self._draw()

    def say(self, title: str, hint: str = "") -> None:
        """Replace both sentences."""
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(f"{title} {hint}".strip())

    def set_button(self, button: QPushButton) -> None:
        """Offer the way on below the hint."""
        self._column.insertWidget(4, button, 0, Qt.AlignmentFlag.AlignHCenter)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._icon, "disabled", theme.current().px(40)))
