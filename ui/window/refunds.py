"""Refunds in the window: their desk and the figures of why, each a guest among the tabs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dispatcher_app.text import t
from ui.action.deck import Deck
from ui.action.repaying import FITS, refunds_of
from ui.refund.panel import RefundPanel
from ui.refund.reasons import ReasonsPanel
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Refunds(QObject):
    """Emits what is chosen or opened in the desk."""

    order_chosen = Signal(str)
    order_opened = Signal(str)

    def __init__(self, session: Session, arranged: Arrangement, deck: Deck) -> None:
        super().__init__(arranged.split)
        self._session, self._arranged, self._deck = session, arranged, deck
        self._made = False

    @cached_property
    def panel(self) -> RefundPanel:
        """The desk, made when somebody first wants it."""
        self._made, panel = True, RefundPanel(self._session)
        self._arranged.lodge(panel)
        panel.order_chosen.connect(self.order_chosen)
        panel.order_opened.connect(self.order_opened)
        panel.reasons_wanted.connect(self.open_reasons)
        panel.closed.connect(partial(self._arranged.dismiss, panel))
        return panel

    @cached_property
    def reasons(self) -> ReasonsPanel:
        """The figures, likewise."""
        panel = ReasonsPanel(self._session)
        self._arranged.lodge(panel)
        panel.closed.connect(partial(self._arranged.dismiss, panel))
        return panel

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {
            "refunds": self.open,
            "refund_reasons": self.open_reasons,
            **{action: partial(self._start, action) for action in FITS},
        }

    def open(self) -> None:
        """Show the desk as it was left."""
        self._arranged.go_to_guest(self.panel, t("Refunds##tab"), wide=True)
        order = self._deck.scene.order
        self.panel.take_in_hand(order.id if order is not None else None)

    def open_reasons(self) -> None:
        """Show why money went back."""
        self._arranged.go_to_guest(self.reasons, t("Why money went back"), wide=True)

    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere."""
        if self._made:
            self.panel.show_order(id)

    def _start(self, action: str) -> None:
        """Do it with the refund in hand; where another one is meant, show that one first and let it be read."""
        order = self._deck.scene.order
        found = [each for each in refunds_of(self._deck.scene) if FITS[action](each)]
        held = self.panel.detail.refund
        if order is None or not found:
            return
        if held is not None and held.id in {each.id for each in found} and self._arranged.shows(self.panel):
            self.panel.start(action.removeprefix("refund_"), order.id)
            return
        self.open()
        self.panel.look_at(found[-1])
