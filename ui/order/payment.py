"""Money received for an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from PySide6.QtWidgets import QComboBox

from dispatcher_app.client.api import Offline
from dispatcher_app.client.paying import Carried
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import RecordPayment
from dispatcher_app.domain.order import Order, PaymentMeans
from dispatcher_app.domain.pricing import owed
from dispatcher_app.text import t
from ui import format, name
from ui.controls.field import Field
from ui.controls.money import MoneyField
from ui.controls.section import label
from ui.order.form import Form, row_of
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

MEANS: Final[dict[str, str]] = {
    "cash": "Cash##means",
    "card": "Card##means",
    "transfer": "Transfer##means",
    "other": "Other##means",
}


class PaymentForm(Form):
    """What is still owed stands there already."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(session, order, t("Payment for {number}", number=order.number), t("Received##go"))
        left = max(owed(order) - order.paid, 0)
        self.amount = MoneyField(order.quote.currency, left)
        self.amount.setObjectName("pay_amount")
        self.amount.setAccessibleName(t("Amount"))
        self.means = QComboBox()
        self.means.setObjectName("pay_means")
        self.means.setAccessibleName(t("How"))
        for code in get_args(PaymentMeans):
            self.means.addItem(t(MEANS[code]), code)
        self.receipt = Field()
        self.receipt.setMaxLength(40)
        self.receipt.setObjectName("pay_receipt")
        self.receipt.setAccessibleName(t("Receipt number"))
        self.receipt.setPlaceholderText(t("Receipt number, if there is one"))
        self._owed = label("", "muted", wrap=True)
        self.body.addWidget(self._owed)
        self.body.addLayout(row_of(t("Amount"), self.amount))
        self.body.addLayout(row_of(t("How"), self.means))
        self.body.addWidget(self.receipt)
        self._warning = label("", "error", wrap=True)
        self._warning.setObjectName("pay_cash_warning")
        self._warning.hide()
        self.body.addWidget(self._warning)
        self.ask = self._command
        self.setFocusProxy(self.amount)
        self.show_order(order)
        self._carrying = Latest(self)
        came = order.visit.technician or order.technician
        if order.device is None and came is not None:
            self._carrying.ask(self._carried(came), self._on_carried)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        currency = order.quote.currency
        self._owed.setText(
            t("{owed} in all, {paid} paid, {left} to pay", owed=format.money(owed(order), currency),
              paid=format.money(order.paid, currency), left=format.money(owed(order) - order.paid, currency))
        )  # fmt: skip

    async def _carried(self, technician: str) -> Carried | None:
        """What he carries, None where nobody can say: then nothing is said."""
        try:
            return await self.session.paying.carried(technician)
        except (Offline, Rejected):
            return None

    def _on_carried(self, found: Carried | None) -> None:
        """Who carries too much is not offered more cash; what he has taken already can still be taken down."""
        if found is None or found.amount < found.limit:
            return
        self._warning.setText(
            t(
                "{technician} carries {amount} of customers' cash, the limit is {limit}: let the customer pay otherwise.",
                technician=name.technician(self.session, found.technician),
                amount=format.money(found.amount, found.currency), limit=format.money(found.limit, found.currency),
            )
        )  # fmt: skip
        self._warning.show()
        if not self.touched:
            self.means.setCurrentIndex(self.means.findData("card"))

    def _command(self) -> RecordPayment | None:
        amount = self.amount.value
        if amount is None:
            self.refuse(t("Write the amount like 128.50."))
            return None
        means: PaymentMeans = self.means.currentData()
        return RecordPayment(
            order=self.order.id, amount=amount, means=means, receipt=self.receipt.text().strip()
        )
