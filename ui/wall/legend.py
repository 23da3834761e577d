"""What the marks on the wall's map mean and how many there are, in type that is read from afar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from dispatcher_app.text import t
from ui import format, theme
from ui.map.marks import OrderMark, TechnicianMark
from ui.mark import TECHNICIAN, Mark
from ui.wall.brush import width, write
from ui.wall.size import Scale
from ui.wall.state import states

_LINE = 1.25
_GAP = 0.55


class Legend(QWidget):
    """As many lines as the states that are there need."""

    def __init__(self, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._shown: list[tuple[Mark, int]] = []
        self.show_marks(())

    def show_marks(self, marks: Iterable[TechnicianMark | OrderMark]) -> None:
        """Count these."""
        technicians, orders = Counter[str](), Counter[str]()
        for each in marks:
            (technicians if isinstance(each, TechnicianMark) else orders)[each.status] += 1
        people = [(mark, technicians[code]) for code, mark in TECHNICIAN.items() if technicians[code]]
        shown = [*people, *states(orders)]
        if shown != self._shown:
            self._shown = shown
            self._fit()
            self.setAccessibleName(t(", ##list").join(self.said()))
            self.update()

    def said(self) -> list[str]:
        """Everything that is written here."""
        return [f"{mark.label()} {format.count(count)}" for mark, count in self._shown]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, scale = QPainter(self), theme.current(), self._scale
        for place, mark, count in self._places():
            used = write(painter, place, mark.glyph, scale.font(), look.ink(mark)) + scale.px(0.2)
            words = place.adjusted(used, 0, 0, 0)
            used = write(painter, words, mark.label(), scale.font(), look.colour("text")) + scale.px(0.2)
            number = words.adjusted(used, 0, 0, 0)
            write(painter, number, format.count(count), scale.font(bold=True), look.colour("text"))

    def _fit(self) -> None:
        bottom = max((place.bottom() + 1 for place, *_ in self._places()), default=0)
        self.setFixedHeight(bottom)

    def _places(self) -> list[tuple[QRect, Mark, int]]:
        scale, found, x, y = self._scale, list[tuple[QRect, Mark, int]](), 0, 0
        plain, bold, high = scale.font(), scale.font(bold=True), scale.px(_LINE)
        for mark, count in self._shown:
            wide = width(mark.glyph, plain) + width(mark.label(), plain) + width(format.count(count), bold)
            wide += scale.px(0.4)
            if x and x + wide > self.width():
                x, y = 0, y + high
            found.append((QRect(x, y, wide, high), mark, count))
            x += wide + scale.px(_GAP)
        return found
