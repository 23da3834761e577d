"""The price as it stands, itemised with the reason for each amount."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from dispatcher_app.domain.order import Quote, QuoteLine
from dispatcher_app.text import t
from ui import format, name, theme
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
            self._add(words(self._form, line), amount(line, price.currency), "small")
        self._add(t("Total"), format.money(price.total, price.currency), "strong")
        self._add(
            t("If the caller declines on site"), format.money(price.if_declined, price.currency), "small"
        )

    def _add(self, said: str, amount: str, role: str) -> None:
        row = self._rows.rowCount()
        figure = label(amount, role)
        self._rows.addWidget(label(said, role, wrap=True), row, 0)
        self._rows.addWidget(figure, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)


def words(form: Form, line: QuoteLine) -> str:
    """What an amount is for, in words."""
    params = line.params
    if line.what == "labour" and "item" in params:
        broken = name.fault(form.session, params["item"], params.get("fault"))
        said = t("Labour: {what}", what=f"{name.item(form.session, params['item'])} {broken}".strip())
        return said if params.get("quantity", 1) == 1 else f"{said} ×{params['quantity']}"
    if line.reason == "door_fee_waived":
        distance = format.distance(params["distance_m"])
        if form.place is None:
            return t("Door fee, waived with the repair")
        return t("Door fee ({distance}), waived with the repair", distance=distance)
    return name.quote_line(line.what)


def amount(line: QuoteLine, currency: str) -> str:
    """An amount; a surcharge carries its sign."""
    said = format.money(line.amount, currency)
    return f"+{said}" if line.amount > 0 and line.what in ("urgency", "night", "holiday") else said
