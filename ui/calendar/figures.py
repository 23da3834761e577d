"""The figures behind a calendar: asked of the replica in the background, and again for what has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.capacity import Capacity, Slot
from ui import name
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_CHUNK: Final = 7
"""So many columns are asked at once: other questions are answered between two of them."""
_SOON_MS: Final = 250
_LOOKED_AT: Final = 40
"""Orders of which it is looked up on which date they count; where more change at once, all dates are asked again."""
_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Load:
    """Some technicians in one slot, in minutes; `off` are those without a shift in it."""

    shift: int = 0
    away: int = 0
    load: int = 0
    visits: int = 0
    people: int = 0
    off: int = 0
    leave: int = 0

    @property
    def work(self) -> int:
        """The minutes that can be worked."""
        return self.shift - self.away

    @property
    def percent(self) -> int | None:
        """How much of it is taken, None where nobody works."""
        return round(100 * self.load / self.work) if self.work > 0 else None


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """One answer, with the row of each technician in it."""

    capacity: Capacity
    rows: dict[str, int]

    def rows_of(self, people: Iterable[str]) -> list[int]:
        return [row for id in people if (row := self.rows.get(id)) is not None]


class Figures(QObject):
    """Emits `came` when columns have come; what is shown stays until newer figures are there."""

    came = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._slots: tuple[Slot, ...] = ()
        self._known: dict[Slot, tuple[_Answer, int]] = {}
        self._stale: set[Slot] = set()
        self._orders: set[str] = set()
        self._people: dict[str, Any] = {}
        self._errands = Errands(self)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._ask)
        # Of today less and less is left.
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._minute.timeout.connect(lambda: self._spoil({self._today()}))
        self._minute.start()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def show(self, slots: Sequence[Slot]) -> None:
        """From now on these columns are wanted."""
        if not self._people:
            self._otherwise([each.id for each in self._session.all(Technician)])
        self._slots = tuple(slots)
        kept = set(self._slots)
        self._known = {slot: known for slot, known in self._known.items() if slot in kept}
        self._stale = {slot for slot in kept if slot not in self._known} | (self._stale & kept)
        self._ask()

    @property
    def complete(self) -> bool:
        """Whether every column has come once."""
        return bool(self._slots) and all(slot in self._known for slot in self._slots)

    @property
    def settled(self) -> bool:
        """Whether nothing is on its way."""
        return self.complete and not self._stale and not self._errands.busy and not self._soon.isActive()

    def load(self, slot: Slot, people: Sequence[str]) -> Load | None:
        """How much of their time is taken, None while nobody knows."""
        if (known := self._known.get(slot)) is None:
            return None
        answer, column = known
        rows, figures = answer.rows_of(people), answer.capacity
        if len(rows) == 1:
            at = rows[0], column
            worked, gone = int(figures.shift[at]), int(figures.away[at])
            return Load(
                worked,
                gone,
                int(figures.load[at]),
                int(figures.visits[at]),
                1,
                int(worked == 0),
                int(gone > 0),
            )
        shift, away = figures.shift[rows, column], figures.away[rows, column]
        return Load(
            shift=int(shift.sum()),
            away=int(away.sum()),
            load=int(figures.load[rows, column].sum()),
            visits=int(figures.visits[rows, column].sum()),
            people=len(rows),
            off=int((shift == 0).sum()),
            leave=int((away > 0).sum()),
        )

    def free(self, slot: Slot, people: Sequence[str], skill: str) -> int | None:
        """How many more visits of a skill fit with them, None while nobody knows."""
        if (known := self._known.get(slot)) is None:
            return None
        answer, column = known
        found = answer.capacity.free.get(skill)
        return 0 if found is None else int(found[answer.rows_of(people), column].sum())

    def waiting(self, slot: Slot, skill: str) -> int:
        """How many promises of a skill have no place yet."""
        known = self._known.get(slot)
        found = known[0].capacity.waiting.get(skill) if known is not None else None
        return 0 if known is None or found is None else int(found[known[1]])

    @property
    def minutes(self) -> dict[str, int]:
        """How long a visit of each skill is taken to be."""
        return next((dict(answer.capacity.minutes) for answer, _ in self._known.values()), {})

    # ------------------------------------------------------------ asking
    def _today(self) -> str:
        return local_date(self._session.now(), name.timezone(self._session))

    def _ask(self) -> None:
        if self._errands.busy:
            return
        if self._orders:
            self._spoil_orders()
        # What nobody has seen yet comes first.
        wanted = sorted(
            (slot for slot in self._slots if slot in self._stale), key=lambda slot: slot in self._known
        )
        if wanted and self._session.region is not None:
            chunk = wanted[:_CHUNK]
            self._stale.difference_update(chunk)
            self._errands.run(self._answer(chunk), lambda found: self._on_answer(chunk, found))

    async def _answer(self, slots: Sequence[Slot]) -> Capacity | None:
        try:
            return await self._session.availability(slots)
        except Rejected:
            return None  # the region has gone from the replica, which is being filled anew

    def _on_answer(self, chunk: Sequence[Slot], found: Capacity | None) -> None:
        if found is not None:
            answer = _Answer(found, {id: row for row, id in enumerate(found.people)})
            self._known.update({slot: (answer, at) for at, slot in enumerate(chunk) if slot in self._slots})
            self.came.emit()
        if self._stale:
            self._soon.start(0 if any(slot not in self._known for slot in self._stale) else _SOON_MS)

    # ------------------------------------------------------------ what has changed
    def _on_changed(self, changed: Changed) -> None:
        ids = changed.ids
        if changed.everything or not {"item", "policy", "region"}.isdisjoint(ids):
            self._spoil(None)
            return
        if "technician" in ids and self._otherwise(ids["technician"]):
            self._spoil(None)
        if "day" in ids:
            self._spoil({id.rpartition(":")[2] for id in ids["day"]})
        if "order" in ids:
            self._orders.update(ids["order"])
            self._hurry()

    def _otherwise(self, ids: Collection[str]) -> bool:
        """Whether one of these works otherwise than before; being online or busy is nothing to a calendar."""
        other = False
        for id in ids:
            each = self._session.get(Technician, id)
            said = each and (
                each.shifts, each.exceptions, each.leaves, each.skills, each.suspended, each.daily_limit, each.region
            )  # fmt: skip
            other |= id not in self._people or self._people[id] != said
            self._people[id] = said
        return other

    def _spoil(self, dates: Collection[str] | None) -> None:
        """These dates, or all, are asked again."""
        self._stale |= {slot for slot in self._slots if dates is None or slot.date in dates}
        self._hurry()

    def _spoil_orders(self) -> None:
        changed, self._orders = self._orders, set()
        if len(changed) > _LOOKED_AT:
            self._stale |= set(self._slots)
            return
        timezone = name.timezone(self._session)
        found = (self._session.get(Order, id) for id in changed)
        dates = {
            local_date(each.window.start, timezone) for each in found if each is not None and each.window
        }
        self._stale |= {slot for slot in self._slots if slot.date in dates}

    def _hurry(self) -> None:
        if (self._stale or self._orders) and not self._soon.isActive():
            self._soon.start(_SOON_MS)
