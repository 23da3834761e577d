"""What the pinned libraries must not do to the interpreter."""

import sys

from PySide6.QtCore import QObject, Signal


class Bell(QObject):
    """Something that rings."""

    rung = Signal(int)


def test_emitting_a_signal_loses_no_reference_to_true() -> None:
    """PySide6 6.12.0 lost one at each emit: below Python 3.12 a desktop ended after some hundred signals."""
    bell = Bell()
    kept = [True] * 10_000
    before = sys.getrefcount(True)
    for ring in range(5_000):
        bell.rung.emit(ring)
    assert sys.getrefcount(True) > before - 1_000
    assert len(kept) == 10_000
