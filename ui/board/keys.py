"""The board by keys: arrows walk visits and rows, Space takes and puts them, Delete takes technicians off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from ui.board.bar import Bar
from ui.board.hand import Hand
from ui.board.several import Several
from ui.board.taken import STEP_MS
from ui.board.view import BoardView

_SIDEWAYS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_DOWN: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HOUR: Final = 4


class Keys(QObject):
    """Filters the keys of a board. Emits `let_go` to drop what is carried, `off` to take technicians off."""

    taken = Signal()
    let_go = Signal()
    off = Signal()

    def __init__(self, view: BoardView, hand: Hand, several: Several) -> None:
        super().__init__(view)
        self._view, self._hand, self._several = view, hand, several
        view.installEventFilter(self)

    @property
    def leads(self) -> bool:
        """Whether keys carry something."""
        return self._hand.full and self._hand.by_keys

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._wants(event):
                event.accept()
            return False
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if self._hand.full and not self._hand.by_keys:
            return False
        return self._carry(event) if self.leads else self._walk(event)

    def _wants(self, event: QKeyEvent) -> bool:
        """What would be a shortcut elsewhere belongs to the board while it carries."""
        if self.leads:
            return event.key() in (*_SIDEWAYS, *_DOWN, *_ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Space)
        return event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Delete)

    # ------------------------------------------------------------ carrying
    def _carry(self, event: QKeyEvent) -> bool:
        key, place = event.key(), self._hand.place
        if key in (*_ENTER, Qt.Key.Key_Space):
            self.let_go.emit()
        elif key == Qt.Key.Key_Escape:
            self._hand.let_go()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._hand.aim_off()
        elif place is None and key in (*_SIDEWAYS, *_DOWN):
            self._put_down_first()
        elif place is not None and key in _SIDEWAYS:
            steps = _HOUR if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1
            at = self._view.axis.snapped(place[1]) + _SIDEWAYS[Qt.Key(key)] * STEP_MS * steps
            self._lead(place[0], at)
        elif place is not None and key in _DOWN:
            if (row := self._next_row(place[0], _DOWN[Qt.Key(key)])) is not None:
                self._lead(row, place[1])
        else:
            return False  # zoom, palette, undo: as ever
        return True

    def _put_down_first(self) -> None:
        """What stood nowhere, or was held over the lanes, comes to the row and the hour in sight."""
        first = self._hand.first
        row = first.technician or self._view.current_technician() or self._next_row("", 1)
        if row is not None:
            order = self._hand.lead
            window = next((bar.window for bar in self._view.schedule.find(order) if bar.window), None)
            start = first.start or (window.start if window else self._view.session.now())
            self._lead(row, self._view.axis.snapped(max(start, self._view.axis.begin)))

    def _lead(self, technician: str, start: int) -> None:
        self._hand.aim(technician, start)
        self._view.reveal_row(technician)
        bar = Bar(
            order=self._hand.lead, technician=technician, start=start, end=start + self._hand.first.lasts_ms
        )
        self._view.reveal(bar)

    # ------------------------------------------------------------ walking
    def _walk(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers()
        if modifiers & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
            return False
        more = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        walks: dict[int, Callable[[], Bar | None]] = {
            Qt.Key.Key_Left: lambda: self._beside(-1), Qt.Key.Key_Right: lambda: self._beside(1),
            Qt.Key.Key_Home: lambda: self._end(0), Qt.Key.Key_End: lambda: self._end(-1),
        }  # fmt: skip
        if key == Qt.Key.Key_Space and control and (bar := self._view.current_bar()) is not None:
            self._several.toggle(bar.order)
        elif key == Qt.Key.Key_Space:
            self._take_up()
        elif key == Qt.Key.Key_Delete:
            self.off.emit()
        elif key == Qt.Key.Key_Escape and self._several.orders:
            self._several.clear()
        elif key == Qt.Key.Key_A and control:
            self._several.choose(bar.order for bar in self._row() if bar.state not in ("held", "done"))
        elif key in walks or key in _DOWN:
            if not (more or control):
                self._several.clear()
            if key in walks:
                self._go(walks[key](), more=more)
            else:
                self._up_or_down(_DOWN[Qt.Key(key)], more=more)
        else:
            return False
        return True

    def take(self, orders: Sequence[str]) -> None:
        """Carry these from now on."""
        if orders and self._hand.take(orders, orders[0], self._view.axis.dates, by_keys=True):
            self.taken.emit()
            if self._hand.place is None:
                self._put_down_first()

    def _take_up(self) -> None:
        bar = self._view.current_bar()
        chosen = self._several.with_current()
        if chosen:
            lead = bar.order if bar is not None and bar.order in chosen else chosen[0]
            row = bar.technician if bar is not None else ""
            if self._hand.take(chosen, lead, self._view.axis.dates, row, by_keys=True):
                self.taken.emit()
                if self._hand.place is None:
                    self._put_down_first()

    def _go(self, bar: Bar | None, *, more: bool) -> None:
        if bar is None:
            return
        former = self._view.current_bar()
        if more:
            self._several.add(each.order for each in (former, bar) if each is not None)
        self._view.go_to(bar)

    def _up_or_down(self, by: int, *, more: bool) -> None:
        bar, technician = self._view.current_bar(), self._view.current_technician()
        if bar is not None and not bar.technician:
            lane = bar.lane + by
            if 0 <= lane < len(self._view.schedule.lanes):
                self._go(_nearest(self._view.schedule.lanes[lane], bar.start), more=more)
                return
            if by < 0:
                return
        row = self._next_row(technician or "", by)
        if row is None:
            lanes = self._view.schedule.lanes
            if by < 0 and lanes and self._view.lanes_shown:
                self._go(_nearest(lanes[-1], bar.start if bar else self._view.axis.begin), more=more)
            return
        at = bar.start if bar is not None else self._view.moment_at(self._view.body().center())
        found = _nearest(self._view.schedule.bars(row), at)
        if found is not None:
            self._go(found, more=more)
        else:
            self._view.go_to_row(row)

    def _row(self) -> tuple[Bar, ...]:
        """The visits of the row, or of the lane, that the keys are on."""
        bar = self._view.current_bar()
        if bar is not None and not bar.technician:
            return self._view.schedule.lanes[bar.lane]
        technician = self._view.current_technician()
        return self._view.schedule.bars(technician) if technician else ()

    def _beside(self, by: int) -> Bar | None:
        row, bar = self._row(), self._view.current_bar()
        if not row:
            return None
        at = next((at for at, each in enumerate(row) if bar is not None and each.key == bar.key), None)
        if at is None:
            return row[0 if by > 0 else -1]
        return row[at + by] if 0 <= at + by < len(row) else None

    def _end(self, at: int) -> Bar | None:
        row = self._row()
        return row[at] if row else None

    def _next_row(self, technician: str, by: int) -> str | None:
        """The technician's row above or below, whatever headings lie between; the first one for nobody."""
        rows = [row.technician for row in self._view.schedule.rows if row.technician]
        if technician not in rows:
            return rows[0] if rows and by > 0 else None
        at = rows.index(technician) + by
        return rows[at] if 0 <= at < len(rows) else None


def _nearest(row: tuple[Bar, ...], at: int) -> Bar | None:
    return min(row, key=lambda bar: abs(bar.start - at), default=None)
