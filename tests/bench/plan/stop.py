"""Ctrl+C and a polite end as a question one can ask: has somebody asked to stop?"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class StoppedAtOnce(BaseException):
    """Somebody asked to stop while something ran that cannot be asked; no error, so that nobody handles it."""


class Stop:
    """Whether somebody has asked to stop."""

    def __init__(self) -> None:
        self.asked = False
        self._at_once = False

    def note(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Somebody asks; a second time changes nothing."""
        self.asked = True
        if self._at_once:
            self._at_once = False
            raise StoppedAtOnce

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Inside the block whoever asks to stop ends it with `StoppedAtOnce`."""
        self._at_once = True
        try:
            if self.asked:
                raise StoppedAtOnce
            yield
        finally:
            self._at_once = False


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Inside the block SIGINT and SIGTERM only ask to stop."""
    stop = Stop()
    former = {number: signal.signal(number, stop.note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
