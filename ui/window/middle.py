"""The middle of the window: map and technicians in tabs, and the guests that come while they are used."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.text import t
from ui.action.deck import Deck
from ui.booking.panel import BookingPanel
from ui.catalogue.panel import CataloguePanel
from ui.desk_map.panel import MapPanel
from ui.help.panel import HelpPanel
from ui.intake.panel import ImportPanel
from ui.roster.panel import RosterPanel
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Middle(QObject):
    """Emits what is chosen or opened in it, `book_wanted` with item, fault and brand from the catalogue, and
    `place_wanted` with the form of a technician that asks for a point of the map.

    All but the map are made when somebody first wants them."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)
    book_wanted = Signal(str, object, str)
    place_wanted = Signal(object)

    def __init__(self, session: Session, arranged: Arrangement, deck: Deck, booking: BookingPanel) -> None:
        super().__init__(arranged.split)
        self._session, self._arranged, self._deck, self._booking = session, arranged, deck, booking
        self.map = MapPanel(session)
        self.map.setObjectName("map_panel")
        arranged.tabs.addTab(self.map, t("Map##tab"))
        self.roster_tab = arranged.keep_place(1, t("Technicians##tab"), lambda: self.roster, "roster")
        self.map.order_chosen.connect(self.order_chosen)
        self.map.order_opened.connect(self.order_opened)
        self.map.technician_chosen.connect(self._on_map_technician)
        self.map.technician_opened.connect(self.open_technician)

    @cached_property
    def roster(self) -> RosterPanel:
        """The technicians."""
        roster = RosterPanel(self._session, self._deck, lambda parent: self._deck.menu(parent, "technician"))
        if (technician := self._deck.scene.technician) is not None:
            roster.choose(technician.id)
        roster.technician_chosen.connect(self._on_technician)
        roster.order_wanted.connect(self.order_opened)
        roster.shelf.pick_wanted.connect(self.place_wanted)
        place, self.roster_tab = self.roster_tab, roster
        self._arranged.move_in(place, roster)
        return roster

    @cached_property
    def catalogue(self) -> CataloguePanel:
        """The catalogue."""
        catalogue = CataloguePanel(self._session)
        catalogue.book_wanted.connect(self.book_wanted)
        catalogue.technician_wanted.connect(self.open_technician)
        self._lodge(catalogue)
        return catalogue

    @cached_property
    def intake(self) -> ImportPanel:
        """The imports."""
        intake = ImportPanel(self._session)
        intake.setObjectName("intake")
        self._lodge(intake)
        return intake

    @cached_property
    def help(self) -> HelpPanel:
        """The help."""
        help = HelpPanel()
        self._lodge(help)
        return help

    @property
    def _roster_made(self) -> bool:
        return isinstance(self.roster_tab, RosterPanel)

    def _lodge(self, guest: CataloguePanel | ImportPanel | HelpPanel) -> None:
        self._arranged.lodge(guest)
        guest.closed.connect(partial(self._arranged.dismiss, guest))

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {
            "map": lambda: self._arranged.go(self.map),
            "roster": self.go_roster,
            "shifts": lambda: self._go_field(lambda: self.roster.detail.pattern.fields[0]),
            "leave": lambda: self._go_field(lambda: self.roster.detail.leave.reason),
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
        if not self._roster_made:
            self._on_technician(id)  # nobody has looked at the list yet: it will begin with him
            return
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

    def _go_field(self, field: Callable[[], QWidget]) -> None:
        self.go_roster()
        field().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open_catalogue(self) -> None:
        """The catalogue, with distances from where the caller in hand lives."""
        self.catalogue.stand_at(self._booking.place if self._booking.isVisible() else None)
        self._arranged.go_to_guest(self.catalogue, t("Catalogue##tab"))

    def _on_map_technician(self, id: str) -> None:
        if self._roster_made:
            self.roster.choose(id)
        self.technician_chosen.emit(id)

    def _on_technician(self, id: str) -> None:
        self.technician_chosen.emit(id)
        self.map.show_technician(id)
