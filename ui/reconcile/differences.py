"""The differences as a list, and the one in hand with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Changed
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.discrepancy import Discrepancy
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.banner import Banner
from ui.controls.empty import EmptyState
from ui.controls.facts import Facts
from ui.controls.table import Table
from ui.models.sheet import Column
from ui.reconcile import word
from ui.reconcile.settle import SettleForm
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SPLIT: Final = (760, 420)
_NAMED: Final = 5


class DifferencesPage(QWidget):
    """Emits `order_chosen` and `order_opened` with the order that the one in hand is about."""

    order_chosen = Signal(str)
    order_opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.form: SettleForm | None = None
        self._asking = Latest(self)
        self.view = QComboBox()
        self.view.setObjectName("difference_view")
        self.view.setAccessibleName(t("Which##differences"))
        self.view.addItem(t("To settle##differences"), "open")
        self.view.addItem(t("All##differences"), "all")
        self.view.currentIndexChanged.connect(lambda _at: self.fill())
        self.stuck = Banner(dismissible=False)
        self.table = Table(self._columns(), t("Differences with providers"), lambda row: row.id)
        self.table.setObjectName("difference_table")
        self.table.chosen.connect(self._on_row)
        self.table.taken.connect(lambda row: self.order_opened.emit(row.order) if row.order else None)
        self.facts = Facts()
        for code, said in (
            ("what", t("What##difference")), ("order", t("Order##line")), ("key", t("Our number")),
            ("reference", t("Their number")), ("ours", t("Here##difference")), ("theirs", t("There##difference")),
            ("found", t("Found##difference")), ("settled", t("Settled##difference")),
        ):  # fmt: skip
            self.facts.add(f"difference_{code}", said)
        self.settle = QPushButton(t("Settle…##difference"))
        self.settle.setObjectName("difference_settle")
        self.settle.clicked.connect(self.start)
        self._host = QVBoxLayout()
        self._pages = QStackedWidget()
        self._lay_out()
        self.fill()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def start(self) -> None:
        """Ask what is to be done about the one in hand."""
        found = self.table.current
        if found is None or found.state != "open":
            return
        self._put_away()
        self.form = SettleForm(self._session, found)
        self.form.setObjectName("form_settle")
        self.form.left.connect(self._on_left)
        self._host.addWidget(self.form)
        self._say(found)
        self.form.setFocus()
        self.form.reason.setFocus()

    def fill(self) -> None:
        """List what belongs here now."""
        regions = self._session.staff.regions
        found = [each for each in self._session.all(Discrepancy) if each.region in regions]
        if self.view.currentData() == "open":
            found = [each for each in found if each.state == "open"]
        found.sort(key=lambda each: (each.state != "open", -each.found_at, each.id))
        self.table.show_rows(found)
        self._pages.setCurrentIndex(0 if found else 1)
        if found and self.table.current is None and self.isVisible():
            self.table.choose(found[0].id)
        self._say(self.table.current)

    # ------------------------------------------------------------ inside
    def _say(self, found: Discrepancy | None) -> None:
        self.facts.setVisible(found is not None)
        self.settle.setVisible(found is not None and found.state == "open" and self.form is None)
        if found is None:
            return
        session = self._session
        said = {
            "what": word.what(found),
            "order": name.order(session, found.order) if found.order else "",
            "key": found.key or (found.payment or ""),
            "reference": found.reference,
            "ours": word.amount(found.ours, found),
            "theirs": word.amount(found.theirs, found),
            "found": format.moment(found.found_at, session.now(), name.timezone(session)),
            "settled": _settled(session, found),
        }
        for code, words in said.items():
            self.facts.say(f"difference_{code}", words, "strong" if code == "what" else "")

    async def _stuck(self) -> list[Payment]:
        try:
            return await self._session.paying.stuck()
        except (Offline, Rejected):
            return []

    def _say_stuck(self, found: list[Payment]) -> None:
        """Payments whose time is over and about which the provider says nothing: money may be there."""
        if not found:
            self.stuck.hide()
            return
        numbers = name.people(name.order(self._session, each.order) for each in found[:_NAMED])
        self.stuck.say(
            "warning",
            t("The provider has not answered about {n} payments whose time is over ({numbers}); we go on asking.",
              n=len(found), numbers=numbers),
        )  # fmt: skip

    def _on_row(self, row: Any) -> None:
        if self.form is not None and (row is None or row.id != self.form.found.id):
            self._put_away()
        self._say(row)
        if row is not None and row.order and self.table.hasFocus():
            self.order_chosen.emit(row.order)

    def _on_left(self) -> None:
        self._put_away()
        self._say(self.table.current)
        self.table.setFocus()

    def _put_away(self) -> None:
        if self.form is not None:
            form, self.form = self.form, None
            form.hide()
            form.deleteLater()

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "discrepancy" in changed.ids:
            self.fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fill()
        self._asking.ask(self._stuck(), self._say_stuck)

    def _columns(self) -> tuple[Column, ...]:
        session = self._session
        return (
            Column(code="state", title=t("State##difference"), width=80, show=word.state),
            Column(code="date", title=t("Date"), width=90, show=lambda row: row.date),
            Column(code="provider", title=t("Provider##bill"), width=100, show=lambda row: word.provider(row.provider)),
            Column(code="what", title=t("What##difference"), width=190, show=word.what),
            Column(code="order", title=t("Order##line"), width=110,
                   show=lambda row: name.order(session, row.order) if row.order else ""),
            Column(code="ours", title=t("Here##difference"), width=90, right=True,
                   show=lambda row: word.amount(row.ours, row)),
            Column(code="theirs", title=t("There##difference"), width=90, right=True, bold=lambda _row: True,
                   show=lambda row: word.amount(row.theirs, row)),
            Column(code="reference", title=t("Their number"), width=200, show=lambda row: row.reference),
        )  # fmt: skip

    def _lay_out(self) -> None:
        look = theme.current()
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(look.space(3), 0, 0, 0)
        column.setSpacing(look.space(2))
        column.addWidget(self.facts)
        column.addWidget(self.settle, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._host)
        column.addStretch()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(side)
        split.setSizes([look.px(each) for each in _SPLIT])
        split.setStretchFactor(0, 1)
        self._pages.addWidget(split)
        self._pages.addWidget(
            EmptyState(
                t("No difference"), t("Read the providers' bills of yesterday to compare them."), "checks"
            )
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.space(2))
        whole.addWidget(self.stuck)
        whole.addWidget(self.view, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self._pages, 1)
        self.setFocusProxy(self.table)


def _settled(session: Session, found: Discrepancy) -> str:
    """How, why and by whom it was settled."""
    if found.how is None:
        return ""
    parts = [t(word.HOWS[found.how]), t(word.REASONS.get(found.reason, found.reason)), found.note]
    parts.append(name.actor(session, found.settled_by))
    return " · ".join(filter(None, parts))
