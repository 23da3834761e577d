"""One technician: what stands in his buckets, his statements, every line with its order, and what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.payroll import Line, Lined, Told
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.statement import Statement, withdrawable
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, theme
from ui.account.ask import DeductForm, DepositForm, WayForm, WithdrawForm
from ui.account.word import BUCKETS, CAUSES, EMPLOYMENTS, money, span, word
from ui.controls.facts import Facts
from ui.controls.flow import Flow
from ui.controls.section import label
from ui.controls.table import Table
from ui.models.sheet import Column
from ui.question import Question
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_RECENT: Final = 40
"""So many complaints about him are offered as proof, the newest first."""


class AccountDetail(QWidget):
    """Emits `order_chosen` and `order_opened` with a line's order, `paper_wanted` with statement and kind of file."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    paper_wanted = Signal(object, str)
    done = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._technician: str | None = None
        self._order: str | None = None
        self.told: Told | None = None
        self.shown: Lined | None = None
        self.form: Question | None = None
        self._asking, self._reading, self._proving = Latest(self), Latest(self), Latest(self)
        self.title = label("", "title")
        self.facts = Facts()
        for code, said in (
            ("available", t("Available##bucket")), ("withdrawable", t("Can be withdrawn")),
            ("frozen", t("Frozen##bucket")), ("withdrawing", t("Being paid out##bucket")),
            ("cash", t("Customers' cash##bucket")), ("deposit", t("Deposit##bucket")), ("way", t("Paid to##account")),
        ):  # fmt: skip
            self.facts.add(f"account_{code}", said)
        self.buttons: dict[str, QPushButton] = {}
        self._host = QVBoxLayout()
        self.period = QComboBox()
        self.period.setObjectName("account_period")
        self.period.setAccessibleName(t("Statement##account"))
        self.period.currentIndexChanged.connect(lambda _at: self._read())
        self.sums = label("", "muted", wrap=True)
        self.sums.setObjectName("account_sums")
        self.lines = Table(self._columns(), t("Lines##account"), lambda line: f"{line.posting} {line.bucket}")
        self.lines.setObjectName("account_lines")
        self.lines.chosen.connect(self._on_line)
        self.lines.taken.connect(self._on_taken)
        self._lay_out()
        self.show_technician(None)

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asking.busy or self._reading.busy

    def show_technician(self, id: str | None) -> None:
        """Somebody's account, read anew; what was being asked about another one is put away."""
        if id != self._technician:
            self._put_away()
        self._technician = id
        if id is not None:
            self._asking.ask(self._ask(id), self._show)
        else:
            self._show(None)

    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere: its photos can prove something."""
        self._order = id

    def start(self, what: str) -> None:
        """Ask one of the questions."""
        if self.told is None or self._technician is None:
            return
        policy = self._session.get(Policy, "policy") or Policy()
        account, standing = self.told.account, self.told.standing
        if what == "withdraw":
            most = withdrawable(account, standing.get("available", 0), standing.get("cash", 0))
            self._put(WithdrawForm(self._session, account, most))
        elif what == "way":
            self._put(WayForm(self._session, self._technician))
        elif what == "deposit":
            stands = standing.get("deposit", 0)
            self._put(DepositForm(self._session, self._technician, policy.deposit_wanted, stands))
        elif what == "deduct":
            self._proving.ask(self._photos(self._order), self._deduct)

    async def _photos(self, order: str | None) -> Sequence[Attachment]:
        if order is None:
            return ()
        return [each for each in await self._session.attachments_of(order) if each.removed is None]

    def _deduct(self, photos: Sequence[Attachment]) -> None:
        about = [each for each in self._session.all(Complaint) if self._technician in each.technicians]
        about.sort(key=lambda each: -each.at)
        if self._technician is not None:
            made = DeductForm(self._session, self._technician, about[:_RECENT], self._order, photos)
            self._put(made)

    # ------------------------------------------------------------ inside
    async def _ask(self, id: str) -> Told | None:
        try:
            return await self._session.payroll.account(id)
        except (Offline, Rejected):
            return None

    def _show(self, told: Told | None) -> None:
        self.told = told
        technician = self._session.get(Technician, self._technician) if self._technician else None
        self.setVisible(technician is not None)
        if technician is None:
            return
        kind = word(EMPLOYMENTS, technician.employment)
        self.title.setText(f"{technician.name} · {kind}")
        if told is None:
            self.sums.setText(t("Accounts are at the server; it can't be reached now."))
            self.lines.show_rows(())
        else:
            self._say(told)
        self._permit(technician)
        chosen = self.period.currentData()
        self.period.blockSignals(True)
        self.period.clear()
        self.period.addItem(t("Since the last statement"), None)
        for each in told.statements if told is not None else ():
            self.period.addItem(f"{each.period} · {span(each.first, each.until)}", each.id)
        self.period.setCurrentIndex(max(0, self.period.findData(chosen)))
        self.period.blockSignals(False)
        self._read()

    def _say(self, told: Told) -> None:
        standing, account = told.standing, told.account
        most = withdrawable(account, standing.get("available", 0), standing.get("cash", 0))
        for bucket in ("available", "frozen", "withdrawing", "cash", "deposit"):
            amount = standing.get(bucket, 0)
            always = bucket in ("available", "frozen")
            self.facts.say(f"account_{bucket}", money(self._session, amount) if amount or always else "")
        self.facts.say("account_withdrawable", money(self._session, most), "strong")
        ways = [f"{account.bank} {account.bank_mask}" if account.bank_mask else ""]
        ways.append(f"{t('WeChat wallet##way')} {account.wallet_mask}" if account.wallet_mask else "")
        self.facts.say("account_way", " · ".join(filter(None, ways)) or t("Not entered yet##way"))

    def _permit(self, technician: Technician) -> None:
        actor, told = self._session.actor, self.told
        paid = technician.employment != "employee" and told is not None
        settles = paid and role.holds(actor, role.SETTLES)
        free = told is not None and told.account.withdrawal is None
        self.buttons["withdraw"].setEnabled(settles and free)
        self.buttons["way"].setEnabled(settles and free)
        self.buttons["deduct"].setEnabled(paid and role.holds(actor, role.DEDUCTS))
        self.buttons["deposit"].setEnabled(settles and technician.employment == "contractor")

    def _read(self) -> None:
        id = self.period.currentData()
        for kind in ("pdf", "xlsx"):
            self.buttons[kind].setEnabled(False)
        if self.told is None:
            return
        if id is None:
            self.shown = None
            self.sums.setText(t("These lines will stand in the next statement."))
            self.lines.show_rows(self.told.lines)
            return
        self._reading.ask(self._statement(id), self._lined)

    async def _statement(self, id: str) -> Lined | None:
        try:
            return await self._session.payroll.statement(id)
        except (Offline, Rejected):
            return None

    def _lined(self, found: Lined | None) -> None:
        self.shown = found
        self.lines.show_rows(found.lines if found is not None else ())
        if found is None:
            self.sums.setText(t("Accounts are at the server; it can't be reached now."))
            return
        self.sums.setText(summed(self._session, found.statement))
        for kind in ("pdf", "xlsx"):
            self.buttons[kind].setEnabled(True)

    def _on_line(self, line: Any) -> None:
        if line is not None and line.order and self.lines.hasFocus():
            self.order_chosen.emit(line.order)

    def _on_taken(self, line: Any) -> None:
        if line.order:
            self.order_opened.emit(line.order)

    def _put(self, form: Question) -> None:
        self._put_away()
        self.form = form
        form.left.connect(self._on_left)
        self._host.addWidget(form)
        form.setFocus()

    def _on_left(self) -> None:
        answered = self.form is not None and self.form.answered
        self._put_away()
        if answered:
            self.done.emit()
            self.show_technician(self._technician)

    def _put_away(self) -> None:
        if self.form is not None:
            form, self.form = self.form, None
            form.hide()
            form.deleteLater()

    def _columns(self) -> tuple[Column, ...]:
        session = self._session
        return (
            Column(code="at", title=t("When##line"), width=128,
                   show=lambda line: format.moment(line.at, session.now(), session.timezone)),
            Column(code="what", title=t("What##line"), width=150, show=lambda line: called(line)),
            Column(code="order", title=t("Order##line"), width=104, show=lambda line: line.number or ""),
            Column(code="bucket", title=t("Bucket##line"), width=84, show=lambda line: word(BUCKETS, line.bucket)),
            Column(code="amount", title=t("Amount##line"), width=88, right=True,
                   show=lambda line: money(session, line.amount)),
        )  # fmt: skip

    def _button(self, code: str, said: str, run: Any) -> QPushButton:
        button = QPushButton(said)
        button.setObjectName(f"account_{code}")
        button.setProperty("kind", "quiet")
        button.clicked.connect(run)
        self.buttons[code] = button
        return button

    def _lay_out(self) -> None:
        look = theme.current()
        tools = QWidget()
        flow = Flow(tools, look.space(1))
        for code, said in (
            ("withdraw", t("Withdrawal…")), ("way", t("Card or wallet…")), ("deduct", t("Deduct…")),
            ("deposit", t("Deposit…##button")),
        ):  # fmt: skip
            flow.addWidget(self._button(code, said, lambda _checked=False, code=code: self.start(code)))
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        head.addWidget(self.period, 1)
        for kind, said in (("pdf", t("PDF##statement")), ("xlsx", t("Workbook##statement"))):
            head.addWidget(self._button(kind, said, lambda _checked=False, kind=kind: self._paper(kind)))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), 0, 0, 0)
        whole.setSpacing(look.space(2))
        for part in (self.title, self.facts, tools):
            whole.addWidget(part)
        whole.addLayout(self._host)
        whole.addLayout(head)
        whole.addWidget(self.sums)
        whole.addWidget(self.lines, 1)

    def _paper(self, kind: str) -> None:
        if self.shown is not None:
            self.paper_wanted.emit(self.shown, kind)


def called(line: Line) -> str:
    """What a line is about."""
    return word(CAUSES, line.cause if line.cause != "reverse" else line.posting.partition(":")[0])


def summed(session: Session, statement: Statement) -> str:
    """A statement in a sentence."""
    return t(
        "Opened with {opening}. Earned {income}, tax withheld {tax}, cash netted {netted}. Closed with {closing}; "
        "{payable} can be withdrawn.",
        opening=money(session, statement.opening.available), income=money(session, statement.income),
        tax=money(session, statement.tax), netted=money(session, statement.netted),
        closing=money(session, statement.closing.available), payable=money(session, statement.payable),
    )  # fmt: skip
