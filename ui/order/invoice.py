"""An invoice asked for: to whom, and for how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QComboBox

from dispatcher_app.domain.command import RequestInvoice
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.money.invoice import BUYERS, Buyer, Invoice, due
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.invoicing import REFERENCE_LIMIT, TITLE_LIMIT
from dispatcher_app.text import t
from ui import format
from ui.controls.field import Field
from ui.controls.section import label
from ui.order.form import Form, row_of

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

KINDS: Final[dict[Buyer, str]] = {"person": "A person##buyer", "company": "A company##buyer"}


class InvoiceForm(Form):
    """A person's name stands there already; a company needs its number."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Invoice for {number}", number=order.number), t("Ask for it##invoice")
        )
        known, former = session.get(Customer, order.customer), session.get(Invoice, order.id)
        self._name = known.name if known is not None else ""
        self.buyer = QComboBox()
        self.buyer.setObjectName("invoice_buyer")
        self.buyer.setAccessibleName(t("Made out to"))
        for code in BUYERS:
            self.buyer.addItem(t(KINDS[code]), code)
        self.title = self._field("invoice_title", t("Name on the invoice"), TITLE_LIMIT)
        self.number = self._field("invoice_number", t("Tax number"), REFERENCE_LIMIT)
        self.email = self._field("invoice_email", t("E-mail, if he wants it sent"), TITLE_LIMIT)
        self._amount = label("", "muted", wrap=True)
        self._amount.setObjectName("invoice_amount")
        self.body.addWidget(self._amount)
        self.body.addLayout(row_of(t("Made out to"), self.buyer))
        for field in (self.title, self.number, self.email):
            self.body.addWidget(field)
        self.fields = {"title": self.title, "tax_number": self.number, "email": self.email}
        if former is not None:
            self.buyer.setCurrentIndex(BUYERS.index(former.buyer))
            self.title.setText(former.title)
            self.number.setText(former.tax_number)
        else:
            self.title.setText(self._name)
        self.buyer.currentIndexChanged.connect(lambda _at: self._on_buyer())
        self._on_buyer()
        self.ask = self._command
        self.setFocusProxy(self.title)
        self.show_order(order)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        said = format.money(due(order), order.quote.currency)
        self._amount.setText(t("About {amount}: what was paid and not given back", amount=said))

    def _field(self, code: str, hint: str, most: int) -> Field:
        field = Field()
        field.setMaxLength(most)
        field.setObjectName(code)
        field.setPlaceholderText(hint)
        field.setAccessibleName(hint)
        return field

    def _on_buyer(self) -> None:
        company = self.buyer.currentData() == "company"
        self.number.setVisible(company)
        if company and self.title.text() == self._name:
            self.title.clear()
        elif not company and not self.title.text():
            self.title.setText(self._name)

    def _command(self) -> RequestInvoice:
        buyer: Buyer = self.buyer.currentData()
        return RequestInvoice(
            order=self.order.id, amount=due(self.order), buyer=buyer, title=self.title.text().strip(),
            tax_number=self.number.text().strip() if buyer == "company" else "", email=self.email.text().strip(),
        )  # fmt: skip
