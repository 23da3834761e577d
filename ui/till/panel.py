"""The cashier's screen: what is to be paid at the left; the money for the one in hand, and the till, at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.order import Order
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.choices import Choices
from ui.controls.empty import EmptyState
from ui.controls.field import SearchField
from ui.controls.section import label
from ui.models.bench import open_stores, working_store
from ui.payment.panel import PayPanel
from ui.task import Latest
from ui.till.drawer import Drawer
from ui.till.owing import choice, due, owing
from ui.till.taking import Taking

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SETTLE_MS: Final = 100
_NARROW_PX: Final = 760
_KINDS: Final = frozenset({"order", "till", "payment", "region", "technician"})


class TillPanel(QWidget):
    """Emits `order_chosen`, `order_opened`, `receipt_wanted` with (order, payment), `closed`."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    receipt_wanted = Signal(str, str)
    closed = Signal()

    def __init__(self, session: Session, store: str = "") -> None:
        super().__init__()
        self.setObjectName("till_panel")
        self.setAccessibleName(t("Till##tab"))
        self._session, self._wanted = session, store
        self._held: str | None = None
        self._found: list[tuple[Order, OrderRow]] = []
        self.list = Choices(t("To be paid"), rows=None)
        self.list.setObjectName("till_list")
        self.search = SearchField(t("No., name or telephone"))
        self.search.setObjectName("till_search")
        self.stores = QComboBox()
        self.stores.setObjectName("till_store")
        self.stores.setAccessibleName(t("Store"))
        self.taking, self.drawer = Taking(session), Drawer(session)
        self.codes = PayPanel(session)
        self.codes.setObjectName("till_codes")
        self.none = EmptyState(
            t("Nothing is to be paid here"), t("What is finished and unpaid comes by itself."), "payment"
        )
        self._asking = Latest(self)
        self._pages, self._split = QStackedWidget(), QSplitter()
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self.refresh)
        self._lay_out()
        self._offer_stores()
        self.search.searched.connect(lambda _text: self.refresh())
        self.stores.currentIndexChanged.connect(lambda _at: self._on_store())
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._on_row())
        self.taking.taken.connect(self._on_taken)
        self.drawer.opened.connect(self.list.setFocus)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self._on_store()

    @property
    def store(self) -> str:
        """The store whose till is worked at, "" for the office."""
        return str(self.stores.currentData() or "")

    def take_in_hand(self, order: str | None) -> None:
        """Show an order's money where something can be paid, whether it is listed or not."""
        found = self._session.get(Order, order) if order is not None else None
        if found is not None and due(self._session, found):
            self._held = found.id
        self.refresh()

    def start(self) -> None:
        """Put the caret where the next thing is done."""
        if self.drawer.till.opened_at is None and self.drawer.may:
            self.drawer.start()
        else:
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self) -> None:
        """Ask what is to be paid now; the row in hand stays in hand."""
        self._asking.ask(owing(self._session, self.search.text(), self.store), self._on_found)
        self._show_till()

    # ------------------------------------------------------------ inside
    def _on_found(self, found: list[tuple[Order, OrderRow]]) -> None:
        self._found = found
        at = next((row for row, (order, _) in enumerate(found) if order.id == self._held), None)
        row = 0 if at is None and self._held is None and found else at
        self.list.show_choices([choice(self._session, order, each) for order, each in found], row)
        self.list.highlight(row)
        self._pages.setCurrentIndex(0 if found else 1)
        self._on_row()

    def _on_row(self) -> None:
        current = self.list.current
        id = str(current.value) if current is not None else self._held
        order = self._session.get(Order, id) if id is not None else None
        moved = order is not None and order.id != self._held
        self._held = order.id if order is not None else None
        self.taking.show_order(order)
        self.codes.setVisible(order is not None)
        if order is not None:
            self.codes.show_order(order)
        if order is not None and moved and self.list.hasFocus():
            self.order_chosen.emit(order.id)

    def _on_taken(self, payment: str) -> None:
        if self.taking.order is not None:
            self.receipt_wanted.emit(self.taking.order.id, payment)
        self.refresh()

    def _on_store(self) -> None:
        self.drawer.show_store(self.store)
        self.refresh()

    def _show_till(self) -> None:
        self.drawer.refresh()
        till = self.drawer.till
        self.taking.show_till(till if till.opened_at is not None else None)

    def _offer_stores(self) -> None:
        self.stores.blockSignals(True)
        self.stores.clear()
        for each in open_stores(self._session):
            self.stores.addItem(name.store(each), each.id)
        own = working_store(self._session, self._wanted)
        self.stores.setCurrentIndex(max(0, self.stores.findData(own.id if own is not None else "")))
        self.stores.setVisible(self.stores.count() > 1)
        self.stores.blockSignals(False)

    def _on_changed(self, changed: Changed) -> None:
        if self.isVisible() and (changed.everything or not _KINDS.isdisjoint(changed.ids)):
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.hasFocus():
            self.taking.amount.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.current().px(_NARROW_PX)
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if wanted != self._split.orientation():
            self._split.setOrientation(wanted)

    def _lay_out(self) -> None:
        look = theme.current()
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        head.addWidget(label(t("Till##tab"), "title"), 1)
        head.addWidget(self.stores)
        close = QPushButton(t("Close##panel"))
        close.setObjectName("till_panel_close")
        close.setProperty("kind", "quiet")
        close.clicked.connect(self.closed)
        head.addWidget(close)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(2))
        self._pages.addWidget(self.list)
        self._pages.addWidget(self.none)
        column.addWidget(self.search)
        column.addWidget(self._pages, 1)
        beside = QWidget()
        right = QVBoxLayout(beside)
        right.setContentsMargins(look.space(3), 0, look.space(2), 0)
        right.setSpacing(look.space(5))
        right.addWidget(self.taking)
        right.addWidget(self.codes)
        right.addWidget(self.drawer)
        right.addStretch()
        room = QScrollArea()
        room.setWidgetResizable(True)
        room.setFrameShape(QScrollArea.Shape.NoFrame)
        room.setWidget(beside)
        self._split.addWidget(listed)
        self._split.addWidget(room)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        whole.addWidget(self._split, 1)
        self.setFocusProxy(self.list)
