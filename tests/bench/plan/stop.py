"""Ctrl+C and a polite end as a question one can ask: has somebody asked to stop?"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Stopped = Callable[[], bool]


@contextmanager
def stoppable() -> Iterator[Stopped]:
    """Inside the block SIGINT and SIGTERM raise nothing; the function it gives says whether one came."""
    asked = threading.Event()

    def on_asked(number: int, frame: FrameType | None) -> None:
        asked.set()

    former = {number: signal.signal(number, on_asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
