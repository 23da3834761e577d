"""The quote tab: what is in force, every quote that was made, and what the customer said to each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dispatcher_app.domain import life
from dispatcher_app.domain.order import Order, Revision
from dispatcher_app.domain.pricing import owed
from dispatcher_app.text import t
from ui import format, name, theme
from ui.action.deck import Deck
from ui.controls.chip import Chip
from ui.controls.facts import Facts
from ui.controls.section import Section, label
from ui.mark import mark
from ui.order.button import link
from ui.order.countdown import Countdown
from ui.order.detail import Price
from ui.order.reason import reason_word
from ui.order.revise import against_book
from ui.payment.panel import PayPanel

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class QuotePage(QWidget):
    """Newest quote first; the one that waits has its countdown and what can be done with it."""

    def __init__(self, session: Session, deck: Deck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: object = None
        look = theme.current()
        self._waiting = Countdown(session)
        self._made = Section(t("Quotes##section"))
        self._made.add_tool(link(deck["quote"]))
        self._cards = QVBoxLayout()
        self._cards.setSpacing(look.space(2))
        self._made.body.addLayout(self._cards)
        self._none = label(t("No quote was made on site."), "muted", wrap=True)
        self._made.body.addWidget(self._none)
        self._money = Section(t("Payment##section"))
        self._money.add_tool(link(deck["pay"]))
        self._facts = Facts()
        for code, word in (("owed", t("To pay in all")), ("paid", t("Paid")), ("left", t("Still to pay"))):
            self._facts.add(code, word)
        self._money.body.addWidget(self._facts)
        self.pay = PayPanel(session)
        self._now = Price(session)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(3))
        for part in (self._waiting, self._made, self._now, self._money, self.pay):
            column.addWidget(part)

    def show_order(self, order: Order) -> None:
        """Show an order's quotes; nothing is drawn anew that is the same."""
        offer = order.proposed
        words = t("Quote {n} waits for the customer", n=offer.number) if offer else ""
        self._waiting.show_until(words, offer.lapses_at if offer else None)
        self._now.set_title(t("Agreed now") if order.revisions else t("As booked"))
        self._now.show_order(order)
        currency, booked = order.quote.currency, order.booked_total
        was = "" if booked is None else t("booked {total}", total=format.money(booked, currency))
        self._now.set_count(was)
        self._facts.say("owed", format.money(owed(order), currency))
        self._facts.say("paid", format.money(order.paid, currency))
        due = life.step_for(order.status, "pay") is not None
        self._money.setVisible(due or order.paid > 0)
        self.pay.setVisible(due or order.paid > 0)
        self.pay.show_order(order)
        left = owed(order) - order.paid if due else 0
        self._facts.say("left", format.money(left, currency) if left > 0 else "", "error")
        shown = (order.id, order.revisions)
        if shown == self._shown:
            return
        self._shown = shown
        self._draw(order)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._shown = None
        super().changeEvent(event)

    def _draw(self, order: Order) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._made.set_count(format.count(len(order.revisions)) if order.revisions else "")
        self._none.setVisible(not order.revisions)
        for offer in reversed(order.revisions):
            self._cards.addWidget(_card(self._session, offer))


def _card(session: Session, offer: Revision) -> QWidget:
    look = theme.current()
    now, timezone = session.now(), name.timezone(session)
    card = QFrame()
    card.setObjectName(f"revision_{offer.number}")
    card.setProperty("panel", "surface")
    column = QVBoxLayout(card)
    column.setContentsMargins(*(look.space(3),) * 4)
    column.setSpacing(look.space(1))
    head = QHBoxLayout()
    head.setSpacing(look.space(2))
    head.addWidget(label(t("Quote {n}", n=offer.number), "strong"))
    head.addWidget(Chip(mark("quote", offer.state)))
    head.addStretch()
    head.addWidget(label(format.money(offer.quote.total, offer.quote.currency), "strong"))
    column.addLayout(head)
    who = name.actor(session, offer.actor)
    column.addWidget(label(f"{format.moment_with_age(offer.at, now, timezone)} · {who}", "small", wrap=True))
    over = offer.over_percent > 0
    said = t("{reason}. {book}", reason=reason_word(offer.reason), book=against_book(offer))
    column.addWidget(label(said, "error" if over else "muted", wrap=True))
    column.addLayout(_rows(session, offer))
    if offer.photos:
        column.addWidget(label(t("{n} photos, under Photos", n=len(offer.photos)), "small"))
    if offer.decided_at is not None:
        when = format.moment_with_age(offer.decided_at, now, timezone)
        way = t(_WAYS[offer.confirmation]) if offer.confirmation else mark("quote", offer.state).label()
        column.addWidget(label(f"{way} · {when}", "small", wrap=True))
    card.setAccessibleName(t("Quote {n}", n=offer.number))
    return card


_WAYS = {
    "code": "Agreed by code",
    "page": "Agreed on the customer's page",
    "phone": "Agreed when called back",
    "time": "No answer in time",
}


def _rows(session: Session, offer: Revision) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.current().space(3))
    grid.setVerticalSpacing(theme.current().space(0.5))
    grid.setColumnStretch(0, 1)
    rows = [
        (_line_words(session, offer, at), line.labour * line.quantity) for at, line in enumerate(offer.lines)
    ]
    for part in offer.parts:
        times = f" ×{part.quantity}" if part.quantity > 1 else ""
        word = (
            t("{part} (used)", part=name.part(session, part.part))
            if part.used
            else name.part(session, part.part)
        )
        rows.append((word + times, part.price * part.quantity))
    rows += [
        (name.quote_line(each.what), each.amount)
        for each in offer.quote.lines
        if each.what not in ("labour", "parts") and each.amount
    ]
    for at, (said, amount) in enumerate(rows):
        grid.addWidget(label(said, wrap=True), at, 0)
        right = Qt.AlignmentFlag.AlignRight
        grid.addWidget(label(format.money(amount, offer.quote.currency)), at, 1, right)
    return grid


def _line_words(session: Session, offer: Revision, at: int) -> str:
    line = offer.lines[at]
    what = " ".join(filter(None, (line.brand, name.item(session, line.item))))
    times = f" ×{line.quantity}" if line.quantity > 1 else ""
    return " · ".join(filter(None, (what + times, name.fault(session, line.item, line.fault))))
