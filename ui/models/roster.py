"""The technicians of the region as a table that follows the replica row by row."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.calendar import MINUTE_MS, leave_during, local_date, working
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.technician import Technician
from dispatcher_app.pinyin import initials
from dispatcher_app.text import t
from ui import format, icons, name
from ui.mark import mark

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

ID: Final = Qt.ItemDataRole.UserRole
LETTERS: Final = Qt.ItemDataRole.UserRole + 1
TITLES: Final = ("Technician", "Status", "Today##load", "Works today", "Position", "Team", "Skills")

_AGE_MS: Final = 15_000

Index = QModelIndex | QPersistentModelIndex


class RosterModel(QAbstractTableModel):
    """Sorted by name; loads, shifts and ages of positions are read when they are painted."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._order: list[tuple[str, str]] = []
        self._load()
        stop = session.subscribe(changed=self._on_changed, positions=lambda _moved: self._soon.start())
        self.destroyed.connect(lambda: stop())
        self._soon = QTimer(self, singleShot=True, interval=1000)
        self._soon.timeout.connect(self._repaint)
        self._age = QTimer(self, interval=_AGE_MS)
        self._age.timeout.connect(self._repaint)
        self._age.start()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._order)

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
        id = self._order[index.row()][1]
        if role == ID:
            return id
        technician = self._session.get(Technician, id)
        if technician is None:
            return None
        if role == LETTERS:
            words = (technician.name, technician.team, *technician.skills)
            letters = (initials(technician.name), initials(technician.team))
            return " ".join((*words[:1], *letters, *words[1:])).lower()
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1:
            return icons.mark_icon(mark("technician", technician.status))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _CELLS[index.column()](self._session, technician)
        return None

    def row_of(self, id: str) -> int:
        """The row of a technician, -1 where he is not of this region."""
        return next((row for row, (_, known) in enumerate(self._order) if known == id), -1)

    def _load(self) -> None:
        mine = self._mine()
        self.beginResetModel()
        self._order = sorted((each.name, each.id) for each in mine)
        self.endResetModel()

    def _mine(self) -> list[Technician]:
        regions = self._session.staff.regions
        return [each for each in self._session.all(Technician) if each.region in regions]

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "technician" in changed.ids:
            self._become(sorted((each.name, each.id) for each in self._mine()))
        if changed.everything or not {"technician", "day"}.isdisjoint(changed.ids):
            self._soon.start(50)

    def _become(self, wanted: list[tuple[str, str]]) -> None:
        for gone in [entry for entry in self._order if entry not in wanted]:
            row = self._order.index(gone)
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._order[row]
            self.endRemoveRows()
        for entry in wanted:
            row = bisect_left(self._order, entry)
            if row == len(self._order) or self._order[row] != entry:
                self.beginInsertRows(QModelIndex(), row, row)
                self._order.insert(row, entry)
                self.endInsertRows()

    def _repaint(self) -> None:
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(TITLES) - 1))


def today_of(session: Session, technician: str) -> Day | None:
    """A technician's plan of today."""
    return session.get(Day, day_id(technician, local_date(session.now(), name.timezone(session))))


def told(day: Day | None) -> tuple[Stop, ...]:
    """The visits of a day that he knows of; what is only planned, or held for a caller, nobody has told him."""
    return tuple(stop for stop in day.stops if stop.state not in ("tentative", "held")) if day else ()


def span(start: int, end: int) -> str:
    """Minutes from midnight as a span: "08:00–18:00"."""
    return f"{start // 60:02}:{start % 60:02}–{end // 60:02}:{end % 60:02}"


def works_today(session: Session, technician: Technician) -> str:
    """When he works today, or why not."""
    now, timezone = session.now(), name.timezone(session)
    if leave := leave_during(technician, now, now + MINUTE_MS):
        return t("away: {reason}", reason=leave.reason)
    spans = working(technician, local_date(now, timezone), timezone)
    said = (f"{format.clock(start, timezone)}–{format.clock(end, timezone)}" for start, end in spans)
    return " ".join(each.replace("–00:00", "–24:00") for each in said) or t("off")


def _load_today(session: Session, technician: Technician) -> str:
    day = today_of(session, technician.id)
    now = session.now()
    stops = told(day)
    left = sum(stop.end > now for stop in stops)
    minutes = sum((stop.end - stop.start) // MINUTE_MS for stop in stops)
    if not stops:
        return "–"
    return t("{left}/{all} · {duration}", left=left, all=len(stops), duration=format.duration(minutes * 60))


def _position(session: Session, technician: Technician) -> str:
    position = session.positions.get(technician.id)
    return format.age(position.at, session.now()) if position else t("unknown##position")


_CELLS: Final[tuple[Callable[[Session, Technician], str], ...]] = (
    lambda _session, technician: technician.name,
    lambda _session, technician: mark("technician", technician.status).label(),
    _load_today,
    works_today,
    _position,
    lambda _session, technician: technician.team,
    lambda session, technician: t(", ").join(name.skill(each) for each in technician.skills),
)
