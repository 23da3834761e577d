"""Technicians by what somebody has to do about their credit, as a table that follows the replica row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

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
from dispatcher_app.domain.money.credit import Credit
from dispatcher_app.domain.technician import Technician
from dispatcher_app.pinyin import initials
from dispatcher_app.text import t
from ui import icons, merit
from ui.models.roster import ID
from ui.models.sorted import Entry, place

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

View = Literal["due", "appeals", "all"]
TITLES: Final = ("Technician", "Credit##part", "Level##credit", "To do##credit")
_RIGHT: Final = frozenset({1})
_PAUSE_MS: Final = 200
"""Those of whom something has changed are read anew at most so often."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Person:
    """What the table knows of a technician: score and name to sort by, what is to be done, and how that is said."""

    key: tuple[int, str]
    codes: tuple[str, ...]
    words: str


class CreditModel(QAbstractTableModel):
    """The lowest score first; emits `counted` with how many want something done and how many have appealed.

    It follows what happens as long as somebody looks (`watched`).
    """

    counted = Signal(int, int)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: list[Entry] = []
        self._view: View = "due"
        self._letters = ""
        self._people: dict[str, Person] = {}
        self._stale: set[str] = set()
        self._all = False
        self.watched = False
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._follow)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(TITLES):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return t(TITLES[section])
        return _side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        id, column = self._rows[index.row()][1], index.column()
        if role == ID:
            return id
        technician = self._session.get(Technician, id)
        if technician is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.DecorationRole and column == 2:
            return icons.mark_icon(merit.LEVELS[merit.level_of(self._session, technician)])
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._said(technician, column)
        return None

    def row_of(self, id: str) -> int:
        """The row of a technician, -1 where he is not shown."""
        return next((row for row, (_, known) in enumerate(self._rows) if known == id), -1)

    def show(self, view: View, letters: str = "") -> None:
        """Show others."""
        self._view, self._letters = view, letters.strip().lower()
        self._arrange()

    def refresh(self) -> None:
        """Read everybody anew; who stays keeps his row."""
        credits = {each.id: each for each in self._session.all(Credit)}
        self._people.clear()
        self._stale.clear()
        self._all = False
        for each in self._session.all(Technician):
            self._read(each, credits.get(each.id))
        self._arrange()

    # ------------------------------------------------------------ inside
    def _said(self, technician: Technician, column: int) -> str:
        session = self._session
        if column == 0:
            return technician.name
        if column == 1:
            return str(technician.credit)
        if column == 2:
            return merit.LEVELS[merit.level_of(session, technician)].label()
        said = self._people[technician.id].words if technician.id in self._people else ""
        return t(", ").join(filter(None, (t("suspended##credit") if technician.suspended else "", said)))

    def _read(self, technician: Technician, credit: Credit | None) -> None:
        """Know what is to be done about him."""
        if technician.region in self._session.staff.regions:
            codes = merit.due_of(self._session, credit, technician)
            words = merit.due_words(codes, credit)
            self._people[technician.id] = Person((technician.credit, technician.name), codes, words)

    def _follow(self) -> None:
        """Read those anew of whom something has changed."""
        if self._all:
            self.refresh()
            return
        for id in self._stale:
            if (technician := self._session.get(Technician, id)) is not None:
                self._read(technician, self._session.get(Credit, id))
        self._stale.clear()
        self._arrange()

    def _arrange(self) -> None:
        """Show those of the view; who stays keeps his row."""
        wanted, due, appeals = list[Entry](), 0, 0
        for id, each in self._people.items():
            wants = merit.mine(self._session, each.codes)
            due += wants
            appeals += "appeal" in each.codes
            shown = self._view == "all" or ("appeal" in each.codes if self._view == "appeals" else wants)
            if shown and self._letters in f"{each.key[1]} {initials(each.key[1])}".lower():
                wanted.append((each.key, id))
        self._become(sorted(wanted))
        self.counted.emit(due, appeals)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(TITLES) - 1))

    def _become(self, wanted: list[Entry]) -> None:
        new = set(wanted)
        for row in reversed([row for row, entry in enumerate(self._rows) if entry not in new]):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._rows[row]
            self.endRemoveRows()
        known = set(self._rows)
        for entry in (each for each in wanted if each not in known):
            row = place(self._rows, entry, descending=False)
            self.beginInsertRows(QModelIndex(), row, row)
            self._rows.insert(row, entry)
            self.endInsertRows()

    def _on_changed(self, changed: Changed) -> None:
        if not self.watched:
            return
        self._all |= changed.everything or "policy" in changed.ids
        for kind in (Credit.kind, Technician.kind):
            self._stale |= changed.ids.get(kind, frozenset())
        if self._all or self._stale:
            self._soon.start()


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
