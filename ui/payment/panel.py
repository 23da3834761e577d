"""An order's payments: what came in and how, the code that the customer can pay by now, and a new one for the rest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Changed, Link
from dispatcher_app.clock import new_id
from dispatcher_app.domain import life, role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import ClosePayment, StartPayment
from dispatcher_app.domain.money.payment import Electronic, Payment
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.chip import Chip
from ui.controls.money import MoneyField
from ui.controls.section import Section, label
from ui.mark import mark
from ui.payment import word
from ui.payment.code import CodeView
from ui.payment.large import LargeCode
from ui.submit import submit
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SECOND_MS: Final = 1_000
_BUTTONS: Final[tuple[Electronic, ...]] = ("wechat", "alipay")


class PayPanel(Section):
    """Hidden where nothing was paid and nothing can be; what it submits is refused at once without a server."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Payments and codes##payment"), parent)
        self.setObjectName("pay_panel")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._session = session
        self._order: Order | None = None
        self._code = ""
        self._coded = ""
        self._there: tuple[Electronic, ...] | None = None
        self._listed: tuple[Payment, ...] = ()
        self.large: LargeCode | None = None
        self._enlarged = self._seen = ""
        self._reading, self._coding, self._asking = Latest(self), Latest(self), Latest(self)
        self.amount = MoneyField("CNY")
        self.amount.setObjectName("pay_code_amount")
        self.amount.setAccessibleName(t("Amount"))
        self.buttons: dict[Electronic, QPushButton] = {}
        for means in _BUTTONS:
            button = QPushButton(word.means(means))
            button.setObjectName(f"pay_{means}")
            button.setProperty("kind", "primary")
            button.clicked.connect(partial(self._start, means))
            self.buttons[means] = button
        self.code = CodeView()
        self.asked = label("", "strong", wrap=True)
        self.asked.setObjectName("pay_asked")
        self.left = label("", "muted", wrap=True)
        self.left.setObjectName("pay_left")
        self.enlarge = QPushButton(t("Larger##code"))
        self.enlarge.setObjectName("pay_enlarge")
        self.enlarge.clicked.connect(self._on_enlarge)
        self.end = QPushButton(t("Close the code"))
        self.end.setObjectName("pay_close")
        self.end.clicked.connect(self._close)
        self._none = label("", "muted", wrap=True)
        self._none.setObjectName("pay_none")
        self._error = label("", "error", wrap=True)
        self._error.setObjectName("pay_error")
        self._new, self._open = QWidget(), QWidget()
        self._list = QVBoxLayout()
        self._lay_out()
        self._second = QTimer(self, interval=_SECOND_MS)
        self._second.timeout.connect(self._say_left)
        stop = session.subscribe(changed=self._on_changed, link=self._on_link)
        self.destroyed.connect(lambda: stop())

    @property
    def payment(self) -> Payment | None:
        """The payment that the customer could make now."""
        order = self._order
        return self._session.get(Payment, order.paying) if order is not None and order.paying else None

    def show_order(self, order: Order) -> None:
        """Show an order's payments; what is typed stays as long as as much is owed."""
        former = self._order
        self._order = order
        left = self._left_of(order)
        if former is None or former.id != order.id or self._left_of(former) != left:
            self.amount.show_value(max(left, 0))
            self._refuse("")
        self.refresh()

    def take_focus(self) -> None:
        """Where the next thing is done: the amount, or what closes the code."""
        where = self.end if self._open.isVisible() else self.amount
        where.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self) -> None:
        """Show it as it stands now."""
        order = self._order
        if order is None:
            return
        payment, may = self.payment, self._may(order)
        open_ = payment is not None and payment.state in ("starting", "pending")
        self._open.setVisible(open_)
        self._new.setVisible(may and not open_ and self._left_of(order) > 0 and bool(self._there))
        none = self._there == () and may and self._left_of(order) > 0
        self._none.setText(
            t("Customers can't pay by a code here: no account with WeChat Pay or Alipay is set up.")
            if none
            else ""
        )
        self._none.setVisible(none)
        for means, button in self.buttons.items():
            button.setVisible(means in (self._there or ()))
        if payment is not None and open_:
            self._show_open(payment)
        else:
            self._second.stop()
            self._forget()
        if self._there is None:
            self._asking.ask(self._means(), self._on_means)
        self._reading.ask(
            self._session.payments_of(order.id), lambda found: self._on_payments(order.id, found)
        )

    # ------------------------------------------------------------ inside
    def _may(self, order: Order) -> bool:
        allowed = life.refusal(order.status, "pay", self._session.actor, order.region) is None
        return allowed and role.holds(self._session.actor, role.TAKES_PAYMENTS)

    def _left_of(self, order: Order) -> int:
        return owed(order) - order.paid

    async def _means(self) -> tuple[Electronic, ...] | None:
        try:
            return await self._session.paying.means()
        except (Offline, Rejected):
            return None

    def _on_means(self, found: tuple[Electronic, ...] | None) -> None:
        # Without a server both are offered, and pressing one says at once why it can't be done.
        there = _BUTTONS if found is None else tuple(each for each in _BUTTONS if each in found)
        if there != self._there:
            self._there = there
            self.refresh()

    def _on_payments(self, order: str, found: list[Payment]) -> None:
        if self._order is None or self._order.id != order:
            return
        if self.large is not None and self.large.isVisible():
            shown = next((each for each in found if each.id == self._enlarged), None)
            if shown is not None:
                self.large.show_payment(shown, self._code)
        listed = tuple(each for each in found if each.state not in ("starting", "pending"))
        if listed == self._listed:
            return
        self._listed = listed
        while (item := self._list.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for each in reversed(listed):
            self._list.addWidget(_row(self._session, each))
        self.set_count(format.count(len(listed)) if listed else "")

    def _show_open(self, payment: Payment) -> None:
        amount = format.money(payment.amount, payment.currency)
        self.asked.setText(t("{amount} by {means}", amount=amount, means=word.means(payment.means)))
        self.end.setEnabled(not payment.closing)
        self.enlarge.setEnabled(payment.state == "pending")
        self.code.setVisible(payment.state == "pending" and not payment.closing)
        self._say_left()
        self._second.start()
        if self._seen != payment.id:
            self._seen = payment.id
            QTimer.singleShot(0, self, self._come_in_sight)
        if payment.state == "pending" and self._coded != payment.id:
            self._coded, self._code = payment.id, ""
            self._coding.ask(self._fetch(payment.id), lambda text: self._on_code(payment.id, text))

    def _come_in_sight(self) -> None:
        """The whole code, wherever the panel is scrolled to: nobody scans half of one."""
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(self._open)

    async def _fetch(self, payment: str) -> str:
        try:
            return await self._session.paying.code(payment)
        except (Offline, Rejected):
            return ""

    def _on_code(self, payment: str, text: str) -> None:
        if self._coded != payment:
            return
        if not text:
            # It is asked for again with the next change, or when the server is there again.
            self._coded = ""
        self._code = text
        self.code.show_code(text)

    def _forget(self) -> None:
        self._coded = self._code = ""
        self.code.show_code("")

    def _say_left(self) -> None:
        payment = self.payment
        if payment is None:
            return
        if payment.closing:
            words = t("Being closed; what is paid in this moment still counts.")
        elif payment.state == "starting":
            words = t("The code is being made…")
        else:
            left = max((payment.payable_until or 0) - self._session.now(), 0)
            words = t("{scan}. Good for {time} more.", scan=word.scan(payment), time=format.countdown(left))
        self.left.setText(words)

    def _start(self, means: Electronic) -> None:
        order = self._order
        if order is None:
            return
        self._refuse("")
        if (amount := self.amount.value) is None:
            self._refuse(t("Write the amount like 128.50."))
            return
        command = StartPayment(
            payment=new_id(), order=order.id, amount=amount, means=means, currency=order.quote.currency
        )
        if submit(self._session, command, lambda said, _why: self._refuse(said)) is not None:
            # Not on a button: whoever presses Enter twice would close the code again.
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        if (payment := self.payment) is not None:
            self._refuse("")
            submit(self._session, ClosePayment(payment=payment.id), lambda said, _why: self._refuse(said))

    def _on_enlarge(self) -> None:
        payment = self.payment
        if payment is None:
            return
        if self.large is None:
            self.large = LargeCode(self)
        self._enlarged = payment.id
        self.large.show_payment(payment, self._code)
        self.large.show()
        self.large.raise_()
        self.large.activateWindow()

    def _refuse(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _on_changed(self, changed: Changed) -> None:
        if self._order is None or not self.isVisible():
            return
        if changed.everything or {"payment", "order"} & changed.ids.keys():
            found = self._session.get(Order, self._order.id)
            if found is not None:
                self.show_order(found)

    def _on_link(self, link: Link) -> None:
        if link.state == "online":
            self._there = None
            if self.isVisible():
                self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        first = next((means for means in _BUTTONS if means in (self._there or ())), None)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.amount.hasFocus() and first is not None and self._new.isVisible():
            self._start(first)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        look = theme.current()
        row = QHBoxLayout(self._new)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.space(2))
        row.addWidget(self.amount, 1)
        for each_button in self.buttons.values():
            row.addWidget(each_button)
        beside = QVBoxLayout()
        beside.setSpacing(look.space(2))
        beside.addWidget(self.asked)
        beside.addWidget(self.left)
        for button in (self.enlarge, self.end):
            beside.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        beside.addStretch()
        shown = QHBoxLayout(self._open)
        shown.setContentsMargins(0, 0, 0, 0)
        shown.setSpacing(look.space(3))
        shown.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        shown.addLayout(beside, 1)
        self._list.setSpacing(look.space(1))
        parts: tuple[QWidget, ...] = (self._new, self._open, self._none, self._error)
        for each in parts:
            self.body.addWidget(each)
            each.hide()
        self.body.addLayout(self._list)


def _row(session: Session, payment: Payment) -> QWidget:
    """A payment that is over, or that somebody looks into."""
    look = theme.current()
    row = QWidget()
    row.setObjectName(f"payment_{payment.id}")
    line = QHBoxLayout()
    line.setSpacing(look.space(2))
    line.addWidget(Chip(mark("payment", payment.state)))
    line.addWidget(label(format.money(payment.amount, payment.currency), "strong"))
    at = format.moment(payment.captured_at or payment.created_at, session.now(), name.timezone(session))
    line.addWidget(
        label(t("{means}, {when}", means=word.means(payment.means), when=at), "muted", wrap=True), 1
    )
    column = QVBoxLayout(row)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(line)
    if payment.refunded:
        back = format.money(payment.refunded, payment.currency)
        column.addWidget(
            label(t("{amount} of it given back, or on its way", amount=back), "small", wrap=True)
        )
    if why := word.problem(payment):
        column.addWidget(label(why, "error" if payment.state == "attention" else "small", wrap=True))
    return row
