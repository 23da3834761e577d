"""The data-health list as this desk's copy has it, made anew when what it speaks of has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Category, Item, Part
from dispatcher_app.domain.health import MENDS, Known, Problem, mendable, problems
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.rule.facts import price_book
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.traffic import Traffic
from ui.task import Latest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatcher_app.client.session import Session
    from dispatcher_app.client.state import Changed

KINDS: Final = frozenset(
    {"region", "category", "item", "part", "price_book", "series", "holiday_year", "technician", "traffic"}
)
"""What the list is made from, besides orders: those are counted by the replica's index."""

_SETTLE_MS: Final = 1500
_AGAIN_MS: Final = 3_600_000


class Health(QObject):
    """Emits `found` with the problems of catalogue, prices and technicians that are this person's to mend."""

    found = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.problems: tuple[Problem, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self.look)
        # Certificates expire and years begin without anybody doing anything.
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self.look)
        self._again.start()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self._soon.start()

    def look(self) -> None:
        """Make the list now."""
        roles = self._session.staff.roles
        others = [kind for kind in MENDS if kind != "order"]
        if all(MENDS[kind].isdisjoint(roles) for kind in others):
            return
        made = mendable(problems(known(self._session)), roles)
        if made != self.problems:
            self.problems = made
            self.found.emit(made)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not KINDS.isdisjoint(changed.ids):
            self._soon.start()


class OrderHealth(QObject):
    """Emits `found` with the problems of open orders, asked for when a screen shows them one by one."""

    found = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._asking = Latest(self)

    def look(self) -> None:
        """Ask the replica."""
        self._asking.ask(self._orders(), self.found.emit)

    async def _orders(self) -> tuple[Problem, ...]:
        keys = await self._session.order_keys(OrderQuery(view="approximate"))
        rows = await self._session.order_rows([id for _key, id in keys])
        now = self._session.now()
        return problems(
            Known(
                now=now,
                approximate=[row.id for row in rows.values() if row.approximate],
                unconfirmed=[row.id for row in rows.values() if not row.approximate],
            )
        )


def known(session: Session) -> Known:
    """Everything of the company that this desk holds, orders left out."""
    regions = session.all(Region)
    return Known(
        now=session.now(),
        regions=regions,
        categories=session.all(Category),
        items=session.all(Item),
        parts=session.all(Part),
        books=books(session, regions),
        technicians=session.all(Technician),
        years=frozenset(each.id for each in session.all(HolidayYear)),
        traffic=session.all(Traffic),
    )


def books(session: Session, regions: Iterable[Region]) -> dict[str, PriceBook | None]:
    """The prices in force by region, None where there are none."""
    found: dict[str, PriceBook | None] = {}
    for region in regions:
        try:
            found[region.id] = price_book(session, region.id, session.now())
        except Rejected:
            found[region.id] = None
    return found
