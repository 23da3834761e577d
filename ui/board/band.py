"""The ground of a technician's row: when he works, when he is away, where his break falls, the hours."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QPainter

from dispatcher_app.domain.calendar import midnight, moment
from dispatcher_app.domain.technician import Leave
from ui.board.axis import Axis
from ui.board.brush import Brush
from ui.board.schedule import Schedule


def look_of(schedule: Schedule, technician: str, axis: Axis) -> str:
    """What the ground of a row depends on: whoever has the same has the same ground."""
    person = schedule.technicians.get(technician)
    leaves = (
        [leave for leave in person.leaves if leave.end > axis.begin and leave.start < axis.end]
        if person
        else []
    )
    return f"{schedule.shifts(technician)} {leaves}"


def paint(
    painter: QPainter, brush: Brush, schedule: Schedule, technician: str, axis: Axis, box: QRectF
) -> None:
    """Paint the part of a row's ground that lies in a box (axis coordinates)."""
    painter.fillRect(box, brush.colours["canvas"])
    shifts, policy = schedule.shifts(technician), schedule.policy
    for start, end in shifts:
        _fill(painter, axis, box, start, end, brush.colours["surface"])
    for date in schedule.dates if policy.break_minutes else ():
        first = moment(date, policy.break_from, axis.timezone)
        last = moment(date, policy.break_until, axis.timezone)
        if any(start < last and first < end for start, end in shifts):
            _fill(painter, axis, box, first, last, brush.colours["sunken"])
    for tick in axis.ticks():
        x = axis.x(tick)
        if box.left() <= x <= box.right():
            painter.fillRect(QRectF(round(x), 0, 1, box.height()), brush.colours["line"])
    for date in schedule.dates[1:]:
        x = round(axis.x(midnight(date, axis.timezone)))
        painter.fillRect(QRectF(x - 1, 0, 2, box.height()), brush.colours["border"])
    person = schedule.technicians.get(technician)
    for leave in person.leaves if person else ():
        _away(painter, brush, axis, box, leave)
    painter.fillRect(QRectF(box.left(), box.height() - 1, box.width(), 1), brush.colours["line"])


def _fill(painter: QPainter, axis: Axis, box: QRectF, start: int, end: int, colour: QColor | QBrush) -> None:
    left, right = max(axis.x(start), box.left()), min(axis.x(end), box.right())
    if left < right:
        painter.fillRect(QRectF(left, 0, right - left, box.height()), colour)


def _away(painter: QPainter, brush: Brush, axis: Axis, box: QRectF, leave: Leave) -> None:
    start, end = max(leave.start, axis.begin), min(leave.end, axis.end)
    if start >= end:
        return
    _fill(painter, axis, box, start, end, brush.wash("purple"))
    _fill(painter, axis, box, start, end, brush.hatch("purple", 50))
    left, right = axis.x(start), axis.x(end)
    brush.write(
        painter, QRectF(left + 6, 1, right - left - 8, 12), leave.reason, brush.small, brush.ink("purple")
    )
