"""The technicians who have shares, with what stands in their buckets; the one in hand beside the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from dispatcher_app import pinyin
from dispatcher_app.client.api import Offline
from dispatcher_app.client.payroll import AccountRow, AccountRows
from dispatcher_app.client.state import Changed
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.account import Account
from dispatcher_app.domain.money.ledger import Bucket
from dispatcher_app.domain.money.statement import withdrawable
from dispatcher_app.text import t
from ui import theme
from ui.account.detail import AccountDetail
from ui.account.word import EMPLOYMENTS, nonzero, word
from ui.controls.field import SearchField
from ui.controls.section import label
from ui.controls.table import Table
from ui.models.sheet import Column
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SETTLE_MS: Final = 400
_SPLIT: Final = (700, 580)
_NO_ACCOUNT: Final = Account(id="", region="")


class AccountsPage(QWidget):
    """Emits `technician_chosen`; the detail passes on the orders of its lines."""

    technician_chosen = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.rows: tuple[AccountRow, ...] = ()
        self._asking = Latest(self)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self.ask)
        self.search = SearchField(t("Name or initials of a technician"))
        self.search.setObjectName("account_search")
        self.search.searched.connect(lambda _text: self._fill())
        self.said = label("", "small")
        self.table = Table(self._columns(), t("Technicians' accounts"), lambda row: row.technician)
        self.table.setObjectName("account_table")
        self.table.chosen.connect(self._on_row)
        self.detail = AccountDetail(session)
        self.detail.done.connect(self._soon.start)
        self._lay_out()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asking.busy or self._soon.isActive()

    def ask(self) -> None:
        """Have the server say how the accounts stand."""
        if self.isVisible():
            self._asking.ask(self._ask(), self._show)

    def show_technician(self, id: str) -> None:
        """Put the caret on somebody; a search that hides him is given up."""
        if not self.table.choose(id):
            self.search.clear()
            self._fill()
            self.table.choose(id)

    async def _ask(self) -> AccountRows | None:
        try:
            return await self._session.payroll.accounts(self._session.region_id)
        except (Offline, Rejected):
            return None

    def _show(self, found: AccountRows | None) -> None:
        if found is None:
            self.said.setText(t("Accounts are at the server; it can't be reached now."))
            return
        # Those with money first; among them by name, as they come.
        self.rows = tuple(sorted(found.accounts, key=lambda each: not any(each.standing.values())))
        self._fill()
        if self.table.current is None and self.table.sheet.rowCount():
            self.table.setCurrentIndex(self.table.sheet.index(0, 0))

    def _fill(self) -> None:
        typed = self.search.text().strip().lower()
        shown = [
            each for each in self.rows if typed in each.name.lower() or typed in pinyin.initials(each.name)
        ]
        self.table.show_rows(shown)
        sums = {
            bucket: sum(stands(each, bucket) for each in shown) for bucket in ("available", "frozen", "cash")
        }
        self.said.setText(
            t(
                "{n} technicians · available {available} · frozen {frozen} · customers' cash {cash}",
                n=len(shown), **{code: nonzero(self._session, amount) or "0" for code, amount in sums.items()},
            )
        )  # fmt: skip

    def _on_row(self, row: Any) -> None:
        self.detail.show_technician(row.technician if row is not None else None)
        if row is not None and self.table.hasFocus():
            self.technician_chosen.emit(row.technician)

    def _on_changed(self, changed: Changed) -> None:
        if self.isVisible() and (changed.everything or not {"account", "deduction"}.isdisjoint(changed.ids)):
            self._soon.start()
            ids = changed.ids.get("account", frozenset())
            current = self.table.current
            if current is not None and current.technician in ids and self.detail.form is None:
                self.detail.show_technician(current.technician)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask()

    def _columns(self) -> tuple[Column, ...]:
        session = self._session

        def amount(code: Bucket, title: str) -> Column:
            return Column(
                code=code,
                title=title,
                width=78,
                right=True,
                show=lambda row: nonzero(session, stands(row, code)),
            )

        return (
            Column(code="name", title=t("Technician"), width=84, show=lambda row: row.name),
            Column(code="kind", title=t("Kind##employment"), width=94,
                   show=lambda row: word(EMPLOYMENTS, row.employment)),
            amount("frozen", t("Frozen##bucket")),
            amount("available", t("Available##bucket")),
            Column(code="most", title=t("Payable##column"), width=88, right=True, bold=lambda _row: True,
                   show=lambda row: nonzero(session, most(row))),
            amount("withdrawing", t("Under way##column")),
            amount("deposit", t("Deposit##bucket")),
            amount("cash", t("Cash##column")),
        )  # fmt: skip

    def _lay_out(self) -> None:
        look = theme.current()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(1))
        for part in (self.search, self.table, self.said):
            column.addWidget(part, 1 if part is self.table else 0)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.detail)
        split.setSizes([look.px(each) for each in _SPLIT])
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.setFocusProxy(self.table)


def stands(row: AccountRow, bucket: Bucket) -> int:
    """What stands in one of his buckets."""
    return row.standing.get(bucket, 0)


def most(row: AccountRow) -> int:
    """What he could have paid out now."""
    return withdrawable(row.account or _NO_ACCOUNT, stands(row, "available"), stands(row, "cash"))
