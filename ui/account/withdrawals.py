"""Withdrawals on their way: approved by a second person, sent in batches, reported back line by line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Changed, Outcome, Refused
from dispatcher_app.client.worker import Worker
from dispatcher_app.clock import new_id
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import (
    ApproveWithdrawal,
    RecallWithdrawal,
    RejectWithdrawal,
    ReportWithdrawal,
    SendWithdrawals,
)  # fmt: skip
from dispatcher_app.domain.money.withdrawal import OPEN, Channel, Withdrawal, WithdrawalState
from dispatcher_app.intake.row import TableError
from dispatcher_app.payout.batch import Read, read_results, write_batch
from dispatcher_app.text import t
from ui import format, name, notify, theme
from ui.account.ask import combo
from ui.account.word import REASONS, STATES, WAYS, WHY_NOT_PAID, WHY_REJECTED, money, word
from ui.controls.flow import Flow
from ui.controls.section import label
from ui.controls.table import Listed, Table
from ui.models.sheet import Column
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.client.state import Submission

_VIEWS: Final[dict[str, frozenset[WithdrawalState]]] = {
    "open": OPEN, "asked": frozenset({"asked"}), "approved": frozenset({"approved"}),
    "sending": frozenset({"sending"}), "over": frozenset({"paid", "failed", "returned", "rejected", "recalled"}),
}  # fmt: skip
_WORDS: Final = {
    "open": "On their way##withdrawals", "asked": "To approve##withdrawal", "approved": "To send##withdrawal",
    "sending": "At the bank##withdrawal", "over": "Over##withdrawals",
}  # fmt: skip
_NAMED: Final = 3
"""So many refusals are told one by one."""


class WithdrawalsPage(QWidget):
    """Emits `technician_chosen` with whose withdrawal is in hand."""

    technician_chosen = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._errands = Errands(self)
        self._worker = worker = Worker("payout")
        self.destroyed.connect(worker.close)
        self.view = combo(
            "withdrawal_view", t("Which##withdrawals"), {code: t(said) for code, said in _WORDS.items()}
        )
        self.view.currentIndexChanged.connect(lambda _at: self._fill())
        self.said = label("", "muted", wrap=True)
        self.said.setObjectName("withdrawal_said")
        self.table = Table(self._columns(), t("Withdrawals"), lambda row: row.id, several=True)
        self.table.setObjectName("withdrawal_table")
        self.table.chosen.connect(self._on_row)
        self.table.selectionModel().selectionChanged.connect(lambda _on, _off: self._permit())
        self.why = self._reasons("withdrawal_why", {**WHY_REJECTED, **WHY_NOT_PAID})
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self._fill()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._errands.busy

    def do(self, what: str) -> None:
        """Do something with the chosen rows; what a rule refuses is said, row by row."""
        rows = [each for each in self.table.selected if able(each, what)]
        if what in ("send", "gateway"):
            self.send(rows, "provider" if what == "gateway" else "file")
            return
        reason = self.why.currentData()
        make: Callable[[Withdrawal], Any] = {
            "approve": lambda each: ApproveWithdrawal(withdrawal=each.id),
            "reject": lambda each: RejectWithdrawal(withdrawal=each.id, reason=reason),
            "recall": lambda each: RecallWithdrawal(withdrawal=each.id),
            "paid": lambda each: ReportWithdrawal(withdrawal=each.id, outcome="paid"),
            "failed": lambda each: ReportWithdrawal(withdrawal=each.id, outcome="failed", reason=reason),
            "returned": lambda each: ReportWithdrawal(withdrawal=each.id, outcome="returned", reason=reason),
        }[what]
        self._submit([make(each) for each in rows])

    def send(self, rows: Sequence[Withdrawal], channel: Channel = "file") -> None:
        """Send these together; their file can be written as soon as the server has marked them."""
        if not rows:
            return
        today = local_date(self._session.now(), self._session.timezone)
        batch = f"{today}-{new_id()[-6:]}"
        ids = tuple(each.id for each in rows)
        self._submit([SendWithdrawals(batch=batch, withdrawals=ids, channel=channel)])

    def save(self, path: Path, batch: str) -> asyncio.Task[str]:
        """Write the file of a batch: only what the bank has not answered yet."""
        return self._errands.run(self._save(path, batch), self.said.setText)

    def bring_in(self, path: Path) -> asyncio.Task[Read | str]:
        """Read what the bank has answered, and report every line of it."""
        return self._errands.run(self._bring_in(path), self._on_read)

    # ------------------------------------------------------------ inside
    async def _means(self) -> bool:
        try:
            return await self._session.payroll.gateway(self._session.region_id)
        except (Offline, Rejected):
            return False

    async def _save(self, path: Path, batch: str) -> str:
        try:
            payees = await self._session.payroll.batch(self._session.region_id, batch)
            digits = format.digits(name.currency(self._session))
            await self._worker.run(write_batch, path, batch, payees, digits)
        except Offline:
            return t("The file needs the server; it can't be reached now. Nothing was written.")
        except Rejected as rejected:
            return name.refusal(self._session, rejected)
        except OSError as error:
            return t("The file could not be written: {reason}", reason=error.strerror or type(error).__name__)
        total = money(self._session, sum(each.amount for each in payees))
        return t("{n} payments, {total}, written to {file}. That you saw the numbers is recorded.",
                 n=len(payees), total=total, file=path.name)  # fmt: skip

    async def _bring_in(self, path: Path) -> Read | str:
        return await self._worker.run(_read, path)

    def _on_read(self, found: Read | str) -> None:
        if isinstance(found, str):
            self.said.setText(found)
            return
        known = {each.id: each for each in self._session.all(Withdrawal)}
        commands = []
        left = [*found.unread]
        for each in found.results:
            withdrawal = known.get(each.withdrawal)
            if withdrawal is None or not able(withdrawal, each.outcome):
                left.append(each.line)
                continue
            reason = "" if each.outcome == "paid" else each.reason or "other"
            commands.append(
                ReportWithdrawal(
                    withdrawal=each.withdrawal, outcome=each.outcome, reason=reason, reference=each.reference
                )
            )
        said = t("{n} results taken.", n=len(commands))
        if left:
            lines = t(", ").join(str(line) for line in sorted(left)[:20])
            said += " " + t("Lines that say nothing about a withdrawal at the bank: {lines}.", lines=lines)
        self._submit(commands)
        self.said.setText(said)

    def _submit(self, commands: Sequence[Any]) -> None:
        """Ordinary commands, one after the other; their refusals together in a sentence."""
        batch = new_id() if len(commands) > 1 else None
        refused: list[str] = []
        made: list[Submission] = []
        for command in commands:
            try:
                made.append(self._session.submit(command, batch=batch))
            except Rejected as rejected:
                refused.append(name.refusal(self._session, rejected))
        self._tell(refused)
        if made:
            self._errands.run(_answers(made), lambda outcomes: self._on_answers(outcomes, refused))

    def _on_answers(self, outcomes: Sequence[Outcome], refused: Sequence[str]) -> None:
        late = [name.refusal(self._session, each.refusal) for each in outcomes if isinstance(each, Refused)]
        if late:
            self._tell([*refused, *late])

    def _tell(self, refused: Sequence[str]) -> None:
        if not refused:
            self.said.setText("")
            return
        several = t("{n} refused: {first}", n=len(refused), first=" ".join(dict.fromkeys(refused[:_NAMED])))
        self.said.setText(refused[0] if len(refused) == 1 else several)
        if not self.isVisible():
            notify.warning(self.said.text())

    def _fill(self) -> None:
        states = _VIEWS[self.view.currentData()]
        region = self._session.region_id
        found = [
            each for each in self._session.all(Withdrawal) if each.region == region and each.state in states
        ]
        self.table.show_rows(sorted(found, key=lambda each: (each.state not in OPEN, each.asked_at, each.id)))
        self._permit()

    def _permit(self) -> None:
        rows, actor = self.table.selected, self._session.actor
        allowed = {
            "approve": role.APPROVES_WITHDRAWALS, "reject": role.APPROVES_WITHDRAWALS, "recall": role.SETTLES,
            **dict.fromkeys(("send", "gateway", "paid", "failed", "returned"), role.SETTLES),
        }  # fmt: skip
        for what, roles in allowed.items():
            may = role.holds(actor, roles)
            self.buttons[what].setEnabled(may and any(able(each, what) for each in rows))
        settles = role.holds(actor, role.SETTLES)
        self.buttons["file"].setEnabled(settles and self._batch() is not None)
        self.buttons["import"].setEnabled(settles)
        amount = sum(each.amount for each in rows)
        chosen = (
            t("{n} chosen, {amount}", n=len(rows), amount=money(self._session, amount))
            if len(rows) > 1
            else ""
        )
        self.chosen.setText(chosen)

    def _batch(self) -> str | None:
        """The batch of the chosen rows, where they are all at the bank in one."""
        batches = {
            each.batch for each in self.table.selected if each.state == "sending" and each.channel == "file"
        }
        return batches.pop() if len(batches) == 1 else None

    def _ask_save(self) -> None:
        if (batch := self._batch()) is not None:
            kinds = f"{t('Workbook##file')} (*.xlsx);;{t('Text##file')} (*.csv)"
            path, _ = QFileDialog.getSaveFileName(self, t("Save the batch"), f"{batch}.xlsx", kinds)
            if path:
                self.save(Path(path), batch)

    def _ask_import(self) -> None:
        kinds = f"{t('Tables##file')} (*.csv *.xlsx *.txt *.tsv)"
        path, _ = QFileDialog.getOpenFileName(self, t("Results of the bank"), "", kinds)
        if path:
            self.bring_in(Path(path))

    def _on_row(self, row: Any) -> None:
        if row is not None and self.table.hasFocus():
            self.technician_chosen.emit(row.technician)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "withdrawal" in changed.ids:
            self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill()
        self._errands.run(self._means(), self.buttons["gateway"].setVisible)

    def _columns(self) -> tuple[Column, ...]:
        session = self._session
        return (
            Column(code="state", title=t("State##withdrawal"), width=90, show=lambda row: word(STATES, row.state)),
            Column(code="who", title=t("Technician"), width=110,
                   show=lambda row: name.technician(session, row.technician)),
            Column(code="amount", title=t("Amount##account"), width=100, right=True, bold=lambda _row: True,
                   show=lambda row: money(session, row.amount)),
            Column(code="way", title=t("To##withdrawal"), width=150,
                   show=lambda row: f"{word(WAYS, row.way)} {row.mask}"),
            Column(code="asked", title=t("Asked by##withdrawal"), width=100,
                   show=lambda row: name.actor(session, row.asked_by)),
            Column(code="at", title=t("Asked##withdrawal"), width=130,
                   show=lambda row: format.moment(row.asked_at, session.now(), session.timezone)),
            Column(code="decided", title=t("Approved by##withdrawal"), width=100,
                   show=lambda row: name.actor(session, row.decided_by) if row.decided_by else ""),
            Column(code="batch", title=t("Batch##withdrawal"), width=140, show=lambda row: row.batch),
            Column(code="reason", title=t("Why not##withdrawal"), width=160, show=lambda row: word(REASONS, row.reason)),
            Column(code="reference", title=t("Bank's number##withdrawal"), width=120, show=lambda row: row.reference),
        )  # fmt: skip

    def _reasons(self, id: str, words: dict[str, str]) -> QComboBox:
        return combo(id, t("Reason##withdrawal"), {code: t(said) for code, said in words.items()})

    def _lay_out(self) -> None:
        look = theme.current()
        tools = QWidget()
        flow = Flow(tools, look.space(1))
        steps: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("approve", t("Approve##withdrawal"), lambda: self.do("approve")),
            ("send", t("Send as a batch##withdrawal"), lambda: self.do("send")),
            ("gateway", t("Send by the gateway##withdrawal"), lambda: self.do("gateway")),
            ("file", t("File for the bank…"), self._ask_save),
            ("import", t("Results of the bank…"), self._ask_import),
            ("paid", t("Was paid##withdrawal"), lambda: self.do("paid")),
            ("recall", t("Take back##withdrawal"), lambda: self.do("recall")),
            ("reject", t("Reject##withdrawal"), lambda: self.do("reject")),
            ("failed", t("Was not paid##withdrawal"), lambda: self.do("failed")),
            ("returned", t("Was sent back##withdrawal"), lambda: self.do("returned")),
        )
        for code, said, run in steps:
            button = QPushButton(said)
            button.setObjectName(f"withdrawal_{code}")
            button.setProperty("kind", "primary" if code == "approve" else "quiet")
            button.clicked.connect(lambda _checked=False, run=run: run())
            self.buttons[code] = button
            button.setVisible(code != "gateway")  # until the server says that there is one
            flow.addWidget(button)
            if code == "recall":
                flow.addWidget(self.why)
        self.buttons["gateway"].hide()  # until the server says that there is one
        self.chosen = label("", "small")
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        head.addWidget(self.view)
        head.addWidget(self.chosen)
        head.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        listed = Listed(
            self.table, t("No withdrawal here"), t("They are asked for at a technician's account."), "payment"
        )
        whole.addWidget(listed, 1)
        whole.addWidget(tools)
        whole.addWidget(self.said)
        self.setFocusProxy(self.table)


def able(row: Withdrawal, what: str) -> bool:
    """Whether a withdrawal can be dealt with so, as it stands."""
    return row.state in {
        "approve": ("asked",), "reject": ("asked", "approved"), "recall": ("asked", "approved"),
        "send": ("approved",), "gateway": ("approved",), "paid": ("sending",), "failed": ("sending",),
        "returned": ("paid",),
    }[what]  # fmt: skip


def _read(path: Path) -> Read | str:
    try:
        return read_results(path)
    except TableError as error:
        return t("This file can't be used: {reason}", reason=str(error))


async def _answers(made: Sequence[Submission]) -> list[Outcome]:
    """What the server says to each."""
    return [await asyncio.shield(each.outcome) for each in made]
