"""What stands at the left of the board: names with their figures, headings of groups, the title of the lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from dispatcher_app.text import t
from ui import format, name
from ui.board.brush import Brush
from ui.board.row import Grouping, Row
from ui.board.schedule import Schedule
from ui.mark import mark

if TYPE_CHECKING:
    from ui.board.view import BoardView

_NOBODY: dict[Grouping, str] = {"team": "No team", "district": "All districts##group", "skill": "No skill"}


def paint(brush: Brush, view: BoardView, technician: str, painter: QPainter) -> None:
    """A technician's cell in the column of names."""
    schedule, look = view.schedule, brush.look
    height, width = view.row_height(), view.layout_.column
    painter.fillRect(QRectF(0, 0, width, height), brush.colours["surface"])
    painter.fillRect(QRectF(0, height - 1, width, 1), brush.colours["line"])
    person = schedule.technicians.get(technician)
    if person is None:
        return
    pad, edge = look.px(8), look.px(30)
    left = float(pad)
    half = height / 2
    looks = mark("technician", person.status)
    right = width - pad
    glyph = brush.write(
        painter,
        QRectF(right - 16, 3, 16, half - 2),
        looks.glyph,
        brush.figure,
        brush.ink(looks.hue),
        right=True,
    )
    upper = QRectF(left, 3, right - left - glyph - 4, half - 2)
    brush.write(painter, upper, person.name, brush.bold, brush.colours["text"])
    _figures(painter, brush, schedule, technician, QRectF(left, half, right - left, half - 3))
    _ = edge


def _figures(painter: QPainter, brush: Brush, schedule: Schedule, technician: str, box: QRectF) -> None:
    """The bar of his load with its percentage, and when he is free next."""
    load = schedule.load(technician)
    if not load.shift:
        brush.write(painter, box, t("no shift"), brush.small, brush.colours["muted"])
        return
    track = QRectF(box.left(), box.center().y() - 3, brush.look.px(44), 6)
    painter.fillRect(track, brush.colours["line"])
    over = load.booked > load.shift
    share = min(1.0, load.booked / load.shift)
    painter.fillRect(
        QRectF(track.left(), track.top(), track.width() * share, 6), brush.ink("red" if over else "blue")
    )
    planned = min(1.0 - share, load.planned / load.shift)
    painter.fillRect(
        QRectF(track.left() + track.width() * share, track.top(), track.width() * planned, 6),
        brush.hatch("blue", 160),
    )
    percent = f"{load.percent}%"
    said = QRectF(track.right() + 5, box.top(), brush.look.px(34), box.height())
    brush.write(painter, said, percent, brush.small, brush.ink("red") if over else brush.colours["muted"])
    rest = QRectF(said.right() + 2, box.top(), box.right() - said.right() - 2, box.height())
    free = (
        t("full##load")
        if load.free_at is None
        else t("free {time}", time=format.clock(load.free_at, schedule.timezone))
    )
    brush.write(painter, rest, free, brush.small, brush.colours["muted"], right=True)


def group(painter: QPainter, brush: Brush, view: BoardView, row: Row, box: QRectF) -> None:
    """The heading of a group."""
    painter.fillRect(box, brush.colours["sunken"])
    painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), brush.colours["line"])
    edge = brush.look.px(12)
    arrow = brush.icon("next" if row.folded else "expand", "muted", edge)
    painter.drawPixmap(QPointF(box.left() + 6, round(box.center().y() - edge / 2)), arrow)
    words = QRectF(box.left() + 10 + edge, box.top(), box.width() - 50 - edge, box.height())
    brush.write(painter, words, title(view.schedule, row), brush.figure, brush.colours["text"])
    count = QRectF(box.right() - 38, box.top(), 30, box.height())
    brush.write(painter, count, str(row.count), brush.small, brush.colours["muted"], right=True)


def title(schedule: Schedule, row: Row) -> str:
    """What a group is called."""
    if not row.group:
        return t(_NOBODY.get(schedule.grouping, ""))
    if schedule.grouping == "district":
        return name.district(schedule.session, row.group)
    return name.skill(row.group) if schedule.grouping == "skill" else row.group


def lanes(painter: QPainter, brush: Brush, view: BoardView, box: QRectF) -> None:
    """The title of the lanes, with how many wait in them."""
    painter.fillRect(box, brush.colours["sunken"])
    edge = brush.look.px(12)
    arrow = brush.icon("expand" if view.lanes_shown else "next", "muted", edge)
    painter.drawPixmap(QPointF(box.left() + 6, round(box.center().y() - edge / 2)), arrow)
    bars = [bar for lane in view.schedule.lanes for bar in lane]
    unkept = sum("unkept" in bar.alerts for bar in bars)
    words = (
        t("Nobody goes yet: {count}", count=len(bars))
        if bars
        else t("Somebody goes to every promised order.")
    )
    left = QRectF(box.left() + 10 + edge, box.top(), box.width() - 20 - edge, box.height())
    taken = brush.write(painter, left, words, brush.figure, brush.colours["text" if bars else "muted"])
    if unkept:
        said = f"{mark('flag', 'unkept').glyph} {t('{count} promises can not be kept', count=unkept)}"
        brush.write(painter, left.adjusted(taken + 12, 0, 0, 0), said, brush.figure, brush.ink("red"))
