"""The price as it stands, itemised with the reason for each amount."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from dispatcher_app.domain.order import Quote
from dispatcher_app.text import t
from ui import charge, format, theme
from ui.booking.form import Form
from ui.controls.section import label


class Price(QWidget):
    """Amount by amount, the total, and what is due when the caller declines the repair on site."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form
        self._rows = QGridLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(theme.current().space(2))
        self._rows.setVerticalSpacing(theme.current().space(0.5))
        self._rows.setColumnStretch(0, 1)
        self._shown: Quote | None = None
        form.changed.connect(lambda _touched: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Show the price of the draft as it is now."""
        price = self._form.quote()
        if price == self._shown and self._rows.count():
            return
        self._shown = price
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if price is None:
            self._rows.addWidget(label(t("The price appears with the first line"), "small"), 0, 0)
            return
        for line in price.lines:
            said = charge.said(self._form.session, line, place=self._form.place is not None)
            self._add(said, charge.amount(line, price.currency), "small")
        self._add(t("Total"), format.money(price.total, price.currency), "strong")
        bench = self._form.service == "workshop"
        declined = t("If the owner declines the quote") if bench else t("If the caller declines on site")
        self._add(declined, format.money(price.if_declined, price.currency), "small")
        for code in price.warnings:
            self._rows.addWidget(
                label(charge.warning(code), "error", wrap=True), self._rows.rowCount(), 0, 1, 2
            )

    def _add(self, said: str, amount: str, role: str) -> None:
        row = self._rows.rowCount()
        figure = label(amount, role)
        self._rows.addWidget(label(said, role, wrap=True), row, 0)
        self._rows.addWidget(figure, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
