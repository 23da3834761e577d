"""The board's tab: dates, grouping and filters above, the board below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.domain.calendar import local_date, midnight
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import theme
from ui.board.choosing import ChoosingBar
from ui.board.dates import DateBar, full
from ui.board.moving import Moving
from ui.board.row import Grouping, Sort
from ui.board.schedule import Schedule
from ui.board.surface import LANES
from ui.board.tool import Tool
from ui.board.view import BoardView
from ui.controls.empty import EmptyState
from ui.models.planned import planned

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from dispatcher_app.client.session import Session

ZOOM = 1.25
_ROOMY_PX = 1000
_NARROW_PX = 560
_START_MS = 120


class BoardPanel(QWidget):
    """Emits what is chosen or opened on the board, and `wide_wanted` for the whole width of the window."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)
    technician_opened = Signal(str)
    wide_wanted = Signal()

    def __init__(self, session: Session, *, read_only: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.read_only = read_only
        self.setObjectName("board_panel")
        self.schedule = Schedule(session, self)
        self.view = BoardView(self.schedule)
        self.moving = None if read_only else Moving(self.view)
        self.dates, self.choosing = DateBar(session), ChoosingBar(session)
        self.wide = Tool("only_panel", self.wide_wanted.emit)
        self.wide.setCheckable(True)
        self._order: str | None = None
        self._going: str | None = None
        self._elsewhere = QToolButton()
        self._elsewhere.setObjectName("board_elsewhere")
        self._empty = EmptyState("", "", "team")
        self._clear = QPushButton(t("Show everybody"))
        self._empty.set_button(self._clear)
        self._pages = QStackedWidget()
        # The queue is there before it.
        self._soon = QTimer(self, singleShot=True, interval=_START_MS)
        self._soon.timeout.connect(self._start)
        self._lay_out()
        self._connect()

    # ------------------------------------------------------------ the one selection
    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere."""
        self._order = id
        self.view.show_order(id)
        if self.moving is not None:
            self.moving.several.look_at(id)
        self._say_elsewhere()

    def show_technician(self, id: str | None) -> None:
        """The technician who is looked at everywhere."""
        self.view.show_technician(id)

    def show_region(self, region: str) -> None:
        """Only one region, or all for an empty one."""
        self.choosing.show_region(region)

    # ------------------------------------------------------------ what comes back tomorrow
    def state(self) -> dict[str, Any]:
        """Days, groups, order and lanes, to be kept."""
        return {
            "days": self.dates.days,
            "grouping": self.choosing.grouping,
            "sort": self.choosing.sorting,
            "lanes": self.view.lanes_rows if self.view.lanes_shown else 0,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """As it was kept; what can't be read is as at first."""
        self.dates.show_days(3 if str(state.get("days", 1)) == "3" else 1)
        self.choosing.restore(str(state.get("grouping", "")), str(state.get("sort", "")))
        lanes = str(state.get("lanes", LANES))
        self.view.size_lanes(int(lanes) if lanes.isdigit() else LANES)

    # ------------------------------------------------------------ actions
    def seek(self) -> None:
        """Put the caret into the search for technicians."""
        self.choosing.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.choosing.search.selectAll()

    def go_to_now(self) -> None:
        """Today, with the present moment in the middle."""
        self.dates.go_today()
        self.view.go_to_now()

    def fold_lanes(self) -> None:
        """Open or fold the lanes of those that nobody goes to."""
        self.view.fold_lanes(not self.view.lanes_shown)

    # ------------------------------------------------------------ inside
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    def _start(self) -> None:
        if not self.schedule.asked:
            self.schedule.reload()

    def _connect(self) -> None:
        view = self.view
        view.order_chosen.connect(self.order_chosen)
        view.order_opened.connect(self.order_opened)
        view.technician_chosen.connect(self.technician_chosen)
        view.technician_opened.connect(self.technician_opened)
        self.dates.changed.connect(view.show_dates)
        self.choosing.filtered.connect(self.schedule.set_filter)
        self.choosing.ordered.connect(self._on_ordered)
        self.schedule.ticked.connect(self.dates.follow_day)
        self.schedule.arranged.connect(self._say_empty)
        self.schedule.loaded.connect(self._say_elsewhere)
        self.schedule.touched.connect(lambda _technicians: self._say_elsewhere())
        self._elsewhere.clicked.connect(self._go_elsewhere)
        self._clear.clicked.connect(self.choosing.clear)
        self._say_empty()

    def _say_elsewhere(self) -> None:
        """The order that is looked at may stand on another day: say which, and lead there."""
        if self._going is not None and self.schedule.ready:
            going, self._going = self._going, None
            self.view.show_order(going)
        date = self._date_of_order()
        if date is not None:
            at = midnight(date, self.schedule.timezone)
            day = full(at, self.schedule.session.now(), self.schedule.timezone)
            self._elsewhere.setText(f"→ {day}")
            self._elsewhere.setToolTip(t("The chosen order stands on {date}: go there", date=day))
            self._elsewhere.setAccessibleName(self._elsewhere.toolTip())
        self._elsewhere.setVisible(date is not None)

    def _date_of_order(self) -> str | None:
        order = self.schedule.session.get(Order, self._order) if self._order else None
        if order is None or not self.schedule.ready or self.schedule.find(order.id):
            return None
        found, window = planned(self.schedule.session, order), order.window
        if found is not None:
            date = found[0].date
        elif window is not None and order.status in ("pending", "offered"):
            date = local_date(window.start, self.schedule.timezone)
        else:
            return None
        return date if date not in self.schedule.dates else None

    def _go_elsewhere(self) -> None:
        if (date := self._date_of_order()) is not None:
            self.view.show_order(None)
            self.dates.go(date)
            self._going = self._order

    def _on_ordered(self, grouping: Grouping, sort: Sort) -> None:
        self.schedule.set_order(grouping, sort)
        self.view.go_to_top()

    def _say_empty(self) -> None:
        some = bool(self.schedule.rows)
        self._pages.setCurrentWidget(self.view if some else self._empty)
        if some:
            return
        anybody = bool(self.schedule.technicians)
        self._clear.setVisible(anybody)
        if not anybody:
            self._empty.say(
                t("No technicians yet"), t("Enter technicians first: the board has a row for each.")
            )
        elif self.schedule.filter.alerts:
            self._empty.say(
                t("No alerts on these days"), t("Nobody of those chosen is late or planned twice.")
            )
        else:
            self._empty.say(t("No technician fits these filters"), t("Clear the filters to see the others."))

    def _lay_out(self) -> None:
        look = theme.current()
        zoom = QWidget()
        tools = QHBoxLayout(zoom)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(0)
        self._spare = (
            Tool("board_farther", lambda: self.view.zoom(1 / ZOOM)),
            Tool("board_closer", lambda: self.view.zoom(ZOOM)),
        )
        now, fit = Tool("board_now", self.go_to_now), Tool("board_fit", self.view.fit)
        for tool in (now, *self._spare, fit, self.wide):
            tools.addWidget(tool)
        self._first = QHBoxLayout()
        self._first.setSpacing(look.space(1))
        self._first.addWidget(self.dates)
        self._first.addStretch()
        self._bar = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._bar.setContentsMargins(look.space(2), look.space(1), look.space(2), look.space(1))
        self._bar.setSpacing(look.space(1))
        self._bar.addLayout(self._first)
        self._bar.addWidget(self.choosing, 1)
        self.choosing.add_tool(self._elsewhere)
        self._elsewhere.hide()
        self._bar.addWidget(zoom)
        self._zoom = zoom
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar)
        column.addWidget(self.choosing.filters)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self.view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, the filters stand on a line of their own."""
        super().resizeEvent(event)
        roomy = event.size().width() >= theme.current().px(_ROOMY_PX)
        for tool in self._spare:  # the wheel does it as well
            tool.setVisible(event.size().width() >= theme.current().px(_NARROW_PX))
        wanted = QBoxLayout.Direction.LeftToRight if roomy else QBoxLayout.Direction.TopToBottom
        if self._bar.direction() != wanted:
            self._bar.setDirection(wanted)
            (self._first if not roomy else self._bar).addWidget(self._zoom)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self.choosing.dress()
        super().changeEvent(event)
