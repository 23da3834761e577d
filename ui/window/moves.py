"""Visits moved on the board from wherever one is in the window: its actions, its menu, and promises that move along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from dispatcher_app.domain.order import Order, Window
from dispatcher_app.text import t
from ui.action.deck import Deck
from ui.action.visits import chosen
from ui.board.moving import Moving
from ui.board.panel import BoardPanel
from ui.layout.panels import take_keys
from ui.models.planned import planned
from ui.order.inspector import Inspector
from ui.window.arrangement import Arrangement

STEP_MIN: Final = 15
MOVED: Final = ("take_visit", "visit_earlier", "visit_later", "move_visits", "swap_visits")
ONE: Final = ("assign", "dispatch_planned", "pin_visit", "unassign", "change_appointment")
SEVERAL: Final = ("pin_visits", "take_off_visits")
LOOKED_AT: Final = ("inspector", "note", "copy_number", "cancel")
"""What stands in the menu of a visit, group by group."""


class Moves(QObject):
    """Answers these actions on the board, and asks for an appointment to be changed where one moves out of it."""

    def __init__(
        self, board: BoardPanel, arranged: Arrangement, deck: Deck, inspector: Inspector,
        look_at: Callable[[str], object], follow: Callable[[tuple[str, ...]], object],
    ) -> None:  # fmt: skip
        super().__init__(board)
        self._board, self._arranged, self._deck = board, arranged, deck
        self._inspector, self._look_at = inspector, look_at
        self._claimed = False
        moving = board.moving
        if moving is not None:
            moving.several_chosen.connect(follow)
            moving.change_wanted.connect(self._change)
            moving.done.connect(deck.refresh)
            moving.hand.held.connect(self._on_held)
        board.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        board.view.customContextMenuRequested.connect(self._menu)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {
            "take_visit": self._take,
            "visit_earlier": self._with(lambda moving, orders: moving.nudge(orders, -STEP_MIN)),
            "visit_later": self._with(lambda moving, orders: moving.nudge(orders, STEP_MIN)),
            "move_visits": self._with(lambda moving, orders: moving.ask_minutes(orders)),
            "swap_visits": self._with(lambda moving, orders: moving.swap(orders)),
            "take_off_visits": self._with(lambda moving, orders: moving.take_off(orders)),
            "pin_visits": self._with(lambda moving, orders: moving.pin(orders)),
            "move_day": self._move_day,
        }

    def _on_held(self, orders: tuple[str, ...]) -> None:
        """Whoever moves the order that is looked at works on it: other desks see that, as with a form."""
        hand = self._inspector.in_hand
        if orders and orders[0] == self._inspector.order_id and not hand.editing:
            self._claimed = True
            hand.begin()
        elif not orders and self._claimed:
            self._claimed = False
            hand.end()

    def _with(self, do: Callable[[Moving, tuple[str, ...]], object]) -> Callable[[], None]:
        """Do it to what is chosen, where it can be seen."""

        def done() -> None:
            orders = chosen(self._deck.scene)
            if self._board.moving is not None and orders:
                self._go_where(orders[0])
                do(self._board.moving, orders)

        return done

    def _go_where(self, order: str) -> None:
        """The board, on the day of a visit."""
        found = self._deck.scene.session.get(Order, order)
        place = planned(self._deck.scene.session, found) if found is not None else None
        if not self._arranged.shows(self._board):
            self._arranged.go(self._board)
        if place is not None and place[0].date not in self._board.schedule.dates:
            self._board.dates.go(place[0].date)

    def _take(self) -> None:
        orders = chosen(self._deck.scene)
        if self._board.moving is not None and orders:
            self._go_where(orders[0])
            take_keys(self._board.view)
            self._board.moving.keys.take(orders)

    def _move_day(self) -> None:
        technician = self._deck.scene.technician
        if technician is not None and self._board.moving is not None:
            if not self._arranged.shows(self._board):
                self._arranged.go(self._board)
            self._board.moving.share_day(technician)

    def _change(self, order: str, window: object, place: tuple[str, int]) -> None:
        self._look_at(order)
        if isinstance(window, Window):
            self._inspector.change_to(window, *place)

    # ------------------------------------------------------------ the menu
    def _menu(self, at: QPoint) -> None:
        """What can be done to what lies under the mouse, or to what the keys are on."""
        view = self._board.view
        where = view.viewport().mapFrom(view, at)
        bar, technician = view.bar_at(where), view.row_at(where)
        several = self._board.moving.several if self._board.moving is not None else None
        if bar is not None:
            if several is not None and bar.order not in several.orders:
                several.clear()
            view.go_to(bar)
        elif technician is not None:
            view.go_to_row(technician)
        if bar is None and technician is None:
            return
        menu = self._visit_menu() if bar is not None else self._deck.menu(view, "technician")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(view.mapToGlobal(at))

    def _visit_menu(self) -> QMenu:
        """First what a board is for, everything else one step below."""
        menu = QMenu(self._board.view)
        menu.setToolTipsVisible(True)
        several = len(self._deck.scene.several) > 1
        for group in (MOVED, SEVERAL if several else ONE, LOOKED_AT):
            shown = [made for id in group if (made := self._deck[id]).isVisible() and made.isEnabled()]
            menu.addActions(shown)
            menu.addSeparator()
        self._deck.fill(menu.addMenu(t("Everything that can be done")), "order")
        return menu
