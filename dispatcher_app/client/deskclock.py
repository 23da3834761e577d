"""The server's time on this desk: what the computer's own clock says or does makes no difference after the first word."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from dispatcher_app.clock import now_ms, ticks_ms

SAMPLES = 12


class DeskClock:
    """Counts from what the server said; `not_before` is the latest moment the replica has seen (UTC ms)."""

    def __init__(
        self, not_before: int = 0, wall: Callable[[], int] = now_ms, ticks: Callable[[], int] = ticks_ms
    ) -> None:
        self._ticks = ticks
        self._offset = max(wall(), not_before) - ticks()
        self._heard: deque[int] = deque(maxlen=SAMPLES)
        self._last_act = 0

    def hear(self, server_ms: int, sent_ticks_ms: int | None = None) -> None:
        """What the server's clock said, just now or in answer to what was asked at `sent_ticks_ms`."""
        here = self._ticks()
        middle = here if sent_ticks_ms is None else (here + sent_ticks_ms) // 2
        offset = server_ms - middle
        if self._heard and abs(offset - self._heard[-1]) > 5_000:
            # The server's clock itself was set: what it said before no longer counts.
            self._heard.clear()
        self._heard.append(offset)
        # The word that was least long under way is the truest.
        self._offset = max(self._heard)

    def now(self) -> int:
        """The present moment by the server's clock, UTC ms."""
        return self._ticks() + self._offset

    def act_time(self) -> int:
        """When a person acts: never before the act before."""
        self._last_act = max(self._last_act, self.now())
        return self._last_act
