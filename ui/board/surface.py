"""The board as a surface of rows and time: what lies where, how wide an hour is, what is in sight, what stays there."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from dispatcher_app.domain.calendar import HOUR_MS
from ui import theme
from ui.board.axis import Axis, axis
from ui.board.bar import Bar
from ui.board.layout import LANE_PX, Layout, layout
from ui.board.schedule import Schedule

LANES: Final = 3
_MOST_LANES: Final = 12
_FIRST_HOUR: Final = 7
_LAST_HOUR: Final = 21


class Surface(QAbstractScrollArea):
    """Emits `zoomed` when the scale or the stretch of time is another one. `held` says that somebody drags here."""

    zoomed = Signal()

    def __init__(self, schedule: Schedule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.schedule = schedule
        self.session = schedule.session
        self.held = False
        self._technician: str | None = None
        self._lanes_shown, self._lanes_rows, self._lanes_top = True, LANES, 0
        self._lanes_seen = LANES
        self._fitted, self._fits = False, True
        self.axis: Axis = axis(schedule.dates[0], len(schedule.dates), schedule.timezone, 60.0)
        self._layout: Layout = self._laid_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        schedule.arranged.connect(self._on_arranged)
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
        return self._layout.row

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
        return self._layout.inside_row(bar, left, max(right, left + 3), top_)

    def bars_in_sight(self) -> list[Bar]:
        """The visits of the rows that are in sight, whole rows."""
        return [bar for row in self._rows_in_sight() for bar in self.schedule.bars(row)]

    def _rows_in_sight(self) -> list[str]:
        top = self.verticalScrollBar().value()
        rows = self._layout.rows_between(top, top + self.body().height())
        return [self.schedule.rows[at].technician for at in rows if self.schedule.rows[at].technician]

    def _bars_near(self, where: QPoint | QPointF) -> list[Bar]:
        if self.lanes_body().contains(_point(where)):
            at = (_point(where).y() - self._layout.lanes_top + self._lanes_top) // self._layout.lane
            return list(self.schedule.lanes[at]) if at < len(self.schedule.lanes) else []
        technician = self.row_at(where)
        if technician is None or _point(where).x() < self._layout.column:
            return []
        return list(self.schedule.bars(technician))

    def reveal(self, bar: Bar) -> None:
        """Scroll a visit into sight, where it is not."""
        if bar.technician:
            self.reveal_row(bar.technician)
        elif self._lanes_shown:
            top, height = bar.lane * self._layout.lane, self._layout.lanes
            self.scroll_lanes(min(top, max(self._lanes_top, top + self._layout.lane - height)))
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
        self._reset_bars()
        self.horizontalScrollBar().setValue(left)
        self.zoomed.emit()
        self.viewport().update()

    # ------------------------------------------------------------ rows come and go
    def _on_arranged(self) -> None:
        """What is in sight stays where it is: the row that is looked at, else the first one."""
        anchor = self._anchor()
        self._layout = self._laid_out()
        self._reset_bars()
        row = self.schedule.row_of(anchor[0]) if anchor else -1
        if anchor is not None and row >= 0:
            self.verticalScrollBar().setValue(self._layout.tops[row] - anchor[1])
        self.viewport().update()

    def _anchor(self) -> tuple[str, int] | None:
        """A row in sight that stays, and how far below the top it begins."""
        rows, top = self._layout_rows, self.verticalScrollBar().value()
        seen = [
            at for at in self._layout.rows_between(top, top + self.body().height()) if rows[at].technician
        ]
        mine = next((at for at in seen if rows[at].technician == self._technician), None)
        wanted = {row.technician for row in self.schedule.rows}
        chosen = [at for at in ([mine] if mine is not None else []) + seen if rows[at].technician in wanted]
        return (rows[chosen[0]].technician, self._layout.tops[chosen[0]] - top) if chosen else None

    # ------------------------------------------------------------ lanes
    @property
    def lanes_shown(self) -> bool:
        """Whether the lanes of those that nobody goes to are open."""
        return self._lanes_shown

    @property
    def lanes_rows(self) -> int:
        """How many of them there is room for while they are open."""
        return self._lanes_rows

    @property
    def lanes_offset(self) -> int:
        """How far the lanes are scrolled."""
        return self._lanes_top

    @property
    def lanes_most(self) -> int:
        """How far they can be."""
        return max(0, len(self.schedule.lanes) * self._layout.lane - self._layout.lanes)

    def fit_lanes(self) -> None:
        """No more room than there are lanes now, and one for what may come; later ones scroll, or rows would jump."""
        self._lanes_seen = min(self._lanes_rows, max(len(self.schedule.lanes), 1))
        self._lay_out_anew()

    def fold_lanes(self, shown: bool) -> None:
        """Open the lanes, or fold them into their title."""
        self._lanes_shown = shown
        self.fit_lanes()

    def size_lanes(self, rows: int) -> None:
        """Open the lanes with room for so many; for none they are folded."""
        self._lanes_shown = rows > 0
        self._lanes_rows = min(max(rows, 1), _MOST_LANES)
        self.fit_lanes()

    def scroll_lanes(self, to: int) -> None:
        """Show the lanes from so many pixels on."""
        self._lanes_top = min(max(to, 0), self.lanes_most)
        self.viewport().update()

    def _lay_out_anew(self) -> None:
        self._layout = self._laid_out()
        self._reset_bars()
        self.scroll_lanes(self._lanes_top)

    # ------------------------------------------------------------ geometry
    def _laid_out(self) -> Layout:
        self._layout_rows = self.schedule.rows
        look = theme.current()
        lanes = look.px(LANE_PX) * self._lanes_seen if self._lanes_shown else 0
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
        self._layout = self._laid_out()
        if self._fits and event.size().width() > self._layout.column:
            self.fit()
        self._reset_bars()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()


def _point(where: QPoint | QPointF) -> QPoint:
    return where if isinstance(where, QPoint) else where.toPoint()
