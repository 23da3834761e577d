"""The orders on the map, following the replica by differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.state import Changed
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.rows import OrderRow
from ui import name
from ui.desk_map.filter import MapFilter
from ui.models.counts import today
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_PAGE: Final = 500
_FEW: Final = 200
_DAY_MS: Final = 60_000

MOST: Final = 5_000
"""Orders drawn at most, the most urgent ones: more than that nobody reads on a map, and each costs memory."""


class Orders(QObject):
    """Emits `read` with the rows that a filter shows, then `moved` with (rows to show, ids to take off).

    `left_out` says how many more there are than are drawn.
    """

    read = Signal(object)
    left_out = Signal(int)
    moved = Signal(object, object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._filter = MapFilter()
        self._date = today(session)
        self._pending: set[str] = set()
        self._reading, self._following = Latest(self), Latest(self)
        self._busy = False
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        day = QTimer(self, interval=_DAY_MS)
        day.timeout.connect(self._on_minute)
        day.start()

    def show(self, wanted: MapFilter) -> None:
        """From now on the orders of this filter."""
        self._filter = wanted
        self._date = today(self._session)
        self._following.forget()
        self._busy = False
        self._reading.ask(self._read(wanted, self._date), self.read.emit)

    async def _read(self, wanted: MapFilter, date: str) -> list[OrderRow]:
        ids: dict[str, None] = {}
        for view in wanted.views():
            query = OrderQuery(view=view, today=date)
            ids.update(dict.fromkeys(id for _, id in await self._session.order_keys(query)))
        found: list[OrderRow] = []
        every = list(ids)[:MOST]
        self.left_out.emit(len(ids) - len(every))
        for begin in range(0, len(every), _PAGE):
            rows = await self._session.order_rows(every[begin : begin + _PAGE])
            found += [row for row in rows.values() if self._shows(row)]
        return found

    def _shows(self, row: OrderRow) -> bool:
        regions = tuple(self._session.staff.regions)
        zone = name.timezone(self._session)
        item = self._session.get(Item, row.item) if self._filter.skill else None
        return self._filter.shows(row, regions, self._date, zone, item.skill if item else None)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything:
            self.show(self._filter)
        elif ids := changed.ids.get("order"):
            self._pending |= ids
            self._follow()

    def _follow(self) -> None:
        if self._busy or not self._pending:
            return
        if len(self._pending) > _FEW:
            self._pending.clear()
            self.show(self._filter)
            return
        self._busy = True
        ids, self._pending = self._pending, set()
        self._following.ask(self._rows(ids), lambda rows: self._on_rows(ids, rows))

    async def _rows(self, ids: set[str]) -> list[OrderRow]:
        return list((await self._session.order_rows(list(ids))).values())

    def _on_rows(self, ids: set[str], rows: list[OrderRow]) -> None:
        self._busy = False
        shown = [row for row in rows if self._shows(row)]
        self.moved.emit(shown, ids - {row.id for row in shown})
        self._follow()

    def _on_minute(self) -> None:
        if today(self._session) != self._date:
            self.show(self._filter)
