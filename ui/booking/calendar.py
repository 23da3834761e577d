"""All windows of two weeks as a small grid: days down, hours across, by arrows and Enter."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dispatcher_app.domain.order import Window
from dispatcher_app.planning.windows import Offered, OfferedWindow
from dispatcher_app.text import t
from ui import format, theme

_STEPS = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip


class Calendar(QWidget):
    """The grid; a full window is only taken when it is chosen twice, and then as to be confirmed."""

    chosen = Signal(object, bool)
    doubted = Signal(object)
    moved = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(t("Windows of two weeks"))
        self._windows: dict[tuple[int, int], OfferedWindow] = {}
        self._days: list[tuple[str, int]] = []
        self._hours: list[str] = []
        self._best: frozenset[int] = frozenset()
        self._at = (0, 0)
        self._doubted: tuple[int, int] | None = None
        self._now, self._timezone = 0, "UTC"

    def show_windows(self, offered: Offered, chosen: Window | None, now: int, timezone: str) -> None:
        """Show all windows; the one chosen, else the first that is free, is under the cursor.

        Windows that are the same but for what is left leave it where it is.
        """
        windows, before = offered.windows, self._windows
        self._best = frozenset(each.start for each in offered.best)
        self._now, self._timezone = now, timezone
        self._days = list({each.date: each.start for each in reversed(windows)}.items())[::-1]
        self._hours = sorted({format.clock(each.start, timezone) for each in windows})
        rows = {date: row for row, (date, _) in enumerate(self._days)}
        columns = {hour: column for column, hour in enumerate(self._hours)}
        self._windows = {
            (rows[each.date], columns[format.clock(each.start, timezone)]): each for each in windows
        }
        starts = {at: each.start for at, each in self._windows.items()}
        if starts != {at: each.start for at, each in before.items()}:
            self._at = self._first(chosen)
            self._doubted = None
        elif self._windows != before:
            self._doubted = None
        self.updateGeometry()
        self.update()
        self._speak()

    @property
    def current(self) -> OfferedWindow | None:
        """The window under the cursor."""
        return self._windows.get(self._at)

    def choose(self) -> None:
        """Take the window under the cursor; a full one asks for a second time first."""
        window = self.current
        if window is None:
            return
        if window.full and self._doubted != self._at:
            self._doubted = self._at
            self.doubted.emit(window.reason)
        else:
            self.chosen.emit(Window(window.start, window.end), window.full)

    def sizeHint(self) -> QSize:
        row = theme.current().px(20)
        return QSize(theme.current().px(260), row * (len(self._days) + 1) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
            return
        row = min(max(self._at[0] + step[0], 0), max(len(self._days) - 1, 0))
        column = min(max(self._at[1] + step[1], 0), max(len(self._hours) - 1, 0))
        self._go((row, column))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        for place in self._windows:
            if self._cell(*place).contains(event.position().toPoint()):
                self._go(place)
                self.choose()
                return

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.current()
        painter.setFont(look.font(11))
        painter.setPen(look.colour("muted"))
        for column, hour in enumerate(self._hours):
            painter.drawText(self._cell(-1, column), Qt.AlignmentFlag.AlignCenter, hour)
        for row, (_, start) in enumerate(self._days):
            place = self._cell(row, -1)
            painter.setPen(look.colour("text" if row == self._at[0] else "muted"))
            said = format.day(start, self._now, self._timezone)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
        for at, window in self._windows.items():
            self._paint_cell(painter, at, window)
        painter.end()

    def _paint_cell(self, painter: QPainter, at: tuple[int, int], window: OfferedWindow) -> None:
        look = theme.current()
        cell = self._cell(*at).adjusted(1, 1, -1, -1)
        here = at == self._at
        painter.setPen(look.colour("accent") if here else look.colour("line"))
        painter.setBrush(look.colour("sunken") if window.full else look.wash("green"))
        painter.drawRoundedRect(cell, 3, 3)
        if here and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 2, 2)
        painter.setPen(look.colour("disabled") if window.full else look.ink("green"))
        painter.setFont(look.font(11, bold=window.start in self._best))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, self._words(window))
        if window.held:  # colleagues keep hours in it
            edge = look.px(5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("amber"))
            painter.drawEllipse(cell.right() - edge - 2, cell.top() + 3, edge, edge)

    def _words(self, window: OfferedWindow) -> str:
        if window.full:
            return "–"
        return f"★ {window.left}" if window.start in self._best else str(window.left)

    def _cell(self, row: int, column: int) -> QRect:
        look = theme.current()
        head, height = look.px(70), look.px(20)
        if column < 0:
            return QRect(0, (row + 1) * height, head, height)
        width = (self.width() - head) // max(len(self._hours), 1)
        return QRect(head + column * width, (row + 1) * height, width, height)

    def _first(self, chosen: Window | None) -> tuple[int, int]:
        places = sorted(self._windows)
        if chosen is not None:
            for place in places:
                if self._windows[place].start == chosen.start:
                    return place
        return next(
            (place for place in places if not self._windows[place].full), places[0] if places else (0, 0)
        )

    def _go(self, place: tuple[int, int]) -> None:
        if place != self._at:
            self._at, self._doubted = place, None
            self.update()
            self._speak()
            self.moved.emit(self._cell(*place).center())

    def _speak(self) -> None:
        window = self.current
        if window is not None:
            said = format.window(window.start, window.end, self._now, self._timezone)
            self.setAccessibleDescription(
                said if not window.full else t("{window}: nothing left", window=said)
            )
