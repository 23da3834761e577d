"""The complaint desk in the window: a tab of the middle, made when somebody first wants it, and its evidence."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.money.complaint import Complaint, is_overdue
from dispatcher_app.text import t
from ui.action.complaining import complaint_of
from ui.action.deck import Deck
from ui.booking.form import Form
from ui.complaint.ask import FORMS
from ui.complaint.panel import ComplaintPanel
from ui.settings import choice
from ui.window.arrangement import Arrangement
from ui.window.reception import Reception
from ui.window.witness import Witness

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_KEPT: Final = "complaints"
_AGE_MS: Final = 20_000


class Complaints(QObject):
    """Emits what is chosen or opened in it, `complaint_chosen` with the id of the complaint in hand."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    complaint_chosen = Signal(object)

    def __init__(self, session: Session, arranged: Arrangement, deck: Deck) -> None:
        super().__init__(arranged.split)
        self._session, self._arranged, self._deck = session, arranged, deck
        self._kept: dict[str, Any] = {}
        self._tab: QWidget | None = None
        self.witness = Witness(session, self)
        if not role.holds(session.actor, role.NOTES_COMPLAINTS):
            return
        self._tab = arranged.keep_place(
            arranged.tabs.count(), t("Complaints##tab"), lambda: self.panel, "complaint_panel"
        )
        self._age = QTimer(self, interval=_AGE_MS)
        self._age.timeout.connect(self._count)
        self._age.start()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self._count()

    @cached_property
    def panel(self) -> ComplaintPanel:
        """The desk, made when somebody first wants it."""
        panel = ComplaintPanel(self._session, self._deck)
        panel.restore(self._kept)
        for told, passed in (
            (panel.order_chosen, self.order_chosen),
            (panel.order_opened, self.order_opened),
            (panel.complaint_chosen, self.complaint_chosen),
        ):
            told.connect(passed)
        panel.wide_wanted.connect(lambda: self._arranged.only(panel))
        place, self._tab = self._tab, panel
        if place is not None:
            self._arranged.move_in(place, panel)
        panel.wide.setChecked(self._arranged.is_widened(panel))
        self._arranged.on_widened.append(lambda: panel.wide.setChecked(self._arranged.is_widened(panel)))
        return panel

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {
            "complaints": self.open,
            "complaint_report": self._report,
            **{action: partial(self._start, action) for action in FORMS},
        }

    def listen(self, *callers: Form | Reception) -> None:
        """Open complaints from the card of whoever calls or stands at the counter."""
        for caller in callers:
            caller.complaint_wanted.connect(self._complain)

    def _complain(self, order: str) -> None:
        """About an order that a caller names: a new one, or the one that is open already."""
        self.order_opened.emit(order)
        if self._deck["complain"].isEnabled():
            self._deck["complain"].trigger()
        else:
            self.open()

    def open(self) -> None:
        """Show the desk."""
        if self._tab is not None:
            self._arranged.go(self.panel)

    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere."""
        if isinstance(self._tab, ComplaintPanel):
            self._tab.show_order(id)

    def keep(self, settings: QSettings) -> None:
        """Write down what comes back tomorrow."""
        if self._tab is not None:
            state = self._tab.state() if isinstance(self._tab, ComplaintPanel) else self._kept
            choice.write_group(settings, _KEPT, {**state, "wide": self._arranged.is_widened(self._tab)})

    def restore(self, settings: QSettings) -> None:
        """As it was yesterday; at first it has the whole width, for list and ticket side by side."""
        self._kept = choice.read_group(settings, _KEPT)
        if self._tab is not None:
            self._arranged.widen(self._tab, self._kept.get("wide", True) is not False)

    @property
    def unsaved(self) -> bool:
        """Whether an answer was begun and not given."""
        return isinstance(self._tab, ComplaintPanel) and self._tab.ticket.unsaved

    def _in_hand(self) -> Complaint | None:
        return complaint_of(self._deck.scene)

    def _start(self, action: str) -> None:
        if (found := self._in_hand()) is not None:
            if not self._arranged.shows(self.panel):
                self._arranged.go(self.panel)
            self.panel.start(action, found.id)

    def _report(self) -> None:
        if (found := self._in_hand()) is not None:
            self.witness.report(found.id)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "complaint" in changed.ids:
            self._count()

    def _count(self) -> None:
        """Write on the tab how many are open, whether anybody looks or not."""
        if self._tab is None:
            return
        now, regions = self._session.now(), self._session.staff.regions
        open_ = [
            each for each in self._session.all(Complaint) if each.state != "closed" and each.region in regions
        ]
        late = sum(is_overdue(each, now) for each in open_)
        words = t("Complaints##tab")
        tip = t("{n} overdue##complaints", n=late) if late else ""
        self._arranged.panels.retitle(self._tab, f"{words} {len(open_)}" if open_ else words, tip)
