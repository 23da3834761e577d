"""The money for one order: how much, what was given and what goes back, how it was paid, the receipt that it gets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import RecordPayment
from dispatcher_app.domain.money.till import Till, next_receipt
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.facts import Facts
from ui.controls.money import MoneyField
from ui.controls.section import Section, label
from ui.submit import submit
from ui.till.owing import due, left

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Means = Literal["cash", "card", "transfer"]
_MEANS: Final[dict[Means, str]] = {
    "cash": "Take cash",
    "card": "Paid by card",
    "transfer": "Paid by transfer",
}


class Taking(Section):
    """Emits `taken` with the id of the payment that was made."""

    taken = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(t("Take money##till"))
        self._session = session
        self.order: Order | None = None
        self._due = 0
        self.till: Till | None = None
        self.facts = Facts()
        for code, word in (
            ("order", t("Order")),
            ("customer", t("Customer")),
            ("owed", t("To pay")),
            ("receipt", t("Receipt##till")),
        ):
            self.facts.add(code, word)
        self.amount, self.given = MoneyField(self._currency), MoneyField(self._currency)
        for field, id, word in (
            (self.amount, "till_amount", t("Amount")),
            (self.given, "till_given", t("Given##till")),
        ):
            field.setObjectName(id)
            field.setAccessibleName(word)
            field.setMaximumWidth(theme.current().px(160))
            field.textEdited.connect(lambda _text: self._say())
            field.returnPressed.connect(partial(self._take, "cash"))
        self.change = label("", "strong")
        self.change.setObjectName("till_change")
        self.error = label("", "error", wrap=True)
        self.error.setObjectName("till_error")
        self.error.hide()
        self.buttons: dict[Means, QPushButton] = {}
        for means, word in _MEANS.items():
            self.buttons[means] = button = QPushButton(t(word))
            button.setObjectName(f"till_{means}")
            button.setProperty("kind", "primary" if means == "cash" else "")
            button.clicked.connect(partial(self._take, means))
        self._lay_out()
        self.show_order(None)

    @property
    def _currency(self) -> str:
        return self.order.quote.currency if self.order is not None else name.currency(self._session)

    def show_order(self, order: Order | None) -> None:
        """Take an order in hand; an amount that was typed stays as long as as much is owed."""
        former, self.order = self.order, order
        self._due = due(self._session, order) if order is not None else 0
        if order is not None and (former is None or former.id != order.id or left(former) != left(order)):
            self.amount.show_value(self._due)
            self.given.clear()
            self.refuse("")
        for widget in (self._form, *self.buttons.values()):
            widget.setEnabled(self._due > 0)
        self._say()

    def show_till(self, till: Till | None) -> None:
        """The till that the money goes into, None while none is open."""
        self.till = till
        self._say()

    def refuse(self, why: str) -> None:
        """Say why not."""
        self.error.setText(why)
        self.error.setVisible(bool(why))

    def _say(self) -> None:
        order, till = self.order, self.till
        if order is None:
            for code in ("order", "customer", "owed", "receipt"):
                self.facts.say(code, "")
            self.change.setText(t("Choose an order at the left."))
            return
        row = self._session.order_row(order.id)
        self.facts.say("order", order.number)
        self.facts.say("customer", row.name if row is not None else "")
        self.facts.say("owed", format.money(self._due, self._currency), "strong")
        self.facts.say("receipt", next_receipt(till) if till is not None and self._due else "")
        self.change.setText(self._change())
        self.buttons["cash"].setEnabled(self._due > 0 and till is not None)
        self.buttons["cash"].setToolTip("" if till is not None else t("Open the till first."))

    def _change(self) -> str:
        """What goes back to the customer."""
        amount, given = self.amount.value, self.given.value
        if amount is None or given is None:
            return ""
        if given < amount:
            return t("{amount} is missing", amount=format.money(amount - given, self._currency))
        return t("Change: {amount}", amount=format.money(given - amount, self._currency))

    def _take(self, means: Means) -> None:
        order, amount = self.order, self.amount.value
        if order is None or not self.buttons[means].isEnabled():
            return
        if amount is None or not amount:
            self.refuse(t("Write the amount like 128.50."))
            self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        given = self.given.value
        if means == "cash" and not self.given.empty and (given is None or given < amount):
            self.refuse(t("Less was given than is taken down."))
            self.given.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        till = self.till
        command = RecordPayment(
            order=order.id, amount=amount, means=means, receipt=next_receipt(till) if till is not None else "",
            store=till.store if till is not None else None,
        )  # fmt: skip
        made = submit(self._session, command, self._on_refused)
        if made is not None:
            self.refuse("")
            self.taken.emit(made.act)

    def _on_refused(self, why: str, _rejected: Rejected) -> None:
        self.refuse(why)

    def _lay_out(self) -> None:
        look = theme.current()
        self._form = QWidget()
        rows = QVBoxLayout(self._form)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(look.space(1))
        for field in (self.amount, self.given):
            line, word = QHBoxLayout(), label(field.accessibleName(), "muted")
            word.setMinimumWidth(look.px(60))
            word.setBuddy(field)
            line.addWidget(word)
            line.addWidget(field)
            line.addStretch()
            rows.addLayout(line)
        buttons = QHBoxLayout()
        buttons.setSpacing(look.space(2))
        for button in self.buttons.values():
            buttons.addWidget(button)
        buttons.addStretch()
        for part in (self.facts, self._form, self.change, self.error):
            self.body.addWidget(part)
        self.body.addLayout(buttons)
