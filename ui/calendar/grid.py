"""The calendar's grid: a table walked by arrows, in which several people and dates can be selected at once."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from dispatcher_app.text import t
from ui import theme
from ui.calendar.cell import CellDelegate
from ui.calendar.chosen import Chosen
from ui.calendar.head import DateHead
from ui.calendar.model import CalendarModel
from ui.calendar.row import Row

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LEAST_PX: Final = {"many": 27, "few": 84}
_ROW_PX: Final = {"many": 27, "few": 42}
_WEEK_ROW_PX: Final = 64
_FEW: Final = 12
"""So few columns, and each has room for two lines."""


class Columns(QTableView):
    """A table whose columns share the width, as far as each keeps its least; its rows are named at the left."""

    def __init__(self, title_px: int) -> None:
        super().__init__()
        self._title_px = title_px
        look = theme.current()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFrameShape(QTableView.Shape.NoFrame)
        side = self.verticalHeader()
        side.setFixedWidth(look.px(title_px))
        side.setHighlightSections(False)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        side.setTextElideMode(Qt.TextElideMode.ElideRight)

    def share(self) -> None:
        """Share the width among the columns."""
        head, count = self.horizontalHeader(), self.horizontalHeader().count()
        if not count:
            return
        look = theme.current()
        least = look.px(_LEAST_PX["few" if count <= _FEW else "many"])
        head.setMinimumSectionSize(least)
        room = self.viewport().width()
        width, rest = divmod(room, count)
        for at in range(count):
            head.resizeSection(at, max(least, width + (at < rest)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share()


class CalendarGrid(Columns):
    """Emits `chosen` with a `Chosen` when the keys or the mouse have come to rest, `opened` on Enter, `folded` a row."""

    chosen = Signal(object)
    opened = Signal()
    folded = Signal(str)

    def __init__(self, model: CalendarModel, head: DateHead, title_px: int) -> None:
        super().__init__(title_px)
        self._model = model
        self.setObjectName("calendar_grid")
        self.setAccessibleName(t("Calendar of shifts and loads"))
        self.setModel(model)
        self.setHorizontalHeader(head)
        self.setItemDelegate(CellDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: self.chosen.emit(self.selected()))
        self._held: tuple[str, str] | None = None
        self.selectionModel().selectionChanged.connect(lambda *_: self._soon.start())
        self.selectionModel().currentChanged.connect(self._on_current)
        model.modelAboutToBeReset.connect(self._hold)
        model.modelReset.connect(self._take_up)
        self.verticalHeader().sectionClicked.connect(self._on_title)
        self.doubleClicked.connect(lambda _index: self._enter())

    @property
    def held(self) -> str | None:
        """The row that was in hand when other columns came."""
        return self._held[0] if self._held is not None else None

    def arrange(self) -> None:
        """Rows and columns as wide and high as what is shown needs."""
        look, count = theme.current(), self._model.columnCount()
        size = _WEEK_ROW_PX if self._model.in_weeks else _ROW_PX["few" if count <= _FEW else "many"]
        self.verticalHeader().setDefaultSectionSize(look.px(size))
        self.share()

    def selected(self) -> Chosen:
        """What is selected now, in the order in which it stands."""
        model, at = self._model, self.currentIndex()
        cells = sorted((index.row(), index.column()) for index in self.selectedIndexes())
        people: dict[str, None] = {}
        dates: set[str] = set()
        for row, column in cells:
            if (slot := model.slot_at(row, column)) is not None:
                people.update(dict.fromkeys(model.row_at(row).people))
                dates.add(slot.date)
        row_: Row | None = None
        slot = None
        if at.isValid():
            row_, slot = model.row_at(at.row()), model.slot_at(at.row(), at.column())
        return Chosen(row_, slot, tuple(people), tuple(sorted(dates)))

    def go_to(self, key: str, date: str) -> bool:
        """Put the caret on a row's date; scrolled only where it can't be seen."""
        place = self._model.place_of(key, date)
        if place is None:
            return False
        index = self._model.index(*place)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        return True

    def select_people(self, ids: set[str]) -> None:
        """Select the date in hand of all these technicians."""
        column = max(self.currentIndex().column(), 0)
        chosen = QItemSelection()
        for at, row in enumerate(self._model.rows):
            if row.technician in ids:
                index = self._model.index(at, column)
                chosen.select(index, index)
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self._current_row()
        if key in _ENTER:
            self._enter()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus) and row is not None and row.open_ is not None:
            if row.open_ != (key == Qt.Key.Key_Plus):
                self.folded.emit(row.key)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        row = self._current_row()
        if row is not None and row.open_ is not None:
            self.folded.emit(row.key)
        elif row is not None:
            self.opened.emit()

    def _on_title(self, at: int) -> None:
        row = self._model.row_at(at)
        if row.open_ is not None:
            self.folded.emit(row.key)

    def _current_row(self) -> Row | None:
        at = self.currentIndex()
        return self._model.row_at(at.row()) if at.isValid() else None

    def _on_current(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._soon.start()

    def _hold(self) -> None:
        """Remember what was in hand: another view shows the same."""
        found = self.selected()
        if found.row is not None and found.slot is not None:
            self._held = found.row.key, found.slot.date

    def _take_up(self) -> None:
        self.arrange()
        if self._held is None or not self.go_to(*self._held):
            self._soon.start()
