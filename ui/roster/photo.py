"""A technician's picture in his form: chosen from this computer and sent at once, or taken away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Changed
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import SaveTechnician
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.portrait import Portrait
from ui.controls.section import label
from ui.submit import submit
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Photo(QWidget):
    """Whoever is not saved yet (`technician` None) can't have one; the form says so."""

    def __init__(self, session: Session, technician: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._id = session, technician
        self._errands = Errands(self)
        self.portrait = Portrait(session, 48)
        self.choose, self.remove = QPushButton(t("Choose a photo…")), QPushButton(t("Remove the photo"))
        self._said = label("", "small", wrap=True)
        self._lay_out()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self._refresh()

    def send(self, path: Path) -> None:
        """Have this picture from now on."""
        if self._id is not None:
            self._say(t("Sending…"))
            self._errands.run(self._send(self._id, path), self._say)

    async def _send(self, id: str, path: Path) -> str:
        try:
            await self._session.send_portrait(id, path)
        except Offline:
            return t("The photo could not be sent: no connection to the server.")
        except Rejected as rejected:
            return name.refusal(self._session, rejected)
        return ""

    def _on_choose(self) -> None:
        kinds = t("Photos (*.jpg *.jpeg *.png *.webp *.heic)")
        found, _ = QFileDialog.getOpenFileName(self, t("Choose a photo…"), "", kinds)
        if found:
            self.send(Path(found))

    def _on_remove(self) -> None:
        known = self._session.get(Technician, self._id) if self._id else None
        if known is not None:
            command = SaveTechnician(technician=replace(known, portrait=None))
            submit(self._session, command, lambda said, _rejected: self._say(said))

    def _say(self, said: str) -> None:
        self._said.setText(said)
        self._said.setVisible(bool(said))

    def _refresh(self) -> None:
        known = self._session.get(Technician, self._id) if self._id else None
        self.choose.setEnabled(known is not None)
        self.remove.setVisible(known is not None and known.portrait is not None)
        self.portrait.setVisible(known is not None)
        if known is not None:
            self.portrait.show_technician(known)
        else:
            self._say(t("Save him first, then give him a photo."))

    def _on_changed(self, changed: Changed) -> None:
        if self._id and (changed.everything or self._id in changed.ids.get("technician", ())):
            self._refresh()

    def _lay_out(self) -> None:
        look = theme.current()
        self.choose.setObjectName("entry_portrait")
        self.choose.clicked.connect(self._on_choose)
        self.remove.setProperty("kind", "link")
        self.remove.clicked.connect(self._on_remove)
        row = QHBoxLayout()
        row.setSpacing(look.space(2))
        for part in (self.portrait, self.choose, self.remove):
            row.addWidget(part)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._said)
        self._said.hide()
        self.setFocusProxy(self.choose)
