"""An order that only the server has: to be read, with its history, and nothing to be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.chip import Chip
from ui.controls.facts import Facts
from ui.controls.section import Section, label
from ui.mark import mark
from ui.order.detail import Appointment, Price
from ui.order.gallery import Gallery
from ui.order.timeline import Timeline
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class OldOrder(QWidget):
    """What the search found is there at once, the rest when the server has answered; `opened` as of a gallery."""

    opened = Signal(object, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.id: str | None = None
        self._asking, self._asking_photos = Latest(self), Latest(self)
        self._number = label("", "title")
        self._status = Chip(mark("order", "completed"))
        self._state = label("", "muted", wrap=True)
        self._people = Section(t("Customer and address"))
        self._facts = Facts()
        for code, word in (("name", t("Customer")), ("phone", t("Phone")), ("address", t("Address"))):
            self._facts.add(code, word)
        self._people.body.addWidget(self._facts)
        self.appointment, self.price = Appointment(session), Price(session)
        self.timeline = Timeline(session, reversible=False)
        self.timeline.field.hide()
        self.gallery = Gallery(session)
        self.gallery.opened.connect(self.opened)
        self._lay_out()
        for part in self.findChildren(QWidget):
            if name_before := part.objectName():  # those of the order in hand are looked for by these names
                part.setObjectName(f"old_{name_before}")
        self._number.setObjectName("old_number")
        self._state.setObjectName("old_state")

    def show_row(self, row: OrderRow) -> None:
        """Show an order that a search on the server has found."""
        self.id = row.id
        self._number.setText(row.number)
        self._status.show_mark(mark("order", row.status))
        self._facts.say("name", row.name or t("erased"), "strong")
        self._facts.say("phone", f"****{row.phone_tail}" if row.phone_tail else "")
        place = (name.district(self._session, row.district), row.compound, row.building)
        self._facts.say("address", " ".join(filter(None, place)))
        self._show_rest(False)
        self._state.setText(t("Fetching it from the server…"))
        self.gallery.show_photos(())
        self._asking_photos.forget()
        self._asking.ask(self._fetched(row), self._on_fetched)

    async def _fetched(self, row: OrderRow) -> Order | None:
        try:
            return await self._session.old_order(row)
        except (Offline, Rejected):
            return None

    def _on_fetched(self, order: Order | None) -> None:
        if order is None:
            self._state.setText(t("Only the server knows the rest, and it can't be reached now."))
            return
        self._state.setText(t("Closed long ago: kept on the server, to be read only."))
        self.appointment.show_order(order)
        self.price.show_order(order)
        self.timeline.show_order(order)
        self._show_rest(True)
        if order.attachments:
            self._asking_photos.ask(self._photos(order.id), self.gallery.show_photos)

    async def _photos(self, order: str) -> Sequence[Attachment]:
        try:
            return await self._session.old_attachments(order)
        except (Offline, Rejected):
            return ()

    def _show_rest(self, shown: bool) -> None:
        for part in (self.appointment, self.price, self.timeline):
            part.setVisible(shown)

    def _lay_out(self) -> None:
        look = theme.current()
        body = QFrame()
        body.setProperty("panel", "plain")
        column = QVBoxLayout(body)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(3))
        for part in (self._number, self._status, self._state, self._people, self.appointment, self.price,
                     self.gallery, self.timeline):  # fmt: skip
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
