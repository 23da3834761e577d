"""Plans in the window: the plan of the day and a technician who does not come, each a guest among the tabs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dispatcher_app.client.state import Accepted, Outcome
from dispatcher_app.domain.command import PublishPlan
from dispatcher_app.text import t
from ui.action.deck import Deck
from ui.action.scene import absent
from ui.plan import away, day
from ui.plan.away import AbsenceForm
from ui.plan.day import DayForm
from ui.plan.panel import PlanPanel
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.client.state import Submission


class Planning(QObject):
    """`choose` shows an order everywhere, `open_` opens it."""

    def __init__(
        self, session: Session, arranged: Arrangement, deck: Deck, choose: Callable[[str], object],
        open_: Callable[[str], object],
    ) -> None:  # fmt: skip
        super().__init__(arranged.split)
        self._arranged, self._deck, self._open = arranged, deck, open_
        self._session, self._choose = session, choose
        self._made: list[PlanPanel] = []

    @cached_property
    def day(self) -> PlanPanel:
        """The plan of a day, made when somebody first wants it."""
        panel = PlanPanel(self._session, DayForm(self._session), "plan_day_panel", day.REASON)
        return self._lodged(panel, self.open_day)

    @cached_property
    def _away(self) -> AbsenceForm:
        return AbsenceForm(self._session)

    @cached_property
    def absence(self) -> PlanPanel:
        """Somebody who does not come, likewise."""
        panel = PlanPanel(self._session, self._away, "absence_panel", away.REASON)
        return self._lodged(panel, self._show_absence)

    def _lodged(self, panel: PlanPanel, show: Callable[[], object]) -> PlanPanel:
        self._made.append(panel)
        self._arranged.lodge(panel)
        panel.order_chosen.connect(self._choose)
        panel.order_wanted.connect(self._open)
        panel.change_wanted.connect(self._change)
        panel.closed.connect(partial(self._arranged.dismiss, panel))
        panel.wanted.connect(show)
        return panel

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {"plan_day": self.open_day, "replan_absence": self.open_absence}

    def open_day(self) -> None:
        """Show the plan of the day as it was left."""
        self._arranged.go_to_guest(self.day, t("Plan of the day"), wide=True)

    def open_absence(self) -> None:
        """Ask about the technician in hand; a search that runs is shown instead."""
        technician = absent(self._deck.scene)
        if technician is not None and not self.absence.busy:
            self._away.show_technician(technician)
            self.absence.restart()
        self._show_absence()

    def open_absence_of(self, technician: str, start: int, end: int) -> None:
        """The same about somebody and a time (UTC ms) that are known already."""
        if not self.absence.busy:
            self._away.show_technician(technician)
            self._away.set_span(start, end)
            self.absence.restart()
        self._show_absence()

    def follow(self, undoing: Submission) -> None:
        """Something is being taken back: a plan published here is told once the server has done it."""
        if isinstance(undoing.command, PublishPlan):
            undoing.outcome.add_done_callback(partial(self._on_undone, undoing.command))

    def _on_undone(self, command: PublishPlan, answer: asyncio.Future[Outcome]) -> None:
        if not answer.cancelled() and isinstance(answer.result(), Accepted):
            for panel in self._made:
                panel.taken_back(command)

    def _show_absence(self) -> None:
        self._arranged.go_to_guest(self.absence, t("Absence##tab"), wide=True)

    def _change(self, order: str) -> None:
        self._open(order)
        self._deck["change_appointment"].trigger()
