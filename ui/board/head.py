"""What stands at the left of the board: names with their figures, headings of groups, the title of the lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from dispatcher_app.client.schedule import MOST_WAITING
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.text import t
from ui import format, name
from ui.board.brush import Brush
from ui.board.layout import COLUMN_PX
from ui.board.load import Load
from ui.board.row import Grouping, Row
from ui.board.schedule import Schedule
from ui.controls import portrait
from ui.mark import mark

if TYPE_CHECKING:
    from ui.board.view import BoardView

STALE_MINUTES: Final = 15
"""A technician at work who was not heard of for so long may be anywhere."""
_NOBODY: Final[dict[Grouping, str]] = {
    "team": "No team",
    "district": "All districts##group",
    "skill": "No skill",
}


def paint(brush: Brush, view: BoardView, technician: str, painter: QPainter) -> None:
    """A technician's cell in the column of names."""
    schedule, look = view.schedule, brush.look
    height, width = view.row_height(), view.layout_.column
    painter.fillRect(QRectF(0, 0, width, height), brush.colours["surface"])
    painter.fillRect(QRectF(0, height - 1, width, 1), brush.colours["line"])
    person = schedule.technicians.get(technician)
    if person is None:
        return
    roomy = width >= look.px(COLUMN_PX)
    pad, edge = look.px(8 if roomy else 6), look.px(30 if roomy else 24)
    round_ = QRectF(pad, (height - edge) / 2, edge, edge)
    portrait.draw(painter, round_, view.portraits.of(person), person.name[:1].upper(), brush.bold)
    left, right, half = round_.right() + pad, width - pad, height / 2
    upper = QRectF(left, 4, right - left, half - 4)
    looks = mark("technician", person.status)
    end = right - brush.write(painter, upper, looks.glyph, brush.figure, brush.ink(looks.hue), right=True) - 4
    said, token = age(schedule, technician)
    if said:
        box = QRectF(end - 50, 4, 50, half - 4)
        pin = look.px(11)
        end -= brush.write(painter, box, said, brush.small, brush.ink(token), right=True) + pin + 1
        painter.drawPixmap(
            QPointF(round(end), round(box.center().y() - pin / 2)), brush.icon("address", token, pin)
        )
    brush.write(
        painter, QRectF(left, 4, end - left - 4, half - 4), person.name, brush.bold, brush.colours["text"]
    )
    _figures(painter, brush, schedule, technician, QRectF(left, half, right - left, half - 4))


def age(schedule: Schedule, technician: str) -> tuple[str, str]:
    """How old his last position is, in few letters, and the colour that tells whether that is too old."""
    session = schedule.session
    found, now = session.positions.get(technician), session.now()
    works = any(start <= now < end for start, end in schedule.shifts(technician))
    if found is None:
        return ("?", "amber") if works else ("", "muted")
    minutes = max(0, now - found.at) // MINUTE_MS
    said = t("{n}m##age", n=minutes) if minutes < 60 else t("{n}h##age", n=minutes // 60)
    token = "amber" if works and minutes >= STALE_MINUTES else "muted"
    return (said if minutes < 24 * 60 else "–"), token


def _figures(painter: QPainter, brush: Brush, schedule: Schedule, technician: str, box: QRectF) -> None:
    """The bar of his load with its percentage, and when he is free next."""
    load = schedule.load(technician)
    if not load.shift:
        brush.write(painter, box, t("no shift"), brush.small, brush.colours["muted"])
        return
    track = QRectF(box.left(), round(box.center().y()) - 3, brush.look.px(44 if box.width() > 150 else 24), 6)
    painter.fillRect(track, brush.colours["line"])
    over = load.booked > load.shift
    share = min(1.0, load.booked / load.shift)
    painter.fillRect(
        QRectF(track.left(), track.top(), track.width() * share, 6), brush.ink("red" if over else "blue")
    )
    planned = QRectF(track.left() + track.width() * share, track.top(), 0, 6)
    planned.setWidth(track.width() * min(1.0 - share, load.planned / load.shift))
    painter.fillRect(planned, brush.hatch("blue", 160))
    said = QRectF(track.right() + 5, box.top(), brush.look.px(34), box.height())
    percent = f"{load.percent}%"
    brush.write(painter, said, percent, brush.small, brush.ink("red") if over else brush.colours["muted"])
    rest = QRectF(said.right(), box.top(), box.right() - said.right(), box.height())
    brush.write(
        painter,
        rest,
        _free(brush, schedule, load, rest.width()),
        brush.small,
        brush.colours["text"],
        right=True,
    )


def _free(brush: Brush, schedule: Schedule, load: Load, width: float) -> str:
    """When he has time next, with the word for it where there is room."""
    if load.overruns:
        return t("overruns##load")
    if load.free_at is None:
        return t("full##load")
    if load.free_at - schedule.session.now() < MINUTE_MS:
        return t("free now")
    time = format.clock(load.free_at, schedule.timezone)
    said = t("free {time}", time=time)
    return said if brush.width(said, brush.small) <= width else time


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
    count = f"{len(bars)}+" if len(bars) >= MOST_WAITING else f"{len(bars)}"
    words = (
        t("Nobody goes yet: {count}", count=count) if bars else t("Somebody goes to every promised order.")
    )
    left = QRectF(box.left() + 10 + edge, box.top(), box.width() - 20 - edge, box.height())
    taken = brush.write(painter, left, words, brush.figure, brush.colours["text" if bars else "muted"])
    if unkept:
        said = f"{mark('flag', 'unkept').glyph} {t('{count} promises can not be kept', count=unkept)}"
        brush.write(painter, left.adjusted(taken + 12, 0, 0, 0), said, brush.figure, brush.ink("red"))
