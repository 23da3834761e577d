"""How words and bars are painted on a wall: one size of type, cut with an ellipsis rather than over the edge."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from ui import icons
from ui.mark import Mark
from ui.wall.size import Scale

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


def write(
    painter: QPainter, place: QRect, words: str, font: QFont, colour: QColor,
    align: Qt.AlignmentFlag = LEFT,
) -> int:  # fmt: skip
    """Write words into a place; the answer is how wide they are."""
    metrics = QFontMetrics(font)
    said = metrics.elidedText(words, Qt.TextElideMode.ElideRight, place.width())
    painter.setFont(font)
    painter.setPen(colour)
    # A low place may cut neither feet nor accents.
    flags = align.value | Qt.TextFlag.TextSingleLine.value | Qt.TextFlag.TextDontClip.value
    painter.drawText(place, flags, said)
    return min(metrics.horizontalAdvance(said), place.width())


def width(words: str, font: QFont) -> int:
    """How wide words are."""
    return QFontMetrics(font).horizontalAdvance(words)


def joined(parts: Sequence[str], font: QFont, room: int) -> str:
    """As many parts as have room, with a dot between; the first two always, cut where they must be."""
    said = " · ".join(parts[:2])
    for part in parts[2:]:
        if width(longer := f"{said} · {part}", font) > room:
            break
        said = longer
    return said


def block(painter: QPainter, place: QRect | QRectF, colour: QColor, radius: float = 0.0) -> None:
    """A filled place."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(place), radius, radius)


def picture(painter: QPainter, place: QRect, mark: Mark, scale: Scale, hue: str = "") -> int:
    """A state's picture at the left of a place; the answer is how much room it takes."""
    edge = scale.px(1.0)
    spot = QRect(place.x(), place.center().y() - edge // 2, edge, edge)
    icons.icon(mark.icon, hue or mark.hue).paint(painter, spot)
    return edge + scale.px(0.3)
