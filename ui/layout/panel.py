"""The layouts of this desk: chosen, saved, renamed, deleted; those that are built in made as they were."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import theme
from ui.controls.field import Field
from ui.controls.section import Section, label
from ui.layout.layout import BUILT_IN, title
from ui.layout.shelf import Shelf

_NAME = Qt.ItemDataRole.UserRole
_MOST_LETTERS = 40
_ROOM_PX = 560


class LayoutsPanel(QWidget):
    """Emits `wanted` with the name of a layout to be shown, `saved` with one that is to be as the desk stands now.

    `altered` tells that the list is another one, `closed` that somebody has done.
    """

    wanted = Signal(str)
    saved = Signal(str)
    altered = Signal()
    closed = Signal()

    def __init__(self, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self.setObjectName("layouts_panel")
        self.setAccessibleName(t("Windows and layouts"))
        self.list = QListWidget()
        self.list.setObjectName("layouts_list")
        self.list.setAccessibleName(t("Layouts"))
        self.list.installEventFilter(self)
        self.list.currentItemChanged.connect(lambda _now, _before: self._on_looked_at())
        self.list.itemDoubleClicked.connect(lambda _item: self._use())
        self.use = self._button("layouts_use", t("Use"), self._use, kind="primary")
        self.over = self._button("layouts_over", t("Save the present windows in it"), self._save_over)
        self.away = self._button("layouts_delete", t("Delete"), self._put_away)
        self.field = Field()
        self.field.setObjectName("layouts_name")
        self.field.setAccessibleName(t("Name of a layout"))
        self.field.setPlaceholderText(t("Name of a layout"))
        self.field.setMaxLength(_MOST_LETTERS)
        self.field.returnPressed.connect(self._save_new)
        self.new = self._button("layouts_save", t("Save as new"), self._save_new)
        self.called = self._button("layouts_rename", t("Rename"), self._rename)
        self.wrong = label("", "error", wrap=True)
        self.wrong.setObjectName("layouts_wrong")
        self._lay_out()
        self.setFocusProxy(self.list)
        self.refresh()

    def refresh(self) -> None:
        """Show what there is now, the one in use marked."""
        held, chosen = self.name, self._shelf.chosen
        self.list.clear()
        for at, name in enumerate(self._shelf.names(), 1):
            words = title(name)
            if self._shelf.altered(name):
                words = t("{name} (changed)", name=words)
            item = QListWidgetItem(f"{at}   {words}" + ("   ✓" if name == chosen else ""))
            item.setData(_NAME, name)
            item.setToolTip(t("In use") if name == chosen else "")
            self.list.addItem(item)
        self._go(held or chosen)

    @property
    def name(self) -> str:
        """The layout that the caret is on."""
        index = self.list.currentIndex()
        return str(index.data(_NAME)) if index.isValid() else ""

    def ask_name(self) -> None:
        """Put the caret where a new layout gets its name."""
        self.field.clear()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def say(self, wrong: str) -> None:
        """Say what can't be done; nothing takes it back."""
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        at = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._use()
        elif event.key() == Qt.Key.Key_Delete and self.away.isEnabled():
            self._put_away()
        elif len(at) == 1 and at in "123456789" and int(at) <= self.list.count():
            self.list.setCurrentRow(int(at) - 1)
            self._use()
        else:
            return False
        return True

    def _go(self, name: str) -> None:
        names = self._shelf.names()
        self.list.setCurrentRow(names.index(name) if name in names else 0)

    def _on_looked_at(self) -> None:
        name = self.name
        own = bool(name) and name not in BUILT_IN
        self.away.setText(t("Delete") if own else t("As it was built in"))
        self.away.setEnabled(own or self._shelf.altered(name))
        self.called.setEnabled(own)
        self.field.setText(name if own else "")
        self.say("")

    def _use(self) -> None:
        if self.name:
            self.wanted.emit(self.name)

    def _save_over(self) -> None:
        if self.name:
            self.saved.emit(self.name)

    def _save_new(self) -> None:
        if name := self._typed():
            self.saved.emit(name)
            self._go(name)

    def _rename(self) -> None:
        name, before = self._typed(), self.name
        if not name or name == before:
            return
        if name in self._shelf.names():
            self.say(t("There is a layout of that name already."))
            return
        self._shelf.rename(before, name)
        self.refresh()
        self._go(name)
        self.altered.emit()

    def _put_away(self) -> None:
        self._shelf.delete(self.name)
        self.refresh()
        self.altered.emit()

    def _typed(self) -> str:
        name = " ".join(self.field.text().split())
        if not name or name.startswith("#"):
            self.say(t("Type a name first."))
            self.field.setFocus()
            return ""
        return name

    def _button(self, code: str, words: str, do: object, kind: str = "") -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(code)
        if kind:
            button.setProperty("kind", kind)
        button.clicked.connect(do)
        return button

    def _lay_out(self) -> None:
        space = theme.current().space
        close = self._button("layouts_close", t("Close##panel"), self.closed, "quiet")
        head = QHBoxLayout()
        head.addWidget(label(t("Windows and layouts"), "title"), 1)
        head.addWidget(close)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        for each in (self.use, self.over, self.away):
            row.addWidget(each)
        row.addStretch()
        naming = Section(t("Keep the present windows"))
        line = QHBoxLayout()
        line.setSpacing(space(2))
        line.addWidget(self.field, 1)
        line.addWidget(self.new)
        line.addWidget(self.called)
        naming.body.addLayout(line)
        naming.body.addWidget(self.wrong)
        inside = QWidget()
        inside.setMaximumWidth(theme.current().px(_ROOM_PX))
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        hint = t(
            "A layout says which panels stand in windows of their own, on which screen, and how the main window is "
            "divided. Each set of screens has its own; on other screens the windows come to those that are there."
        )
        column.addWidget(label(hint, "muted", wrap=True))
        column.addWidget(self.list, 1)
        column.addLayout(row)
        column.addWidget(naming)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(space(3), space(2), space(3), space(3))
        whole.setSpacing(space(2))
        whole.addLayout(head)
        whole.addWidget(inside, 1)
