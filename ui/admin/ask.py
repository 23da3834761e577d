"""The fields that forms of the administration are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QPushButton, QSpinBox

from dispatcher_app.text import language, t
from ui import theme
from ui.admin import cell
from ui.admin.draft import Asked
from ui.controls.field import Field, inset
from ui.controls.sheet import Sheet
from ui.controls.ticks import Ticks
from ui.models.sheet import NotThat

AS_POLICY = -1


def spoken(chinese: str, english: str) -> str:
    """A name in the language of this desk."""
    return english if english and language() == "en" else chinese


def beside(asked: Asked) -> Asked:
    """The same field, beside the one before it."""
    return replace(asked, beside=True)


def line(code: str, word: str, limit: int = 80, hint: str = "") -> Asked:
    """A line of text."""
    field = Field()
    field.setMaxLength(limit)
    return Asked(
        code=code, word=word, widget=field, hint=hint, read=lambda: field.text().strip(), write=field.setText
    )


def several(code: str, word: str, hint: str = "") -> Asked:
    """Several words in a line, parted by commas."""
    field = Field()
    return Asked(
        code=code, word=word, widget=field, hint=hint or t("Several with commas between them"),
        read=lambda: cell.words(field.text()), write=lambda parts: field.setText(cell.listed(parts)),
    )  # fmt: skip


def lines(code: str, word: str, hint: str = "", rows: int = 4) -> Asked:
    """A text of several lines; Enter belongs to the text."""
    field = Lines()
    field.setTabChangesFocus(True)
    field.setFixedHeight(theme.current().px(20) * rows + 10)
    return Asked(
        code=code, word=word, widget=field, hint=hint, read=lambda: field.toPlainText().strip(),
        write=field.setPlainText,
    )  # fmt: skip


def one_of(code: str, word: str, known: Mapping[Any, str], hint: str = "") -> Asked:
    """One of a few; a value that is not offered any more stays as it is."""
    box = QComboBox()
    for value, said in known.items():
        box.addItem(said, value)

    def write(value: Any) -> None:
        at = next((at for at in range(box.count()) if box.itemData(at) == value), -1)
        if at < 0:
            box.addItem(str(value), value)
            at = box.count() - 1
        box.setCurrentIndex(at)

    return Asked(code=code, word=word, widget=box, hint=hint, read=box.currentData, write=write)


def code_word(code: str, word: str, known: Mapping[str, str], hint: str = "") -> Asked:
    """One of those known, or a new word typed."""
    box = QComboBox()
    box.setEditable(True)
    for value, said in known.items():
        box.addItem(said, value)

    def read() -> str:
        typed = box.currentText().strip()
        return next((value for value, said in known.items() if said == typed), typed)

    return Asked(
        code=code, word=word, widget=box, hint=hint, read=read,
        write=lambda value: box.setCurrentText(known.get(value, value)),
    )  # fmt: skip


def days(code: str, word: str, usual: str) -> Asked:
    """A number of days, or as the policy says."""
    box = QSpinBox()
    box.setRange(AS_POLICY, 3660)
    box.setSpecialValueText(usual)
    box.setSuffix(t(" days"))
    inset(box)
    return Asked(
        code=code, word=word, widget=box, read=lambda: None if box.value() == AS_POLICY else box.value(),
        write=lambda value: box.setValue(AS_POLICY if value is None else value),
    )  # fmt: skip


def ticks(code: str, word: str, known: Mapping[str, str], hint: str = "") -> Asked:
    """Several of those known."""
    boxes = Ticks(word)
    boxes.offer(known)
    return Asked(
        code=code, word=word, widget=boxes, hint=hint, read=lambda: boxes.ticked, write=boxes.tick,
        alike=frozenset,
    )  # fmt: skip


def table(code: str, word: str, sheet: Sheet, key: str = "name", hint: str = "") -> Asked:
    """A table of rows; a row in which nothing is typed is none, one without its name is refused."""

    def read() -> tuple[Any, ...]:
        rows = sheet.read()
        kept = []
        for at, row in enumerate(rows):
            if str(getattr(row, key)).strip():
                kept.append(row)
            elif not sheet.model.untouched(row):
                title = next(column.title for column in sheet.model.columns if column.code == key)
                raise NotThat(
                    t("{table}, row {row}: {column} is missing.", table=word, row=at + 1, column=title)
                )
        return tuple(kept)

    return Asked(code=code, word=word, widget=sheet, hint=hint, read=read, write=sheet.write)


def spare(label: str, run: Callable[[], object], name: str = "") -> QPushButton:
    """A quiet button for the foot of a form."""
    button = QPushButton(label)
    button.setObjectName(name)
    button.clicked.connect(lambda: run())
    return button


class Lines(QPlainTextEdit):
    """Enter makes a new line; Ctrl+Enter and Escape belong to the form."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if (enter and control) or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)
