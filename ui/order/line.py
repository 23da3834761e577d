"""One line of an order as it is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.order import Line
from dispatcher_app.text import t
from ui import icons, name, theme
from ui.controls.field import inset
from ui.controls.money import MoneyField
from ui.limit import limit
from ui.order.form import row_of

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class LineRow(QWidget):
    """Item, fault, brand and quantity; a quote may ask its own labour (`labour`), empty is the price book's."""

    changed = Signal()

    def __init__(self, session: Session, line: Line | None, currency: str = "") -> None:
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
        self.labour = MoneyField(currency)
        self.labour.setAccessibleName(t("Labour for one"))
        self.labour.setVisible(bool(currency))
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
        for field in (self.brand, self.quantity, self.labour, self.remove):
            second.addWidget(field, 1 if field in (self.brand, self.labour) else 0)
        whole.addLayout(second)
        for shown in (self.item, self.fault):
            shown.currentIndexChanged.connect(self.changed)
        self.quantity.valueChanged.connect(self.changed)
        self.brand.textEdited.connect(self.changed)
        self.labour.textEdited.connect(self.changed)

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
