"""How one visit is painted: the way to it thin, the visit thick, the promise as an outline, what really was above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter

from ui.board.bar import Bar
from ui.board.brush import Brush
from ui.board.said import alert
from ui.mark import mark

_DRIVE_PX: Final = 4
_SOLID: Final = frozenset({"en_route", "in_progress"})
_GLYPH_LEAST: Final = 14
_WIDE_PX: Final = 600

XOf = Callable[[int], float]


def promise(painter: QPainter, brush: Brush, bar: Bar, x_of: XOf, box: QRect) -> None:
    """The promised window around the planned time, for visits that are still to come."""
    window = bar.window
    if window is None or bar.state in ("done", "held"):
        return
    left, right = round(x_of(window.start)), round(x_of(window.end))
    _box(painter, brush, "promise", "", QRect(left, box.top() - 3, right - left, box.height() + 6))


def drive(painter: QPainter, brush: Brush, bar: Bar, x_of: XOf, box: QRect) -> None:
    """The way to a visit, below everything else; where there is no time for it, in the colour of a warning."""
    if bar.travel_s and bar.technician:
        left = x_of(bar.begin)
        colour = (
            brush.ink("amber")
            if bar.tight
            else brush.colours["line" if bar.state == "tentative" else "border"]
        )
        painter.fillRect(QRectF(left, box.center().y() - _DRIVE_PX / 2, box.left() - left, _DRIVE_PX), colour)


def _box(painter: QPainter, brush: Brush, kind: str, hue: str, box: QRect) -> None:
    if box.width() <= _WIDE_PX:
        picture = brush.box(kind, hue, box.width(), box.height(), painter.device().devicePixelRatioF())
        painter.drawPixmap(box.topLeft(), picture)
    else:  # zoomed in so far that a picture of it would be too much
        brush.draw_box(painter, kind, hue, QRectF(box))


def visit(painter: QPainter, brush: Brush, bar: Bar, x_of: XOf, box: QRect, words: tuple[str, ...]) -> None:
    """A visit in its box (that of the bar on its row, whatever part of it is seen)."""
    looks = mark("order", bar.status)
    kind = _kind(bar)
    _box(painter, brush, f"{kind}!" if bar.alerts else kind, looks.hue, box)
    _was(painter, brush, bar, x_of, box)
    solid = kind == "solid"
    ink = brush.colours["surface"] if solid else brush.ink(looks.hue)
    text = brush.colours["surface"] if solid else brush.colours["muted" if bar.state == "done" else "text"]
    inside = QRectF(box.adjusted(4, 0, -3, 0))
    if box.width() < _GLYPH_LEAST:
        return
    glyph = "◷" if bar.state == "held" else looks.glyph
    if _is_stacked(brush, box, words):
        upper = QRectF(inside.left(), inside.top() + 1, inside.width(), inside.height() / 2)
        brush.write(painter, upper, glyph, brush.figure, ink)
        _marks(painter, brush, bar, upper.adjusted(12, 0, 0, 0), solid)
        lower = QRectF(inside.left(), inside.center().y() - 1, inside.width() + 2, inside.height() / 2)
        brush.write(painter, lower, words[0], brush.figure, text)
        return
    inside.setLeft(inside.left() + brush.write(painter, inside, glyph, brush.figure, ink) + 3)
    inside.setRight(_marks(painter, brush, bar, inside, solid))
    _words(painter, brush, inside, words, text)


def _kind(bar: Bar) -> str:
    """The kind of box it is shown in."""
    if bar.state in ("tentative", "held", "done"):
        return bar.state
    return "solid" if bar.status in _SOLID else "wash"


def _is_stacked(brush: Brush, box: QRect, words: tuple[str, ...]) -> bool:
    """Whether the number has room below the state's glyph, but not beside it."""
    if not words or box.height() < brush.look.px(26):
        return False
    number = brush.width(words[0], brush.figure)
    return number + 6 <= box.width() < number + 24


def _was(painter: QPainter, brush: Brush, bar: Bar, x_of: XOf, box: QRect) -> None:
    """What really was, as a line above: thin on the way, thick while he was there, red where he came too late."""
    was = bar.was
    if was is None or (was.departed_at is None and was.arrival is None):
        return
    y = box.top() - 7
    came = was.arrival.at if was.arrival else None
    if was.departed_at is not None:
        left, right = x_of(was.departed_at), x_of(came if came is not None else bar.start)
        painter.fillRect(QRectF(left, y + 1, max(right - left, 2), 1), brush.colours["text"])
    if came is None:
        return
    late = was.window is not None and came > was.window.end
    colour = brush.ink("red" if late else "green")
    left, ended = x_of(came), was.ended_at
    right = x_of(ended if ended is not None else max(bar.end, came))
    if ended is None:  # he is still there: until when, only the plan says
        painter.fillRect(QRectF(left, y + 1, max(right - left, 2), 1), colour)
        painter.fillRect(QRectF(left, y - 1, 3, 5), colour)
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
    if bar.watched is not None:
        found.append(("reveal" if bar.watched == "looking" else "edit", "blue"))
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
    if brush.width(number, brush.figure) > inside.width():
        return  # half a number is no number
    middle = inside.center().y()
    if inside.height() < brush.look.px(26) or not rest:
        taken = brush.write(painter, inside, number, brush.figure, colour)
        brush.write(painter, inside.adjusted(taken + 5, 0, 0, 0), " · ".join(rest), brush.small, colour)
        return
    upper = QRectF(inside.left(), inside.top() + 1, inside.width(), middle - inside.top())
    taken = brush.write(painter, upper, number, brush.figure, colour)
    beside = upper.adjusted(taken + 5, 0, 0, 0)
    fits = beside.width() >= brush.look.px(28)
    if fits:
        brush.write(painter, beside, rest[0], brush.small, colour)
    lower = QRectF(inside.left(), middle - 1, inside.width(), inside.bottom() - middle)
    brush.write(painter, lower, " · ".join(rest[1:] if fits and len(rest) > 1 else rest), brush.small, colour)
