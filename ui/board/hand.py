"""The hand that holds visits over the board, by mouse or by keys: where they are led, and what would come of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Broken, Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.matching import OVERRIDABLE
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.planning.ghost import Ghost
from dispatcher_app.planning.handful import Handful, Place, ghosts, instead_of, learn
from ui import name, notify
from ui.board.drop import dropped, taken_off
from ui.board.taken import Taken, aimed, take
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_AGAIN_MS: Final = 300
"""So often at most everything is asked for anew while somebody drags: single plans are taken in at once."""


class Hand(QObject):
    """Emits `changed` when what it holds is led elsewhere or other things would come of it, `ended` when it is empty,
    and `held` with the orders that nobody else should touch meanwhile, none when it lets go."""

    changed = Signal()
    ended = Signal()
    held = Signal(tuple)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.taken: tuple[Taken, ...] = ()
        self.lead = ""
        self.places: dict[str, Place] = {}
        self.off = False
        """It is held where nobody goes: letting go takes the technicians off."""
        self.found: dict[str, Ghost] = {}
        self.by_keys = False
        self._row_of: dict[str, str] = {}
        self._handful: Handful | None = None
        self._dates: tuple[str, ...] = ()
        self._asking = Latest(self)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._ask)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    # ------------------------------------------------------------ taking and letting go
    @property
    def full(self) -> bool:
        """Whether it holds anything."""
        return bool(self.taken)

    @property
    def reckoned(self) -> bool:
        """Whether it is known what would come of it."""
        return self._handful is not None

    def take(
        self,
        orders: Sequence[str],
        lead: str,
        dates: tuple[str, ...],
        row: str = "",
        *,
        by_keys: bool = False,
    ) -> bool:
        """Hold these, `row` being whose the lead was taken from; who may not move is left, and said. Was any taken?"""
        self.let_go()
        found = {id: take(self._session, id) for id in dict.fromkeys((lead, *orders))}
        refused = {id: each for id, each in found.items() if isinstance(each, Rejected)}
        for id, reason in refused.items():
            number = name.split_number(name.order(self._session, id))[1]
            notify.warning(f"{number}: {name.refusal(self._session, reason)}")
        taken = tuple(each for each in found.values() if isinstance(each, Taken))
        if not taken or lead in refused:
            return False
        self.taken, self.lead, self._dates, self.by_keys = taken, lead, dates, by_keys
        first = self.first
        # Whoever takes a visit at the row of one who comes along means the visit, not to send him alone.
        self._row_of = {row: first.technician} if first.technician and row in first.helpers else {}
        self.places = {each.order: each.place for each in taken if each.place is not None}
        self._ask()
        self.held.emit(tuple(each.order for each in taken))
        self.changed.emit()
        return True

    @property
    def first(self) -> Taken:
        """The one that leads."""
        return next(each for each in self.taken if each.order == self.lead)

    @property
    def place(self) -> Place | None:
        """Where the lead is held."""
        return self.places.get(self.lead) if not self.off else None

    def aim(self, technician: str, start: int) -> None:
        """Hold the lead over a technician's row at a start (UTC ms), the others with it."""
        places = aimed(self.taken, self.lead, self._row_of.get(technician, technician), start)
        if places != self.places or self.off:
            self.places, self.off = places, False
            self._reckon()

    def aim_off(self) -> None:
        """Hold all of it where nobody goes."""
        if not self.off:
            self.off, self.found = True, {}
            self.changed.emit()

    def let_go(self) -> None:
        """Put everything back where it was."""
        if not self.taken:
            return
        self.taken, self.lead, self.places, self.found, self.off = (), "", {}, {}, False
        self._handful, self._row_of = None, {}
        self._asking.forget()
        self._again.stop()
        self.held.emit(())
        self.ended.emit()

    # ------------------------------------------------------------ what would come of it
    @property
    def moved(self) -> bool:
        """Whether letting go would change anything."""
        if self.off:
            return any(each.sent for each in self.taken)
        return any(
            self.places.get(each.order) not in (None, each.place) or not each.sent for each in self.taken
        )

    @property
    def broken(self) -> tuple[Broken, ...]:
        """The hard rules that letting go here would break, each once."""
        codes = {
            (each.code, str(each.params)): each for ghost in self.found.values() for each in ghost.broken
        }
        return tuple(codes.values())

    @property
    def overridable(self) -> bool:
        """Whether this person may let these rules go, with a reason."""
        return self.may_override and all(each.code in OVERRIDABLE for each in self.broken)

    @property
    def may_override(self) -> bool:
        """Whether this person lets rules go at all."""
        return role.holds(self._session.actor, role.OVERRIDES)

    @property
    def outside(self) -> tuple[str, ...]:
        """The visits that would begin outside what was promised."""
        return tuple(
            id
            for id, each in self.found.items()
            if any(said.code == "outside_window" for said in each.remarks)
        )

    def command(self) -> object | None:
        """What letting go here means, None where it means nothing."""
        if not self.moved:
            return None
        if self.off:
            return taken_off(self.taken)
        return dropped([self._as_planned(each) for each in self.taken], self.places)

    def _as_planned(self, each: Taken) -> Taken:
        """The same, from where the planner has put it meanwhile: what nobody was told of, a person just takes."""
        now = take(self._session, each.order) if not each.sent else each
        return now if isinstance(now, Taken) and not now.sent else each

    # ------------------------------------------------------------ keeping up
    def _ask(self) -> None:
        if self.taken:
            orders = tuple(each.order for each in self.taken)
            dates = {local_date(start, name.timezone(self._session)) for _, start in self.places.values()}
            self._asking.ask(self._known(orders, sorted(dates | set(self._dates))), self._on_reckoned)

    async def _known(self, orders: Sequence[str], dates: Sequence[str]) -> Handful | None:
        """What can be said at once is shown at once; better known drives follow. None where an order is gone."""
        try:
            self._on_reckoned(found := await self._session.handful(orders, dates))
        except Rejected as rejected:
            notify.warning(name.refusal(self._session, rejected))
            return None
        return instead_of(found, await self._session.by_roads(found))

    def _on_reckoned(self, handful: Handful | None) -> None:
        if handful is None:
            self.let_go()
        else:
            self._handful = handful
            self._reckon()

    def _reckon(self) -> None:
        """Ask what comes of it here, which takes a few milliseconds."""
        self.found = {}
        if self._handful is not None and self.places and not self.off:
            known = next(iter(self._handful.drags.values())).plan.crew.rows
            if all(technician in known for technician, _ in self.places.values()):
                self.found = ghosts(self._handful, self.places)
        self.changed.emit()

    def _on_changed(self, changed: Changed) -> None:
        """Somebody else, or the planner, has changed something while it is held: the ghosts follow."""
        if not self.taken:
            return
        held = {each.order for each in self.taken}
        if changed.everything or "technician" in changed.ids or held & changed.ids.get("order", frozenset()):
            if not self._again.isActive():
                self._again.start()
            return
        days = [self._session.get(Day, id) for id in changed.ids.get("day", ())]
        plans = [day for day in days if day is not None and day.date in self._dates]
        if plans and self._handful is not None:
            learn(self._handful, plans, self._windows(plans))
            if {day.technician for day in plans} & {technician for technician, _ in self.places.values()}:
                self._reckon()

    def _windows(self, days: Sequence[Day]) -> dict[str, Window]:
        found = (self._session.get(Order, stop.order) for day in days for stop in day.stops)
        return {order.id: order.window for order in found if order is not None and order.window is not None}
