"""How often a provider that counts may be asked: so many times a day, so many a second."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from dispatcher_app import clock
from dispatcher_app.domain.calendar import DAY_MS

DAY_BEGINS_MS = 8 * 3_600_000
"""The providers' day begins at midnight in China."""


class Quota:
    """Counts what this node asks; several nodes are each given their part."""

    def __init__(self, per_day: int, per_second: int, now: Callable[[], int] = clock.now_ms) -> None:
        self._per_day = per_day
        self._per_second = per_second
        self._now = now
        self._lock = threading.Lock()
        self._day = -1
        self._taken = 0
        self._recent: deque[int] = deque(maxlen=max(1, per_second))

    def take(self, count: int) -> bool:
        """Whether that many questions may be asked now; they are counted if so."""
        with self._lock:
            now = self._now()
            self._turn(now)
            if self._taken + count > self._per_day or self._soon(now) < count:
                return False
            self._taken += count
            self._recent.extend([now] * count)
            return True

    def exhaust(self) -> None:
        """The provider says that the day's questions are used up."""
        with self._lock:
            self._turn(self._now())
            self._taken = self._per_day

    @property
    def exhausted(self) -> bool:
        """Whether nothing may be asked until tomorrow."""
        with self._lock:
            self._turn(self._now())
            return self._taken >= self._per_day

    def _turn(self, now: int) -> None:
        day = (now + DAY_BEGINS_MS) // DAY_MS
        if day != self._day:
            self._day, self._taken = day, 0

    def _soon(self, now: int) -> int:
        return self._per_second - sum(1 for each in self._recent if now - 1000 < each <= now)
