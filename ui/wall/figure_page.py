"""The wall's figures of today: promises kept, what came in and was finished by the hour, what is open, who works."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dispatcher_app.client.tally import Tally
from dispatcher_app.text import t
from ui import format, theme
from ui.mark import Mark
from ui.wall import chart
from ui.wall.board_page import percent
from ui.wall.brush import LEFT, RIGHT, block, picture, width, write
from ui.wall.news import News
from ui.wall.size import Scale
from ui.wall.state import states

_TILES_HIGH = 3.3
_HEAD_HIGH = 1.5
_COLUMNS = 2
_CHART = 46
"""The chart's share of the width, in per cent."""
_NONE = (0,) * 24


class FigurePage(QWidget):
    """Four figures above, the hours at the left, the states at the right."""

    def __init__(self, news: News, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._news, self.scale = news, scale
        self.setObjectName("wall_figures")
        news.read.connect(self._on_read)
        self._on_read()

    def said(self) -> list[str]:
        """Everything that is written on the page."""
        tiles = [words for tile in self._tiles() for words in tile[:2]]
        states = [f"{mark.label()} {count}" for mark, count in self._states()]
        return [*tiles, self._open(), *states, *chart.said(*self._hours())]

    def _tiles(self) -> list[tuple[str, str, str]]:
        tally = self._news.tally
        if tally is None:
            return []
        on_time = tally.kept / tally.promised if tally.promised else None
        hue = (
            "text"
            if on_time is None
            else "green"
            if on_time >= 0.95
            else "amber"
            if on_time >= 0.85
            else "red"
        )
        return [
            (t("Promises kept##wall"), percent(on_time), hue),
            (t("Finished today##wall"), format.count(sum(tally.finished)), "text"),
            (t("At work##wall"), f"{tally.at_work}/{tally.people}", "text"),
            (t("Time taken##wall"), percent(tally.taken), "text"),
        ]

    def _hours(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        tally = self._news.tally
        return (tally.booked, tally.finished) if tally else (_NONE, _NONE)

    def _states(self) -> list[tuple[Mark, int]]:
        """Open orders by state."""
        tally: Tally | None = self._news.tally
        return states(tally.open if tally else {})

    def _open(self) -> str:
        return t("Open orders: {n}##wall", n=format.count(sum(count for _mark, count in self._states())))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, scale, tiles = theme.current(), self.scale, self._tiles()
        gap = scale.px(0.4)
        for at, (words, figure, hue) in enumerate(tiles):
            wide = (self.width() + gap) // len(tiles)
            place = QRect(at * wide, 0, wide - gap, scale.px(_TILES_HIGH))
            block(painter, place, look.colour("surface"), scale.px(0.2))
            inner = place.adjusted(scale.px(0.4), scale.px(0.2), -scale.px(0.3), -scale.px(0.2))
            upper = QRect(inner.x(), inner.y(), inner.width(), scale.px(1.2))
            write(painter, upper, words, scale.font(), look.colour("muted"))
            lower = inner.adjusted(0, scale.px(1.1), 0, 0)
            write(painter, lower, figure, scale.font(1.7, bold=True), look.colour(hue), LEFT)
        top = scale.px(_TILES_HIGH + 0.4)
        right = self.width() * _CHART // 100
        chart.paint(painter, QRect(0, top, right, self.height() - top), scale, *self._hours())
        left = right + scale.px(0.6)
        self._bars(painter, QRect(left, top, self.width() - left, self.height() - top))

    def _bars(self, painter: QPainter, place: QRect) -> None:
        look, scale, states = theme.current(), self.scale, self._states()
        head = QRect(place.x(), place.y(), place.width(), scale.px(_HEAD_HIGH))
        write(painter, head, self._open(), scale.font(1.0, bold=True), look.colour("text"))
        if not states:
            return
        most = max(count for _mark, count in states)
        rows, gap = -(-len(states) // _COLUMNS), scale.px(0.25)
        high = min(scale.px(1.8), (place.height() - head.height()) // rows)
        wide = (place.width() + gap) // _COLUMNS
        for at, (mark, count) in enumerate(states):
            x, y = place.x() + at // rows * wide, head.bottom() + at % rows * high
            self._bar(painter, QRect(x, y, wide - gap, high - gap), mark, count, count / most)

    def _bar(self, painter: QPainter, bar: QRect, mark: Mark, count: int, share: float) -> None:
        look, scale = theme.current(), self.scale
        block(painter, bar, look.colour("surface"), scale.px(0.1))
        long = max(scale.px(0.2), round(bar.width() * share))
        block(painter, QRect(bar.x(), bar.y(), long, bar.height()), look.wash(mark), scale.px(0.1))
        block(painter, QRect(bar.x(), bar.y(), scale.px(0.15), bar.height()), look.ink(mark))
        inner = bar.adjusted(scale.px(0.35), 0, -scale.px(0.25), 0)
        number = format.count(count)
        bold = scale.font(1.0, bold=True)
        write(painter, inner, number, bold, look.colour("text"), RIGHT)
        words = inner.adjusted(0, 0, -width(number, bold) - scale.px(0.2), 0)
        used = picture(painter, words, mark, scale)
        write(painter, words.adjusted(used, 0, 0, 0), mark.label(), scale.font(), look.ink(mark))

    def _on_read(self) -> None:
        self.setAccessibleName(t(", ##list").join(self.said()))
        self.update()
