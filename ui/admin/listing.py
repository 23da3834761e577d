"""The list at the left of a page: found by words or initials, what is retired greyed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from dispatcher_app import pinyin
from dispatcher_app.text import t
from ui import theme
from ui.controls.field import SearchField

_ID: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: its id, what it says, a quieter word at its right; a `head` begins a group, `words` are searched too."""

    id: str
    title: str
    note: str = ""
    grey: bool = False
    head: bool = False
    words: str = ""

    def has(self, typed: str) -> bool:
        """Whether what is typed is in its words or their initials."""
        everything = f"{self.title} {self.words}".casefold()
        return typed in everything or any(typed in pinyin.initials(word) for word in everything.split())


class Listing(QWidget):
    """Emits `chosen` when the caret comes to a row, `opened` on Enter or a click."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme.current()
        self._rows: tuple[Row, ...] = ()
        self._shown: tuple[Row, ...] = ()
        self.search = SearchField(hint)
        self.search.setObjectName("admin_search")
        self.search.searched.connect(lambda _text: self._refill())
        self.tree = _Tree()
        self.tree.setObjectName("admin_list")
        self.tree.setAccessibleName(name)
        self.tree.currentItemChanged.connect(self._on_current)
        self.tree.itemClicked.connect(lambda item, _column: self.opened.emit(str(item.data(0, _ID))))
        self.tree.entered_row.connect(self._on_entered)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(2))
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        self.setFocusProxy(self.tree)

    @property
    def current(self) -> str | None:
        """The row on which the caret stands."""
        item = self.tree.currentItem()
        return str(item.data(0, _ID)) if item is not None else None

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these; the caret stays on its row."""
        self._rows = tuple(rows)
        self._refill()

    def choose(self, id: str) -> bool:
        """Put the caret on a row; a search that hides it is given up."""
        if all(row.id != id for row in self._shown) and any(row.id == id for row in self._rows):
            self.search.clear()
            self._refill()
        at = next((at for at, row in enumerate(self._shown) if row.id == id), None)
        if at is None:
            return False
        self.tree.setCurrentItem(self._item(at))
        return True

    def leave_row(self) -> None:
        """No row is the one that is looked at."""
        self.tree.blockSignals(True)
        self.tree.setCurrentIndex(QModelIndex())
        self.tree.blockSignals(False)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._shown = ()
            self._refill()
        super().changeEvent(event)

    def _refill(self) -> None:
        typed = self.search.text().strip().casefold()
        shown = tuple(row for row in self._rows if not typed or row.has(typed))
        if shown == self._shown:
            return
        current, before = self.current, self._shown
        self._shown = shown
        self.tree.blockSignals(True)
        if [row.id for row in before] != [row.id for row in shown] or self.tree.topLevelItemCount() != len(
            shown
        ):
            self.tree.clear()
            self.tree.addTopLevelItems([QTreeWidgetItem() for _row in shown])
        for at, row in enumerate(shown):
            _write(self._item(at), row)
        at = next((at for at, row in enumerate(shown) if row.id == current), -1)
        if at >= 0:
            self.tree.setCurrentItem(self._item(at))
        self.tree.blockSignals(False)

    def _item(self, at: int) -> QTreeWidgetItem:
        item = self.tree.topLevelItem(at)
        assert item is not None
        return item

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(str(item.data(0, _ID)))

    def _on_entered(self) -> None:
        if (current := self.current) is not None:
            self.opened.emit(current)


class _Tree(QTreeWidget):
    """Two columns without heads; Enter opens."""

    entered_row = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTabKeyNavigation(False)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
        else:
            super().keyPressEvent(event)


def _write(item: QTreeWidgetItem, row: Row) -> None:
    look = theme.current()
    said = row.title if row.head or not row.grey else t("{title} (retired)", title=row.title)
    item.setText(0, said)
    item.setText(1, row.note)
    item.setData(0, _ID, row.id)
    item.setToolTip(0, said)
    item.setFont(0, look.font(bold=row.head))
    item.setForeground(0, QBrush(look.colour("disabled" if row.grey else "text")))
    item.setForeground(1, QBrush(look.colour("disabled" if row.grey else "muted")))
