"""The table of orders: rows that arrive never move the selection, the caret or what is in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QMenu, QTableView, QWidget

from dispatcher_app.text import t
from ui import dragging, name, theme
from ui.models.column import COLUMNS, PERSONAL, SOON_MS
from ui.models.queue import ID, QueueModel
from ui.queue.cell import OrderCells
from ui.queue.pill import EdgePill
from ui.queue.room import Room

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SECOND_MS: Final = 1000
_TIMER: Final = next(at for at, column in enumerate(COLUMNS) if column.id == "timer")
_MOVES: Final = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class OrderTable(QTableView):
    """Emits `order_chosen` when another order becomes current, `order_opened` on Enter or double click."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    sort_asked = Signal(str, bool)

    def __init__(
        self,
        session: Session,
        model: QueueModel,
        menu: Callable[[QWidget], QMenu],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._pressed: QPointF | None = None
        self._menu, self._session = menu, session
        self.carries = True
        self._orders = model
        self._unseen: set[str] = set()
        self._resume = -1
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self._cells = OrderCells(session, model, self)
        self._room = Room(self, session)
        self.setObjectName("queue_table")
        self.setAccessibleName(t("Orders"))
        # Before the view itself hears of it: see there.
        model.rowsAboutToBeRemoved.connect(self._on_removing)
        self.setModel(model)
        self.setItemDelegate(self._cells)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        # Opaque, so that scrolling moves the picture and paints only the rows that come in.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._above, self._below = EdgePill("above", self.viewport()), EdgePill("below", self.viewport())
        self._above.clicked.connect(lambda: self._show_unseen(-1))
        self._below.clicked.connect(lambda: self._show_unseen(1))
        self._set_headers()
        self._second = QTimer(self, interval=_SECOND_MS)
        self._second.timeout.connect(self._on_second)
        model.changing.connect(self._hold)
        model.settled.connect(self._on_settled)
        model.loaded.connect(self._on_loaded)
        self.doubleClicked.connect(lambda index: self.order_opened.emit(index.data(ID)))
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # ------------------------------------------------------------ what others ask
    def current_id(self) -> str | None:
        """The order on which the caret stands."""
        index = self.currentIndex()
        return index.data(ID) if index.isValid() else None

    def choose(self, id: str) -> bool:
        """Put the caret on an order, scrolling only where it is out of sight; False where it is not listed."""
        index = self._orders.index_of(id)
        if not index.isValid():
            return False
        self.setCurrentIndex(index.siblingAtColumn(max(self.currentIndex().column(), 0)))
        return True

    def restore_columns(self, state: QByteArray) -> None:
        """Widths and order as they were kept."""
        self.horizontalHeader().restoreState(state)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._mask()
        self._room.fit()

    def kept_columns(self) -> QByteArray:
        """Widths and order to be kept, as they are where there is room."""
        self._room.give_back()
        state = self.horizontalHeader().saveState()
        self._room.fit()
        return state

    def _mask(self) -> None:
        for at, column in enumerate(COLUMNS):
            if column.id in PERSONAL and name.masked(self._session):
                self.setColumnHidden(at, True)

    def dress(self) -> None:
        """Take the sizes of the look in use."""
        self._cells.dress()
        look = theme.current()
        self.verticalHeader().setDefaultSectionSize(look.px(28))
        self.verticalScrollBar().setSingleStep(look.px(28))
        self.horizontalHeader().setFixedHeight(look.px(26))
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground first: nobody else fills what no row covers."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().base())
        painter.end()
        super().paintEvent(event)

    # ------------------------------------------------------------ rows come and go
    def _hold(self, moving: frozenset[str]) -> None:
        """Remember what is in sight: the caret's row if it is, else the first row that stays."""
        self.setUpdatesEnabled(False)
        self._anchor = None
        height = self.viewport().height()
        current = self.currentIndex()
        candidates = [current] if current.isValid() and 0 <= self.visualRect(current).top() < height else []
        top = self.rowAt(0)
        if top >= 0:
            last = self.rowAt(height - 1)
            candidates += [self._orders.index(row, 0) for row in range(top, (last if last >= 0 else top) + 1)]
        for index in candidates:
            if index.data(ID) not in moving:
                self._anchor = (QPersistentModelIndex(index), self.rowViewportPosition(index.row()))
                return

    def _on_settled(self, added: frozenset[str]) -> None:
        if self._anchor is not None and self._anchor[0].isValid():
            index, was = self._anchor
            self.updateGeometries()
            shift = self.rowViewportPosition(index.row()) - was
            if shift:
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + shift)
        self._anchor = None
        self.setUpdatesEnabled(True)
        self._unseen |= added
        self._count_unseen()

    def _on_loaded(self, _count: int) -> None:
        self._room.fit()  # the catalogue may have come with the rows
        self._unseen.clear()
        self._count_unseen()

    def _on_removing(self, _parent: QModelIndex, first: int, last: int) -> None:
        current = self.currentIndex()
        if current.isValid() and first <= current.row() <= last:
            # Qt would move the caret to a neighbour, and with it what the person is looking at.
            self._resume = first
            blocked = self.selectionModel().blockSignals(True)
            self.selectionModel().clear()
            self.selectionModel().blockSignals(blocked)

    # ------------------------------------------------------------ what came in out of sight
    def _in_sight(self) -> tuple[int, int]:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else self._orders.rowCount() - 1

    def _count_unseen(self) -> None:
        first, last = self._in_sight()
        rows = {id: self._orders.row_of(id) for id in self._unseen}
        self._unseen = {id for id, row in rows.items() if row >= 0 and not first <= row <= last}
        self._above.say(sum(rows[id] < first for id in self._unseen))
        self._below.say(sum(rows[id] > last for id in self._unseen))

    def _show_unseen(self, direction: int) -> None:
        first, last = self._in_sight()
        rows = sorted(self._orders.row_of(id) for id in self._unseen)
        wanted = [row for row in rows if (row < first if direction < 0 else row > last)]
        if wanted:
            row = wanted[-1] if direction < 0 else wanted[0]
            self.scrollTo(self._orders.index(row, 0), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _on_scrolled(self) -> None:
        if self._unseen and self._anchor is None:
            self._count_unseen()

    # ------------------------------------------------------------ the running second
    def _on_second(self) -> None:
        if not self.isVisible() or self._orders.rowCount() == 0 or self.isColumnHidden(_TIMER):
            return
        first, last = self._in_sight()
        left, width = self.columnViewportPosition(_TIMER), self.columnWidth(_TIMER)
        now = self._cells.now()
        for at in range(max(first, 0), last + 1):
            row = self._orders.row_at(at)
            if row is not None and row.due is not None and not row.closed and abs(row.due - now) <= SOON_MS:
                self.viewport().update(QRect(left, self.rowViewportPosition(at), width, self.rowHeight(at)))

    def showEvent(self, event: QShowEvent) -> None:
        self._second.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._second.stop()
        super().hideEvent(event)

    # ------------------------------------------------------------ keys and the mouse
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (id := self.current_id()):
            self.order_opened.emit(id)
        elif key in _MOVES and not self.currentIndex().isValid() and self._orders.rowCount():
            row = min(max(self._resume, 0), self._orders.rowCount() - 1)
            self.setCurrentIndex(self._orders.index(row, 0))
        elif event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # letters are no commands, and no blind search either
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ dragged to board and map
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() is Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
        elif self._pressed is not None:
            away = (event.position() - self._pressed).manhattanLength()
            if away >= QApplication.startDragDistance():
                self._drag(self.indexAt(self._pressed.toPoint()))

    def _drag(self, index: QModelIndex) -> None:
        self._pressed = None
        if self.carries and index.isValid() and (id := index.data(ID)) is not None:
            dragging.carry(self, (id,), name.short_order(self._session, id))

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != previous.row():
            self._resume = current.row()
            self.order_chosen.emit(current.data(ID))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            where = self.viewport().mapToGlobal(
                self.visualRect(self.currentIndex()).bottomLeft() + QPoint(40, 0)
            )
        else:
            where = event.globalPos()
        menu = self._menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._room.fit()
        if self._unseen:
            self._count_unseen()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self.dress()
        super().changeEvent(event)

    # ------------------------------------------------------------ headers
    def _set_headers(self) -> None:
        look = theme.current()
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        columns.setHighlightSections(False)
        columns.setSectionsMovable(True)
        columns.setStretchLastSection(False)
        columns.setTextElideMode(Qt.TextElideMode.ElideRight)
        columns.setMinimumSectionSize(look.px(36))
        columns.setSectionsClickable(True)
        columns.setSortIndicatorShown(True)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        columns.customContextMenuRequested.connect(self._on_header_menu)
        columns.sectionClicked.connect(self._on_header_clicked)
        for at, column in enumerate(COLUMNS):
            self.setColumnWidth(at, self._cells.width(column))
            self.setColumnHidden(at, not column.shown)
        self._mask()
        self.show_sort("due", False)
        self.dress()

    def show_sort(self, sort: str, descending: bool) -> None:
        """Point the header's arrow at what the list is sorted by."""
        at = next((at for at, column in enumerate(COLUMNS) if column.sort == sort), -1)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(at, order)

    def _on_header_clicked(self, at: int) -> None:
        query = self._orders.query
        if sort := COLUMNS[at].sort:
            self.sort_asked.emit(sort, not query.descending if query.sort == sort else False)
        else:
            self.show_sort(query.sort, query.descending)

    def _on_header_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        for at, column in enumerate(COLUMNS):
            action = menu.addAction(column.title())
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(at))
            action.setEnabled(column.id != "number")
            action.setVisible(column.id not in PERSONAL or not name.masked(self._session))
            action.toggled.connect(lambda shown, at=at: self._room.show(at, shown))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.horizontalHeader().mapToGlobal(where))
