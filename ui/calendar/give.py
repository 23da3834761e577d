"""Give the order in hand to the technician of a cell: where it fits into his free time, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import MINUTE_MS, local_date
from dispatcher_app.domain.command import AssignTechnician
from dispatcher_app.domain.order import Order
from dispatcher_app.planning.ghost import Ghost, ghost
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import label
from ui.submit import submit
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

STEP_MS: Final = 15 * MINUTE_MS


class Give(QWidget):
    """One button, and a sentence beside it where it can't be done."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._order, self._technician = "", ""
        self._gaps: tuple[tuple[int, int], ...] = ()
        self._ask = Latest(self)
        self.button = QPushButton()
        self.button.setObjectName("calendar_give")
        self.button.setProperty("kind", "primary")
        self.button.clicked.connect(self.try_now)
        self.said = label("", "error", wrap=True)
        self.said.setObjectName("calendar_give_said")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(1))
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.said)

    @property
    def settled(self) -> bool:
        """Whether no answer is on its way."""
        return not self._ask.busy

    def offer(self, order: Order, technician: str, gaps: Sequence[tuple[int, int]]) -> None:
        """Offer to give him the order in one of these free times (UTC ms)."""
        asked = order.id, technician, tuple(gaps)
        if asked != (self._order, self._technician, self._gaps):
            self._order, self._technician, self._gaps = asked
            self._ask.forget()
            self._say("")
        words = {
            "number": name.short_order(self._session, order.id),
            "who": name.technician(self._session, technician),
        }
        mine = order.technician == technician
        self.button.setText(
            t("Move {number} here", **words) if mine else t("Give {number} to {who} here", **words)
        )

    def try_now(self) -> None:
        """Look for its place in the free time, and give it."""
        if self.isVisible() and not self._ask.busy:
            self._say(t("Reckoning…"), "muted")
            self._ask.ask(self._found(self._order, self._technician, self._gaps), self._on_found)

    async def _found(self, order: str, technician: str, gaps: Sequence[tuple[int, int]]) -> Ghost | str:
        """The first start that breaks no hard rule and keeps the promise, else in words why there is none."""
        zone = name.timezone(self._session)
        made = self._session.get(Order, order)
        if made is None:
            return ""
        try:
            drag = await self._session.drag(order, sorted({local_date(start, zone) for start, _ in gaps}))
        except Rejected as rejected:
            return name.refusal(self._session, rejected)
        refused = ""
        try:
            for start, end in gaps:
                for at in range(-(-start // STEP_MS) * STEP_MS, end, STEP_MS):
                    found = ghost(drag, technician, at)
                    late = found.arrival > at or bool(found.unkept)
                    if made.window is not None:
                        late |= not made.window.start <= at < made.window.end
                    if not found.broken and not late:
                        return found
                    if found.broken and not refused:
                        refused = name.sentences(self._session, found.broken)
        except KeyError:
            return t("This technician works in another region.")
        if made.window is not None and not refused:
            window = format.window(made.window.start, made.window.end, self._session.now(), zone)
            return t("The promised time is {window}; change the appointment first (F4).", window=window)
        return refused or t("It does not fit here.")

    def _on_found(self, found: Ghost | str) -> None:
        if isinstance(found, str):
            self._say(found)
            return
        order = self._session.get(Order, found.order)
        if order is None:
            return
        command = AssignTechnician(
            order=order.id, technician=found.technician, from_technician=order.technician, start=found.start
        )
        self._say("")
        submit(self._session, command, lambda said, _why: self._say(said))

    def _say(self, text: str, role: str = "error") -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.said.setProperty("role", role)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
