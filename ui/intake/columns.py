"""Which column of the file is which field: a row for each column, with what speaks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from dispatcher_app.intake.columns import FIELDS, Guess
from dispatcher_app.intake.row import Row
from dispatcher_app.intake.sentence import SENTENCES
from dispatcher_app.text import t
from ui import theme
from ui.intake import field

_EXAMPLE: Final = 40


class StillCombo(QComboBox):
    """A choice that scrolling past does not change."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ColumnList(QTableWidget):
    """Emits `changed` when the person gives a column another field; a field belongs to one column at most."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self._columns: tuple[str, ...] = ()
        self._combos: list[QComboBox] = []
        self.setObjectName("import_columns")
        self.setAccessibleName(t("Columns and what they mean"))
        self.setHorizontalHeaderLabels([t("Column"), t("Means"), t("How sure"), t("Example")])
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.current().px(34))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, width in enumerate(self._widths()):
            self.setColumnWidth(at, width)

    def show_columns(
        self,
        columns: Sequence[str],
        first: Sequence[Row],
        chosen: Mapping[str, tuple[str, ...]],
        guesses: Mapping[str, Guess],
    ) -> None:
        """Show a file's columns with the fields they are given; `guesses` say by field what speaks for it."""
        self._columns = tuple(columns)
        self._combos = []
        self.setRowCount(len(columns))
        field_of = {column[0]: name for name, column in chosen.items() if column}
        # What is used comes first: a file may have forty columns and an order needs ten of them.
        self._columns = tuple(sorted(columns, key=lambda each: each not in field_of))
        for at, column in enumerate(self._columns):
            given = field_of.get(column)
            self.setItem(at, 0, _cell(column))
            combo = self._combo(column, given)
            self.setCellWidget(at, 1, combo)
            self._combos.append(combo)
            guess = guesses.get(given) if given else None
            sure = guess if guess is not None and guess.column == column else None
            self.setItem(at, 2, _sureness(given, sure))
            self.setItem(at, 3, _cell(_example(column, first)))

    def _widths(self) -> tuple[int, int, int]:
        """Room for a column's name, for every field's and for how sure it is, in the language spoken."""
        look, metrics = theme.current(), self.fontMetrics()
        fields = max(metrics.horizontalAdvance(field.name(name)) for name in FIELDS)
        sure = max(metrics.horizontalAdvance(each) for each in (t("How sure"), t("by profile"), t("by you")))
        return look.px(120), fields + look.px(56), sure + look.px(22)

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Field → its column, as the person wants it."""
        return {
            combo.currentData(): (column,)
            for column, combo in zip(self._columns, self._combos, strict=True)
            if combo.currentData()
        }

    def choose(self, column: str, name: str) -> None:
        """Give a column a field, as if it had been picked."""
        combo = self._combos[self._columns.index(column)]
        combo.setCurrentIndex(combo.findData(name))
        combo.activated.emit(combo.currentIndex())

    def _combo(self, column: str, given: str | None) -> QComboBox:
        combo = StillCombo()
        combo.setAccessibleName(column)
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.addItem(t("not used"), "")
        for name in FIELDS:
            combo.addItem(field.name(name), name)
        combo.setCurrentIndex(combo.findData(given or ""))
        combo.activated.connect(lambda _index: self._on_chosen(combo))
        return combo

    def _on_chosen(self, combo: QComboBox) -> None:
        name = combo.currentData()
        for at, other in enumerate(self._combos):
            if other is combo:
                self.setItem(at, 2, _cell(t("by you") if name else ""))
            elif name and other.currentData() == name:
                other.setCurrentIndex(0)
                self.setItem(at, 2, _cell(""))
        self.changed.emit()


def _sureness(given: str | None, guess: Guess | None) -> QTableWidgetItem:
    if given is None:
        return _cell("")
    if guess is None:
        return _cell(t("by profile"))
    made = _cell(f"{guess.confidence:.0%}")
    made.setToolTip(t(SENTENCES[guess.reason]))
    return made


def _example(column: str, first: Sequence[Row]) -> str:
    return next((" ".join(text.split())[:_EXAMPLE] for row in first if (text := row.cells.get(column))), "")


def _cell(text: str) -> QTableWidgetItem:
    made = QTableWidgetItem(text)
    made.setFlags(Qt.ItemFlag.ItemIsEnabled)
    if text:
        made.setToolTip(text)
    return made
