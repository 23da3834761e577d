"""Deductions and what technicians say against them; somebody else than who deducted decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.money.deduction import Deduction
from dispatcher_app.text import t
from ui import format, name, theme
from ui.account.ask import AppealForm, DecideForm, combo
from ui.account.word import BUCKETS, DEDUCTED, WHY_DEDUCTED, money, word
from ui.controls.facts import Facts
from ui.controls.table import Listed, Table
from ui.models.sheet import Column
from ui.question import Question

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SPLIT: Final = (700, 460)
_WORDS: Final = {"open": "To decide, or may be appealed##deductions", "all": "All##deductions"}


class DeductionsPage(QWidget):
    """Emits `technician_chosen`, `order_chosen` and `order_opened` with what the one in hand is about."""

    technician_chosen = Signal(str)
    order_chosen = Signal(str)
    order_opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.form: Question | None = None
        self.view = combo(
            "deduction_view", t("Which##deductions"), {code: t(said) for code, said in _WORDS.items()}
        )
        self.view.currentIndexChanged.connect(lambda _at: self._fill())
        self.table = Table(self._columns(), t("Deductions and appeals"), lambda row: row.id)
        self.table.setObjectName("deduction_table")
        self.table.chosen.connect(self._on_row)
        self.table.taken.connect(self._on_taken)
        self.facts = Facts()
        for code, said in (
            ("text", t("What happened##deduction")), ("proof", t("Proof##deduction")), ("by", t("Deducted by")),
            ("appeal", t("He says##deduction")), ("decision", t("Decision##deduction")),
        ):  # fmt: skip
            self.facts.add(f"deduction_{code}", said)
        self.buttons: dict[str, QPushButton] = {}
        self._host = QVBoxLayout()
        self._lay_out()
        self._fill()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def start(self, what: str) -> None:
        """Ask what the technician says, or what is decided."""
        found = self.table.current
        if found is None:
            return
        if what == "appeal":
            self._put(AppealForm(self._session, found))
        else:
            self._put(DecideForm(self._session, found, granted=what == "grant"))

    # ------------------------------------------------------------ inside
    def _fill(self) -> None:
        now, region = self._session.now(), self._session.region_id
        found = [each for each in self._session.all(Deduction) if each.region == region]
        if self.view.currentData() == "open":
            found = [
                each
                for each in found
                if each.state == "appealed" or (each.state == "made" and now <= each.appeal_until)
            ]
        self.table.show_rows(sorted(found, key=lambda each: (each.state != "appealed", -each.at, each.id)))
        self._say(self.table.current)

    def _say(self, found: Deduction | None) -> None:
        session = self._session
        self.facts.setVisible(found is not None)
        actor = session.actor
        appeals = found is not None and found.state == "made" and session.now() <= found.appeal_until
        own = found is not None and actor.name in (found.by, found.appealed_by)
        decides = found is not None and found.state == "appealed" and not own
        self.buttons["appeal"].setEnabled(appeals and role.holds(actor, role.SETTLES))
        for what in ("grant", "uphold"):
            self.buttons[what].setEnabled(decides and role.holds(actor, role.DECIDES_APPEALS))
            self.buttons[what].setToolTip(t("Somebody else decides this one.") if own else "")
        if found is None:
            return
        proof = [name.order(session, found.order)] if found.order else []
        proof += [t("a complaint##proof")] if found.complaint else []
        proof += [t("{n} photos##proof", n=len(found.attachments))] if found.attachments else []
        self.facts.say("deduction_text", found.text)
        self.facts.say("deduction_proof", " · ".join(proof))
        self.facts.say("deduction_by", said_by(session, found.by, found.at))
        self.facts.say(
            "deduction_appeal",
            f"{found.appeal}\n{said_by(session, found.appealed_by, found.appealed_at)}"
            if found.appeal
            else "",
        )
        self.facts.say(
            "deduction_decision",
            f"{found.decision}\n{said_by(session, found.decided_by, found.decided_at)}"
            if found.decision
            else "",
        )

    def _on_row(self, row: Any) -> None:
        self._put_away()
        self._say(row)
        if row is not None and self.table.hasFocus():
            self.technician_chosen.emit(row.technician)
            if row.order:
                self.order_chosen.emit(row.order)

    def _on_taken(self, row: Any) -> None:
        if row.order:
            self.order_opened.emit(row.order)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "deduction" in changed.ids:
            self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill()

    def _put(self, form: Question) -> None:
        self._put_away()
        self.form = form
        form.left.connect(self._put_away)
        self._host.addWidget(form)
        form.setFocus()

    def _put_away(self) -> None:
        if self.form is not None:
            form, self.form = self.form, None
            form.hide()
            form.deleteLater()

    def _columns(self) -> tuple[Column, ...]:
        session = self._session
        return (
            Column(code="state", title=t("State##deduction"), width=130, show=lambda row: word(DEDUCTED, row.state)),
            Column(code="who", title=t("Technician"), width=110,
                   show=lambda row: name.technician(session, row.technician)),
            Column(code="amount", title=t("Amount##account"), width=90, right=True, bold=lambda _row: True,
                   show=lambda row: money(session, row.amount)),
            Column(code="source", title=t("From##deduction"), width=90, show=lambda row: word(BUCKETS, row.source)),
            Column(code="why", title=t("Why##deduction"), width=150, show=lambda row: word(WHY_DEDUCTED, row.reason)),
            Column(code="order", title=t("Order##line"), width=120,
                   show=lambda row: name.order(session, row.order) if row.order else ""),
            Column(code="until", title=t("Appeal until##deduction"), width=140,
                   show=lambda row: format.moment(row.appeal_until, session.now(), session.timezone)),
        )  # fmt: skip

    def _lay_out(self) -> None:
        look = theme.current()
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(look.space(3), 0, 0, 0)
        column.setSpacing(look.space(2))
        tools = QHBoxLayout()
        for code, said in (
            ("appeal", t("Appeal on his behalf…")), ("grant", t("Give the money back…")),
            ("uphold", t("Turn down…##appeal")),
        ):  # fmt: skip
            button = QPushButton(said)
            button.setObjectName(f"deduction_{code}")
            button.setProperty("kind", "quiet")
            button.clicked.connect(lambda _checked=False, code=code: self.start(code))
            self.buttons[code] = button
            tools.addWidget(button)
        tools.addStretch()
        column.addWidget(self.facts)
        column.addLayout(tools)
        column.addLayout(self._host)
        column.addStretch()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(
            Listed(
                self.table, t("No deduction here"),
                t("Deductions are made at a technician's account, with proof; he may appeal against them."), "appeal",
            )
        )  # fmt: skip
        split.addWidget(side)
        split.setSizes([look.px(each) for each in _SPLIT])
        split.setStretchFactor(0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.space(2))
        whole.addWidget(self.view, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(split, 1)
        self.setFocusProxy(self.table)


def said_by(session: Session, who: str, at: int | None) -> str:
    """Who did it and when."""
    when = format.moment(at, session.now(), session.timezone) if at is not None else ""
    return f"{name.actor(session, who)} · {when}" if who else when
