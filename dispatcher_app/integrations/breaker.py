"""A provider that has failed is left alone for a while: a service that hangs costs one wait, not one a question."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dispatcher_app import clock

FIRST_MS, MOST_MS = 30_000, 600_000
"""The first pause; each one after it is twice as long, up to the last."""


class Breaker:
    """Closed while all is well; after a failure one question is let through at the end of every pause."""

    def __init__(self, ticks: Callable[[], int] = clock.ticks_ms) -> None:
        self._ticks = ticks
        self._lock = threading.Lock()
        self._pause_ms = 0
        self._until = 0

    @property
    def failing(self) -> bool:
        """Whether the last thing known of the provider is that it failed."""
        return self._pause_ms > 0

    def allows(self) -> bool:
        """Whether to ask now; while it fails the first to ask after a pause goes ahead alone."""
        with self._lock:
            now = self._ticks()
            if now < self._until:
                return False
            if self._pause_ms:
                self._until = now + self._pause_ms
            return True

    def succeeded(self) -> None:
        """It answered as it should."""
        with self._lock:
            self._pause_ms = self._until = 0

    def failed(self, pause_ms: int = FIRST_MS) -> None:
        """It did not; at least so long it is not asked."""
        with self._lock:
            self._pause_ms = min(MOST_MS, max(2 * self._pause_ms, pause_ms))
            self._until = self._ticks() + self._pause_ms
