"""A table to type into: Enter moves on, cells of a spreadsheet are pasted, rows come and go by key."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QCompleter,
    QHBoxLayout,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.text import t
from ui import theme
from ui.controls.field import Field
from ui.controls.section import label
from ui.models.sheet import Index, NotThat, SheetModel

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FEW = 12
"""So many choices are shown at once, before anything is typed."""


class Grid(QTableView):
    """The table itself; what it has no use for (Escape, Ctrl+Enter) goes on to the form around it.

    `opened` carries the row on which Enter was pressed where nothing can be typed.
    """

    opened = Signal(int)

    def __init__(self, model: SheetModel, name: str) -> None:
        super().__init__()
        look = theme.current()
        self.sheet = model
        self.setModel(model)
        self.setItemDelegate(_Cell(self))
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.AnyKeyPressed | trigger.SelectedClicked)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setDefaultSectionSize(look.px(28))
        self.verticalHeader().setHighlightSections(False)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        for at, column in enumerate(model.columns):
            self.setColumnWidth(at, look.px(column.width))
        self.horizontalHeader().setStretchLastSection(not model.columns[-1].right)

    def go_to(self, row: int, column: int | None = None) -> None:
        """Put the caret on a cell, by default the first that can be typed into."""
        index = self.sheet.index(row, self._first() if column is None else column)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def move_on(self) -> None:
        """To the next cell that can be typed into; after the last one of a sheet that grows, into a new row."""
        at = self.currentIndex()
        for column in range(at.column() + 1, self.sheet.columnCount()):
            if self._typed(at.row(), column):
                self.setCurrentIndex(self.sheet.index(at.row(), column))
                return
        shown = (row for row in range(at.row() + 1, self.sheet.rowCount()) if not self.isRowHidden(row))
        row = next(shown, self.sheet.rowCount())
        if row < self.sheet.rowCount() or self.sheet.add(row):
            self.setCurrentIndex(self.sheet.index(row, self._first()))

    def add_row(self) -> None:
        """One more row below the caret."""
        at = self.currentIndex().row() + 1 if self.currentIndex().isValid() else self.sheet.rowCount()
        if self.sheet.add(at):
            self.go_to(at)

    def take_row(self) -> None:
        """Take the row away on which the caret stands."""
        at = self.currentIndex()
        if at.isValid() and self.sheet.take(at.row()) and self.sheet.rowCount():
            self.setCurrentIndex(self.sheet.index(min(at.row(), self.sheet.rowCount() - 1), at.column()))

    def shift_row(self, by: int) -> None:
        """Move the row up or down on which the caret stands."""
        at = self.currentIndex()
        if at.isValid() and self.sheet.shift(at.row(), by):
            self.setCurrentIndex(self.sheet.index(at.row() + by, at.column()))

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        entered = hint is QAbstractItemDelegate.EndEditHint.SubmitModelCache
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint if entered else hint)
        if entered:
            self.move_on()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif key in _ENTER and not control and not self.sheet.open_:
            self.opened.emit(self.currentIndex().row())
        elif key in _ENTER and not control:
            self.move_on()
        elif key == Qt.Key.Key_Insert:
            self.add_row()
        elif key == Qt.Key.Key_Delete and control:
            self.take_row()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and alt:
            self.shift_row(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            for index in self.selectedIndexes():
                self.sheet.setData(index, "")
        elif key == Qt.Key.Key_Escape or (key in _ENTER and control):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _copy(self) -> None:
        chosen = sorted((index.row(), index.column(), str(index.data())) for index in self.selectedIndexes())
        lines: dict[int, list[str]] = {}
        for row, _column, text in chosen:
            lines.setdefault(row, []).append(text)
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines.values()))

    def _paste(self) -> None:
        chosen = self.selectedIndexes() or [self.currentIndex()]
        text = QGuiApplication.clipboard().text()
        if not text or not chosen[0].isValid():
            return
        cells = [(index.row(), index.column()) for index in chosen]
        if "\t" not in text and "\n" not in text.strip():
            for row, column in cells:
                self.sheet.setData(self.sheet.index(row, column), text.strip())
        else:
            self.sheet.paste(min(row for row, _ in cells), min(column for _, column in cells), text)

    def _typed(self, row: int, column: int) -> bool:
        flags = self.sheet.flags(self.sheet.index(row, column))
        return bool(flags & Qt.ItemFlag.ItemIsEditable) and not self.isColumnHidden(column)

    def _first(self) -> int:
        typed = (at for at, column in enumerate(self.sheet.columns) if column.write is not None)
        return next(typed, 0)


class _Cell(QStyledItemDelegate):
    """A cell is typed into by a field that leaves its keys to an input method while it composes."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = Field("", parent)
        field.setFrame(False)
        model = index.model()
        choices = list(model.columns[index.column()].choices()) if isinstance(model, SheetModel) else []
        if choices:
            completer = QCompleter(choices, field)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            if len(choices) <= _FEW:
                completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
            field.setCompleter(completer)
        return field

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        wash = index.data(Qt.ItemDataRole.BackgroundRole)
        if wash is not None:  # a style sheet with borders leaves it out
            given: Any = option  # the stubs of PySide6 leave out what a style option inherits
            painter.fillRect(given.rect, wash)
        super().paint(painter, option, index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, Field):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, Field) and watched.composing and event.type() is QEvent.Type.KeyPress:
            return False
        return super().eventFilter(watched, event)


class Sheet(QWidget):
    """The table with its buttons; `read` raises NotThat naming the first row that cannot be read."""

    edited = Signal()

    def __init__(self, model: SheetModel, name: str, *, rows: int = 0, ordered: bool = False) -> None:
        super().__init__()
        look = theme.current()
        self.model, self.grid, self._least = model, Grid(model, name), rows
        model.setParent(self)
        self._name = name
        self._tools: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(1))
        column.addWidget(self.grid, 1)
        tools = QHBoxLayout()
        tools.setSpacing(look.space(1))
        if model.grows:
            self._tool(tools, t("Add row##sheet"), "Ins", self.grid.add_row)
            self._tool(tools, t("Take row away##sheet"), "Ctrl+Del", self.grid.take_row)
        if model.grows and ordered:
            self._tool(tools, t("Up##sheet"), "Alt+↑", lambda: self.grid.shift_row(-1))
            self._tool(tools, t("Down##sheet"), "Alt+↓", lambda: self.grid.shift_row(1))
        tools.addStretch()
        self._hint = label("", "error")
        tools.addWidget(self._hint)
        column.addLayout(tools)
        model.edited.connect(self._on_edited)
        for change in (model.rowsInserted, model.rowsRemoved):
            change.connect(self._fit)
        self.setFocusProxy(self.grid)
        self._fit()

    def read(self) -> tuple[Any, ...]:
        """The rows as they stand; raises NotThat."""
        if (wrong := self.model.wrong) is not None:
            row, column, why = wrong
            title = self.model.columns[column].title
            said = t(
                "{table}, row {row}, {column}: {why}", table=self._name, row=row + 1, column=title, why=why
            )
            raise NotThat(said)
        return self.model.rows

    def write(self, rows: Any) -> None:
        """Show these rows."""
        self.model.show_rows(tuple(rows))
        self._say_wrong()

    def set_open(self, opened: bool) -> None:
        """Let it be typed into, or only read."""
        self.model.set_open(opened)
        for tool in self._tools:
            tool.setVisible(opened)

    def go_to_wrong(self) -> None:
        """Put the caret on the first cell that cannot be read."""
        if (wrong := self.model.wrong) is not None:
            self.grid.go_to(wrong[0], wrong[1])

    def _tool(self, row: QHBoxLayout, word: str, keys: str, run: Any) -> None:
        button = QPushButton(word)
        button.setProperty("kind", "link")
        button.setProperty("compact", True)
        button.setToolTip(f"{word} ({keys})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: run())
        row.addWidget(button)
        self._tools.append(button)

    def _on_edited(self) -> None:
        self._say_wrong()
        self.edited.emit()

    def _say_wrong(self) -> None:
        wrong = self.model.wrong
        self._hint.setText(t("Row {row}: {why}", row=wrong[0] + 1, why=wrong[2]) if wrong else "")

    def _fit(self, *_span: QModelIndex | int) -> None:
        """As high as its rows in a form; all the room there is elsewhere."""
        if not self._least:
            return
        look = theme.current()
        rows = max(2, min(self._least, self.model.rowCount() + 1))
        self.grid.setFixedHeight(rows * look.px(28) + look.px(50))
