"""Why money went back: counts and sums by reason, item, month, side or technician, as bars and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date, next_date
from dispatcher_app.domain.money.reasons import Given, summed
from dispatcher_app.payout.sheet import amount
from dispatcher_app.text import t
from ui import format, name, theme
from ui import redress as word
from ui.controls.choices import Choices
from ui.controls.empty import EmptyState
from ui.controls.section import label
from ui.models.choice import Choice
from ui.refund.chart import Chart
from ui.refund.export import Export, Table
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SPANS: Final = {
    "month": "This month##span", "last": "Last month##span", "quarter": "The last 90 days##span",
    "year": "This year##span",
}  # fmt: skip
_BY: Final = {
    "reason": "By reason##refunds", "item": "By item##refunds", "month": "By month##refunds",
    "side": "By who answers for it", "technician": "By technician##refunds",
}  # fmt: skip
_WHAT: Final = {"": "Both##refunds", "refund": "Refund##refund", "compensation": "Compensation##refund"}


def span(code: str, today: str) -> tuple[str, str]:
    """The first and the last local date of a span."""
    first = f"{today[:8]}01"
    match code:
        case "month":
            return first, today
        case "last":
            last = next_date(first, -1)
            return f"{last[:8]}01", last
        case "quarter":
            return next_date(today, -89), today
    return f"{today[:4]}-01-01", today


class ReasonsPanel(QWidget):
    """Emits `closed` on Escape and by its button."""

    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("refund_reasons_panel")
        self.setAccessibleName(t("Why money went back"))
        self._session = session
        self._given: Sequence[Given] = ()
        self._asking = Latest(self)
        self.span, self.by, self.what = QComboBox(), QComboBox(), QComboBox()
        for box, id, said, words in (
            (self.span, "reasons_span", t("Time##refunds"), _SPANS), (self.by, "reasons_by", t("Shown by"), _BY),
            (self.what, "reasons_what", t("Kind##refunds"), _WHAT),
        ):  # fmt: skip
            box.setObjectName(id)
            box.setAccessibleName(said)
            for code, text in words.items():
                box.addItem(t(text), code)
        self.span.setCurrentIndex(self.span.findData("quarter"))
        self.total = label("", "strong")
        self.total.setObjectName("reasons_total")
        self.chart = Chart()
        self.table = Choices(t("Why money went back"), rows=40)
        self.table.setObjectName("reasons_table")
        self.export = Export(self, t("Why money went back"), self._table)
        self._none = EmptyState(t("Nothing went back in this time"), "", "refund")
        self._lay_out()
        self.span.currentIndexChanged.connect(lambda _at: self.ask())
        self.by.currentIndexChanged.connect(lambda _at: self._show())
        self.what.currentIndexChanged.connect(lambda _at: self._show())

    def ask(self) -> None:
        """Have the server count."""
        if self.isVisible():
            self._asking.ask(self._ask(), self._on_given)

    async def _ask(self) -> list[Given] | str:
        today = local_date(self._session.now(), name.timezone(self._session))
        try:
            return await self._session.reasons(*span(self.span.currentData(), today))
        except Offline:
            return t("The server counts them; it can't be reached now.")
        except Rejected as rejected:
            return name.refusal(self._session, rejected)

    def _on_given(self, found: list[Given] | str) -> None:
        wrong = found if isinstance(found, str) else ""
        self._given = () if isinstance(found, str) else found
        self._none.say(t("No figures##refunds") if wrong else t("Nothing went back in this time"), wrong)
        self._show()

    def _show(self) -> None:
        what, by = self.what.currentData(), self.by.currentData()
        found = [each for each in self._given if not what or each.what == what]
        currency = found[0].currency if found else "CNY"
        rows = summed(found, by)
        bars = [(self._said(by, value), times, sum_) for value, times, sum_ in rows]
        count, whole = sum(row[1] for row in rows), sum(row[2] for row in rows)
        self.total.setText(
            t("{amount} in all, {n} times", amount=format.money(whole, currency), n=format.count(count))
        )
        self.total.setVisible(bool(rows))
        self.chart.show_bars(bars, currency)
        self.chart.setVisible(bool(rows))
        self.table.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self.table.show_choices(
            [
                Choice(
                    title=said, value=value,
                    detail=t("{amount} · {n} · {percent} %", amount=format.money(amount_, currency),
                             n=format.count(count_), percent=round(100 * amount_ / whole) if whole else 0),
                )
                for (value, count_, amount_), (said, _count, _amount) in zip(rows, bars, strict=True)
            ],
            None,
        )  # fmt: skip

    def _table(self) -> Table:
        """Every kind by itself, so that whoever has the table can add it up in other ways."""
        titles = ("Month##refunds", "Kind##refunds", "Reason", "Item##refunds", "On whose account", "Technician",
                  "Currency##refunds", "Count##refunds", "Amount")  # fmt: skip
        rows = [
            (
                each.month, word.what(each.what), word.reason(each.reason), self._said("item", each.item),
                name.side(each.side), self._said("technician", each.technician), each.currency, each.count,
                amount(each.amount, format.digits(each.currency)),
            )
            for each in self._given
        ]  # fmt: skip
        return [t(each) for each in titles], rows

    def _said(self, by: str, value: str) -> str:
        session = self._session
        match by:
            case "reason":
                return word.reason(value)
            case "item":
                return name.item(session, value) if value else t("Unknown##refunds")
            case "side":
                return name.side(value)
            case "technician":
                return name.technician(session, value) if value else t("Nobody##refunds")
        return value

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        look = theme.current()
        head, asked = QHBoxLayout(), QHBoxLayout()
        head.addWidget(label(t("Why money went back"), "title"), 1)
        for id, said, told in (
            ("reasons_export", t("Export…"), self.export.wanted), ("reasons_close", t("Close##panel"), self.closed),
        ):  # fmt: skip
            button = QPushButton(said)
            button.setObjectName(id)
            button.setProperty("kind", "quiet")
            button.clicked.connect(lambda _checked=False, told=told: told.emit())
            head.addWidget(button)
        asked.setSpacing(look.space(2))
        for box in (self.span, self.by, self.what):
            asked.addWidget(box)
        asked.addStretch()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(3))
        for part in (self.total, self.chart, self.table, self._none):
            column.addWidget(part)
            part.hide()  # until the server has counted
        column.addStretch()
        page.setMaximumWidth(look.px(1100))
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), look.space(2), look.space(2), look.space(2))
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        whole.addLayout(asked)
        whole.addWidget(scroll, 1)
        self.setFocusProxy(self.span)
