"""Who is asked now: one with a countdown and who comes after him, or all in the grab pool and who wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import PoolOrder
from dispatcher_app.domain.order import Grab, Order, Pool, Told
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.pool import first_told, ranked
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.choose import in_line, reached
from dispatcher_app.planning.rank import Ranking
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.controls.section import Section, label
from ui.mark import mark
from ui.order.countdown import Countdown
from ui.submit import submit
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_TECHNICIAN: Final = Qt.ItemDataRole.UserRole
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROWS: Final = 7


class Asked(Section):
    """Emits `candidate_chosen` (technician or "", start or None) when another of those in the pool becomes current."""

    candidate_chosen = Signal(str, object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Who is asked"), parent)
        self._session = session
        self._order: Order | None = None
        self._asking = Latest(self)
        self.countdown = Countdown(session)
        self.countdown.setObjectName("asked_countdown")
        self._next = label("", "small", wrap=True)
        self._next.setObjectName("next_in_line")
        self.told = _Rings(t("Technicians who were told"))
        self.told.setObjectName("pool_told")
        self.told.currentItemChanged.connect(lambda now, _before: self._on_current(now))
        for part in (self.countdown, self._next, self.told):
            self.body.addWidget(part)

    def show_order(self, order: Order) -> None:
        """Show who is asked about an order, nothing where nobody is."""
        if self._order is None or self._order.id != order.id:
            self._next.clear()
        self._order = order
        offer = order.offer if order.status == "offered" and order.pool is None else None
        self.told.setVisible(order.pool is not None)
        self._next.setVisible(order.pool is None)
        if order.pool is not None:
            self._show_pool(order.pool)
        elif offer is not None and offer.technician:
            # Who it is, and how long he has, stands at the top of the order.
            self.set_title(t("Who is asked"))
            self.set_count(name.technician(self._session, offer.technician))
            self.countdown.show_until("", None)
        else:
            self.countdown.show_until("", None)

    def show_ranking(self, ranking: Ranking | None) -> None:
        """Say who is asked next, by the ranking of this order."""
        order = self._order
        if order is None or ranking is None or ranking.order != order.id or order.pool is not None:
            return
        online = {each.id for each in self._session.all(Technician) if each.status == "online"}
        line = in_line(ranking, order, online)
        if line:
            who = name.technician(self._session, line[0].technician)
            self._next.setText(t("Next in line: {technician} ({n} in line)", technician=who, n=len(line)))
        else:
            self._next.setText(t("Nobody is next in line: after him the order waits here."))

    def put_in_pool(self, order: Order, say: Callable[[str], object]) -> None:
        """Find out whom the first ring reaches, then tell them; `say` is told why not, with "" first."""
        say("")

        async def ask() -> Ranking | None:
            try:
                return await self._session.rank(order.id)
            except (Offline, Rejected):
                return None

        def tell(ranking: Ranking | None) -> None:
            told = first_told(self._reached(order, ranking)) if ranking is not None else ()
            if told:
                command = PoolOrder(order=order.id, told=told)
                submit(self._session, command, lambda said, _why: say(said))
            else:
                say(name.refusal(self._session, Rejected("nobody_to_tell")))

        self._asking.ask(ask(), tell)

    def _reached(self, order: Order, ranking: Ranking) -> tuple[Told, ...]:
        session = self._session
        seen = {id: (Point(each.lon, each.lat), each.at) for id, each in session.positions.items()}
        policy = session.get(Policy, "policy") or Policy()
        return reached(ranking, order, session.all(Technician), seen, policy, session.now())

    # ------------------------------------------------------------ the pool
    def _show_pool(self, pool: Pool) -> None:
        self.set_title(t("Grab pool"))
        self.set_count(t("{n} told · {wanted} want it", n=len(pool.told), wanted=len(pool.grabs)))
        rings = (self._session.get(Policy, "policy") or Policy()).grab_rings_m
        self.countdown.show_until(*_phase(pool, rings))
        self.told.show_rows(self._session, pool, rings)

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        who = item.data(0, _TECHNICIAN) if item is not None else None
        pool = self._order.pool if self._order else None
        told = next((each for each in pool.told if each.technician == who), None) if pool else None
        self.candidate_chosen.emit(who or "", told.start if told else None)


class _Rings(QTreeWidget):
    """The rings with those whom each has reached; whoever wants it stands out, with his points."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(theme.current().space(2))
        self.setUniformRowHeights(True)
        self.setAccessibleName(words)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        for column, mode in enumerate(
            (QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.ResizeToContents,
             QHeaderView.ResizeMode.ResizeToContents)
        ):  # fmt: skip
            self.header().setSectionResizeMode(column, mode)
        self._shown: tuple[object, ...] = ()

    def show_rows(self, session: Session, pool: Pool, rings_m: tuple[int, ...]) -> None:
        """Show who was told and who wants it; the caret stays on its technician."""
        state = (theme.current(), pool.told, pool.grabs, rings_m, pool.ring)
        if state == self._shown:
            return
        self._shown = state
        current = self.currentItem()
        chosen = current.data(0, _TECHNICIAN) if current is not None else None
        self.blockSignals(True)
        self.clear()
        rows = 0
        wishes = {each.technician: (at, each) for at, each in enumerate(ranked(pool.grabs))}
        for ring in range(pool.ring + 1):
            told = [each for each in pool.told if min(each.ring, pool.ring) == ring]
            if not told:
                continue
            head = QTreeWidgetItem([_ring_word(ring, rings_m), "", t("{n} told", n=len(told))])
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.setForeground(0, theme.current().colour("muted"))
            head.setForeground(2, theme.current().colour("muted"))
            head.setTextAlignment(2, _RIGHT)
            self.addTopLevelItem(head)
            for each in sorted(
                told, key=lambda one: (wishes.get(one.technician, (99, None))[0], one.distance_m)
            ):
                item = _row(session, each, wishes.get(each.technician))
                head.addChild(item)
                if each.technician == chosen:
                    self.setCurrentItem(item)
            rows += 1 + len(told)
        self.expandAll()
        self.blockSignals(False)
        self.setFixedHeight(min(rows, _ROWS) * theme.current().px(31) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isalnum():
            event.accept()  # letters are no commands, and no blind search either
        else:
            super().keyPressEvent(event)


def _row(session: Session, told: Told, wish: tuple[int, Grab] | None) -> QTreeWidgetItem:
    now, timezone = session.now(), name.timezone(session)
    known = session.get(Technician, told.technician)
    where = t("{distance} away", distance=format.distance(told.distance_m))
    when = t("arrives {when}", when=format.moment(told.start, now, timezone))
    said = ""
    if wish is not None:
        points = t("{n} points", n=f"{wish[1].score:.0f}")
        said = t("first · {points}" if wish[0] == 0 else "wants it · {points}", points=points)
    who = known.name if known else told.technician
    item = QTreeWidgetItem(
        [who, f"{format.distance(told.distance_m)} · {format.clock(told.start, timezone)}", said]
    )
    item.setData(0, _TECHNICIAN, told.technician)
    item.setToolTip(0, t("; ").join((who, where, when)))
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, t(", ").join(filter(None, (who, where, when, said))))
    state = mark("technician", known.status if known else "offline")
    item.setIcon(0, icons.mark_icon(state))
    look = theme.current()
    item.setForeground(1, look.colour("muted"))
    item.setTextAlignment(1, _RIGHT)
    item.setTextAlignment(2, _RIGHT)
    if wish is not None:
        item.setFont(0, look.font(bold=True))
        item.setForeground(2, look.colour("accent"))
    return item


def _phase(pool: Pool, rings_m: tuple[int, ...]) -> tuple[str, int]:
    """What runs, and until when."""
    if pool.decides_at is not None:
        return t("{n} want it: the best one gets it", n=len(pool.grabs)), pool.decides_at
    radius = _radius(pool.ring, rings_m)
    if pool.widens_at is None:
        return t("Told within {radius}, the last ring", radius=radius), pool.closes_at
    wider = _radius(pool.ring + 1, rings_m)
    return t("Told within {radius}, then within {wider}", radius=radius, wider=wider), pool.widens_at


def _ring_word(ring: int, rings_m: tuple[int, ...]) -> str:
    return t("Within {radius}", radius=_radius(ring, rings_m))


def _radius(ring: int, rings_m: tuple[int, ...]) -> str:
    return f"{rings_m[min(ring, len(rings_m) - 1)] / 1000:g} km" if rings_m else ""
