"""A table that is only read: rows keep their caret when they are shown anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget

from ui import theme
from ui.controls.empty import EmptyState
from ui.controls.sheet import Grid
from ui.models.sheet import Column, SheetModel


class Table(Grid):
    """Emits `chosen` with the row in hand (None for none), `taken` on Enter or a double click."""

    chosen = Signal(object)
    taken = Signal(object)

    def __init__(
        self, columns: Sequence[Column], name: str, id: Callable[[Any], str], *, several: bool = False
    ) -> None:
        model = SheetModel(columns)
        model.set_open(False)
        super().__init__(model, name)
        model.setParent(self)
        self._id = id
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if several else mode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        heads = self.horizontalHeader()
        for at, column in enumerate(columns):
            self.setColumnWidth(at, max(theme.current().px(column.width), heads.sectionSizeHint(at)))
        self.opened.connect(lambda row: self._take(row))
        self.doubleClicked.connect(lambda index: self._take(index.row()))
        self.selectionModel().currentRowChanged.connect(
            lambda now, _before: self.chosen.emit(self._row(now.row()))
        )

    @property
    def current(self) -> Any | None:
        """The row in hand."""
        return self._row(self.currentIndex().row())

    @property
    def selected(self) -> list[Any]:
        """The chosen rows, from top to bottom."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        return [row for at in rows if (row := self._row(at)) is not None]

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these; the caret stays on its row, wherever that stands now."""
        kept = {self._id(each) for each in self.selected}
        current = self.current
        self.sheet.show_rows(rows)
        at = {self._id(each): place for place, each in enumerate(rows)}
        if current is None or self._id(current) not in at:
            self.clearSelection()
            self.setCurrentIndex(self.sheet.index(-1, 0))
            return
        self.choose(self._id(current))
        for place in (at[id] for id in kept if id in at):
            self.selectionModel().select(
                self.sheet.index(place, 0),
                self.selectionModel().SelectionFlag.Select | self.selectionModel().SelectionFlag.Rows,
            )

    def choose(self, id: str) -> bool:
        """Put the caret on a row; False where it is not listed."""
        for place, each in enumerate(self.sheet.rows):
            if self._id(each) == id:
                if self.currentIndex().row() != place:
                    self.setCurrentIndex(self.sheet.index(place, 0))
                return True
        return False

    def _row(self, at: int) -> Any | None:
        rows = self.sheet.rows
        return rows[at] if 0 <= at < len(rows) else None

    def _take(self, at: int) -> None:
        if (row := self._row(at)) is not None:
            self.taken.emit(row)


class Listed(QStackedWidget):
    """A table, or why it is empty and where its rows come from."""

    def __init__(self, table: Table, title: str, hint: str, icon: str) -> None:
        super().__init__()
        self._table = table
        self.addWidget(table)
        self.addWidget(EmptyState(title, hint, icon))
        for changed in (table.sheet.rowsInserted, table.sheet.rowsRemoved):
            changed.connect(self._on_rows)
        self._on_rows()

    def _on_rows(self) -> None:
        self.setCurrentIndex(0 if self._table.sheet.rowCount() else 1)
