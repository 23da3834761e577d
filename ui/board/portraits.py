"""The technicians' pictures beside their rows: fetched when a row is seen for the first time, a few at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPixmap

from dispatcher_app.client.api import Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.technician import Technician
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_EDGE: Final = 96
"""Pixels that are kept of a picture: enough for a row on the sharpest screen."""


class Portraits(QObject):
    """Emits `here` with the technician whose picture has come."""

    here = Signal(str)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures: dict[tuple[str, str], QPixmap] = {}
        self._asked: set[tuple[str, str]] = set()
        self._errands = Errands(self)

    def of(self, technician: Technician) -> QPixmap:
        """His picture, a null one while it is not here."""
        key = (technician.id, technician.portrait or "")
        if technician.portrait and key not in self._asked:
            self._asked.add(key)
            self._errands.run(self._fetch(technician.id), lambda file: self._on_here(key, file))
        return self._pictures.get(key) or QPixmap()

    async def _fetch(self, technician: str) -> Path | None:
        try:
            return await self._session.portrait(technician)
        except (Offline, Rejected):
            return None

    def _on_here(self, key: tuple[str, str], file: Path | None) -> None:
        picture = QPixmap(str(file)) if file is not None else QPixmap()
        if picture.isNull():
            self._asked.discard(key)  # it is asked for again when the row is painted anew
            return
        self._pictures[key] = picture.scaled(
            _EDGE,
            _EDGE,
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        )
        self.here.emit(key[0])
