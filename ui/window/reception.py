"""The counter in the window: instead of queue and middle, beside the same inspector; and the papers of an order."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.text import t
from ui import notify
from ui.counter.panel import CounterPanel
from ui.paper.desk import PaperDesk
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

LEAVES: Final = frozenset({"queue", "next_exception", "previous_exception"})
"""What is looked at in the queue; the tabs of the middle show themselves."""


_STORE: Final = "counter/store"


class Reception(QObject):
    """Opens and leaves the counter, and prints; emits the order that is chosen or opened at the counter, and
    `complaint_wanted` with the one that who stands there complains about."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    complaint_wanted = Signal(str)

    def __init__(self, session: Session, arranged: Arrangement, settings: QSettings) -> None:
        super().__init__(arranged.split)
        self._session, self._arranged = session, arranged
        self._settings = settings
        store = str(settings.value(_STORE, "") or "")
        self.paper = PaperDesk(session, settings, self)
        self.paper.store = store
        self._made: CounterPanel | None = None

    @cached_property
    def panel(self) -> CounterPanel:
        """The counter, made when somebody first wants it: few desks have one."""
        self._made = panel = CounterPanel(self._session, self.paper.store)
        panel.store_chosen.connect(self._on_store)
        panel.devices.add_tool(self.paper.button())
        panel.print_wanted.connect(self.print)
        panel.order_chosen.connect(self.order_chosen)
        panel.order_opened.connect(self.order_opened)
        panel.drop_off.form.complaint_wanted.connect(self.complaint_wanted)
        self._arranged.add_counter(panel)
        return panel

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
        panel = self.panel
        self._arranged.show_counter(True)
        panel.open()

    def take_in(self) -> None:
        """Begin with the next device."""
        panel = self.panel
        self._arranged.show_counter(True)
        panel.start()

    def leave(self) -> None:
        """Back to queue and middle; what was typed stays."""
        if self.opened:
            self.park()
            self._arranged.show_counter(False)

    def park(self) -> None:
        """Keep what was typed for later."""
        if self._made is not None:
            self._made.park()

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
