"""The invoices that were asked for: those to issue first, what stands on each, and its number once it is issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import ReportInvoice
from dispatcher_app.domain.money.invoice import UNDER_WAY, Buyer, Invoice, InvoiceState, is_outdated
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.invoicing import REFERENCE_LIMIT
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.empty import EmptyState
from ui.controls.facts import Facts
from ui.controls.field import Field
from ui.controls.section import Section, label
from ui.models.roster import ID
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

STATES: Final[dict[InvoiceState, str]] = {
    "requested": "To issue##invoice",
    "sending": "Being issued##invoice",
    "attention": "Wants somebody##invoice",
    "issued": "Issued##invoice",
    "failed": "Not issued##invoice",
    "withdrawn": "Taken back##invoice",
}
FAULTS: Final[dict[str, str]] = {
    "title_wrong": "The name on it is wrong##fault",
    "tax_number_wrong": "The tax number is wrong##fault",
    "not_invoiced": "Nothing can be invoiced##fault",
    "refused": "Whoever issues it refused##fault",
    "unanswered": "Whoever issues it does not answer##fault",
}
"""Why there is none; the last two come from the provider alone."""
_BY_HAND: Final = ("title_wrong", "tax_number_wrong", "not_invoiced")
_BUYERS: Final[dict[Buyer, str]] = {"person": "A person##buyer", "company": "A company##buyer"}
TITLES: Final = ("Asked for##invoice", "No.##order", "Made out to", "Amount", "State##credit")
_NARROW_PX: Final = 900


class InvoicePanel(QWidget):
    """Emits `order_chosen` with the order of the invoice in hand, `order_opened` on Enter."""

    order_chosen = Signal(str)
    order_opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._id: str | None = None
        self._quiet = False
        self.setObjectName("invoice_panel")
        self.list = QTreeWidget()
        self.all = QCheckBox(t("Those issued as well"))
        self.all.setObjectName("invoice_all")
        self.facts = Facts()
        for code, word in (
            ("title", t("Made out to")), ("tax_number", t("Tax number")), ("amount", t("Amount")),
            ("email", t("E-mail")), ("order", t("Order")), ("asked", t("Asked for##invoice")),
            ("state", t("State##credit")), ("outdated", t("Attention")),
        ):  # fmt: skip
            self.facts.add(code, word)
        self.number = Field()
        self.number.setObjectName("invoice_reference")
        self.number.setMaxLength(REFERENCE_LIMIT)
        self.number.setPlaceholderText(t("Number of the invoice"))
        self.number.setAccessibleName(t("Number of the invoice"))
        self.issued, self.failed = QPushButton(t("It is issued")), QPushButton(t("It can't be issued"))
        self.why = QComboBox()
        self.why.setObjectName("invoice_why")
        self.why.setAccessibleName(t("Why not"))
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.none = EmptyState(
            t("No invoice waits"), t("Alt+I asks for one from an order that is paid."), "invoice"
        )
        self._split = QSplitter()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self._connect()
        self.refresh()

    @property
    def unsaved(self) -> bool:
        """Whether a number was typed that nobody has sent."""
        return bool(self.number.text().strip())

    def refresh(self) -> None:
        """Show those that are asked for now; the one in hand stays in hand."""
        shown = sorted(
            (
                each
                for each in self._session.all(Invoice)
                if each.region in self._session.staff.regions
                and (self.all.isChecked() or each.state in UNDER_WAY or self._outdated(each))
            ),
            key=lambda each: (each.state not in UNDER_WAY, each.requested_at, each.id),
        )
        ids = [each.id for each in shown]
        self._quiet = True
        for row in reversed(range(self.list.topLevelItemCount())):
            if self._item(row).data(0, ID) not in ids:
                self.list.takeTopLevelItem(row)
        for row, each in enumerate(shown):
            if row >= self.list.topLevelItemCount() or self._item(row).data(0, ID) != each.id:
                self.list.insertTopLevelItem(row, self._taken(each.id))
            self._write(self._item(row), each)
        self._take_in_hand(ids)
        self.list.setVisible(bool(shown))
        self.none.setVisible(not shown)
        self._tell()

    def _take_in_hand(self, ids: list[str]) -> None:
        """What is in hand stays in hand, listed or not; the first one where nothing is."""
        if self._id in ids:
            self.list.setCurrentItem(self._item(ids.index(self._id)))
        elif self._id is not None:
            self.list.selectionModel().clear()
        self._quiet = False
        if self._id is None and ids and self.isVisible():
            self.list.setCurrentItem(self._item(0))

    # ------------------------------------------------------------ inside
    def _item(self, row: int) -> QTreeWidgetItem:
        found = self.list.topLevelItem(row)
        assert found is not None
        return found

    def _taken(self, id: str) -> QTreeWidgetItem:
        """The item of an invoice, taken from where it stood; a new one where it stood nowhere."""
        for row in range(self.list.topLevelItemCount()):
            if self._item(row).data(0, ID) == id:
                found = self.list.takeTopLevelItem(row)
                assert found is not None
                return found
        made = QTreeWidgetItem()
        made.setData(0, ID, id)
        return made

    def _write(self, item: QTreeWidgetItem, found: Invoice) -> None:
        now, zone = self._session.now(), name.timezone(self._session)
        said = (
            format.moment(found.requested_at, now, zone), found.number, found.title,
            format.money(found.amount, found.currency), self._state(found),
        )  # fmt: skip
        for column, words in enumerate(said):
            item.setText(column, words)
            item.setToolTip(column, words)
        item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _state(self, found: Invoice) -> str:
        said = t(STATES[found.state])
        if self._outdated(found):
            return t("{state}, to reverse", state=said)
        return f"{said}: {t(FAULTS[found.fault])}" if found.fault in FAULTS else said

    def _outdated(self, found: Invoice) -> bool:
        order = self._session.get(Order, found.id) if found.state == "issued" else None
        return order is not None and is_outdated(found, order)

    @property
    def _current(self) -> Invoice | None:
        return self._session.get(Invoice, self._id) if self._id else None

    def _tell(self) -> None:
        found = self._current
        self._side.setVisible(found is not None)
        if found is None:
            return
        session, zone = self._session, name.timezone(self._session)
        self.facts.say("title", t("{name} ({kind})##invoice", name=found.title, kind=t(_BUYERS[found.buyer])))
        self.facts.say("tax_number", found.tax_number)
        self.facts.say("amount", format.money(found.amount, found.currency))
        self.facts.say("email", found.email_mask)
        self.facts.say("order", found.number)
        who, when = (
            name.actor(session, found.requested_by),
            format.moment(found.requested_at, session.now(), zone),
        )
        self.facts.say("asked", t("{when} by {who}", when=when, who=who))
        reference = f" {found.reference}" if found.reference else ""
        self.facts.say("state", f"{self._state(found)}{reference}")
        outdated = t("What was paid has changed since: reverse it and issue another one.")
        self.facts.say("outdated", outdated if self._outdated(found) else "", "error")
        open_ = found.state in UNDER_WAY and role.holds(session.actor, role.ISSUES_INVOICES)
        for part in (self.number, self.issued, self.failed, self.why):
            part.setVisible(open_)

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        id = item.data(0, ID) if item is not None else None
        if self._quiet or id is None:
            return
        if id != self._id:
            self._id = id
            self.number.clear()
            self._refuse("")
            if (found := self._current) is not None:
                self.order_chosen.emit(found.id)
        self._tell()

    def _on_issued(self) -> None:
        if (found := self._current) is not None:
            self._report(
                ReportInvoice(
                    order=found.id, tries=found.tries, result="issued", reference=self.number.text().strip()
                )
            )

    def _on_failed(self) -> None:
        if (found := self._current) is not None:
            fault = self.why.currentData()
            self._report(ReportInvoice(order=found.id, tries=found.tries, result="failed", fault=fault))

    def _report(self, command: ReportInvoice) -> None:
        self._refuse("")
        if submit(self._session, command, self._refuse) is not None:
            self.number.clear()
            self.list.setFocus()
        else:
            self.number.setFocus()

    def _refuse(self, sentence: str, rejected: Rejected | None = None) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.number.set_invalid(sentence if rejected is not None and rejected.field == "reference" else None)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not {"invoice", "order"}.isdisjoint(changed.ids):
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.current().px(_NARROW_PX)
        self._split.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(lambda now, _before: self._on_current(now))
        self.list.itemActivated.connect(lambda item, _column: self.order_opened.emit(item.data(0, ID)))
        self.all.toggled.connect(lambda _on: self.refresh())
        self.issued.clicked.connect(self._on_issued)
        self.number.returnPressed.connect(self._on_issued)
        self.failed.clicked.connect(self._on_failed)

    def _lay_out(self) -> None:
        look = theme.current()
        self.list.setObjectName("invoice_list")
        self.list.setAccessibleName(t("Invoices##panel"))
        self.list.setHeaderLabels([t(title) for title in TITLES])
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(0)
        self.list.setUniformRowHeights(True)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(True)
        self.issued.setObjectName("invoice_issued")
        self.issued.setProperty("kind", "primary")
        self.failed.setObjectName("invoice_failed")
        for code in _BY_HAND:
            self.why.addItem(t(FAULTS[code]), code)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(look.space(3), look.space(2), look.space(1), look.space(2))
        column.addWidget(self.all)
        column.addWidget(self.list, 1)
        column.addWidget(self.none, 1)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(*(look.space(3),) * 4)
        side.setSpacing(look.space(2))
        section = Section(t("Invoice##panel"))
        section.body.addWidget(self.facts)
        side.addWidget(section)
        issue, fail = QHBoxLayout(), QHBoxLayout()
        issue.addWidget(self.number, 1)
        issue.addWidget(self.issued)
        fail.addWidget(self.why, 1)
        fail.addWidget(self.failed)
        side.addLayout(issue)
        side.addLayout(fail)
        side.addWidget(self.error)
        side.addStretch()
        self._split.addWidget(listed)
        self._split.addWidget(self._side)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 5)
        self._split.setStretchFactor(1, 4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)
        self.setFocusProxy(self.list)
