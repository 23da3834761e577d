"""The middle of the window: map and technicians in tabs, and the guests that come while they are used."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.text import t
from ui.actions import Deck
from ui.arrangement import Arrangement
from ui.booking.panel import BookingPanel
from ui.catalogue.panel import CataloguePanel
from ui.desk_map.panel import MapPanel
from ui.help.panel import HelpPanel
from ui.intake.panel import ImportPanel
from ui.roster.panel import RosterPanel

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Middle(QObject):
    """Emits what is chosen or opened in it, and `book_wanted` with item, fault and brand from the catalogue."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)
    book_wanted = Signal(str, object, str)

    def __init__(self, session: Session, arranged: Arrangement, deck: Deck, booking: BookingPanel) -> None:
        super().__init__(arranged.split)
        self._arranged, self._deck, self._booking = arranged, deck, booking
        self.map = MapPanel(session)
        self.map.setObjectName("map_panel")
        self.roster = RosterPanel(session, deck, lambda parent: deck.menu(parent, "technician"))
        self.catalogue = CataloguePanel(session)
        self.intake = ImportPanel(session)
        self.intake.setObjectName("intake")
        self.help = HelpPanel()
        arranged.tabs.addTab(self.map, t("Map##tab"))
        arranged.tabs.addTab(self.roster, t("Technicians##tab"))
        self._connect()

    def _connect(self) -> None:
        self.map.order_chosen.connect(self.order_chosen)
        self.map.order_opened.connect(self.order_opened)
        self.map.technician_chosen.connect(self._on_map_technician)
        self.map.technician_opened.connect(self.open_technician)
        self.roster.technician_chosen.connect(self._on_technician)
        self.roster.order_wanted.connect(self.order_opened)
        self.catalogue.book_wanted.connect(self.book_wanted)
        self.catalogue.technician_wanted.connect(self.open_technician)
        self._arranged.lodge(self.catalogue, self.intake, self.help)
        for guest in (self.catalogue, self.intake, self.help):
            guest.closed.connect(partial(self._arranged.dismiss, guest))

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        detail = self.roster.detail
        return {
            "map": lambda: self._arranged.go(self.map),
            "roster": self.go_roster,
            "shifts": lambda: self._go_field(detail.pattern.fields[0]),
            "leave": lambda: self._go_field(detail.leave.reason),
            "new_technician": lambda: self.enter(None),
            "edit_technician": self._edit,
            "catalogue": self._open_catalogue,
            "import": lambda: self._arranged.go_to_guest(self.intake, t("Import##tab")),
            "help": lambda: self._arranged.go_to_guest(self.help, t("Help##tab")),
        }

    def go_roster(self) -> None:
        """Show the technicians."""
        self._arranged.go(self.roster)

    def open_technician(self, id: str) -> None:
        """Show a technician among the others."""
        self.go_roster()
        self.roster.choose(id)

    def choose_technician(self, id: str) -> None:
        """Somebody is looked at elsewhere: show him here too."""
        before = self.roster.current_id()
        if not self.roster.choose(id) or before == id:  # else the list of technicians has told already
            self._on_technician(id)

    def enter(self, technician: str | None) -> None:
        """The form of a technician, or of a new one."""
        self.go_roster()
        self.roster.enter(technician)

    def _edit(self) -> None:
        technician = self._deck.scene.technician
        self.enter(technician.id if technician else None)

    def _go_field(self, field: QWidget) -> None:
        self.go_roster()
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open_catalogue(self) -> None:
        """The catalogue, with distances from where the caller in hand lives."""
        self.catalogue.stand_at(self._booking.place if self._booking.isVisible() else None)
        self._arranged.go_to_guest(self.catalogue, t("Catalogue##tab"))

    def _on_map_technician(self, id: str) -> None:
        self.roster.choose(id)
        self.technician_chosen.emit(id)

    def _on_technician(self, id: str) -> None:
        self.technician_chosen.emit(id)
        self.map.show_technician(id)
