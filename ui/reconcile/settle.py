"""What is to be done about a difference: posted, taken for its order, or nothing; why; and under which number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QButtonGroup, QComboBox, QRadioButton

from dispatcher_app.domain.command import SettleDifference
from dispatcher_app.domain.money.discrepancy import DIFFERENCE_REASONS, HOWS, Discrepancy, How
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.text import fill, t
from ui import format, name
from ui.controls.field import Field
from ui.controls.section import label
from ui.question import Question, row_of
from ui.reconcile import word

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_NOTE_MOST: Final = 64


class SettleForm(Question):
    """Only what is possible can be chosen; what will be posted is said before it is."""

    def __init__(self, session: Session, found: Discrepancy) -> None:
        super().__init__(session, t("Settle the difference"), t("Settle##difference"))
        self.found = found
        self.hows: dict[How, QRadioButton] = {}
        group = QButtonGroup(self)
        for code in HOWS:
            button = QRadioButton(t(word.HOWS[code]))
            button.setObjectName(f"settle_{code}")
            button.setVisible(possible(session, found, code))
            button.toggled.connect(lambda _on: self._say())
            self.hows[code] = button
            group.addButton(button)
            self.body.addWidget(button)
        next(button for code, button in self.hows.items() if possible(session, found, code)).setChecked(True)
        self._posted = label("", "muted", wrap=True)
        self._posted.setObjectName("settle_posted")
        self.reason = QComboBox()
        self.reason.setObjectName("settle_reason")
        self.reason.setAccessibleName(t("Why##difference"))
        for each in DIFFERENCE_REASONS:
            self.reason.addItem(t(word.REASONS[each]), each)
        self.reason.setCurrentIndex(DIFFERENCE_REASONS.index("looked_up"))
        self.note = Field()
        self.note.setObjectName("settle_note")
        self.note.setMaxLength(_NOTE_MOST)
        self.note.setAccessibleName(t("Number of the enquiry"))
        self.note.setPlaceholderText(t("Number of the enquiry, if there is one"))
        self.fields = {"note": self.note}
        self.body.addWidget(self._posted)
        self.body.addLayout(row_of(t("Why##difference"), self.reason))
        self.body.addWidget(self.note)
        self.ask = self._command
        self._say()

    @property
    def how(self) -> How:
        """What is chosen."""
        return next(code for code, button in self.hows.items() if button.isChecked())

    def _say(self) -> None:
        found = self.found
        if not hasattr(self, "_posted"):
            return
        match self.how:
            case "order":
                words = t("{amount} is booked as paid for {number}.", amount=word.amount(found.theirs, found),
                          number=name.order(self.session, found.order or ""))  # fmt: skip
            case "difference":
                said = t(
                    "{amount} more is with {provider} from then on; the account of differences bears it."
                )
                if found.gap < 0:
                    said = t(
                        "{amount} less is with {provider} from then on; the account of differences bears it."
                    )
                amount = format.money(abs(found.gap), found.currency)
                words = fill(said, {"amount": amount, "provider": word.provider(found.provider)})
            case _:
                words = t("Our books stay as they are.")
        self._posted.setText(words)

    def _command(self) -> SettleDifference:
        return SettleDifference(
            discrepancy=self.found.id,
            how=self.how,
            reason=str(self.reason.currentData()),
            note=self.note.text().strip(),
        )


def possible(session: Session, found: Discrepancy, how: How) -> bool:
    """Whether a difference can be settled so."""
    if how == "none":
        return True
    if found.what == "currency_differs":
        return False
    if how == "difference":
        return found.gap != 0
    payment = session.get(Payment, found.payment) if found.payment else None
    return (
        found.moved == "payment" and found.theirs > 0 and payment is not None and payment.state != "captured"
    )
