"""The customer's word: to a quote, against it, and that the work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtWidgets import QButtonGroup, QComboBox, QRadioButton

from dispatcher_app.domain.command import ConfirmOrder, ConfirmQuote, DeclineQuote
from dispatcher_app.domain.order import Confirmation, Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.text import t
from ui import format
from ui.controls.field import Field
from ui.controls.section import label
from ui.order.form import Form, row_of

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

RESULTS: Final[dict[str, str]] = {
    "declined": "Customer does not want it repaired",
    "no_fault": "No fault was found",
    "not_repairable": "It can't be repaired",
}


class WordForm(Form):
    """How the word came: in a call-back, or by the code that the customer was sent and reads out."""

    def __init__(self, session: Session, order: Order, title: str, go: str, agrees: str) -> None:
        super().__init__(session, order, title, go)
        self._told = label("", wrap=True)
        self.by_phone = QRadioButton(agrees)
        self.by_phone.setObjectName("word_phone")
        self.by_code = QRadioButton(t("By the code that the customer was sent"))
        self.by_code.setObjectName("word_code")
        self._ways = QButtonGroup(self)
        for way in (self.by_phone, self.by_code):
            self._ways.addButton(way)
        self.by_phone.setChecked(True)
        self.code = Field()
        self.code.setObjectName("word_digits")
        self.code.setAccessibleName(t("Code##word"))
        self.code.setPlaceholderText(t("6 digits"))
        self.code.setMaxLength(8)
        self.code.setEnabled(False)
        self.fields["code"] = self.code
        self.by_code.toggled.connect(self._on_way)
        self.body.addWidget(self._told)
        self.body.addWidget(self.by_phone)
        self.body.addWidget(self.by_code)
        self.body.addWidget(self.code)
        self.setFocusProxy(self.by_phone)
        self.tell(order)

    def tell(self, order: Order) -> None:
        """Say what the customer gives the word to."""

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        self.tell(order)

    @property
    def confirmation(self) -> Confirmation:
        """How the word came."""
        return "code" if self.by_code.isChecked() else "phone"

    def typed_code(self) -> str | None:
        """The code that was read out, "" for a call-back, None where it is still missing."""
        if self.confirmation == "phone":
            return ""
        if not (code := self.code.text().strip()):
            self.refuse(t("Type the code first."), "code")
            return None
        return code

    def _on_way(self, by_code: bool) -> None:
        self.code.setEnabled(by_code)
        if by_code:
            self.code.setFocus()


class ConfirmQuoteForm(WordForm):
    """The customer agrees to the proposed quote."""

    def __init__(self, session: Session, order: Order) -> None:
        self._number = order.proposed.number if order.proposed else 0
        super().__init__(
            session, order, t("Customer agrees to quote {n}", n=self._number), t("Agreed##go"),
            t("Said so when called back"),
        )  # fmt: skip
        self.ask = self._command

    def tell(self, order: Order) -> None:
        offer = order.proposed
        if offer is None or offer.number != self._number:
            self._told.setText(t("This quote is not open any more."))
            return
        total = format.money(offer.quote.total, offer.quote.currency)
        before = format.money(order.quote.total, order.quote.currency)
        self._told.setText(t("{total} in all instead of {before}", total=total, before=before))

    def _command(self) -> ConfirmQuote | None:
        code = self.typed_code()
        if code is None:
            return None
        return ConfirmQuote(
            order=self.order.id, number=self._number, confirmation=self.confirmation, code=code
        )


class ConfirmForm(WordForm):
    """The customer says that it is done."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Customer confirms {number}", number=order.number), t("Confirmed##go"),
            t("Says that it works, when called back"),
        )  # fmt: skip
        self.ask = self._command

    def tell(self, order: Order) -> None:
        left = owed(order) - order.paid
        self._told.setText(
            t(
                "{left} is still to be paid; the order closes then.",
                left=format.money(left, order.quote.currency),
            )
            if left > 0
            else t("All is paid; the order closes.")
        )

    def _command(self) -> ConfirmOrder | None:
        code = self.typed_code()
        if code is None:
            return None
        return ConfirmOrder(order=self.order.id, confirmation=self.confirmation, code=code)


class DeclineQuoteForm(Form):
    """What came of it, and what that costs: as told at booking, never by the quote on site."""

    def __init__(self, session: Session, order: Order) -> None:
        self._number = order.proposed.number if order.proposed else 0
        super().__init__(
            session,
            order,
            t("No repair of {number}", number=order.number),
            t("End without repair##go"),
            "danger",
        )
        self.result = QComboBox()
        self.result.setObjectName("decline_result")
        self.result.setAccessibleName(t("What came of it"))
        for code, word in RESULTS.items():
            self.result.addItem(t(word), code)
        self._cost = label("", "strong", wrap=True)
        self._cost.setObjectName("decline_cost")
        self.body.addLayout(row_of(t("What came of it"), self.result))
        self.body.addWidget(self._cost)
        self.result.currentIndexChanged.connect(self._say)
        self.ask = self._command
        self.setFocusProxy(self.result)
        self._say()

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        self._say()

    def _say(self) -> None:
        quote = self.order.quote
        due = quote.if_declined if self.result.currentData() == "declined" else quote.door_fee
        if due:
            said = t("Costs the customer {fee}. Say so now.", fee=format.money(due, quote.currency))
        else:
            said = t("Free of charge.")
        self._cost.setText(said)

    def _command(self) -> DeclineQuote:
        result: Literal["declined", "no_fault", "not_repairable"] = self.result.currentData()
        return DeclineQuote(order=self.order.id, number=self._number, result=result)
