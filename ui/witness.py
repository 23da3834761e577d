"""The evidence of a complaint as one PDF: asked together from everywhere, written, and opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Witness(QObject):
    """Makes the evidence of a complaint."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session

    def report(self, complaint: str) -> None:
        """Make it."""
