"""The top of the inspector: which order, how it stands, what runs out, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import due
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.action.deck import Deck
from ui.controls.chip import Chip
from ui.controls.section import label
from ui.mark import mark
from ui.watchers import Watchers

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_NEXT: Final[dict[str, tuple[str, ...]]] = {
    "pending": ("assign", "offer", "pool", "change_appointment", "urge"),
    "offered": ("accept", "decline", "withdraw", "urge"),
    "accepted": ("assign", "depart", "change_appointment", "urge"),
    "en_route": ("arrive", "absent", "message", "urge"),
    "in_progress": ("finish", "quote", "hold", "message"),
    "on_hold": ("new_visit", "message", "urge"),
    "finished": ("confirm", "pay", "message"),
    "completed": ("return_visit", "message", "note"),
    "cancelled": ("reopen", "note"),
    "received": ("diagnose", "move_device", "print", "message"),
    "diagnosing": ("quote", "move_device", "message"),
    "quoted": ("quote", "move_device", "message"),
    "repairing": ("finish_device", "quote", "move_device", "message"),
    "ready": ("hand_back", "pay", "remind", "move_device"),
    "handed_back": ("print", "return_device", "message", "note"),
}
_POOLED: Final = ("grab", "withdraw", "urge")
_QUOTED: Final = ("confirm_quote", "decline_quote", "withdraw_quote", "quote")
"""The buttons for each status; everything else is in the menu beside them."""
_COUNTED_MS: Final = 24 * 3_600_000


class Head(QWidget):
    """Emits `closed` when the person wants the drawer away."""

    closed = Signal()

    def __init__(self, session: Session, deck: Deck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._deck = session, deck
        self._order: Order | None = None
        self._offered: tuple[str, ...] = ()
        self._number = label("", "title")
        self._number.setTextFormat(Qt.TextFormat.RichText)
        self._number.setObjectName("order_number")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._status = Chip(mark("order", "pending"))
        self._urgency = Chip(mark("urgency", "emergency"))
        self._timer = label("", "strong")
        self._timer.setObjectName("order_timer")
        self._pending = QLabel()
        self._pending.setToolTip(t("Not yet confirmed by the server"))
        self._pending.setAccessibleName(t("Not yet confirmed by the server"))
        self._watchers = Watchers(session)
        self._close = QToolButton()
        self._close.setAccessibleName(t("Close details"))
        self._close.clicked.connect(self.closed)
        self._buttons = QHBoxLayout()
        self._more = QToolButton(self)
        self._more.setObjectName("more")
        self._more.setAccessibleName(t("More to do"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(lambda: deck.fill(self._menu, "order"))
        self._more.setMenu(self._menu)
        self._lay_out()
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._say_timer)
        self._second.start()

    def show_order(self, order: Order) -> None:
        """Show an order's number, status and timer."""
        self._order = order
        head, spoken = name.split_number(order.number)
        muted = theme.current().palette.muted
        self._number.setText(f'<span style="color:{muted};font-weight:400">{head}</span>{spoken}')
        self._number.setAccessibleName(t("Order {number}", number=order.number))
        said = [mark("order", order.status).label()]
        if order.provisional:
            said.append(t("window to confirm"))
        self._status.show_mark(mark("order", order.status), " · ".join(said))
        self._urgency.show_mark(mark("urgency", order.urgency))
        self._urgency.setVisible(order.urgency != "normal")
        self._pending.setVisible(self._session.is_pending("order", order.id))
        self._say_timer()
        self._watchers.show_order(order.id)
        steps = (
            _QUOTED
            if order.proposed
            else _POOLED
            if order.pool
            else _NEXT.get(order.status, ("note", "urge"))
        )
        if steps != self._offered:
            self._offer(steps)
        else:
            self._fit()

    def set_closable(self, closable: bool) -> None:
        """Whether the inspector is a drawer that can be put away."""
        self._close.setVisible(closable)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _offer(self, ids: tuple[str, ...]) -> None:
        self._offered = ids
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) and widget is not self._more:
                widget.hide()
                widget.deleteLater()
        for at, id in enumerate(id for id in ids if self._deck[id].isVisible()):
            self._buttons.addWidget(_button(self._deck[id], "primary" if at == 0 else ""))
        self._buttons.addStretch()
        self._buttons.addWidget(self._more)
        self._fit()

    def _fit(self) -> None:
        """Show as many buttons as have room for their words; the others stand in the menu beside them."""
        room = self.width() - self._more.sizeHint().width() - theme.current().space(6)
        for at in range(self._buttons.count()):
            item = self._buttons.itemAt(at)
            button = item.widget() if item is not None else None
            if button is not None and button is not self._more:
                room -= button.sizeHint().width() + self._buttons.spacing()
                button.setVisible(room >= 0 or at == 0)

    def _say_timer(self) -> None:
        if self._order is None:
            return
        now = self._session.now()
        policy = self._session.get(Policy, "policy") or Policy()
        until = due(self._order, policy, name.timezone(self._session))
        if until is None or abs(until - now) > _COUNTED_MS:
            self._timer.clear()
            return
        left = until - now
        words = (
            t("{time} left", time=format.countdown(left))
            if left >= 0
            else t("{time} over", time=format.countdown(-left))
        )
        role = "error" if left < 0 else "strong"
        if self._timer.property("role") != role:
            self._timer.setProperty("role", role)
            self._timer.style().unpolish(self._timer)
            self._timer.style().polish(self._timer)
        self._timer.setText(words)

    def _draw(self) -> None:
        self._close.setIcon(icons.icon("close", "muted"))
        self._more.setIcon(icons.icon("more"))
        self._pending.setPixmap(icons.pixmap("pending_sync", "blue"))
        if self._order is not None:
            self.show_order(self._order)

    def _lay_out(self) -> None:
        look = theme.current()
        first = QHBoxLayout()
        first.setSpacing(look.space(2))
        for part in (self._number, self._status, self._urgency, self._pending):
            first.addWidget(part)
        first.addStretch()
        first.addWidget(self._timer)
        first.addWidget(self._close)
        self._buttons.setSpacing(look.space(1))
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space(3), look.space(2), look.space(2), look.space(2))
        column.setSpacing(look.space(2))
        column.addLayout(first)
        column.addWidget(self._watchers)
        column.addLayout(self._buttons)
        self._draw()


def _button(action: QAction, kind: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", kind or "plain")
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setObjectName(f"do_{action.objectName()}")
    return button
