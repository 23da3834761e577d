"""One technician's credit: the score with its level, what follows from it, and the ledger behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.money.credit import Credit, CreditStep, counted, lapses_at
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, merit, name, theme
from ui.controls.chip import Chip
from ui.controls.empty import EmptyState
from ui.controls.section import Section, label
from ui.credit.appeal import Appealed
from ui.credit.follow import Follows
from ui.credit.steps import Steps

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class CreditDetail(QWidget):
    """Emits `order_opened` with the order of a step, `certificate_wanted` with the technician."""

    order_opened = Signal(str)
    certificate_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.id: str | None = None
        self.setObjectName("credit_detail")
        self._name = label("", "title")
        self._score = label("", "title")
        self._score.setObjectName("credit_score")
        self._chip = Chip(merit.LEVELS["normal"])
        self._made_of = label("", "muted", wrap=True)
        self._made_of.setObjectName("credit_made_of")
        self.steps = Steps(session)
        self.appealed = Appealed(session)
        self.follows = Follows(session)
        self._none = label(t("Nothing was said of him in the days that count: he stands where everybody begins."),
                           "muted", wrap=True)  # fmt: skip
        self._empty = EmptyState(t("No technician chosen"), t("Choose one in the list."), "technician")
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        self.steps.step_chosen.connect(self._on_step)
        self.steps.order_opened.connect(self.order_opened)
        self.follows.certificate_wanted.connect(self.certificate_wanted)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self.refresh()

    @property
    def typed(self) -> bool:
        """Whether something stands there that nobody has sent."""
        return self.appealed.ask.typed or self.appealed.decide.typed or self.follows.typed

    def show_technician(self, id: str | None) -> None:
        """Show another technician."""
        self.id = id
        self.refresh()

    def refresh(self) -> None:
        """Show him as he stands now."""
        technician = self._session.get(Technician, self.id) if self.id else None
        self._empty.setVisible(technician is None)
        self._scroll.setVisible(technician is not None)
        if technician is None:
            return
        credit = self._session.get(Credit, technician.id)
        self._name.setText(technician.name)
        self._score.setText(str(technician.credit))
        self._score.setAccessibleName(t("Credit {score}", score=technician.credit))
        self._chip.show_mark(merit.LEVELS[merit.level_of(self._session, technician)])
        self._made_of.setText(self._sum(credit))
        some = credit is not None and bool(credit.steps)
        self._none.setVisible(not some)
        self.steps.setVisible(some)
        self.steps.show_credit(credit)
        self.appealed.show_step(credit, self.steps.current)
        self.follows.show_credit(technician, credit)

    def _sum(self, credit: Credit | None) -> str:
        session, policy = self._session, merit.policy_of(self._session)
        found = counted(credit.steps, policy, session.now()) if credit is not None else ()
        plus = sum(each.points for each in found if each.points > 0)
        minus = sum(each.points for each in found if each.points < 0)
        said = t(
            "{start} to begin with, {plus} and {minus} in the last {days} days and {orders} orders",
            start=policy.credit_start, plus=merit.points_words(plus), minus=merit.points_words(minus),
            days=policy.credit_days, orders=policy.credit_orders,
        )  # fmt: skip
        until = lapses_at(credit, policy) if credit is not None else None
        if until is None or until <= session.now():
            return said
        day = format.day(until, session.now(), name.timezone(session))
        return f"{said}\n{t('The earliest of them counts no more from {day} on.', day=day)}"

    def _on_step(self, step: CreditStep | None) -> None:
        credit = self._session.get(Credit, self.id) if self.id else None
        self.appealed.show_step(credit, step)

    def _on_changed(self, changed: Changed) -> None:
        if self.id and (changed.everything or not {"technician", "credit", "policy"}.isdisjoint(changed.ids)):
            self._soon.start()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._soon.start()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        look = theme.current()
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        for part in (self._name, self._score, self._chip):
            head.addWidget(part)
        head.addStretch()
        follows, ledger = Section(t("What follows")), Section(t("Credit, step by step"))
        follows.body.addWidget(self.follows)
        for shown in (self._none, self.steps, self.appealed):
            ledger.body.addWidget(shown)
        body = QFrame()
        column = QVBoxLayout(body)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(3))
        column.addLayout(head)
        column.addWidget(self._made_of)
        column.addWidget(follows)
        column.addWidget(ledger, 1)
        column.addWidget(self.follows.propose)
        column.addStretch()
        self._scroll = QScrollArea()
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._empty)
        whole.addWidget(self._scroll)
