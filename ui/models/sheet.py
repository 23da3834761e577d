"""A table that is typed into like a spreadsheet: rows are frozen dataclasses, cells know how they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui import theme

Index = QModelIndex | QPersistentModelIndex
_NONE: Final = QModelIndex()


class NotThat(ValueError):
    """What was typed cannot stand there; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A cell of each row: `show` writes it, `write` reads what is typed (raises NotThat; None: not to be typed)."""

    code: str
    title: str
    show: Callable[[Any], str]
    write: Callable[[Any, str], Any] | None = None
    choices: Callable[[], Sequence[str]] = tuple
    right: bool = False
    width: int = 96
    tip: str = ""
    bold: Callable[[Any], bool] | None = None


class SheetModel(QAbstractTableModel):
    """`edited` follows every change by hand; what cannot be read stays in its cell, marked, until it is mended."""

    edited = Signal()

    def __init__(
        self, columns: Sequence[Column], blank: Callable[[], Any] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns, self._blank = tuple(columns), blank
        self._fresh = blank() if blank is not None else None
        self._rows: list[Any] = []
        self._wrong: dict[tuple[int, int], tuple[str, str]] = {}
        self._flaws: Mapping[int, str] = {}
        self._open = True

    @property
    def rows(self) -> tuple[Any, ...]:
        """The rows as they were last readable."""
        return tuple(self._rows)

    @property
    def grows(self) -> bool:
        """Whether rows may be added and taken away."""
        return self._blank is not None and self._open

    @property
    def open_(self) -> bool:
        """Whether anything can be typed into it."""
        return self._open

    @property
    def wrong(self) -> tuple[int, int, str] | None:
        """The first cell that cannot be read: row and column from 0, and why."""
        if not self._wrong:
            return None
        row, column = min(self._wrong)
        return row, column, self._wrong[row, column][1]

    def untouched(self, row: Any) -> bool:
        """Whether a row says no more than a new one does."""
        return self._blank is not None and [each.show(row) for each in self.columns] == [
            each.show(self._fresh) for each in self.columns
        ]

    def set_open(self, opened: bool) -> None:
        """Let cells be typed into, or only read."""
        self._open = opened

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show other rows; what was typed wrong is forgotten."""
        if list(rows) == self._rows and not self._wrong:
            return
        self._wrong = {}
        had, have = len(self._rows), len(rows)
        if have < had:
            self.beginRemoveRows(_NONE, have, had - 1)
            del self._rows[have:]
            self.endRemoveRows()
        elif have > had:
            self.beginInsertRows(_NONE, had, have - 1)
            self._rows += rows[had:]
            self.endInsertRows()
        self._rows = list(rows)
        self._say_changed()

    def show_flaws(self, flaws: Mapping[int, str]) -> None:
        """Mark rows (from 0) with what is wrong in them."""
        if flaws != self._flaws:
            self._flaws = dict(flaws)
            self._say_changed()
            if self._rows:
                self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(self._rows) - 1)

    def add(self, at: int) -> bool:
        """One more empty row."""
        if self._blank is None or not self._open:
            return False
        at = max(0, min(at, len(self._rows)))
        self.beginInsertRows(_NONE, at, at)
        self._rows.insert(at, self._blank())
        self._wrong = {(row + (row >= at), column): said for (row, column), said in self._wrong.items()}
        self.endInsertRows()
        self.edited.emit()
        return True

    def take(self, at: int) -> bool:
        """One row fewer."""
        if not self.grows or not 0 <= at < len(self._rows):
            return False
        self.beginRemoveRows(_NONE, at, at)
        del self._rows[at]
        kept = {place: said for place, said in self._wrong.items() if place[0] != at}
        self._wrong = {(row - (row > at), column): said for (row, column), said in kept.items()}
        self.endRemoveRows()
        self.edited.emit()
        return True

    def shift(self, at: int, by: int) -> bool:
        """Move a row up or down."""
        to = at + by
        if not self.grows or not (0 <= at < len(self._rows) and 0 <= to < len(self._rows)):
            return False
        self.beginMoveRows(_NONE, at, at, _NONE, to + (by > 0))
        self._rows.insert(to, self._rows.pop(at))
        swap = {at: to, to: at}
        self._wrong = {(swap.get(row, row), column): said for (row, column), said in self._wrong.items()}
        self.endMoveRows()
        self.edited.emit()
        return True

    def paste(self, row: int, column: int, text: str) -> tuple[int, int]:
        """Cells as a spreadsheet copies them, from a cell on; returns how many were taken and left out."""
        taken = left = 0
        for down, line in enumerate(text.rstrip("\r\n").replace("\r\n", "\n").split("\n")):
            if row + down >= len(self._rows) and not self.add(row + down):
                left += len(line.split("\t"))
                continue
            for across, cell in enumerate(line.split("\t")):
                index = self.index(row + down, column + across)
                if index.isValid() and self.setData(index, cell.strip()):
                    taken += 1
                else:
                    left += 1
        return taken, left

    # ------------------------------------------------------------ what Qt asks
    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        typed = self._open and self.columns[index.column()].write is not None
        return plain | Qt.ItemFlag.ItemIsEditable if typed else plain

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place = (index.row(), index.column())
        column = self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self._wrong[place][0] if place in self._wrong else column.show(self._rows[place[0]])
            case Qt.ItemDataRole.TextAlignmentRole if column.right:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole if place in self._wrong:
                return theme.current().colour("red")
            case Qt.ItemDataRole.FontRole if column.bold is not None and column.bold(self._rows[place[0]]):
                return theme.current().font(bold=True)
            case Qt.ItemDataRole.ForegroundRole if column.write is None and self._open:
                return theme.current().colour("muted")
            case Qt.ItemDataRole.BackgroundRole if place in self._wrong or place[0] in self._flaws:
                return theme.current().wash("red")
            case Qt.ItemDataRole.ToolTipRole:
                return self._wrong[place][1] if place in self._wrong else self._flaws.get(place[0])
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if (
            not index.isValid()
            or role != Qt.ItemDataRole.EditRole
            or not self.flags(index) & Qt.ItemFlag.ItemIsEditable
        ):
            return False
        place, text = (index.row(), index.column()), str(value)
        write = self.columns[index.column()].write
        if write is None or self.data(index) == text:
            return True
        try:
            self._rows[place[0]] = write(self._rows[place[0]], text)
            self._wrong.pop(place, None)
        except NotThat as why:
            self._wrong[place] = (text, str(why))
        self.dataChanged.emit(self.index(place[0], 0), self.index(place[0], len(self.columns) - 1))
        self.edited.emit()
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                return f"{section + 1} !" if section in self._flaws else str(section + 1)
            return self._flaws.get(section) if role == Qt.ItemDataRole.ToolTipRole else None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return (column.tip or None) if role == Qt.ItemDataRole.ToolTipRole else None

    def _say_changed(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self.columns) - 1))
