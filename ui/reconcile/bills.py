"""The providers' bills: those that were read, and another one from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.api import NotLoggedIn, Offline
from dispatcher_app.client.paying import BillRead
from dispatcher_app.client.state import Changed
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.discrepancy import Bill
from dispatcher_app.text import sentence, t
from ui import format, name, theme
from ui.controls.section import label
from ui.controls.table import Table
from ui.models.sheet import Column
from ui.reconcile import word
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class BillsPage(QWidget):
    """Emits `read` when a bill was compared."""

    read = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._reading = Latest(self)
        self.choose = QPushButton(t("Read a bill…"))
        self.choose.setObjectName("bill_choose")
        self.choose.setProperty("kind", "primary")
        self.choose.clicked.connect(self._on_choose)
        self.said = label(
            t("The trade bill (CSV) of one day, from the merchant platform."), "muted", wrap=True
        )
        self.said.setObjectName("bill_said")
        self.table = Table(self._columns(), t("Bills that were read"), lambda row: row.id)
        self.table.setObjectName("bill_table")
        self._lay_out()
        self.fill()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def fill(self) -> None:
        """List what was read, newest first."""
        regions = self._session.staff.regions
        found = [each for each in self._session.all(Bill) if each.region in regions]
        self.table.show_rows(sorted(found, key=lambda each: (each.date, each.id), reverse=True))

    def take(self, file: Path) -> None:
        """Have a bill read."""
        self.choose.setEnabled(False)
        self._say(t("Being read…"))
        self._reading.ask(self._send(file), self._on_read)

    # ------------------------------------------------------------ inside
    def _on_choose(self) -> None:
        kinds = t("Bills (*.csv *.zip)")
        path, _ = QFileDialog.getOpenFileName(self, t("Read a bill…"), "", kinds)
        if path:
            self.take(Path(path))

    async def _send(self, file: Path) -> BillRead | str:
        """What was read, or why nothing was."""
        try:
            return await self._session.paying.bill(file, self._session.region_id)
        except Rejected as rejected:
            return name.refusal(self._session, rejected)
        except (Offline, NotLoggedIn):
            return sentence("needs_server")
        except OSError as error:
            return t("The file can't be read: {why}", why=error.strerror or "-")

    def _on_read(self, found: BillRead | str) -> None:
        self.choose.setEnabled(True)
        if isinstance(found, str):
            self._say(found, "error")
            return
        words = t(
            "{provider}, {date}: {payments} payments, {paid}. Differences: {differences}.",
            provider=word.provider(found.provider), date=found.date, payments=found.payments,
            paid=format.money(found.paid), differences=found.differences,
        )  # fmt: skip
        self._say(words, "strong")
        self.read.emit()

    def _say(self, words: str, role: str = "muted") -> None:
        self.said.setProperty("role", role)
        self.said.setText(words)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "bill" in changed.ids:
            self.fill()

    def _columns(self) -> tuple[Column, ...]:
        session = self._session
        return (
            Column(code="date", title=t("Date"), width=100, show=lambda row: row.date),
            Column(code="provider", title=t("Provider##bill"), width=90, show=lambda row: word.provider(row.provider)),
            Column(code="payments", title=t("Payments"), width=80, right=True,
                   show=lambda row: format.count(row.payments)),
            Column(code="paid", title=t("Paid"), width=110, right=True,
                   show=lambda row: format.money(row.paid, row.currency)),
            Column(code="refunds", title=t("Refunds"), width=80, right=True,
                   show=lambda row: format.count(row.refunds)),
            Column(code="refunded", title=t("Given back##bill"), width=110, right=True,
                   show=lambda row: format.money(row.refunded, row.currency)),
            Column(code="fees", title=t("Fees##bill"), width=90, right=True,
                   show=lambda row: format.money(row.fees, row.currency)),
            Column(code="differences", title=t("Differences"), width=80, right=True, bold=lambda row: row.differences > 0,
                   show=lambda row: format.count(row.differences)),
            Column(code="read", title=t("Read by"), width=200,
                   show=lambda row: f"{name.actor(session, row.read_by)} · "
                   f"{format.moment(row.read_at, session.now(), name.timezone(session))}"),
        )  # fmt: skip

    def _lay_out(self) -> None:
        look = theme.current()
        row = QHBoxLayout()
        row.setSpacing(look.space(3))
        row.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.said, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.space(2))
        whole.addLayout(row)
        whole.addWidget(self.table, 1)
        self.setFocusProxy(self.choose)
