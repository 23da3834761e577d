"""The questions about a technician's money: a withdrawal, where it goes, a deduction, a deposit, an appeal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from PySide6.QtWidgets import QComboBox

from dispatcher_app.clock import new_id
from dispatcher_app.domain.command import (
    AppealDeduction,
    DecideAppeal,
    Deduct,
    PayDeposit,
    RequestWithdrawal,
    ReturnDeposit,
    SaveWay,
)  # fmt: skip
from dispatcher_app.domain.money.account import Account
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.deduction import Deduction
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.text import t
from ui import format, name, theme
from ui.account.word import WAYS, WHY_BACK, WHY_DEDUCTED, word
from ui.controls.field import Field
from ui.controls.money import MoneyField
from ui.controls.paragraph import Paragraph
from ui.controls.section import label
from ui.controls.ticks import Ticks
from ui.question import Question, row_of

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_WORDS_PX = 72


def combo(id: str, called: str, words: Mapping[Any, str]) -> QComboBox:
    """A choice among codes, already in words."""
    made = QComboBox()
    made.setObjectName(id)
    made.setAccessibleName(called)
    for code, said in words.items():
        made.addItem(said, code)
    return made


def paragraph(id: str, hint: str) -> Paragraph:
    """Room for some lines."""
    made = Paragraph()
    made.setObjectName(id)
    made.setAccessibleName(hint)
    made.setPlaceholderText(hint)
    made.setMaximumHeight(theme.current().px(_WORDS_PX))
    return made


class Asked(Question):
    """A question with an amount."""

    def __init__(self, session: Session, title: str, go: str, amount: int | None = None) -> None:
        super().__init__(session, title, go)
        self.amount = MoneyField(name.currency(session), amount)
        self.amount.setObjectName("account_amount")
        self.amount.setAccessibleName(t("Amount##account"))
        self.amount.setPlaceholderText(t("Amount##account"))
        self.fields["amount"] = self.amount

    @property
    def typed_amount(self) -> int | None:
        """The amount, None (said beside the field) where there is none."""
        value = self.amount.value
        if not value:
            self.refuse(t("This is no amount."), "amount")
            return None
        return value


class WithdrawForm(Asked):
    """Settled money to his card or wallet, on his behalf."""

    def __init__(self, session: Session, account: Account, most: int) -> None:
        super().__init__(session, t("Withdrawal on his behalf"), t("Ask for it##withdrawal"), most or None)
        ways = {way: f"{word(WAYS, way)} {account.mask(way)}" for way in WAYS if account.mask(way)}  # type: ignore[arg-type]
        self.way = combo("account_way", t("To##withdrawal"), ways)
        self.body.addWidget(self.amount)
        self.body.addLayout(row_of(t("To##withdrawal"), self.way))
        self.body.addWidget(
            label(t("Settled money only; somebody else than you approves it."), "muted", wrap=True)
        )
        self._id, self._technician = new_id(), account.id
        self.ask = self._command
        self.setFocusProxy(self.amount)

    def _command(self) -> RequestWithdrawal | None:
        if (amount := self.typed_amount) is None:
            return None
        if self.way.currentData() is None:
            self.refuse(t("Enter his card or wallet first."))
            return None
        return RequestWithdrawal(
            withdrawal=self._id, technician=self._technician, amount=amount, way=self.way.currentData()
        )


class WayForm(Question):
    """His card or wallet; the number is sent once and never shown again but for a reason."""

    def __init__(self, session: Session, technician: str) -> None:
        super().__init__(session, t("Card or wallet"), t("Save##way"))
        self.way = combo("account_way", t("What##way"), {way: word(WAYS, way) for way in WAYS})
        self.number, self.bank = Field(), Field()
        for field, id, said in (
            (self.number, "account_number", t("Number of the card or name of the wallet")),
            (self.bank, "account_bank", t("Bank and branch")),
        ):
            field.setObjectName(id)
            field.setAccessibleName(said)
            field.setPlaceholderText(said)
        self.fields = {"number": self.number, "bank": self.bank}
        self.body.addLayout(row_of(t("What##way"), self.way))
        self.body.addWidget(self.number)
        self.body.addWidget(self.bank)
        self.way.currentIndexChanged.connect(
            lambda _at: self.bank.setVisible(self.way.currentData() == "bank")
        )
        self.ask = lambda: SaveWay(
            technician=technician, way=self.way.currentData(), number=self.number.text().strip(),
            bank=self.bank.text() if self.way.currentData() == "bank" else "",
        )  # fmt: skip
        self.setFocusProxy(self.number)


class DeductForm(Asked):
    """How much, why, and what proves it: a complaint about him, or photos of the order that is looked at."""

    def __init__(
        self, session: Session, technician: str, complaints: Sequence[Complaint], order: str | None,
        photos: Sequence[Attachment],
    ) -> None:  # fmt: skip
        super().__init__(session, t("Deduction"), t("Deduct##go"))
        self._technician, self._order, self._id = technician, order, new_id()
        self.source = combo(
            "account_source", t("From##deduction"),
            {"available": t("Available##bucket"), "deposit": t("Deposit##bucket")},
        )  # fmt: skip
        self.reason = combo(
            "account_reason", t("Why##deduction"), {code: t(said) for code, said in WHY_DEDUCTED.items()}
        )
        self.complaint = combo("account_complaint", t("Complaint##deduction"), {None: t("None##complaint")})
        for each in complaints:
            said = f"{name.order(session, each.order)} · {format.moment(each.at, session.now(), session.timezone)}"
            self.complaint.addItem(said, each.id)
        self._complaints = {each.id: each for each in complaints}
        self.words = paragraph("account_words", t("What happened; he reads it"))
        self.photos = Ticks(t("Photos of the order##deduction"))
        self.photos.setObjectName("account_photos")
        self.photos.offer(
            {
                each.id: format.moment(each.taken_at or each.at, session.now(), session.timezone)
                for each in photos
            }
        )
        self.body.addWidget(self.amount)
        self.body.addLayout(row_of(t("From##deduction"), self.source, t("Why##deduction"), self.reason))
        self.body.addLayout(row_of(t("Complaint##deduction"), self.complaint))
        if photos and order is not None:
            self.body.addWidget(
                label(t("Photos of order {number}", number=name.order(session, order)), "muted")
            )
            self.body.addWidget(self.photos)
        self.body.addWidget(self.words)
        self.ask = self._command
        self.setFocusProxy(self.amount)

    def _command(self) -> Deduct | None:
        if (amount := self.typed_amount) is None:
            return None
        complaint = self._complaints.get(self.complaint.currentData())
        photos = self.photos.ticked
        return Deduct(
            deduction=self._id, technician=self._technician, amount=amount, source=self.source.currentData(),
            reason=self.reason.currentData(), text=self.words.toPlainText(),
            order=self._order if photos else complaint.order if complaint is not None else None,
            complaint=complaint.id if complaint is not None else None, attachments=photos,
        )  # fmt: skip


class DepositForm(Asked):
    """A deposit that he pays, or gets back."""

    def __init__(self, session: Session, technician: str, wanted: int, stands: int) -> None:
        missing = max(0, wanted - stands)
        super().__init__(session, t("Deposit##form"), t("Record##deposit"), missing or None)
        self._technician, self._id = technician, new_id()
        ways = {
            "cash": t("He pays cash##deposit"), "transfer": t("He has sent it##deposit"),
            "available": t("Of what he has##deposit"),
            **({f"back:{code}": t("Give back: {why}", why=t(said)) for code, said in WHY_BACK.items()} if stands else {}),
        }  # fmt: skip
        self.means = combo("account_means", t("How##deposit"), ways)
        self.store = combo("account_store", t("Till of##deposit"), {"": t("Office##store")})
        region = session.region
        for each in region.stores if region is not None else ():
            self.store.addItem(name.store(each), each.id)
        said = t("{stands} of {wanted} are there.", stands=format.money(stands, name.currency(session)),
                 wanted=format.money(wanted, name.currency(session)))  # fmt: skip
        self.body.addWidget(self.amount)
        self.body.addLayout(row_of(t("How##deposit"), self.means, self.store))
        self.body.addWidget(label(said, "muted", wrap=True))
        self.means.currentIndexChanged.connect(
            lambda _at: self.store.setVisible(self.means.currentData() == "cash")
        )
        self.ask = self._command
        self.setFocusProxy(self.amount)

    def _command(self) -> PayDeposit | ReturnDeposit | None:
        if (amount := self.typed_amount) is None:
            return None
        means = str(self.means.currentData())
        if means.startswith("back:"):
            return ReturnDeposit(
                deposit=self._id,
                technician=self._technician,
                amount=amount,
                reason=means.removeprefix("back:"),
            )
        store = self.store.currentData() if means == "cash" else ""
        paid = cast(Literal["cash", "transfer", "available"], means)
        return PayDeposit(
            deposit=self._id, technician=self._technician, amount=amount, means=paid, store=store
        )


class AppealForm(Question):
    """What he says against a deduction, written down for him."""

    def __init__(self, session: Session, deduction: Deduction) -> None:
        super().__init__(session, t("Appeal on his behalf"), t("Write it down##appeal"))
        self.words = paragraph("account_words", t("What he says against it"))
        self.body.addWidget(self.words)
        self.ask = lambda: AppealDeduction(deduction=deduction.id, text=self.words.toPlainText())
        self.setFocusProxy(self.words)


class DecideForm(Question):
    """Whether he gets the money back, and why."""

    def __init__(self, session: Session, deduction: Deduction, *, granted: bool) -> None:
        title = t("Give the money back") if granted else t("Turn the appeal down")
        super().__init__(session, title, t("Give back##appeal") if granted else t("Turn down##appeal"))
        self.words = paragraph("account_words", t("Why; he reads it"))
        self.body.addWidget(self.words)
        self.ask = lambda: DecideAppeal(
            deduction=deduction.id, granted=granted, text=self.words.toPlainText()
        )
        self.setFocusProxy(self.words)
