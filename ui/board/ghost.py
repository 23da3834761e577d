"""What would come of letting go, painted over the board: the visits as they would stand, and whom they make late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.text import t
from ui import format, name
from ui.board.bar import Bar
from ui.board.hand import Hand
from ui.board.taken import Taken

if TYPE_CHECKING:
    from dispatcher_app.planning.ghost import Ghost
    from ui.board.brush import Brush
    from ui.board.view import BoardView

_ROUND: Final = 3.0
_VEIL: Final = 150
_REASONS: Final = 3
_NAMED: Final = 4
_NEAR_M: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the bubble, in the colour of its weight."""

    text: str
    token: str = "text"
    bold: bool = False


class Ghosts:
    """Paints a hand over a view; `at` is where the mouse is in the viewport, None where keys lead."""

    def __init__(self, view: BoardView, hand: Hand) -> None:
        self._view, self._hand = view, hand
        self.at: QPointF | None = None

    def __call__(self, painter: QPainter) -> None:
        brush = self._view.picture.brush
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._veil(painter, brush)
        painter.setClipRect(self._view.body())
        if not self._hand.off:
            for each in self._hand.taken:
                self._standing(painter, brush, each)
            self._shifted(painter, brush)
        self._bubble(painter, brush)

    # ------------------------------------------------------------ where they were
    def _veil(self, painter: QPainter, brush: Brush) -> None:
        """The places that are left look left."""
        veil = QColor(brush.colours["canvas"])
        veil.setAlpha(_VEIL)
        for each in self._hand.taken:
            for bar in self._view.schedule.find(each.order):
                painter.setClipRect(self._view.body() if bar.technician else self._view.lanes_body())
                if not (box := self._view.rect_of(bar)).isEmpty():
                    painter.fillRect(box, veil)
                    painter.setPen(brush.pen("muted", 1.0, Qt.PenStyle.DotLine))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)

    # ------------------------------------------------------------ where they would be
    def _standing(self, painter: QPainter, brush: Brush, each: Taken) -> None:
        place = self._hand.places.get(each.order)
        if place is None:
            return
        technician, start = place
        box = QRectF(self._box(each, technician, start))
        if box.isEmpty():
            return
        ghost = self._hand.found.get(each.order)
        bad = ghost is not None and bool(ghost.broken)
        token = "red" if bad else "accent"
        if ghost is not None and not bad:
            left = self._view.x_of(ghost.start - ghost.drive_s * 1000)
            painter.fillRect(QRectF(left, box.center().y() - 2, box.left() - left, 4), brush.ink(token))
        ground = QColor(brush.ink(token))
        ground.setAlpha(60)
        painter.setBrush(brush.colours["surface"])
        painter.setPen(brush.pen(token, 2.0 if each.order == self._hand.lead else 1.5))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), _ROUND, _ROUND)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush.hatch(token, 90) if bad else ground)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), _ROUND, _ROUND)
        number = name.short_order(self._view.session, each.order)
        clock = format.clock(start, self._view.schedule.timezone)
        inside = box.adjusted(5, 1, -3, -1)
        if box.height() >= brush.look.px(27):
            upper, lower = QRectF(inside), QRectF(inside)
            upper.setHeight(inside.height() / 2)
            lower.setTop(upper.bottom())
            brush.write(painter, upper, clock, brush.figure, brush.ink(token))
            brush.write(painter, lower, number, brush.small, brush.colours["text"])
        else:
            brush.write(painter, inside, f"{clock} {number}", brush.figure, brush.ink(token))

    def _box(self, each: Taken, technician: str, start: int) -> QRect:
        bar = Bar(order=each.order, technician=technician, start=start, end=start + each.lasts_ms)
        return self._view.rect_at(bar, technician, start)

    # ------------------------------------------------------------ whom they make late
    def _shifted(self, painter: QPainter, brush: Brush) -> None:
        held = {each.order for each in self._hand.taken}
        for ghost in self._hand.found.values():
            late = {each.order: each.minutes for each in ghost.unkept}
            for each in ghost.shifted:
                if each.order not in held:
                    self._later(painter, brush, ghost, each.order, each.minutes, late.get(each.order))
            for order in ghost.displaces:
                self._displaced(painter, brush, order)

    def _later(
        self, painter: QPainter, brush: Brush, ghost: Ghost, order: str, minutes: int, late: int | None
    ) -> None:
        bar = self._bar(order, ghost.technician)
        if bar is None:
            return
        box = QRectF(self._view.rect_at(bar, ghost.technician, bar.start + minutes * MINUTE_MS))
        if box.isEmpty():
            return
        token = "red" if late else "orange"
        ground = QColor(brush.colours["surface"])
        ground.setAlpha(200)
        painter.setBrush(ground)
        painter.setPen(brush.pen(token, 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(box.adjusted(1, 3, -1, 3), _ROUND, _ROUND)
        said = t("+{minutes} min", minutes=minutes)
        if late:
            said = f"{said} · {self._who(bar)}"
        inside = box.adjusted(5, 3, 0, 3)
        inside.setWidth(max(inside.width(), brush.width(said, brush.figure) + 2))
        brush.write(painter, inside, said, brush.figure, brush.ink(token))

    def _displaced(self, painter: QPainter, brush: Brush, order: str) -> None:
        """What was only planned there makes room: the planner finds it another place."""
        for bar in self._view.schedule.find(order):
            box = QRectF(self._view.rect_of(bar))
            painter.setPen(brush.pen("muted", 1.5))
            painter.drawLine(box.bottomLeft() + QPointF(3, -3), box.topRight() + QPointF(-3, 3))

    def _bar(self, order: str, technician: str) -> Bar | None:
        found = self._view.schedule.bars(technician)
        return next((bar for bar in found if bar.order == order and bar.state != "done"), None)

    def _who(self, bar: Bar) -> str:
        if bar.brief is None:
            return ""
        masked = name.masked(self._view.session)
        return name.split_number(bar.brief.number)[1] if masked or not bar.brief.name else bar.brief.name

    # ------------------------------------------------------------ in words
    def lines(self) -> list[Line]:
        """What would come of it, the worst first."""
        hand, session = self._hand, self._view.session
        if hand.off:
            sent = sum(each.sent for each in hand.taken)
            return [Line(t("take {n} visits off", n=sent) if sent else t("Nobody was sent to it"), bold=True)]
        place = hand.place
        if place is None:
            return [Line(t("{n} visits in the hand", n=len(hand.taken)), bold=True)]
        start = format.moment(place[1], session.now(), self._view.schedule.timezone)
        head = t("{technician}, {start}", technician=name.technician(session, place[0]), start=start)
        if len(hand.taken) > 1:
            head = t("{n} visits: {where}", n=len(hand.taken), where=head)
        said = [Line(head, bold=True)]
        if not hand.reckoned:
            return [*said, Line(t("reckoning…"), "muted")]
        broken = [Line(name.broken(session, each), "red") for each in hand.broken[:_REASONS]]
        if broken and hand.overridable:
            broken.append(Line(t("A supervisor may do it all the same, with a reason."), "muted"))
        return [*said, *broken] if broken else [*said, *self._costs()]

    def _costs(self) -> list[Line]:
        hand, session = self._hand, self._view.session
        ghosts = hand.found.values()
        said = []
        late: dict[str, int] = {}
        for ghost in ghosts:
            late |= {each.order: max(each.minutes, late.get(each.order, 0)) for each in ghost.unkept}
        for order, minutes in list(late.items())[:_NAMED]:
            number = name.short_order(session, order)
            said.append(Line(t("{number} is {minutes} min late", number=number, minutes=minutes), "red"))
        if len(late) > _NAMED:
            said.append(Line(t("and {n} more promises", n=len(late) - _NAMED), "red"))
        codes = {
            each.code: each for ghost in ghosts for each in ghost.remarks if each.code != "outside_window"
        }
        said += [Line(name.broken(session, each), "orange") for each in codes.values()]
        if early := [id for id in hand.outside if id not in late]:
            numbers = t(", ").join(name.short_order(session, id) for id in early[:_NAMED])
            said.append(Line(t("{numbers} before the promised time", numbers=numbers), "orange"))
        over = max((ghost.overtime_minutes for ghost in ghosts), default=0)
        if over and "overtime" not in codes:
            said.append(Line(t("{minutes} min of overtime", minutes=over), "orange"))
        seconds, metres = (sum(getattr(each, field) for each in ghosts) for field in ("travel_s", "travel_m"))
        drive = t("+{duration} driving", duration=format.duration(seconds))
        if metres >= _NEAR_M:
            distance = format.distance(metres)
            drive = t(
                "+{duration} driving, +{distance}", duration=format.duration(seconds), distance=distance
            )
        said.append(Line(drive, "muted"))
        if aside := {order for ghost in ghosts for order in ghost.displaces}:
            said.append(Line(t("{n} only planned there find another place", n=len(aside)), "muted"))
        return said

    def _bubble(self, painter: QPainter, brush: Brush) -> None:
        """The words beside the mouse, or beside the lead where keys lead, inside of what is in sight."""
        lines = self.lines()
        fonts = [brush.bold if line.bold else brush.small for line in lines]
        width = max(
            brush.width(line.text, font) for line, font in zip(lines, fonts, strict=True)
        ) + brush.look.px(16)
        step = brush.look.px(18)
        sight = self._view.viewport().rect()
        at = self._anchor()
        gap = brush.look.px(18)
        left, top = at.x() + gap, at.y() + gap
        height = step * len(lines) + brush.look.px(10)
        if left + width > sight.right():
            left = max(4.0, at.x() - gap - width)
        if top + height > sight.bottom():
            top = max(4.0, at.y() - gap - height)
        box = QRectF(left, top, min(width, sight.width() - 8), height)
        painter.setClipping(False)
        painter.setBrush(brush.colours["surface"])
        painter.setPen(brush.pen("red" if self._hand.broken else "border", 1.5))
        painter.drawRoundedRect(box, _ROUND + 1, _ROUND + 1)
        row = box.adjusted(brush.look.px(8), brush.look.px(5), -brush.look.px(6), 0)
        row.setHeight(step)
        for line, font in zip(lines, fonts, strict=True):
            brush.write(painter, row, line.text, font, brush.ink(line.token))
            row.translate(0, step)

    def _anchor(self) -> QPointF:
        if self.at is not None:
            return self.at
        place = self._hand.place
        if place is not None and self._hand.full:
            box = self._box(self._hand.first, *place)
            return QPointF(box.center().x(), box.bottom())
        return QPointF(self._view.body().center())
