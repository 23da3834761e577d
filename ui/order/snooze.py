"""Letting an exception rest for a while: which, how long, and why, for every desk to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QComboBox

from dispatcher_app.domain.alert import ALERTS
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.command import SnoozeAlert
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui.action.scene import wanting
from ui.mark import mark
from ui.order.form import Form, row_of
from ui.order.reason import SNOOZED

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SPANS: Final[dict[int, str]] = {
    15: "15 minutes##snooze",
    30: "30 minutes##snooze",
    60: "1 hour##snooze",
    120: "2 hours##snooze",
    240: "4 hours##snooze",
    720: "12 hours##snooze",
}
"""How long something may rest, in minutes."""
_FIRST: Final = 30


class SnoozeForm(Form):
    """Which exception, how long and why: it comes back by itself, or as soon as the order goes on."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Let an exception of {number} rest", number=order.number), t("Let it rest##go")
        )
        self.kind, self.span, self.reason = QComboBox(), QComboBox(), QComboBox()
        rows = (
            (self.kind, "snooze_kind", t("Exception")),
            (self.span, "snooze_span", t("How long")),
            (self.reason, "snooze_reason", t("Reason")),
        )
        for combo, id, word in rows:
            combo.setObjectName(id)
            combo.setAccessibleName(word)
            self.body.addLayout(row_of(word, combo))
        for minutes, word in _SPANS.items():
            self.span.addItem(t(word), minutes)
        self.span.setCurrentIndex(self.span.findData(_FIRST))
        for code, word in SNOOZED.items():
            self.reason.addItem(t(word), code)
        self.ask = self._command
        self.setFocusProxy(self.span)
        self.show_order(order)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        kinds = wanting(self.session, order) or list(ALERTS)
        if [self.kind.itemData(at) for at in range(self.kind.count())] == kinds:
            return
        chosen = self.kind.currentData()
        self.kind.clear()
        for kind in kinds:
            self.kind.addItem(mark("alert", kind).label(), kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen)))

    def _command(self) -> SnoozeAlert:
        until = self.session.now() + self.span.currentData() * MINUTE_MS
        return SnoozeAlert(
            order=self.order.id, kind=self.kind.currentData(), until=until, reason=self.reason.currentData()
        )
