"""How a cell of the calendar is painted: colour, bar and figure say how full it is; corners say why it differs.

Cells that look the same are painted once and then copied: a month of a city has a thousand in sight, of some hundred
kinds.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import theme
from ui.calendar.face import Face
from ui.calendar.model import CalendarModel, Index

WIDE_PX: Final = 84
"""From this width on a cell says hours and minutes, not only how much per cent."""
_TALL_PX: Final = 38
_KEPT: Final = 4000
_TOKENS: Final = frozenset({"canvas", "surface", "sunken", "text", "muted", "disabled"})


class CellDelegate(QStyledItemDelegate):
    """Copies the pictures of faces; what is selected or in hand is drawn over them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: dict[tuple[Face, int, int], QPixmap] = {}
        self._look: tuple[theme.Theme, float] | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        look = theme.current()
        return QSize(look.px(30), look.px(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, model = theme.current(), index.model()
        box: QRect = option.rect
        if not isinstance(model, CalendarModel):
            return
        width, height = box.width(), box.height()
        wide = width >= look.px(WIDE_PX) and height >= look.px(_TALL_PX)
        face = model.face(index.row(), index.column(), wide=wide)
        if face is None:
            painter.fillRect(box, look.colour("canvas"))
        else:
            painter.drawPixmap(box.topLeft(), self._picture(face, width, height, painter, look))
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            veil = QColor(look.colour("accent"))
            veil.setAlpha(38)
            painter.fillRect(box, veil)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1, 1, -2, -2))

    def _picture(self, face: Face, width: int, height: int, painter: QPainter, look: theme.Theme) -> QPixmap:
        ratio = painter.device().devicePixelRatio()
        if self._look != (look, ratio) or len(self._pictures) > _KEPT:
            self._look = look, ratio
            self._pictures.clear()
        made = self._pictures.get((face, width, height))
        if made is None:
            made = QPixmap(QSize(width, height) * ratio)
            made.setDevicePixelRatio(ratio)
            made.fill(look.colour("line"))
            brush = QPainter(made)
            draw(brush, QRect(QPoint(0, 0), QSize(width - 1, height - 1)), face, look)
            brush.end()
            self._pictures[face, width, height] = made
        return made


def draw(painter: QPainter, box: QRect, face: Face, look: theme.Theme) -> None:
    """Paint a face into a rectangle."""
    painter.fillRect(box, look.colour(face.ground) if face.ground in _TOKENS else look.wash(face.ground))  # type: ignore[arg-type]
    if face.hatched:
        painter.fillRect(box, QBrush(look.ink("red"), Qt.BrushStyle.BDiagPattern))
    if face.date is not None:
        words, ink = face.date
        painter.setFont(look.font(12))
        painter.setPen(look.colour(ink))
        inner = box.adjusted(look.px(44), look.px(4), -look.space(1.5), 0)
        said = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideLeft, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, said)
    if len(face.lines) == 1:
        words, ink = face.lines[0]
        painter.setFont(look.font(12, bold=face.bold))
        painter.setPen(look.colour(ink))
        painter.drawText(box.adjusted(0, 0, 0, -look.px(3)), Qt.AlignmentFlag.AlignCenter, words)
    elif face.lines:
        _two_lines(painter, box, face, look)
    if face.bar:
        length, height = max(2, round(box.width() * face.bar / 100)), look.px(3)
        painter.fillRect(QRect(box.left(), box.bottom() - height + 1, length, height), look.ink(face.bar_hue))
    _corners(painter, box, face, look)


def _two_lines(painter: QPainter, box: QRect, face: Face, look: theme.Theme) -> None:
    inner = box.adjusted(look.space(1.5), look.px(2), -look.space(1), -look.px(6))
    half = inner.height() // 2
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    places = (inner.adjusted(0, 0, 0, -half), inner.adjusted(0, half, 0, 0))
    for place, (words, ink), size in zip(places, face.lines, (12, 11), strict=True):
        painter.setFont(look.font(size, bold=face.bold and size == 12))
        painter.setPen(look.colour(ink))
        painter.drawText(
            place, flags, painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        )


def _corners(painter: QPainter, box: QRect, face: Face, look: theme.Theme) -> None:
    """Top right: part of the time on leave, or other hours; a dot beside it: a request waits."""
    if not face.corner and not face.dot:
        return
    edge = float(look.px(8))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    right, top = float(box.right() + 1), float(box.top())
    if face.corner:
        painter.setBrush(look.colour(face.corner))
        corner = (QPointF(right - edge, top), QPointF(right, top), QPointF(right, top + edge))
        painter.drawPolygon(QPolygonF(list(corner)))
    if face.dot:
        painter.setBrush(look.ink("orange"))
        # Where there is little room it stands at the left, or it would lie over the figure.
        across = right - edge * 1.6 if box.width() >= look.px(WIDE_PX) else box.left() + edge * 0.5
        painter.drawEllipse(QPointF(across, top + edge * 0.55), edge * 0.42, edge * 0.42)
