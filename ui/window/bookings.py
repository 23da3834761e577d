"""Bookings in the window: begun beside the queue, taken up again, put away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from dispatcher_app.text import t
from ui import notify
from ui.action.deck import DRAFTS, Deck
from ui.booking.panel import BookingPanel
from ui.layout.panels import bring_forward, take_keys
from ui.window.arrangement import Arrangement
from ui.window.reception import Reception


class Bookings(QObject):
    """Begins one with what is known already, and gives it its room."""

    def __init__(self, panel: BookingPanel, arranged: Arrangement, deck: Deck, reception: Reception) -> None:
        super().__init__(panel)
        self._panel, self._arranged, self._deck, self._reception = panel, arranged, deck, reception
        panel.closed.connect(self._on_closed)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {
            "book": self.book,
            "follow_up": self._book_after,
            **{id: partial(self._take_up, at) for at, id in enumerate(DRAFTS)},
        }

    def book(self, phone: str = "", date: str = "") -> None:
        """Begin a new booking beside the queue, for a local date where one is wished."""
        self._panel.start(phone, "counter" if self._reception.opened else "phone", date)
        self._show()

    def book_item(self, item: str, fault: str | None, brand: str) -> None:
        """Begin one of something that was looked up."""
        self._panel.start_with(item, fault, brand)
        self._show()

    def _book_after(self) -> None:
        if (order := self._deck.scene.order) is not None:
            self._panel.start_after(order)
            self._show()

    def _take_up(self, at: int) -> None:
        self._panel.switch(at)
        if self._panel.isVisible():
            self._show()
        else:
            notify.info(t("No booking is parked at {n}.", n=at + 1))

    def _show(self) -> None:
        if self._arranged.drawer:
            self._arranged.show_drawer(False)  # or it would lie over the booking
        bring_forward(self._panel)
        self._arranged.make_room()

    def _on_closed(self) -> None:
        self._arranged.make_room()
        take_keys(self._reception.home(self._arranged.home))
