"""The wall's map: where technicians and open orders are; whose they are is not told, not even to the pointer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.client import profile
from dispatcher_app.client.state import Changed, Position
from dispatcher_app.domain.technician import Technician
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import name
from ui.desk_map.filter import MapFilter
from ui.desk_map.follow import Orders
from ui.desk_map.mark import ground, position
from ui.desk_map.setting import map_settings
from ui.map.marks import OrderMark, TechnicianMark
from ui.map.view import MapView
from ui.models.column import repair, window
from ui.wall.legend import Legend
from ui.wall.size import Scale

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_START_MS: Final = 400
_DATA_PX: Final = 13
_SHARE: Final = 0.7
"""Larger than that, marks would cover the city; counts are drawn so much larger on a page that is read from afar."""
_MOST: Final = 5.0
"""The web engine enlarges no further."""


class MapPage(QWidget):
    """Emits `holding` when a person has moved the view, and when it follows the marks again."""

    holding = Signal(bool)

    def __init__(
        self, session: Session, scale: Scale, release_min: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.held = False
        self.setObjectName("wall_map")
        self.setAccessibleName(t("Map of technicians and orders"))
        # What the marks mean stands below the map: beside them it would cover half the city.
        self.view = MapView(replace(map_settings(profile.load().ui), afar=True), session.now, started=False)
        self.view.enlarge(min(_MOST, _SHARE * scale.unit / _DATA_PX))
        self._legend = Legend(scale)
        self._release = QTimer(self, singleShot=True, interval=release_min * 60_000)
        self._release.timeout.connect(self.release)
        # Out of the window's showing: the web engine makes its window anew when it comes into it.
        self._start = QTimer(self, singleShot=True, interval=_START_MS)
        self._start.timeout.connect(self.view.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scale.px(0.2))
        column.addWidget(self.view, 1)
        column.addWidget(self._legend)
        self._orders = Orders(session, self)
        self._orders.read.connect(self._on_read)
        self._orders.moved.connect(self._on_moved)
        self.view.holding.connect(self._on_holding)
        stop = session.subscribe(changed=self._on_changed, positions=self._on_positions)
        self.destroyed.connect(lambda: stop())
        self._show_all()
        self._orders.show(MapFilter())

    def release(self) -> None:
        """Let the view follow the marks again."""
        self._release.stop()
        self.view.fit()
        self._on_holding(held=False)

    def said(self) -> list[str]:
        """Everything that the page tells in words, its marks' lines included."""
        marks = self.view.marks()
        heads = [each.name if isinstance(each, TechnicianMark) else each.number for each in marks]
        return [*heads, *(words for each in marks for words in each.lines), *self._legend.said()]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._start.start()

    def _on_holding(self, held: bool) -> None:
        if held:
            self._release.start()  # anew with each move: so long after the last one
        else:
            self._release.stop()
        if held != self.held:
            self.held = held
            self.holding.emit(held)

    def _show_all(self) -> None:
        regions = self._session.staff.regions
        mine = [each for each in self._session.all(Technician) if each.region in regions]
        self.view.set_technicians(self._technician(each) for each in mine)
        self.view.set_districts(ground(self._session))
        self._legend.show_marks(self.view.marks())

    def _technician(self, technician: Technician) -> TechnicianMark:
        seen = self._session.positions.get(technician.id)
        return TechnicianMark(
            id=technician.id,
            name=technician.team,
            status=technician.status,
            skills=tuple(name.skill(each) for each in technician.skills),
            position=position(technician.id, seen) if seen else None,
        )

    def _order(self, row: OrderRow) -> OrderMark:
        place = name.district(self._session, row.district)
        return OrderMark(
            id=row.id, number=row.number, status=row.status, urgency=row.urgency, lon=row.lon, lat=row.lat,
            lines=(window(self._session, row), repair(self._session, row), place), approximate=bool(row.approximate),
        )  # fmt: skip

    def _on_read(self, rows: list[OrderRow]) -> None:
        self.view.set_orders(self._order(row) for row in rows)
        self._legend.show_marks(self.view.marks())

    def _on_moved(self, shown: list[OrderRow], gone: set[str]) -> None:
        self.view.put_orders(self._order(row) for row in shown)
        self.view.remove("order", gone)
        self._legend.show_marks(self.view.marks())

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not {"region", "technician"}.isdisjoint(changed.ids):
            self._show_all()

    def _on_positions(self, moved: Mapping[str, Position]) -> None:
        self.view.move_technicians(position(id, seen) for id, seen in moved.items())
