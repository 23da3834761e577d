"""The calendar's tab: the grid, free windows by skill below it, and beside it what is in the cell in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import name, theme
from ui.calendar.bar import CalendarBar
from ui.calendar.chosen import Chosen
from ui.calendar.figures import Figures
from ui.calendar.grid import CalendarGrid, Columns
from ui.calendar.head import DateHead
from ui.calendar.heat import SKILL, HeatDelegate, HeatModel
from ui.calendar.holiday import unpublished
from ui.calendar.model import SLOT, CalendarModel
from ui.calendar.period import VIEWS
from ui.calendar.row import ALL, GROUPS, rows
from ui.calendar.side import CalendarSide
from ui.controls.banner import Banner
from ui.controls.empty import EmptyState
from ui.controls.section import label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatcher_app.client.session import Session

_TITLE_PX: Final = 128
_SIDE_PX: Final = 348
_HEAT_ROW_PX: Final = 24
_NARROW_PX: Final = 760
_UPPER: Final = 0.55
"""How much of the height the grid has where both stand one above the other."""
_SHOWN_KINDS: Final = frozenset(
    {"technician", "region", "shift_requests", "holiday_year", "policy", "day", "item"}
)


class CalendarPanel(QWidget):
    """Emits what is chosen or opened in it, what is wanted of other screens, and how many requests wait."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)
    technician_opened = Signal(str)
    book_wanted = Signal(str)
    absence_wanted = Signal(str, object, object)
    years_wanted = Signal()
    wide_wanted = Signal()
    counted = Signal(int)

    def __init__(self, session: Session, *, read_only: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self.read_only = session, read_only
        self.setObjectName("calendar_panel")
        self.bar = CalendarBar(session)
        self.figures = Figures(session, self)
        self.model = CalendarModel(session, self.figures, self)
        self.heat_model = HeatModel(session, self.figures, self)
        self.grid = CalendarGrid(self.model, DateHead(session), _TITLE_PX)
        self.heat = Columns(_TITLE_PX)
        self.side = CalendarSide(session, self.figures, read_only=read_only)
        self.banner = Banner(dismissible=False)
        self._enter_years = QPushButton(t("Enter holidays…"))
        self.none = EmptyState(t("No technicians here"), "", "team")
        self._clear = QPushButton(t("Show everybody"))
        self._opened: set[str] = set()
        self._people: tuple[str, ...] = ()
        self._order: str | None = None
        self._midnight = local_date(session.now(), name.timezone(session))
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._arrange)
        self._lay_out()
        self._connect()
        self._arrange()

    # ------------------------------------------------------------ the one selection
    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere: it can be given to whoever has room."""
        self._order = id
        self.side.what.show_order(id)

    def show_technician(self, id: str | None) -> None:
        """The technician who is looked at everywhere; a view in which somebody is at work stays where it is."""
        if id is None or self._held or self.grid.selected().technician == id:
            return
        self.go_to(id, self._date_in_hand())

    def go_to(self, technician: str, date: str) -> bool:
        """Put the caret on a technician's date, where he is shown."""
        found = next((row for row in self.model.rows if row.technician == technician), None)
        return found is not None and self.grid.go_to(found.key, date)

    @property
    def _held(self) -> bool:
        focused = self.focusWidget() if self.isVisible() else None
        return focused is not None and focused.hasFocus()

    def _date_in_hand(self) -> str:
        at = self.grid.currentIndex()
        slot = self.model.slot_at(at.row(), at.column()) if at.isValid() else None
        return slot.date if slot is not None else self.bar.period.date

    # ------------------------------------------------------------ what comes back tomorrow
    def state(self) -> dict[str, Any]:
        """View and grouping, to be kept."""
        return {"view": self.bar.period.view, "group": self.bar.group}

    def restore(self, state: Mapping[str, Any]) -> None:
        """As it was kept; what can't be read is as at first."""
        if (view := str(state.get("view", ""))) in VIEWS:
            self.bar.show_view(view)
        if (group := str(state.get("group", ""))) in GROUPS:
            self.bar.show_group(group)

    # ------------------------------------------------------------ actions
    def show_requests(self) -> None:
        """What technicians ask for."""
        self.side.go("asked")

    def seek(self) -> None:
        """Put the caret into the search."""
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    # ------------------------------------------------------------ inside
    def _arrange(self) -> None:
        """Show who is wanted, in the columns that are wanted."""
        session, zone = self._session, name.timezone(self._session)
        mine = [each for each in session.all(Technician) if each.region == session.region_id]
        people = [each for each in mine if self.bar.wanted.shows(each)]
        self._people = tuple(each.id for each in people)
        policy = session.get(Policy, "policy") or Policy()
        slots = self.bar.period.slots(policy, zone)
        shown = rows(session, people, self.bar.group, self._opened)
        self.figures.show(slots)
        self.model.show(shown if people else [], slots)
        skills = sorted({skill for each in people for skill in each.skills}, key=name.skill)
        wanted = self.bar.wanted.skill
        self.heat_model.show(
            [wanted] if wanted else skills, slots, self._people, everybody=len(people) == len(mine)
        )
        self.grid.arrange()
        self.heat.share()
        self._fit_heat()
        self._say_empty(bool(mine), bool(people))
        self._say_years()
        if people and not self.grid.currentIndex().isValid():
            key = self.grid.held or ALL
            date = self.bar.period.date
            if not self.grid.go_to(key, date):
                self.grid.go_to(self.model.row_at(0).key, date)
        self._on_chosen(self.grid.selected())

    def _say_empty(self, anybody: bool, some: bool) -> None:
        self._pages.setCurrentWidget(self._whole if some else self.none)
        self._clear.setVisible(anybody)
        if anybody:
            self.none.say(t("No technician fits these filters"), t("Clear the filters to see the others."))
        else:
            self.none.say(
                t("No technicians yet"), t("Enter technicians first: the calendar has a row for each.")
            )

    def _say_years(self) -> None:
        missing = unpublished(self._session, self.bar.period.dates)
        if missing:
            years = t(", ").join(missing)
            said = t(
                "The public holidays of {years} are not entered: weekdays decide until they are.", years=years
            )
            self.banner.say("warning", said)
        else:
            self.banner.hide()

    def _on_chosen(self, chosen: Chosen) -> None:
        if self.grid.selectionModel().hasSelection() or chosen.slot is not None:
            self.heat.clearSelection()
        self.side.show_chosen(chosen)
        if chosen.date is not None:
            self.bar.hold(chosen.date)
        if chosen.technician is not None and self._held:
            self.technician_chosen.emit(chosen.technician)

    def _on_heat(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self._tell_heat(now)

    def _tell_heat(self, index: QModelIndex) -> None:
        skill, slot = index.data(SKILL), index.data(SLOT)
        chosen = Chosen(None, slot, self._people, (slot.date,), skill)
        self.side.what.show_chosen(chosen)
        self.side.setCurrentWidget(self.side.what)

    def _on_opened(self) -> None:
        chosen = self.grid.selected()
        if self.model.in_weeks and chosen.date is not None:
            self.bar.show_view("day", chosen.date)
        elif chosen.technician is not None:
            self.side.go("what")

    def _on_folded(self, key: str) -> None:
        self._opened ^= {key}
        self._arrange()

    def _on_head(self, column: int) -> None:
        if self.model.in_weeks or not self.model.slots:
            return
        slot = self.model.slots[column]
        if not slot.part:
            self.bar.show_view("day", slot.date)

    def _on_looked_at(self, technician: str, at: object) -> None:
        if not isinstance(at, int):
            return
        date = local_date(at, name.timezone(self._session))
        if date not in self.bar.period.dates:
            self.bar.show_view(self.bar.period.view, date)
        if self.bar.group != "technician":
            self.bar.show_group("technician")
        if technician not in self._people:
            self.bar.clear()
            self._arrange()
        self.go_to(technician, date)
        self.grid.setFocus()

    def _on_technician(self, id: str) -> None:
        if not self.go_to(id, self._date_in_hand()):
            self.bar.show_group("technician")
            self.go_to(id, self._date_in_hand())
        self.technician_chosen.emit(id)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not {"technician", "region", "holiday_year", "policy"}.isdisjoint(
            changed.ids
        ):
            self._soon.start()
        elif not _SHOWN_KINDS.isdisjoint(changed.ids):
            self.model.repaint()

    def _on_minute(self) -> None:
        today = local_date(self._session.now(), name.timezone(self._session))
        if today != self._midnight:
            before, self._midnight = self._midnight, today
            if before in self.bar.period.dates and today not in self.bar.period.dates:
                self.bar.go_today()  # whoever looked at today looks at today again
            self.grid.horizontalHeader().viewport().update()

    def _connect(self) -> None:
        bar, side = self.bar, self.side
        bar.shown.connect(lambda _period: self._arrange())
        bar.grouped.connect(lambda _group: self._arrange())
        bar.filtered.connect(lambda _wanted: self._arrange())
        bar.asked.connect(self.show_requests)
        bar.wide_wanted.connect(self.wide_wanted)
        self.grid.chosen.connect(self._on_chosen)
        self.grid.opened.connect(self._on_opened)
        self.grid.folded.connect(self._on_folded)
        self.grid.horizontalHeader().sectionDoubleClicked.connect(self._on_head)
        self.heat.selectionModel().currentChanged.connect(self._on_heat)
        self.heat.clicked.connect(self._tell_heat)
        for one, other in ((self.grid, self.heat), (self.heat, self.grid)):
            one.horizontalScrollBar().valueChanged.connect(other.horizontalScrollBar().setValue)
        side.order_opened.connect(self.order_opened)
        side.technician_wanted.connect(self._on_technician)
        side.book_wanted.connect(self.book_wanted)
        side.absence_wanted.connect(self.absence_wanted)
        side.looked_at.connect(self._on_looked_at)
        side.years_wanted.connect(self.years_wanted)
        side.counted.connect(self._on_counted)
        self._enter_years.clicked.connect(self.years_wanted)
        self._clear.clicked.connect(self.bar.clear)
        self._minute = QTimer(self, interval=30_000)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start()
        self._on_counted(side.waiting)
        stop = self._session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def _on_counted(self, count: int) -> None:
        self.bar.say_requests(count)
        self.counted.emit(count)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.grid.hasFocus() and self._held:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, what is in a cell stands below the grid."""
        super().resizeEvent(event)
        narrow = self.width() < theme.current().px(_NARROW_PX)
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if wanted != self._whole.orientation():
            self._whole.setOrientation(wanted)
            self.bar.set_narrow(narrow)
            self._fit_heat()
            upper = round(self.height() * _UPPER)
            side = theme.current().px(_SIDE_PX)
            self._whole.setSizes([upper, self.height() - upper] if narrow else [self.width() - side, side])

    def _fit_heat(self) -> None:
        """As high as its rows, and never more than a third of the room."""
        look, count = theme.current(), self.heat_model.rowCount()
        height = look.px(_HEAT_ROW_PX) * count + look.px(4)
        self.heat.setMaximumHeight(height + self.heat.horizontalScrollBar().sizeHint().height())
        narrow = self._whole.orientation() is Qt.Orientation.Vertical
        self._heat_box.setVisible(bool(count) and not self.model.in_weeks and not narrow)

    def _lay_out(self) -> None:
        look = theme.current()
        self.heat.setObjectName("calendar_heat")
        self.heat.setAccessibleName(t("How many more visits of each skill fit"))
        self.heat.setModel(self.heat_model)
        self.heat.setItemDelegate(HeatDelegate(self.heat))
        self.heat.horizontalHeader().hide()
        self.heat.setSelectionMode(Columns.SelectionMode.SingleSelection)
        self.heat.verticalHeader().setMinimumSectionSize(look.px(18))
        self.heat.verticalHeader().setDefaultSectionSize(look.px(_HEAT_ROW_PX))
        self.heat.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.grid.horizontalHeader().setDefaultSectionSize(look.px(40))
        self._heat_box = QWidget()
        box = QVBoxLayout(self._heat_box)
        box.setContentsMargins(0, look.space(1), 0, 0)
        box.setSpacing(look.space(1))
        words = label(t("Room for more visits, by skill"), "section")
        words.setContentsMargins(look.space(2), 0, 0, 0)
        box.addWidget(words)
        box.addWidget(self.heat)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.grid)
        left.addWidget(self._heat_box)
        left.setStretchFactor(0, 3)
        left.setStretchFactor(1, 1)
        left.setChildrenCollapsible(False)
        left.setSizes([620, 380])
        self._whole = QSplitter()
        self._whole.addWidget(left)
        self._whole.addWidget(self.side)
        self._whole.setStretchFactor(0, 1)
        self._whole.setStretchFactor(1, 0)
        self._whole.setChildrenCollapsible(False)
        self._whole.setSizes([1000, look.px(_SIDE_PX)])
        self.none.set_button(self._clear)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._whole)
        self._pages.addWidget(self.none)
        self.banner.add_button(self._enter_years)
        self._enter_years.setVisible(self.side.holiday.opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.bar, self.banner):
            column.addWidget(part)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self.grid)
