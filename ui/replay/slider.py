"""The day as a line of minutes, with a tick wherever something went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QToolTip, QWidget

from dispatcher_app.client.replica.past import Mark
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.text import t
from ui import format, theme

HUES: Final = {"unkept": "red", "cancelled": "muted", "urged": "orange", "rebooked": "amber"}
_NEAR_PX: Final = 5


def word_of(what: str) -> str:
    """What went wrong, in a word."""
    return {
        "unkept": t("Promise can't be kept##mark"), "cancelled": t("Cancelled##mark"),
        "urged": t("Customer urged##mark"), "rebooked": t("Rebooked##mark"),
    }[what]  # fmt: skip


class DaySlider(QSlider):
    """Its value is the minute of the day; `mark_chosen` carries the order of a tick that was clicked."""

    mark_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("replay_slider")
        self.setAccessibleName(t("Minute of the day"))
        self.setSingleStep(1)
        self.setPageStep(5)
        self.setMouseTracking(True)
        self._begin, self._timezone = 0, "UTC"
        self._marks: Sequence[Mark] = ()
        self.setMinimumHeight(theme.current().px(46))

    def show_day(self, begin: int, end: int, timezone: str, marks: Sequence[Mark]) -> None:
        """A day from `begin` to `end` (UTC ms)."""
        self._begin, self._timezone, self._marks = begin, timezone, marks
        self.setRange(0, max(1, (end - begin) // MINUTE_MS))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, theme.current().px(46))

    def minute_at(self, x: float) -> int:
        """The minute under a place."""
        line = self._line()
        share = (x - line.left()) / max(1, line.width())
        return round(max(0.0, min(1.0, share)) * self.maximum())

    def x_of(self, minute: float) -> int:
        """Where a minute stands."""
        line = self._line()
        return line.left() + round(minute / max(1, self.maximum()) * line.width())

    def mark_at(self, at: QPoint) -> Mark | None:
        """The tick under a place."""
        near = [(abs(self._x_of_mark(mark) - at.x()), mark) for mark in self._marks]
        found = min(near, key=lambda each: each[0], default=None)
        return (
            found[1] if found is not None and found[0] <= _NEAR_PX and at.y() < self._line().top() else None
        )

    def next_mark(self, minute: int, step: int) -> Mark | None:
        """The first tick after a minute or, with a step below zero, the last one before it."""
        at = self._begin + minute * MINUTE_MS
        if step > 0:
            return next((mark for mark in self._marks if mark.at >= at + MINUTE_MS), None)
        return next((mark for mark in reversed(self._marks) if mark.at < at - MINUTE_MS), None)

    # ------------------------------------------------------------ hands
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.setSliderDown(True)
        mark = self.mark_at(event.position().toPoint())
        if mark is not None:
            self.setValue(-(-(mark.at - self._begin) // MINUTE_MS))
            self.mark_chosen.emit(mark.order)
        else:
            self.setValue(self.minute_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(self.minute_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        several = 60 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Down:
                self.setValue(self.value() - several)
            case Qt.Key.Key_Right | Qt.Key.Key_Up:
                self.setValue(self.value() + several)
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            mark = self.mark_at(event.pos())
            at = mark.at if mark else self._begin + self.minute_at(event.pos().x()) * MINUTE_MS
            said = format.clock(at, self._timezone)
            QToolTip.showText(event.globalPos(), f"{said}  {word_of(mark.what)}" if mark else said, self)
            return True
        return super().event(event)

    # ------------------------------------------------------------ the picture
    def paintEvent(self, event: QPaintEvent) -> None:
        look, line = theme.current(), self._line()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(11))
        painter.fillRect(line, look.colour("pressed"))
        shown = QRect(line.topLeft(), QSize(self.x_of(self.value()) - line.left(), line.height()))
        painter.fillRect(shown, look.ink("amber"))
        painter.setPen(look.colour("muted"))
        hours = 3 if line.width() < look.px(700) else 1
        for hour in range(0, self.maximum() // 60 + 1, hours):
            x = self.x_of(hour * 60)
            painter.drawLine(x, line.bottom() + 1, x, line.bottom() + look.px(4))
            words = QRect(x - look.px(20), line.bottom() + look.px(4), look.px(40), look.px(14))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, f"{hour:02d}")
        for mark in self._marks:
            ink = look.colour("muted") if HUES[mark.what] == "muted" else look.ink(HUES[mark.what])  # type: ignore[arg-type]
            painter.setPen(QPen(ink, look.px(2)))
            x = self._x_of_mark(mark)
            painter.drawLine(x, line.top() - look.px(10), x, line.top() - look.px(2))
        handle = QRect(0, 0, look.px(10), look.px(20))
        handle.moveCenter(QPoint(self.x_of(self.value()), line.center().y()))
        painter.setPen(QPen(look.colour("accent" if self.hasFocus() else "text"), look.px(2)))
        painter.setBrush(look.colour("surface"))
        painter.drawRoundedRect(handle, 3, 3)

    def _line(self) -> QRect:
        look = theme.current()
        return QRect(look.px(12), look.px(18), self.width() - look.px(24), look.px(6))

    def _x_of_mark(self, mark: Mark) -> int:
        return self.x_of((mark.at - self._begin) / MINUTE_MS)
