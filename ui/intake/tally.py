"""How many rows come to what: a few figures that stay in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import format, theme
from ui.controls.section import label

_WORDS: Final[Mapping[str, str]] = {
    "read": "rows read",
    "good": "to import",
    "there": "already here",
    "filtered": "filtered out",
    "refused": "refused",
}
_NONE: Final = "–"


class Tally(QWidget):
    """Rows read, to import (or imported), already here, left out, refused."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures: dict[str, QLabel] = {}
        self._words: dict[str, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(5))
        for code, word in _WORDS.items():
            figure, below = label(_NONE, "number"), label(t(word), "small")
            figure.setObjectName(f"import_{code}")
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(figure)
            column.addWidget(below)
            row.addLayout(column)
            self.figures[code], self._words[code] = figure, below
        row.addStretch()

    def forget(self) -> None:
        """Nothing is known yet."""
        for figure in self.figures.values():
            figure.setText(_NONE)
        self._words["good"].setText(t("to import"))

    def say(self, *, done: bool = False, **counts: int) -> None:
        """Show these figures; `done`: it has happened."""
        for code, count in counts.items():
            self.figures[code].setText(format.count(count))
            self.figures[code].setAccessibleName(f"{t(_WORDS[code])}: {format.count(count)}")
        self._words["good"].setText(t("imported") if done else t("to import"))
