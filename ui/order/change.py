"""Other lines, another urgency, a technician wished for: quoted anew while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import BookedLine, ChangeOrder
from dispatcher_app.domain.order import Line, Order, Urgency
from dispatcher_app.domain.pricing import priced_line, quote
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.controls.field import inset
from ui.controls.section import label
from ui.limit import limit
from ui.mark import URGENCY
from ui.order.form import Form, row_of

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class ChangeForm(Form):
    """One row a line; the price below is what will be stored."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Change lines or urgency of {number}", number=order.number), t("Save")
        )
        self._version = order.version
        self._rows: list[_LineRow] = []
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
        row = _LineRow(self.session, line)
        row.item.currentIndexChanged.connect(self._say_price)
        row.fault.currentIndexChanged.connect(self._say_price)
        row.quantity.valueChanged.connect(self._say_price)
        row.remove.clicked.connect(lambda: self._drop(row))
        self._rows.append(row)
        self._lines.addWidget(row)
        self._say_price()

    def _drop(self, row: _LineRow) -> None:
        if len(self._rows) > 1:
            self._rows.remove(row)
            row.hide()
            row.deleteLater()
            self._say_price()

    def _say_price(self) -> None:
        region = name.region(self.session)
        if region is None or not self._rows:
            return
        lines = tuple(
            priced_line(item, booked.fault, booked.brand, booked.model, booked.quantity)
            for booked in (row.booked() for row in self._rows)
            if (item := self.session.get(Item, booked.item)) is not None
        )
        policy = self.session.get(Policy, "policy") or Policy()
        new = quote(lines, self.order.point, self.urgency.currentData(), self.order.window, policy, region)
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


class _LineRow(QWidget):
    def __init__(self, session: Session, line: Line | None) -> None:
        super().__init__()
        self._session = session
        self._model = line.model if line else ""
        self.item, self.fault, self.brand = QComboBox(), QComboBox(), QLineEdit(line.brand if line else "")
        limit(self.brand, "brand")
        self.quantity = QSpinBox()
        self.quantity.setRange(1, 99)
        inset(self.quantity)
        self.quantity.setValue(line.quantity if line else 1)
        self.remove = QPushButton()
        self.remove.setIcon(icons.icon("remove", "muted"))
        self.remove.setProperty("kind", "quiet")
        self.remove.setFixedWidth(theme.current().px(30))
        named = (
            (self.item, t("Item")),
            (self.fault, t("Fault")),
            (self.brand, t("Brand")),
            (self.quantity, t("Quantity")),
        )
        for field, word in (*named, (self.remove, t("Remove line"))):
            field.setAccessibleName(word)
        self.brand.setPlaceholderText(t("Brand"))
        for each in session.all(Item):
            if not each.retired or (line and each.id == line.item):
                self.item.addItem(name.item(session, each.id), each.id)
        if line:
            self.item.setCurrentIndex(self.item.findData(line.item))
        self.item.currentIndexChanged.connect(self._offer_faults)
        self._offer_faults()
        if line:
            self.fault.setCurrentIndex(max(self.fault.findData(line.fault), 0))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.current().space(1))
        whole.addLayout(row_of(self.item, self.fault))
        second = QHBoxLayout()
        second.setSpacing(theme.current().space(2))
        for field in (self.brand, self.quantity, self.remove):
            second.addWidget(field, 1 if field is self.brand else 0)
        whole.addLayout(second)

    def booked(self) -> BookedLine:
        """The line as it is booked."""
        return BookedLine(
            item=self.item.currentData(),
            fault=self.fault.currentData(),
            brand=self.brand.text().strip(),
            model=self._model,
            quantity=self.quantity.value(),
        )

    def _offer_faults(self) -> None:
        item = self.item.currentData()
        found = self._session.get(Item, item) if item else None
        self.fault.clear()
        self.fault.addItem(t("fault not known"), None)
        for each in found.faults if found else ():
            self.fault.addItem(name.fault(self._session, item, each.id), each.id)
