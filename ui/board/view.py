"""The board itself: rows against time, painted by hand; it scrolls, zooms and says what lies under the mouse.

Whoever moves visits about (drag and drop, keys, several at once) filters the events of `viewport()` and of the view
itself, asks `bar_at`, `row_at`, `moment_at` and `rect_of`, and paints on top through `set_ghosts`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from dispatcher_app.text import t
from ui.board import said
from ui.board.bar import Bar, Key
from ui.board.picture import Picture
from ui.board.portraits import Portraits
from ui.board.schedule import Schedule
from ui.board.surface import Surface

Ghosts = Callable[[QPainter], object]
_ZOOM: Final = 1.25
_SECOND_MS: Final = 1000
_EDGE_PX: Final = 3


class BoardView(Surface):
    """Emits `order_chosen` when another visit is current, `order_opened` on a double click or Enter, the same for
    technicians."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)
    technician_opened = Signal(str)

    def __init__(self, schedule: Schedule, parent: QWidget | None = None) -> None:
        super().__init__(schedule, parent)
        self._ghosts: Ghosts | None = None
        self._several: frozenset[str] = frozenset()
        self._order: str | None = None
        self._current: Key | None = None
        self._hovered: Key | None = None
        self._began = self._sizing = False
        self._dates: tuple[str, ...] = ()
        self.portraits = Portraits(schedule.session, self)
        self.picture = Picture(self)
        self.setObjectName("board_view")
        self.setAccessibleName(t("Schedule board"))
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)
        self.portraits.here.connect(self._on_portrait)
        schedule.touched.connect(self._on_touched)
        schedule.lanes_touched.connect(self._on_lanes)
        schedule.loaded.connect(self._on_loaded)
        schedule.ticked.connect(self._on_tick)
        self.zoomed.connect(self.picture.forget_scale)
        self._second = QTimer(self, interval=_SECOND_MS)
        self._second.timeout.connect(self._on_second)

    # ------------------------------------------------------------ what others say
    def set_ghosts(self, paint: Ghosts | None) -> None:
        """Paint this over rows and lanes at every frame from now on, clipped to where time is; None takes it away."""
        self._ghosts = paint
        self.viewport().update()

    def set_several(self, orders: Collection[str]) -> None:
        """Mark these as chosen together."""
        self._several = frozenset(orders)
        self.viewport().update()

    @property
    def several(self) -> frozenset[str]:
        """The orders that are chosen together."""
        return self._several

    def show_order(self, id: str | None) -> None:
        """Mark the order that is looked at everywhere; scroll to it only if it is out of sight and nobody drags."""
        if id == self._order:
            return
        self._order = id
        found = self.schedule.find(id) if id else []
        if found and (self._current is None or self._current[2] != id):
            self._current = found[0].key
            if not self.held:
                self.reveal(found[0])
        self._tell()
        self.viewport().update()

    def show_technician(self, id: str | None) -> None:
        """Mark the technician who is looked at everywhere."""
        if id == self._technician:
            return
        self._technician = id
        if id and not self.held:
            self.reveal_row(id)
        self._tell()
        self.viewport().update()

    # ------------------------------------------------------------ where the keys are
    def current_bar(self) -> Bar | None:
        """The visit on which the keys act, as it stands now."""
        if self._current is None:
            return None
        technician = self._current[0]
        bars = (
            self.schedule.bars(technician)
            if technician
            else [b for lane in self.schedule.lanes for b in lane]
        )
        return next((bar for bar in bars if bar.key == self._current), None)

    def current_technician(self) -> str | None:
        """The technician on whose row the keys act; None in the lanes."""
        return self._technician

    def go_to(self, bar: Bar) -> None:
        """Put the keys on a visit, and show it everywhere."""
        self._current = bar.key
        self._technician = bar.technician or None
        self.reveal(bar)
        chosen, self._order = self._order, bar.order
        if chosen != bar.order:
            self.order_chosen.emit(bar.order)
        self._tell()
        self.viewport().update()

    def go_to_row(self, technician: str) -> None:
        """Put the keys on a technician's row without a visit, and show him everywhere."""
        self._current = None
        told, self._technician = self._technician, technician
        self.reveal_row(technician)
        if told != technician:
            self.technician_chosen.emit(technician)
        self._tell()
        self.viewport().update()

    def _tell(self) -> None:
        bar = self.current_bar()
        words = said.bar(self.schedule, bar) if bar else said.row(self.schedule, self._technician)
        self.setAccessibleDescription(words)

    # ------------------------------------------------------------ rows come and go
    def _on_touched(self, technicians: frozenset[str]) -> None:
        self.picture.forget_rows(technicians)
        self.viewport().update()
        self._tell()

    def _on_portrait(self, technician: str) -> None:
        self.picture.forget_heads((technician,))
        self.viewport().update()

    def _on_lanes(self) -> None:
        self.picture.forget_lanes()
        self.scroll_lanes(self.lanes_offset)

    def _on_loaded(self) -> None:
        self.picture.forget()
        if self._dates != self.schedule.dates and not self.held:
            self._dates = self.schedule.dates
            self.fit_lanes()
        self._on_lanes()
        if not self._began and self._order:
            chosen, self._order = self._order, None
            self.show_order(chosen)  # what was chosen before anything was here
        self._began = True
        self._tell()

    def _on_tick(self) -> None:
        self.picture.forget_heads()
        self._on_lanes()

    def _on_second(self) -> None:
        """An hour kept for a caller counts down."""
        if any(bar.held_until is not None for bar in self.bars_in_sight()):
            self.viewport().update()

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        self.picture.paint(painter)
        if self._ghosts is not None:
            painter.setClipRect(self.body().united(self.lanes_body()))
            self._ghosts(painter)
        painter.end()
        if not self.picture.complete:
            QTimer.singleShot(0, self.viewport(), self.viewport().update)

    @property
    def marked(self) -> tuple[str | None, str | None, Key | None, Key | None]:
        """The order and the technician looked at, the visit with the keys, the one under the mouse."""
        return self._order, self._technician, self._current, self._hovered

    def resizeEvent(self, event: QResizeEvent) -> None:
        column = self.layout_.column
        super().resizeEvent(event)
        if column != self.layout_.column:
            self.picture.forget_heads()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.picture.dress()
            self._lay_out_anew()

    def showEvent(self, event: QShowEvent) -> None:
        self._second.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._second.stop()
        super().hideEvent(event)

    # ------------------------------------------------------------ the mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:
        bar = self.bar_at(event.position())
        if self._on_lanes_edge(event.position()):
            self._sizing = True
        elif bar is not None:
            self.go_to(bar)
        elif self._on_lanes_title(event.position()):
            self.fold_lanes(not self.lanes_shown)
        elif (row := self._row_under(event.position())) >= 0:
            found = self.schedule.rows[row]
            if found.technician:
                self.go_to_row(found.technician)
            else:
                self.schedule.fold(found.group)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        bar, technician = self.bar_at(event.position()), self.row_at(event.position())
        if bar is not None:
            self.order_opened.emit(bar.order)
        elif technician is not None and event.position().x() < self._layout.column:
            self.technician_opened.emit(technician)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._sizing = False
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._sizing:
            self.size_lanes(round((event.position().y() - self.layout_.lanes_top) / self.layout_.lane))
            return
        on_edge = self._on_lanes_edge(event.position())
        self.viewport().setCursor(Qt.CursorShape.SplitVCursor if on_edge else Qt.CursorShape.ArrowCursor)
        bar = self.bar_at(event.position())
        self._hover(bar.key if bar else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def _hover(self, key: Key | None) -> None:
        if key != self._hovered:
            self._hovered = key
            self.viewport().update()

    def _on_lanes_edge(self, where: QPointF) -> bool:
        return self.lanes_shown and abs(where.y() - self.layout_.top) <= _EDGE_PX

    def _on_lanes_title(self, where: QPointF) -> bool:
        return self._layout.header <= where.y() < self._layout.lanes_top

    def _row_under(self, where: QPointF) -> int:
        if where.y() < self._layout.top:
            return -1
        return self._layout.row_at(int(where.y()) - self._layout.top + self.verticalScrollBar().value())

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM ** (turned / 120), round(event.position().x()))
            event.accept()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and turned:
            self._leave_fit()
            across = self.horizontalScrollBar()
            across.setValue(across.value() - turned)
            event.accept()
        elif self._layout.header <= event.position().y() < self._layout.top and self.lanes_most:
            self.scroll_lanes(self.lanes_offset - round(turned / 120 * self._layout.lane))
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip(QPointF(event.pos())), self.viewport())
            return True
        return super().viewportEvent(event)

    def _tip(self, where: QPointF) -> str:
        bar = self.bar_at(where)
        if bar is not None:
            return said.bar(self.schedule, bar)
        in_column = where.x() < self._layout.column
        return said.row(self.schedule, self.row_at(where)) if in_column else ""

    # ------------------------------------------------------------ keys
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, bar = event.key(), self.current_bar()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_ZOOM)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _ZOOM)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bar is not None:
            self.order_opened.emit(bar.order)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._technician:
            self.technician_opened.emit(self._technician)
        else:
            super().keyPressEvent(event)
