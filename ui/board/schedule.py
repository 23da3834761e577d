"""The plans of some dates as the board shows them: read once, then kept by what changes, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.client.presence import Attendance
from dispatcher_app.client.schedule import Brief, Sheet, brief
from dispatcher_app.client.state import Changed
from dispatcher_app.domain.calendar import midnight, next_date, working
from dispatcher_app.domain.day import Day, day_id, serves
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.pinyin import initials
from ui import name
from ui.board.bar import Bar, bars_of, waiting_bar
from ui.board.lane import Lanes, packed
from ui.board.load import Load, Span, load_of
from ui.board.row import BoardFilter, Grouping, Row, Sort, rows_of
from ui.models.counts import today
from ui.task import Errands, Latest
from ui.watchers import follow, watched

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_MINUTE_MS: Final = 30_000
_MANY: Final = 400
"""Reading everything again is quicker than so many one by one."""


class Schedule(QObject):
    """Emits `loaded` with what was asked for, `arranged` when rows come, go or change places, `touched` with the
    technicians whose row looks otherwise, `lanes_touched`, and `ticked` twice a minute."""

    loaded = Signal()
    arranged = Signal()
    touched = Signal(object)
    lanes_touched = Signal()
    ticked = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.dates: tuple[str, ...] = (today(session),)
        self.filter = BoardFilter()
        self.grouping: Grouping = ""
        self.sort: Sort = "name"
        self.folded: frozenset[str] = frozenset()
        self.rows: tuple[Row, ...] = ()
        self.ready = self.asked = False
        self._technicians: dict[str, Technician] = {}
        self._days: dict[str, Day] = {}
        self._briefs: dict[str, Brief] = {}
        self._where: dict[str, set[str]] = {}
        self._bars: dict[str, tuple[Bar, ...]] = {}
        self._loads: dict[str, Load] = {}
        self._shifts: dict[str, list[Span]] = {}
        self._lanes: Lanes | None = None
        self._watched = watched(session)
        self._noted: dict[str, set[str]] = {"day": set(), "order": set()}
        self._reading, self._following = Latest(self), Errands(self)
        self._read_technicians()
        self._arrange()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        follow(session, self, self._on_presence)
        self._tick = QTimer(self, interval=_MINUTE_MS)
        self._tick.timeout.connect(self.tick)
        self._tick.start()

    # ------------------------------------------------------------ what is asked for
    def show(self, dates: tuple[str, ...]) -> None:
        """From now on these local dates."""
        self.dates = dates
        self._forget()
        self._days, self._briefs = {}, {}
        self.ready = False
        self.reload()
        self._arrange()

    def reload(self) -> None:
        """Read everything again; what is shown stays until it is there."""
        self.asked = True
        self._following.forget()
        for noted in self._noted.values():
            noted.clear()
        self._reading.ask(self.session.schedule(self.dates), self._on_read)

    def set_filter(self, wanted: BoardFilter) -> None:
        """Show only these."""
        if wanted != self.filter:
            self.filter = wanted
            self._lanes = None
            self._arrange()
            self.lanes_touched.emit()

    def set_order(self, grouping: Grouping, sort: Sort) -> None:
        """Show them in these groups, in this order."""
        self.grouping, self.sort = grouping, sort
        self._arrange()

    def fold(self, group: str) -> None:
        """Fold a group, or open it."""
        self.folded = self.folded ^ {group}
        self._arrange()

    # ------------------------------------------------------------ what is shown
    @property
    def timezone(self) -> str:
        """The time zone of the desk's region."""
        return name.timezone(self.session)

    @property
    def technicians(self) -> Mapping[str, Technician]:
        """All whom this desk sees, by id."""
        return self._technicians

    def bars(self, technician: str) -> tuple[Bar, ...]:
        """The visits of a technician on the dates shown, in the order of time."""
        if technician not in self._bars:
            days = [day for date in self.dates if (day := self._days.get(day_id(technician, date)))]
            self._bars[technician] = bars_of(
                days, self._briefs, self._is_shared, self._is_pending, self.session.now(), self._watched
            )
        return self._bars[technician]

    @property
    def lanes(self) -> Lanes:
        """The orders that nobody goes to."""
        if self._lanes is None:
            self._lanes = packed(self._waiting())
        return self._lanes

    def load(self, technician: str) -> Load:
        """How full he is."""
        if technician not in self._loads:
            person = self._technicians.get(technician)
            shifts = self.shifts(technician)
            leaves = person.leaves if person else ()
            self._loads[technician] = load_of(self.bars(technician), shifts, leaves, self.session.now())
        return self._loads[technician]

    def shifts(self, technician: str) -> list[Span]:
        """When he works on the dates shown (UTC ms)."""
        if technician not in self._shifts:
            person = self._technicians.get(technician)
            spans = (working(person, date, self.timezone) for date in self.dates) if person else ()
            self._shifts[technician] = [span for each in spans for span in each]
        return self._shifts[technician]

    def find(self, order: str) -> list[Bar]:
        """Where an order is shown: with whom it is planned, or in the lanes."""
        found = [
            bar for each in sorted(self._rows_with({order})) for bar in self.bars(each) if bar.order == order
        ]
        return found or [bar for lane in self.lanes for bar in lane if bar.order == order]

    def row_of(self, technician: str) -> int:
        """The place of a technician among the rows, -1 where he is not shown."""
        return next((at for at, row in enumerate(self.rows) if row.technician == technician), -1)

    @property
    def policy(self) -> Policy:
        """The figures of the trade in force."""
        return self.session.get(Policy, "policy") or Policy()

    # ------------------------------------------------------------ following
    def look_again(self, orders: Iterable[str], technicians: Iterable[str] = ()) -> None:
        """Show at once what was just submitted about these, before the replica holds it."""
        days = [day_id(each, date) for each in technicians for date in self.dates]
        found = [day for id in days if (day := self.session.get(Day, id))]
        wanted = {stop.order for day in found for stop in day.stops} - self._briefs.keys() | set(orders)
        briefs = {
            id: brief(order, self.session.order_row(id))
            for id in wanted
            if (order := self.session.get(Order, id))
        }
        self._take(Sheet(tuple(found), briefs), set(days), wanted)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything:
            self._read_technicians()
            self._arrange()
            if self.asked:
                self.reload()
            return
        if "technician" in changed.ids or "policy" in changed.ids:
            self._on_technicians(changed.ids.get("technician", frozenset()))
        if not self.asked:
            return
        self._noted["day"] |= {id for id in changed.ids.get("day", ()) if id.rpartition(":")[2] in self.dates}
        self._noted["order"] |= changed.ids.get("order", frozenset())
        self._follow()

    def _follow(self) -> None:
        days, orders = self._noted["day"], self._noted["order"]
        if self._following.busy or self._reading.busy or not (days or orders):
            return
        if len(days) + len(orders) > _MANY:
            self.reload()
            return
        self._noted = {"day": set(), "order": set()}
        self._following.run(
            self.session.schedule_anew(days, orders), lambda sheet: self._on_followed(sheet, days, orders)
        )

    def _on_followed(self, sheet: Sheet, days: set[str], orders: set[str]) -> None:
        # What was noted again since will be read again.
        self._take(self._with_own(sheet), days - self._noted["day"], orders - self._noted["order"])
        QTimer.singleShot(0, self, self._follow)

    def _take(self, sheet: Sheet, days: set[str], orders: set[str]) -> None:
        """Put these plans and orders in the place of what was known of them, and tell which rows that touches."""
        begin, end = self._span
        touched: set[str] = set()
        lanes = False
        found = {day.id: day for day in sheet.days}
        for id in days:
            before, after = self._days.get(id), found.get(id)
            if before == after:
                continue
            touched.add(id.rpartition(":")[0])
            concerned = {stop.order for day in (before, after) if day for stop in day.stops}
            touched |= self._rows_with(concerned)
            self._place(before, after)
            touched |= self._rows_with(concerned)
            lanes |= any(each.waits for id in concerned if (each := self._briefs.get(id)))
            if after is None:
                self._days.pop(id, None)
            else:
                self._days[id] = after
        for id, known in sheet.briefs.items():
            waits = (
                known.waits
                and known.window is not None
                and known.window.start < end
                and begin < known.window.end
            )
            old = self._briefs.get(id)
            if id in self._where or waits:
                self._briefs[id] = known
            elif id in orders:
                self._briefs.pop(id, None)
            if old != self._briefs.get(id) or id in orders:
                touched |= self._rows_with({id})
                lanes |= waits or (old is not None and old.waits)
        for id in touched:
            self._bars.pop(id, None)
            self._loads.pop(id, None)
        if lanes:
            self._lanes = None
        if touched:
            self._rearrange_for(touched)
            self.touched.emit(frozenset(touched))
        if lanes:
            self.lanes_touched.emit()

    def _with_own(self, sheet: Sheet) -> Sheet:
        """What the replica said, with what was done here meanwhile: that is shown already and must not go back."""
        get, pending = self.session.get, self.session.is_pending
        days = [(get(Day, day.id) or day) if pending("day", day.id) else day for day in sheet.days]
        own = {
            id: brief(order, self.session.order_row(id))
            for id in sheet.briefs
            if pending("order", id) and (order := get(Order, id))
        }
        return Sheet(tuple(days), {**sheet.briefs, **own}) if own or days != list(sheet.days) else sheet

    def _on_read(self, read: Sheet) -> None:
        sheet = self._with_own(read)
        self._days = {day.id: day for day in sheet.days}
        self._briefs = dict(sheet.briefs)
        self._where = {}
        for day in sheet.days:
            self._place(None, day)
        self._forget()
        self.ready = True
        self._arrange()
        self.loaded.emit()
        QTimer.singleShot(0, self, self._follow)

    def _on_technicians(self, ids: frozenset[str]) -> None:
        self._read_technicians()
        self._shifts = {}
        for id in ids:
            self._loads.pop(id, None)
        self._arrange()
        self.touched.emit(ids or frozenset(self._technicians))

    def _on_presence(self, news: Attendance) -> None:
        """Somebody at another desk has opened an order, or left it."""
        before, self._watched = self._watched, watched(self.session)
        orders = {id for id in news.orders if before.get(id) != self._watched.get(id)}
        touched = self._rows_with(orders)
        for id in touched:
            self._bars.pop(id, None)
        if touched:
            self.touched.emit(frozenset(touched))
        if any((known := self._briefs.get(id)) is not None and known.waits for id in orders):
            self._lanes = None
            self.lanes_touched.emit()

    def tick(self) -> None:
        """Time has gone on: somebody may be late now, a held hour may have run out."""
        self._watched = watched(self.session)
        before, self._bars, self._loads = self._bars, {}, {}
        self._lanes = None
        changed = frozenset(id for id, bars in before.items() if self.bars(id) != bars)
        self._rearrange_for(changed)
        if changed:
            self.touched.emit(changed)
        self.ticked.emit()

    # ------------------------------------------------------------ inside
    @property
    def _span(self) -> Span:
        return midnight(self.dates[0], self.timezone), midnight(next_date(self.dates[-1]), self.timezone)

    def _forget(self) -> None:
        self._bars, self._loads, self._shifts, self._lanes = {}, {}, {}, None

    def _read_technicians(self) -> None:
        regions = self.session.staff.regions
        self._technicians = {each.id: each for each in self.session.all(Technician) if each.region in regions}

    def _arrange(self) -> None:
        rows = rows_of(self._shown(), self.filter, self.grouping, self.folded, self._rank())
        if rows != self.rows:
            self.rows = rows
            self.arranged.emit()

    def _shown(self) -> Iterable[Technician]:
        if not self.filter.alerts:
            return self._technicians.values()
        return (each for each in self._technicians.values() if any(bar.alerts for bar in self.bars(each.id)))

    def _rearrange_for(self, touched: Iterable[str]) -> None:
        """Only where the order or the choice depends on the plans; whoever is looked at would jump otherwise."""
        if self.filter.alerts and touched:
            self._arrange()

    def _rank(self) -> Callable[[Technician], tuple[int | str, ...]]:
        if self.sort == "free":
            return self._when_free
        if self.sort == "load":
            return lambda each: (-self.load(each.id).percent, initials(each.name), each.id)
        return lambda each: (initials(each.name), each.name, each.id)

    def _when_free(self, technician: Technician) -> tuple[int | str, ...]:
        """Who is free first; who overruns, or is full, comes last."""
        load = self.load(technician.id)
        known = load.free_at is not None and not load.overruns
        return not known, load.free_at or 0, initials(technician.name), technician.id

    def _waiting(self) -> list[Bar]:
        now, wanted = self.session.now(), self.filter
        begin, end = self._span
        date = self.dates[0]
        return [
            waiting_bar(
                each,
                window,
                now,
                date=date,
                pending=self._is_pending(each.id),
                watched=self._watched.get(each.id),
            )
            for each in self._briefs.values()
            if each.waits
            and (window := each.window) is not None
            and window.start < end
            and begin < window.end
            and not self._stands(each)
            and (not wanted.region or each.region == wanted.region)
            and (not wanted.district or each.district == wanted.district)
        ]

    def _stands(self, order: Brief) -> bool:
        """Whether the planner has a place for it on the dates shown."""
        day = self._days.get(order.tentative)
        return day is not None and any(stop.order == order.id and serves(stop) for stop in day.stops)

    def _rows_with(self, orders: Iterable[str]) -> set[str]:
        return {day.rpartition(":")[0] for order in orders for day in self._where.get(order, ())}

    def _place(self, before: Day | None, after: Day | None) -> None:
        """Know in which plans an order stands."""
        for stop in before.stops if before else ():
            if days := self._where.get(stop.order):
                days.discard(before.id if before else "")
                if not days:
                    del self._where[stop.order]
        for stop in after.stops if after else ():
            self._where.setdefault(stop.order, set()).add(after.id if after else "")

    def _is_shared(self, order: str) -> bool:
        """Whether two technicians go to it together."""
        days = [day for id in self._where.get(order, ()) if (day := self._days.get(id))]
        return len({day.technician for day in days if day.stop_of(order)}) > 1

    def _is_pending(self, order: str) -> bool:
        return self.session.is_pending("order", order)
