"""How a cell of the calendar is painted: colour, bar and figure say how full it is; corners say why it differs."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dispatcher_app.text import t
from ui import theme
from ui.calendar.day import DayWord, brief
from ui.calendar.figures import Load
from ui.calendar.model import LOAD, ROW, SLOT, WORD, Index, minutes
from ui.mark import Hue

WIDE_PX: Final = 84
"""From this width on a cell says hours and minutes, not only how much per cent."""
_TALL_PX: Final = 38
_STEPS: Final[tuple[tuple[int, Hue], ...]] = ((60, "green"), (85, "olive"), (100, "amber"))


def hue_of(percent: int | None) -> Hue:
    """The hue of a load: free, filling, nearly full, more than there is."""
    if percent is None:
        return "dim"
    return next((hue for limit, hue in _STEPS if percent <= limit), "red")


class CellDelegate(QStyledItemDelegate):
    """Paints loads; what one technician's date has of its own stands in its corners."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        look = theme.current()
        return QSize(look.px(30), look.px(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme.current()
        box: QRect = option.rect
        painter.save()
        if index.data(SLOT) is None:
            painter.fillRect(box, look.colour("canvas"))
        else:
            load, word = index.data(LOAD), index.data(WORD)
            part = index.data(SLOT).part
            inner = box.adjusted(0, 0, -1, -1)
            _ground(painter, inner, load, word)
            if box.width() >= look.px(WIDE_PX) and box.height() >= look.px(_TALL_PX):
                _both_lines(painter, inner, load, word, part=part)
            else:
                _figure(painter, inner, load, word, bold=index.data(ROW).open_ is not None)
            _bar(painter, inner, load)
            _corners(painter, inner, word)
        _frame(painter, box, option)
        painter.restore()


def _ground(painter: QPainter, box: QRect, load: Load | None, word: DayWord | None) -> None:
    look = theme.current()
    if load is None:
        painter.fillRect(box, look.colour("surface"))
        return
    if load.work > 0:
        painter.fillRect(box, look.wash(hue_of(load.percent)))
        return
    away = word is not None and word.leave is not None and not word.off
    painter.fillRect(box, look.wash("purple") if away else look.colour("sunken"))
    if load.load:
        painter.fillRect(box, QBrush(look.ink("red"), Qt.BrushStyle.BDiagPattern))


def _figure(painter: QPainter, box: QRect, load: Load | None, word: DayWord | None, *, bold: bool) -> None:
    """One figure or word in the middle."""
    look = theme.current()
    if load is None:
        return
    text, ink = _short(load, word)
    painter.setFont(look.font(12, bold=bold or (load.percent or 0) > 100))
    painter.setPen(ink)
    painter.drawText(box.adjusted(0, 0, 0, -look.px(3)), Qt.AlignmentFlag.AlignCenter, text)


def _short(load: Load, word: DayWord | None) -> tuple[str, QColor]:
    look = theme.current()
    if load.percent is not None:
        return f"{load.percent}", look.ink(hue_of(load.percent)) if load.load else look.colour("disabled")
    if word is not None and word.leave is not None and not word.off:
        return t("lv##calendar"), look.ink("purple")
    return t("off##calendar"), look.ink("red") if load.load else look.colour("disabled")


def _both_lines(
    painter: QPainter, box: QRect, load: Load | None, word: DayWord | None, *, part: bool
) -> None:
    """The hours, or the figure of several, above; what is taken of it below."""
    look = theme.current()
    inner = box.adjusted(look.space(1.5), look.px(2), -look.space(1), -look.px(6))
    half = inner.height() // 2
    above, below = inner.adjusted(0, 0, 0, -half), inner.adjusted(0, half, 0, 0)
    first, second = _parts(load) if part and word is not None else _lines(load, word)
    ink = look.colour("text")
    if word is not None and word.leave is not None:
        ink = look.ink("purple")
    elif load is not None and load.work <= 0:
        ink = look.colour("muted")
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.setPen(ink)
    painter.setFont(look.font(12, bold=word is None))
    painter.drawText(above, flags, _fitting(painter, first, above))
    painter.setFont(look.font(11))
    painter.setPen(look.ink(hue_of(load.percent)) if load is not None and load.load else look.colour("muted"))
    painter.drawText(below, flags, _fitting(painter, second, below))


def _lines(load: Load | None, word: DayWord | None) -> tuple[str, str]:
    if word is None:
        first = (
            "" if load is None else f"{load.percent}%" if load.percent is not None else t("nobody##calendar")
        )
    elif word.leave is not None and not word.off:
        first = t("away: {reason}", reason=word.leave.reason)
    else:
        first = brief(word.hours) or t("off")
    if load is None:
        return first, "…"
    if load.work <= 0:
        return first, minutes(load.load) if load.load else ""
    taken = f"{compact(load.load)} / {compact(load.work)}"
    return first, t("{taken} · {n} vis.##calendar", taken=taken, n=load.visits) if load.visits else taken


def _parts(load: Load | None) -> tuple[str, str]:
    """Of a part of somebody's date: what begins in it, and how much of it is taken."""
    if load is None:
        return "", "…"
    if load.work <= 0:
        return "", minutes(load.load) if load.load else ""
    first = t("{n} vis.##calendar", n=load.visits) if load.visits else "" if load.load else t("free##calendar")
    return first, f"{compact(load.load)} / {compact(load.work)}"


def compact(count: int) -> str:
    """A time in little room: "5:20" hours."""
    return f"{count // 60}:{count % 60:02}" if count < 100 * 60 else f"{round(count / 60)}h"


def _fitting(painter: QPainter, text: str, box: QRect) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())


def _bar(painter: QPainter, box: QRect, load: Load | None) -> None:
    """A bar at the foot, as long as the load is: it reads without colours."""
    if load is None or load.percent is None or not load.load:
        return
    look = theme.current()
    length = round(box.width() * min(load.percent, 100) / 100)
    height = look.px(3)
    painter.fillRect(
        QRect(box.left(), box.bottom() - height + 1, max(length, 2), height), look.ink(hue_of(load.percent))
    )


def _corners(painter: QPainter, box: QRect, word: DayWord | None) -> None:
    """Top right: part of the time on leave, or other hours; top left: a request waits."""
    if word is None:
        return
    look = theme.current()
    edge = float(look.px(8))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    right, left, top = float(box.right() + 1), float(box.left()), float(box.top())
    hue: Hue | None = "purple" if word.leave is not None else "blue" if word.other else None
    if hue is not None:
        painter.setBrush(look.ink(hue))
        corner = (QPointF(right - edge, top), QPointF(right, top), QPointF(right, top + edge))
        painter.drawPolygon(QPolygonF(list(corner)))
    if word.asked:
        painter.setBrush(look.ink("orange"))
        painter.drawEllipse(QPointF(left + edge * 0.7, top + edge * 0.7), edge * 0.45, edge * 0.45)


def _frame(painter: QPainter, box: QRect, option: QStyleOptionViewItem) -> None:
    look = theme.current()
    state: QStyle.StateFlag = option.state
    if state & QStyle.StateFlag.State_Selected:
        veil = QColor(look.colour("accent"))
        veil.setAlpha(38)
        painter.fillRect(box, veil)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(look.colour("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(1, 1, -2, -2))
