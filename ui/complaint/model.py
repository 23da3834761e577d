"""The complaints of this desk's regions as a table: what presses first stands first; rows never jump under the caret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.money.complaint import LIVE, Complaint, is_overdue, next_due
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.complaint.word import due_hue, due_word, owner
from ui.mark import mark
from ui.order.complained import category_words, severity_word

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

ID: Final = Qt.ItemDataRole.UserRole
TITLES: Final = (
    "State##complaint", "Due##complaint", "Order##complaint", "About##complaint", "Severity", "Customer",
    "Technician", "Owner##complaint", "Opened##complaint",
)  # fmt: skip
_DUE: Final = 1
_SECOND_MS: Final = 1_000
_LAST: Final = 1 << 60
_GRAVE: Final = {"urgent": "red", "serious": "orange"}

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which complaints are listed: of a view, a severity, an owner ("" for any), with these words."""

    view: str = "open"
    severity: str = ""
    owner: str = ""
    text: str = ""


def in_view(session: Session, complaint: Complaint, view: str) -> bool:
    """Whether a complaint belongs to a view."""
    live, now = complaint.state in LIVE, session.now()
    return {
        "open": complaint.state != "closed",
        "unanswered": live and complaint.answered_at is None,
        "overdue": is_overdue(complaint, now),
        "mine": complaint.owner == session.staff.id and complaint.state != "closed",
        "free": live and complaint.owner is None,
        "waiting": complaint.state == "waiting",
        "call_back": complaint.state == "resolved",
        "closed": complaint.state == "closed",
    }.get(view, True)


class ComplaintModel(QAbstractTableModel):
    """Emits `counted` with how many there are in each view, `settled` after rows have come, gone or changed places.

    While they do, the model is `moving`: a caret that moves then has been moved by nobody.
    """

    counted = Signal(object)
    settled = Signal()

    def __init__(self, session: Session, views: tuple[str, ...], parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._views = session, views
        self.wanted = Wanted()
        self.moving = False
        self._ids: list[str] = []
        self._tick = QTimer(self, interval=_SECOND_MS)
        self._tick.timeout.connect(self._on_tick)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self.refresh()

    def follow_clock(self, on: bool) -> None:
        """Count the seconds down as long as somebody looks."""
        if on:
            self._tick.start()
        else:
            self._tick.stop()

    def show(self, wanted: Wanted) -> None:
        """List these."""
        self.wanted = wanted
        self.refresh()

    def refresh(self) -> None:
        """List what belongs here now; rows that stay keep their caret."""
        mine = [each for each in self._session.all(Complaint) if each.region in self._session.staff.regions]
        self.counted.emit(
            {view: sum(in_view(self._session, each, view) for each in mine) for view in self._views}
        )
        found = [each for each in mine if self._fits(each)]
        wanted = [each.id for each in sorted(found, key=rank)]
        if wanted != self._ids:
            self.moving = True
            self._become(wanted)
            self.moving = False
            self.settled.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(TITLES):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return t(TITLES[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        id = self._ids[index.row()]
        if role == ID:
            return id
        found = self._session.get(Complaint, id)
        if found is None:
            return None
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _CELLS[column](self._session, found)
        if role == Qt.ItemDataRole.DecorationRole and not column:
            return icons.mark_icon(mark("complaint", found.state))
        if role == Qt.ItemDataRole.ForegroundRole and (hue := _hue(self._session, found, column)):
            return theme.current().colour(hue)
        return None

    def row_of(self, id: str) -> int:
        """The row of a complaint, -1 where it is not listed."""
        return self._ids.index(id) if id in self._ids else -1

    # ------------------------------------------------------------ inside
    def _fits(self, complaint: Complaint) -> bool:
        wanted = self.wanted
        if wanted.severity not in ("", complaint.severity) or wanted.owner not in ("", complaint.owner):
            return False
        if not in_view(self._session, complaint, wanted.view):
            return False
        return all(word in said(self._session, complaint) for word in wanted.text.lower().split())

    def _become(self, wanted: list[str]) -> None:
        for id in [id for id in self._ids if id not in wanted]:
            row = self._ids.index(id)
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._ids[row]
            self.endRemoveRows()
        for row, id in enumerate(wanted):
            if id not in self._ids:
                at = min(row, len(self._ids))
                self.beginInsertRows(QModelIndex(), at, at)
                self._ids.insert(at, id)
                self.endInsertRows()
        if wanted != self._ids:
            self.layoutAboutToBeChanged.emit()
            before, self._ids = self._ids, wanted
            for each in self.persistentIndexList():
                self.changePersistentIndex(each, self.index(wanted.index(before[each.row()]), each.column()))
            self.layoutChanged.emit()

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not {"complaint", "order", "customer"}.isdisjoint(changed.ids):
            self._soon.start()
            self._repaint(0)

    def _on_tick(self) -> None:
        self._repaint(_DUE, _DUE)
        if any(
            (found := self._session.get(Complaint, id)) and _turned(found, self._session.now())
            for id in self._ids
        ):
            self.refresh()

    def _repaint(self, first: int, last: int = len(TITLES) - 1) -> None:
        if self._ids:
            self.dataChanged.emit(self.index(0, first), self.index(len(self._ids) - 1, last))


def rank(complaint: Complaint) -> tuple[int, int, str]:
    """What is due first stands first; behind those nothing is due for, the one closed last."""
    until = next_due(complaint)
    return (_LAST if until is None else until, -(complaint.closed_at or 0), complaint.id)


def said(session: Session, complaint: Complaint) -> str:
    """What a complaint is found by."""
    row = session.order_row(complaint.order)
    people = " ".join(name.technician(session, each) for each in complaint.technicians)
    about = category_words(complaint.categories)
    return f"{row.search if row else ''} {people} {owner(session, complaint)} {about}".lower()


def _turned(complaint: Complaint, now: int) -> bool:
    """Whether it has become overdue just now."""
    until = next_due(complaint)
    return until is not None and now - _SECOND_MS <= until < now


def _hue(session: Session, complaint: Complaint, column: int) -> str:
    if column == _DUE:
        return due_hue(complaint, session.now())
    if TITLES[column] == "Severity":
        return _GRAVE.get(complaint.severity, "")
    if TITLES[column] == "Owner##complaint" and complaint.owner is None:
        return "muted"
    return ""


def _customer(session: Session, complaint: Complaint) -> str:
    row = session.order_row(complaint.order)
    return f"{row.name} {row.phone_tail}" if row is not None else ""


def _opened(session: Session, complaint: Complaint) -> str:
    return format.moment(complaint.at, session.now(), name.timezone(session))


_CELLS: Final[tuple[Callable[[Session, Complaint], str], ...]] = (
    lambda _session, complaint: mark("complaint", complaint.state).label(),
    lambda session, complaint: due_word(complaint, session.now(), name.timezone(session)),
    lambda session, complaint: name.order(session, complaint.order),
    lambda _session, complaint: category_words(complaint.categories),
    lambda _session, complaint: severity_word(complaint.severity),
    _customer,
    lambda session, complaint: name.people(name.technician(session, each) for each in complaint.technicians),
    owner,
    _opened,
)
