"""The right half of the roster: the technician chosen, or the form in which one is entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from dispatcher_app.domain.technician import Technician
from ui.roster.entry import EntryForm

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class EntryShelf(QStackedWidget):
    """Keeps what was typed until it is saved; `pick_wanted` carries the form that asks for the map."""

    entered = Signal(str)
    left = Signal()
    pick_wanted = Signal(object)

    def __init__(self, session: Session, detail: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._detail = session, detail
        self._forms: dict[str, EntryForm] = {}
        self.addWidget(detail)

    def open(self, id: str | None) -> None:
        """The form about somebody known, or about somebody new, as it was left."""
        key = id or ""
        if key not in self._forms:
            form = EntryForm(self._session, self._session.get(Technician, id) if id else None)
            form.saved.connect(lambda saved: self._on_saved(key, saved))
            form.left.connect(self._on_left)
            form.pick_wanted.connect(lambda: self.pick_wanted.emit(form))
            self._forms[key] = form
            self.addWidget(form)
        self.setCurrentWidget(self._forms[key])
        self._forms[key].begin()

    def put_away(self) -> None:
        """Show the technician chosen again."""
        self.setCurrentWidget(self._detail)

    def _on_left(self) -> None:
        self.put_away()
        self.left.emit()

    def _on_saved(self, key: str, id: str) -> None:
        form = self._forms.pop(key)
        self.put_away()
        self.removeWidget(form)
        form.deleteLater()
        self.entered.emit(id)
