"""The fields of a form one below the other: what is asked above each, why it can't stay below it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import theme
from ui.controls.field import Field
from ui.controls.section import label


class Questions(QWidget):
    """Fields by a code: `refuse` says beside one what is wrong with it, `hush` takes all that back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: dict[str, tuple[QWidget, QLabel]] = {}
        self._row: QHBoxLayout | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.current().space(3))

    def add(self, code: str, word: str, field: QWidget, hint: str = "", *, beside: bool = False) -> QLabel:
        """One more field, below or `beside` the last one; a hint stands small below it. Returns the word above it."""
        look = theme.current()
        asked, error = label(word, "muted"), label("", "error", wrap=True)
        asked.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(word)
        error.setObjectName(f"wrong_{code}")
        error.hide()
        column = QVBoxLayout()
        column.setSpacing(look.space(1))
        for part in (asked, field):
            column.addWidget(part)
        if hint:
            column.addWidget(label(hint, "small", wrap=True))
        column.addWidget(error)
        if not beside or self._row is None:
            self._row = QHBoxLayout()
            self._row.setSpacing(look.space(3))
            self._column.addLayout(self._row)
        column.addStretch()
        self._row.addLayout(column, 1)
        self._asked[code] = field, error
        return asked

    def refuse(self, code: str | None, sentence: str) -> bool:
        """Say it beside the field and put the caret there; False where no field is called that."""
        if code not in self._asked:
            return False
        field, error = self._asked[code]
        error.setText(sentence)
        error.show()
        if isinstance(field, Field):
            field.set_invalid(sentence)
        field.setFocus()
        return True

    def hush(self) -> None:
        """Nothing is wrong any more, as far as is known."""
        for field, error in self._asked.values():
            error.hide()
            if isinstance(field, Field):
                field.set_invalid(None)
