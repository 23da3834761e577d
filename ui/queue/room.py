"""How the columns share a narrow queue: what matters least gives way, so that the repair can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatcher_app.domain.catalogue import Item
from ui import name, theme
from ui.models.column import COLUMNS

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetrics
    from PySide6.QtWidgets import QTableView

    from dispatcher_app.client.session import Session

_GIVING: Final = (("phone", 0), ("name", 58), ("technician", 62), ("status", 38))
"""The columns that give way, first to last, and the pixels (at 100 %) they keep; the status keeps its picture."""
_MOST: Final = 0.8
"""The share of all repairs of the catalogue that can be read whole."""
_AT: Final = {column.id: at for at, column in enumerate(COLUMNS)}


class Room:
    """Fits the columns to the width of a table, and gives back what it took once there is room."""

    def __init__(self, table: QTableView, session: Session) -> None:
        self._table, self._session = table, session
        self._taken: dict[str, int] = {}
        self._asked_for: set[str] = set()
        self._repair: tuple[int, int] = (0, 0)

    def fit(self) -> None:
        """Share the width that there is now."""
        self.give_back()
        look, item, compound = theme.current(), _AT["item"], _AT["compound"]
        place = 0 if self._table.isColumnHidden(compound) else look.px(COLUMNS[compound].width)
        wanted = self._repair_width()
        for id, least in _GIVING:
            missing = wanted + place - self._left()
            was = self._table.columnWidth(_AT[id])
            if missing <= 0:
                break
            if id in self._asked_for or self._table.isColumnHidden(_AT[id]) or was <= look.px(least):
                continue
            self._taken[id] = was
            if least:
                self._table.setColumnWidth(_AT[id], look.px(least))
            else:
                self._table.setColumnHidden(_AT[id], True)
        for id, was in list(self._taken.items()):  # what a later one made needless
            if self._left() - wanted - place >= was - self._shown_width(id):
                self._give_back(id)
        spare = self._left() - wanted - place
        if place:
            place += max(spare, 0) // 2
            self._table.setColumnWidth(compound, place)
        self._table.setColumnWidth(item, max(self._left() - place, look.px(COLUMNS[item].width)))

    def give_back(self) -> None:
        """The columns as the person left them."""
        for id in list(self._taken):
            self._give_back(id)

    def show(self, at: int, shown: bool) -> None:
        """The person wants a column or not, however little room there is."""
        id = COLUMNS[at].id
        self._taken.pop(id, None)
        self._asked_for = self._asked_for | {id} if shown else self._asked_for - {id}
        self._table.setColumnHidden(at, not shown)
        self.fit()

    def _give_back(self, id: str) -> None:
        self._table.setColumnHidden(_AT[id], False)
        self._table.setColumnWidth(_AT[id], self._taken.pop(id))

    def _shown_width(self, id: str) -> int:
        return 0 if self._table.isColumnHidden(_AT[id]) else self._table.columnWidth(_AT[id])

    def _left(self) -> int:
        """What the other columns leave to repair and compound."""
        others = (id for id in _AT if id not in ("item", "compound"))
        return self._table.viewport().width() - sum(map(self._shown_width, others))

    def _repair_width(self) -> int:
        """Room for most of what the catalogue can say, in the language spoken."""
        items = self._session.all(Item)
        if self._repair[0] != len(items):
            metrics: QFontMetrics = self._table.fontMetrics()
            widths = sorted(
                metrics.horizontalAdvance(f"{name.item(self._session, item.id)} {said}")
                for item in items
                for said in (name.fault(self._session, item.id, fault.id) for fault in item.faults)
            )
            most = widths[int(len(widths) * _MOST)] if widths else 0
            self._repair = len(items), most + theme.current().space(4)
        return max(self._repair[1], theme.current().px(COLUMNS[_AT["item"]].width))
