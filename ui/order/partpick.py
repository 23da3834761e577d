"""Parts found by name or initials and kept in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.domain.catalogue import Part
from dispatcher_app.pinyin import initials
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.picker import Picker
from ui.models.choice import Choice

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_FOUND = 7


class PartPick(QWidget):
    """Emits `chosen` with a part's id; parts that fit what is repaired come first."""

    chosen = Signal(str)

    def __init__(self, session: Session, items: frozenset[str]) -> None:
        super().__init__()
        self._session, self._items = session, items
        self._picker = Picker(t("Part##pick"), t("Part: name or initials"), rows=_FOUND)
        self.field = self._picker.field
        self.field.setObjectName("part_pick")
        self._picker.set_active(True)
        self._picker.typed.connect(self._on_typed)
        self._picker.chosen.connect(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(1))
        column.addWidget(self._picker)
        self.setFocusProxy(self.field)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self._picker.list.choose(self._picker.list.current)
        elif event.key() == Qt.Key.Key_Escape and self.field.text():
            self._clear()
        else:
            super().keyPressEvent(event)

    def _on_typed(self, typed: str) -> None:
        self._picker.propose([_choice(self._session, each) for each in self._found(typed.strip())])

    def _found(self, typed: str) -> list[Part]:
        if not typed:
            return []
        word = typed.lower()
        parts = [
            each
            for each in self._session.all(Part)
            if not each.retired
            and (word in each.name.lower() or word in each.name_en.lower() or word in initials(each.name))
        ]
        parts.sort(key=lambda each: (self._items.isdisjoint(each.items), len(each.name), each.name))
        return parts[:_FOUND]

    def _take(self, part: str) -> None:
        self._clear()
        self.chosen.emit(part)

    def _clear(self) -> None:
        self._picker.write("")
        self._picker.propose([])


def _choice(session: Session, part: Part) -> Choice:
    detail = t(", ").join(name.item(session, each) for each in part.items[:2])
    return Choice(name.part(session, part.id), part.id, detail=detail)
