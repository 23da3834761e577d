"""The administration as tests of it begin."""

from __future__ import annotations

from ui.admin.book import BookEditor
from ui.window.main import MainWindow


def new_draft(window: MainWindow) -> BookEditor:
    """The administration with a new draft of the prices in it."""
    window.deck["admin"].trigger()
    window.administration.open("prices")
    page = window.administration.panel.page("prices")
    page.begin_new("book:")
    editor = page.form
    assert isinstance(editor, BookEditor)
    return editor
