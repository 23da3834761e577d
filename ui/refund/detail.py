"""One refund: the rule's words and figure beside what was proposed, who said what, whose limit, and what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import format, name, theme
from ui import redress as word
from ui.controls.chip import Chip
from ui.controls.empty import EmptyState
from ui.controls.facts import Facts
from ui.controls.section import label
from ui.mark import mark
from ui.refund.deal import Deal

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Detail(QStackedWidget):
    """Emits `order_opened` with its order."""

    order_opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("refund_detail")
        self._session = session
        self.refund: Refund | None = None
        self.amount, self.state = label("", "title"), Chip(mark("refund", "proposed"))
        self.order = QPushButton()
        self.order.setObjectName("refund_order")
        self.order.setProperty("kind", "link")
        self.order.clicked.connect(self._on_order)
        self.facts = Facts()
        for code, said in (
            ("next", t("Next##refunds")), ("rule", t("Rule##refunds")), ("due", t("By the rule")), ("why", t("Reason")),
            ("side", t("On whose account")), ("how", t("Paid how##refund")), ("money", t("Order's money")),
            ("limit", t("Limits##refunds")), ("told", t("Proposed by##refunds")), ("claim", t("The insurer's number")),
            ("wrong", t("Went wrong##refunds")), ("number", t("Number##refunds")),
        ):  # fmt: skip
            self.facts.add(f"refund_{code}", said)
        self.deal = Deal(session)
        self._none = EmptyState(
            t("No refund chosen"), t("Alt+R proposes one for the order in hand."), "refund"
        )
        self._lay_out()

    def show_refund(self, refund: Refund | None) -> None:
        """Show another one, or the same as it stands now."""
        self.refund = refund
        self.setCurrentIndex(0 if refund is None else 1)
        self.deal.show_refund(refund)
        if refund is None:
            return
        session, currency = self._session, refund.currency
        self.amount.setText(f"{word.what(refund.what)} {format.money(refund.amount, currency)}")
        self.state.show_mark(mark("refund", refund.state))
        self.order.setText(t("Order {number}", number=name.order(session, refund.order)))
        say = self.facts.say
        say("refund_next", word.next_step(refund), "strong")
        say("refund_rule", word.rule(refund.rule, refund.params, currency))
        differs = refund.due and refund.due != refund.amount
        say(
            "refund_due", format.money(refund.due, currency) if refund.due else "", "error" if differs else ""
        )
        say("refund_why", word.reason(refund.reason))
        say("refund_side", name.side(refund.side))
        say("refund_how", word.goes(refund.carrier, refund.way))
        say("refund_money", self._money(refund))
        say("refund_limit", self._limit(refund))
        say("refund_told", word.story(session, refund))
        say("refund_claim", refund.claim)
        wrong = word.refusal(refund.refused_for) if refund.refused_for else word.fault(refund.fault)
        say("refund_wrong", wrong if refund.refused_for or refund.fault else "", "error")
        say("refund_number", refund.provider_ref or refund.receipt)

    def _money(self, refund: Refund) -> str:
        order = self._session.get(Order, refund.order)
        if order is None:
            return ""
        figures = {
            "paid": order.paid, "owed": owed(order), "refunded": order.refunded, "compensated": order.compensated,
        }  # fmt: skip
        said = {key: format.money(value, refund.currency) for key, value in figures.items()}
        return t(
            "{paid} paid, {owed} owed, {refunded} given back, {compensated} besides (what waits included)",
            **said,
        )

    def _limit(self, refund: Refund) -> str:
        if refund.limited:
            return t("beyond {limits}", limits=word.limits(self._session, refund.limited))
        policy = self._session.get(Policy, "policy") or Policy()
        return t("within {amount} an order", amount=format.money(policy.refund_limit_order, refund.currency))

    def _on_order(self) -> None:
        if self.refund is not None:
            self.order_opened.emit(self.refund.order)

    def _lay_out(self) -> None:
        look = theme.current()
        head = QHBoxLayout()
        head.setContentsMargins(look.space(3), 0, look.space(3), 0)
        head.setSpacing(look.space(2))
        head.addWidget(self.amount)
        head.addWidget(self.state)
        head.addStretch()
        head.addWidget(self.order)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(3))
        column.setSpacing(look.space(3))
        column.addWidget(self.facts)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # What can be done stays in sight, however much there is to read.
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(head)
        rows.addWidget(scroll, 1)
        self.deal.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        rows.addWidget(self.deal)
        self.addWidget(self._none)
        self.addWidget(whole)
