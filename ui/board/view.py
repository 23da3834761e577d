"""The board itself: rows against time, painted by hand; it scrolls, zooms and says what lies under the mouse.

Whoever moves visits about (drag and drop, keys, several at once) filters the events of `viewport()` and of the view
itself, asks `bar_at`, `row_at`, `moment_at` and `rect_of`, and paints on top through `set_ghosts`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from dispatcher_app.domain.calendar import HOUR_MS
from dispatcher_app.text import t
from ui import theme
from ui.board import said
from ui.board.axis import Axis, axis
from ui.board.bar import Bar, Key
from ui.board.layout import LANE_PX, Layout, layout
from ui.board.picture import Picture
from ui.board.portraits import Portraits
from ui.board.schedule import Schedule

Ghosts = Callable[[QPainter], object]
_LANES: Final = 3
_ZOOM: Final = 1.25
_FIRST_HOUR: Final = 7
_LAST_HOUR: Final = 21


class BoardView(QAbstractScrollArea):
    """Emits `order_chosen` when another visit is current, `order_opened` on a double click or Enter, the same for
    technicians, and `zoomed` when the scale or the stretch of time in sight is another one."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)
    technician_opened = Signal(str)
    zoomed = Signal()

    def __init__(self, schedule: Schedule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.schedule = schedule
        self.session = schedule.session
        self.held = False
        """Somebody drags here: nothing scrolls by itself until he lets go."""
        self._ghosts: Ghosts | None = None
        self._several: frozenset[str] = frozenset()
        self._order: str | None = None
        self._technician: str | None = None
        self._current: Key | None = None
        self._hovered: Key | None = None
        self._lanes_shown, self._lanes_top = True, 0
        self._fitted = self._began = False
        self._fits = True
        self._anchor: tuple[str, int] | None = None
        self.axis: Axis = axis(schedule.dates[0], len(schedule.dates), schedule.timezone, 60.0)
        self._layout: Layout = self._laid_out()
        self.portraits = Portraits(schedule.session, self)
        self.picture = Picture(self)
        self.setObjectName("board_view")
        self.setAccessibleName(t("Schedule board"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)
        self.portraits.here.connect(lambda id: self._on_touched(frozenset((id,))))
        schedule.arranged.connect(self._on_arranged)
        schedule.touched.connect(self._on_touched)
        schedule.lanes_touched.connect(self._on_lanes)
        schedule.loaded.connect(self._on_loaded)
        schedule.ticked.connect(self._on_tick)
        self.horizontalScrollBar().actionTriggered.connect(lambda _action: self._leave_fit())
        self._reset_bars()

    @property
    def fitted(self) -> bool:
        """Whether it has found its first scale."""
        return self._fitted

    # ------------------------------------------------------------ what lies where
    @property
    def layout_(self) -> Layout:
        """Where everything stands."""
        return self._layout

    def body(self) -> QRect:
        """The part of the viewport in which rows and time are."""
        at, size = self._layout, self.viewport().size()
        return QRect(at.column, at.top, max(0, size.width() - at.column), max(0, size.height() - at.top))

    def lanes_body(self) -> QRect:
        """The part of the viewport in which the lanes are."""
        at = self._layout
        return QRect(at.column, at.lanes_top, max(0, self.viewport().width() - at.column), at.lanes)

    def bar_at(self, where: QPoint | QPointF) -> Bar | None:
        """The visit under a place of the viewport; None on a technician's row where nothing is planned."""
        found = self._bars_near(where)
        return next((bar for bar in reversed(found) if self.rect_of(bar).contains(_point(where))), None)

    def row_at(self, where: QPoint | QPointF) -> str | None:
        """The technician whose row lies under a place of the viewport, None beside them."""
        at = _point(where)
        if at.y() < self._layout.top:
            return None
        row = self._layout.row_at(at.y() - self._layout.top + self.verticalScrollBar().value())
        return self.schedule.rows[row].technician or None if row >= 0 else None

    def moment_at(self, where: QPoint | QPointF) -> int:
        """The moment (UTC ms) under a place of the viewport, not snapped."""
        return self.axis.moment(_point(where).x() - self._layout.column + self.horizontalScrollBar().value())

    def x_of(self, at: int) -> int:
        """Where a moment lies in the viewport."""
        return round(self.axis.x(at)) + self._layout.column - self.horizontalScrollBar().value()

    def y_of(self, technician: str) -> int | None:
        """Where a technician's row begins in the viewport, which may be out of sight; None where he has none."""
        row = self.schedule.row_of(technician)
        if row < 0:
            return None
        return self._layout.tops[row] + self._layout.top - self.verticalScrollBar().value()

    def row_height(self) -> int:
        """The height of a technician's row."""
        return self.picture.row_height

    def rect_of(self, bar: Bar) -> QRect:
        """Where a visit (without its drive) is in the viewport, empty where its row is not shown."""
        return self.rect_at(bar, bar.technician, bar.start)

    def rect_at(self, bar: Bar, technician: str, start: int) -> QRect:
        """The same, were it with that technician at that start; "" is its lane."""
        left, right = self.x_of(start), self.x_of(start + bar.end - bar.start)
        if not technician:
            top = self._layout.lanes_top + bar.lane * self._layout.lane - self._lanes_top
            return QRect(left, top + 2, max(right - left, 3), self._layout.lane - 4)
        top_ = self.y_of(technician)
        if top_ is None:
            return QRect()
        return self.picture.inside_row(bar, left, max(right, left + 3), top_)

    def bars_in_sight(self) -> list[Bar]:
        """The visits of the rows that are in sight, whole rows."""
        return [bar for row in self._rows_in_sight() for bar in self.schedule.bars(row)]

    def _rows_in_sight(self) -> list[str]:
        top = self.verticalScrollBar().value()
        rows = self._layout.rows_between(top, top + self.body().height())
        return [self.schedule.rows[at].technician for at in rows if self.schedule.rows[at].technician]

    def _bars_near(self, where: QPoint | QPointF) -> list[Bar]:
        if self.lanes_body().contains(_point(where)):
            return [bar for lane in self.schedule.lanes for bar in lane]
        technician = self.row_at(where)
        if technician is None or _point(where).x() < self._layout.column:
            return []
        return list(self.schedule.bars(technician))

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

    def reveal(self, bar: Bar) -> None:
        """Scroll a visit into sight, where it is not."""
        if bar.technician:
            self.reveal_row(bar.technician)
        elif self._lanes_shown:
            top, height = bar.lane * self._layout.lane, self._layout.lanes
            self._lanes_top = min(top, max(self._lanes_top, top + self._layout.lane - height))
        across, width = self.horizontalScrollBar(), self.body().width()
        left, right = round(self.axis.x(bar.begin)), round(self.axis.x(bar.end))
        margin = min(theme.current().px(40), width // 8)
        if right - margin > across.value() + width or left < across.value():
            wanted = (
                left - margin if left < across.value() or right - left > width else right + margin - width
            )
            across.setValue(wanted)
        self.viewport().update()

    def reveal_row(self, technician: str) -> None:
        """Scroll a technician's row into sight, where it is not."""
        row = self.schedule.row_of(technician)
        if row < 0:
            return
        bar, height = self.verticalScrollBar(), self.body().height()
        top, bottom = self._layout.tops[row], self._layout.tops[row + 1]
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + height:
            bar.setValue(bottom - height)

    def _tell(self) -> None:
        bar = self.current_bar()
        words = said.bar(self.schedule, bar) if bar else said.row(self.schedule, self._technician)
        self.setAccessibleDescription(words)

    # ------------------------------------------------------------ dates and scale
    def show_dates(self, first: str, days: int) -> None:
        """Show other dates at the same hours of the day; a day and three days each begin as wide as there is room."""
        hour = self.horizontalScrollBar().value() / self.axis.hour_px
        fits = days != len(self.axis.dates)
        self.axis = axis(first, days, self.schedule.timezone, self.axis.hour_px)
        self.schedule.show(self.axis.dates)
        if fits:
            self.fit()
        else:
            self._rescale(self.axis, round(hour * self.axis.hour_px))

    def fit(self) -> None:
        """The working hours over the whole width."""
        self._fitted = True
        width = max(self.body().width(), 1)
        days = len(self.axis.dates)
        hours = _LAST_HOUR - _FIRST_HOUR + 24 * (days - 1)
        made = axis(self.axis.dates[0], days, self.schedule.timezone, self.axis.hour_px)
        made = made.zoomed(width / hours / made.hour_px)
        self._fits = True
        self._rescale(made, round(made.x(made.begin + _FIRST_HOUR * HOUR_MS)))

    def zoom(self, factor: float, around: int | None = None) -> None:
        """Wider or narrower; the moment in the middle, or at an x of the viewport, stays where it is."""
        x = self.body().center().x() if around is None else max(around, self._layout.column)
        at = self.moment_at(QPoint(x, 0))
        self._leave_fit()
        made = self.axis.zoomed(factor)
        self._rescale(made, round(made.x(at)) - (x - self._layout.column))

    def _leave_fit(self) -> None:
        """From now on time lies as somebody has put it, however wide the board is."""
        self._fits = False

    def go_to_now(self) -> None:
        """Bring the present moment into the middle."""
        self._leave_fit()
        bar = self.horizontalScrollBar()
        bar.setValue(round(self.axis.x(self.session.now())) - self.body().width() // 2)

    def go_to_top(self) -> None:
        """To the first rows, unless somebody is looked at: then to him."""
        self.verticalScrollBar().setValue(0)
        if self._technician:
            self.reveal_row(self._technician)

    def _rescale(self, made: Axis, left: int) -> None:
        self.axis = made
        self.picture.forget_scale()
        self._reset_bars()
        self.horizontalScrollBar().setValue(left)
        self.viewport().update()
        self.zoomed.emit()

    # ------------------------------------------------------------ rows come and go
    def _on_arranged(self) -> None:
        self._keep_place()
        self._layout = self._laid_out()
        self._reset_bars()
        self._restore_place()
        self.viewport().update()

    def _keep_place(self) -> None:
        """Remember what is in sight: the current row if it is, else the first one."""
        rows, top = self._layout_rows, self.verticalScrollBar().value()
        seen = [
            at for at in self._layout.rows_between(top, top + self.body().height()) if rows[at].technician
        ]
        mine = next((at for at in seen if rows[at].technician == self._technician), None)
        wanted = {row.technician for row in self.schedule.rows}
        chosen = [at for at in ([mine] if mine is not None else []) + seen if rows[at].technician in wanted]
        self._anchor = (rows[chosen[0]].technician, self._layout.tops[chosen[0]] - top) if chosen else None

    def _restore_place(self) -> None:
        row = self.schedule.row_of(self._anchor[0]) if self._anchor else -1
        if self._anchor is not None and row >= 0:
            self.verticalScrollBar().setValue(self._layout.tops[row] - self._anchor[1])

    def _on_touched(self, technicians: frozenset[str]) -> None:
        self.picture.forget_rows(technicians)
        self.viewport().update()
        self._tell()

    def _on_lanes(self) -> None:
        self.picture.forget_lanes()
        self._lanes_top = min(self._lanes_top, self._lanes_most())
        self.viewport().update()

    def _on_loaded(self) -> None:
        self.picture.forget()
        self._on_lanes()
        if not self._began and self._order:
            chosen, self._order = self._order, None
            self.show_order(chosen)  # what was chosen before anything was here
        self._began = True
        self._tell()

    def _on_tick(self) -> None:
        self.picture.forget_heads()
        self._on_lanes()

    # ------------------------------------------------------------ lanes
    @property
    def lanes_shown(self) -> bool:
        """Whether the lanes of those that nobody goes to are open."""
        return self._lanes_shown

    def fold_lanes(self, shown: bool) -> None:
        """Open the lanes, or fold them into their title."""
        self._lanes_shown = shown
        self._layout = self._laid_out()
        self._reset_bars()
        self.viewport().update()

    def _lanes_most(self) -> int:
        return max(0, len(self.schedule.lanes) * self._layout.lane - self._layout.lanes)

    # ------------------------------------------------------------ geometry
    def _laid_out(self) -> Layout:
        self._layout_rows = self.schedule.rows
        look = theme.current()
        lanes = look.px(LANE_PX) * _LANES if self._lanes_shown else 0
        return layout(self.schedule.rows, look, self.viewport().width(), lanes)

    def _reset_bars(self) -> None:
        body, look = self.body(), theme.current()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, self._layout.height - body.height()))
        down.setPageStep(max(body.height(), 1))
        down.setSingleStep(look.px(21))
        across.setRange(0, max(0, self.axis.width - body.width()))
        across.setPageStep(max(body.width(), 1))
        across.setSingleStep(max(1, round(self.axis.hour_px / 2)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        column = self._layout.column
        self._layout = self._laid_out()
        if column != self._layout.column:
            self.picture.forget_heads()
        if self._fits and event.size().width() > self._layout.column:
            self.fit()
        self._reset_bars()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.picture.dress()
            self._layout = self._laid_out()
            self._reset_bars()

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

    @property
    def lanes_offset(self) -> int:
        """How far the lanes are scrolled."""
        return self._lanes_top

    # ------------------------------------------------------------ the mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:
        bar = self.bar_at(event.position())
        if bar is not None:
            self.go_to(bar)
        elif self._on_lanes_title(event.position()):
            self.fold_lanes(not self._lanes_shown)
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

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        bar = self.bar_at(event.position())
        self._hover(bar.key if bar else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def _hover(self, key: Key | None) -> None:
        if key != self._hovered:
            self._hovered = key
            self.viewport().update()

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
        elif self._layout.header <= event.position().y() < self._layout.top and self._lanes_most():
            moved = self._lanes_top - round(turned / 120 * self._layout.lane)
            self._lanes_top = min(max(moved, 0), self._lanes_most())
            self.viewport().update()
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


def _point(where: QPoint | QPointF) -> QPoint:
    return where if isinstance(where, QPoint) else where.toPoint()
