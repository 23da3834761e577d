"""When a tone is really heard: not while muted, not in the ear of somebody on the telephone, never a flood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from ui.notify import Kind
from ui.sound import hearing
from ui.sound.hearing import Hearing
from ui.sound.speaker import Speaker
from ui.sound.tone import Tone, tone_of

REST_MS: Final = 10_000
"""The same kind is heard once in that time."""
_APART_MS: Final = 900
"""Two tones at once would be neither."""
_MINUTE_MS: Final = 60_000


class Player(QObject):
    """`on_call` says whether the seat is in a call; emits `changed` when something else is to be heard or seen."""

    changed = Signal()

    def __init__(
        self, settings: QSettings, speaker: Speaker, now: Callable[[], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.speaker, self._settings, self._now = speaker, settings, now
        self.on_call: Callable[[], bool] = _never
        self.hearing: Hearing = hearing.read(settings)
        self._heard: dict[str, int] = {}
        self._waiting: list[Tone] = []
        self._next = QTimer(self, singleShot=True, interval=_APART_MS)
        self._next.timeout.connect(self._on_next)

    def choose(self, **changes: object) -> None:
        """Hear it otherwise from now on, tomorrow too."""
        self.hearing = replace(self.hearing, **changes)  # type: ignore[arg-type]
        hearing.write(self._settings, self.hearing)
        self.changed.emit()

    def mute(self, minutes: int) -> None:
        """Be silent so long; 0 lets it be heard again."""
        self.choose(muted_until=self._now() + minutes * _MINUTE_MS if minutes else 0)

    @property
    def muted(self) -> bool:
        """Whether it is silent for a while."""
        return self._now() < self.hearing.muted_until

    def hear(self, kind: str) -> None:
        """Let a kind of exception be heard, if somebody wants to hear it and has not just heard it."""
        now = self._now()
        rests = now - self._heard.get(kind, -REST_MS) < REST_MS
        if kind in self.hearing.off or self.muted or rests:
            return
        self._heard[kind] = now
        self._queue(tone_of(kind))

    def on_notice(self, kind: Kind) -> None:
        """A notice is shown: an error is heard too, unless something else is heard at that moment."""
        now = self._now()
        rests = now - max(self._heard.values(), default=-REST_MS) < REST_MS
        if kind == "error" and not self.muted and not rests:
            self._heard["notice"] = now
            self._queue("notice")

    def sample(self, kind: str) -> None:
        """Let a kind be heard at once, for somebody who chooses."""
        self._play(tone_of(kind))

    def _queue(self, tone: Tone) -> None:
        if self._next.isActive():
            if tone not in self._waiting:
                self._waiting.append(tone)
        else:
            self._play(tone)
            self._next.start()

    def _on_next(self) -> None:
        if self._waiting:
            self._play(self._waiting.pop(0))
            self._next.start()

    def _play(self, tone: Tone) -> None:
        wished = self.hearing
        spared = wished.headset if self.on_call() else None
        if wished.volume:
            self.speaker.play(tone, wished.device, wished.volume / 100, spared)


def _never() -> bool:
    return False
