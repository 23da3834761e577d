"""The hours above the board, with the dates over them and the moment it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from dispatcher_app.domain.calendar import midnight, next_date
from ui import format
from ui.board.brush import Brush

if TYPE_CHECKING:
    from ui.board.view import BoardView


def paint(painter: QPainter, brush: Brush, view: BoardView) -> None:
    """The whole strip of hours."""
    layout, axis = view.layout_, view.axis
    width, height = view.viewport().width(), layout.header
    whole = QRectF(0, 0, width, height)
    painter.fillRect(whole, brush.colours["sunken"])
    painter.setClipRect(QRectF(layout.column, 0, width - layout.column, height))
    now = view.session.now()
    half = height / 2
    for date in axis.dates:
        begin, end = midnight(date, axis.timezone), midnight(next_date(date), axis.timezone)
        left, right = max(view.x_of(begin), layout.column), view.x_of(end)
        brush.write(
            painter, QRectF(left + 6, 2, right - left - 8, half - 2), format.day(begin, now, axis.timezone),
            brush.bold, brush.colours["accent" if begin <= now < end else "text"],
        )  # fmt: skip
        painter.fillRect(QRectF(view.x_of(begin), 0, 1, height), brush.colours["border"])
    here = view.x_of(now) if axis.begin <= now <= axis.end else None
    label = format.clock(now, axis.timezone)
    wide = brush.width(label, brush.figure) + 8
    for tick in axis.ticks():
        x, said = view.x_of(tick), format.clock(tick, axis.timezone)
        if x < layout.column - 40 or x > width:
            continue
        painter.fillRect(QRectF(x, height - 5, 1, 5), brush.colours["border"])
        room = x + 3 + brush.width(said, brush.small)
        if (
            here is None or room < here - wide / 2 or x > here + wide / 2
        ):  # or it would lie under the present moment
            brush.write(painter, QRectF(x + 3, half, 44, half - 3), said, brush.small, brush.colours["muted"])
    if here is not None:
        box = QRectF(here - wide / 2, half, wide, half - 3)
        painter.setPen(brush.pen("accent"))
        painter.setBrush(brush.colours["accent"])
        painter.drawRoundedRect(box, 3, 3)
        brush.write(painter, box.adjusted(4, 0, -2, 0), label, brush.figure, brush.look.colour("on_accent"))
    painter.setClipping(False)
    painter.fillRect(QRectF(0, height - 1, width, 1), brush.colours["border"])
