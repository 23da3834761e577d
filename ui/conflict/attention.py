"""Everything that wants a decision: cards on top of each other, in the order in which it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from dispatcher_app.client.state import Conflict, Link
from dispatcher_app.text import t
from ui import format, icons, theme
from ui.conflict.card import ConflictCard
from ui.controls.empty import EmptyState
from ui.controls.section import label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_MOVES: Final = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)
_WIDTH_PX = 372


class AttentionPanel(QFrame):
    """Lies over the upper right of a window. It opens by itself for a conflict, never taking the focus.

    Emits `order_wanted`, and `counted` with how many acts want a decision.
    """

    order_wanted = Signal(str)
    counted = Signal(int)

    def __init__(self, session: Session, parent: QWidget, over: QWidget, spared: QWidget) -> None:
        super().__init__(parent)
        self._session, self._ground, self._over, self._spared = session, parent, over, spared
        self._cards: dict[str, ConflictCard] = {}
        look = theme.current()
        self.setObjectName("attention")
        self.setProperty("panel", "surface")
        self.setAccessibleName(t("Needs attention"))
        self._title = label(t("Needs attention"), "strong")
        self._close = QToolButton()
        self._close.setAccessibleName(t("Close##panel"))
        self._close.clicked.connect(self.hide)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        self._column = QVBoxLayout()
        self._column.setSpacing(look.space(2))
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch()
        body = QWidget()
        body.setLayout(self._column)
        self._scroll = QScrollArea()
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._empty = EmptyState(
            t("Nothing needs a decision"), t("Acts that were refused appear here."), "success"
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), look.space(2), look.space(2), look.space(3))
        whole.addLayout(head)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self._empty, 1)
        for watched in (over, spared):
            watched.installEventFilter(self)
        self.hide()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        stop = session.subscribe(link=self._on_link, conflict=self._on_conflict)
        self.destroyed.connect(lambda: stop())
        self._draw()
        self.refresh()

    @property
    def count(self) -> int:
        """How many acts want a decision."""
        return len(self._cards)

    def orders(self) -> list[str]:
        """The orders they are about."""
        return [card.order for card in self._cards.values() if card.order]

    def open(self) -> None:
        """Show the list and take the focus to its first button."""
        self.refresh()
        self.show()
        self._place()
        self.raise_()
        first = next(iter(self._cards.values()), None)
        button = first.findChild(QPushButton) if first else self._close
        if button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self) -> None:
        """Show a card for each act that wants a decision; cards that are there stay as they are."""
        parked = {act.act: act for act in self._session.parked}
        for id in [id for id in self._cards if id not in parked]:
            card = self._cards.pop(id)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for id, act in parked.items():
            if id not in self._cards:
                self._cards[id] = card = ConflictCard(self._session, act)
                card.order_wanted.connect(self.order_wanted)
                card.decided.connect(lambda _act: self._soon.start())
                self._column.insertWidget(self._column.count() - 1, card)
        self._scroll.setVisible(bool(self._cards))
        self._empty.setVisible(not self._cards)
        self._title.setText(t("Needs attention · {n}", n=format.count(len(self._cards))))
        self.counted.emit(len(self._cards))
        if not self._cards:
            self.hide()
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _on_conflict(self, _conflict: Conflict) -> None:
        self.refresh()
        if self._cards:
            self.show()
            self.raise_()
            self._place()

    def _on_link(self, link: Link) -> None:
        if link.attention != len(self._cards):
            self._soon.start()

    def _draw(self) -> None:
        self._close.setIcon(icons.icon("close", "muted"))

    def _place(self) -> None:
        look = theme.current()
        width = min(look.px(_WIDTH_PX), self._over.width() - look.space(8))
        wanted = self._column.sizeHint().height() + look.px(64) if self._cards else look.px(220)
        height = min(wanted, self._over.height() - look.space(8))
        corner = self._over.mapTo(self._ground, QPoint(self._over.width(), 0))
        # Never over what somebody may be typing in.
        beside = self._spared.isVisible() and self._spared.window() is self.window()
        right = self._spared.mapTo(self._ground, QPoint(0, 0)).x() if beside else corner.x()
        left = min(right, corner.x()) - width - look.space(4)
        self.setGeometry(max(left, look.space(2)), corner.y() + look.space(3), width, height)
