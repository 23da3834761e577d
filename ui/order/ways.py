"""The ways to the customer (T9): how long, how far, through what traffic, and who says so."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Link
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import distance_m
from dispatcher_app.planning.rank import Eligible
from dispatcher_app.planning.spots import sound
from dispatcher_app.planning.travel import Route, Routes
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import label
from ui.order.sure import SOON_MS
from ui.order.whence import whence
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_WANTED: Final = 3
_SETTLE_MS: Final = 300
_FLOWS: Final = {
    "jam": "{distance} of jam##traffic",
    "blocked": "{distance} blocked##traffic",
    "slow": "{distance} slow##traffic",
}


class Ways(QWidget):
    """Asked for only while it is open, for the technician on whom the caret stands: some providers count every question.

    Emits `answered` when what it says has changed.
    """

    answered = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._order: Order | None = None
        self._technician, self._after, self._later = "", "", False
        self.said: tuple[str, ...] = ()
        """What is said, line by line."""
        self._asking = Latest(self)
        self._head = label("", "strong", wrap=True)
        self._notes = label("", "small", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.current().space(1))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(1))
        column.addWidget(self._head)
        column.addLayout(self._rows)
        column.addWidget(self._notes)
        self.setObjectName("ways")
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._ask)
        self._unanswered = False
        stop = session.subscribe(link=self._on_link)
        self.destroyed.connect(lambda: stop())
        self.hide()

    def open(self, opened: bool) -> None:
        """Show the ways, or put them away."""
        self.setVisible(opened)
        if opened:
            self._ask()

    def show_for(self, order: Order | None, technician: str, found: Eligible | None) -> None:
        """From now on the ways of this technician, as the ranking would send him."""
        after_order = found.after_order if found is not None else None
        by = self._session.now() + SOON_MS
        self._later = found is not None and found.arrival - found.drive_s * 1000 > by
        meant = order, technician, after_order or ""
        if meant == (self._order, self._technician, self._after):
            return
        self._order, self._technician, self._after = meant
        self._asking.forget()
        if not self.isHidden():
            self._soon.start()

    def _on_link(self, link: Link) -> None:
        """What nobody could say without the server is asked again once it is there."""
        if self._unanswered and link.state == "online" and not self.isHidden():
            self._soon.start()

    def _ask(self) -> None:
        self._unanswered = False
        order, technician = self._order, self._technician
        found = whence(self._session, technician, self._after) if technician else None
        if order is None or found is None or not sound(order.point):
            self._say("", (), t("It is not known whence or where to.") if technician else "")
            return
        origin, said = found
        who = name.technician(self._session, technician)
        head = t("{name} {whence} to the customer", name=who, whence=said)
        self._say(head, (), t("Looking for ways…"))

        async def ask() -> Routes | None:
            try:
                return await self._session.way(origin, order.point, _WANTED)
            except (Offline, Rejected):
                return None

        self._asking.ask(ask(), lambda routes: self._on_answer(head, routes))

    def _on_answer(self, head: str, found: Routes | None) -> None:
        self._unanswered = found is None
        if found is None:
            self._say(head, (), t("The server knows the ways; it can't be reached now."))
            return
        notes = t(
            "{notes} Nine in ten within ±{n} %.",
            notes=name.sentences(self._session, found.notes), n=max(each.error_percent for each in found.routes),
        )  # fmt: skip
        if all(each.source == "estimate" for each in found.routes):
            notes = t("No map of the roads is set up: this is the straight line. {notes}", notes=notes)
        elif any(each.stretches for each in found.routes) and self._later:
            notes = t("{notes} He sets out later: the traffic will be another one.", notes=notes)
        self._say(head, tuple(way(each) for each in found.routes), notes)

    def _say(self, head: str, rows: tuple[str, ...], notes: str) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for row in rows:
            self._rows.addWidget(label(row, wrap=True))
        for each, words in ((self._head, head), (self._notes, notes)):
            each.setText(words)
            each.setVisible(bool(words))
        self.said = (head, *rows, notes)
        self.answered.emit()


def way(route: Route) -> str:
    """One way in a line."""
    parts = [
        t("{n} min", n=max(1, round(route.seconds / 60))),
        format.distance(route.metres),
        *traffic(route),
    ]
    if route.lights:
        parts.append(t("{n} traffic lights", n=route.lights))
    return " · ".join(parts)


def traffic(route: Route) -> list[str]:
    """How much of a way is slow or jammed, where that is known."""
    metres = dict.fromkeys(_FLOWS, 0.0)
    for each in route.stretches:
        if each.flow in metres:
            metres[each.flow] += sum(
                distance_m(one, other) for one, other in pairwise(route.line[each.first : each.last + 1])
            )
    return [t(_FLOWS[flow], distance=format.distance(round(far))) for flow, far in metres.items() if far >= 1]
