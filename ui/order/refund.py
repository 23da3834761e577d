"""Money back, or something for the customer's trouble: what the rules give stands there already, with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox

from dispatcher_app.clock import new_id
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import ProposeRefund, RefundPart
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.redress import Due, beyond, of_lines, portions, redress
from dispatcher_app.domain.money.refund import (
    CLAIMS,
    Allowance,
    Refund,
    RefundReason,
    Way,
    What,
    allowance_id,
)
from dispatcher_app.domain.order import Order, Side
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.refunding import decides_alone
from dispatcher_app.text import t
from ui import format, name
from ui import redress as word
from ui.controls.field import Field
from ui.controls.money import MoneyField
from ui.controls.section import label
from ui.controls.ticks import Ticks
from ui.limit import limit
from ui.order.form import Form, row_of
from ui.order.reason import SIDES
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_LINES: Final = "lines"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be asked for: what a rule gives, money for lines, or a person's own word (`rule` is "")."""

    rule: str
    what: What
    due: Due | None = None


class RefundForm(Form):
    """The rule decides the first amount; whoever changes it sees what the rule says beside it."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Refund for {number}", number=order.number), t("Propose it##refund")
        )
        self._payments: Sequence[Payment] = ()
        self._offers: list[Offer] = []
        self._reading = Latest(self)
        currency = order.quote.currency
        self.offer, self.reason, self.side, self.way = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        self.lines = Ticks(t("Lines that were not done"))
        self.amount = MoneyField(currency, 0)
        self.claim, self.note = Field(), Field()
        self._stand, self._rule = label("", "muted", wrap=True), label("", "", wrap=True)
        self._how, self._limit = label("", "muted", wrap=True), label("", "small", wrap=True)
        self._lay_out()
        for code in word.REASONS:
            self.reason.addItem(word.reason(code), code)
        for side in SIDES:
            self.side.addItem(name.side(side), side)
        self.offer.currentIndexChanged.connect(lambda _at: self._on_offer())
        self.lines.changed.connect(self._on_lines)
        self.reason.currentIndexChanged.connect(lambda _at: self._say())
        self.way.currentIndexChanged.connect(lambda _at: self._say())
        self.amount.textChanged.connect(lambda _text: self._say())
        self.fields = {"amount": self.amount, "claim": self.claim}
        self.ask = self._command
        self.setFocusProxy(self.offer)
        self.show_order(order)

    def show_order(self, order: Order) -> None:
        changed = order != self.order or not self._offers
        super().show_order(order)
        if not changed:
            return
        money, left = format.money, order.paid - order.refunded
        currency = order.quote.currency
        self._stand.setText(
            t("{paid} paid, {owed} owed, {refunded} given back, {compensated} besides (what waits included)",
              paid=money(order.paid, currency),
              owed=money(owed(order), currency), refunded=money(order.refunded, currency),
              compensated=money(order.compensated, currency))
        )  # fmt: skip
        self.lines.offer({
            str(at): f"{name.item(self.session, line.item)} {name.fault(self.session, line.item, line.fault)}".strip()
            for at, line in enumerate(order.lines)
        })  # fmt: skip
        self._offer_all(left)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._reading.ask(self.session.payments_of(self.order.id), self._on_payments)

    # ------------------------------------------------------------ what is offered
    def _offer_all(self, left: int) -> None:
        chosen = self._chosen
        given = [found for id in self.order.refunds if (found := self.session.get(Refund, id)) is not None]
        offers = [Offer(due.rule, due.what, due) for due in redress(self.order, given, self._policy)]
        if left > 0:
            offers += [Offer(_LINES, "refund"), Offer("", "refund")]
        offers.append(Offer("", "compensation"))
        self._offers = offers
        with QSignalBlocker(self.offer):
            self.offer.clear()
            for each in offers:
                self.offer.addItem(self._title(each))
            kept = next(
                (at for at, each in enumerate(offers) if chosen is not None and same(each, chosen)), 0
            )
            self.offer.setCurrentIndex(kept)
        if chosen is None or not same(offers[kept], chosen) or not self.touched:
            self._on_offer()
        else:
            self._say()

    def _title(self, offer: Offer) -> str:
        if offer.due is not None:
            amount = format.money(offer.due.amount, self.order.quote.currency)
            return t("{what} {amount}: {reason}", what=word.what(offer.what), amount=amount,
                     reason=word.reason(offer.due.reason))  # fmt: skip
        if offer.rule == _LINES:
            return t("Refund of lines that were not done…")
        return t("Other refund…") if offer.what == "refund" else t("Other compensation…")

    @property
    def _chosen(self) -> Offer | None:
        at = self.offer.currentIndex()
        return self._offers[at] if 0 <= at < len(self._offers) else None

    @property
    def _policy(self) -> Policy:
        return self.session.get(Policy, "policy") or Policy()

    def _on_offer(self) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        due = chosen.due
        by_lines, by_hand = chosen.rule == _LINES, chosen.rule == ""
        self.lines.setVisible(by_lines)
        self.reason.setEnabled(by_hand)
        if due is not None:
            self.amount.show_value(due.amount)
            self._choose(self.reason, due.reason)
            self._choose(self.side, due.side)
        elif by_lines:
            self.amount.clear()
            self._choose(self.reason, "not_done")
            self._choose(self.side, "technician")
            self._on_lines()
        else:
            self.amount.clear()
            self._choose(self.reason, "quality" if chosen.what == "refund" else "goodwill")
        ways: tuple[Way, ...] = (
            ("original", "cash", "transfer") if chosen.what == "refund" else ("cash", "transfer")
        )
        kept = self.way.currentData()
        with QSignalBlocker(self.way):
            self.way.clear()
            for each in ways:
                self.way.addItem(word.way(each), each)
            self.way.setCurrentIndex(max(0, self.way.findData(kept)))
        self._say()

    def _choose(self, box: QComboBox, code: str) -> None:
        with QSignalBlocker(box):
            box.setCurrentIndex(box.findData(code))

    def _on_lines(self) -> None:
        due = self._due
        if due is not None:
            self.amount.show_value(due.amount)
        self._say()

    @property
    def _due(self) -> Due | None:
        """What the rule that is chosen gives now."""
        chosen = self._chosen
        if chosen is None or chosen.rule != _LINES:
            return chosen.due if chosen is not None else None
        ticked = tuple(int(each) for each in self.lines.ticked)
        given = [found for id in self.order.refunds if (found := self.session.get(Refund, id)) is not None]
        try:
            return of_lines(self.order, ticked, given) if ticked else None
        except Rejected as rejected:
            self.refuse(name.refusal(self.session, rejected))
            return None

    # ------------------------------------------------------------ what is said of it
    def _on_payments(self, found: Sequence[Payment]) -> None:
        self._payments = found
        self._say()

    def _say(self) -> None:
        chosen, due, currency = self._chosen, self._due, self.order.quote.currency
        if chosen is None:
            return
        rule = due.rule if due is not None else chosen.rule
        if rule == _LINES and due is None:
            self._rule.setText(t("Tick the lines; labour and parts of them are added up."))
        else:
            self._rule.setText(word.rule(rule, due.params if due is not None else {}, currency))
        claim = self._reason in CLAIMS
        self.claim.setVisible(claim)
        self._how.setText(self._said_how())
        self._how.setVisible(bool(self._how.text()))
        self._limit.setText(self._said_limit(due))

    @property
    def _reason(self) -> RefundReason:
        code: RefundReason = self.reason.currentData()
        return code

    @property
    def _way(self) -> Way:
        code: Way = self.way.currentData() or "cash"
        return code

    def _parts(self, amount: int) -> tuple[RefundPart, ...]:
        chosen = self._chosen
        if chosen is None or chosen.what == "compensation":
            return (RefundPart(refund=new_id(), amount=amount, way=self._way),)
        laid = portions(amount, self._payments, self._way)
        return tuple(
            RefundPart(refund=new_id(), amount=each.amount, payment=each.payment, way=each.way)
            for each in laid
        )

    def _said_how(self) -> str:
        """To which payments it goes back, where there are any."""
        amount, chosen = self.amount.value or 0, self._chosen
        if chosen is None or chosen.what == "compensation" or amount <= 0:
            return ""
        means = {each.id: each.means for each in self._payments}
        parts = portions(amount, self._payments, self._way)
        return t(", ").join(
            t("{amount} {way}", amount=format.money(each.amount, self.order.quote.currency), way=word.goes(
                means.get(each.payment or ""), each.way))
            for each in parts
        )  # fmt: skip

    def _said_limit(self, due: Due | None) -> str:
        """Whose word it takes, and how much of the limits is used."""
        session, order, policy = self.session, self.order, self._policy
        amount, chosen = self.amount.value or 0, self._chosen
        date = local_date(session.now(), name.timezone(session))
        account = session.get(Allowance, allowance_id(session.actor.id, order.region, date))
        used = account.used if account is not None else 0
        given = order.refunded + order.compensated
        lines = []
        if due is not None and amount and amount != due.amount:
            lines.append(t("The rule gives {amount}.", amount=format.money(due.amount, order.quote.currency)))
        alone = chosen is not None and decides_alone(session.actor, chosen.what, self._reason)
        passed = beyond(order, amount, used if alone else 0, policy)
        if passed:
            lines.append(t("Beyond one person's limit: finance has to agree."))
        elif alone:
            lines.append(t("Within your limit: it counts at once."))
        elif self._reason in CLAIMS:
            lines.append(t("A claim takes a second person."))
        else:
            lines.append(t("A second person has to agree."))
        shown = {"given": format.money(given), "order": format.money(policy.refund_limit_order)}
        lines.append(t("This order: {given} of {order} so far.", **shown))
        if alone or not role.REFUNDS_ALONE.isdisjoint(session.actor.roles):
            shown = {"used": format.money(used), "day": format.money(policy.refund_limit_day)}
            lines.append(t("You today: {used} of {day} so far.", **shown))
        return " ".join(lines)

    def _command(self) -> ProposeRefund | None:
        amount, chosen, due = self.amount.value, self._chosen, self._due
        if amount is None or amount <= 0:
            self.refuse(t("Write the amount like 128.50."), "amount")
            return None
        if chosen is None or (chosen.rule == _LINES and due is None):
            self.refuse(t("Tick the lines; labour and parts of them are added up."))
            return None
        side: Side = self.side.currentData()
        lines = tuple(int(each) for each in self.lines.ticked) if chosen.rule == _LINES else ()
        return ProposeRefund(
            order=self.order.id, what=chosen.what, reason=self._reason, side=side, rule=chosen.rule, lines=lines,
            parts=self._parts(amount), claim=self.claim.text().strip() if self._reason in CLAIMS else "",
            note=self.note.text().strip(),
        )  # fmt: skip

    def _lay_out(self) -> None:
        for part, id, said in (
            (self.offer, "refund_offer", t("What for##refund")), (self.reason, "refund_reason", t("Reason")),
            (self.side, "refund_side", t("On whose account")), (self.way, "refund_way", t("Paid how##refund")),
            (self.amount, "refund_amount", t("Amount")), (self.claim, "refund_claim", t("The insurer's number")),
            (self.note, "refund_note", t("Note, kept with the order")), (self.lines, "refund_lines", ""),
        ):  # fmt: skip
            part.setObjectName(id)
            if said:
                part.setAccessibleName(said)
        self._rule.setObjectName("refund_rule")
        self._limit.setObjectName("refund_limit")
        self._how.setObjectName("refund_how")
        self.claim.setPlaceholderText(t("The insurer's number"))
        self.claim.setMaxLength(64)
        self.note.setPlaceholderText(t("Note, kept with the order"))
        limit(self.note, "note")
        self.body.addWidget(self._stand)
        self.body.addLayout(row_of(t("What for##refund"), self.offer))
        self.body.addWidget(self._rule)
        self.body.addWidget(self.lines)
        self.body.addLayout(row_of(t("Amount"), self.amount))
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addLayout(row_of(t("On whose account"), self.side))
        self.body.addWidget(self.claim)
        self.body.addLayout(row_of(t("Paid how##refund"), self.way))
        self.body.addWidget(self._how)
        self.body.addWidget(self.note)
        self.body.addWidget(self._limit)


def same(one: Offer, other: Offer) -> bool:
    """Whether two offers are about the same, whatever they come to now."""
    return (one.rule, one.what) == (other.rule, other.what)
