"""A question inside the inspector, about one order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from ui.question import Question, row_of

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

__all__ = ["Form", "row_of"]


class Form(Question):
    """The frame of a question about one order; `pick_wanted` is emitted where the map is to be asked.

    `makes` is the order that the answer makes, with papers of its own; "" for none.
    """

    pick_wanted = Signal()

    def __init__(self, session: Session, order: Order, title: str, go: str, kind: str = "primary") -> None:
        super().__init__(session, title, go, kind)
        self.order = order
        self.makes = ""

    def show_order(self, order: Order) -> None:
        """The order has changed underneath; what was typed stays, what was said against it does not."""
        if order != self.order:
            self.refuse("")
        self.order = order

    def point_at(self, point: Point) -> None:
        """The point of the map that was asked for."""
