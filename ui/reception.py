"""The counter in the window: instead of queue and middle, beside the same inspector; and the papers of an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtWidgets import QWidget

from dispatcher_app.text import t
from ui import notify
from ui.arrangement import Arrangement
from ui.counter.panel import CounterPanel
from ui.paper.desk import PaperDesk

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

LEAVES: Final = frozenset({"queue", "next_exception", "previous_exception"})
"""What is looked at in the queue; the tabs of the middle show themselves."""


_STORE: Final = "counter/store"


class Reception(QObject):
    """Opens and leaves the counter, and prints."""

    def __init__(self, session: Session, arranged: Arrangement, settings: QSettings) -> None:
        super().__init__(arranged.split)
        self._session, self._arranged = session, arranged
        self._settings = settings
        store = str(settings.value(_STORE, "") or "")
        self.panel = CounterPanel(session, store)
        self.paper = PaperDesk(session, settings, self)
        self.paper.store = store
        self.panel.store_chosen.connect(self._on_store)
        self.panel.devices.add_tool(self.paper.button())
        self.panel.print_wanted.connect(self.print)
        arranged.add_counter(self.panel)

    @property
    def opened(self) -> bool:
        """Whether the counter is shown now."""
        return self._arranged.at_counter

    @property
    def first(self) -> bool:
        """Whether this person works at the counter and nowhere else."""
        return frozenset(self._session.staff.roles) == {"counter"}

    def handlers(self, order: Callable[[], str | None]) -> dict[str, Callable[[], object]]:
        """The actions that are answered here; papers are printed of the order in hand."""
        return {
            "counter": self.open,
            "drop_off": self.take_in,
            "print": lambda: self.print(order()),
            "print_label": lambda: self.label(order()),
        }

    def open(self) -> None:
        """Show it, with the drop-off as it was left."""
        self._arranged.show_counter(True)
        self.panel.open()

    def take_in(self) -> None:
        """Begin with the next device."""
        self._arranged.show_counter(True)
        self.panel.start()

    def leave(self) -> None:
        """Back to queue and middle; what was typed stays."""
        if self.opened:
            self.panel.park()
            self._arranged.show_counter(False)

    def home(self, otherwise: QWidget) -> QWidget:
        """What gets the keys when nothing else has them."""
        return self.panel.devices.list if self.opened else otherwise

    def search(self) -> bool:
        """Put the caret into the counter's own search; False where it is not shown."""
        if self.opened:
            self.panel.devices.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.panel.devices.search.selectAll()
        return self.opened

    def _on_store(self, store: str) -> None:
        self._settings.setValue(_STORE, store)
        self.paper.store = store

    def print(self, order: str | None) -> None:
        """The receipt of an order as it stands, with the label of a device that has just come."""
        if order is None:
            notify.info(t("No order chosen"))
        else:
            self.paper.print(order)

    def label(self, order: str | None) -> None:
        """The shelf label of a device alone."""
        if order is not None:
            self.paper.label(order)
