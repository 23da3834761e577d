"""Money between us and technicians in the window: a guest among the tabs, made when somebody first wants it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dispatcher_app.text import t
from ui.account.panel import Page, PayrollPanel
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Payrolls(QObject):
    """Emits what is chosen or opened in it."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)

    def __init__(self, session: Session, arranged: Arrangement) -> None:
        super().__init__(arranged.split)
        self._session, self._arranged = session, arranged
        self._made: PayrollPanel | None = None

    @cached_property
    def panel(self) -> PayrollPanel:
        """The screen."""
        panel = self._made = PayrollPanel(self._session)
        self._arranged.lodge(panel)
        for told, passed in (
            (panel.order_chosen, self.order_chosen),
            (panel.order_opened, self.order_opened),
            (panel.technician_chosen, self.technician_chosen),
        ):
            told.connect(passed)
        panel.closed.connect(partial(self._arranged.dismiss, panel))
        return panel

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        pages: dict[str, Page] = {
            "accounts": "accounts", "settlement": "run", "withdrawals": "withdrawals", "deductions": "deductions",
        }  # fmt: skip
        return {action: partial(self.open, page) for action, page in pages.items()}

    def open(self, page: Page) -> None:
        """Show a page of it."""
        self._arranged.go_to_guest(self.panel, t("Settlement##tab"), wide=True)
        self.panel.go(page)

    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere."""
        if self._made is not None:
            self._made.show_order(id)
