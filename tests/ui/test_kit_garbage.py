"""Widgets that nobody holds any more die in Qt's thread, whatever other threads do."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from pytestqt.qtbot import QtBot

from ui.garbage import Garbage


class Knot:
    """Something that only the collector can free; it notes the thread that does."""

    def __init__(self, freed: list[threading.Thread]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: freed.append(threading.current_thread()))


@pytest.fixture
def garbage() -> Garbage:
    return Garbage()


def test_another_threads_allocations_collect_nothing(qtbot: QtBot, garbage: Garbage) -> None:
    freed: list[threading.Thread] = []
    gc.collect()
    garbage.start()
    try:
        Knot(freed)
        worker = threading.Thread(target=lambda: [[at] for at in range(200_000)])
        worker.start()
        worker.join()
        assert freed == []
        kept = [[at] for at in range(200_000)]
        qtbot.waitUntil(lambda: bool(freed), timeout=20_000)
        assert freed == [threading.main_thread()]
        assert len(kept) == 200_000
    finally:
        garbage.stop()
    assert gc.isenabled()
