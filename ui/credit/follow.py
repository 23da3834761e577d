"""What a technician's level brings: bonus and certificate, a warning, training, a suspension that somebody decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import (
    DecideSuspension,
    GrantBonus,
    LiftSuspension,
    ProposeSuspension,
    RecordMeasure,
)  # fmt: skip
from dispatcher_app.domain.money.credit import Credit, measure_due
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, merit, name, theme
from ui.controls.section import label
from ui.credit.word import Word
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Follows(QWidget):
    """Emits `certificate_wanted` with the technician in honour; whoever shows it finds a place for `propose`."""

    certificate_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._technician: Technician | None = None
        self._credit: Credit | None = None
        self.history = label("", "muted", wrap=True)
        self.history.setObjectName("credit_history")
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.bonus = QPushButton()
        self.bonus.setObjectName("credit_bonus")
        self.bonus.setProperty("kind", "primary")
        self.bonus.clicked.connect(self._on_bonus)
        self.certificate = QPushButton(t("Certificate as a PDF"))
        self.certificate.setObjectName("credit_certificate")
        self.certificate.clicked.connect(self._on_certificate)
        self.measure = Word(session, "measure", t("What was agreed"))
        self.measure.add(
            "warned", t("He was warned"), lambda said: self._measure("warned", said), primary=True
        )
        self.measure.add(
            "trained", t("He was trained"), lambda said: self._measure("trained", said), primary=True
        )
        self.propose = Word(session, "propose", t("Why he should not work any more"))
        self.propose.add("propose_go", t("Propose to suspend"), self._propose)
        self.decide = Word(session, "decide", t("Why (he reads this)"))
        self.decide.add("suspend", t("Suspend him"), lambda said: self._decide(said, impose=True))
        self.decide.add(
            "keep", t("Let him work on"), lambda said: self._decide(said, impose=False), primary=True
        )
        self.lift = Word(session, "lift", t("Why he may work again"))
        self.lift.add("lift_go", t("Let him work again"), self._lift)
        self._lay_out()

    @property
    def typed(self) -> bool:
        """Whether something stands there that nobody has sent."""
        return any(part.typed for part in (self.measure, self.propose, self.decide, self.lift))

    def show_credit(self, technician: Technician, credit: Credit | None) -> None:
        """What follows from where he stands now."""
        self._technician, self._credit = technician, credit
        session, actor = self._session, self._session.actor
        due = merit.due_of(session, credit, technician)
        honour = merit.level_of(session, technician) == "honour"
        policy = merit.policy_of(session)
        amount = format.money(policy.credit_bonus, name.currency(session))
        self.bonus.setText(
            t("Grant the bonus of {month}: {amount}", month=merit.month_of(session), amount=amount)
        )
        self.bonus.setVisible("bonus" in due and role.holds(actor, role.GRANTS_BONUS))
        self.certificate.setVisible(honour and role.holds(actor, role.SEES_CREDIT))
        asked = measure_due(credit) if credit is not None else None
        self.measure.setVisible(asked is not None and role.holds(actor, role.TAKES_MEASURES))
        self.measure.about((technician.id, asked), "")
        for code, button in self.measure.buttons.items():
            button.setVisible(code == asked)
        found = credit.proposed if credit is not None else None
        self.decide.setVisible(found is not None and role.holds(actor, role.DECIDES_CREDIT))
        own = found is not None and found.by == actor.name
        said = merit.suspension_words(session, found) if found is not None else ""
        if own:
            said = f"{said}\n{t('You have proposed it: a colleague decides.')}"
        self.decide.about((technician.id, found), said)
        for button in self.decide.buttons.values():
            button.setEnabled(not own)
        free = found is None and not technician.suspended
        self.propose.setVisible(free and role.holds(actor, role.PROPOSES_SUSPENSION))
        self.propose.about(technician.id, "")
        self.lift.setVisible(technician.suspended and role.holds(actor, role.DECIDES_CREDIT))
        self.lift.about(technician.id, t("He is suspended."))
        self._refuse("")
        said = self._history(credit, decides=self.decide.isVisibleTo(self))
        asks = (self.bonus, self.certificate, self.measure, self.decide, self.lift)
        if not said and not any(part.isVisibleTo(self) for part in asks):
            said = t("Nothing follows from this level.")
        self.history.setText(said)
        self.history.setVisible(bool(said))

    # ------------------------------------------------------------ inside
    def _history(self, credit: Credit | None, *, decides: bool) -> str:
        if credit is None:
            return ""
        session, now, zone = self._session, self._session.now(), name.timezone(self._session)
        lines = [
            t("Bonus of {month}: {amount}, {who}", month=each.month, who=name.actor(session, each.by),
              amount=format.money(each.amount, each.currency))
            for each in credit.bonuses[-3:]
        ]  # fmt: skip
        lines += [
            t("{what} {when}, {who}: {note}", what=t(merit.TAKEN[each.what]), who=name.actor(session, each.by),
              when=format.moment(each.at, now, zone), note=each.note)
            for each in credit.measures[-3:]
        ]  # fmt: skip
        found = credit.suspension
        if found is not None and found.state == "proposed" and not decides:
            lines.append(t("{said}; vetting decides.", said=merit.suspension_words(session, found)))
        elif found is not None and found.decided_at is not None:
            verdicts = {
                "imposed": "Suspended {when} by {who}: {answer}",
                "dismissed": "Works on, decided {when} by {who}: {answer}",
                "lifted": "Works again since {when}, {who}: {answer}",
            }
            if (words := verdicts.get(found.state)) is not None:
                lines.append(t(words, when=format.moment(found.decided_at, now, zone), answer=found.answer,
                               who=name.actor(session, found.decided_by)))  # fmt: skip
        return "\n".join(lines)

    def _on_bonus(self) -> None:
        if self._technician is not None:
            self._refuse("")
            amount = merit.policy_of(self._session).credit_bonus
            command = GrantBonus(
                technician=self._technician.id, month=merit.month_of(self._session), amount=amount
            )
            submit(self._session, command, self._refuse)

    def _on_certificate(self) -> None:
        if self._technician is not None:
            self.certificate_wanted.emit(self._technician.id)

    def _measure(self, what: str, said: str) -> RecordMeasure | None:
        asked = measure_due(self._credit) if self._credit is not None else None
        if self._technician is None or asked != what:
            return None
        return RecordMeasure(technician=self._technician.id, what=asked, note=said)

    def _propose(self, said: str) -> Any:
        return self._technician and ProposeSuspension(technician=self._technician.id, reason=said)

    def _decide(self, said: str, *, impose: bool) -> Any:
        return self._technician and DecideSuspension(
            technician=self._technician.id, impose=impose, answer=said
        )

    def _lift(self, said: str) -> Any:
        return self._technician and LiftSuspension(technician=self._technician.id, reason=said)

    def _refuse(self, sentence: str, _rejected: Rejected | None = None) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    def _lay_out(self) -> None:
        look = theme.current()
        tools = QHBoxLayout()
        tools.setSpacing(look.space(2))
        tools.addWidget(self.bonus)
        tools.addWidget(self.certificate)
        tools.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(2))
        column.addLayout(tools)
        for part in (self.error, self.measure, self.decide, self.lift, self.history):
            column.addWidget(part)
