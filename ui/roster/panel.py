"""The technicians' tab: the list at the left, the one chosen at the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QSplitter,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.text import t
from ui import theme
from ui.action.deck import Deck
from ui.controls.empty import EmptyState
from ui.controls.field import SearchField
from ui.models.roster import ID, LETTERS, TITLES, RosterModel
from ui.roster.detail import TechnicianDetail
from ui.roster.shelf import EntryShelf

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_NARROW_PX = 820
_DETAIL_PX = 380
_WHOLE_PX = 660
_TIMES = TITLES.index("Works today")
_SPARE = (TITLES.index("Position"), TITLES.index("Team"), TITLES.index("Skills"))
"""Columns that the detail shows as well: they go first where the list is narrow."""


class RosterPanel(QWidget):
    """Emits `technician_chosen` and `order_wanted`."""

    technician_chosen = Signal(str)
    order_wanted = Signal(str)

    def __init__(
        self, session: Session, deck: Deck, menu: Callable[[QWidget], QMenu], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._menu = menu
        self.setObjectName("roster")
        self.model = RosterModel(session, self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self.model)
        self._found.setFilterRole(LETTERS)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = SearchField(t("Technician: name, initials, skill"))
        self.search.setObjectName("roster_search")
        self.search.searched.connect(lambda text: self._found.setFilterFixedString(text.strip()))
        self.table = QTableView()
        self.detail = TechnicianDetail(session, deck)
        self.detail.order_wanted.connect(self.order_wanted)
        self.shelf = EntryShelf(session, self.detail)
        self.shelf.entered.connect(self._on_entered)
        self.shelf.left.connect(self.setFocus)
        self.shelf.currentChanged.connect(self._make_room)
        self.none = EmptyState(t("No technicians yet"), _way_on(deck), "team")
        self._lay_out(deck)
        for change in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset):
            change.connect(self._on_rows)
        self._on_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme.current()
        narrow = self.width() < look.px(_NARROW_PX)
        little = self.width() < look.px(_WHOLE_PX)
        for column in _SPARE:
            self.table.setColumnHidden(column, little)
        mode = QHeaderView.ResizeMode.Stretch if little else QHeaderView.ResizeMode.ResizeToContents
        self.table.horizontalHeader().setStretchLastSection(not little)
        self.table.horizontalHeader().setSectionResizeMode(_TIMES, mode)
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        self.shelf.setMinimumWidth(0 if narrow else look.px(_DETAIL_PX))
        if wanted != self._split.orientation():
            self._split.setOrientation(wanted)
            self._split.setSizes([1000, 1000 if narrow else 700])

    def choose(self, id: str) -> bool:
        """Put the caret on a technician."""
        index = self._found.mapFromSource(self.model.index(self.model.row_of(id), 0))
        if index.isValid():
            self.table.setCurrentIndex(index)
        return index.isValid()

    def current_id(self) -> str | None:
        """The technician on whom the caret stands."""
        index = self.table.currentIndex()
        return index.data(ID) if index.isValid() else None

    def _on_current(self, index: QModelIndex) -> None:
        if (id := index.data(ID)) is not None:
            self.detail.show_technician(id)
            if self.table.hasFocus():
                self.shelf.put_away()  # somebody else is looked at; what was typed stays
            self.technician_chosen.emit(id)

    def _on_menu(self, where: QPoint) -> None:
        menu = self._menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.table.viewport().mapToGlobal(where))

    def enter(self, id: str | None) -> None:
        """Ask for everything about a technician, or about a new one."""
        if id is not None:
            self.choose(id)
        self.shelf.open(id)

    def _make_room(self) -> None:
        """Where list and form share the height, the form gets most of it."""
        if self._split.orientation() == Qt.Orientation.Vertical:
            entering = self.shelf.currentWidget() is not self.detail
            self._split.setSizes([1000, 4000 if entering else 1000])

    def _on_entered(self, id: str) -> None:
        self.search.clear()
        self._found.setFilterFixedString("")
        self.choose(id)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_rows(self) -> None:
        some = self.model.rowCount() > 0
        self.table.setVisible(some)
        self.none.setVisible(not some)

    def _lay_out(self, deck: Deck) -> None:
        look = theme.current()
        self.table.setObjectName("roster_table")
        self.table.setAccessibleName(t("Technicians"))
        self.table.setModel(self._found)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(look.px(28))
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu)
        columns = self.table.horizontalHeader()
        columns.setResizeContentsPrecision(60)
        for at in range(len(TITLES) - 1):
            columns.setSectionResizeMode(at, QHeaderView.ResizeMode.ResizeToContents)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._on_current(now))
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(look.space(2), look.space(2), look.space(2), 0)
        column.setSpacing(look.space(2))
        top = QHBoxLayout()
        top.setSpacing(look.space(2))
        top.addWidget(self.search, 1)
        new = QToolButton()
        new.setDefaultAction(deck["new_technician"])
        if not deck["new_technician"].isVisible():
            new.hide()
        new.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        top.addWidget(new)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.none, 1)
        self._split = split = QSplitter()
        split.addWidget(left)
        split.addWidget(self.shelf)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.setFocusProxy(self.table)


def _way_on(deck: Deck) -> str:
    """What to do where there is nobody; roles that can't are told who can."""
    new = deck["new_technician"]
    if new.isEnabled():
        keys = new.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        return t("Orders wait until somebody can be sent. Enter the first technician with {keys}.", keys=keys)
    return t("Orders wait until somebody can be sent. A supervisor, vetting or an administrator enters him.")
