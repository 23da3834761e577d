"""The map's tab: technicians and open orders of the desk's regions, live, selected together with everything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.client import profile
from dispatcher_app.client.state import Changed, Position
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import notify
from ui.desk_map.filter import FilterBar, MapFilter
from ui.desk_map.follow import Orders
from ui.desk_map.mark import ground, order_mark, position, route, technician_mark
from ui.desk_map.setting import map_settings
from ui.map.marks import MapSettings, MarkKind
from ui.map.view import MapView

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_START_MS: Final = 400


class MapPanel(QWidget):
    """Emits `…_chosen` when a mark is clicked, `…_opened` when it is double-clicked or Enter is pressed on it.

    `place_picked` carries longitude and latitude (WGS-84) after `pick_place`, `pick_ended` says that none came.
    """

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)
    technician_opened = Signal(str)
    place_picked = Signal(float, float)
    pick_ended = Signal()

    def __init__(
        self, session: Session, settings: MapSettings | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._chosen: tuple[MarkKind, str] | None = None
        self.setObjectName("map_panel")
        self.bar = FilterBar()
        # The web engine takes a second to start: the queue is there before it.
        self.view = MapView(settings or map_settings(profile.load().ui), session.now, started=False)
        self._soon = QTimer(self, singleShot=True, interval=_START_MS)
        self._soon.timeout.connect(self.view.start)
        self._orders = Orders(session, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.setAccessibleName(t("Map of technicians and orders"))
        self._connect()
        self._lay_ground()
        self._show_technicians()
        self._orders.show(self.bar.filter)

    # ------------------------------------------------------------ what the window asks
    def select(self, kind: MarkKind, id: str) -> None:
        """Ring an order or a technician, and show today's way of the technician concerned."""
        self._chosen = (kind, id)
        self.view.select(kind, id)
        self._show_route()

    def show_order(self, id: str | None) -> None:
        """Ring the order that is looked at, or none."""
        if id:
            self.select("order", id)
            return
        self._chosen = None
        self.view.clear_selection()
        self._show_route()

    def show_technician(self, id: str) -> None:
        """Ring the technician who is looked at."""
        self.select("technician", id)

    def show_region(self, region: str) -> None:
        """Only one region, or all for an empty one."""
        self.bar.show_region(region)

    def pick_place(self) -> None:
        """Let a person point at a place; where there is no map, that is said and nothing waits."""
        self.view.start()
        if self.view.available:
            self.view.begin_pick()
        else:
            notify.warning(t("The map cannot be shown on this machine: type the address instead."))
            self.pick_ended.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    # ------------------------------------------------------------ what is shown
    def _show_technicians(self) -> None:
        self.view.set_technicians(technician_mark(self._session, each) for each in self._mine())

    def _mine(self) -> list[Technician]:
        wanted, regions = self.bar.filter, self._session.staff.regions
        return [
            each
            for each in self._session.all(Technician)
            if each.region in ((wanted.region,) if wanted.region else regions)
            and each.status in wanted.statuses
        ]

    def _show_route(self) -> None:
        technician = self._on_route()
        self.view.set_route(route(self._session, technician) if technician else ())

    def _on_route(self) -> str | None:
        """Whose way is shown: the technician chosen, or the one of the order chosen."""
        match self._chosen:
            case ("order", id):
                order = self._session.get(Order, id)
                return order.technician if order else None
            case ("technician", id):
                return id
        return None

    def _lay_ground(self) -> None:
        self.view.set_districts(ground(self._session))

    # ------------------------------------------------------------ following
    def _connect(self) -> None:
        self.view.selected.connect(self._on_selected)
        self.view.activated.connect(self._on_activated)
        self.view.place_picked.connect(self.place_picked)
        self.view.pick_cancelled.connect(self.pick_ended)
        self.bar.changed.connect(self._on_filter)
        self._orders.read.connect(self._on_read)
        self._orders.moved.connect(self._on_moved)
        self._orders.left_out.connect(self.bar.say_left_out)
        stop = self._session.subscribe(changed=self._on_changed, positions=self._on_positions)
        self.destroyed.connect(lambda: stop())

    def _on_filter(self, wanted: MapFilter) -> None:
        self._show_technicians()
        self._orders.show(wanted)

    def _on_read(self, rows: list[OrderRow]) -> None:
        self.view.set_orders(order_mark(self._session, row) for row in rows)

    def _on_moved(self, shown: list[OrderRow], gone: set[str]) -> None:
        self.view.put_orders(order_mark(self._session, row) for row in shown)
        self.view.remove("order", gone)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "technician" in changed.ids:
            self._show_technicians()  # those who stand as they stood are not told again
        if changed.everything or "region" in changed.ids:
            self._lay_ground()
        if self._chosen is not None and (changed.everything or not {"day", "order"}.isdisjoint(changed.ids)):
            self._show_route()

    def _on_positions(self, moved: Mapping[str, Position]) -> None:
        self.view.move_technicians(position(id, seen) for id, seen in moved.items())

    def _on_selected(self, kind: str, id: str) -> None:
        self._chosen = ("order" if kind == "order" else "technician", id)
        self._show_route()
        (self.order_chosen if kind == "order" else self.technician_chosen).emit(id)

    def _on_activated(self, kind: str, id: str) -> None:
        (self.order_opened if kind == "order" else self.technician_opened).emit(id)
