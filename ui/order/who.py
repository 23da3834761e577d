"""A button beside a technician's name that shows his card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolButton, QWidget

from dispatcher_app.text import t
from ui import icons, theme
from ui.controls.card import CardPopup

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


_EDGE_PX: Final = 20


class CardButton(QToolButton):
    """Hidden while there is nobody; the card stands to the left, where it covers no name."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._technician: str | None = None
        self.card = CardPopup(session, self)
        self.setObjectName("technician_card_button")
        self.setProperty("kind", "inline")
        self.setIcon(icons.icon("person", "muted"))
        edge = theme.current().px(_EDGE_PX)
        self.setFixedSize(edge, edge)  # no higher than the line that it stands in
        self.setToolTip(t("Technician card"))
        self.setAccessibleName(t("Technician card"))
        self.clicked.connect(self.open)
        self.hide()

    def show_technician(self, id: str | None) -> None:
        """Stand for another one, or for nobody."""
        self._technician = id
        self.setVisible(id is not None)

    def open(self) -> None:
        """Show the card."""
        if self._technician is not None:
            corner = self.mapToGlobal(QPoint(0, 0))
            self.card.show_at(
                self._technician, corner - QPoint(self.card.width() + theme.current().space(2), 0)
            )
