"""Working off the exceptions: the strip and the queue show one kind, F8 goes through all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.text import t
from ui import notify
from ui.conflict.attention import AttentionPanel
from ui.models.counts import EXCEPTIONS
from ui.models.health import Health
from ui.queue.panel import QueuePanel
from ui.strip import ExceptionStrip
from ui.window.walk import ExceptionWalk

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Exceptions(QObject):
    """Emits `reached` with the order that F8 has come to, `health_wanted` where no order but other data is wrong."""

    reached = Signal(str)
    health_wanted = Signal()

    def __init__(
        self, session: Session, strip: ExceptionStrip, queue: QueuePanel, attention: AttentionPanel
    ) -> None:
        super().__init__(queue)
        self._strip, self._queue, self._attention = strip, queue, attention
        self._walk = ExceptionWalk(session, self)
        self._awaited = ("", "")
        strip.kind_chosen.connect(self._on_kind)
        queue.shown.connect(self._on_shown)
        self._health = Health(session, self)
        self._health.found.connect(lambda found: strip.say_beside(len(found)))
        attention.counted.connect(lambda count: strip.say({"attention": count}))
        self._walk.reached.connect(self._on_reached)
        self._walk.empty.connect(lambda: notify.info(t("No exceptions: all is well.")))

    def step(self, direction: int, current: str | None) -> None:
        """Go to the next (1) or previous (-1) one from the order that is looked at."""
        self._walk.step(direction, current, self._queue.query.sort, self._attention.orders())

    def _on_kind(self, kind: str) -> None:
        if kind == "attention":
            self._strip.check("")
            self._attention.open()
        elif kind == "approximate" and not self._strip.count(kind) and self._health.problems:
            self._strip.check("")
            self.health_wanted.emit()
        else:
            self._queue.look_at(kind or "open")

    def _on_shown(self, query: OrderQuery) -> None:
        self._strip.check(query.view if query.view in EXCEPTIONS and not query.text else "")
        if self._awaited[0] == query.view and self._queue.choose(self._awaited[1]):
            self._awaited = ("", "")

    def _on_reached(self, kind: str, id: str) -> None:
        if kind == "attention":
            self._attention.open()
        elif self._queue.model.query.view != kind or not self._queue.choose(id):
            self._awaited = (kind, id)
            self._queue.look_at(kind)
        self.reached.emit(id)
        self._queue.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
