"""A filter: one of many names, found by typing letters, words or pinyin initials."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QListView, QToolButton, QVBoxLayout, QWidget

from dispatcher_app import pinyin
from dispatcher_app.text import t
from ui import theme
from ui.controls.field import Field

_CODE: Final = Qt.ItemDataRole.UserRole
_LETTERS: Final = Qt.ItemDataRole.UserRole + 1
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class Choice(QToolButton):
    """A button that says what is filtered; its list opens with Down, Enter or a click. `chosen` carries the code."""

    chosen = Signal(object)

    def __init__(self, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.word, self._code = word, ""
        self.setProperty("kind", "quiet")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._options: list[tuple[str, str]] = []
        self.clicked.connect(self._open)
        self._say()

    @property
    def code(self) -> str | None:
        """What is chosen, None for all."""
        return self._code or None

    def offer(self, options: Iterable[tuple[str, str]]) -> None:
        """The codes and names to choose from; a choice that is gone is dropped."""
        self._options = list(options)
        if self._code and self._code not in dict(self._options):
            self._code = ""
        self._say()

    @property
    def offers(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self._options)

    def choose(self, code: str | None) -> None:
        """Show a choice without telling."""
        self._code = code or ""
        self._say()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._code:
            self._take("")
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        popup = _Popup(self.word, [("", t("All##filter")), *self._options], self._code, self)
        popup.taken.connect(self._take)
        popup.open_below(self)

    def _take(self, code: str) -> None:
        changed, self._code = code != self._code, code
        self._say()
        self.setFocus()
        if changed:
            self.chosen.emit(self.code)

    def _say(self) -> None:
        said = dict(self._options).get(self._code)
        self.setText(f"{said}  ▾" if said else f"{self.word}  ▾")
        self.setAccessibleName(f"{self.word}: {said or t('All##filter')}")
        self.setChecked(bool(said))
        self.setProperty("active", bool(said))


class _Popup(QFrame):
    taken = Signal(str)

    def __init__(self, word: str, options: list[tuple[str, str]], code: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("panel", "surface")
        self._field = Field()
        self._field.setPlaceholderText(word)
        self._field.setAccessibleName(word)
        self._field.textChanged.connect(self._on_typed)
        self._field.installEventFilter(self)
        source = QStandardItemModel(self)
        for option, said in options:
            item = QStandardItem(said)
            item.setData(option, _CODE)
            item.setData(f"{said} {pinyin.initials(said)}".lower(), _LETTERS)
            source.appendRow(item)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(source)
        self._found.setFilterRole(_LETTERS)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._list = QListView()
        self._list.setModel(self._found)
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.clicked.connect(self._take)
        column = QVBoxLayout(self)
        space = theme.current().space(1)
        column.setContentsMargins(space, space, space, space)
        if len(options) > 10:
            column.addWidget(self._field)
        else:
            self._list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._list.installEventFilter(self)
        column.addWidget(self._list)
        at = next((row for row, (option, _) in enumerate(options) if option == code), 0)
        self._list.setCurrentIndex(self._found.index(at, 0))

    def open_below(self, button: QWidget) -> None:
        look = theme.current()
        rows = min(self._found.rowCount(), 12)
        self.resize(look.px(220), rows * look.px(31) + look.px(50 if self._field.parent() else 16))
        self.move(button.mapToGlobal(QPoint(0, button.height() + 2)))
        self.show()
        (self._field if self._field.parent() else self._list).setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and not self._field.composing
        ):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self._list.currentIndex())
                return True
            if step := _STEPS.get(Qt.Key(event.key())):
                row = min(max(self._list.currentIndex().row() + step, 0), self._found.rowCount() - 1)
                self._list.setCurrentIndex(self._found.index(row, 0))
                return True
        return False

    def _on_typed(self, letters: str) -> None:
        self._found.setFilterFixedString(letters.strip())
        self._list.setCurrentIndex(self._found.index(0, 0))

    def _take(self, index: QModelIndex) -> None:
        if index.isValid():
            self.taken.emit(index.data(_CODE))
            self.close()
