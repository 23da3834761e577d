"""Money between us and technicians, on one screen: accounts, the settlement run, withdrawals, deductions."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.payroll import Lined
from dispatcher_app.client.worker import Worker
from dispatcher_app.text import t
from ui import notify, theme
from ui.account import paper
from ui.account.accounts import AccountsPage
from ui.account.deductions import DeductionsPage
from ui.account.run import RunPage
from ui.account.withdrawals import WithdrawalsPage
from ui.controls.flow import Flow
from ui.controls.section import label
from ui.paper import press
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Page = Literal["accounts", "run", "withdrawals", "deductions"]
PAGES: Final[dict[Page, str]] = {
    "accounts": "Technicians' accounts", "run": "Settlement##page", "withdrawals": "Withdrawals",
    "deductions": "Deductions and appeals",
}  # fmt: skip


class PayrollPanel(QWidget):
    """Emits `closed`, and what is chosen or opened on its pages."""

    closed = Signal()
    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("payroll_panel")
        self.setAccessibleName(t("Settlement##tab"))
        self._session = session
        self._errands = Errands(self)
        self._worker = worker = Worker("statement")
        self.destroyed.connect(worker.close)
        self.accounts, self.run = AccountsPage(session), RunPage(session)
        self.withdrawals, self.deductions = WithdrawalsPage(session), DeductionsPage(session)
        self._pages = QStackedWidget()
        self._buttons: dict[Page, QPushButton] = {}
        self._lay_out()
        for page in (self.accounts, self.run, self.withdrawals, self.deductions):
            page.technician_chosen.connect(self.technician_chosen)
        for source in (self.accounts.detail, self.deductions):
            source.order_chosen.connect(self.order_chosen)
            source.order_opened.connect(self.order_opened)
        self.accounts.detail.paper_wanted.connect(self._ask_paper)

    def go(self, page: Page) -> None:
        """Show one of the pages."""
        self._pages.setCurrentIndex(list(PAGES).index(page))
        self._buttons[page].setChecked(True)
        (self.accounts, self.run, self.withdrawals, self.deductions)[self._pages.currentIndex()].setFocus()

    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere."""
        self.accounts.detail.show_order(id)

    def save(self, path: Path, lined: Lined) -> asyncio.Task[str]:
        """Write a statement as the file's name says, and say where it is."""
        return self._errands.run(self._save(path, lined), notify.success)

    async def _save(self, path: Path, lined: Lined) -> str:
        said = t("Statement written: {file}", file=path.name)
        try:
            if path.suffix.lower() == ".pdf":
                press.to_pdf(
                    paper.blocks(self._session, lined), paper.A4, path, paper.title(self._session, lined)
                )
            else:
                made = await self._worker.run(paper.book, self._session, lined)
                await self._worker.run(path.write_bytes, made)
        except OSError as error:
            return t("The file could not be written: {reason}", reason=error.strerror or type(error).__name__)
        return said

    def _ask_paper(self, lined: Lined, kind: str) -> None:
        called = f"{paper.title(self._session, lined)}.{kind}"
        path, _ = QFileDialog.getSaveFileName(self, t("Save the statement"), called, f"*.{kind}")
        if path:
            self.save(Path(path), lined)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        look = theme.current()
        head, group = QHBoxLayout(), QButtonGroup(self)
        head.setSpacing(look.space(2))
        tabs = QWidget()
        flow = Flow(tabs, look.space(1))
        for at, (page, word) in enumerate(PAGES.items()):
            button = QPushButton(t(word))
            button.setObjectName(f"payroll_{page}")
            button.setProperty("kind", "quiet")
            button.setCheckable(True)
            button.setChecked(not at)
            button.clicked.connect(lambda _checked=False, page=page: self.go(page))
            group.addButton(button)
            flow.addWidget(button)
            self._buttons[page] = button
        head.addWidget(label(t("Settlement##tab"), "title"))
        head.addWidget(tabs, 1)
        close = QPushButton(t("Close##panel"))
        close.setObjectName("payroll_close")
        close.setProperty("kind", "quiet")
        close.clicked.connect(self.closed)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        for page_ in (self.accounts, self.run, self.withdrawals, self.deductions):
            self._pages.addWidget(page_)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        whole.addWidget(self._pages, 1)
