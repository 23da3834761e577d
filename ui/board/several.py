"""Several visits chosen together on the board: by Ctrl and the mouse, by Shift and the arrows."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from ui.board.view import BoardView


class Several(QObject):
    """Emits `changed` with the orders, in the order in which they were chosen."""

    changed = Signal(tuple)

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self._view = view
        self.orders: tuple[str, ...] = ()

    def toggle(self, order: str) -> None:
        """Choose one more, or one less; the one that the keys are on is the first of several."""
        if not self.orders and (bar := self._view.current_bar()) is not None and bar.order != order:
            self.choose((bar.order, order))
        elif order in self.orders:
            self.choose(each for each in self.orders if each != order)
        else:
            self.choose((*self.orders, order))

    def add(self, orders: Iterable[str]) -> None:
        """Choose these too."""
        self.choose((*self.orders, *orders))

    def choose(self, orders: Iterable[str]) -> None:
        """Choose just these; of visits kept for a caller there is nothing to choose."""
        found = tuple(dict.fromkeys(orders))
        if found != self.orders:
            self.orders = found
            self._view.set_several(found)
            self.changed.emit(found)

    def look_at(self, order: str | None) -> None:
        """Another order is looked at: those chosen together are no longer meant."""
        if order is not None and order not in self.orders:
            self.clear()

    def clear(self) -> None:
        """Choose none together."""
        self.choose(())

    def with_current(self) -> tuple[str, ...]:
        """What an action is about: those chosen together, else the visit that the keys are on."""
        if self.orders:
            return self.orders
        bar = self._view.current_bar()
        return (bar.order,) if bar is not None and bar.state not in ("held", "done") else ()
