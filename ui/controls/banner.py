"""A strip at the top of a panel for what stays true: offline since, an incoming call, a duplicate."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from dispatcher_app.text import t
from ui import icons, theme
from ui.controls.section import label
from ui.notify import Kind


class Banner(QFrame):
    """One sentence, its kind, buttons, a way to dismiss it; hidden until `say`, never takes the focus."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None, *, dismissible: bool = True) -> None:
        super().__init__(parent)
        look = theme.current()
        self._kind: Kind = "info"
        self._picture = QLabel()
        self._text = label("", wrap=True)
        self._close = QToolButton()
        self._close.setAccessibleName(t("Dismiss"))
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if not dismissible:
            self._close.hide()
        self._close.clicked.connect(self._on_close)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(look.space(3), look.space(1), look.space(1), look.space(1))
        self._row.setSpacing(look.space(2))
        self._row.addWidget(self._picture)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._close)
        self.setObjectName("banner")
        self.hide()

    def say(self, kind: Kind, text: str) -> None:
        """Show the strip with these words."""
        self._kind = kind
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setProperty("kind", kind)
        self._draw()
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()

    def add_button(self, button: QPushButton) -> None:
        """Offer something to do, before the cross."""
        self._row.insertWidget(self._row.count() - 1, button)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _on_close(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _draw(self) -> None:
        hue = {"info": "blue", "success": "green", "warning": "amber", "error": "red"}[self._kind]
        self._picture.setPixmap(icons.pixmap(self._kind, hue))
        self._close.setIcon(icons.icon("close", "muted"))
