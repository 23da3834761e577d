"""What can be done with a refund now: agree, turn down, pay out, try again, take back; each says why it can't be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import (
    ApproveRefund,
    PayRefund,
    RejectRefund,
    ReportRefund,
    RetryRefund,
    WithdrawRefund,
)  # fmt: skip
from dispatcher_app.domain.money.refund import DRAFT, Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.refunding import ELECTRONIC
from dispatcher_app.text import t
from ui import format, name, theme
from ui import redress as word
from ui.controls.field import Field
from ui.controls.flow import Flow
from ui.controls.section import label
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

BUTTONS: Final = ("agree", "turn_down", "pay", "retry", "cash", "transfer", "found", "not_found", "withdraw")
_KIND: Final = {
    "agree": "primary",
    "pay": "primary",
    "retry": "primary",
    "turn_down": "danger",
    "withdraw": "quiet",
}


def together(session: Session, refund: Refund) -> list[Refund]:
    """The refunds that were proposed in one go with this one and stand as it stands."""
    order = session.get(Order, refund.order)
    found = [session.get(Refund, id) for id in (order.refunds if order is not None else (refund.id,))]
    key = (refund.proposed_by, refund.proposed_at, refund.what, refund.state)
    return [
        each
        for each in found
        if each is not None and (each.proposed_by, each.proposed_at, each.what, each.state) == key
    ]


class Deal(QWidget):
    """The buttons of one refund, with the few fields that they need."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.refund: Refund | None = None
        self.reason, self.receipt = QComboBox(), Field()
        self.reason.setObjectName("refund_refusal")
        self.reason.setAccessibleName(t("Reason"))
        for code in word.REFUSALS:
            self.reason.addItem(word.refusal(code), code)
        self.receipt.setObjectName("refund_receipt")
        self.receipt.setMaxLength(64)
        self.receipt.textChanged.connect(lambda _text: self._offer())
        self.receipt.returnPressed.connect(self._on_receipt)
        self.buttons: dict[str, QPushButton] = {}
        self._makes: dict[str, Callable[[Refund], Any]] = {
            "agree": self._agree,
            "turn_down": lambda each: RejectRefund(
                order=each.order, refunds=self._ids(each), reason=self.reason.currentData()
            ),
            "pay": self._pay,
            "retry": lambda each: RetryRefund(order=each.order, refund=each.id, tries=each.tries),
            "cash": lambda each: RetryRefund(order=each.order, refund=each.id, tries=each.tries, way="cash"),
            "transfer": lambda each: RetryRefund(
                order=each.order, refund=each.id, tries=each.tries, way="transfer"
            ),
            "found": lambda each: self._report(each, "done"),
            "not_found": lambda each: self._report(each, "failed"),
            "withdraw": lambda each: WithdrawRefund(order=each.order, refunds=self._ids(each)),
        }
        self._error = label("", "error", wrap=True)
        self._error.setObjectName("refund_error")
        self._error.hide()
        self._lay_out()

    def show_refund(self, refund: Refund | None) -> None:
        """Offer what can be done with this one now."""
        if refund is None or self.refund is None or refund.id != self.refund.id:
            self.receipt.clear()
            self.say("")
        elif refund != self.refund:
            self.say("")
        self.refund = refund
        self._offer()

    def start(self, what: str) -> bool:
        """Do it, as by its button; False where it is not offered now."""
        button = self.buttons[what]
        if self.refund is None or not button.isVisibleTo(self):
            return False
        field = {"turn_down": self.reason, "pay": self.receipt}.get(what)
        if field is not None and field.isVisibleTo(self):
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)  # it wants a word first
        elif button.isEnabled():
            self._do(what)
        return True

    def say(self, sentence: str) -> None:
        """Say why something was refused."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    # ------------------------------------------------------------ what each makes
    def _ids(self, refund: Refund) -> tuple[str, ...]:
        return tuple(each.id for each in together(self._session, refund))

    def _agree(self, refund: Refund) -> ApproveRefund:
        found = together(self._session, refund)
        return ApproveRefund(
            order=refund.order,
            refunds=tuple(each.id for each in found),
            amount=sum(each.amount for each in found),
        )

    def _pay(self, refund: Refund) -> PayRefund:
        return PayRefund(
            order=refund.order, refund=refund.id, amount=refund.amount, store=self._session.staff.store or "",
            receipt=self.receipt.text().strip(),
        )  # fmt: skip

    def _report(self, refund: Refund, result: Any) -> ReportRefund:
        fault = "" if result == "done" else "refused"
        return ReportRefund(
            order=refund.order, refund=refund.id, tries=refund.tries, result=result, fault=fault,
            provider_ref=self.receipt.text().strip(),
        )  # fmt: skip

    # ------------------------------------------------------------ offering and doing
    def _offered(self, refund: Refund) -> list[str]:
        match refund.state:
            case "proposed":
                found = ["agree", "turn_down"]
            case "approved":
                found = [] if refund.carrier in ELECTRONIC else ["pay"]
            case "failed":
                found = ["retry", "cash", "transfer"]
            case "attention":
                found = ["retry", "found", "not_found"]
            case _:
                found = []
        return [*found, "withdraw"] if refund.state in DRAFT else found

    def _offer(self) -> None:
        refund = self.refund
        offered = self._offered(refund) if refund is not None else []
        for code, button in self.buttons.items():
            button.setVisible(code in offered)
            if refund is not None and code in offered:
                button.setText(self._word(code, refund))
                why = self._hinders(code, refund)
                button.setEnabled(not why)
                button.setToolTip(why)
                button.setAccessibleDescription(why)
        self.reason.setVisible("turn_down" in offered and self.buttons["turn_down"].isEnabled())
        wants = refund is not None and ("found" in offered or ("pay" in offered and refund.carrier != "till"))
        self.receipt.setVisible(wants or "pay" in offered)
        words = t("Number of the provider") if "found" in offered else t("Number of the receipt or transfer")
        self.receipt.setPlaceholderText(words)
        self.receipt.setAccessibleName(words)
        reasons = (self.buttons[code].toolTip() for code in offered if not self.buttons[code].isEnabled())
        first = next((why for why in reasons if why), "")
        self._why.setText(first)
        self._why.setVisible(bool(first) and not any(self.buttons[code].isEnabled() for code in offered))

    def _hinders(self, code: str, refund: Refund) -> str:
        """Why it can't be done, "" where it can as far as this desk knows."""
        try:
            self._session.preview(self._makes[code](refund))
        except Rejected as rejected:
            return name.refusal(self._session, rejected)
        return ""

    def _word(self, code: str, refund: Refund) -> str:
        found = together(self._session, refund) if code == "agree" else [refund]
        amount = format.money(sum(each.amount for each in found), refund.currency)
        if code == "agree":
            many = t("Agree: {amount} in {n}", amount=amount, n=len(found))
            return t("Agree: {amount}", amount=amount) if len(found) == 1 else many
        if code == "pay":
            paid = {"till": t("{amount} handed over"), "card": t("{amount} put back on the card")}
            return paid.get(refund.carrier, t("{amount} transferred")).format(amount=amount)
        if code == "retry" and refund.state == "attention":
            return t("Ask again##refund")
        words = {
            "turn_down": t("Turn down##refund"), "retry": t("Try again##refund"), "cash": t("Pay in cash instead"),
            "transfer": t("Transfer instead"), "found": t("Was paid, by the provider"),
            "not_found": t("Was not paid, by the provider"), "withdraw": t("Take back##refund"),
        }  # fmt: skip
        return words[code]

    def _on_receipt(self) -> None:
        button = self.buttons["pay"]
        if button.isVisibleTo(self) and button.isEnabled():
            self._do("pay")

    def _do(self, code: str) -> None:
        if self.refund is None:
            return
        self.say("")
        made = submit(self._session, self._makes[code](self.refund), lambda said, _why: self.say(said))
        if made is not None:
            self.receipt.clear()

    def _lay_out(self) -> None:
        look = theme.current()
        tools = QWidget()
        flow = Flow(tools, look.space(2))
        for code in BUTTONS:
            self.buttons[code] = button = QPushButton()
            button.setObjectName(f"refund_{code}")
            button.setProperty("kind", _KIND.get(code, "plain"))
            button.clicked.connect(lambda _checked=False, code=code: self._do(code))
            flow.addWidget(button)
        fields = QHBoxLayout()
        fields.setSpacing(look.space(2))
        fields.addWidget(self.reason)
        fields.addWidget(self.receipt, 1)
        fields.addStretch()
        self._why = label("", "muted", wrap=True)
        self._why.setObjectName("refund_why")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(2))
        column.addLayout(fields)
        column.addWidget(tools)
        column.addWidget(self._why)
        column.addWidget(self._error)
        self._offer()
