"""What a wall tells of the day: counts, the most pressing orders, the figures; asked anew while things change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.state import Changed
from dispatcher_app.client.tally import Tally
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.rows import OrderRow
from ui import format, name
from ui.mark import Mark
from ui.models.column import repair, window
from ui.models.counts import EXCEPTIONS, Counts, today
from ui.strip import KINDS
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

SHOWN: Final = 8
"""Orders told of one by one; more than that nobody reads from afar."""
_SETTLE_MS: Final = 1_000
_AGAIN_MS: Final = 20_000
_TOLD_BY: Final = frozenset({"order", "day", "technician", "region", "policy"})


@dataclass(frozen=True, slots=True)
class Pressing:
    """An order that wants a person, in words that name nobody."""

    mark: Mark
    number: str
    place: str
    what: str
    when: str

    def said(self) -> tuple[str, ...]:
        """All that is written about it."""
        return (self.mark.label(), self.number, self.place, self.what, self.when)


class News(QObject):
    """Emits `read` when there is something new to show; one for all screens of a wall."""

    read = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.counts: dict[str, int] = {}
        self.pressing: tuple[Pressing, ...] = ()
        self.tally: Tally | None = None
        self._asking = Latest(self)
        self._counting = Counts(session, self)
        self._counting.counted.connect(self._on_counted)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._ask)
        again = QTimer(self, interval=_AGAIN_MS)
        again.timeout.connect(self._ask)
        again.start()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self._ask()

    @property
    def total(self) -> int:
        """Exceptions of all kinds together."""
        return sum(self.counts.get(kind, 0) for kind in EXCEPTIONS)

    def _on_changed(self, changed: Changed) -> None:
        if (changed.everything or not _TOLD_BY.isdisjoint(changed.ids)) and not self._soon.isActive():
            self._soon.start()

    def _on_counted(self, counts: dict[str, int]) -> None:
        self.counts = dict(counts)
        self.read.emit()

    def _ask(self) -> None:
        self._asking.ask(self._read(), self._on_read)

    async def _read(self) -> tuple[tuple[Pressing, ...], Tally | None]:
        date = today(self._session)
        found: dict[str, str] = {}
        for kind in EXCEPTIONS:
            if len(found) >= SHOWN:
                break
            for _key, id in (await self._session.order_keys(OrderQuery(view=kind, today=date)))[:SHOWN]:
                found.setdefault(id, kind)
        wanted = list(found)[:SHOWN]
        rows = await self._session.order_rows(wanted)
        pressing = tuple(pressed(self._session, found[id], rows[id]) for id in wanted if id in rows)
        try:
            return pressing, await self._session.tally(date)
        except Rejected:  # the region has not been read yet
            return pressing, None

    def _on_read(self, read: tuple[tuple[Pressing, ...], Tally | None]) -> None:
        self.pressing, self.tally = read
        self.read.emit()


def pressed(session: Session, kind: str, row: OrderRow) -> Pressing:
    """What a wall says of an order: never whose it is, nor who goes there."""
    return Pressing(
        mark=KINDS[kind],
        number=name.split_number(row.number)[1] or row.number,
        place=name.district(session, row.district),
        what=repair(session, row),
        when=_when(session, row),
    )


def _when(session: Session, row: OrderRow) -> str:
    """The promised hours; the day only where it is not today, for there is little room."""
    begin, end, zone = row.window_start, row.window_end, name.timezone(session)
    if begin is None or end is None or local_date(begin, zone) != today(session):
        return window(session, row)
    return f"{format.clock(begin, zone)}–{format.clock(end, zone)}"
