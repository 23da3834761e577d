"""Visits under the mouse: taken, led over the board, scrolled along at its edges, let go of, or carried elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication

from dispatcher_app.text import t
from ui import dragging, name, theme
from ui.board.bar import Bar
from ui.board.ghost import Ghosts
from ui.board.hand import Hand
from ui.board.several import Several
from ui.board.view import BoardView

_TICK_MS: Final = 16
_SIDE_PX: Final = 36
_END_PX: Final = 14
"""So near to an edge the board comes along; the middle of the first and the last row is not as near."""
_FAST_PX: Final = 28


class Mouse(QObject):
    """Filters what happens to the board; emits `let_go` when something is to be dropped where it is."""

    let_go = Signal()

    def __init__(self, view: BoardView, hand: Hand, several: Several, ghosts: Ghosts) -> None:
        super().__init__(view)
        self._view, self._hand, self._several, self._ghosts = view, hand, several, ghosts
        self._port = view.viewport()  # asked of a view that is just going, it would be gone
        self._pressed: QPointF | None = None
        self._bar: Bar | None = None
        self._grip_ms = 0
        self._coming = False
        self._put_down = False
        """It was let go of, and something is asked about that: the mouse leads it no more."""
        self._scrolling = QTimer(self, interval=_TICK_MS)
        self._scrolling.timeout.connect(self._scroll)
        hand.ended.connect(self._on_ended)
        hand.changed.connect(self._dress)
        self._answers: dict[QEvent.Type, Callable[[QEvent], bool]] = {
            QEvent.Type.MouseButtonPress: self._on_press,
            QEvent.Type.MouseMove: self._on_move,
            QEvent.Type.MouseButtonRelease: self._on_release,
            QEvent.Type.DragEnter: self._on_enter,
            QEvent.Type.DragMove: self._on_drag,
            QEvent.Type.DragLeave: self._on_leave,
            QEvent.Type.Drop: self._on_drop,
        }
        self._port.installEventFilter(self)
        view.installEventFilter(self)

    @property
    def leads(self) -> bool:
        """Whether the mouse holds something over the board."""
        return self._hand.full and not self._hand.by_keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._port:
            answer = self._answers.get(event.type())
            return answer(event) if answer is not None else False
        if self.leads and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return self._on_key(event)
        return False

    # ------------------------------------------------------------ taking one up
    def _on_press(self, event: QEvent) -> bool:
        assert isinstance(event, QMouseEvent)
        bar = self._view.bar_at(event.position())
        if self._hand.full and event.button() is Qt.MouseButton.LeftButton:
            return True  # keys, or a question, hold it still
        if event.button() is not Qt.MouseButton.LeftButton:
            return self.leads
        if bar is None or bar.state in ("held", "done"):
            if bar is None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._several.clear()
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._several.toggle(bar.order)
            return True
        if bar.order not in self._several.orders:
            self._several.clear()
        self._pressed, self._bar = event.position(), bar
        return False

    def _on_move(self, event: QEvent) -> bool:
        assert isinstance(event, QMouseEvent)
        if self.leads and not self._coming:
            if not self._put_down:
                self._lead(event.position())
            return True
        if self._pressed is None or self._bar is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return False
        away = (event.position() - self._pressed).manhattanLength()
        if away < QApplication.startDragDistance():
            return False
        self._begin(self._bar, self._pressed)
        if self.leads:
            self._lead(event.position())
        return True

    def _begin(self, bar: Bar, at: QPointF) -> None:
        chosen = self._several.orders if bar.order in self._several.orders else ()
        self._pressed, self._bar = None, None
        if self._hand.take(chosen, bar.order, self._view.axis.dates, bar.technician):
            first = self._hand.first
            grip = self._view.moment_at(at) - bar.start
            # An order that waits is as wide as its promise: it is held by its middle.
            self._grip_ms = min(grip, first.lasts_ms) if first.place is not None else first.lasts_ms // 2
            self._hold()

    def _hold(self) -> None:
        self._view.held = True
        self._view.set_ghosts(self._ghosts)
        self._scrolling.start()

    # ------------------------------------------------------------ leading it
    def _lead(self, at: QPointF) -> None:
        self._ghosts.at = at
        technician = self._view.row_at(at)
        if self._view.lanes_body().contains(at.toPoint()):
            self._hand.aim_off()
        elif technician is not None and at.x() >= self._view.layout_.column:
            self._hand.aim(technician, self._view.axis.snapped(self._view.moment_at(at) - self._grip_ms))
        self._dress()
        if not self._coming and self._elsewhere(at):
            self._carry_out()

    def _dress(self) -> None:
        """The mouse says whether it can be let go of here."""
        if self.leads and not self._coming and not self._put_down:
            forbidden = bool(self._hand.broken) and not self._hand.overridable
            shape = Qt.CursorShape.ForbiddenCursor if forbidden else Qt.CursorShape.ClosedHandCursor
            if self._view.viewport().cursor().shape() is not shape:
                self._view.viewport().setCursor(shape)
        self._view.viewport().update()

    def _scroll(self) -> None:
        """At the edges the board comes along, the faster the nearer."""
        at = self._ghosts.at
        if not self.leads or at is None:
            return
        body = self._view.body()
        across = _pull(at.x(), body.left(), body.right(), _SIDE_PX)
        down = (
            _pull(at.y(), body.top(), body.bottom(), _END_PX)
            if at.y() >= body.top() - theme.current().px(8)
            else 0
        )
        if across or down:
            for bar, by in (
                (self._view.horizontalScrollBar(), across),
                (self._view.verticalScrollBar(), down),
            ):
                bar.setValue(bar.value() + by)
            self._lead(at)

    def _elsewhere(self, at: QPointF) -> bool:
        """Whether it is led to another panel that takes orders."""
        if QRect(self._view.rect()).contains(at.toPoint()):
            return False
        over = QApplication.widgetAt(self._view.viewport().mapToGlobal(at).toPoint())
        return over is not None and over.acceptDrops() and not self._view.isAncestorOf(over)

    def _carry_out(self) -> None:
        orders = [each.order for each in self._hand.taken]
        first = name.short_order(self._view.session, self._hand.lead)
        said = first if len(orders) == 1 else t("{n} visits", n=len(orders))
        self._hand.let_go()
        dragging.carry(self._view.viewport(), orders, said)

    # ------------------------------------------------------------ letting go
    def _on_release(self, event: QEvent) -> bool:
        assert isinstance(event, QMouseEvent)
        self._pressed = self._bar = None
        if not self.leads or self._put_down or event.button() is not Qt.MouseButton.LeftButton:
            return False
        self._lead(event.position())
        if self.leads:
            self._drop()
        return True

    def _drop(self) -> None:
        self._scrolling.stop()
        self._put_down = True
        self.let_go.emit()

    def _on_key(self, event: QEvent) -> bool:
        assert isinstance(event, QKeyEvent)
        if event.key() != Qt.Key.Key_Escape:
            return event.type() is QEvent.Type.KeyPress
        event.accept()
        if event.type() is QEvent.Type.KeyPress:
            self._hand.let_go()
        return True

    def _on_ended(self) -> None:
        self._scrolling.stop()
        self._coming = self._put_down = False
        self._ghosts.at = None
        self._view.held = False
        self._view.set_ghosts(None)
        self._view.viewport().unsetCursor()

    # ------------------------------------------------------------ from other panels
    def _on_enter(self, event: QEvent) -> bool:
        assert isinstance(event, QDragEnterEvent)
        orders = dragging.orders_in(event.mimeData())
        if not orders:
            return False
        self._pressed = self._bar = None
        if self._hand.take(orders, orders[0], self._view.axis.dates):
            self._coming = True
            self._grip_ms = self._hand.first.lasts_ms // 2
            self._hold()
            event.acceptProposedAction()
        return True

    def _on_drag(self, event: QEvent) -> bool:
        assert isinstance(event, QDragMoveEvent)
        if not self._coming:
            return False
        self._lead(event.position())
        forbidden = self._hand.place is None or (bool(self._hand.broken) and not self._hand.overridable)
        event.setAccepted(not forbidden)
        return True

    def _on_leave(self, event: QEvent) -> bool:
        assert isinstance(event, QDragLeaveEvent)
        if self._coming:
            self._hand.let_go()
        return False

    def _on_drop(self, event: QEvent) -> bool:
        assert isinstance(event, QDropEvent)
        if not self._coming:
            return False
        self._lead(event.position())
        event.acceptProposedAction()
        self._coming = False
        self._drop()
        return True


def _pull(at: float, first: int, last: int, near: int) -> int:
    """How far to scroll for a place near, or beyond, one of two edges."""
    edge, fast = theme.current().px(near), theme.current().px(_FAST_PX)
    if at < first + edge:
        return -round(min(1.0, (first + edge - at) / edge) * fast)
    if at > last - edge:
        return round(min(1.0, (at - last + edge) / edge) * fast)
    return 0
