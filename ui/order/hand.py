"""Who works on the order in hand: another desk's claim is said, and taken over by the rule; nothing is blocked by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.presence import TYPED_MS, Attendance, Claim
from dispatcher_app.domain import role
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.banner import Banner
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_GRACE_MS: Final = 20_000
_REASON_LEAST: Final = 2


class InHand(QWidget):
    """Emits `look_only` where somebody leaves an order to whoever has begun with it."""

    look_only = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._order, self._editing = session, "", False
        self._told_at = 0
        self._asking = Errands(self)
        self._presences = getattr(session, "presences", None)
        look = theme.current()
        self.banner = Banner(dismissible=False)
        self._look = QPushButton(t("Look only"))
        self._look.setObjectName("claim_look")
        self._look.setProperty("kind", "quiet")
        self._look.clicked.connect(self._on_look)
        self.take = QPushButton(t("Take over##claim"))
        self.take.setObjectName("claim_take")
        self.take.clicked.connect(self._on_take)
        for button in (self._look, self.take):
            self.banner.add_button(button)
        self.reason = QLineEdit()
        self.reason.setObjectName("claim_reason")
        self.reason.setMaxLength(200)
        self.reason.setPlaceholderText(t("Why you take it over now (he is told)"))
        self.reason.setAccessibleName(t("Why you take it over now (he is told)"))
        self.reason.textChanged.connect(lambda _text: self._say())
        self.reason.hide()
        row = QHBoxLayout()
        row.setContentsMargins(look.space(3), 0, look.space(3), 0)
        row.addWidget(self.reason)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.space(1))
        whole.addWidget(self.banner)
        whole.addLayout(row)
        self.hide()
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._say)
        if self._presences is not None:
            stop = session.subscribe(presence=self._on_presence)
            self.destroyed.connect(lambda: stop())

    def show_order(self, order: str | None) -> None:
        """Another order is looked at: what was in hand is laid down."""
        if (order or "") == self._order:
            return
        self.end()
        self._order = order or ""
        self._put_away()
        if self._presences is not None:
            self._presences.be_at(self._order, "looking")

    def begin(self, *, calling: bool = False) -> None:
        """Somebody begins to work on the order that is looked at."""
        if self._presences is None or not self._order:
            return
        self._editing, self._told_at = True, self._session.now()
        self._presences.be_at(self._order, "calling" if calling else "editing")
        self._asking.run(self._presences.claim(self._order), self._on_claim)

    def typed(self) -> None:
        """Somebody types: told now and then, so that nobody takes over in the middle of a word."""
        now = self._session.now()
        if self._presences is not None and self._editing and now - self._told_at >= TYPED_MS:
            self._told_at = now
            if self._presences.claim_of(self._order) is None:
                self._asking.run(self._presences.claim(self._order), self._on_claim)

    def end(self) -> None:
        """The work is done, or left for later."""
        if self._presences is None or not self._editing:
            return
        self._editing = False
        self._put_away()
        self._presences.be_at(self._order, "looking")
        self._asking.run(self._presences.release(self._order))

    @property
    def editing(self) -> bool:
        """Whether somebody works on the order at this desk."""
        return self._editing

    @property
    def other(self) -> Claim | None:
        """Somebody else's claim on the order in hand."""
        return self._presences.claim_of(self._order) if self._presences is not None else None

    def _on_claim(self, _held: Claim | None) -> None:
        self._say()

    def _say(self) -> None:
        """Say who has it in hand, and whether it can be taken over now."""
        held = self.other
        if held is None or not self._editing:
            self._put_away()
            return
        who = name.actor(self._session, f"staff:{held.staff}")
        left = held.typed_at + _GRACE_MS - self._session.now()
        supervisor = role.holds(self._session.actor, role.OVERRIDES)
        since = format.clock(held.since, name.timezone(self._session))
        words = t("{who} is working on this order since {time}.", who=who, time=since)
        if held.reason:
            words = t("{words} Reason: {reason}", words=words, reason=held.reason)
        if left > 0 and not supervisor:
            words = t("{words} You can take over in {n} s.", words=words, n=-(-left // 1000))
        said = supervisor and len(self.reason.text().strip()) >= _REASON_LEAST
        self.take.setEnabled(left <= 0 or said)
        self.reason.setVisible(supervisor and left > 0)
        if words != self.banner.accessibleName() or not self.banner.isVisible():
            self.banner.say("warning", words)
        self.show()
        if not self._second.isActive():
            self._second.start()

    def _put_away(self) -> None:
        self._second.stop()
        self.banner.hide()
        self.reason.hide()
        self.reason.clear()
        self.hide()

    def _on_look(self) -> None:
        self.end()
        self.look_only.emit()

    def _on_take(self) -> None:
        if self._presences is not None:
            reason = self.reason.text().strip()
            self._asking.run(self._presences.claim(self._order, take=True, reason=reason), self._on_claim)

    def _on_presence(self, news: Attendance) -> None:
        if self._editing and self._order in news.orders:
            self._say()
