"""How one visit is painted: the way to it thin, the visit thick, the promise as an outline, what really was above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ui.board.bar import Bar
from ui.board.brush import Brush
from ui.board.said import alert
from ui.mark import mark

_DRIVE_PX: Final = 4
_SOLID: Final = frozenset({"en_route", "in_progress"})
_GLYPH_LEAST: Final = 14
_TEXT_LEAST: Final = 30
_ROUND: Final = 3.0

XOf = Callable[[int], float]


def promise(painter: QPainter, brush: Brush, bar: Bar, x_of: XOf, box: QRectF) -> None:
    """The promised window around the planned time, for visits that are still to come."""
    window = bar.window
    if window is None or bar.state in ("done", "held"):
        return
    left, right = x_of(window.start), x_of(window.end)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(brush.pen("border"))
    painter.drawRoundedRect(QRectF(left + 0.5, box.top() - 2.5, right - left - 1, box.height() + 5), 4, 4)


def visit(painter: QPainter, brush: Brush, bar: Bar, x_of: XOf, box: QRectF, words: tuple[str, ...]) -> None:
    """A visit in its box (that of the bar on its row, whatever part of it is seen)."""
    looks = mark("order", bar.status)
    if bar.travel_s and bar.technician:
        left = x_of(bar.begin)
        painter.fillRect(
            QRectF(left, box.center().y() - _DRIVE_PX / 2, box.left() - left, _DRIVE_PX),
            brush.colours["border"] if bar.state != "tentative" else brush.hatch("border", 255),
        )
    _ground(painter, brush, bar, box, looks.hue)
    _was(painter, brush, bar, x_of, box)
    solid = bar.state not in ("tentative", "held", "done") and bar.status in _SOLID
    ink = brush.colours["surface"] if solid else brush.ink(looks.hue)
    text = brush.colours["surface"] if solid else brush.colours["muted" if bar.state == "done" else "text"]
    inside = box.adjusted(4, 0, -3, 0)
    if box.width() >= _GLYPH_LEAST:
        glyph = "◷" if bar.state == "held" else looks.glyph
        inside.setLeft(inside.left() + brush.write(painter, inside, glyph, brush.figure, ink) + 3)
    if box.width() >= _TEXT_LEAST:
        inside.setRight(_marks(painter, brush, bar, inside, solid))
        _words(painter, brush, inside, words, text)
    elif bar.alerts:
        _marks(painter, brush, bar, inside, solid)


def _ground(painter: QPainter, brush: Brush, bar: Bar, box: QRectF, hue: str) -> None:
    edge = box.adjusted(0.5, 0.5, -0.5, -0.5)
    if bar.alerts:
        pen = brush.pen("red", 2.0)
        edge = box.adjusted(1, 1, -1, -1)
    elif bar.state == "tentative":
        pen = brush.pen(hue, 1.0, Qt.PenStyle.DashLine)
    elif bar.state == "held":
        pen = brush.pen("muted", 1.5, Qt.PenStyle.DotLine)
    else:
        pen = brush.pen(hue if bar.state != "done" else "border")
    painter.setPen(pen)
    if bar.state in ("held", "tentative"):
        painter.setBrush(brush.colours["surface"])
    elif bar.state == "done":
        painter.setBrush(brush.colours["sunken"])
    elif bar.status in _SOLID:
        painter.setBrush(brush.ink(hue))
    else:
        painter.setBrush(brush.wash(hue))  # type: ignore[arg-type]
    painter.drawRoundedRect(edge, _ROUND, _ROUND)
    if bar.state == "tentative":
        painter.setBrush(brush.hatch(hue, 60))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(edge, _ROUND, _ROUND)


def _was(painter: QPainter, brush: Brush, bar: Bar, x_of: XOf, box: QRectF) -> None:
    """What really was, as a line above: thin on the way, thick while he was there, red where he came too late."""
    was = bar.actual
    if was is None or (was.departed_at is None and was.arrival is None):
        return
    y = box.top() - 4
    came = was.arrival.at if was.arrival else None
    if was.departed_at is not None:
        left, right = x_of(was.departed_at), x_of(came) if came is not None else x_of(was.departed_at) + 6
        painter.fillRect(QRectF(left, y + 1, max(right - left, 2), 1), brush.colours["text"])
    if came is None:
        return
    ended = was.ended_at if was.ended_at is not None else max(bar.end, came)
    late = was.window is not None and came > was.window.end
    colour = brush.ink("red") if late else brush.ink("green")
    left, right = x_of(came), x_of(ended)
    if was.ended_at is None:  # he is still there: nobody knows until when
        painter.fillRect(
            QRectF(left, y, max(right - left, 2), 3), brush.hatch("red" if late else "green", 255)
        )
        painter.fillRect(QRectF(left, y - 1, 2, 5), colour)
    else:
        painter.fillRect(QRectF(left, y, max(right - left, 2), 3), colour)


def _marks(painter: QPainter, brush: Brush, bar: Bar, inside: QRectF, solid: bool) -> float:
    """What is special about it, at its right end; the answer is where that begins."""
    right = inside.right()
    room = inside.width()
    edge = brush.look.px(11)
    found: list[tuple[str, str]] = []
    if bar.pending:
        found.append(("pending_sync", "muted"))
    if bar.pinned:
        found.append(("lock", "text"))
    if bar.shared:
        found.append(("team", "text"))
    if bar.brief is not None and bar.state != "done" and bar.brief.urgency != "normal":
        looks = mark("urgency", bar.brief.urgency)
        found.append((looks.icon, looks.hue))
    found += [(alert(code).icon, alert(code).hue) for code in bar.alerts[:1]]
    for name, token in reversed(found):
        if room < edge + 2:
            break
        right, room = right - edge - 1, room - edge - 1
        picture = brush.icon(name, "surface" if solid else token, edge)
        painter.drawPixmap(QPointF(round(right), round(inside.center().y() - edge / 2)), picture)
    return right - 2


def _words(painter: QPainter, brush: Brush, inside: QRectF, words: tuple[str, ...], colour: QColor) -> None:
    """The number first, then as much of the rest as there is room for, on two lines where the bar is high enough."""
    if not words:
        return
    number, *rest = words
    two = inside.height() >= brush.look.px(27) and rest
    upper = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 2) if two else inside
    taken = brush.write(painter, upper.adjusted(0, 1 if two else 0, 0, 0), number, brush.figure, colour)
    if two:
        beside = upper.adjusted(taken + 4, 1, 0, 0)
        brush.write(painter, beside, rest[0], brush.small, colour)
        lower = QRectF(inside.left(), upper.bottom() - 1, inside.width(), inside.height() / 2)
        brush.write(painter, lower, " · ".join(rest[1:]) or rest[0], brush.small, colour)
    elif rest:
        brush.write(painter, inside.adjusted(taken + 5, 0, 0, 0), " · ".join(rest), brush.small, colour)
