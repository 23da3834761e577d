"""Settling a period: what it would come to first, then the run with its progress, and the runs before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.payroll import Foreseen, Preview
from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.period import CADENCES, Cadence, Period, before, last_over
from dispatcher_app.domain.money.statement import Settlement
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import format, name, theme
from ui.account.word import money, nonzero, progress, span
from ui.controls.section import Section, label
from ui.controls.table import Table
from ui.models.sheet import Column
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_CHOICES: Final = 9
_CADENCES: Final[dict[Cadence, str]] = {
    "weekly": "By the week##settlement",
    "monthly": "By the month##settlement",
}


class RunPage(QWidget):
    """Emits `technician_chosen` with whose row of the preview is in hand."""

    technician_chosen = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.foreseen: Preview | None = None
        self._asking, self._starting = Latest(self), Latest(self)
        self.cadence, self.period = QComboBox(), QComboBox()
        for combo, id, said in (
            (self.cadence, "run_cadence", t("How often##settlement")),
            (self.period, "run_period", t("Period##settlement")),
        ):  # fmt: skip
            combo.setObjectName(id)
            combo.setAccessibleName(said)
        for each in CADENCES:
            self.cadence.addItem(t(_CADENCES[each]), each)
        policy = session.get(Policy, "policy") or Policy()
        self.cadence.setCurrentIndex(self.cadence.findData(policy.settles))
        self.look = self._button("run_preview", t("Preview##settlement"), self.preview, "quiet")
        self.go = self._button("run_go", t("Settle##settlement"), self.settle, "primary")
        self.said = label("", "muted", wrap=True)
        self.said.setObjectName("run_said")
        self.table = Table(self._columns(), t("Preview##settlement"), lambda row: row.technician)
        self.table.setObjectName("run_table")
        self.table.chosen.connect(self._on_row)
        self.bar = QProgressBar()
        self.bar.setObjectName("run_bar")
        self.bar.hide()
        self.runs = Table(self._run_columns(), t("Runs##settlement"), lambda run: run.id)
        self.runs.setObjectName("run_runs")
        self.cadence.currentIndexChanged.connect(lambda _at: self._offer())
        self.period.currentIndexChanged.connect(lambda _at: self._forget())
        self._lay_out()
        self._offer()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asking.busy or self._starting.busy

    def preview(self) -> None:
        """Have the server say what settling the chosen period would come to."""
        self._forget()
        self.said.setText(t("Adding up…##settlement"))
        self.look.setEnabled(False)
        self._asking.ask(self._ask(), self._show)

    def settle(self) -> None:
        """Begin the run; it goes on at the server, whoever looks."""
        if self.foreseen is not None and not self._starting.busy:
            self.go.setEnabled(False)
            self._starting.ask(self._start(), self._started)

    async def _ask(self) -> Preview | str:
        period, cadence = self._chosen()
        try:
            return await self._session.payroll.preview(self._session.region_id, cadence, period.first)
        except Offline:
            return t("Accounts are at the server; it can't be reached now.")
        except Rejected as rejected:
            return name.refusal(self._session, rejected)

    async def _start(self) -> str:
        period, cadence = self._chosen()
        try:
            await self._session.payroll.settle(self._session.region_id, cadence, period.first)
        except Offline:
            return t("Settling needs the server; it can't be reached now. Nothing was begun.")
        except Rejected as rejected:
            return name.refusal(self._session, rejected)
        return ""

    def _started(self, refused: str) -> None:
        if refused:
            self.said.setText(refused)
        self._permit()
        self._follow()

    def _show(self, found: Preview | str) -> None:
        self.look.setEnabled(True)
        if isinstance(found, str):
            self.said.setText(found)
            return
        self.foreseen = found
        self.table.show_rows(found.rows)
        self.said.setText(
            t(
                "{n} statements of {all} technicians: earned {earned}, tax {tax}, cash netted {netted}. "
                "{payable} can be withdrawn afterwards. Nothing is settled yet.",
                n=len(found.rows), all=found.technicians, **self._sums(found),
            )
        )  # fmt: skip
        self._permit()

    def _sums(self, found: Preview) -> dict[str, str]:
        rows = found.rows
        sums = {
            "earned": sum(each.income for each in rows), "tax": sum(each.tax for each in rows),
            "netted": sum(each.netted for each in rows), "payable": sum(each.payable for each in rows),
        }  # fmt: skip
        return {code: money(self._session, amount) for code, amount in sums.items()}

    def _permit(self) -> None:
        settled = self._run() is not None
        may = role.holds(self._session.actor, role.SETTLES)
        self.go.setEnabled(self.foreseen is not None and bool(self.foreseen.rows) and not settled and may)
        self.go.setToolTip("" if may else t("Finance settles; you can look at what it would come to."))

    def _chosen(self) -> tuple[Period, Cadence]:
        return self.period.currentData(), self.cadence.currentData()

    def _run(self) -> Settlement | None:
        period = self.period.currentData()
        runs = (each for each in self._session.all(Settlement) if each.region == self._session.region_id)
        return next((each for each in runs if period is not None and each.period == period.name), None)

    def _offer(self) -> None:
        cadence: Cadence = self.cadence.currentData()
        period = last_over(self._session.now(), cadence, self._session.timezone)
        self.period.blockSignals(True)
        self.period.clear()
        for _ in range(_CHOICES):
            self.period.addItem(f"{period.name} · {span(period.first, period.until)}", period)
            period = before(period, cadence)
        self.period.blockSignals(False)
        self._forget()

    def _forget(self) -> None:
        self._asking.forget()
        self.look.setEnabled(True)
        self.foreseen = None
        self.table.show_rows(())
        self.said.setText(t("See first what it would come to; nothing is written by that."))
        self._permit()
        self._follow()

    def _follow(self) -> None:
        """Show the runs there are, and how far the one of the chosen period is."""
        runs = [each for each in self._session.all(Settlement) if each.region == self._session.region_id]
        self.runs.show_rows(sorted(runs, key=lambda each: -each.begun_at))
        run = self._run()
        self.bar.setVisible(run is not None)
        if run is None:
            return
        self.bar.setRange(0, max(1, run.technicians) if run.state == "running" else 1)
        self.bar.setValue(run.done if run.state == "running" else 1)
        self.bar.setFormat(progress(run))
        self.bar.setAccessibleName(progress(run))
        if run.state == "running":
            self.said.setText(
                t("{period} is being settled; you can go on with something else.", period=run.period)
            )
        else:
            payable = money(self._session, run.payable)
            said = t("{period} is settled: {done} statements, {payable} can be withdrawn.",
                     period=run.period, done=run.done, payable=payable)  # fmt: skip
            self.said.setText(said)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "settlement" in changed.ids:
            self._permit()
            self._follow()

    def _on_row(self, row: Any) -> None:
        if isinstance(row, Foreseen) and self.table.hasFocus():
            self.technician_chosen.emit(row.technician)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def _columns(self) -> tuple[Column, ...]:
        session = self._session

        def amount(code: str, title: str, of: Any) -> Column:
            return Column(
                code=code, title=title, width=110, right=True, show=lambda row: nonzero(session, of(row))
            )

        return (
            Column(code="who", title=t("Technician"), width=140,
                   show=lambda row: name.technician(session, row.technician)),
            amount("opening", t("Before##settlement"), lambda row: row.opening.available),
            amount("earned", t("Earned##settlement"), lambda row: row.income),
            amount("tax", t("Tax##settlement"), lambda row: row.tax),
            amount("netted", t("Cash netted##settlement"), lambda row: row.netted),
            amount("frozen", t("Still frozen##settlement"), lambda row: row.closing.frozen),
            amount("cash", t("Cash still owed##settlement"), lambda row: row.closing.cash),
            Column(code="payable", title=t("Can be withdrawn"), width=120, right=True, bold=lambda _row: True,
                   show=lambda row: nonzero(session, row.payable)),
        )  # fmt: skip

    def _run_columns(self) -> tuple[Column, ...]:
        session = self._session
        return (
            Column(code="period", title=t("Period##settlement"), width=240,
                   show=lambda run: f"{run.period} · {span(run.first, run.until)}"),
            Column(code="state", title=t("State##settlement"), width=110, show=progress),
            Column(code="done", title=t("Statements##settlement"), width=90, right=True, show=lambda run: str(run.done)),
            Column(code="earned", title=t("Earned##settlement"), width=120, right=True,
                   show=lambda run: money(session, run.earned)),
            Column(code="tax", title=t("Tax##settlement"), width=110, right=True,
                   show=lambda run: money(session, run.tax)),
            Column(code="payable", title=t("Can be withdrawn"), width=120, right=True,
                   show=lambda run: money(session, run.payable)),
            Column(code="by", title=t("Begun by##settlement"), width=110, show=lambda run: name.actor(session, run.by)),
            Column(code="at", title=t("Begun##settlement"), width=140,
                   show=lambda run: format.moment(run.begun_at, session.now(), session.timezone)),
        )  # fmt: skip

    def _button(self, code: str, said: str, run: Any, kind: str) -> QPushButton:
        button = QPushButton(said)
        button.setObjectName(code)
        button.setProperty("kind", kind)
        button.clicked.connect(run)
        return button

    def _lay_out(self) -> None:
        look = theme.current()
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        for part in (self.cadence, self.period, self.look, self.go):
            head.addWidget(part)
        head.addStretch()
        runs = Section(t("Runs##settlement"))
        runs.body.addWidget(self.runs)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        whole.addWidget(self.said)
        whole.addWidget(self.bar)
        whole.addWidget(self.table, 3)
        whole.addWidget(runs, 1)
        self.setFocusProxy(self.cadence)
