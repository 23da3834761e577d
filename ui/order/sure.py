"""Surer drives of the last few candidates: asked of whoever knows the traffic of this moment, where somebody does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from dispatcher_app.client.api import Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import HOUR_MS
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.order import Order
from dispatcher_app.planning.rank import Eligible, Ranking
from dispatcher_app.planning.spots import sound
from dispatcher_app.planning.travel import Travel
from ui.order.whence import whence
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_FEW: Final = 5
SOON_MS: Final = HOUR_MS
"""Who sets out later than that drives through another traffic than today's of this moment."""
SUREST: Final = frozenset[TravelSource]({"amap"})
"""Those who are asked about a few drives only, since they count them."""


@dataclass(frozen=True, slots=True)
class Drive:
    """How long (seconds) a candidate drives now, and how many minutes that makes him late."""

    seconds: int
    late: int


class SureDrives(QObject):
    """Emits `known` with the drives by technician; nothing where nobody knows them better than the ranking."""

    known = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._asking = Latest(self)

    def ask(self, order: Order, ranking: Ranking) -> None:
        """Ask about the best few who set out soon."""
        self._asking.forget()
        by = self._session.now() + SOON_MS
        found = [
            (each, place[0])
            for each in ranking.eligible[:_FEW]
            if each.arrival - each.drive_s * 1000 <= by
            and (place := whence(self._session, each.technician, each.after_order)) is not None
        ]
        if not found or not sound(order.point):
            return

        async def ask() -> Travel | None:
            try:
                return await self._session.sure_drives([place for _, place in found], order.point)
            except (Offline, Rejected):
                return None

        self._asking.ask(ask(), lambda drives: self._on_answer([each for each, _ in found], drives))

    def _on_answer(self, found: list[Eligible], drives: Travel | None) -> None:
        sure = {
            each.technician: drive(each, int(drives.seconds[row, 0]))
            for row, each in enumerate(found)
            if drives is not None and drives.source_at(row, 0) in SUREST
        }
        if sure:
            self.known.emit(sure)


def drive(found: Eligible, seconds: int) -> Drive:
    """The drive, and what comes of it where it takes longer than was thought."""
    arrival = found.arrival + (seconds - found.drive_s) * 1000
    return Drive(seconds, max(0, -(-(arrival - found.start) // 60_000)))
