"""Photos of an order that are still on their way to the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Uploads(QWidget):
    """Hidden while nothing is on its way."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.hide()

    def show_order(self, order: str) -> None:
        """Show what is on its way for an order."""
