"""The till of a store: who answers for it, what should lie in it, and the counts that open and close it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import BankCash, CloseTill, HandInCash, OpenTill
from dispatcher_app.domain.money.till import Till, TillCount, till_of
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.facts import Facts
from ui.controls.money import MoneyField
from ui.controls.section import Section, label
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_COUNTS_SHOWN: Final = 3
_ROWS: Final = (
    ("state", "State##till"),
    ("cash", "Should be in it"),
    ("begun", "Begun with"),
    ("taken", "Taken in cash"),
    ("given", "Given out"),
    ("card", "Card and transfer"),
    ("payments", "Payments##till"),
    ("counts", "Last counts"),
)


class Drawer(Section):
    """Emits `opened` when a count was given that opens the till.

    What is asked is counted in one field; what the server alone may decide is refused at once without it.
    """

    opened = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(t("Till##section"))
        self._session = session
        self.store = ""
        self.facts = Facts()
        for code, word in _ROWS:
            self.facts.add(code, t(word))
        self.amount = MoneyField(name.currency(session))
        self.amount.setObjectName("till_counted")
        self.amount.setAccessibleName(t("Amount"))
        self.amount.setMaximumWidth(theme.current().px(160))
        self.amount.textEdited.connect(lambda _text: self._say_difference())
        self.technician = QComboBox()
        self.technician.setObjectName("till_technician")
        self.technician.setAccessibleName(t("Technician"))
        self.technician.setMaximumWidth(theme.current().px(220))
        self.difference = label("", "muted", wrap=True)
        self.difference.setObjectName("till_difference")
        self.error = label("", "error", wrap=True)
        self.error.setObjectName("till_count_error")
        self.error.hide()
        self.open, self.close_, self.bank, self.hand_in = (
            self._button(id, word, kind)
            for id, word, kind in (
                ("till_open", t("Open the till with this count"), "primary"),
                ("till_close", t("Close the till with this count"), "primary"),
                ("till_bank", t("Take this to the bank"), ""),
                ("till_hand_in", t("Take this in from the technician"), ""),
            )
        )
        self.open.clicked.connect(self._open)
        self.close_.clicked.connect(self._close)
        self.bank.clicked.connect(self._bank)
        self.hand_in.clicked.connect(self._hand_in)
        self._lay_out()

    @property
    def till(self) -> Till:
        """The till as this desk knows it."""
        return till_of(self._session, self._session.region_id, self.store)

    @property
    def may(self) -> bool:
        """Whether this person tends tills at all."""
        return role.holds(self._session.actor, role.TENDS_TILL)

    def show_store(self, store: str) -> None:
        """Show the till of a store, "" for the office."""
        self.store = store
        self.refresh()

    def refresh(self) -> None:
        """Show it as it stands now."""
        till, currency = self.till, name.currency(self._session)
        zone, now = name.timezone(self._session), self._session.now()
        is_open = till.opened_at is not None
        if till.opened_at is not None:
            since = format.moment(till.opened_at, now, zone)
            state = t(
                "Open since {since}, {who}", since=since, who=name.actor(self._session, f"staff:{till.by}")
            )
        else:
            state = t("Closed##till")
        self.facts.say("state", state, "strong")
        self.facts.say("cash", format.money(till.cash, currency), "strong")
        for code, amount in (
            ("begun", till.begun_with), ("taken", till.taken), ("given", till.given), ("card", till.card),
        ):  # fmt: skip
            self.facts.say(code, format.money(amount, currency) if is_open else "")
        self.facts.say("payments", format.count(till.payments) if is_open else "")
        self.open.setVisible(self.may and not is_open)
        self.close_.setVisible(self.may and is_open)
        self._form.setVisible(self.may)
        self.bank.setVisible(self.may and till.cash > 0)
        self.hand_in.setVisible(self.may)
        self.technician.setVisible(self.may)
        self._offer_technicians()
        self._say_counts()
        self._say_difference()

    def start(self) -> None:
        """Put the caret where the count is typed."""
        self.amount.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.amount.selectAll()

    # ------------------------------------------------------------ inside
    def _offer_technicians(self) -> None:
        found = sorted(
            (each for each in self._session.all(Technician) if each.region == self._session.region_id),
            key=lambda each: each.name,
        )
        if [self.technician.itemData(at) for at in range(self.technician.count())] == [
            each.id for each in found
        ]:
            return
        held = self.technician.currentData()
        self.technician.clear()
        for each in found:
            self.technician.addItem(each.name, each.id)
        self.technician.setCurrentIndex(max(0, self.technician.findData(held)))

    def _say_counts(self) -> None:
        """The last counts of this till, the newest first."""
        zone, now, currency = name.timezone(self._session), self._session.now(), name.currency(self._session)
        found = [
            each
            for each in self._session.all(TillCount)
            if (each.region, each.store) == (self._session.region_id, self.store)
        ]
        told = [
            t(
                "{when} {who}: {counted} counted, {difference}",
                when=format.moment(each.closed_at, now, zone), who=name.actor(self._session, f"staff:{each.by}"),
                counted=format.money(each.counted, currency),
                difference=format.money(each.difference, currency) if each.difference else t("no difference##till"),
            )
            for each in sorted(found, key=lambda each: -each.closed_at)[:_COUNTS_SHOWN]
        ]  # fmt: skip
        self.facts.say("counts", "\n".join(told))

    def _say_difference(self) -> None:
        counted, till = self.amount.value, self.till
        if counted is None or not (till.used or till.opened_at):
            self.difference.setText("")
            return
        off = counted - till.cash
        amount = format.money(abs(off), name.currency(self._session))
        said = (
            t("Exactly what should be there")
            if not off
            else t("{amount} too much", amount=amount)
            if off > 0
            else t("{amount} is missing", amount=amount)
        )
        self.difference.setText(said)

    def _do(self, command: Any) -> bool:
        if submit(self._session, command, self._on_refused) is None:
            return False
        self._on_refused("", None)
        self.amount.clear()
        return True

    def _counted(self) -> int | None:
        if (counted := self.amount.value) is None:
            self._on_refused(t("Write the amount like 128.50."), None)
            self.start()
        return counted

    def _open(self) -> None:
        if (counted := self._counted()) is not None and self._do(OpenTill(store=self.store, counted=counted)):
            self.opened.emit()

    def _close(self) -> None:
        if (counted := self._counted()) is not None:
            self._do(CloseTill(store=self.store, counted=counted, expected=self.till.cash))

    def _bank(self) -> None:
        if (amount := self._counted()) is not None:
            self._do(BankCash(store=self.store, amount=amount))

    def _hand_in(self) -> None:
        if (amount := self._counted()) is not None and self.technician.currentData() is not None:
            self._do(HandInCash(technician=self.technician.currentData(), store=self.store, amount=amount))

    def _on_refused(self, why: str, _rejected: Rejected | None) -> None:
        self.error.setText(why)
        self.error.setVisible(bool(why))

    def _button(self, id: str, word: str, kind: str) -> QPushButton:
        made = QPushButton(word)
        made.setObjectName(id)
        made.setProperty("kind", kind)
        return made

    def _lay_out(self) -> None:
        look = theme.current()
        self._form = QWidget()
        line = QHBoxLayout(self._form)
        line.setContentsMargins(0, 0, 0, 0)
        word = label(t("Counted##till"), "muted")
        word.setMinimumWidth(look.px(60))
        word.setBuddy(self.amount)
        line.addWidget(word)
        line.addWidget(self.amount)
        line.addWidget(self.difference, 1)
        for part in (self.facts, self._form, self.error):
            self.body.addWidget(part)
        first, second = QHBoxLayout(), QHBoxLayout()
        for button in (self.open, self.close_, self.bank):
            first.addWidget(button)
        first.addStretch()
        second.addWidget(self.hand_in)
        second.addWidget(self.technician, 1)
        second.addStretch()
        self.body.addLayout(first)
        self.body.addLayout(second)
