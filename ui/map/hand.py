"""Orders dragged over the map, from one of its own marks or from any other part of the desk."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from ui.dragging import orders_in


class Hand(QObject):
    """Watches what is dragged over a widget.

    `entered` carries the orders, `moved` where they are, `left` that they are gone again, `let_go` where they were
    dropped. `allowed` is what the pointer shows: whether they could be dropped there.
    """

    entered = Signal(object)
    moved = Signal(QPointF)
    left = Signal()
    let_go = Signal(QPointF)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.allowed = False
        over.setAcceptDrops(True)
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event:
            case QDropEvent() if event.type() is QEvent.Type.Drop:
                self._on_drop(event)
            case QDragEnterEvent():
                self._on_enter(event)
            case QDragMoveEvent():
                self._on_move(event)
            case _ if event.type() is QEvent.Type.DragLeave:
                self.left.emit()
            case _:
                return super().eventFilter(watched, event)
        return True

    def _on_enter(self, event: QDragEnterEvent) -> None:
        orders = orders_in(event.mimeData())
        if not orders:
            event.ignore()
            return
        event.acceptProposedAction()  # or nothing of the drag would be heard any more
        self.allowed = False
        self.entered.emit(orders)

    def _on_move(self, event: QDragMoveEvent) -> None:
        self.moved.emit(event.position())
        if self.allowed:
            event.acceptProposedAction()
        else:
            event.ignore()

    def _on_drop(self, event: QDropEvent) -> None:
        if self.allowed:
            event.acceptProposedAction()
            self.let_go.emit(event.position())
        else:
            event.ignore()
            self.left.emit()
