"""A part of a quote as it is edited: how many, at which price, for which line, new or used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from dispatcher_app.domain.command import QuotedPart
from dispatcher_app.domain.order import PartLine
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.controls.field import inset
from ui.controls.money import MoneyField
from ui.controls.section import label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class FittedRow(QWidget):
    """An empty price is the price book's."""

    changed = Signal()

    def __init__(
        self, session: Session, part: str, currency: str, usual: int | None, former: PartLine | None = None
    ) -> None:
        super().__init__()
        self.part = part
        word = name.part(session, part)
        self.quantity = QSpinBox()
        self.quantity.setRange(1, 99)
        inset(self.quantity)
        self.quantity.setValue(former.quantity if former else 1)
        self.quantity.setAccessibleName(t("How many of {part}", part=word))
        self.price = MoneyField(currency)
        self.price.setAccessibleName(t("Price of one {part}", part=word))
        if usual is not None:
            self.price.setPlaceholderText(t("book {price}", price=format.money(usual, currency)))
        else:
            self.price.setPlaceholderText(t("price"))
        self.used = QCheckBox(t("used"))
        self.line = QComboBox()
        self.line.setAccessibleName(t("For which line"))
        self.remove = QPushButton()
        self.remove.setIcon(icons.icon("remove", "muted"))
        self.remove.setProperty("kind", "quiet")
        self.remove.setFixedWidth(theme.current().px(30))
        self.remove.setAccessibleName(t("Remove {part}", part=word))
        if former is not None:
            self.used.setChecked(former.used)
            if former.price != usual:
                self.price.show_value(former.price)
        row = QHBoxLayout()
        row.setSpacing(theme.current().space(2))
        row.addWidget(self.quantity)
        row.addWidget(self.price, 1)
        row.addWidget(self.used)
        row.addWidget(self.line, 1)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(0.5))
        column.addWidget(label(word, "", wrap=True))
        column.addLayout(row)
        self.quantity.valueChanged.connect(self.changed)
        self.price.textEdited.connect(self.changed)
        self.used.toggled.connect(self.changed)
        self.line.currentIndexChanged.connect(self.changed)

    def offer_lines(self, words: list[str], at: int | None = None) -> None:
        """The lines it could be for; with one line there is nothing to choose."""
        before = self.line.currentIndex() if at is None else at
        self.line.blockSignals(True)
        self.line.clear()
        self.line.addItems(words)
        self.line.setCurrentIndex(min(max(before, 0), len(words) - 1))
        self.line.blockSignals(False)
        self.line.setVisible(len(words) > 1)

    def quoted(self) -> QuotedPart | None:
        """The part as it is quoted, None where its price can't be read."""
        if not self.price.empty and self.price.value is None:
            return None
        return QuotedPart(
            part=self.part,
            quantity=self.quantity.value(),
            line=max(self.line.currentIndex(), 0),
            used=self.used.isChecked(),
            price=self.price.value,
        )
