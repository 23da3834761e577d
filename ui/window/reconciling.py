"""Reconciliation in the window: a tab of the middle for finance, made when somebody first wants it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.money.discrepancy import Discrepancy
from dispatcher_app.text import t
from ui.reconcile.panel import ReconcilePanel
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Reconciling(QObject):
    """Emits the orders that are chosen or opened in it."""

    order_chosen = Signal(str)
    order_opened = Signal(str)

    def __init__(self, session: Session, arranged: Arrangement) -> None:
        super().__init__(arranged.split)
        self._session, self._arranged = session, arranged
        self._tab: QWidget | None = None
        if not role.holds(session.actor, role.RECONCILES):
            return
        title = t("Reconciliation##tab")
        self._tab = arranged.keep_place(arranged.tabs.count(), title, lambda: self.panel, "reconcile_panel")
        arranged.widen(self._tab, True)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self._count()

    @cached_property
    def panel(self) -> ReconcilePanel:
        """The screen, made when somebody first wants it."""
        panel = ReconcilePanel(self._session)
        panel.order_chosen.connect(self.order_chosen)
        panel.order_opened.connect(self.order_opened)
        panel.wide_wanted.connect(lambda: self._arranged.only(panel))
        place, self._tab = self._tab, panel
        if place is not None:
            self._arranged.move_in(place, panel)
        panel.wide.setChecked(self._arranged.is_widened(panel))
        self._arranged.on_widened.append(lambda: panel.wide.setChecked(self._arranged.is_widened(panel)))
        return panel

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {"reconcile": self.open, "read_bill": lambda: self.open("bills")}

    def open(self, page: str = "differences") -> None:
        """Show it, at a page."""
        if self._tab is not None:
            self._arranged.go(self.panel)
            self.panel.go(page)

    @property
    def unsaved(self) -> bool:
        """Whether a settlement was begun and not given."""
        return isinstance(self._tab, ReconcilePanel) and self._tab.unsaved

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "discrepancy" in changed.ids:
            self._count()

    def _count(self) -> None:
        """Write on the tab how many wait, whether anybody looks or not."""
        if self._tab is None:
            return
        regions = self._session.staff.regions
        found = [
            each for each in self._session.all(Discrepancy) if each.region in regions and each.state == "open"
        ]
        title = t("Reconciliation##tab")
        self._arranged.panels.retitle(self._tab, f"{title} {len(found)}" if found else title, "")
