"""The complaint desk: the list with its timers at the left, the ticket in hand beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.text import t
from ui import theme
from ui.action.deck import Deck
from ui.complaint.model import ID, TITLES, ComplaintModel, Wanted
from ui.complaint.sift import VIEWS, Sift
from ui.complaint.ticket import Ticket
from ui.controls.aslist import as_list
from ui.controls.empty import EmptyState

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_NARROW_PX: Final = 900
_SPARE_PX: Final = 760
_TICKET_PX: Final = 400
_SPARE: Final = tuple(TITLES.index(each) for each in ("Opened##complaint", "Technician"))
"""Columns that the ticket shows as well: they go first where the list is narrow."""


class ComplaintPanel(QWidget):
    """Emits `order_chosen` with the order of the complaint in hand, `order_opened` on Enter, `complaint_chosen`."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    complaint_chosen = Signal(object)
    wide_wanted = Signal()

    def __init__(self, session: Session, deck: Deck) -> None:
        super().__init__()
        self.setObjectName("complaint_panel")
        self._session = session
        self._followed = False
        self.sift = Sift(session)
        self.model = ComplaintModel(session, tuple(VIEWS), self)
        self.table = QTableView()
        self.ticket = Ticket(session, deck)
        self.wide = QToolButton()
        self.none = EmptyState(
            t("No complaint here"), t("Ctrl+T opens one about the order in hand."), "alert.complaint"
        )
        self._pages = QStackedWidget()
        self._split = QSplitter()
        self._lay_out(deck)
        self.model.counted.connect(self.sift.say)
        self.sift.wanted.connect(self._on_wanted)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._on_current(now))
        self.table.activated.connect(lambda _index: self._open())
        self.ticket.order_opened.connect(self.order_opened)
        self.ticket.stepped_back.connect(self.table.setFocus)
        self.model.settled.connect(self._on_rows)
        self.model.refresh()
        self._on_rows()

    @property
    def current(self) -> str | None:
        """The complaint in hand."""
        return self.ticket.id

    def show_order(self, id: str | None) -> None:
        """An order is looked at elsewhere: so is its complaint, where it has one that is listed."""
        found = self._session.complaints_of(id) if id else []
        if found and all(each.id != self.ticket.id for each in found):
            self.choose(found[-1].id)

    def choose(self, id: str) -> None:
        """Take a complaint in hand, whether it is listed now or not."""
        row = self.model.row_of(id)
        self._put_caret(row)
        if row < 0 or self.ticket.id != id:
            self._take(id)

    def _put_caret(self, row: int) -> None:
        """On a row, or on none where what is in hand is not listed."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags)

    def start(self, action: str, complaint: str) -> None:
        """Ask what an action asks about a complaint."""
        if self.ticket.id != complaint:
            self.choose(complaint)
        self.ticket.start(action)

    def state(self) -> dict[str, object]:
        """What comes back tomorrow."""
        return {"split": bytes(self._split.saveState().data()).hex()}

    def restore(self, kept: dict[str, object]) -> None:
        """As it was yesterday."""
        if isinstance(split := kept.get("split"), str) and split:
            self._split.restoreState(bytes.fromhex(split))

    # ------------------------------------------------------------ inside
    def _on_wanted(self, wanted: Wanted) -> None:
        self.model.show(wanted)

    def _on_current(self, index: QModelIndex) -> None:
        if not self.model.moving and (id := index.data(ID)) is not None and id != self.ticket.id:
            self._take(id)

    def _take(self, id: str) -> None:
        self.ticket.show_complaint(id)
        self.complaint_chosen.emit(id)
        found = self._session.get(Complaint, id)
        if found is not None:
            self.order_chosen.emit(found.order)

    def _open(self) -> None:
        if (found := self.ticket.complaint) is not None:
            self.order_opened.emit(found.order)

    def _on_rows(self) -> None:
        some = self.model.rowCount() > 0
        self._pages.setCurrentIndex(0 if some else 1)
        held = self.ticket.id
        if held is None:
            if some and self.isVisible():
                self.table.setCurrentIndex(self.model.index(0, 0))
        elif (row := self.model.row_of(held)) != self.table.currentIndex().row():
            self._put_caret(row)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.refresh()
        self.model.follow_clock(True)
        self.sift.offer_owners()
        self._on_rows()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.model.follow_clock(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.table.hasFocus():
            self._open()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme.current()
        narrow = self.width() < look.px(_NARROW_PX)
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        for column in _SPARE:
            self.table.setColumnHidden(column, self.width() < look.px(_NARROW_PX + _SPARE_PX))
        self.ticket.setMinimumWidth(0 if narrow else look.px(_TICKET_PX))
        if wanted != self._split.orientation():
            self._split.setOrientation(wanted)
            self._split.setSizes([1000, 1400 if narrow else 800])

    def _lay_out(self, deck: Deck) -> None:
        look = theme.current()
        self.table.setObjectName("complaint_table")
        self.table.setAccessibleName(t("Complaints##panel"))
        self.table.setModel(self.model)
        as_list(self.table)
        self.wide.setObjectName("complaints_wide")
        self.wide.setText(t("Whole width"))
        self.wide.setCheckable(True)
        self.wide.clicked.connect(self.wide_wanted)
        head = QHBoxLayout()
        head.addWidget(self.sift, 1)
        head.addWidget(self.wide, 0, Qt.AlignmentFlag.AlignTop)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.none)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(look.space(3), look.space(2), look.space(1), look.space(2))
        column.setSpacing(look.space(2))
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        self._split.addWidget(listed)
        self._split.addWidget(self.ticket)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 5)
        self._split.setStretchFactor(1, 4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)
        self.setFocusProxy(self.table)
