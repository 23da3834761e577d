"""The counter in the window: taking in at the left, what is in the house at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.text import t
from ui import theme
from ui.counter.devices import Devices
from ui.counter.dropoff import DropOff
from ui.models.bench import open_stores, working_store

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class CounterPanel(QWidget):
    """Emits `order_chosen` for the order in hand, `order_opened` to see all of it, `print_wanted` for its papers.

    `store_chosen` carries the store that is worked at from now on.
    """

    order_chosen = Signal(str)
    order_opened = Signal(str)
    print_wanted = Signal(str)
    store_chosen = Signal(str)

    def __init__(self, session: Session, store: str = "") -> None:
        super().__init__()
        self._session, self._store = session, store
        self.setObjectName("counter_panel")
        self.setAccessibleName(t("Counter"))
        self.drop_off, self.devices = DropOff(session), Devices(session)
        split = QSplitter()
        split.addWidget(self.drop_off)
        split.addWidget(self.devices)
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        split.setSizes([theme.current().px(420), theme.current().px(900)])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(split)
        self.devices.chosen.connect(self.order_chosen)
        self.devices.opened.connect(self.order_opened)
        self.devices.store_chosen.connect(self._on_store)
        self.drop_off.received.connect(self._on_received)
        self.drop_off.order_wanted.connect(self._on_wanted)
        self.drop_off.print_wanted.connect(self.print_wanted)
        self.drop_off.left.connect(lambda: self.devices.list.setFocus(Qt.FocusReason.ShortcutFocusReason))
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def open(self) -> None:
        """Show what is in the store now; the keys go to the field that was in hand."""
        self.show()
        self._show_store()
        self.drop_off.go_on()

    def start(self) -> None:
        """Take the next device in."""
        self.show()
        self._show_store()
        self.drop_off.show()
        self.drop_off.start()

    def make_room(self, *, booking: bool) -> None:
        """A booking takes the place of the drop-off as long as it is shown."""
        self.drop_off.setVisible(not booking)

    def park(self) -> None:
        """Keep what is typed."""
        self.drop_off.park()

    def _on_received(self, order: str) -> None:
        self.devices.list.choose(order)
        self.order_chosen.emit(order)

    def _on_wanted(self, order: str) -> None:
        self.devices.search.clear()
        self.devices.show_stage("open")
        self.devices.list.choose(order)
        self.order_opened.emit(order)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "region" in changed.ids or "staff" in changed.ids:
            self._show_store()

    def _on_store(self, id: str) -> None:
        self._store = id
        self._show_store()
        self.devices.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.store_chosen.emit(id)

    def _show_store(self) -> None:
        store = working_store(self._session, self._store)
        self.devices.show_store(store, open_stores(self._session))
        if store is not None:
            self.drop_off.stand_at(store.id)
