"""What providers told us, or somebody in their name, and why some of it was not believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.paying import HeardNotice
from dispatcher_app.domain.act import Rejected
from dispatcher_app.text import sentence, t
from ui import format, name, theme
from ui.controls.section import label
from ui.controls.table import Table
from ui.models.sheet import Column
from ui.reconcile import word
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class HeardPage(QWidget):
    """Asked of the server whenever it is looked at."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._asking = Latest(self)
        self._said = label("", "muted", wrap=True)
        self._said.setObjectName("heard_said")
        self.table = Table(self._columns(), t("What providers told us"), lambda row: row.id)
        self.table.setObjectName("heard_table")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.current().space(2))
        whole.addWidget(self._said)
        whole.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    def ask(self) -> None:
        """Look again."""
        self._asking.ask(self._fetch(), self._on_heard)

    async def _fetch(self) -> list[HeardNotice] | str:
        try:
            return await self._session.paying.notices()
        except Rejected as rejected:
            return name.refusal(self._session, rejected)
        except Offline:
            return sentence("needs_server")

    def _on_heard(self, found: list[HeardNotice] | str) -> None:
        if isinstance(found, str):
            self._said.setText(found)
            return
        words = t("Nothing is booked by a notification alone: the provider is asked first.")
        self._said.setText(words if found else t("No provider has told us anything yet."))
        self.table.show_rows(found)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask()

    def _columns(self) -> tuple[Column, ...]:
        session = self._session
        return (
            Column(code="at", title=t("Last##notice"), width=140,
                   show=lambda row: format.moment(row.at, session.now(), name.timezone(session))),
            Column(code="provider", title=t("Provider##bill"), width=90, show=lambda row: word.provider(row.provider)),
            Column(code="heard", title=t("What became of it##notice"), width=420, show=word.heard),
            Column(code="count", title=t("Times##notice"), width=60, right=True,
                   show=lambda row: format.count(row.count)),
            Column(code="payment", title=t("Our number"), width=260, show=lambda row: row.payment),
        )  # fmt: skip
