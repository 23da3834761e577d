"""The tables of an import: the first rows of the file, and what becomes of its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dispatcher_app.intake.row import Row
from dispatcher_app.text import t
from ui import icons
from ui.intake import field
from ui.mark import Hue

Index = QModelIndex | QPersistentModelIndex
_SHOWN_CHARS: Final = 120


class PreviewModel(QAbstractTableModel):
    """The first rows of a file, each column with the field it was given below its name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[str, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._fields: dict[str, str] = {}

    def show_rows(self, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Another file, or its columns in another order."""
        self.beginResetModel()
        self._columns, self._rows = tuple(columns), tuple(rows)
        self.endResetModel()

    def show_fields(self, fields: Mapping[str, tuple[str, ...]]) -> None:
        """Write below each column's name the field that it was given."""
        self._fields = {columns[0]: field.name(name) for name, columns in fields.items() if columns}
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(len(self._columns) - 1, 0))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        text = self._rows[index.row()].cells.get(self._columns[index.column()]) or ""
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(text[:_SHOWN_CHARS].split())
        return text if role == Qt.ItemDataRole.ToolTipRole and len(text) > 30 else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(self._rows[section].line)
        column = self._columns[section]
        return f"{column}\n{self._fields.get(column, '–')}"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one line: the order's number there, a word with its hue and icon, and why."""

    line: int
    number: str
    word: str
    hue: Hue
    icon: str
    why: str = ""


class FateModel(QAbstractTableModel):
    """Line by line: refused ones while checking, all of them after an import."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fates: tuple[Fate, ...] = ()

    @property
    def fates(self) -> tuple[Fate, ...]:
        """The rows in order."""
        return self._fates

    def show_fates(self, fates: Sequence[Fate]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self._fates = tuple(fates)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._fates)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        fate = self._fates[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (str(fate.line), fate.word, fate.number, fate.why)[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1:
            return icons.icon(fate.icon, fate.hue)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (t("Line"), t("Result"), t("Order number there"), t("Why##import"))[section]
        return None
