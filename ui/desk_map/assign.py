"""An order dropped on a technician: what would come of it is said before, and a hard rule forbids it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QDrag, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from dispatcher_app.domain import life
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import AcceptOrder, AssignTechnician
from dispatcher_app.domain.order import Order
from dispatcher_app.planning.ghost import Dragged, Ghost, ghost
from dispatcher_app.planning.rank import Ranking
from dispatcher_app.text import t
from ui import format, icons, name, notify, theme
from ui.consequence import consequence
from ui.desk_map.banner import Banner
from ui.dragging import mime_of
from ui.map.view import MapView
from ui.models.planned import planned
from ui.submit import submit
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


Found = tuple[Ranking, Dragged] | None

_OFFERED: Final = 6
"""So many are offered in the menu of a mark; the others stand in the order's own list."""


@dataclass(frozen=True, slots=True)
class Chance:
    """What would come of giving an order to somebody: in words, and from when on (UTC ms) if he may have it."""

    words: str
    start: int | None = None


class Assigning(QObject):
    """Orders in the hand over the map; asked once when the drag begins, answered from then on without a server."""

    def __init__(self, session: Session, view: MapView, banner: Banner, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._view, self._banner = session, view, banner
        self._asking = Latest(self)
        self._order = ""
        self._over = ""
        self._found: Found = None
        # Not inside the page's own call: it would say nothing more before the drag has ended.
        view.order_taken.connect(self.carry, Qt.ConnectionType.QueuedConnection)
        view.hovered.connect(self._on_hovered)
        view.hand_left.connect(self._on_left)
        view.dropped.connect(self._on_dropped)

    def carry(self, order: str) -> None:
        """Take an order's mark up: it can be dropped on a technician here, or anywhere else on the desk."""
        held = QDrag(self._view)
        held.setMimeData(mime_of([order]))
        held.setPixmap(_picture(name.short_order(self._session, order)))
        every = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
        if held.exec(every, Qt.DropAction.MoveAction) is Qt.DropAction.IgnoreAction:
            self._on_left()  # else the page still has to say on whom it was dropped

    def give(self, order: str, technician: str, _checked: bool = False) -> None:
        """Give an order to a technician at the hour that suits best, or say why that can't be."""
        if (why := refused(self._session, order)) is not None:
            notify.warning(name.refusal(self._session, why))
            return
        self._asking.ask(self.ask(order), lambda found: self._on_asked_to_give(order, technician, found))

    async def ask(self, order: str) -> Found:
        """Everything that must be known while an order is in the hand; None where it has gone meanwhile."""
        try:
            ranking = await self._session.rank(order)
            zone = name.timezone(self._session)
            dates = {local_date(each.start, zone) for each in ranking.eligible}
            place = planned(self._session, found) if (found := self._session.get(Order, order)) else None
            if place is not None:
                dates.add(place[0].date)
            return ranking, await self._session.drag(order, sorted(dates))
        except Rejected:
            return None

    def _on_asked_to_give(self, order: str, technician: str, found: Found) -> None:
        if found is None:
            return
        what = chance(self._session, *found, technician)
        if what.start is None:
            notify.warning(what.words)
        elif self._submit(order, technician, what.start):
            notify.success(what.words)

    def _on_hovered(self, orders: tuple[str, ...], technician: str) -> None:
        self._over = technician
        if len(orders) > 1:
            self._say(Chance(t("Several orders at once: drop them on the board.")))
            return
        if orders[0] != self._order:
            self._order, self._found = orders[0], None
            if (why := refused(self._session, self._order)) is not None:
                self._say(Chance(name.refusal(self._session, why)))
                return
            self._asking.ask(self.ask(self._order), self._on_known)
        self._look()

    def _on_known(self, found: Found) -> None:
        self._found = found
        self._look()

    def _look(self) -> None:
        number = name.short_order(self._session, self._order)
        if (why := refused(self._session, self._order)) is not None:
            self._say(Chance(name.refusal(self._session, why)))
        elif self._found is None:
            self._view.allow_drop(False)
            self._banner.put("hand", t("{order}: reckoning…", order=number))
        elif not self._over:
            self._view.allow_drop(False)
            self._banner.put("hand", t("{order}: drop it on a technician", order=number))
        else:
            self._say(chance(self._session, *self._found, self._over))

    def _say(self, what: Chance) -> None:
        self._view.allow_drop(what.start is not None)
        self._banner.put("hand", what.words, "" if what.start is not None else "wrong")

    def _on_left(self) -> None:
        self._asking.forget()
        self._order, self._over, self._found = "", "", None
        self._view.allow_drop(False)
        self._banner.put("hand", "")

    def _on_dropped(self, orders: tuple[str, ...], technician: str) -> None:
        if len(orders) == 1 and self._found is not None and orders[0] == self._order:
            what = chance(self._session, *self._found, technician)
            if what.start is not None:
                self._submit(self._order, technician, what.start)

    def _submit(self, id: str, technician: str, start: int) -> bool:
        order = self._session.get(Order, id)
        if order is None:
            return False
        command = sending(order, technician, start)
        return submit(self._session, command, lambda said, _why: notify.warning(said)) is not None


def sending(order: Order, technician: str, start: int) -> AcceptOrder | AssignTechnician:
    """The command that gives an order to a technician; whoever is asked for it already accepts."""
    if order.status == "offered" and order.offer is not None and order.offer.technician == technician:
        return AcceptOrder(order=order.id, technician=technician, start=start)
    return AssignTechnician(
        order=order.id, technician=technician, from_technician=order.technician, start=start,
        helpers=tuple(each for each in order.helpers if each != technician),
    )  # fmt: skip


def refused(session: Session, id: str) -> Rejected | None:
    """Why nobody can be given an order now, for this person."""
    order = session.get(Order, id)
    if order is None:
        return Rejected("not_found", "order", kind="order", id=id)
    reasons = [
        life.refusal(order.status, step, session.actor, order.region) for step in ("assign", "reassign")
    ]
    return None if None in reasons else reasons[0]


def chance(session: Session, ranking: Ranking, drag: Dragged, technician: str) -> Chance:
    """What would come of it at the hour that suits best: whom it shifts, or every rule that forbids it."""
    who = name.technician(session, technician)
    order = session.get(Order, ranking.order)
    if order is not None and order.technician == technician:
        return Chance(t("{name} has this order already.", name=who))
    out = next((each for each in ranking.excluded if each.technician == technician), None)
    best = next((each for each in ranking.eligible if each.technician == technician), None)
    if best is None:
        why = name.sentences(session, out.broken) if out else t("is not in this plan")
        return Chance(t("{name} can't: {why}", name=who, why=why))
    start = best.start
    if order is not None and (place := planned(session, order)) and place[0].technician == technician:
        start = place[1].start  # where the planner has it already
    found: Ghost = ghost(drag, technician, start)
    if found.broken and start != best.start:
        start, found = best.start, ghost(drag, technician, best.start)
    if found.broken:
        return Chance(t("{name} can't: {why}", name=who, why=name.sentences(session, found.broken)))
    at = format.moment(start, session.now(), name.timezone(session))
    said = t("{name}, {at}. {what}", name=who, at=at, what=consequence(session, found))
    return Chance(said, start)


def _picture(words: str) -> QPixmap:
    """What the pointer carries: the order's number on a tag."""
    look = theme.current()
    font = look.font(12)
    edge = look.px(24)
    width = QFontMetrics(font).horizontalAdvance(words) + edge + look.space(3)
    picture = QPixmap(width, edge)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(look.colour("accent"))
    painter.setBrush(look.colour("surface"))
    painter.drawRoundedRect(picture.rect().adjusted(0, 0, -1, -1), 4, 4)
    small = look.px(16)
    icons.icon("order", "accent").paint(painter, QRect(look.space(1), (edge - small) // 2, small, small))
    painter.setFont(font)
    painter.setPen(look.colour("text"))
    painter.drawText(picture.rect().adjusted(edge, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
    return picture


class Offers(QMenu):
    """The technicians whom an order suits best, each with what would come of it."""

    def __init__(self, session: Session, order: str, assigning: Assigning, parent: QWidget) -> None:
        super().__init__(t("Give it to"), parent)
        self.setObjectName("map_offers")
        self.setToolTipsVisible(True)
        self._session, self._order, self._assigning = session, order, assigning
        self._asking = Latest(self)
        self.addAction(t("reckoning…")).setEnabled(False)
        self._asking.ask(assigning.ask(order), self._fill)

    def _fill(self, found: Found) -> None:
        self.clear()
        best = found[0].eligible[:_OFFERED] if found else ()
        for each in best:
            assert found is not None
            what = chance(self._session, *found, each.technician)
            at = format.moment(each.start, self._session.now(), name.timezone(self._session))
            made = self.addAction(f"{name.technician(self._session, each.technician)}   {at}")
            made.setToolTip(what.words)
            made.setEnabled(what.start is not None)
            made.triggered.connect(partial(self._assigning.give, self._order, each.technician))
        if not best:
            self.addAction(t("nobody can go")).setEnabled(False)
