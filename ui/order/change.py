"""Other lines, another urgency, a technician wished for: quoted anew while it is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import ChangeOrder
from dispatcher_app.domain.order import Line, Order, Urgency
from dispatcher_app.domain.rule.requoting import repriced, requote
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, icons, name
from ui.controls.section import label
from ui.mark import URGENCY
from ui.order.form import Form, row_of
from ui.order.line import LineRow

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class ChangeForm(Form):
    """One row a line; the price below is what will be stored."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Change lines or urgency of {number}", number=order.number), t("Save")
        )
        self._version = order.version
        self._rows: list[LineRow] = []
        self._lines = QVBoxLayout()
        self._price = label("", wrap=True)
        self._price.setObjectName("change_price")
        self.urgency, self.wished = QComboBox(), QComboBox()
        self.urgency.setAccessibleName(t("Urgency"))
        self.wished.setAccessibleName(t("Technician wished for"))
        for code, shown in URGENCY.items():
            self.urgency.addItem(icons.mark_icon(shown), shown.label(), code)
        self.wished.addItem(t("nobody in particular"), None)
        for each in sorted(session.all(Technician), key=lambda each: each.name):
            self.wished.addItem(each.name, each.id)
        self.urgency.setCurrentIndex(self.urgency.findData(order.urgency))
        self.wished.setCurrentIndex(max(self.wished.findData(order.requested_technician), 0))
        more = QPushButton(t("One more line"))
        more.setProperty("kind", "link")
        more.setProperty("compact", True)
        more.clicked.connect(lambda: self._add(None))
        self.body.addLayout(self._lines)
        self.body.addWidget(more)
        self.body.addLayout(row_of(t("Urgency"), self.urgency))
        self.body.addLayout(row_of(t("Wished for"), self.wished))
        self.body.addWidget(self._price)
        for line in order.lines:
            self._add(line)
        self.urgency.currentIndexChanged.connect(self._say_price)
        self.ask = self._command
        self.setFocusProxy(self._rows[0].item)

    def _add(self, line: Line | None) -> None:
        row = LineRow(self.session, line)
        row.item.currentIndexChanged.connect(self._say_price)
        row.fault.currentIndexChanged.connect(self._say_price)
        row.quantity.valueChanged.connect(self._say_price)
        row.remove.clicked.connect(lambda: self._drop(row))
        self._rows.append(row)
        self._lines.addWidget(row)
        self._say_price()

    def _drop(self, row: LineRow) -> None:
        if len(self._rows) > 1:
            self._rows.remove(row)
            row.hide()
            row.deleteLater()
            self._say_price()

    def _say_price(self) -> None:
        if not self._rows:
            return
        wanted = tuple(row.booked() for row in self._rows)
        changed = replace(self.order, urgency=self.urgency.currentData())
        try:
            lines, prices = repriced(self.session, changed, wanted, self.session.now())
            new, _dropped = requote(self.session, replace(changed, lines=lines), prices)
        except Rejected as rejected:
            self._price.setText(name.refusal(self.session, rejected))
            return
        old = format.money(self.order.quote.total, self.order.quote.currency)
        minutes = sum(line.minutes * line.quantity for line in lines)
        self._price.setText(
            t("{old} → {new}, {n} min on site", old=old, new=format.money(new.total, new.currency), n=minutes)
        )

    def _command(self) -> ChangeOrder:
        urgency: Urgency = self.urgency.currentData()
        return ChangeOrder(
            order=self.order.id,
            from_version=self._version,
            lines=tuple(row.booked() for row in self._rows),
            urgency=urgency,
            requested_technician=self.wished.currentData(),
        )
