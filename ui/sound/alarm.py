"""Exceptions that are heard: when one comes up, and once more, with a notice, when nobody acts on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.text import t
from ui import notify
from ui.models.counts import EXCEPTIONS, Counts, today
from ui.sound import watch
from ui.sound.player import Player
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SETTLE_MS: Final = 1_000
_AGAIN_MS: Final = 15_000
_MINUTE_MS: Final = 60_000
_CONFLICTS: Final = "attention"
"""What is to be decided here stands in no view; only how many there are is known."""


class Alarm(QObject):
    """Emits `wanted` with a kind that somebody wants to see; `word` is what a kind is called."""

    wanted = Signal(str)

    def __init__(
        self, session: Session, counts: Counts, player: Player, word: Callable[[str], str], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._player, self._word = session, player, word
        self._seen: watch.Seen | None = None
        self._conflicts = 0
        self._asking = Latest(self)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self.look)
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self.look)
        self._again.start()
        counts.counted.connect(self._on_counted)

    def count_conflicts(self, count: int) -> None:
        """So many conflicts are to be decided here."""
        self._conflicts = count
        self._on_counted()

    def look(self) -> None:
        """Ask which orders stand in which kind now."""
        if not self._asking.busy:
            self._asking.ask(self._found(), self._on_found)

    def _on_counted(self, _counts: object = None) -> None:
        if not self._soon.isActive():
            self._soon.start()

    async def _found(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for kind in EXCEPTIONS:
            query = OrderQuery(view=kind, today=today(self._session))
            found[kind] = [id for _key, id in await self._session.order_keys(query)]
        found[_CONFLICTS] = [str(at) for at in range(self._conflicts)]
        return found

    def _on_found(self, found: Mapping[str, list[str]]) -> None:
        now = self._session.now()
        if self._seen is None:
            if self._session.link.state == "online":  # before that not everything has come yet
                self._seen = watch.begin(found)
            return
        seen, new = watch.go_on(self._seen, found, now)
        minutes = self._player.hearing.again_minutes
        self._seen, waiting = watch.remind(seen, now, minutes * _MINUTE_MS)
        for kind in dict.fromkeys((*new, *waiting)):
            self._player.hear(kind)
        for kind, count in waiting.items():
            self._remind(kind, count, minutes)

    def _remind(self, kind: str, count: int, minutes: int) -> None:
        said = t(
            "{kind}: nobody has acted on {n} for {m} minutes.", kind=self._word(kind), n=count, m=minutes
        )
        show = notify.Offer(t("Show##kind"), partial(self.wanted.emit, kind))
        notify.notifier().post(notify.Notice("warning", said, show))
