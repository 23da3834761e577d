"""Stars: as they are read, and as they are given with the keys 1 to 5."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from dispatcher_app.text import t
from ui import theme
from ui.controls.section import label

MOST: Final = 5
_DIGITS: Final = {getattr(Qt.Key, f"Key_{count}"): count for count in range(1, MOST + 1)}
_STEPS: Final = {
    Qt.Key.Key_Right: 1, Qt.Key.Key_Plus: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Minus: -1,
}  # fmt: skip


def starred(count: int) -> str:
    """So many stars of five."""
    return "★" * count + "☆" * (MOST - count)


class StarPick(QWidget):
    """Nothing is chosen at first: whoever asks the customer shall not be led by what stands there."""

    def __init__(self, word: str, stars: int = 0) -> None:
        super().__init__()
        self._word = word
        self._stars = stars
        self._buttons: list[QToolButton] = []
        self._told = label("", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for count in range(1, MOST + 1):
            button = QToolButton()
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAccessibleName(t("{what}: {n} of 5 stars", what=word, n=count))
            button.clicked.connect(lambda _on=False, count=count: self.choose(count))
            self._buttons.append(button)
            row.addWidget(button)
        row.addSpacing(theme.current().space(2))
        row.addWidget(self._told)
        row.addStretch()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._draw()

    @property
    def stars(self) -> int:
        """What is chosen, 0 while nothing is."""
        return self._stars

    def choose(self, stars: int) -> None:
        """Give so many."""
        self._stars = stars
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _DIGITS:
            self.choose(_DIGITS[key])
            self.focusNextChild()  # the next question is asked at once
        elif key in _STEPS:
            self.choose(min(MOST, max(1, self._stars + _STEPS[key])))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            # Round the stars only, so that one sees which row the digits go to.
            last = self._buttons[-1].geometry().bottomRight()
            painter = QPainter(self)
            painter.setPen(QPen(theme.current().colour("accent"), 2))
            painter.drawRoundedRect(1, 1, last.x() - 1, self.height() - 2, 4, 4)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._draw()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._draw()

    def _draw(self) -> None:
        for at, button in enumerate(self._buttons):
            button.setText("★" if at < self._stars else "☆")
        said = t("{n} of 5", n=self._stars) if self._stars else t("not given yet")
        self._told.setText(t("keys 1–5") if self.hasFocus() and not self._stars else said)
        self.setAccessibleName(f"{self._word}: {said}")
        self.update()
