"""A long table with a search above it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app import pinyin
from dispatcher_app.text import t
from ui import theme
from ui.controls.field import SearchField
from ui.controls.sheet import Sheet


def searched(sheet: Sheet) -> QWidget:
    """The table, of which only those rows are shown that have what is typed in their first two columns."""
    whole = QWidget()
    look = theme.current()
    column = QVBoxLayout(whole)
    column.setContentsMargins(look.space(2), look.space(2), look.space(2), 0)
    search = SearchField(t("Words, initials"))

    def show(text: str) -> None:
        typed = text.strip().casefold()
        for at, row in enumerate(sheet.model.rows):
            told = " ".join(each.show(row) for each in sheet.model.columns[:2]).casefold()
            found = not typed or typed in told or any(typed in pinyin.initials(word) for word in told.split())
            sheet.grid.setRowHidden(at, not found)

    search.searched.connect(show)
    column.addWidget(search)
    column.addWidget(sheet, 1)
    return whole
