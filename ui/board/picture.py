"""The board's picture: tiles that are painted once and laid side by side at every frame, the rest over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from dispatcher_app.text import t
from ui import name
from ui.board import band, head, hours, said, stroke
from ui.board.bar import Bar
from ui.board.brush import Brush
from ui.board.layout import ROW_PX

if TYPE_CHECKING:
    from ui.board.view import BoardView

_CHUNK: Final = 512
_LANE: Final = "lane "
_HEAD: Final = -1
_MOST: Final = 1200
"""Tiles that are kept: several screens full."""
_TOP: Final = 10
_BOTTOM: Final = 4


class Picture:
    """Paints a view. Rows are kept as tiles by technician; whoever changes is forgotten and painted anew."""

    def __init__(self, view: BoardView) -> None:
        self._view = view
        self._tiles: dict[str, dict[int, QPixmap]] = {}
        self._count = 0
        self.dress()

    def dress(self) -> None:
        """Take the look in use."""
        self.brush = Brush()
        self.row_height = self.brush.look.px(ROW_PX)
        self.forget()

    # ------------------------------------------------------------ forgetting
    def forget(self) -> None:
        """Everything looks otherwise."""
        self._tiles.clear()
        self._count = 0

    def forget_rows(self, technicians: Iterable[str]) -> None:
        """These rows look otherwise."""
        for each in technicians:
            self._count -= len(self._tiles.pop(each, ()))

    def forget_heads(self) -> None:
        """What stands beside the names is no longer so."""
        for tiles in self._tiles.values():
            self._count -= tiles.pop(_HEAD, None) is not None

    def forget_lanes(self) -> None:
        """The lanes look otherwise."""
        self.forget_rows([key for key in self._tiles if key.startswith(_LANE)])

    # ------------------------------------------------------------ where a bar is in its row
    def inside_row(self, bar: Bar, left: int, right: int, top: int) -> QRect:
        """The rectangle of a visit in a row that begins at `top`."""
        height = self.row_height - _TOP - _BOTTOM
        each = height // bar.lanes
        return QRect(left, top + _TOP + bar.lane * each, right - left, each - (bar.lanes > 1))

    # ------------------------------------------------------------ painting
    def paint(self, painter: QPainter, _damaged: QRect) -> None:
        """The whole viewport."""
        view, brush = self._view, self.brush
        body, lanes = view.body(), view.lanes_body()
        painter.fillRect(body, brush.colours["canvas"])
        self._rows(painter, body)
        painter.setClipping(False)
        painter.fillRect(lanes, brush.colours["surface"])
        self._lanes(painter, lanes)
        painter.setClipRect(body.united(lanes))
        self._time(painter, body.united(lanes))
        self._outlines(painter, body, lanes)
        painter.setClipping(False)
        self._heads(painter, body)
        self._titles(painter, body)
        hours.paint(painter, brush, view)

    def _tile(
        self, key: str, chunk: int, size: tuple[int, int], paint: Callable[[QPainter], None]
    ) -> QPixmap:
        tiles = self._tiles.setdefault(key, {})
        found = tiles.get(chunk)
        if found is None:
            if self._count > _MOST:
                self.forget()
                tiles = self._tiles.setdefault(key, {})
            ratio = self._view.devicePixelRatioF()
            found = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
            found.setDevicePixelRatio(ratio)
            painter = QPainter(found)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if chunk >= 0:
                painter.translate(-chunk * _CHUNK, 0)
            paint(painter)
            painter.end()
            tiles[chunk] = found
            self._count += 1
        return found

    def _chunks(self, body: QRect) -> range:
        left = self._view.horizontalScrollBar().value()
        return range(left // _CHUNK, (left + body.width()) // _CHUNK + 1)

    def _rows(self, painter: QPainter, body: QRect) -> None:
        view, layout, rows = self._view, self._view.layout_, self._view.schedule.rows
        painter.setClipRect(body)
        top, left = view.verticalScrollBar().value(), view.horizontalScrollBar().value()
        for at in layout.rows_between(top, top + body.height() - 1):
            row, y = rows[at], body.top() + layout.tops[at] - top
            if not row.technician:
                height = layout.tops[at + 1] - layout.tops[at]
                painter.fillRect(body.left(), y, body.width(), height, self.brush.colours["sunken"])
                painter.fillRect(body.left(), y + height - 1, body.width(), 1, self.brush.colours["line"])
                continue
            for chunk in self._chunks(body):
                tile = self._tile(
                    row.technician, chunk, (_CHUNK, self.row_height),
                    partial(self._row, row.technician, chunk),
                )  # fmt: skip
                painter.drawPixmap(QPoint(body.left() + chunk * _CHUNK - left, y), tile)

    def _row(self, technician: str, chunk: int, painter: QPainter) -> None:
        view = self._view
        x_of = view.axis.x
        box = QRectF(chunk * _CHUNK, 0, _CHUNK, self.row_height)
        band.paint(painter, self.brush, view.schedule, technician, view.axis, box)
        found = []
        for bar in view.schedule.bars(technician):
            window = bar.window
            first = min(bar.begin, window.start) if window else bar.begin
            last = max(bar.end, window.end) if window else bar.end
            if x_of(first) <= box.right() and x_of(last) + 40 >= box.left():
                found.append(
                    (
                        bar,
                        QRectF(
                            self.inside_row(
                                bar,
                                round(x_of(bar.start)),
                                max(round(x_of(bar.end)), round(x_of(bar.start)) + 3),
                                0,
                            )
                        ),
                    )
                )
        for bar, place in found:
            stroke.promise(painter, self.brush, bar, x_of, place)
        for bar, place in found:
            stroke.visit(painter, self.brush, bar, x_of, place, self._words(bar))

    def _words(self, bar: Bar) -> tuple[str, ...]:
        order, schedule = bar.brief, self._view.schedule
        if order is None:
            return (t("Kept##board"),) if bar.state == "held" else ()
        place = order.compound or name.district(schedule.session, order.district)
        if name.masked(schedule.session):
            place = name.district(schedule.session, order.district)
        return tuple(filter(None, (said.number(bar), place, said.what(schedule, bar))))

    def _lanes(self, painter: QPainter, body: QRect) -> None:
        view = self._view
        height = view.layout_.lane
        painter.setClipRect(body)
        left, top = view.horizontalScrollBar().value(), view.lanes_offset
        lanes = view.schedule.lanes
        if not height or not body.height():
            return
        for at in range(top // height, min(len(lanes), (top + body.height()) // height + 1)):
            for chunk in self._chunks(body):
                tile = self._tile(
                    f"{_LANE}{at}", chunk, (_CHUNK, height),
                    partial(self._lane, lanes[at], chunk),
                )  # fmt: skip
                painter.drawPixmap(
                    QPoint(body.left() + chunk * _CHUNK - left, body.top() + at * height - top), tile
                )

    def _lane(self, bars: tuple[Bar, ...], chunk: int, painter: QPainter) -> None:
        x_of, height = self._view.axis.x, self._view.layout_.lane
        painter.fillRect(QRectF(chunk * _CHUNK, 0, _CHUNK, height), self.brush.colours["surface"])
        for bar in bars:
            left, right = round(x_of(bar.start)), round(x_of(bar.end))
            if left <= (chunk + 1) * _CHUNK and right >= chunk * _CHUNK:
                box = QRectF(left + 1, 2, max(right - left - 2, 3), height - 4)
                stroke.visit(painter, self.brush, bar, x_of, box, self._words(bar))

    def _time(self, painter: QPainter, box: QRect) -> None:
        """What is past lies in shade; the line of now."""
        view = self._view
        now = view.session.now()
        x = view.x_of(min(max(now, view.axis.begin), view.axis.end))
        shade = QColor(self.brush.colours["text"])
        shade.setAlpha(14)
        if x > box.left():
            painter.fillRect(QRect(box.left(), box.top(), x - box.left(), box.height()), shade)
        if view.axis.begin <= now <= view.axis.end:
            painter.fillRect(QRect(x, box.top(), 2, box.height()), self.brush.colours["accent"])

    def _outlines(self, painter: QPainter, body: QRect, lanes: QRect) -> None:
        """What is looked at, chosen together, under the mouse, and where the keys are."""
        view, brush = self._view, self.brush
        order, technician, current, hovered = view.marked
        y = view.y_of(technician) if technician else None
        if y is not None:
            painter.setClipRect(body)
            painter.fillRect(QRect(body.left(), y, body.width(), 1), brush.colours["accent"])
            painter.fillRect(
                QRect(body.left(), y + self.row_height - 1, body.width(), 1), brush.colours["accent"]
            )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for bar in [*view.bars_in_sight(), *(bar for lane in view.schedule.lanes for bar in lane)]:
            chosen = bar.order == order or bar.order in view.several
            if not chosen and bar.key not in (current, hovered):
                continue
            painter.setClipRect(body if bar.technician else lanes)
            rect = view.rect_of(bar)
            if chosen or bar.key == hovered:
                painter.setPen(brush.pen("accent", 2.0 if chosen else 1.0))
                painter.drawRect(rect.adjusted(-1, -1, 0, 0))
            if bar.key == current and view.hasFocus():
                painter.setPen(brush.pen("accent", 1.0, Qt.PenStyle.DashLine))
                painter.drawRect(rect.adjusted(-4, -4, 3, 3))

    def _heads(self, painter: QPainter, body: QRect) -> None:
        view, layout, rows = self._view, self._view.layout_, self._view.schedule.rows
        column = QRect(0, body.top(), layout.column, body.height())
        painter.fillRect(column, self.brush.colours["surface"])
        painter.setClipRect(column)
        top = view.verticalScrollBar().value()
        for at in layout.rows_between(top, top + body.height() - 1):
            row, y = rows[at], body.top() + layout.tops[at] - top
            if row.technician:
                tile = self._tile(
                    row.technician, _HEAD, (layout.column, self.row_height),
                    partial(head.paint, self.brush, view, row.technician),
                )  # fmt: skip
                painter.drawPixmap(QPoint(0, y), tile)
                if row.technician == view.marked[1]:
                    painter.fillRect(QRect(0, y, 3, self.row_height), self.brush.colours["accent"])
            else:
                head.group(
                    painter,
                    self.brush,
                    view,
                    row,
                    QRectF(0, y, layout.column, layout.tops[at + 1] - layout.tops[at]),
                )
        painter.setClipping(False)
        painter.fillRect(
            QRect(layout.column - 1, layout.header, 1, view.viewport().height()), self.brush.colours["border"]
        )

    def _titles(self, painter: QPainter, body: QRect) -> None:
        view, layout = self._view, self._view.layout_
        box = QRectF(0, layout.header, view.viewport().width(), layout.title)
        head.lanes(painter, self.brush, view, box)
        column = QRectF(0, layout.lanes_top, layout.column - 1, layout.lanes)
        painter.fillRect(column, self.brush.colours["surface"])
        painter.fillRect(QRectF(0, body.top() - 1, box.width(), 1), self.brush.colours["border"])
