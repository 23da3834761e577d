"""The wall's exceptions: every kind with its count, the most pressing orders beside them."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dispatcher_app.text import t
from ui import format, theme
from ui.models.counts import EXCEPTIONS
from ui.strip import KINDS
from ui.wall.brush import LEFT, RIGHT, block, joined, picture, width, write
from ui.wall.news import News, Pressing
from ui.wall.size import Scale

_COLUMNS = 2


class AlertPage(QWidget):
    """A tile a kind, quiet where there is none."""

    def __init__(self, news: News, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._news, self.scale = news, scale
        self.setObjectName("wall_alerts")
        news.read.connect(self._on_read)
        self._on_read()

    def said(self) -> list[str]:
        """Everything that is written on the page."""
        told = [f"{KINDS[kind].label()} {self._count(kind)}" for kind in EXCEPTIONS]
        return [*told, self._heading(), *(words for each in self._news.pressing for words in each.said())]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = self.scale.px(0.3)
        middle = self.width() * 60 // 100
        rows = -(-len(EXCEPTIONS) // _COLUMNS)
        wide, high = (middle - gap) // _COLUMNS, (self.height() + gap) // rows
        for at, kind in enumerate(EXCEPTIONS):
            # Down first: the worst kinds stand below each other at the left.
            place = QRect(at // rows * wide, at % rows * high, wide - gap, high - gap)
            self._tile(painter, place, kind)
        left = middle + self.scale.px(0.6)
        self._list(painter, QRect(left, 0, self.width() - left, self.height()))

    def _tile(self, painter: QPainter, place: QRect, kind: str) -> None:
        look, scale, shown = theme.current(), self.scale, KINDS[kind]
        count = self._news.counts.get(kind, 0)
        ink = look.ink(shown) if count else look.colour("muted")
        block(painter, place, look.wash(shown) if count else look.colour("surface"), scale.px(0.2))
        if count:
            block(painter, QRect(place.x(), place.y(), scale.px(0.2), place.height()), ink)
        inner = place.adjusted(scale.px(0.6), 0, -scale.px(0.4), 0)
        number = self._count(kind)
        big = scale.font(min(1.3, place.height() / scale.unit * 0.62), bold=bool(count))
        room = width(number, big)
        write(painter, inner, number, big, ink, RIGHT)
        words = inner.adjusted(0, 0, -room - scale.px(0.3), 0)
        used = picture(painter, words, shown, scale, "" if count else "muted")
        colour = look.colour("text") if count else look.colour("muted")
        write(painter, words.adjusted(used, 0, 0, 0), shown.label(), scale.font(), colour, LEFT)

    def _list(self, painter: QPainter, place: QRect) -> None:
        look, scale = theme.current(), self.scale
        line, gap = scale.px(1.3), scale.px(0.25)
        head = QRect(place.x(), place.y(), place.width(), line)
        write(painter, head, self._heading(), scale.font(1.0, bold=True), look.colour("text"))
        top, high = place.y() + line + gap, 2 * line + gap
        room = (place.bottom() - top + gap) // (high + gap)
        for at, each in enumerate(self._news.pressing[:room]):
            self._order(painter, QRect(place.x(), top + at * (high + gap), place.width(), high), each)

    def _order(self, painter: QPainter, place: QRect, told: Pressing) -> None:
        look, scale = theme.current(), self.scale
        ink = look.ink(told.mark)
        block(painter, place, look.colour("surface"), scale.px(0.2))
        inner = place.adjusted(scale.px(0.5), scale.px(0.1), -scale.px(0.4), -scale.px(0.1))
        half = inner.height() // 2
        first = QRect(inner.x(), inner.y(), inner.width(), half)
        second = first.translated(0, half)
        bold = scale.font(1.0, bold=True)
        used = picture(painter, first, told.mark, scale)
        number = first.adjusted(used, 0, 0, 0)
        used += write(painter, number, told.number, bold, ink)
        rest = first.adjusted(used + scale.px(0.4), 0, 0, 0)
        write(painter, rest, told.when, scale.font(), look.colour("text"), RIGHT)
        where = joined((told.place, *told.what.split(" · ")), scale.font(), second.width())
        write(painter, second, where, scale.font(), look.colour("text"))

    def _heading(self) -> str:
        if not self._news.pressing:
            return t("No exceptions: all is well.")
        return t("Most pressing##wall")

    def _count(self, kind: str) -> str:
        return format.count(self._news.counts.get(kind, 0))

    def _on_read(self) -> None:
        self.setAccessibleName(t(", ##list").join(self.said()))
        self.update()
