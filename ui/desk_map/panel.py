"""The map's tab: technicians and open orders of the desk's regions, live, selected together with everything else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from dispatcher_app.client import profile
from dispatcher_app.client.state import Changed, Position
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import name, notify
from ui.desk_map.assign import Assigning
from ui.desk_map.banner import Banner
from ui.desk_map.day import Days
from ui.desk_map.draw import Drawing
from ui.desk_map.filter import FilterBar, MapFilter
from ui.desk_map.follow import Orders
from ui.desk_map.lens import Lens, Mark
from ui.desk_map.mark import ground, order_mark, position, technician_mark
from ui.desk_map.setting import map_settings
from ui.map.marks import MapSettings, MarkKind
from ui.map.view import MapView
from ui.models.column import repair

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_START_MS: Final = 400


class MapPanel(QWidget):
    """Emits `…_chosen` when a mark is clicked, `…_opened` when it is double-clicked or Enter is pressed on it.

    `place_picked` carries longitude and latitude (WGS-84) after `pick_place`, `pick_ended` says that none came,
    `menu_wanted` kind, id and place on the screen of a mark whose menu is asked for. A `read_only` map shows and
    changes nothing.
    """

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)
    technician_opened = Signal(str)
    place_picked = Signal(float, float)
    pick_ended = Signal()
    menu_wanted = Signal(str, str, QPoint)

    def __init__(
        self, session: Session, settings: MapSettings | None = None, parent: QWidget | None = None, *,
        read_only: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._session = session
        self.chosen: Mark | None = None
        self._covering: str | None = None
        self.setObjectName("map_panel")
        self.bar = FilterBar()
        # The web engine takes a second to start: the queue is there before it.
        self.view = MapView(settings or map_settings(profile.load().ui), session.now, started=False)
        self._soon = QTimer(self, singleShot=True, interval=_START_MS)
        self._soon.timeout.connect(self.view.start)
        self._orders = Orders(session, self)
        self._days = Days(session, self)
        banner = Banner(self.view)
        self.lens = Lens(session, self.view, banner, self)
        self.drawing = Drawing(session, self.view, banner, self)
        self.assigning = None if read_only else Assigning(session, self.view, banner, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.drawing)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.setAccessibleName(t("Map of technicians and orders"))
        self._connect()
        self._lay_ground()
        self._offer()
        self._show_technicians()
        self._orders.show(self.bar.filter)

    # ------------------------------------------------------------ what the window asks
    def select(self, kind: MarkKind, id: str) -> None:
        """Ring an order or a technician, and show today's way of the technician concerned."""
        self.chosen = (kind, id)
        self.view.select(kind, id)
        self._show_route()

    def show_order(self, id: str | None) -> None:
        """Ring the order that is looked at, or none."""
        if id:
            self.select("order", id)
            return
        self.chosen = None
        self.view.clear_selection()
        self._show_route()

    def show_technician(self, id: str | None) -> None:
        """Ring the technician who is looked at."""
        if id:
            self.select("technician", id)

    @property
    def technician(self) -> str | None:
        """Whose day is shown: the technician chosen, or the one of the order chosen."""
        match self.chosen:
            case ("order", id):
                order = self._session.get(Order, id)
                return order.technician if order else None
            case ("technician", id):
                return id
        return None

    def measure(self) -> None:
        """Begin to measure a distance, or end it."""
        if not self.drawing.busy:
            self.lens.measure(not self.lens.measuring)

    def focus(self) -> None:
        """Dim all that has nothing to do with what is chosen, or show all alike again."""
        self.lens.look_only_at(None if self.lens.focused == self.chosen else self.chosen)

    def follow(self, technician: str) -> None:
        """Keep the view on a technician, or let him go."""
        self.lens.follow(technician)

    def draw_district(self) -> None:
        """Draw the outline of a district."""
        region = self._region()
        if region is None or not region.districts:
            notify.info(t("This region has no districts yet: an administrator adds them first."))
        elif self._free_to_draw():
            self.drawing.begin_district(region)

    def draw_area(self, technician: str) -> None:
        """Draw the area that counts for a technician instead of his districts."""
        found, region = self._session.get(Technician, technician), self._region()
        if found is not None and region is not None and self._free_to_draw():
            self.drawing.begin_technician(region, found)

    def _free_to_draw(self) -> bool:
        if self.drawing.unsaved:
            notify.warning(t("Save or cancel what is being drawn first."))
            return False
        self.lens.measure(False)
        return True

    def _region(self) -> Region | None:
        return self._session.get(Region, self.bar.filter.region or self._session.region_id)

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
        wanted, regions = self.bar.filter, tuple(self._session.staff.regions)
        return [each for each in self._session.all(Technician) if wanted.takes(each, regions)]

    def _show_route(self) -> None:
        technician = self.technician
        self._days.show(technician)
        if technician != self._covering:
            self._covering = technician
            self._lay_ground()

    def _lay_ground(self) -> None:
        self.view.set_districts(ground(self._session, self._covering))

    def _offer(self) -> None:
        """What the technicians of the desk can do, and in which teams they are."""
        regions = self._session.staff.regions
        mine = [each for each in self._session.all(Technician) if each.region in regions]
        skills = sorted({skill for each in mine for skill in each.skills})
        teams = sorted({each.team for each in mine} - {""})
        self.bar.sheet.offer({each: name.skill(each) for each in skills}, {each: each for each in teams})

    # ------------------------------------------------------------ following
    def _connect(self) -> None:
        self.view.selected.connect(self._on_selected)
        self.view.activated.connect(self._on_activated)
        self.view.place_picked.connect(self.place_picked)
        self.view.pick_cancelled.connect(self.pick_ended)
        self.view.menu_wanted.connect(self.menu_wanted)
        self.view.gathered.connect(self._on_gathered)
        self.view.escaped.connect(lambda: self.drawing.step_back() or self.lens.step_back())
        self._days.shown.connect(self.view.set_way)
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
        if changed.everything:
            self._offer()
            self._show_technicians()
        else:
            technicians = set(changed.ids.get("technician", ()))
            if technicians:
                self._offer()
            # What they have before them today stands beside their marks.
            days = {id.partition(":")[0] for id in changed.ids.get("day", ())}
            self._show_some(technicians | (days & self.view.shown("technician")))
        if changed.everything or not {"region", "technician"}.isdisjoint(changed.ids):
            self._lay_ground()
        chosen = self.chosen is not None and self.chosen[1] in changed.ids.get("order", ())
        if changed.everything or chosen or self._days.concerns(changed.ids):
            self._show_route()
            self.lens.refresh()

    def _show_some(self, technicians: set[str]) -> None:
        """These have changed: show those who belong on the map as they stand now."""
        wanted, regions = self.bar.filter, tuple(self._session.staff.regions)
        found = [each for id in technicians if (each := self._session.get(Technician, id)) is not None]
        shown = [each for each in found if wanted.takes(each, regions)]
        self.view.put_technicians(technician_mark(self._session, each) for each in shown)
        self.view.remove("technician", technicians.difference(each.id for each in shown))

    def _on_gathered(self, marks: list[Mark], at: QPoint) -> None:
        """A group that no zoom parts: choose one of it from a list."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind, id in marks:
            menu.addAction(self._title(kind, id)).triggered.connect(partial(self._on_selected, kind, id))
        menu.popup(at)

    def _title(self, kind: MarkKind, id: str) -> str:
        if kind == "technician":
            return name.technician(self._session, id)
        row = self._session.order_row(id)
        return f"{name.short_order(self._session, id)}   {repair(self._session, row)}" if row else id

    def _on_positions(self, moved: Mapping[str, Position]) -> None:
        self.view.move_technicians(position(id, seen) for id, seen in moved.items())

    def _on_selected(self, kind: str, id: str, _checked: bool = False) -> None:
        self.select("order" if kind == "order" else "technician", id)
        (self.order_chosen if kind == "order" else self.technician_chosen).emit(id)

    def _on_activated(self, kind: str, id: str) -> None:
        (self.order_opened if kind == "order" else self.technician_opened).emit(id)
