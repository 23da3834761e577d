"""Credit and invoices in the window: guests among the tabs, the papers of a repair, a technician's certificate."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dispatcher_app.text import t
from ui import notify
from ui.action.deck import Deck
from ui.credit.panel import CreditPanel
from ui.invoice.panel import InvoicePanel
from ui.paper.desk import PaperDesk
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Crediting(QObject):
    """Emits what is chosen or opened in either of its panels; they are made when somebody first wants them."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    technician_chosen = Signal(str)

    def __init__(self, session: Session, arranged: Arrangement, deck: Deck, paper: PaperDesk) -> None:
        super().__init__(arranged.split)
        self._session, self._arranged, self._deck, self._paper = session, arranged, deck, paper
        self._made: list[CreditPanel | InvoicePanel] = []

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {
            "credit": self.open,
            "technician_credit": self.open_technician,
            "voucher": self.voucher,
            "invoices": self.open_invoices,
        }

    @cached_property
    def panel(self) -> CreditPanel:
        """The credit of all technicians."""
        panel = CreditPanel(self._session)
        panel.order_opened.connect(self.order_opened)
        panel.technician_chosen.connect(self.technician_chosen)
        panel.certificate_wanted.connect(self._paper.certificate)
        self._arranged.lodge(panel)
        self._made.append(panel)
        return panel

    @cached_property
    def invoices(self) -> InvoicePanel:
        """The invoices to issue."""
        panel = InvoicePanel(self._session)
        panel.order_chosen.connect(self.order_chosen)
        panel.order_opened.connect(self.order_opened)
        self._arranged.lodge(panel)
        self._made.append(panel)
        return panel

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that nobody has sent."""
        return any(each.unsaved for each in self._made)

    def open(self) -> None:
        """Show who wants something done."""
        self._arranged.go_to_guest(self.panel, t("Credit##tab"), wide=True)

    def open_technician(self) -> None:
        """Show the technician in hand."""
        if (technician := self._deck.scene.technician) is not None:
            self.open()
            self.panel.choose(technician.id)

    def open_invoices(self) -> None:
        """Show what is to be issued."""
        self._arranged.go_to_guest(self.invoices, t("Invoices##tab"), wide=True)

    def voucher(self) -> None:
        """The voucher of the order in hand."""
        if (order := self._deck.scene.order) is None:
            notify.info(t("No order chosen"))
        else:
            self._paper.voucher(order.id)
