"""The board's picture: tiles that are painted once and laid side by side at every frame, the rest over them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from ui import format
from ui.board import band, head, hours, said, stroke
from ui.board.bar import Bar
from ui.board.brush import Brush
from ui.board.tile import CHUNK, HEAD, Tiles

if TYPE_CHECKING:
    from ui.board.view import BoardView

_LANE: Final = "lane "
_GROUND: Final = "ground "
_OVER_PX: Final = 8
"""What a visit may stick out of its time: the marks of what really was."""


class Picture:
    """Paints a view. Rows are kept as tiles by technician; whoever changes is forgotten and painted anew."""

    def __init__(self, view: BoardView) -> None:
        self._view = view
        self._tiles = Tiles()
        self._said: dict[str, tuple[Bar, tuple[str, ...]]] = {}
        self.dress()

    def dress(self) -> None:
        """Take the look in use."""
        self.brush = Brush()
        self.forget()

    @property
    def complete(self) -> bool:
        """Whether the last frame had time for everything in sight."""
        return not self._tiles.left_out

    # ------------------------------------------------------------ forgetting
    def forget(self) -> None:
        """Everything looks otherwise."""
        self._tiles.clear()
        self._said.clear()

    def forget_scale(self) -> None:
        """Everything lies elsewhere in time."""
        self._tiles.forget(self._tiles.keys, but_heads=True)

    def forget_rows(self, technicians: Iterable[str]) -> None:
        """These rows look otherwise."""
        self._tiles.forget(technicians)

    def forget_heads(self, technicians: Iterable[str] | None = None) -> None:
        """What stands beside these names, or all, is no longer so."""
        self._tiles.forget_heads(technicians)

    def forget_lanes(self) -> None:
        """The lanes look otherwise."""
        self._tiles.forget(key for key in self._tiles.keys if key.startswith(_LANE))

    # ------------------------------------------------------------ painting
    def paint(self, painter: QPainter, *, patient: bool = False) -> None:
        """The whole viewport; a `patient` frame leaves nothing for the next one."""
        view, brush = self._view, self.brush
        body, lanes = view.body(), view.lanes_body()
        self._tiles.begin(patient=patient)
        painter.fillRect(body, brush.colours["canvas"])
        self._heads(painter, body)
        painter.setClipRect(lanes)
        painter.fillRect(lanes, brush.colours["surface"])
        self._lanes(painter, lanes)
        painter.setClipRect(body)
        self._rows(painter, body)
        painter.setClipRect(body.united(lanes))
        self._time(painter, body.united(lanes))
        self._outlines(painter, body, lanes)
        painter.setClipping(False)
        self._thumb(painter, lanes)
        self._titles(painter, body)
        hours.paint(painter, brush, view)

    def _chunks(self, body: QRect) -> range:
        left = self._view.horizontalScrollBar().value()
        return range(left // CHUNK, (left + body.width()) // CHUNK + 1)

    def _rows(self, painter: QPainter, body: QRect) -> None:
        view, layout, rows = self._view, self._view.layout_, self._view.schedule.rows
        top, left = view.verticalScrollBar().value(), view.horizontalScrollBar().value()
        size, ratio, chunks = (CHUNK, self._view.layout_.row), view.devicePixelRatioF(), self._chunks(body)
        for at in layout.rows_between(top, top + body.height() - 1):
            row, y = rows[at], body.top() + layout.tops[at] - top
            if not row.technician:
                height = layout.tops[at + 1] - layout.tops[at]
                painter.fillRect(body.left(), y, body.width(), height, self.brush.colours["sunken"])
                painter.fillRect(body.left(), y + height - 1, body.width(), 1, self.brush.colours["line"])
                continue
            for chunk in chunks:
                tile = self._tiles.get(
                    row.technician, chunk, size, ratio, partial(self._row, row.technician, chunk)
                )
                if tile is None:  # no time left for the visits: the hours of work are there at least
                    tile = self._ground(row.technician, chunk)
                painter.drawPixmap(body.left() + chunk * CHUNK - left, y, tile)

    def _ground(self, technician: str, chunk: int) -> QPixmap:
        """Most technicians work the same hours: their ground is painted once."""
        schedule, axis = self._view.schedule, self._view.axis
        key = f"{_GROUND}{band.look_of(schedule, technician, axis)}"
        box = QRectF(chunk * CHUNK, 0, CHUNK, self._view.layout_.row)
        return self._tiles.made(
            key, chunk, (CHUNK, self._view.layout_.row), self._view.devicePixelRatioF(),
            lambda into: band.paint(into, self.brush, schedule, technician, axis, box),
        )  # fmt: skip

    def _row(self, technician: str, chunk: int, painter: QPainter) -> None:
        axis = self._view.axis
        first, last = axis.moment(chunk * CHUNK - _OVER_PX), axis.moment((chunk + 1) * CHUNK + _OVER_PX)
        x_of = axis.x
        painter.drawPixmap(chunk * CHUNK, 0, self._ground(technician, chunk))
        found = []
        for bar in self._view.schedule.bars(technician):
            begin, end = bar.span
            if begin < last and end > first:
                left = round(x_of(bar.start))
                found.append(
                    (bar, self._view.layout_.inside_row(bar, left, max(round(x_of(bar.end)), left + 3), 0))
                )
        for bar, place in found:
            stroke.promise(painter, self.brush, bar, x_of, place)
            stroke.drive(painter, self.brush, bar, x_of, place)
        for bar, place in found:
            stroke.visit(painter, self.brush, bar, x_of, place, self._words(bar))

    def _words(self, bar: Bar) -> tuple[str, ...]:
        """What is written on a visit: number, place, what is broken."""
        known = self._said.get(bar.order)
        if known is not None and known[0].brief is bar.brief:
            return known[1]
        words = said.brief(self._view.schedule, bar)
        self._said[bar.order] = bar, words
        return words

    def _lanes(self, painter: QPainter, body: QRect) -> None:
        view, lanes = self._view, self._view.schedule.lanes
        height, ratio = view.layout_.lane, view.devicePixelRatioF()
        if not body.height():
            return
        left, top = view.horizontalScrollBar().value(), view.lanes_offset
        for at in range(top // height, min(len(lanes), (top + body.height() - 1) // height + 1)):
            for chunk in self._chunks(body):
                tile = self._tiles.get(
                    f"{_LANE}{at}", chunk, (CHUNK, height), ratio, partial(self._lane, lanes[at], chunk)
                )
                if tile is not None:
                    place = QPoint(body.left() + chunk * CHUNK - left, body.top() + at * height - top)
                    painter.drawPixmap(place, tile)

    def _lane(self, bars: tuple[Bar, ...], chunk: int, painter: QPainter) -> None:
        x_of, height = self._view.axis.x, self._view.layout_.lane
        painter.fillRect(QRectF(chunk * CHUNK, 0, CHUNK, height), self.brush.colours["surface"])
        for bar in bars:
            left, right = round(x_of(bar.start)), round(x_of(bar.end))
            if left <= (chunk + 1) * CHUNK and right >= chunk * CHUNK:
                box = QRect(left + 1, 2, max(right - left - 2, 3), height - 4)
                stroke.visit(painter, self.brush, bar, x_of, box, self._words(bar))

    def _time(self, painter: QPainter, box: QRect) -> None:
        """What is past lies in shade; the line of now."""
        view = self._view
        now = view.session.now()
        x = view.x_of(min(max(now, view.axis.begin), view.axis.end))
        dark = self.brush.look.mode == "dark"
        shade = QColor(self.brush.colours["canvas" if dark else "text"])
        shade.setAlpha(56 if dark else 14)
        if x > box.left():
            painter.fillRect(QRect(box.left(), box.top(), x - box.left(), box.height()), shade)
        if view.axis.begin <= now <= view.axis.end:
            line = QColor(self.brush.colours["accent"])
            line.setAlpha(170)  # what is written under it can be read
            painter.fillRect(QRect(x, box.top(), 2, box.height()), line)

    def _outlines(self, painter: QPainter, body: QRect, lanes: QRect) -> None:
        """What is looked at, chosen together, under the mouse, and where the keys are."""
        view, brush = self._view, self.brush
        order, technician, current, hovered = view.marked
        now = view.session.now()
        y = view.y_of(technician) if technician else None
        if y is not None:
            painter.setClipRect(body)
            painter.fillRect(QRect(body.left(), y, body.width(), 1), brush.colours["accent"])
            painter.fillRect(
                QRect(body.left(), y + self._view.layout_.row - 1, body.width(), 1), brush.colours["accent"]
            )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        together: dict[str, list[QRect]] = {}
        for bar in [*view.bars_in_sight(), *(bar for lane in view.schedule.lanes for bar in lane)]:
            chosen = bar.order == order or bar.order in view.several
            painter.setClipRect(body if bar.technician else lanes)
            if bar.overruns(now):
                rect, until = view.rect_of(bar), view.x_of(now)
                painter.fillRect(
                    QRect(rect.right() + 1, rect.top() + 3, until - rect.right(), 3), brush.ink("amber")
                )
            if bar.held_until is not None:
                self._countdown(painter, view.rect_of(bar), bar.held_until)
            if not chosen and bar.key not in (current, hovered):
                continue
            rect = view.rect_of(bar)
            if chosen or bar.key == hovered:
                painter.setPen(brush.pen("accent", 2.0 if chosen else 1.0))
                painter.drawRect(rect.adjusted(-1, -1, 0, 0))
            if bar.key == current and view.hasFocus():
                painter.setPen(brush.pen("accent", 1.0, Qt.PenStyle.DashLine))
                painter.drawRect(rect.adjusted(-4, -4, 3, 3))
            if bar.shared:
                together.setdefault(bar.order, []).append(rect)
        painter.setPen(brush.pen("accent", 2.0))
        for first, *others in together.values():
            for other in others:  # two who go together
                painter.drawLine(first.center().x(), first.bottom(), other.center().x(), other.top())

    def _countdown(self, painter: QPainter, rect: QRect, until: int) -> None:
        """How long an hour is still kept for a caller, below its word."""
        brush = self.brush
        left = format.countdown(max(0, until - self._view.session.now()))
        box = QRectF(rect.left() + 4, rect.center().y(), rect.width() - 7, rect.height() / 2)
        if brush.width(left, brush.figure) <= box.width():
            brush.write(painter, box, left, brush.figure, brush.colours["muted"], right=True)

    def _thumb(self, painter: QPainter, lanes: QRect) -> None:
        """Which of the lanes are in sight, where there are more."""
        view = self._view
        whole = view.lanes_most + lanes.height()
        if lanes.height() and view.lanes_most:
            size = max(12, lanes.height() * lanes.height() // whole)
            top = lanes.top() + (lanes.height() - size) * view.lanes_offset // view.lanes_most
            painter.fillRect(QRect(lanes.right() - 5, top, 4, size), self.brush.colours["disabled"])

    def _heads(self, painter: QPainter, body: QRect) -> None:
        view, layout, rows = self._view, self._view.layout_, self._view.schedule.rows
        column = QRect(0, body.top(), layout.column, body.height())
        painter.fillRect(column, self.brush.colours["surface"])
        painter.setClipRect(column)
        top, size, ratio = (
            view.verticalScrollBar().value(),
            (layout.column, self._view.layout_.row),
            view.devicePixelRatioF(),
        )
        for at in layout.rows_between(top, top + body.height() - 1):
            row, y = rows[at], body.top() + layout.tops[at] - top
            if not row.technician:
                height = layout.tops[at + 1] - layout.tops[at]
                head.group(painter, self.brush, view, row, QRectF(0, y, layout.column, height))
                continue
            paint = partial(head.paint, self.brush, view, row.technician)
            tile = self._tiles.get(row.technician, HEAD, size, ratio, paint)
            if tile is not None:
                painter.drawPixmap(0, y, tile)
            if row.technician == view.marked[1]:
                painter.fillRect(QRect(0, y, 3, self._view.layout_.row), self.brush.colours["accent"])
        painter.fillRect(QRect(layout.column - 1, body.top(), 1, body.height()), self.brush.colours["border"])

    def _titles(self, painter: QPainter, body: QRect) -> None:
        view, layout = self._view, self._view.layout_
        box = QRectF(0, layout.header, view.viewport().width(), layout.title)
        head.lanes(painter, self.brush, view, box)
        column = QRectF(0, layout.lanes_top, layout.column, layout.lanes)
        painter.fillRect(column, self.brush.colours["surface"])
        painter.fillRect(
            QRectF(layout.column - 1, layout.lanes_top, 1, layout.lanes), self.brush.colours["border"]
        )
        painter.fillRect(QRectF(0, body.top() - 1, box.width(), 1), self.brush.colours["border"])
