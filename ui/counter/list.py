"""The devices as rows of two lines: shelf, number, owner and state; what it is, and since when or for when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dispatcher_app.domain.calendar import DAY_MS, midnight
from dispatcher_app.text import t
from ui import custody, format, name, theme
from ui.controls import chip
from ui.mark import mark
from ui.models.bench import Device
from ui.models.sorted import Entry, place

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

DEVICE: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class DeviceModel(QAbstractListModel):
    """Sorted by urgency; rows come, go and move one by one, so that the one in hand stays in hand."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._order: list[Entry] = []
        self._known: dict[str, Device] = {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        device = self._known[self._order[index.row()][1]]
        if role == DEVICE:
            return device
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            first, second, side = words(self._session, device)
            state = mark("order", device.order.status).label()
            return ", ".join(filter(None, (device.shelf, first, second, state, side[0])))
        return None

    def row_of(self, id: str) -> int:
        """The row of an order, -1 where it is not listed."""
        return next((row for row, (_, known) in enumerate(self._order) if known == id), -1)

    def show(self, devices: Sequence[Device]) -> None:
        """Show these, in their order."""
        wanted = {each.order.id: each for each in devices}
        for row in reversed(range(len(self._order))):
            rank, id = self._order[row]
            if id not in wanted or wanted[id].rank != rank:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._order[row]
                self.endRemoveRows()
        changed = [id for _, id in self._order if self._known[id] != wanted[id]]
        self._known = wanted
        there = {id for _, id in self._order}
        for id, each in wanted.items():
            if id not in there:
                row = place(self._order, (each.rank, id), descending=False)
                self.beginInsertRows(QModelIndex(), row, row)
                self._order.insert(row, (each.rank, id))
                self.endInsertRows()
        for id in changed:
            at = self.index(self.row_of(id))
            self.dataChanged.emit(at, at)


class DeviceList(QListView):
    """Emits `chosen` with the order in hand, `opened` on Enter or a double click."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._rows = DeviceModel(session, self)
        self._kept = ""
        self.setModel(self._rows)
        self.setItemDelegate(_Row(session, self))
        self.setObjectName("device_list")
        self.setAccessibleName(t("Devices"))
        self.setProperty("panel", "surface")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(DEVICE).order.id))

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Show these; the one in hand stays in hand where it is still listed."""
        kept = self._kept
        self.selectionModel().blockSignals(True)
        self._rows.show(devices)
        row = self._rows.row_of(kept)
        self.setCurrentIndex(self._rows.index(row) if row >= 0 else QModelIndex())
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def choose(self, id: str) -> bool:
        """Put the caret on an order; False where it is not listed."""
        self._kept = id
        if (row := self._rows.row_of(id)) < 0:
            return False
        self.setCurrentIndex(self._rows.index(row))
        return True

    @property
    def current(self) -> str:
        """The order in hand, "" for none."""
        return self._kept if self.currentIndex().isValid() else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().data(DEVICE).order.id)
        else:
            super().keyPressEvent(event)

    def _on_current(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self._kept = now.data(DEVICE).order.id
            self.chosen.emit(self._kept)


class _Row(QStyledItemDelegate):
    """The shelf large at the left, where the hand goes first."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, theme.current().px(46))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        given: Any = option  # the stubs of PySide6 leave out what a style option inherits
        look, rect = theme.current(), QRect(given.rect)
        device: Device = index.data(DEVICE)
        painter.save()
        if given.state & QStyle.StateFlag.State_Selected:
            focused = given.state & QStyle.StateFlag.State_HasFocus
            painter.fillRect(rect, look.colour("selection" if focused else "selection_idle"))
            painter.fillRect(
                QRect(rect.left(), rect.top(), look.space(0.75), rect.height()), look.colour("accent")
            )
        elif given.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look.colour("hover"))
        painter.setPen(look.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        self._shelf(painter, rect, device.shelf)
        inside = rect.adjusted(look.px(64), look.px(4), -look.space(3), -look.px(4))
        self._words(painter, inside, device)
        painter.restore()

    def _shelf(self, painter: QPainter, rect: QRect, shelf: str) -> None:
        look = theme.current()
        painter.setFont(look.font(17, bold=True))
        painter.setPen(look.colour("text" if shelf else "disabled"))
        box = QRect(rect.left() + look.space(3), rect.top(), look.px(48), rect.height())
        _elided(painter, box, shelf or "–", Qt.AlignmentFlag.AlignLeft)

    def _words(self, painter: QPainter, inside: QRect, device: Device) -> None:
        look = theme.current()
        first, second, (side, hue) = words(self._session, device)
        half = inside.height() // 2
        state = mark("order", device.order.status)
        width = QFontMetrics(look.font(12)).horizontalAdvance(state.label()) + look.px(14) + look.space(4.5)
        above = QRect(inside.left(), inside.top(), inside.width(), half)
        below = above.translated(0, half)
        chip.paint(painter, QRect(above.right() - width, above.top(), width, half), state)
        above.setRight(above.right() - width - look.space(2))
        painter.setFont(look.font(12, bold=bool(device.urgent)))
        painter.setPen(look.colour(hue))
        width = min(painter.fontMetrics().horizontalAdvance(side), below.width() // 2)
        _elided(
            painter,
            QRect(below.right() - width, below.top(), width + 1, half),
            side,
            Qt.AlignmentFlag.AlignRight,
        )
        below.setRight(below.right() - width - look.space(2))
        painter.setFont(look.font(12))
        painter.setPen(look.colour("muted"))
        _elided(painter, below, second, Qt.AlignmentFlag.AlignLeft)
        painter.setFont(look.font(bold=True))
        painter.setPen(look.colour("text"))
        _elided(painter, above, first, Qt.AlignmentFlag.AlignLeft)


def words(session: Session, device: Device) -> tuple[str, str, tuple[str, str]]:
    """The first line, the second, and what stands at its end with its colour."""
    order, row, held = device.order, device.row, device.order.device
    zone, now = name.timezone(session), session.now()
    owner = f"{row.name} {row.phone_tail}".strip()
    line = order.lines[0]
    what = custody.device_name(session, line)
    fault = name.fault(session, line.item, line.fault)
    serial = held.serial if held else ""
    second = " · ".join(filter(None, (what, fault, serial)))
    return f"{order.number}  {owner}", second, _when(device, now, zone)


def _when(device: Device, now: int, zone: str) -> tuple[str, str]:
    order, held = device.order, device.order.device
    if held is None:
        return "", "muted"
    if order.status == "handed_back":
        return t("picked up {when}", when=format.clock(order.closed_at or order.since, zone)), "muted"
    if device.urgent == "unclaimed" and held.ready_at is not None:
        return t("waiting for {n} days", n=(now - held.ready_at) // DAY_MS), "red"
    if order.status == "ready" and held.ready_at is not None:
        return t("ready {when}", when=format.day(held.ready_at, now, zone)), "muted"
    if held.promised_on is None:
        return t("since {when}", when=format.day(order.created_at, now, zone)), "muted"
    day = format.day(midnight(held.promised_on, zone), now, zone)
    if device.urgent == "late":
        return t("promised for {when}", when=day), "red"
    return t("for {when}", when=day), "muted"


def _elided(painter: QPainter, rect: QRect, text: str, side: Qt.AlignmentFlag) -> None:
    said = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter), said)
