"""The credit of all technicians: who wants something done at the left, one of them beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSplitter,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.text import t
from ui import theme
from ui.controls.aslist import as_list
from ui.controls.empty import EmptyState
from ui.controls.field import SearchField
from ui.credit.detail import CreditDetail
from ui.credit.people import CreditModel, View
from ui.models.roster import ID

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_VIEWS: Final[dict[View, str]] = {
    "due": "To do##credit",
    "appeals": "Appeals##credit",
    "all": "Everybody##credit",
}
_NARROW_PX: Final = 900
_DETAIL_PX: Final = 420


class CreditPanel(QWidget):
    """Emits `technician_chosen`, `order_opened`, `certificate_wanted` (technician), and `closed`."""

    technician_chosen = Signal(str)
    order_opened = Signal(str)
    certificate_wanted = Signal(str)
    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("credit_panel")
        self.model = CreditModel(session, self)
        self.table = QTableView()
        self.detail = CreditDetail(session)
        self.search = SearchField(t("Technician: name, initials"))
        self.search.setObjectName("credit_search")
        self.none = EmptyState(
            t("Nothing to do"), t("Nobody has appealed, and no level asks for anything."), "credit"
        )
        self._views = QButtonGroup(self)
        self._tabs: dict[View, QToolButton] = {}
        self._view: View = "due"
        self._split = QSplitter()
        self._leaving = False
        # Before the table's own: it would go on to the next one when the one in hand leaves the list.
        self.model.rowsAboutToBeRemoved.connect(self._on_leaving)
        self._lay_out()
        self.model.counted.connect(self._on_counted)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._on_current(now))
        self.search.searched.connect(lambda text: self.model.show(self._view, text))
        self.detail.order_opened.connect(self.order_opened)
        self.detail.certificate_wanted.connect(self.certificate_wanted)
        for change in (self.model.rowsInserted, self.model.rowsRemoved):
            change.connect(self._on_rows)
        self.model.refresh()
        self._on_rows()

    def choose(self, id: str) -> None:
        """Show a technician, whether he is listed now or not."""
        if self.model.row_of(id) < 0:
            self.search.clear()
            self.view("all")
        if (row := self.model.row_of(id)) >= 0:
            self.table.setCurrentIndex(self.model.index(row, 0))
        self.detail.show_technician(id)

    def view(self, view: View) -> None:
        """Show those of whom something is to be done, those who appeal, or everybody."""
        self._view = view
        self._tabs[view].setChecked(True)
        self.model.show(view, self.search.text())

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that nobody has sent."""
        return self.detail.typed

    # ------------------------------------------------------------ inside
    def _on_leaving(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._leaving = first <= self.table.currentIndex().row() <= last

    def _on_current(self, index: QModelIndex) -> None:
        if self._leaving:
            return
        if (id := index.data(ID)) is not None and id != self.detail.id:
            self.detail.show_technician(id)
            self.technician_chosen.emit(id)

    def _on_counted(self, due: int, appeals: int) -> None:
        for view, n in (("due", due), ("appeals", appeals)):
            word = t(_VIEWS["due" if view == "due" else "appeals"])
            self._tabs["due" if view == "due" else "appeals"].setText(f"{word} {n}" if n else word)

    def _on_rows(self) -> None:
        """Whoever is in hand stays in hand, listed or not."""
        if self._leaving:
            self.table.selectionModel().clear()
            self._leaving = False
        row = self.model.row_of(self.detail.id or "")
        if row >= 0 and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(row, 0))
        some = self.model.rowCount() > 0
        self.table.setVisible(some)
        self.none.setVisible(not some)
        if some and self.detail.id is None and self.isVisible():
            self.table.setCurrentIndex(self.model.index(0, 0))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.model.watched = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.watched = True
        self.model.refresh()
        self._on_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme.current()
        narrow = self.width() < look.px(_NARROW_PX)
        self.detail.setMinimumWidth(0 if narrow else look.px(_DETAIL_PX))
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if wanted != self._split.orientation():
            self._split.setOrientation(wanted)
            self._split.setSizes([1000, 1800 if narrow else 1100])

    def _lay_out(self) -> None:
        look = theme.current()
        self.table.setObjectName("credit_table")
        self.table.setAccessibleName(t("Credit of technicians"))
        self.table.setModel(self.model)
        as_list(self.table)
        head = QHBoxLayout()
        head.setSpacing(look.space(1))
        for view, word in _VIEWS.items():
            button = QToolButton()
            button.setObjectName(f"credit_view_{view}")
            button.setText(t(word))
            button.setCheckable(True)
            button.setProperty("kind", "plain")
            button.clicked.connect(lambda _on, view=view: self.view(view))
            self._views.addButton(button)
            self._tabs[view] = button
            head.addWidget(button)
        self._tabs["due"].setChecked(True)
        head.addStretch()
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(look.space(3), look.space(2), look.space(1), look.space(2))
        column.setSpacing(look.space(2))
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addWidget(self.none, 1)
        self._split.addWidget(listed)
        self._split.addWidget(self.detail)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 4)
        self._split.setStretchFactor(1, 5)
        self._split.setSizes([1000, 1100])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)
        self.setFocusProxy(self.table)
