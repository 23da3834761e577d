"""A caller's name or number corrected; the number that is known stays masked and is never sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import ChangeCustomer
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui.controls.field import Field
from ui.controls.questions import Questions
from ui.limit import limit
from ui.order.form import Form

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class CustomerForm(Form):
    """Another name, and another number only where one is typed."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(session, order, t("Correct the customer"), t("Save"))
        self.name, self.phone = Field(), Field()
        limit(self.name, "name")
        limit(self.phone, "phone")
        self.name.setObjectName("customer_name")
        self.phone.setObjectName("customer_phone")
        self._questions = Questions()
        self._questions.add("name", t("Name"), self.name)
        self._questions.add("phone", t("Phone"), self.phone)
        self.body.addWidget(self._questions)
        self._read = session.get(Customer, order.customer)
        if self._read is not None:
            self.name.setText(self._read.name)
            mask = self._read.phone_mask
            self.phone.setPlaceholderText(t("{mask} stays; type to replace it", mask=mask) if mask else "")
        self.name.selectAll()
        self.name.returnPressed.connect(self.phone.setFocus)
        self.phone.returnPressed.connect(self.submit)
        self.ask = self._command
        self.setFocusProxy(self.name)

    def _command(self) -> ChangeCustomer | None:
        self._questions.hush()
        self.refuse("")
        read, now = self._read, self.session.get(Customer, self.order.customer)
        if read is None or now is None:
            self.refuse(t("This customer is not on this computer any more."))
            return None
        self._read = now
        name, phone = self.name.text().strip(), self.phone.text().strip() or None
        if phone is None and name == now.name:
            self._questions.refuse("name", t("Nothing has been changed yet."))
            return None
        if now.name not in (read.name, name) and name != read.name:
            said = t("A colleague has just written “{name}” here. Save again to keep yours.", name=now.name)
            self._questions.refuse("name", said)
            return None
        if name == read.name:
            name = now.name  # only the number was typed here
        return ChangeCustomer(customer=now.id, from_version=now.version, name=name, phone=phone)

    def _refuse(self, sentence: str, rejected: Rejected) -> None:
        if not self._questions.refuse(rejected.field, sentence):
            self.refuse(sentence)
