"""Moving visits about: the actions, and their place in the window; the board is where all of them are seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, Qt

from dispatcher_app.domain import life, role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.order import Order, Window
from ui.board.moving import Moving
from ui.board.panel import BoardPanel
from ui.models.planned import planned
from ui.scene import Action, Scene, by_role, who_may

if TYPE_CHECKING:
    from ui.actions import Deck
    from ui.arrangement import Arrangement
    from ui.order.inspector import Inspector

STEP_MIN: Final = 15
_MOVES: Final = who_may("assign", "reassign")


def chosen(scene: Scene) -> tuple[str, ...]:
    """The orders that an action moves: those chosen together, else the one in hand."""
    return scene.several or ((scene.order.id,) if scene.order is not None else ())


def _movable(scene: Scene) -> Rejected | None:
    """Why none of them can be moved by hand now."""
    orders = [order for id in chosen(scene) if (order := scene.session.get(Order, id)) is not None]
    if not orders:
        return Rejected("no_order_chosen")
    reasons = [_refusal(scene, order) for order in orders]
    return None if None in reasons else reasons[0]


def _refusal(scene: Scene, order: Order) -> Rejected | None:
    step = "reassign" if order.technician is not None else "assign"
    return life.refusal(order.status, step, scene.session.actor, order.region)


def _placed(scene: Scene) -> Rejected | None:
    if (reason := _movable(scene)) is not None:
        return reason
    orders = [order for id in chosen(scene) if (order := scene.session.get(Order, id)) is not None]
    return None if any(planned(scene.session, each) for each in orders) else Rejected("not_in_plan")


def _sent(scene: Scene) -> Rejected | None:
    if (reason := _movable(scene)) is not None:
        return reason
    orders = [order for id in chosen(scene) if (order := scene.session.get(Order, id)) is not None]
    return None if any(each.technician for each in orders) else Rejected("not_dispatched")


def _two(scene: Scene) -> Rejected | None:
    return _placed(scene) or (None if len(chosen(scene)) == 2 else Rejected("not_two_chosen"))


def _whole_day(scene: Scene) -> Rejected | None:
    reason = by_role(role.DISPATCHES)(scene)
    return reason or (None if scene.technician else Rejected("no_technician_chosen"))


VISITS: Final[tuple[Action, ...]] = (
    Action(id="take_visit", group="order", text="Take in the hand on the board", brief="Take##visit", icon="widen",
           keys=("Alt+T",), refused=_movable, who=_MOVES),
    Action(id="visit_earlier", group="order", text="15 minutes earlier", icon="previous", keys=("Alt+Left",),
           refused=_placed, who=_MOVES),
    Action(id="visit_later", group="order", text="15 minutes later", icon="next", keys=("Alt+Right",),
           refused=_placed, who=_MOVES),
    Action(id="move_visits", group="order", text="Move by…", icon="timer", keys=("Alt+M",),
           refused=_placed, who=_MOVES),
    Action(id="swap_visits", group="order", text="Swap two visits", icon="reassign", keys=("Alt+S",),
           refused=_two, who=_MOVES),
    Action(id="take_off_visits", group="order", text="Take technicians off those chosen", brief="Take off",
           icon="unassign", keys=("Ctrl+Del",), refused=_sent, who=_MOVES),
    Action(id="pin_visits", group="order", text="Pin those chosen", icon="lock", keys=("Ctrl+Shift+F7",),
           refused=_placed, who=_MOVES),
    Action(id="move_day", group="technician", text="Move his whole day to others…", brief="Move the day",
           icon="team", keys=("Ctrl+Shift+F3",), refused=_whole_day, who=role.DISPATCHES),
)  # fmt: skip
"""In the order of the menu."""


class Visits(QObject):
    """Answers these actions on the board, and asks for an appointment to be changed where one moves out of it."""

    def __init__(
        self, board: BoardPanel, arranged: Arrangement, deck: Deck, inspector: Inspector,
        look_at: Callable[[str], object], follow: Callable[[tuple[str, ...]], object],
    ) -> None:  # fmt: skip
        super().__init__(board)
        self._board, self._arranged, self._deck = board, arranged, deck
        self._inspector, self._look_at = inspector, look_at
        moving = board.moving
        if moving is not None:
            moving.several_chosen.connect(follow)
            moving.change_wanted.connect(self._change)
            moving.done.connect(deck.refresh)
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
        if self._arranged.tabs.currentWidget() is not self._board or self._arranged.at_counter:
            self._arranged.go(self._board)
        if place is not None and place[0].date not in self._board.schedule.dates:
            self._board.dates.go(place[0].date)

    def _take(self) -> None:
        orders = chosen(self._deck.scene)
        if self._board.moving is not None and orders:
            self._go_where(orders[0])
            self._board.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._board.moving.keys.take(orders)

    def _move_day(self) -> None:
        technician = self._deck.scene.technician
        if technician is not None and self._board.moving is not None:
            if self._arranged.tabs.currentWidget() is not self._board or self._arranged.at_counter:
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
        menu = self._deck.menu(view, *(("order",) if bar is not None else ("technician",)))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(view.mapToGlobal(at))
