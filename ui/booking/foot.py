"""What is always in sight below the steps: the price, the button that books, and the keys."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from dispatcher_app.text import t
from ui import theme
from ui.booking.form import Form
from ui.booking.price import Price
from ui.controls.section import label


class Foot(QFrame):
    """The foot of the column; it also says what is wrong with the booking as a whole."""

    pressed = Signal()

    def __init__(self, form: Form) -> None:
        super().__init__()
        look = theme.current()
        self.price = Price(form)
        self.button = QPushButton(t("Book##button") + "  Ctrl+⏎")
        self.button.setProperty("kind", "primary")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.pressed)
        self._problem = label("", "error", wrap=True)
        self._problem.hide()
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        keys = label(
            t("Enter next · Esc back · Shift+Enter another item · Ctrl+U coupon"), "small", wrap=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space(4), look.space(2), look.space(4), look.space(3))
        column.setSpacing(look.space(2))
        for part in (line, self.price, self._problem, self.button, keys):
            column.addWidget(part)

    def say(self, problem: str | None) -> None:
        """Say what is wrong and belongs to no field; None takes it back."""
        self._problem.setText(problem or "")
        self._problem.setVisible(bool(problem))
