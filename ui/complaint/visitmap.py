"""The map of a visit: the way that was reported, the door, the radius within which one has arrived, and a scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

from dispatcher_app.client.state import Seen
from dispatcher_app.domain.place import Point, distance_m
from ui import format, theme

_SIZE: Final = (1200, 720)
_EDGE_PX: Final = 70
_LEAST_M: Final = 800.0
"""A way that hardly moves is not blown up to look like one."""
_MARKS: Final = 7
_INK, _WAY, _DOOR = QColor("#222222"), QColor("#0B5CAD"), QColor("#B3261E")
_METRES: Final = 111_320.0
"""Metres a degree of latitude."""


@dataclass(frozen=True, slots=True)
class Ground:
    """How places lie on the picture: its middle, and metres a pixel."""

    middle: Point
    metres: float

    def at(self, lon: float, lat: float) -> QPointF:
        """Where a place is on the picture."""
        across = math.cos(math.radians(self.middle.lat)) * _METRES
        x = (lon - self.middle.lon) * across / self.metres
        y = (self.middle.lat - lat) * _METRES / self.metres
        return QPointF(_SIZE[0] / 2 + x, _SIZE[1] / 2 + y)


def drawn(door: Point, way: Sequence[Seen], radius_m: int, zone: str) -> QImage | None:
    """The picture, None where nobody was seen at all; times stand beside some of the points."""
    if not way:
        return None
    ground = laid(door, way)
    made = QImage(*_SIZE, QImage.Format.Format_RGB32)
    made.fill(QColor("white"))
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont(theme.families())
    font.setPixelSize(20)
    painter.setFont(font)
    _grid(painter, ground)
    at = ground.at(door.lon, door.lat)
    round_ = radius_m / ground.metres
    painter.setPen(QPen(_DOOR, 2, Qt.PenStyle.DashLine))
    painter.setBrush(QColor(179, 38, 30, 24))
    painter.drawEllipse(at, round_, round_)
    points = [ground.at(each.lon, each.lat) for each in way]
    painter.setPen(QPen(_WAY, 4))
    painter.drawPolyline(QPolygonF(points))
    painter.setBrush(_WAY)
    step = max(1, len(way) // _MARKS)
    for index, (each, point) in enumerate(zip(way, points, strict=True)):
        if index % step == 0 or each is way[-1]:
            painter.setPen(QPen(_WAY, 2))
            painter.drawEllipse(point, 6, 6)
            painter.setPen(_INK)
            painter.drawText(point + QPointF(10, -8), format.clock(each.at, zone))
    painter.setPen(QPen(_DOOR, 3))
    painter.setBrush(_DOOR)
    painter.drawRect(QRectF(at.x() - 8, at.y() - 8, 16, 16))
    _scale(painter, ground)
    painter.end()
    return made


def laid(door: Point, way: Sequence[Seen]) -> Ground:
    """The ground on which the door and the whole way fit."""
    lons, lats = [door.lon, *(each.lon for each in way)], [door.lat, *(each.lat for each in way)]
    middle = Point((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
    wide = distance_m(Point(min(lons), middle.lat), Point(max(lons), middle.lat))
    high = distance_m(Point(middle.lon, min(lats)), Point(middle.lon, max(lats)))
    room = (_SIZE[0] - 2 * _EDGE_PX, _SIZE[1] - 2 * _EDGE_PX)
    return Ground(middle, max(wide / room[0], high / room[1], _LEAST_M / room[1]))


def _nice(length: float) -> float:
    """The next round length below."""
    power = 10.0 ** math.floor(math.log10(length))
    return max(each * power for each in (1, 2, 5) if each * power <= length)


def _grid(painter: QPainter, ground: Ground) -> None:
    step = _nice(ground.metres * 200) / ground.metres
    painter.setPen(QPen(QColor("#E4E7EB"), 1))
    for along, across in ((0, 1), (1, 0)):
        at = (_SIZE[along] / 2) % step
        while at < _SIZE[along]:
            one = QPointF(at, 0) if along == 0 else QPointF(0, at)
            other = QPointF(at, _SIZE[across]) if along == 0 else QPointF(_SIZE[across], at)
            painter.drawLine(one, other)
            at += step


def _scale(painter: QPainter, ground: Ground) -> None:
    length = _nice(ground.metres * 240)
    left, bottom = float(_EDGE_PX / 2), float(_SIZE[1] - _EDGE_PX / 2)
    painter.setPen(QPen(_INK, 4))
    painter.drawLine(QPointF(left, bottom), QPointF(left + length / ground.metres, bottom))
    painter.drawText(QPointF(left, bottom - 10), format.distance(length))
