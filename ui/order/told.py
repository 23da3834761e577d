"""What the system told the customer and the technicians about an order, and whether it came through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import ToldNotice
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import Section, label
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

STATES: Final[dict[str, str]] = {
    "queued": "on its way##notice",
    "sent": "sent##notice",
    "failed": "did not go out##notice",
    "undelivered": "did not arrive##notice",
}
_FAILED: Final = frozenset({"failed", "undelivered"})


class Told(Section):
    """Asked of the server when it is looked at; without one it says so."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Notices sent"), parent)
        self._session = session
        self._order = ""
        self._asked: object = None
        self._asking = Latest(self)
        self._say = label("", "muted", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.current().space(1))
        self.body.addWidget(self._say)
        self.body.addLayout(self._list)

    def show_order(self, order: Order) -> None:
        """Ask what was told about an order, again only once something has happened to it."""
        asked = order.id, len(order.steps), order.talk
        if asked == self._asked:
            return
        if order.id != self._order:
            self._order = order.id
            self._show(())
        self._asked = asked
        self._asking.ask(self._ask(order.id), self._on_answer)

    async def _ask(self, order: str) -> Sequence[ToldNotice] | None:
        try:
            return await self._session.notices_of(order)
        except (Offline, Rejected):
            return None

    def _on_answer(self, found: Sequence[ToldNotice] | None) -> None:
        if found is None:
            self._show(())
            self._say.setText(t("The server knows what was told; it can't be reached now."))
            self._say.show()
        else:
            self._show(found)

    def _show(self, found: Sequence[ToldNotice]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.set_count(format.count(len(found)) if found else "")
        self._say.setText(t("Nobody was told anything yet."))
        self._say.setVisible(not found)
        for notice in reversed(found):
            self._list.addWidget(self._row(notice))

    def _row(self, notice: ToldNotice) -> QWidget:
        look = theme.current()
        now, timezone = self._session.now(), name.timezone(self._session)
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, look.space(1))
        column.setSpacing(0)
        failed = notice.state in _FAILED
        state = t(STATES[notice.state]) if notice.state in STATES else notice.state
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        head.addWidget(label(name.party(notice.party), "strong"))
        head.addWidget(label(state, "error" if failed else "muted"))
        head.addStretch()
        if failed:
            again = QPushButton(t("Send again##notice"))
            again.setProperty("kind", "link")
            again.setProperty("compact", True)
            again.clicked.connect(lambda: self._again(notice.id))
            head.addWidget(again)
        column.addLayout(head)
        column.addWidget(label(notice.text or notice.what, wrap=True))
        column.addWidget(label(format.moment_with_age(notice.at, now, timezone), "small"))
        return row

    def _again(self, notice: str) -> None:
        async def send() -> Sequence[ToldNotice] | None:
            try:
                await self._session.send_notice_again(notice)
                return await self._session.notices_of(self._order)
            except Offline:
                return None
            except Rejected as rejected:
                self._say.setText(name.refusal(self._session, rejected))
                self._say.show()
                return await self._session.notices_of(self._order)

        self._asking.ask(send(), self._on_answer)
