"""One step of the ledger: what it says, an appeal against it, and the decision, never by who asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.domain import role
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import AppealCredit, DecideCredit
from dispatcher_app.domain.money.credit import Credit, CreditStep
from dispatcher_app.text import t
from ui import format, merit, name
from ui.controls.section import label
from ui.credit.word import Word

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Appealed(QWidget):
    """Follows the step in hand."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._credit: Credit | None = None
        self._step: CreditStep | None = None
        self.words = label("", "muted", wrap=True)
        self.words.setObjectName("credit_step_words")
        self.ask = Word(session, "appeal", t("Why the step is wrong (his words)"))
        self.ask.add("appeal_go", t("Appeal##credit"), self._appeal)
        self.decide = Word(session, "verdict", t("Why (he reads this)"))
        self.decide.add(
            "uphold", t("Uphold the appeal"), lambda said: self._verdict(said, upheld=True), primary=True
        )
        self.decide.add("dismiss", t("Dismiss the appeal"), lambda said: self._verdict(said, upheld=False))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.words, self.ask, self.decide):
            column.addWidget(part)
        self.show_step(None, None)

    def show_step(self, credit: Credit | None, step: CreditStep | None) -> None:
        """Show what can be said about this step."""
        self._credit, self._step = credit, step
        subject = (credit.id, step.id) if credit is not None and step is not None else None
        self.words.setText(self._told(step) if step is not None else "")
        self.words.setVisible(step is not None)
        self.ask.setVisible(step is not None and self._may_appeal(step))
        self.ask.about(subject, "")
        waits = step is not None and step.appealed
        self.decide.setVisible(waits and role.holds(self._session.actor, role.DECIDES_CREDIT))
        own = step is not None and step.appeal is not None and step.appeal.by == self._session.actor.name
        self.decide.about(subject, t("You wrote this appeal down: a colleague decides.") if own else "")
        for button in self.decide.buttons.values():
            button.setEnabled(not own)

    def _may_appeal(self, step: CreditStep) -> bool:
        policy = merit.policy_of(self._session)
        fresh = self._session.now() - step.at <= policy.credit_appeal_days * DAY_MS
        costs = step.points < 0 and not step.void and step.cause != "carried_over"
        return (
            costs and fresh and step.appeal is None and role.holds(self._session.actor, role.APPEALS_CREDIT)
        )

    def _told(self, step: CreditStep) -> str:
        now, zone = self._session.now(), name.timezone(self._session)
        lines = [t("By the rules of version {n}", n=step.rules)]
        if (appeal := step.appeal) is not None:
            who, when = name.actor(self._session, appeal.by), format.moment(appeal.at, now, zone)
            lines.append(t("Appealed by {who}, {when}: {reason}", who=who, when=when, reason=appeal.reason))
            if appeal.decided_at is not None:
                who = name.actor(self._session, appeal.decided_by)
                lines.append(t("Decided by {who}: {answer}", who=who, answer=appeal.answer))
        return "\n".join(lines)

    def _appeal(self, said: str) -> AppealCredit | None:
        if self._credit is None or self._step is None:
            return None
        return AppealCredit(technician=self._credit.id, step=self._step.id, reason=said)

    def _verdict(self, said: str, *, upheld: bool) -> DecideCredit | None:
        if self._credit is None or self._step is None:
            return None
        return DecideCredit(technician=self._credit.id, step=self._step.id, upheld=upheld, answer=said)
