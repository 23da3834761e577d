"""The cashier's screen in the window: a guest among the tabs, and the receipts of what it took."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dispatcher_app.text import t
from ui import notify
from ui.action.deck import Deck
from ui.paper.desk import PaperDesk
from ui.till.panel import TillPanel
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Tills(QObject):
    """Emits what is chosen or opened in it."""

    order_chosen = Signal(str)
    order_opened = Signal(str)

    def __init__(self, session: Session, arranged: Arrangement, deck: Deck, paper: PaperDesk) -> None:
        super().__init__(arranged.split)
        self._session, self._arranged, self._deck, self._paper = session, arranged, deck, paper

    @cached_property
    def panel(self) -> TillPanel:
        """The screen, made when somebody first wants it."""
        panel = TillPanel(self._session, self._paper.store)
        self._arranged.lodge(panel)
        panel.order_chosen.connect(self.order_chosen)
        panel.order_opened.connect(self.order_opened)
        panel.receipt_wanted.connect(self._on_receipt)
        panel.closed.connect(partial(self._arranged.dismiss, panel))
        return panel

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {"till": self.open}

    def open(self) -> None:
        """Show it with the order in hand."""
        self._arranged.go_to_guest(self.panel, t("Till##tab"), wide=True)
        order = self._deck.scene.order
        self.panel.take_in_hand(order.id if order is not None else None)
        self.panel.start()

    def _on_receipt(self, order: str, payment: str) -> None:
        offer = notify.Offer(t("Print receipt##money"), partial(self._paper.payment, order, payment))
        notify.success(t("Taken down"), offer)
