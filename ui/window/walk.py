"""From one exception to the next (F8): all kinds in their order, each order once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dispatcher_app.client.replica.ask import OrderQuery
from ui.models.counts import EXCEPTIONS, today
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Found = list[tuple[str, str]]
"""Kind and order."""


class ExceptionWalk(QObject):
    """Emits `reached` with (kind, order), `empty` where there is no exception at all."""

    reached = Signal(str, str)
    empty = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._asking = Latest(self)

    def step(self, direction: int, current: str | None, sort: str, conflicts: Iterable[str]) -> None:
        """Go on from the order that is looked at, in the queue's own order within a kind."""
        self._asking.ask(
            self._found(sort, tuple(conflicts)), lambda found: self._on_found(found, direction, current)
        )

    async def _found(self, sort: str, conflicts: tuple[str, ...]) -> Found:
        found: dict[str, str] = {}
        for kind in EXCEPTIONS:
            query = OrderQuery(view=kind, today=today(self._session), sort=sort)
            for _key, id in await self._session.order_keys(query):
                found.setdefault(id, kind)
        for id in conflicts:
            found.setdefault(id, "attention")
        return [(kind, id) for id, kind in found.items()]

    def _on_found(self, found: Found, direction: int, current: str | None) -> None:
        if not found:
            self.empty.emit()
            return
        ids = [id for _kind, id in found]
        first = 0 if direction > 0 else -1
        at = ids.index(current) + direction if current in ids else first
        self.reached.emit(*found[at % len(found)])
